#!/usr/bin/env python3
"""Runs the commands of the documentation and writes what they print into the pages.

usage: tools/update-docs.py [PAGE...]   names of pages such as play or README; without any, all

DERISK_PROGRAM names the program; build/derisk is the default. Blocks of R are renewed where there is R, with the
package of the program's build. A page stays as it is where one of its commands fails."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import doc_pages

PROGRAM = pathlib.Path(os.environ.get("DERISK_PROGRAM", doc_pages.ROOT / "build" / "derisk")).resolve()


def follow(text, reader):
    """Runs the commands of a page; returns the page with the new outputs, and the commands that failed."""
    failed, parts, end = [], [], 0
    for block in doc_pages.blocks(text):
        reader.write(block)
        if block.language == "sh" and not block.rest and (done := reader.run(block.text)).returncode != 0:
            failed.append(f"{block.text}{done.stdout}")
        for command, shown, first, last in block.commands() if block.language == "console" else ():
            done = reader.run(command)
            if done.returncode != 0:
                failed.append(f"{command}\n{done.stdout}")
            parts += [text[end:first], doc_pages.renewed(done.stdout, shown)]
            end = last
    return "".join(parts) + text[end:], failed


def follow_r(text):
    """Runs the blocks of R of a page; returns the page with the new outputs."""
    found = list(doc_pages.r_blocks(text))
    if not found or not shutil.which("Rscript"):
        return text
    with tempfile.TemporaryDirectory() as folder:
        library, work = pathlib.Path(folder, "library"), pathlib.Path(folder, "work")
        work.mkdir()
        subprocess.run([doc_pages.ROOT / "tools" / "r-package.sh", PROGRAM.parent, library], check=True)
        environment = os.environ | {"R_LIBS": str(library), "DERISK_PROGRAM": str(PROGRAM)}
        printed = doc_pages.r_outputs(found, work, environment)
    parts, end = [], 0
    for block, output in zip(found, printed):
        parts += [text[end : block.first], block.text(doc_pages.renewed(output, block.shown) if block.shown else "")]
        end = block.end
    return "".join(parts) + text[end:]


def update(page):
    """Renews the outputs in one page; returns the commands that failed."""
    text = page.read_text()
    if not any(block.language in ("console", "r") for block in doc_pages.blocks(text)):
        return []
    with tempfile.TemporaryDirectory() as folder:
        reader = doc_pages.Reader(PROGRAM, pathlib.Path(folder))
        try:
            reader.run("derisk demo")
            new, failed = follow(text, reader)
        finally:
            reader.leave()
    try:
        new = follow_r(new)
    except RuntimeError as error:
        failed.append(str(error))
    if not failed and new != text:
        page.write_text(new)
        print(f"updated: {page.relative_to(doc_pages.ROOT)}")
    return [f"{page.name}: {command}" for command in failed]


def main(names):
    chosen = [page for page in doc_pages.pages() if not names or page.stem in names]
    if unknown := set(names) - {page.stem for page in chosen}:
        sys.exit(f"no such page: {', '.join(sorted(unknown))}")
    failed = [command for page in chosen for command in update(page)]
    if failed:
        sys.exit("failed, the page stays as it is:\n" + "\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1:])
