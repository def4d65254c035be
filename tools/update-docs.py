#!/usr/bin/env python3
"""Runs the commands of the documentation and writes what they print into the pages.

usage: tools/update-docs.py [PAGE...]   names of pages such as play or README; without any, all

DERISK_PROGRAM names the program; build/derisk is the default. A page stays as it is where one of its commands fails."""

import os
import pathlib
import subprocess
import sys
import tempfile

import doc_pages

PROGRAM = pathlib.Path(os.environ.get("DERISK_PROGRAM", doc_pages.ROOT / "build" / "derisk")).resolve()


def update(page, folder):
    """Renews the outputs in one page; returns the commands that failed."""
    text = page.read_text()
    subprocess.run([PROGRAM, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    doc_pages.write_files(text, folder)
    failed, parts, end = [], [], 0
    for command, shown, first, last in doc_pages.commands(text):
        done = doc_pages.run(PROGRAM, command, folder)
        if done.returncode != 0:
            failed.append(f"{page.name}: {command}\n{done.stdout}")
            continue
        parts += [text[end:first], doc_pages.renewed(done.stdout, shown)]
        end = last
    new = "".join(parts) + text[end:]
    if not failed and new != text:
        page.write_text(new)
        print(f"updated: {page.relative_to(doc_pages.ROOT)}")
    return failed


def main(names):
    chosen = [page for page in doc_pages.pages() if not names or page.stem in names]
    if unknown := set(names) - {page.stem for page in chosen}:
        sys.exit(f"no such page with commands: {', '.join(sorted(unknown))}")
    failed = []
    for page in chosen:
        with tempfile.TemporaryDirectory() as folder:
            failed += update(page, pathlib.Path(folder))
    if failed:
        sys.exit("failed, the page stays as it is:\n" + "\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1:])
