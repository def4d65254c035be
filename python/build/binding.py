#!/usr/bin/env python3
"""Writes the C source of the extension module derisk._derisk.

The declarations of the module are taken from the headers, statement by statement; nothing is copied by hand.
usage: binding.py SOURCE_FOLDER OUTPUT"""

import pathlib
import re
import sys

import cffi

# The statements that the package needs, by header, as regular expressions for the names that they declare.
NEEDED = {
    "include/derisk.h": [
        r"dr_status",
        r"dr_error_text",
        r"dr_version",
        r"dr_table",
        r"dr_format",
        r"dr_column_type",
        r"dr_row_kind",
        r"dr_table_(title|unit|rows|columns|column|column_type|column_unit|column_heading|column_description|row_kind)",
        r"dr_table_(texts|numbers|name|facts|fact_name|fact_is_text|fact|fact_text|notes|note|sentences|sentence)",
        r"dr_table_(arrow|write|write_memory|free|find|top)",
        r"dr_memory_free",
        r"Arrow(Schema|Array|ArrayStream)",
        r"dr_frame(_new|_path|_free)?",
        r"dr_world(_open|_close|_regions|_region_code|_region_name|_sectors|_sector_code|_sector_name|_years|_year)?",
    ],
    "src/options/option.h": [r"option_kind", r"option_row", r"option_group"],
    "src/cli/line.h": [r"cli_line", r"cli_command"],
    "src/cli/commands.h": [r"cli_commands"],
    "src/cli/host.h": [
        r"cli_host",
        r"cli_call",
        r"cli_setting",
        r"cli_progress",
        r"cli_request",
        r"cli_host_(new|free|forget|call)",
        r"cli_call_(free|table|more|draw)",
    ],
    "src/cli/program.h": [r"cli_program"],
}

# What binding.c adds.
OWN = """
struct ArrowArrayStream *binding_stream(dr_table *table);
void *binding_capsule_end(void);
dr_status binding_sample(const char *to, bool trade);
extern "Python" bool _progress(const char *what, size_t done, size_t all, void *user);
"""


def statements(text):
    """The declarations of a header, without comments, preprocessor lines and marks."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.MULTILINE)
    text = re.sub(r'extern "C" \{|\bDR_API\b|\b_Noreturn\b|__attribute__\(\(.*?\)\)\)?', " ", text, flags=re.MULTILINE)
    depth, begin = 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if letter == ";" and depth == 0:
            yield re.sub(r"\s+", " ", text[begin : at + 1]).strip()
            begin = at + 1


def name_of(statement):
    """The name that a declaration declares."""
    head = re.sub(r"\{.*\}", " ", statement, flags=re.DOTALL)
    function = re.match(r"[^(]*?(\w+) ?\((?!\*)", head)
    names = re.findall(r"\w+", head.split("[")[0])
    return function[1] if function else names[-1]


def declarations(folder):
    for header, patterns in NEEDED.items():
        missing = set(patterns)
        for statement in statements((folder / header).read_text()):
            found = [pattern for pattern in patterns if re.fullmatch(pattern, name_of(statement))]
            missing -= set(found)
            if found and not statement.startswith("struct cli_line {"):  # its members are of no concern here
                yield statement
        if missing:
            sys.exit(f"{header}: nothing declares {', '.join(sorted(missing))}")


def main():
    folder, output = pathlib.Path(sys.argv[1]), sys.argv[2]
    ffi = cffi.FFI()
    ffi.cdef("\n".join(declarations(folder)) + OWN)
    source = (folder / "python" / "build" / "binding.c").read_text()
    ffi.set_source("derisk._derisk", source, py_limited_api=True)
    ffi.emit_c_code(output)


main()
