"""Monte Carlo draws and sweeps on several machines, by Dask."""

from __future__ import annotations

import os
import pathlib
import tempfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from derisk._core import MachineError, Usage, document_text
from derisk._table import Table

if TYPE_CHECKING:
    from derisk._commands import World

RETRIES = 3  # of a part that failed for another reason than the model
PARTS_PER_THREAD = 8  # so that a lost worker loses little, and slow ones do less


class _Shipment:
    """A world and its scenarios, which each worker gets once and keeps in a folder of its own."""

    def __init__(self, name: str, world: bytes, scenarios: list[tuple[str, bytes]], options: Mapping[str, Any]) -> None:
        self.name, self.world, self.scenarios, self.options = name, world, scenarios, dict(options)

    def unpack(self, folder: str) -> tuple[World, list[str]]:
        from derisk._commands import World

        paths = []
        for name, content in (("shipped.world", self.world), *self.scenarios):
            path = os.path.join(folder, name)
            if not os.path.exists(path):
                with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                    file.write(content)
                os.replace(file.name, path)
            paths.append(path)
        return World(paths[0]), paths[1:]


_unpacked: dict[str, tuple[World, list[str]]] = {}


def _draw(shipment: _Shipment, part: int, parts: int) -> bytes:
    """A part of the draws, as a file; in a worker."""
    if shipment.name not in _unpacked:
        folder = os.path.join(tempfile.gettempdir(), f"derisk-{shipment.name}-{os.getpid()}")
        os.makedirs(folder, exist_ok=True)
        _unpacked[shipment.name] = shipment.unpack(folder)
    world, scenarios = _unpacked[shipment.name]
    with tempfile.TemporaryDirectory(prefix="derisk-") as folder:
        output = os.path.join(folder, "part.parquet")
        world.simulate(*scenarios, part=f"{part}/{parts}", output=output, **shipment.options)
        return pathlib.Path(output).read_bytes()


def _pack(world: World, scenarios: tuple[Any, ...], options: Mapping[str, Any]) -> _Shipment:
    files = []
    for i, scenario in enumerate(scenarios):
        content = (document_text(scenario).encode() if isinstance(scenario, Mapping)
                   else pathlib.Path(scenario).read_bytes())  # fmt: skip
        files.append((f"scenario{i + 1}.yaml", content))
    import hashlib

    content = pathlib.Path(world.path).read_bytes()
    name = hashlib.sha256(content + repr((files, sorted(options.items()))).encode()).hexdigest()[:16]
    return _Shipment(name, content, files, options)


def _write(path: pathlib.Path, content: bytes) -> None:
    """Completely or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
        file.write(content)
    os.replace(file.name, path)


def _missing(
    world: World, scenarios: tuple[Any, ...], options: Mapping[str, Any], paths: list[pathlib.Path]
) -> list[int]:
    """The parts that are not there; those that are there are checked, and made anew if they are damaged."""
    there = [k for k, path in enumerate(paths, 1) if path.exists()]
    for k in there:
        world.simulate(*scenarios, part=f"{k}/{len(paths)}", output=paths[k - 1], **options)
    return [k for k in range(1, len(paths) + 1) if k not in there]


def _values(sweep: str) -> int:
    """How many values KEY=FROM:TO:STEP has at most; the program checks the text."""
    numbers = [part.strip().rstrip("%") for part in sweep.partition("=")[2].split(":")]
    try:
        first, last, step = map(float, numbers)
    except ValueError:
        return 1
    return max(1, int((last - first) / step + 1e-9) + 1) if step > 0 else 1


def ensemble(
    world: World,
    *scenarios: str | os.PathLike[str] | Mapping[str, Any],
    client: Any,
    to: str | os.PathLike[str],
    draws: int | None = None,
    sweep: str | None = None,
    parts: int | None = None,
    wait: float = 60,
    **options: Any,
) -> Table:
    """Uncertainty bands by Monte Carlo draws, or a sweep, on the workers of a Dask client.

    Each part of the draws, or of the values of the sweep, is a file in a folder, the same whatever computes it: parts
    that are there already are kept, a part of a lost worker is computed again, and the result equals that of
    ``world.simulate(..., draws=draws)`` or ``world.simulate(..., sweep=sweep)``.
    dask-jobqueue makes clients of Slurm, PBS and HTCondor.

    Args:
        world: the world; its file is sent to each worker once
        scenarios: file of changes and settings, or a dictionary; it refers to no other files
        client: a distributed.Client; its workers need derisk
        to: folder of the parts
        draws: number of draws
        sweep: instead of draws: the values of a key of the changes, such as "rate=10%:60%:1%"
        parts: number of parts (default: 8 for each thread of the workers there are, at most one for each draw or value)
        wait: seconds within which the first worker has to appear
        options: those of World.simulate, such as tariffs, horizon, seed and elasticity_error

    Returns: the table of `derisk combine`: a row for each region and group, with quantiles of each column; of a sweep
    a row for each of them and each value.

    Raises:
        MachineError: no worker appeared, or workers were lost again and again.
        BadInput, Usage, NoSolution: as World.simulate; a folder with parts of another run.
    """
    import distributed
    from distributed.scheduler import KilledWorker

    from derisk._commands import combine

    finished: Any = distributed.as_completed
    if (draws is None) == (sweep is None):
        raise Usage("ensemble: expected draws or sweep, one of them")
    if draws is not None and draws < 1:
        raise Usage(f"ensemble: draws {draws}: expected a whole number above 0")
    if len(scenarios) > 1:
        raise Usage(f"ensemble: {len(scenarios)} scenarios; expected one at most")
    items = _values(sweep) if sweep is not None else draws or 1
    options = {"draws": draws, **options} if sweep is None else {"sweep": sweep, **options}
    try:
        client.wait_for_workers(1, timeout=wait)
    except TimeoutError:
        raise MachineError(f"ensemble: the client has no worker after {wait:g} seconds; start workers first") from None
    threads = sum(client.nthreads().values())
    parts = min(parts or PARTS_PER_THREAD * threads, items)
    folder = pathlib.Path(to)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{k:0{len(str(parts))}d}-of-{parts}.parquet" for k in range(1, parts + 1)]
    missing = _missing(world, scenarios, options, paths)
    shipment = client.scatter(_pack(world, scenarios, options), broadcast=True, hash=False)
    waiting = {client.submit(_draw, shipment, k, parts, pure=False, retries=RETRIES): k for k in missing}
    try:
        for future, content in finished(list(waiting), with_results=True):
            _write(paths[waiting[future] - 1], content)
            future.release()
    except KilledWorker as error:
        raise MachineError(f"ensemble: {error}; what is done is in {folder}, and the same call goes on") from None
    finally:
        client.cancel([future for future in waiting if not future.done()])
    return combine(folder)
