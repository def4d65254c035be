"""derisk check on worlds made by hand: one for each finding."""

import csv
import io
import json

import pytest

REGIONS, SECTORS = ("DEU", "RUS", "CHN"), ("MIN", "ELE")
OWN, OTHER, FINAL_OWN, FINAL_OTHER = 30, 5, 60, 10


def table(scale=1.0, cells=None, output=None, value_added=None):
    """An inter-country table. `cells` sets single ones, (row, column); `output` and `value_added` are added to what
    follows."""
    labels = [f"{region}_{sector}" for region in REGIONS for sector in SECTORS]
    uses = [f"{region}_{use}" for region in REGIONS for use in ("HFCE", "INVNT")]
    grid = {}
    for row in labels:
        for column in labels:
            grid[row, column] = OWN if row[:3] == column[:3] else OTHER
        for column in uses:
            grid[row, column] = 0 if column.endswith("INVNT") else FINAL_OWN if row[:3] == column[:3] else FINAL_OTHER
    grid = {cell: scale * value for cell, value in grid.items()} | (cells or {})
    sums = {row: sum(grid[row, column] for column in labels + uses) for row in labels}
    added = {column: sums[column] - sum(grid[row, column] for row in labels) for column in labels}
    lines = [["V1", *labels, *uses, "OUT"]]
    lines += [
        [row, *(grid[row, column] for column in labels + uses), sums[row] + (output or {}).get(row, 0)]
        for row in labels
    ]
    lines += [["VA", *(added[column] + (value_added or {}).get(column, 0) for column in labels), *(0 for _ in uses), 0]]
    return "".join(",".join(map(str, line)) + "\n" for line in lines)


@pytest.fixture
def world(derisk, here):
    """world({2011: table(), ...}, flows, unit) makes w.world of them."""

    def make(tables, flows=None, unit="million US dollars, current prices", options=()):
        (here / "of.csv").write_text(
            "code,name,slug,kind,isic_rev3\nMIN,Mining,mining,goods,C\nELE,Electronics,electrical-optical,goods,30t33\n"
        )
        (here / "source.csv").write_text(f'id,title,publisher,licence,url,unit\nt,T,P,L,U,"{unit}"\n')
        for year, content in tables.items():
            (here / f"t_{year}.csv").write_text(content)
        done = derisk(
            "import",
            "icio",
            *(f"t_{year}.csv" for year in tables),
            "--sectors",
            "of.csv",
            "--source",
            "source.csv",
            "--to",
            "w.world",
            "--quiet",
            *options,
        )
        assert done.returncode == 0, done.stderr
        if flows:
            (here / "baci.csv").write_text("t,i,j,k,v,q\n" + "".join(f"{flow},1\n" for flow in flows))
            done = derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "w.world", "--quiet")
            assert done.returncode == 0, done.stderr

    return make


@pytest.fixture
def looks(derisk):
    """The findings on w.world that want a look, as (check, year, of); and all rows."""

    def run():
        done = derisk("check", "w.world", "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        order = [row["verdict"] for row in rows]
        assert order == sorted(order, reverse=True)  # look, then fine
        return [(row["check"], row["year"], row["of"]) for row in rows if row["verdict"] == "look"], rows

    return run


def test_a_world_without_findings(world, looks, derisk):
    world({2011: table(), 2012: table(1.1)})
    found, rows = looks()
    assert found == []
    checks = {row["check"] for row in rows}
    assert {
        "unit",
        "rows",
        "columns",
        "value added",
        "negative cells",
        "empty",
        "growth",
        "schema",
        "numbers",
    } <= checks
    assert "customs" not in checks and "jump" not in checks
    assert derisk("check", "w.world").stdout.startswith("w.world: nothing found\n")
    assert json.loads(derisk("check", "w.world", "--format", "json").stdout)["findings"] == 0


def test_sales_that_are_not_output(world, looks, derisk):
    world({2011: table(output={"RUS_ELE": 12})})
    found, rows = looks()
    assert found == [("rows", "2011", "RUS_ELE")]
    assert (rows[0]["value"], rows[0]["against"]) == ("160", "172")
    assert rows[0]["found"] == "sales against output: largest gap 7%; beyond 1%: 1 of 6"
    assert derisk("check", "w.world").stdout.startswith("w.world: 1 finding wants a look\n")


def test_costs_that_are_not_output(world, looks):
    world({2011: table(value_added={"CHN_MIN": 40})})
    found, rows = looks()
    assert found == [("columns", "2011", "CHN_MIN")]
    assert (rows[0]["value"], rows[0]["against"]) == ("200", "160")


def test_negative_value_added(world, looks):
    world({2011: table(cells={("DEU_MIN", "DEU_ELE"): 130})})
    found, rows = looks()
    assert found == [("value added", "2011", "DEU_ELE")]
    assert float(rows[0]["value"]) == 160 - 180


def test_negative_cells(world, looks):
    world({2011: table(cells={("DEU_MIN", "RUS_ELE"): -2, ("CHN_ELE", "CHN_INVNT"): -9})})
    found, rows = looks()
    assert found == [("negative cells", "2011", "DEU_MIN to RUS"), ("negative cells", "2011", "CHN_ELE to CHN")]
    assert (rows[0]["value"], rows[1]["value"]) == ("-2", "-9")
    world({2011: table(cells={("CHN_ELE", "CHN_INVNT"): -1})})  # as changes of stocks are
    assert looks()[0] == []


def test_empty_sectors(world, looks):
    cells = {
        (f"{region}_MIN", f"{to}_{user}"): 0 for region in REGIONS for to in REGIONS for user in (*SECTORS, "HFCE")
    }
    cells |= {(f"{region}_ELE", f"{to}_MIN"): 0 for region in REGIONS for to in REGIONS}
    world({2011: table(cells=cells)})
    assert looks()[0] == [("empty", "2011", "MIN"), ("empty", "2011", "")]


def test_a_region_without_imports(world, looks):
    cells = {
        (f"{by}_{sector}", f"CHN_{user}"): 0
        for by in ("DEU", "RUS")
        for sector in SECTORS
        for user in (*SECTORS, "HFCE")
    }
    world({2011: table(cells=cells)})
    found, rows = looks()
    assert found == [("trade", "2011", "CHN")]
    assert rows[0]["found"] == "a region without imports"


def test_a_wrong_unit(world, looks):
    world({2011: table(1e6)}, options=["--force"])  # value added of 480 trillion
    found, rows = looks()
    assert found == [("unit", "2011", "million US dollars, current prices")]
    assert float(rows[0]["value"]) == 480e6


def test_growth(world, looks):
    twice = {
        (f"CHN_{sector}", f"{to}_{user}"): 2.2
        * (
            OWN
            if to == "CHN" and user != "HFCE"
            else OTHER
            if user != "HFCE"
            else FINAL_OWN
            if to == "CHN"
            else FINAL_OTHER
        )
        for sector in SECTORS
        for to in REGIONS
        for user in (*SECTORS, "HFCE")
    }
    world({2011: table(), 2012: table(cells=twice)})
    found, rows = looks()
    assert ("growth", "2012", "CHN") in found and {year for _, year, _ in found} == {"2012"}
    row = next(row for row in rows if row["found"].startswith("output"))
    assert row["found"] == "output: +120% a year since 2011"
    assert (row["value"], row["against"]) == ("704", "320")
    world({2011: table(), 2014: table(cells=twice)})  # over three years: 30% a year
    assert ("growth", "2014", "CHN") not in looks()[0]


def test_jumps(world, looks):
    cells = {("RUS_MIN", f"DEU_{user}"): 4 * (OTHER if user != "HFCE" else FINAL_OTHER) for user in (*SECTORS, "HFCE")}
    cells |= {("RUS_ELE", f"DEU_{user}"): 4 * (OTHER if user != "HFCE" else FINAL_OTHER) for user in (*SECTORS, "HFCE")}
    world({2011: table(), 2012: table(cells=cells)})
    found, rows = looks()
    assert ("jump", "2012", "RUS to DEU") in found
    row = next(row for row in rows if row["check"] == "jump")
    assert (row["value"], row["against"]) == ("160", "40")


# What the table has of each pair and sector is 20 million dollars; flows are in thousands.
CRUDE, CHIPS = "270900", "854231"


def flows(year=2011, **other):
    """Product flows that agree with the table, but for `other`, by names such as DEU_RUS_MIN (importer, exporter)."""
    numbers = {"DEU": 276, "RUS": 643, "CHN": 156}
    for to in REGIONS:
        for by in REGIONS:
            for sector, product in (("MIN", CRUDE), ("ELE", CHIPS)):
                value = other.get(f"{to}_{by}_{sector}", 20000)
                if to != by and value:
                    yield f"{year},{numbers[by]},{numbers[to]},{product},{value}"


def test_customs_statistics_that_agree(world, looks):
    world({2011: table()}, flows())
    found, rows = looks()
    assert found == []
    row = next(row for row in rows if row["check"] == "customs")
    assert (
        row["found"]
        == "compared with product flows of 2011: 12 pairs in 2 sectors, of which the flows cover 2; differing by a"
        " factor of three or more: 0"
    )
    assert (row["value"], row["against"]) == ("240", "240")


def test_pairs_that_differ_from_customs_statistics(world, looks, derisk):
    world({2011: table()}, flows(2013, DEU_RUS_MIN=66000, CHN_DEU_ELE=6000, RUS_CHN_ELE=61000))
    found, rows = looks()
    assert found == [
        ("customs", "2011", "DEU from RUS"),
        ("customs", "2011", "RUS from CHN"),
        ("customs", "2011", "CHN from DEU"),
    ]
    assert (
        rows[0]["found"]
        == "DEU buys 20.00 million US dollars of mining from RUS in the table of 2011; customs statistics of 2013 have"
        " 66.00 million US dollars"
    )
    assert (rows[0]["value"], rows[0]["against"]) == ("20", "66")
    assert rows[2]["found"].endswith("customs statistics of 2013 have 6.000 million US dollars")


def test_a_pair_without_customs_flows(world, looks):
    world({2011: table()}, flows(DEU_RUS_MIN=0))
    assert looks()[0] == [("customs", "2011", "DEU from RUS")]


def test_flows_of_some_products(world, looks):
    """Flows that cover a part of a sector say nothing of pairs for which they have less than the table."""
    some = {f"{to}_{by}_MIN": 1000 for to in REGIONS for by in REGIONS}
    world({2011: table()}, flows(**some))
    found, rows = looks()
    assert found == []
    assert "12 pairs in 2 sectors, of which the flows cover 1;" in next(
        row["found"] for row in rows if row["check"] == "customs"
    )
    world(
        {2011: table()},
        flows(
            **{
                **some,
                "DEU_RUS_MIN": 66000,
                "RUS_DEU_MIN": 0,
                "DEU_CHN_MIN": 0,
                "CHN_DEU_MIN": 0,
                "RUS_CHN_MIN": 0,
                "CHN_RUS_MIN": 0,
            }
        ),
    )
    assert ("customs", "2011", "DEU from RUS") in looks()[0]


def test_another_currency(world, looks):
    world({2011: table()}, flows(DEU_RUS_MIN=66000), unit="million euros, current prices")
    found, rows = looks()
    assert found == [("customs", "2011", "DEU from RUS")]
    assert (
        rows[0]["found"]
        == "DEU buys 20.00 million euros of mining from RUS in the table of 2011; customs statistics of 2011 have 66.00"
        " million US dollars"
    )
    assert "not converted from US dollars" in next(
        row["found"] for row in rows if row["verdict"] == "fine" and row["check"] == "customs"
    )


def notes(done):
    assert (done.returncode, done.stderr) == (0, "")
    return [note for note in json.loads(done.stdout)["notes"] if "customs" in note]


def test_answers_that_rest_on_such_pairs_say_so(world, derisk, here):
    world({2011: table()}, flows(DEU_RUS_MIN=66000, CHN_DEU_ELE=6000))
    gap = (
        "DEU buys 20.00 million US dollars of mining from RUS in the table of 2011; customs statistics of 2011 have"
        " 66.00 million US dollars"
    )
    said = (
        "differ from customs statistics by a factor of three or more: 1; the largest: "
        + gap
        + " ('derisk check' lists them)"
    )
    for command in (
        ("simulate", "w.world", "--ban", "DEU:RUS:mining"),
        ("simulate", "w.world", "--ban", "DEU:RUS:mining", "--draws", "3", "--elasticity-error", "20%"),
    ):
        assert notes(derisk(*command, "--format", "json")) == [f"flows that the scenario changes and that {said}"]
    assert notes(derisk("exposure", "w.world", "DEU", "--to", "RUS", "--format", "json")) == [
        f"flows in this exposure that {said}"
    ]
    (here / "stop.yaml").write_text("stops:\n  - {by: RUS, to: DEU, sectors: [mining]}\n")
    assert notes(derisk("propagate", "w.world", "stop.yaml", "--steps", "5", "--format", "json")) == [
        f"flows that stop and that {said}"
    ]


def test_answers_that_rest_on_others_do_not(world, derisk, here):
    world({2011: table()}, flows(DEU_RUS_MIN=66000))
    assert notes(derisk("simulate", "w.world", "--tariff", "DEU:RUS:electrical-optical:10%", "--format", "json")) == []
    assert notes(derisk("exposure", "w.world", "CHN", "--to", "RUS", "--format", "json")) == []
    (here / "stop.yaml").write_text("stops:\n  - {by: RUS, to: CHN, sectors: [mining]}\n")
    assert notes(derisk("propagate", "w.world", "stop.yaml", "--steps", "5", "--format", "json")) == []


def test_a_world_of_product_flows_alone(derisk, here):
    (here / "baci.csv").write_text("t,i,j,k,v,q\n2011,643,276,270900,1,1\n")
    assert (
        derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "p.world", "--quiet").returncode == 0
    )
    done = derisk("check", "p.world")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("p.world: nothing found\n")


def test_the_long_format(derisk, here):
    folder = here / "long"
    folder.mkdir()
    (folder / "flows.csv").write_text(
        "exporter,importer,sector,value\nDEU,DEU,M,100\nDEU,RUS,M,10\nRUS,RUS,M,50\nRUS,DEU,M,10\n"
    )
    (folder / "inputs.csv").write_text("region,input,sector,value\nDEU,M,M,40\nRUS,M,M,20\n")
    (folder / "value_added.csv").write_text("region,sector,value\nDEU,M,70\nRUS,M,40\n")
    (folder / "final.csv").write_text("region,sector,value\nDEU,M,70\nRUS,M,40\n")
    done = derisk("import", "long", "long", "--year", "2011", "--to", "l.world", "--quiet")
    assert done.returncode == 0, done.stderr
    done = derisk("check", "l.world", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "rows,2011" in done.stdout


def test_a_damaged_world(derisk, here):
    (here / "d.world").write_bytes((here / "sample.world").read_bytes()[:5000])
    done = derisk("check", "d.world")
    assert done.returncode == 2 and done.stdout == "" and done.stderr.startswith("derisk: d.world: ")
