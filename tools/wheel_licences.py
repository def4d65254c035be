#!/usr/bin/env python3
"""Puts the licence of each library that a wheel brings into its dist-info/licenses.

Debian's packages have theirs in /usr/share/doc/PACKAGE/copyright, libraries from npm beside them. A library without one
is an error: a wheel must not be handed on without.
usage: wheel_licences.py UNPACKED_WHEEL EXTENSION_MODULE"""

import pathlib
import re
import shutil
import subprocess
import sys


def origins(module):
    """The paths of the libraries that the module was linked with, by their names, those behind links too."""
    lines = subprocess.run(["ldd", module], capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [pathlib.Path(found[1]) for line in lines if (found := re.match(r"\s*\S+ => (/\S+)", line))]
    return {name: path for path in paths for name in (path.name, path.resolve().name)}


def licence_of(path):
    """The file with the licence of a library, and a name for it."""
    beside = path.parent / "LICENSE"
    if beside.exists():
        return beside, path.name.split(".")[0]
    for name in (path, path.resolve()):
        for spelled in {str(name), str(name).removeprefix("/usr"), "/usr" + str(name).removeprefix("/usr")}:
            owner = subprocess.run(
                ["dpkg-query", "--search", spelled], capture_output=True, text=True, check=False
            ).stdout
            if owner:
                package = owner.split(":")[0].split(",")[0]
                return pathlib.Path("/usr/share/doc") / package / "copyright", package
    sys.exit(f"{path}: no licence found")


def main():
    wheel, module = pathlib.Path(sys.argv[1]), sys.argv[2]
    folder = next(wheel.glob("*.dist-info")) / "licenses"
    folder.mkdir(exist_ok=True)
    paths = origins(module)
    for library in sorted(wheel.glob("*.libs/*")):
        soname = re.sub(r"-[0-9a-f]{8}(?=\.)", "", library.name)
        if soname not in paths:
            sys.exit(f"{library.name}: the module is not linked with {soname}")
        licence, name = licence_of(paths[soname])
        shutil.copyfile(licence, folder / f"{name}.txt")


main()
