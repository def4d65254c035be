#!/usr/bin/env python3
"""The files of src/ that the build with -Dminimal=true compiles, one a line: those of the folders that a tariff needs
whose headers, and the headers of these, are of no library that such a build does without. src/minimal has what stands
in for the others. With `page`, those of the page without a server: a page needs more folders, and DuckDB has a
stand-in (src/wasm).

usage: tools/minimal-files.py [page]"""

import functools
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
FOLDERS = ["base", "world", "measure", "scenario", "model", "equilibrium", "result", "report"]
PAGE = sys.argv[1:] == ["page"]
if PAGE:
    FOLDERS += ["derivative", "dynamics", "plan", "play", "options", "serve"]

# Headers of libraries that the build does without: DuckDB, SUNDIALS, BLAS and LAPACK, Ipopt, libarchive, HDF5,
# librdata, libcurl, Expat, Nettle, libmicrohttpd.
ABSENT = re.compile(
    ("" if PAGE else "duckdb|")
    + r"kinsol|sun|nvector|cblas|lapack|Ip\w+Interface|archive|hdf5|rdata|curl|expat|nettle|microhttpd"
)


@functools.cache
def includes(path):
    """(own headers, headers of libraries) of a file."""
    found = re.findall(r'^\s*#\s*include\s*(["<])([^">]+)', path.read_text(), re.MULTILINE)
    return [name for kind, name in found if kind == '"'], [name for kind, name in found if kind == "<"]


@functools.cache
def needs_absent(path):
    own, others = includes(path)
    if any(ABSENT.match(header) for header in others):
        return True
    return any(
        needs_absent(SOURCE / header) for header in own if (SOURCE / header).exists() and SOURCE / header != path
    )


for folder in FOLDERS:
    for path in sorted((SOURCE / folder).glob("*.c")):
        if path.name != "kernels_body.c" and not needs_absent(path):  # which is compiled by itself
            print(path.relative_to(SOURCE).as_posix())
