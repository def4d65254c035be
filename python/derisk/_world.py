"""Worlds, and what commands return."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from derisk._core import Call, Usage, check, forget, path_of, text
from derisk._derisk import ffi, lib
from derisk._table import Table


class Result(Table):
    """The table of a command, and other tables of its result as attributes, which are made without solving again."""

    _tables: tuple[str, ...] = ()

    def __init__(self, call: Call) -> None:
        super().__init__(call.table, call)
        self._made: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """Another table of the same result: one of the words of the option ``table``."""
        if name not in self._made:
            if self._call is None:
                raise Usage(f"no table {name!r}")
            self._made[name] = Table(self._call.more(name), self._call)
        return self._made[name]


def table_of(command: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> Table:
    """The table of a command that has one."""
    call = Call(command, arguments, options)
    return Table(call.table, call)


def file_of(command: str, arguments: Sequence[Any], options: Mapping[str, Any]) -> pathlib.Path:
    """The file that a command writes."""
    Call(command, arguments, options)
    return pathlib.Path(os.fsdecode(os.fspath(options["output"])))


class OpenWorld:
    """A world file."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        forget()  # the file may be another one under the name of a world that is open
        out = ffi.new("dr_world **")
        check(lib.dr_world_open(out, path_of(path)))
        world = ffi.gc(out[0], lib.dr_world_close)
        self.regions = {
            text(lib.dr_world_region_code(world, i)): text(lib.dr_world_region_name(world, i))
            for i in range(lib.dr_world_regions(world))
        }
        self.sectors = {
            text(lib.dr_world_sector_code(world, i)): text(lib.dr_world_sector_name(world, i))
            for i in range(lib.dr_world_sectors(world))
        }
        self.years = [lib.dr_world_year(world, i) for i in range(lib.dr_world_years(world))]
        ffi.release(world)

    def __fspath__(self) -> str:
        return self.path

    def close(self) -> None:
        """Closes the file, which calls keep open for the next ones, so that other programs may write to it.

        The next call opens it again.
        """
        forget()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        years = f"{self.years[0]}-{self.years[-1]}" if len(self.years) > 1 else str(*self.years)
        return f"<World {self.path}: {len(self.regions)} regions, {len(self.sectors)} sectors, {years}>"
