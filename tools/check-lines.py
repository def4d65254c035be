#!/usr/bin/env python3
"""No line of a tracked text file is longer than 120 characters. Rows of tables and fenced blocks in Markdown, and
addresses, may be.

usage: tools/check-lines.py"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENDINGS = ("*.md", "*.ts", "*.tsx", "*.mjs", "*.c", "*.h", "*.py", "*.sh", ".ci/run")
LONGEST = 120


def long_lines(text):
    """(number, length) of the lines of a page that are too long."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= line.startswith("```")
        if len(line) > LONGEST and not fenced and not line.startswith("|") and not re.search(r"\S{100}", line):
            yield number, len(line)


def main():
    listed = subprocess.run(["git", "ls-files", *ENDINGS], cwd=ROOT, capture_output=True, text=True, check=True)
    found = 0
    for name in listed.stdout.splitlines():
        for number, length in long_lines((ROOT / name).read_text()):
            print(f"{name}:{number}: {length} characters; expected at most {LONGEST}", file=sys.stderr)
            found += 1
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
