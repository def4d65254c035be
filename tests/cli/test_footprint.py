"""derisk import account, footprint and position as a person runs them."""

import csv
import os
from pathlib import Path

import pytest

CO2 = """region,sector,year,account,unit,value
CHN,utilities,2011,CO2,kt,4000000
USA,utilities,2011,CO2,kt,2300000
USA,final use,2011,CO2,kt,1100000
DEU,metals,2011,CO2,kt,70000
"""


@pytest.fixture
def world(here, derisk):
    (here / "co2.csv").write_text(CO2)
    done = derisk("import", "account", "co2.csv", "--to", "sample.world")
    assert (done.returncode, done.stderr) == (0, "")
    assert "6.37e+06 kt of sectors and 1.1e+06 of final use, from 4 cells" in " ".join(done.stdout.split())
    return "sample.world"


def test_the_file_is_recognised_without_its_layout(here, derisk):
    (here / "co2.csv").write_text(CO2)
    assert derisk("import", "co2.csv", "--to", "sample.world", "--quiet").returncode == 0
    info = derisk("info", "sample.world").stdout
    assert "account" in info and "CO2" in info


def test_pairs_are_both_totals(rows, world):
    regions = {row["region"]: row for row in rows("footprint", world)}
    pairs = rows("footprint", world, "--by", "pair")
    for code in ("CHN", "USA", "DEU", "ROW"):
        for side, column in (("producer", "production"), ("consumer", "consumption")):
            total = sum(float(row["value"]) for row in pairs if row[side] == code)
            assert total == pytest.approx(float(regions[code][column]), rel=1e-12, abs=1e-6)
    assert float(regions["all"]["production"]) == pytest.approx(7470000, rel=1e-12)
    assert float(regions["USA"]["direct"]) == 1100000


def test_a_balance_of_an_account(rows, world):
    (balance,) = rows("balance", world, "USA", "CHN", "--account", "CO2")
    pairs = {(row["producer"], row["consumer"]): float(row["value"]) for row in rows("footprint", world, "--by", "pair")}
    assert float(balance["exports"]) == pytest.approx(pairs["USA", "CHN"], rel=1e-9)
    assert float(balance["imports"]) == pytest.approx(pairs["CHN", "USA"], rel=1e-9)


def test_the_unit_is_in_every_output(derisk, world):
    assert "kt" in derisk("footprint", world).stdout.splitlines()
    assert '"account_unit": "kt"' in derisk("footprint", world, "--format", "json").stdout.replace('":"', '": "')


def test_a_group_is_one_economy(rows, world):
    (*_, union) = rows("footprint", world, "EU")
    assert union["region"] == "EU"
    sectors = {row["sector"]: row for row in rows("footprint", world, "EU", "--by", "sector")}
    for column in ("production", "exports", "consumption", "imports"):
        assert float(sectors["all"][column]) == pytest.approx(float(union[column]), rel=1e-9)


@pytest.mark.parametrize("arguments, error", [
    (("footprint", "sample.world"), "sample.world: has no accounts; 'derisk import account FILE --to sample.world' reads them"),
    (("footprint", "sample.world", "--by", "pair", "--plot", "a.svg"), "--plot cannot be combined with --by pair"),
])
def test_without_accounts_it_says_so(derisk, arguments, error):
    done = derisk(*arguments)
    assert done.returncode in (1, 2)
    assert error in done.stderr


def test_a_picture_is_drawn(here, derisk, world):
    assert derisk("footprint", world, "--plot", "co2.svg").returncode == 0
    picture = (here / "co2.svg").read_text()
    assert "of final users" in picture and "CHN" in picture


def test_positions_of_sectors(rows):
    sectors = {row["sector"]: row for row in rows("position", "sample.world", "CHN")}
    assert float(sectors["mining"]["upstreamness"]) > 4 > float(sectors["construction"]["upstreamness"]) >= 1
    regions = rows("position", "sample.world", "--by", "region")
    china = next(row for row in regions if row["region"] == "CHN")
    assert float(china["upstreamness"]) == pytest.approx(float(sectors["all"]["upstreamness"]), rel=1e-12)


def test_aggregates_carry_accounts(here, rows, derisk, world):
    codes = {row["region"] for row in rows("footprint", world)} - {"all"}
    (here / "map.csv").write_text("region,to\n" + "".join(f"{code},{'USA' if code == 'USA' else 'REST'}\n" for code in codes))
    assert derisk("aggregate", world, "--regions", "map.csv", "--to", "two.world", "--quiet").returncode == 0
    (_, _, whole) = rows("footprint", "two.world")
    assert float(whole["production"]) == pytest.approx(7470000, rel=1e-12)


def checks(samples, file):
    """The figures of a sample by quantity and region."""
    with open(samples / "checks.csv", newline="") as table:
        return {(row["quantity"], row["region"]): float(row["value"]) for row in csv.DictReader(table)
                if row["file"] == file and "D_" in row["quantity"]}


def test_exiobase_has_the_footprints_of_pymrio(derisk, rows):
    shared = Path(os.environ.get("DERISK_SHARED", Path(__file__).parents[3] / "shared"))
    samples = shared / "data" / "mrio_samples"
    folder = samples / "exiobase3" / "IOT_2011_ixi"
    if not folder.exists():
        pytest.skip("needs mrio_samples of the shared data (DERISK_SHARED)")
    assert derisk("import", folder, "--to", "exio.world", "--quiet").returncode == 0
    assert derisk("import", "account", folder / "satellite", "--to", "exio.world", "--quiet").returncode == 0
    figures = checks(samples, "exiobase3/IOT_2011_ixi")
    assert figures
    for (quantity, region), value in figures.items():
        side, name = ("consumption" if "D_cba" in quantity else "production"), quantity.split(":satellite:")[1]
        unit = 1000 if name.startswith("Employment") else 1  # persons here, thousands there
        (row, *_) = (row for row in rows("footprint", "exio.world", "--account", name) if row["region"] == region)
        assert float(row[side]) == pytest.approx(unit * value, rel=1e-9)
