"""The tables of arguments and options of the program's commands, from which methods and schemas follow."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Any

# Kinds of values, by the names of option_kind without OPTION_.
KINDS = ("FLAG", "TEXT", "WORD", "WORDS", "RATE", "NUMBER", "COUNT", "FILE", "REGION", "SECTOR", "JSON")


def python_name(name: str) -> str:
    """The name in Python: TARIFF.yaml is tariff, trade-cost is trade_cost, from is from_."""
    name = re.sub(r"\..*", "", name).lower().replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def plural(name: str) -> str:
    """The name of several: tariffs, use_taxes, export_subsidies; labour, productivity and others stay as they are."""
    if name.endswith("s") or name in ("productivity", "labour", "factor_supply", "demand", "leave", "join"):
        return name
    if name.endswith("y"):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith("x") else "s")


class Row:
    """An argument or option of a command."""

    def __init__(self, ffi: Any, row: Any, kinds: dict[int, str], argument: bool) -> None:
        def text(pointer: Any) -> str:
            return ffi.string(pointer).decode() if pointer else ""

        self.name, self.help, self.fallback, self.value = map(text, (row.name, row.help, row.fallback, row.value))
        self.kind = kinds[row.kind]
        self.words: list[str] = []
        while row.words and row.words[len(self.words)]:
            self.words.append(text(row.words[len(self.words)]))
        self.least, self.most, self.above = float(row.least), float(row.most), bool(row.above)
        self.required, self.many, self.parts = bool(row.required), bool(row.many), int(row.part_count)
        self.argument = argument
        self.python = python_name(self.name)
        if self.many and not argument:
            self.python = plural(self.python)  # several in a list


class Command:
    """A command, with its arguments and options."""

    def __init__(self, ffi: Any, lib: Any, command: Any) -> None:
        kinds = {getattr(lib, f"OPTION_{kind}"): kind for kind in KINDS}

        def text(pointer: Any) -> str:
            return ffi.string(pointer).decode() if pointer else ""

        def rows(pointer: Any, argument: bool) -> Iterator[Row]:
            i = 0
            while pointer and pointer[i].name:
                yield Row(ffi, pointer[i], kinds, argument)
                i += 1

        self.name, self.summary, self.description = map(text, (command.name, command.summary, command.description))
        self.page = f"docs/{self.name}.md"
        self.arguments = list(rows(command.arguments, True))
        self.of_world = bool(self.arguments) and self.arguments[0].name == "WORLD"
        self.options: list[Row] = []
        i = 0
        while command.options[i].rows:
            for row in rows(command.options[i].rows, False):
                if row.name not in {
                    other.name for other in self.options
                }:  # the first of a name is the one that is read
                    self.options.append(row)
            i += 1

    @property
    def given(self) -> list[Row]:
        """The arguments behind the world."""
        return self.arguments[1:] if self.of_world else self.arguments

    @property
    def shows(self) -> bool:
        """Whether the result is a table."""
        return any(row.name == "format" and "text" in row.words for row in self.options)


def commands(ffi: Any, lib: Any) -> list[Command]:
    """All commands, in the order in which help lists them."""
    found: list[Command] = []
    while lib.cli_commands[len(found)]:
        found.append(Command(ffi, lib, lib.cli_commands[len(found)]))
    return found
