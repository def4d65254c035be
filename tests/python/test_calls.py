"""Calls: their speed, threads, stopping, progress, and the types of everything."""

import pathlib
import subprocess
import sys
import threading
import time

import pytest
from conftest import ROOT

import derisk as dr
from derisk import _core


def best(count, call):
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return min(found)


def test_a_call_costs_less_than_a_millisecond(world):
    """All that Python does, and an answer that takes the library no time."""

    def wrong():
        with pytest.raises(dr.Usage):
            world.simulate(tariffs=[("EU", "CHN", "transport-equipment", 0.25)], horizon="medum")

    assert best(50, wrong) < 0.001


def test_a_world_stays_open_and_a_model_calibrated(world):
    def solve():
        world.simulate(tariffs=("EU", "CHN", "all", 0.1))

    solve()
    assert best(20, solve) < 0.03


def test_import_takes_no_time(tmp_path):
    package = pathlib.Path(dr.__file__).parent.parent
    code = "import time; t = time.process_time(); import derisk; print(time.process_time() - t)"
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", code],
                env={"PYTHONPATH": str(package)},
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(5)
    ]
    assert min(times) < 0.15


def test_threads(world):
    alone = {rate: world.simulate(tariffs=("EU", "CHN", "all", rate)).to_csv() for rate in (0.1, 0.2, 0.3, 0.4)}
    found = {}

    def solve(rate):
        for _ in range(5):
            found[rate] = world.simulate(tariffs=("EU", "CHN", "all", rate)).to_csv()

    threads = [threading.Thread(target=solve, args=(rate,)) for rate in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


def test_a_call_can_be_stopped(world, monkeypatch):
    from derisk import _progress

    def interrupt(self, what, done, all):
        raise KeyboardInterrupt

    monkeypatch.setattr(_progress.Progress, "step", interrupt)
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        world.simulate(tariffs=("EU", "CHN", "all", 0.1), draws=100000, elasticity_error=0.2)
    assert time.monotonic() - begun < 20
    monkeypatch.undo()
    assert world.simulate(tariffs=("EU", "CHN", "all", 0.1)).welfare["CHN"] < 0


def test_progress_is_told(world, monkeypatch):
    from derisk import _progress

    told = []
    monkeypatch.setattr(_progress.Progress, "step", lambda self, what, done, all: told.append((done, all)) or True)
    world.simulate(tariffs=("EU", "CHN", "all", 0.1), draws=8000, elasticity_error=0.2)
    assert told == sorted(told) and told[-1][0] > 1000 and {all for _, all in told} == {8000} and len(told) < 500


def test_worlds_that_were_replaced_are_read_anew(tmp_path):
    own = dr.sample(to=tmp_path / "own.world")
    before = own.info().to_csv()
    own.simulate(tariffs=("EU", "CHN", "all", 0.1))
    (tmp_path / "regions.csv").write_text(
        "region,to\n" + "".join(f"{code},{code if code == 'CHN' else 'ROW'}\n" for code in own.regions)
    )
    own.aggregate(regions=tmp_path / "regions.csv", to=tmp_path / "small.world")
    (tmp_path / "small.world").replace(own.path)
    assert own.info().to_csv() != before
    assert "DEU" not in list(own.simulate(tariffs=("ROW", "CHN", "all", 0.1)).region)


def test_types(tmp_path):
    pytest.importorskip("mypy")
    package = pathlib.Path(dr.__file__).parent
    use = tmp_path / "use.py"
    use.write_text(
        "import derisk as dr\nw = dr.open('a.world')\n"
        "r = w.simulate(tariffs=[('EU', 'CHN', 'all', 0.1)], horizon='medium')\n"
        "x: float = r.flows.new['CHN']\np: dr.Plan = w.plan('EU', from_='CHN', cap=0.4)\n"
    )
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import derisk as dr\nw = dr.open('a.world')\nw.simulate(horizon='mid')\nw.plan('EU', cap=0.4)\nw.simulat()\n"
    )
    check = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path / "cache"),
        "--config-file",
        str(ROOT / "pyproject.toml"),
    ]
    environment = {"MYPYPATH": str(package.parent), "PATH": "/usr/bin"}
    done = subprocess.run(
        [*check, str(use), str(package)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    done = subprocess.run([*check, str(wrong)], env=environment, capture_output=True, text=True, check=False)
    found = [line.rsplit("[", 1)[1] for line in done.stdout.splitlines() if "error" in line and "wrong.py" in line]
    assert found == ["arg-type]", "call-arg]", "attr-defined]"], done.stdout


def test_documentation_of_every_option():
    for command in (dr.World.simulate, dr.World.plan, dr.gravity, dr.import_):
        names = [name for name in command.__annotations__ if name not in ("self", "return")]
        assert names and all(f"    {name}: " in command.__doc__ for name in names)
    assert _core.lib.cli_commands is not None
