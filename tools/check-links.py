#!/usr/bin/env python3
"""Every relative link of the tracked Markdown files leads to a file of the project, and to a heading that is there.

usage: tools/check-links.py"""

import functools
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchor(heading):
    """The anchor that GitHub and its kin make of a heading."""
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


@functools.cache
def anchors(page):
    found = set()
    for heading in re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text()), re.MULTILINE):
        name, number = anchor(heading), 0
        while (candidate := f"{name}-{number}" if number else name) in found:
            number += 1
        found.add(candidate)
    return found


def broken(page):
    """What is wrong with the links of a page."""
    for link in LINK.findall(FENCED.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, place = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_relative_to(ROOT) or not target.exists():
            yield f"({link}): no such file"
        elif place and (target.suffix != ".md" or place not in anchors(target)):
            yield f"({link}): no such heading"


def main():
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    wrong = [f"{name}: {what}" for name in listed.stdout.splitlines() for what in broken(ROOT / name)]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
