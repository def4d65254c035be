"""Trade dependence measured, and policy priced in general equilibrium.

>>> import derisk as dr
>>> w = dr.sample()
>>> r = w.simulate(tariffs=[("EU", "CHN", "transport-equipment", 0.25)], horizon="medium")
>>> r.welfare["DEU"]          # percent of real income
>>> r.regions.to_pandas()
>>> r.certificate             # the residuals of all equations, by code that shares nothing with the solver

Each command of the program `derisk` is a method of a world or a function, with the same options. Regions and groups
are named by their codes ("DEU", "EU"), sectors by code, slug or kind; several in a list. Rates are fractions (0.25) or
texts ("25%"). Scenarios, games and supply stops are files or dictionaries; wherever a command reads a CSV file, a data
frame of pandas, polars or Arrow will do.
"""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
from typing import Any, Literal

from derisk import _commands
from derisk._commands import *  # noqa: F403
from derisk._commands import World
from derisk._core import BadInput, Call, Cancelled, Error, MachineError, NoSolution, Usage, check, path_of, text
from derisk._derisk import lib
from derisk._ensemble import ensemble
from derisk._table import Column, Picture, Table
from derisk._world import Result

__version__ = text(lib.dr_version())
__all__ = [
    *_commands.__all__,
    "BadInput",
    "Cancelled",
    "Column",
    "Error",
    "MachineError",
    "NoSolution",
    "Picture",
    "Result",
    "Table",
    "Usage",
    "ensemble",
    "open",
    "sample",
    "schema",
]


def open(path: str | os.PathLike[str]) -> World:
    """Opens a world file for reading.

    Raises:
        BadInput: there is no such file, it is no world, or it is of a newer version of derisk.
        MachineError: another program is writing to it, or there is no permission.
    """
    return World(path)


def sample(kind: Literal["table", "trade"] = "table", to: str | os.PathLike[str] | None = None) -> World:
    """Opens a world that comes with derisk.

    Args:
        kind: "table" is an input-output table of the world economy of 2011 in 22 regions and 17 sectors, an
            aggregation of the World Input-Output Database; "trade" has trade flows from 2011 to 2022 between 31
            economies in 17 sectors.
        to: where the file is made (default: in $XDG_CACHE_HOME/derisk, else ~/.cache/derisk, once for each version).

    Raises:
        MachineError: the file cannot be written.
    """
    if kind not in ("table", "trade"):
        raise Usage(f"sample: kind {kind!r}: expected 'table' or 'trade'")
    path = pathlib.Path(to) if to else _cache() / f"{'sample' if kind == 'table' else 'trade'}-{__version__}.world"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        check(lib.binding_sample(path_of(path), kind == "trade"))
    return World(path)


def _cache() -> pathlib.Path:
    folder = os.environ.get("XDG_CACHE_HOME")
    return (pathlib.Path(folder) if folder else pathlib.Path.home() / ".cache") / "derisk"


def schema() -> dict[str, Any]:
    """The JSON schema of scenarios, games and supply stops, made of the keys that derisk reads; each is in `$defs`."""
    with tempfile.TemporaryDirectory(prefix="derisk-") as folder:
        path = pathlib.Path(folder) / "schema.json"
        Call("schema", [], {"output": path})
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
