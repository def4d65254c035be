#!/usr/bin/env python3
"""Writes derisk/_commands.py: a method or function for each command, with its options as keyword arguments.

Names, types, defaults and descriptions are those of the program, whose tables of options the extension module holds.
usage: commands.py EXTENSION_MODULE OUTPUT"""

import importlib.util
import keyword
import re
import sys
import textwrap

# Commands that have no use in Python: they print, serve, or are functions written by hand.
LEFT_OUT = {"demo", "serve", "completion", "help", "schema"}
# How a result is shown is asked of the result: by its methods, and its pictures.
OF_RESULTS = {"format", "all", "quiet", "plot", "map", "latex"}
# Commands whose results have further tables, with the names of their classes; tables that only a new run can make.
CLASSES = {"simulate": "Simulation", "plan": "Plan", "play": "Game", "gravity": "Estimates"}
NEW_RUN = {"draws"}
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
Change = Union[str, tuple[Any, ...]]
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


module = load(sys.argv[1])
ffi, lib = module.ffi, module.lib


def text(pointer):
    return ffi.string(pointer).decode() if pointer else ""


def words(pointer):
    found = []
    while pointer and pointer[len(found)]:
        found.append(text(pointer[len(found)]))
    return found


def python_name(name):
    name = re.sub(r"\..*", "", name).lower().replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


class Row:
    """An argument or option of a command."""

    def __init__(self, row, argument):
        self.name, self.help, self.fallback = text(row.name), text(row.help), text(row.fallback)
        self.kind, self.words = row.kind, words(row.words)
        self.required, self.many, self.parts = row.required, row.many, row.part_count
        self.value = text(row.value)
        self.argument = argument
        self.python = python_name(self.name)
        if self.many and not self.argument and not self.python.endswith("s"):
            self.python += "s"  # several in a list

    def type(self):
        kinds = {
            lib.OPTION_FLAG: "bool",
            lib.OPTION_TEXT: "str",
            lib.OPTION_WORDS: "Names",
            lib.OPTION_RATE: "Rate",
            lib.OPTION_NUMBER: "float",
            lib.OPTION_COUNT: "int",
            lib.OPTION_FILE: "File",
            lib.OPTION_REGION: "Names",
            lib.OPTION_SECTOR: "Names",
        }
        if self.kind == lib.OPTION_WORD:
            return f"Literal[{', '.join(map(repr, self.words))}]"
        if self.kind == lib.OPTION_TEXT and (self.parts or self.name in ("elasticity", "rigid-wages", "numeraire")):
            return "Change | float | File" if self.name == "elasticity" else "Change"
        return kinds[self.kind]

    def parameter(self):
        one = self.type()
        if self.many and self.argument:
            return f"*{self.python}: {one}"
        if self.many:
            one = f"{one} | list[{one}]" if " | " not in one else f"{one} | list[Any]"
        if self.kind == lib.OPTION_FLAG:
            return f"{self.python}: bool = False"
        return f"{self.python}: {one}" if self.required else f"{self.python}: {one} | None = None"

    def passed(self):
        return f"many({self.python})" if self.many and not self.argument else self.python

    def described(self):
        more = f": {', '.join(self.words)}" if self.words and self.kind in (lib.OPTION_TEXT, lib.OPTION_WORDS) else ""
        shape = f"; {self.value}, as a text or a tuple" if self.parts else ""
        several = "; one, or a list of them" if self.many and not self.argument else ""
        default = f" (default: {self.fallback})" if self.fallback else ""
        return f"{self.python}: {self.help}{more}{shape}{several}{default}"


def rows_of(pointer, argument=False):
    i = 0
    while pointer and pointer[i].name:
        yield Row(pointer[i], argument)
        i += 1


def options_of(groups):
    i = 0
    while groups[i].rows:
        yield from rows_of(groups[i].rows)
        i += 1


class Command:
    def __init__(self, command):
        self.name = text(command.name)
        self.summary, self.description = text(command.summary), text(command.description)
        self.example, self.page = text(command.example), text(command.page) or f"docs/{self.name}.md"
        self.arguments = list(rows_of(command.arguments, argument=True))
        self.of_world = bool(self.arguments) and self.arguments[0].name == "WORLD"
        options = list(options_of(command.options))
        shown = [row for row in options if row.name == "format" and "text" in row.words]
        left_out = OF_RESULTS | ({"output"} if shown and not any(row.name == "part" for row in options) else set())
        self.options = [row for row in options if row.name not in left_out]
        self.writes = not shown and any(row.name == "output" for row in options)
        for row in self.options:
            row.required |= self.writes and row.name == "output"
        self.tables = [word for row in options if row.name == "table" for word in row.words if word not in NEW_RUN]
        self.result = "pathlib.Path" if self.writes else CLASSES.get(self.name, "Table")

    def given(self):
        return self.arguments[1:] if self.of_world else self.arguments

    def first(self):
        return [row for name in FIRST.get(self.name, []) for row in self.options if row.name == name]

    def parameters(self):
        given = self.given()
        found = ["self"] if self.of_world else []
        found += [row.parameter().removesuffix(" = None") for row in self.first()]
        found += [row.parameter() for row in given]
        if not any(row.many for row in given):
            found.append("*")
        rest = [row for row in self.options if row not in self.first()]
        found += [row.parameter() for row in sorted(rest, key=lambda row: not row.required)]
        return found if found[-1] != "*" else found[:-1]

    def body(self):
        arguments = (["self"] if self.of_world else []) + [
            f"*{row.python}" if row.many else row.python for row in self.given()
        ]
        options = ", ".join(f'"{row.name}": {row.passed()}' for row in self.options)
        call = f'("{self.name}", [{", ".join(arguments)}], {{{options}}})'
        if self.result in CLASSES.values():
            return f"return {self.result}(Call{call})"
        return f"return {'file_of' if self.writes else 'table_of'}{call}"

    def documentation(self):
        summary = self.summary[0].upper() + self.summary[1:] + "."
        parts = [summary, *self.description.split("\n\n"), "Args:"]
        parts[-1] += "".join(
            "\n"
            + textwrap.fill(
                row.described(),
                112,
                initial_indent="    ",
                subsequent_indent="        ",
                break_on_hyphens=False,
                break_long_words=False,
            )
            for row in [*self.first(), *self.given(), *[row for row in self.options if row not in self.first()]]
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
            f"As `derisk {self.name}`; formulas and sources: {self.page}.",
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
        for name in command.tables:
            yield f'\n    @property\n    def {python_name(name)}(self) -> Table:\n        return self.table("{name}")\n'


def main():
    found = []
    while lib.cli_commands[len(found)]:
        found.append(lib.cli_commands[len(found)])
    commands = [command for command in map(Command, found) if command.name not in LEFT_OUT]
    functions = [command for command in commands if not command.of_world]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(HEAD)
        file.writelines(classes(commands))
        file.write(
            "\n\nclass World(OpenWorld):\n"
            '    """A world file: an inter-country input-output table, or trade flows, of one or several years."""\n'
        )
        for command in commands:
            if command.of_world:
                file.write("\n" + textwrap.indent(command.source(), "    ", lambda line: bool(line.strip())) + "\n")
        for command in functions:
            file.write("\n\n" + command.source() + "\n")
        names = sorted([*CLASSES.values(), "World", *[python_name(command.name) for command in functions]])
        file.write(f"\n\n__all__ = {names!r}\n")


main()
