#!/usr/bin/env python3
"""Writes derisk/_commands.py: a method or function for each command, with its options as keyword arguments.

Names, types, defaults and descriptions are those of the program, whose tables of options the extension module holds.
usage: commands.py EXTENSION_MODULE OUTPUT"""

import importlib.util
import pathlib
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "derisk"))
import _rows  # noqa: E402
from _rows import python_name  # noqa: E402

# Commands that have no use in Python: they print, serve, or are functions written by hand.
LEFT_OUT = {"demo", "serve", "completion", "help", "schema"}
# How a result is shown is asked of the result: by its methods, and its pictures.
OF_RESULTS = {"format", "all", "quiet", "plot", "map", "latex"}
# Commands whose results have further tables, with the names of their classes; tables that only a new run can make.
CLASSES = {"simulate": "Simulation", "plan": "Plan", "play": "Game", "gravity": "Estimates"}
NEW_RUN = {"draws"}
# Tables with the name of something that every table has: reached by .table(NAME) alone.
OF_TABLES = {"columns"}
# Options that come first, by position.
FIRST = {"gravity": ["formula"], "export": ["table"]}

HEAD = '''"""The commands of the program as methods and functions, written by python/build/commands.py."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping
from typing import Any, Literal, Protocol, Union

from derisk._core import Call, many
from derisk._table import Table
from derisk._world import OpenWorld, Result, file_of, table_of


class ArrowStream(Protocol):
    """A data frame: of pandas, polars, pyarrow, DuckDB, or any other with the Arrow stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


File = Union[str, "os.PathLike[str]", ArrowStream, Mapping[str, Any]]
Names = Union[str, list[str]]
Rate = Union[float, str]
Change = Union[str, tuple[Any, ...], Mapping[str, Any]]
'''

ERRORS = """Raises:
    Usage: an option that does not exist, is missing, or does not go with another.
    BadInput: a file, name or number that is wrong, with the nearest valid name.
    NoSolution: there is no solution, or none within tolerance.
    MachineError: no memory, no space, no permission, or a file in use."""


def load(path):
    spec = importlib.util.spec_from_file_location("derisk._derisk", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TYPES = {
    "FLAG": "bool",
    "TEXT": "str",
    "WORDS": "Names",
    "RATE": "Rate",
    "NUMBER": "float",
    "COUNT": "int",
    "FILE": "File",
    "REGION": "Names",
    "SECTOR": "Names",
}


def type_of(row):
    if row.kind == "WORD":
        return f"Literal[{', '.join(map(repr, row.words))}]"
    if row.name == "elasticity":
        return "float | File"
    return "Change" if row.kind == "TEXT" and row.parts else TYPES[row.kind]


def parameter(row):
    one = type_of(row)
    if row.many and row.argument:
        return f"*{row.python}: {one}"
    if row.many:
        one = f"{one} | list[{one}]"
    if row.kind == "FLAG":
        return f"{row.python}: bool = False"
    return f"{row.python}: {one}" if row.required else f"{row.python}: {one} | None = None"


def passed(row):
    return f"many({row.python})" if row.many and not row.argument else row.python


def described(row):
    more = f": {', '.join(row.words)}" if row.words and row.kind in ("TEXT", "WORDS") else ""
    keys = ", or a dictionary with the keys of a scenario" if row.many else ""
    shape = f"; {row.value}, as a text or a tuple{keys}" if row.parts else ""
    several = "; one, or a list of them" if row.many and not row.argument else ""
    default = f" (default: {row.fallback})" if row.fallback else ""
    return f"{row.python}: {row.help}{more}{shape}{several}{default}"


class Method:
    """A command as a method or function."""

    def __init__(self, command):
        self.command, self.name, self.given = command, command.name, command.given
        left_out = set(OF_RESULTS)
        if command.shows and not any(row.name == "part" for row in command.options):
            left_out.add("output")
        self.options = [row for row in command.options if row.name not in left_out]
        self.writes = not command.shows and any(row.name == "output" for row in command.options)
        for row in self.options:
            row.required |= self.writes and row.name == "output"
        tables = [word for row in self.options if row.name == "table" for word in row.words]
        self.tables = [word for word in tables if word not in NEW_RUN]
        self.result = "pathlib.Path" if self.writes else CLASSES.get(self.name, "Table")

    def first(self):
        return [row for name in FIRST.get(self.name, []) for row in self.options if row.name == name]

    def parameters(self):
        given = self.given
        found = ["self"] if self.command.of_world else []
        found += [parameter(row).removesuffix(" = None") for row in self.first()]
        found += [parameter(row) for row in given]
        if not any(row.many for row in given):
            found.append("*")
        rest = [row for row in self.options if row not in self.first()]
        found += [parameter(row) for row in sorted(rest, key=lambda row: not row.required)]
        return found if found[-1] != "*" else found[:-1]

    def body(self):
        arguments = (["self"] if self.command.of_world else []) + [
            f"*{row.python}" if row.many else row.python for row in self.given
        ]
        options = ", ".join(f'"{row.name}": {passed(row)}' for row in self.options)
        call = f'("{self.name}", [{", ".join(arguments)}], {{{options}}})'
        if self.result in CLASSES.values():
            return f"return {self.result}(Call{call})"
        return f"return {'file_of' if self.writes else 'table_of'}{call}"

    def documentation(self):
        summary = self.command.summary[0].upper() + self.command.summary[1:] + "."
        parts = [summary, *self.command.description.split("\n\n"), "Args:"]
        parts[-1] += "".join(
            "\n"
            + textwrap.fill(
                described(row),
                112,
                initial_indent="    ",
                subsequent_indent="        ",
                break_on_hyphens=False,
                break_long_words=False,
            )
            for row in [*self.first(), *self.given, *[row for row in self.options if row not in self.first()]]
        )
        returns = (
            "the file that was written"
            if self.writes
            else "a table, whose columns have their units and descriptions; its certificate, notes and answer"
            + ("; the tables " + ", ".join(self.tables) + " are attributes" if self.name in CLASSES else "")
        )
        parts += [
            textwrap.fill(f"Returns: {returns}.", 112, subsequent_indent="    "),
            ERRORS,
            f"As `derisk {self.name}`; formulas and sources: {self.command.page}.",
        ]
        return "\n\n".join(part if "\n" in part else textwrap.fill(part, 116, break_on_hyphens=False) for part in parts)

    def source(self):
        python = python_name(self.name)
        lines = wrap(f"def {python}(", self.parameters(), f") -> {self.result}:")
        documentation = self.documentation().replace("\\", "\\\\").replace('"""', "'''")
        lines.append(textwrap.indent(f'"""{documentation}\n"""', "    ", lambda line: bool(line.strip())))
        lines.append(
            textwrap.fill(
                self.body(),
                116,
                initial_indent="    ",
                subsequent_indent="        ",
                break_on_hyphens=False,
                break_long_words=False,
            )
        )
        return "\n".join(lines)


def wrap(head, parameters, tail):
    inside = textwrap.fill(
        ", ".join(p.replace(" ", "\0") for p in parameters),
        112,
        initial_indent="    ",
        subsequent_indent="    ",
        break_on_hyphens=False,
        break_long_words=False,
    ).replace("\0", " ")
    return [head, *inside.split("\n"), tail]


def classes(commands):
    for command in commands:
        if command.name not in CLASSES:
            continue
        tables = ", ".join(f'"{name}"' for name in command.tables)
        name = CLASSES[command.name]
        yield f'\n\nclass {name}(Result):\n    """The result of {command.name}, with its tables."""\n'
        yield f"\n    _tables = ({tables},)\n"
        for name in (name for name in command.tables if name not in OF_TABLES):
            yield f'\n    @property\n    def {python_name(name)}(self) -> Table:\n        return self.table("{name}")\n'


def main():
    module = load(sys.argv[1])
    methods = [Method(command) for command in _rows.commands(module.ffi, module.lib) if command.name not in LEFT_OUT]
    functions = [method for method in methods if not method.command.of_world]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(classes(methods))
        file.write(
            "\n\nclass World(OpenWorld):\n"
            '    """A world file: an inter-country input-output table, or trade flows, of one or several years."""\n'
        )
        for command in methods:
            if command.command.of_world:
                file.write("\n" + textwrap.indent(command.source(), "    ", lambda line: bool(line.strip())) + "\n")
        for command in functions:
            file.write("\n\n" + command.source() + "\n")
        names = sorted([*CLASSES.values(), "World", *[python_name(command.name) for command in functions]])
        file.write(f"\n\n__all__ = {names!r}\n")


main()
