#!/usr/bin/env python3
"""Writes files into C sources, which the program then carries with it.

usage: embed.py files OUTPUT.c DEPFILE FOLDER PREFIX HEADER [NAME...]
       embed.py sql OUTPUT.h OUTPUT.c DEPFILE FOLDER NAME HEADER

`files` defines PREFIX_files and PREFIX_count, which HEADER declares (src/base/embedded.h): the bytes of the files of
FOLDER. NAMEs are the files and folders of FOLDER to take; default: all.

`sql` defines the struct NAME of the SQL statements in FOLDER/*.sql, and its header, which is included as HEADER. A
file holds one statement, NAME.file, or several, NAME.file.statement, each below a line "-- name: statement". Lines that
begin with -- are left out.

The same files always give the same output: they are sorted by name, and nothing but their names and contents goes in.
"""

import pathlib
import re
import sys

# Of folders, the files that are data or page; not those that explain or make them.
ENDINGS = (".csv", ".csv.gz", ".yaml", ".html", ".css", ".js", ".svg", ".txt")


def files_to_embed(folder, names):
    found = []
    for path in [folder / name for name in names] or [folder]:
        found += [path] if path.is_file() else [file for file in path.rglob("*") if file.name.endswith(ENDINGS)]
    return sorted((path for path in found if path.is_file()), key=lambda path: path.relative_to(folder).as_posix())


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


def dependencies(output, folders, files):
    """A Makefile rule; the folders are in it because their time changes when a file comes or goes."""
    paths = [str(path).replace(" ", "\\ ") for path in sorted(set(folders)) + files]
    return f"{output}: {' '.join(paths)}\n"


def embed_files(output, depfile, folder, prefix, header, *names):
    folder = pathlib.Path(folder)
    files = files_to_embed(folder, names)
    tops = [folder / name for name in names] or [folder]
    folders = [folder] + [path for top in tops for path in [top, *top.rglob("*")] if path.is_dir()]
    pathlib.Path(output).write_text(c_source(folder, files, prefix, header))
    pathlib.Path(depfile).write_text(dependencies(output, folders, files))


def statements(path):
    """The statements of a file by name; the only one of a file without names has the name None."""
    found, name = {}, None
    for line in path.read_text().splitlines():
        title = re.fullmatch(r"-- name: (\w+)", line)
        if title:
            name = title[1]
            if name in found or None in found:
                sys.exit(f"{path}: '{name}' is the name of two statements, or follows a statement without a name")
        elif line.strip() and not line.lstrip().startswith("--"):
            found.setdefault(name, []).append(line.rstrip())
    if not found or not all(lines[-1].endswith(";") for lines in found.values()):
        sys.exit(f"{path}: expected statements, each with a semicolon at its end")
    return {name: "\n".join(lines)[:-1] for name, lines in found.items()}


def literal(text):
    """A C string, a line of the text on each line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').split("\n")
    return "\n        ".join(f'"{line}\\n"' for line in escaped)


def embed_sql(header_output, output, depfile, folder, name, header):
    folder = pathlib.Path(folder)
    files = sorted(folder.glob("*.sql"))
    members, values = [], []
    for path in files:
        found = statements(path)
        if None in found:
            members.append(f"    const char *{path.stem};\n")
            values.append(f"    .{path.stem} =\n        {literal(found[None])},\n")
            continue
        inner = "".join(f"        const char *{each};\n" for each in found)
        members.append(f"    struct {{\n{inner}    }} {path.stem};\n")
        values += [f"    .{path.stem}.{each} =\n        {literal(text)},\n" for each, text in found.items()]
    guard = name.upper() + "_H"
    declared = f"extern const struct {name} {{\n{''.join(members)}}} {name};\n"
    pathlib.Path(header_output).write_text(
        f"/* Made by tools/embed.py. */\n#ifndef {guard}\n#define {guard}\n\n{declared}\n#endif\n"
    )
    defined = f"const struct {name} {name} = {{\n{''.join(values)}}};\n"
    pathlib.Path(output).write_text(f'/* Made by tools/embed.py. */\n#include "{header}"\n\n{defined}')
    pathlib.Path(depfile).write_text(dependencies(f"{header_output} {output}", [folder], files))


if __name__ == "__main__":
    {"files": embed_files, "sql": embed_sql}[sys.argv[1]](*sys.argv[2:])
