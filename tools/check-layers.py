#!/usr/bin/env python3
"""The order of the folders of src/. Each folder has a README.md that says what it is for, with one line "May use:
base, world.".

A file includes headers of its own folder and of those that its README.md names, no others; a folder that is named is
used; no folder uses, by way of others, itself; and no file has the name of a file in another folder.
usage: tools/check-layers.py [SOURCE_FOLDER]"""

import re
import sys
from pathlib import Path

source = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "src"
complaints = []


def declared(folder):
    """The folders that a folder may use, by its README.md."""
    readme = folder / "README.md"
    line = re.search(r"^May use: (.*)\.$", readme.read_text(), re.MULTILINE) if readme.exists() else None
    if not line:
        complaints.append(f'{readme}: missing, or without the line "May use: FOLDER, FOLDER." (or "May use: nothing.")')
        return set()
    return set() if line[1] == "nothing" else set(re.split(r", ", line[1]))


def includes(folder):
    """(file:line, header) of each include of a header of the project."""
    for file in sorted([*folder.glob("*.c"), *folder.glob("*.h")]):
        for number, text in enumerate(file.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*"([^"]*)"', text)
            if found and found[1] != "derisk.h":
                yield f"{file}:{number}", found[1]


def check_includes(folder, may):
    used = set()
    for place, header in includes(folder):
        name, slash, _ = header.partition("/")
        if not slash:
            complaints.append(f'{place}: include "{header}": headers are named from src/, as "folder/header.h"')
        elif name != folder.name and name not in may:
            complaints.append(
                f'{place}: include "{header}": {folder.name} may not use {name} (src/{folder.name}/README.md)'
            )
        used.add(name)
    for name in sorted(may - used):
        complaints.append(f"{folder / 'README.md'}: {folder.name} does not use {name}")


def check_circles(may):
    """Takes folders away that use none of those left, until none is left."""
    left = dict(may)
    while left:
        free = [name for name, uses in left.items() if not uses & left.keys()]
        if not free:
            complaints.append(f"{source}: folders that use each other in a circle: {', '.join(sorted(left))}")
            return
        for name in free:
            del left[name]


def check_names(folders):
    owner = {}
    for folder in folders:
        for stem in sorted({file.stem for file in folder.glob("*.[ch]")}):
            if stem in owner:
                complaints.append(f"{folder}/{stem}: a file of this name is in {owner[stem]} too")
            owner.setdefault(stem, folder)


folders = sorted(path for path in source.iterdir() if path.is_dir())
may = {folder.name: declared(folder) for folder in folders}
for folder in folders:
    check_includes(folder, may[folder.name])
check_circles(may)
check_names(folders)
print(*complaints, sep="\n", end="\n" if complaints else "", file=sys.stderr)
sys.exit(1 if complaints else 0)
