#!/usr/bin/env python3
"""Writes a C file that holds the files of a folder, which the program then carries with it (src/base/embedded.h).

usage: embed.py OUTPUT.c DEPFILE FOLDER PREFIX HEADER [NAME...]

It defines PREFIX_files and PREFIX_count, which HEADER declares. NAMEs are the files and folders to take of FOLDER; without them, all
are taken. The same files always give the same output: they are sorted by name, and nothing but their names and bytes goes in.
"""

import pathlib
import sys

# What is data or page; not what explains or makes it.
ENDINGS = (".csv", ".csv.gz", ".yaml", ".html", ".css", ".js", ".svg", ".txt")


def files_to_embed(folder, names):
    found = []
    for path in [folder / name for name in names] or [folder]:
        found += [path] if path.is_file() else path.rglob("*")
    found = [path for path in found if path.is_file() and path.name.endswith(ENDINGS)]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def array(number, content):
    lines = [f"static const unsigned char file_{number}[] = {{"]
    for start in range(0, len(content), 32):
        lines.append("    " + "".join(f"{byte}," for byte in content[start : start + 32]))
    return "\n".join(lines or []) + "\n};\n"


def c_source(folder, files, prefix, header):
    parts = [f'/* Made by tools/embed.py. */\n#include "{header}"\n']
    entries = []
    for number, path in enumerate(files):
        content = path.read_bytes()
        # C knows no empty array, so a zero follows the bytes; size does not count it.
        parts.append(array(number, content + b"\0"))
        entries.append(f'    {{"{path.relative_to(folder).as_posix()}", file_{number}, {len(content)}}},\n')
    entries.append("    {0, 0, 0},\n")
    parts.append(f"const dr_embedded {prefix}_files[] = {{\n" + "".join(entries) + "};")
    parts.append(f"const size_t {prefix}_count = {len(files)};\n")
    return "\n".join(parts)


def dependencies(output, folder, names, files):
    """A Makefile rule; the folders are in it because their time changes when a file comes or goes."""
    tops = [folder / name for name in names] or [folder]
    folders = [folder] + [path for top in tops for path in [top, *top.rglob("*")] if path.is_dir()]
    paths = [str(path).replace(" ", "\\ ") for path in sorted(set(folders)) + files]
    return f"{output}: {' '.join(paths)}\n"


def main():
    output, depfile, folder, prefix, header, *names = sys.argv[1:]
    folder = pathlib.Path(folder)
    files = files_to_embed(folder, names)
    pathlib.Path(output).write_text(c_source(folder, files, prefix, header))
    pathlib.Path(depfile).write_text(dependencies(output, folder, names, files))


if __name__ == "__main__":
    main()
