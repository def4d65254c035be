"""derisk concordance, and derisk aggregate by a classification."""

import json

import pytest
from test_samples import SAMPLES


def rows(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["rows"]


def test_a_concordance(derisk):
    found = rows(derisk("concordance", "wiod2013", "icio2025", "--format", "json"))
    assert [(r["relation"], r["to"]) for r in found if r["sector"] == "c15"] == [
        ("contains", "C29"),
        ("contains", "C301"),
        ("contains", "C302T309"),
    ]
    assert {r["sector"] for r in found} == {f"c{n}" for n in range(1, 36)}


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("icio2032", "wiod2013"), "'icio2032' is not a classification that derisk has; did you mean 'icio2023'?"),
        (("wiod2013", "hs"), "'hs' is not a classification that derisk has; it has isic4, "),
    ],
)
def test_an_unknown_classification(derisk, arguments, message):
    done = derisk("concordance", *arguments)
    assert done.returncode == 2 and message in done.stderr and done.stdout == ""


@pytest.mark.skipif(not SAMPLES.exists(), reason="../shared is not here: the samples of tables are skipped")
def test_tables_are_aggregated_to_the_sectors_of_another(derisk, here):
    assert derisk("import", str(SAMPLES / "icio2025_small/2011_SML.csv"), "--to", "a.world", "--quiet").returncode == 0
    done = derisk("aggregate", "a.world", "--sectors", "icio2023", "--to", "b.world", "--format", "json")
    assert done.returncode == 0 and "before" in done.stdout, done.stderr
    lines = derisk("export", "b.world", "--table", "sector", "--format", "csv").stdout.splitlines()
    assert "C30,Other transport equipment,other-transport-equipment,goods,35" in lines
    assert len(lines) - 1 == 45
    done = derisk("aggregate", "b.world", "--sectors", "icio2025", "--to", "c.world")
    assert done.returncode == 2
    assert "is not within one sector of icio2025; give a map of sectors as a CSV" in done.stderr
    assert not (here / "c.world").exists()
