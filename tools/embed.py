#!/usr/bin/env python3
"""Writes the C file that holds the files of data/ which the program carries with it (src/base/embedded.h).

usage: embed.py OUTPUT.c DEPFILE DATA_FOLDER

The same files always give the same output: they are sorted by name, and nothing but their names and bytes goes in.
"""

import pathlib
import sys

FOLDERS = ("elasticities", "groups", "map", "products", "sample", "scenarios")
FILES = ("regions.csv", "sources.csv")
ENDINGS = (".csv", ".csv.gz", ".yaml")


def files_to_embed(data):
    found = [data / name for name in FILES if (data / name).is_file()]
    for folder in FOLDERS:
        found += [path for path in (data / folder).rglob("*") if path.is_file() and path.name.endswith(ENDINGS)]
    return sorted(found, key=lambda path: path.relative_to(data).as_posix())


def array(number, content):
    lines = [f"static const unsigned char file_{number}[] = {{"]
    for start in range(0, len(content), 32):
        lines.append("    " + "".join(f"{byte}," for byte in content[start : start + 32]))
    return "\n".join(lines or []) + "\n};\n"


def c_source(data, files):
    parts = ['/* Made by tools/embed.py from data/. */\n#include "base/embedded.h"\n']
    entries = []
    for number, path in enumerate(files):
        content = path.read_bytes()
        # C knows no empty array, so a zero follows the bytes; size does not count it.
        parts.append(array(number, content + b"\0"))
        entries.append(f'    {{"{path.relative_to(data).as_posix()}", file_{number}, {len(content)}}},\n')
    entries.append("    {0, 0, 0},\n")
    parts.append("const dr_embedded dr_embedded_files[] = {\n" + "".join(entries) + "};")
    parts.append(f"const size_t dr_embedded_count = {len(files)};\n")
    return "\n".join(parts)


def dependencies(output, data, files):
    """A Makefile rule; the folders are in it because their time changes when a file comes or goes."""
    folders = [data] + [path for folder in FOLDERS for path in [data / folder, *(data / folder).rglob("*")] if path.is_dir()]
    paths = [str(path).replace(" ", "\\ ") for path in sorted(folders) + files if path.exists()]
    return f"{output}: {' '.join(paths)}\n"


def main():
    output, depfile, data = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    files = files_to_embed(data)
    pathlib.Path(output).write_text(c_source(data, files))
    pathlib.Path(depfile).write_text(dependencies(output, data, files))


if __name__ == "__main__":
    main()
