"""derisk import account, footprint and position as a person runs them."""

import csv
import os
from pathlib import Path

import pytest
from test_import import workbook

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
    pairs = {
        (row["producer"], row["consumer"]): float(row["value"]) for row in rows("footprint", world, "--by", "pair")
    }
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


@pytest.mark.parametrize(
    "arguments, error",
    [
        (
            ("footprint", "sample.world"),
            "sample.world: has no accounts; 'derisk import account FILE --to sample.world' reads them",
        ),
        (("footprint", "sample.world", "--by", "pair", "--plot", "a.svg"), "--plot cannot be combined with --by pair"),
    ],
)
def test_without_accounts_it_says_so(derisk, arguments, error):
    done = derisk(*arguments)
    assert done.returncode in (1, 2)
    assert error in done.stderr


def test_exposure_to_an_account(rows, derisk, world):
    (*_, total) = rows("exposure", world, "USA", "--to", "CHN", "--account", "CO2")
    pairs = {(row["producer"], row["consumer"]): row for row in rows("footprint", world, "--by", "pair")}
    assert float(total["imports_from"]) == pytest.approx(float(pairs["CHN", "USA"]["value"]), rel=1e-9)
    assert float(total["exports_to"]) == pytest.approx(float(pairs["USA", "CHN"]["value"]), rel=1e-9)
    text = " ".join(derisk("exposure", world, "USA", "--to", "CHN", "--account", "CO2").stdout.split())
    assert "Exposure of the United States to China in CO2 embodied in final use, by sector that produces, 2011" in text
    assert "producers in China had" in text and " kt " in text


@pytest.mark.parametrize("other", ["--partners", "--hidden", "--cut", "--energy"])
def test_exposure_to_an_account_is_direct(derisk, world, other):
    done = derisk("exposure", world, "USA", "--account", "CO2", other)
    assert (done.returncode, f"--account cannot be combined with {other}" in done.stderr) == (1, True)


def test_a_footprint_by_year(here, rows, derisk, world):
    (year,) = rows("footprint", world, "EU", "--by", "year")
    (*_, union) = rows("footprint", world, "EU")
    assert (year["year"], year["consumption"]) == ("2011", union["consumption"])
    assert derisk("footprint", world, "EU", "--by", "year", "--plot", "years.svg").returncode == 0
    assert "by producers and by final users" in (here / "years.svg").read_text()
    done = derisk("footprint", world, "--by", "year", "--year", "2011")
    assert (done.returncode, "--year cannot be combined with --by year" in done.stderr) == (1, True)


JOBS = """region,sector,year,account,unit,value
CHN,textiles-leather,2011,jobs,1000 p,9000
DEU,textiles-leather,2011,jobs,1000 p,100
"""


def test_jobs_move_with_labour(here, rows, derisk):
    (here / "jobs.csv").write_text(JOBS)
    assert derisk("import", "account", "jobs.csv", "--to", "sample.world", "--quiet").returncode == 0
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:textiles-leather:30%")
    sectors = {(row["region"], row["sector"]): row for row in rows(*tariff, "--table", "sectors")}
    row = next(row for key, row in sectors.items() if key[0] == "CHN" and float(row["jobs"]) > 0)
    assert float(row["jobs"]) == 9000000
    assert float(row["jobs_change"]) == pytest.approx(float(row["jobs_new"]) - 9000000)
    # of labour alone, all of which earns the same wage, the sector uses what it pays over that wage
    paid = sum(float(r["value_added_value_new"]) for key, r in sectors.items() if key[0] == "CHN")
    was = sum(float(r["value_added_value"]) for key, r in sectors.items() if key[0] == "CHN")
    moved = float(row["value_added_value_new"]) / float(row["value_added_value"]) * was / paid
    assert float(row["jobs_new"]) / 9000000 == pytest.approx(moved, rel=1e-8)
    text = " ".join(derisk(*tariff, "--table", "sectors").stdout.split())
    assert "jobs: persons, of the account 'jobs' of the world" in text
    assert "Most jobs are lost in textiles, clothing, leather and footwear in China" in text
    fixed = rows(*tariff, "--table", "sectors", "--horizon", "short")
    row = next(row for row in fixed if row["region"] == "CHN" and float(row["jobs"]) > 0)
    assert float(row["jobs_change"]) == pytest.approx(0, abs=1e-3)


def test_a_picture_is_drawn(here, derisk, world):
    assert derisk("footprint", world, "--plot", "co2.svg").returncode == 0
    picture = (here / "co2.svg").read_text()
    assert "of final users" in picture and "China" in picture


def test_positions_of_sectors(rows):
    sectors = {row["sector"]: row for row in rows("position", "sample.world", "CHN")}
    assert float(sectors["mining"]["upstreamness"]) > 4 > float(sectors["construction"]["upstreamness"]) >= 1
    regions = rows("position", "sample.world", "--by", "region")
    china = next(row for row in regions if row["region"] == "CHN")
    assert float(china["upstreamness"]) == pytest.approx(float(sectors["all"]["upstreamness"]), rel=1e-12)


def test_aggregates_carry_accounts(here, rows, derisk, world):
    codes = {row["region"] for row in rows("footprint", world)} - {"all"}
    (here / "map.csv").write_text(
        "region,to\n" + "".join(f"{code},{'USA' if code == 'USA' else 'REST'}\n" for code in codes)
    )
    assert derisk("aggregate", world, "--regions", "map.csv", "--to", "two.world", "--quiet").returncode == 0
    (_, _, whole) = rows("footprint", "two.world")
    assert float(whole["production"]) == pytest.approx(7470000, rel=1e-12)


def checks(samples, file):
    """The figures of a sample by quantity and region."""
    with open(samples / "checks.csv", newline="") as table:
        return {
            (row["quantity"], row["region"]): float(row["value"])
            for row in csv.DictReader(table)
            if row["file"] == file and "D_" in row["quantity"]
        }


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


WIDE = "country,description,code,year,EMP,EMPE,VA\nUSA,Metals,MET,2011,2,1,99\nUSA,Metals,MET,2010,5,5,99\n"
WIDE += "USA,Total,TOT,2011,9,9,9\nCHN,Metals,MET,2011,3,,99\n"
LONG = [
    ["country", "variable", "description", "code", 2010, 2011],
    ["USA", "EMP", "Metals, basic", "MET", 5, 2],
    ["USA", "VA", "Metals, basic", "MET", 99, 99],
    ["CHN", "EMP", "Metals, basic", "MET", 5, 3],
]


def persons(rows):
    values = rows("export", "sample.world", "--table", "account_value")
    return {(r["account"], r["region"], r["sector"]): float(r["value"]) for r in values}


def test_socio_economic_accounts_with_a_column_for_each_variable(here, derisk, rows):
    (here / "sea.csv").write_text(WIDE)
    assert derisk("import", "sea.csv", "--to", "sample.world", "--quiet").returncode == 0
    assert persons(rows) == {
        ("persons engaged", "USA", "MET"): 2000,
        ("persons engaged", "CHN", "MET"): 3000,
        ("employees", "USA", "MET"): 1000,
    }


def test_socio_economic_accounts_in_a_workbook(here, derisk, rows):
    workbook(here / "WIOD_SEA_July14.xlsx", LONG, sheet="DATA")
    done = derisk("import", "WIOD_SEA_July14.xlsx", "--to", "sample.world")
    assert (done.returncode, done.stderr) == (0, "")
    assert persons(rows) == {("persons engaged", "USA", "MET"): 2000, ("persons engaged", "CHN", "MET"): 3000}


@pytest.mark.parametrize(
    "row, error",
    [
        ("USA,Metals,MET,20x1,2,1,9", "sea.csv:2:4: '20x1' is not a year"),
        ("USA,Metals,MET,2011,x,1,9", "sea.csv:2:5: 'x' is not a finite number"),
        (
            "USX,Metals,MET,2011,2,1,9",
            "sea.csv:2:1: 'USX' is neither a region of the world nor a country; did you mean 'USA'?",
        ),
    ],
)
def test_broken_socio_economic_accounts_say_where(here, refused, row, error):
    (here / "sea.csv").write_text(WIDE.split("\n", 1)[0] + "\n" + row + "\n")
    refused(2, error, "import", "account", "sea.csv", "--to", "sample.world")


def test_a_workbook_without_the_sheet_is_refused(here, refused):
    workbook(here / "sea.xlsx", LONG, sheet="Notes")
    refused(2, "sea.xlsx: the workbook has no sheet 'DATA'", "import", "account", "sea.xlsx", "--to", "sample.world")


def test_employment_of_the_united_states_from_a_file_of_r(here, derisk, rows):
    shared = Path(os.environ.get("DERISK_SHARED", Path(__file__).parents[3] / "shared"))
    source = shared / "data/wiod_sea_usa_aus/usasea.rda"
    if not source.exists():
        pytest.skip("needs wiod_sea_usa_aus of the shared data (DERISK_SHARED)")
    with open(Path(__file__).parents[2] / "data/classifications/codes.csv", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["classification"] == "wiod2016"]
    (here / "c.csv").write_text("sector,to\n" + "".join(f"{code},AGR\n" for code in codes))
    done = derisk("import", source, "--to", "sample.world", "--concordance", "c.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert 135e6 < persons(rows)["persons engaged", "USA", "AGR"] < 150e6
