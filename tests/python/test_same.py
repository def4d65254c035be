"""The same digits by the program and in Python: each command once, all cells."""

import os
import pathlib
import subprocess

import pytest
from conftest import ROOT

import derisk as dr

PROGRAM = pathlib.Path(os.environ.get("DERISK_PROGRAM", ROOT / "build" / "derisk"))
GAME = ROOT / "data" / "games" / "eu-china.yaml"
STOP = ROOT / "data" / "shocks" / "energy-stop.yaml"
TARIFF = ROOT / "data" / "scenarios" / "eu-tariff.yaml"

# The words of the command line, and the same call.
CALLS = {
    "info": (["info", "W"], lambda w: w.info()),
    "check": (["check", "W"], lambda w: w.check()),
    "balance": (
        ["balance", "W", "EU", "CHN", "--by", "sector", "--value-added"],
        lambda w: w.balance("EU", "CHN", by="sector", value_added=True),
    ),
    "terms": (["balance", "W", "EU", "CHN", "--terms", "kww"], lambda w: w.balance("EU", "CHN", terms="kww")),
    "ties": (["ties", "W", "--sectors", "goods"], lambda w: w.ties(sectors="goods")),
    "exposure": (["exposure", "W", "EU", "--to", "CHN"], lambda w: w.exposure("EU", to="CHN")),
    "hidden": (["exposure", "W", "EU", "--to", "CHN", "--hidden"], lambda w: w.exposure("EU", to="CHN", hidden=True)),
    "routes": (["exposure", "W", "DEU,FRA", "--routes", "7"], lambda w: w.exposure(["DEU", "FRA"], routes=7)),
    "cut": (
        ["exposure", "W", "EU", "--to", "CHN", "--cut", "--sectors", "mining"],
        lambda w: w.exposure("EU", to="CHN", cut=True, sectors="mining"),
    ),
    "position": (["position", "W", "CHN"], lambda w: w.position("CHN")),
    "simulate": (
        ["simulate", "W", "--tariff", "EU:CHN:transport-equipment:0.25", "--horizon", "medium"],
        lambda w: w.simulate(tariffs=[("EU", "CHN", "transport-equipment", 0.25)], horizon="medium"),
    ),
    "flows": (
        ["simulate", "W", "--ban", "EU:RUS:mining,refined-petroleum", "--table", "flows"],
        lambda w: w.simulate(bans=("EU", "RUS", ["mining", "refined-petroleum"])).flows,
    ),
    "decomposition": (
        ["simulate", "W", str(TARIFF), "--table", "decomposition"],
        lambda w: w.simulate(TARIFF).decomposition,
    ),
    "two": (
        ["simulate", "W", str(TARIFF), str(TARIFF), "--trade-cost", "USA:CHN:all:1.1"],
        lambda w: w.simulate(TARIFF, TARIFF, trade_costs="USA:CHN:all:1.1"),
    ),
    "draws": (
        ["simulate", "W", "--tariff", "EU:CHN:all:10%", "--draws", "20", "--elasticity-error", "20%"],
        lambda w: w.simulate(tariffs="EU:CHN:all:10%", draws=20, elasticity_error=0.2),
    ),
    "why": (
        ["simulate", "W", "--tariff", "EU:CHN:all:10%", "--why", "DEU"],
        lambda w: w.simulate(tariffs="EU:CHN:all:10%", why="DEU"),
    ),
    "plan": (["plan", "W", "EU", "--from", "CHN", "--cap", "0.4"], lambda w: w.plan("EU", from_="CHN", cap=0.4)),
    "costs": (
        ["plan", "W", "EU", "--from", "CHN", "--cap", "40%", "--table", "costs"],
        lambda w: w.plan("EU", from_="CHN", cap="40%").costs,
    ),
    "play": (["play", "W", str(GAME)], lambda w: w.play(GAME)),
    "settings": (["play", "W", str(GAME), "--table", "settings"], lambda w: w.play(GAME).settings),
    "propagate": (["propagate", "W", str(STOP)], lambda w: w.propagate(STOP)),
    "gravity": (
        ["gravity", "W", "--formula", "trade ~ international | exporter + importer"],
        lambda w: dr.gravity("trade ~ international | exporter + importer", w),
    ),
    "concordance": (["concordance", "icio2023", "figaro"], lambda w: dr.concordance("icio2023", "figaro")),
    "fetch": (["fetch"], lambda w: dr.fetch()),
}


@pytest.mark.parametrize("name", CALLS)
def test_same_digits(name, world):
    words, call = CALLS[name]
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    words = [world.path if word == "W" else word for word in words]
    shown = subprocess.run(
        [PROGRAM, *words, "--format", "csv"], capture_output=True, text=True, timeout=300, check=True
    ).stdout
    assert call(world).to_csv() == shown


def test_program_comes_along(world, tmp_path):
    """`derisk` of the package prints what the program prints."""
    package = pathlib.Path(dr.__file__).parent.parent
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "derisk", "position", world.path, "CHN", "--format", "csv"],
        capture_output=True,
        text=True,
        timeout=100,
        env=os.environ | {"PYTHONPATH": str(package)},
        cwd=tmp_path,
        check=True,
    )
    assert done.stdout == world.position("CHN").to_csv()
    done = subprocess.run(
        [sys.executable, "-m", "derisk", "position", world.path, "CHX"],
        capture_output=True,
        text=True,
        timeout=100,
        env=os.environ | {"PYTHONPATH": str(package)},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2 and done.stderr.startswith("derisk: 'CHX' is neither a region")


def test_scenarios_as_dictionaries(world):
    change = {"by": "EU", "on": "CHN", "sectors": ["transport-equipment"], "rate": 0.25}
    assert (
        world.simulate({"changes": [{"tariff": change}]}).to_csv()
        == world.simulate(tariffs=("EU", "CHN", "transport-equipment", 0.25)).to_csv()
    )


def test_on_of_a_yaml_reader(world):
    """PyYAML takes the key `on` for true."""
    change = {"by": "EU", True: "CHN", "sectors": ("goods",), "rate": 0.1}
    assert (
        world.simulate({"changes": [{"tariff": change}]}).to_csv()
        == world.simulate(tariffs="EU:CHN:goods:10%").to_csv()
    )


def test_changes_as_dictionaries(world):
    quota = {"by": "EU", "on": "CHN", "sectors": "metals", "at": "60%", "rent": "importer"}
    assert (
        world.simulate(quotas=quota, use_taxes=("EU", ["mining", "metals"], 0.02)).to_csv()
        == world.simulate(
            {"changes": [{"quota": quota}, {"use-tax": {"in": "EU", "sectors": ["mining", "metals"], "rate": 0.02}}]}
        ).to_csv()
    )


def test_changes_inside_a_group(world):
    inside = world.simulate(tariffs=("EU", "EU", "goods", 0.1, True))
    assert inside.to_csv() == world.simulate(tariffs="EU:EU:goods:10%:inside").to_csv()
    assert inside.welfare["EU"] < 0
