"""Bringing an input-output table to the trade flows of a later year: what the estimate has, and that it is nearer to
the real table of that year than the old one is."""

import csv
import io
import json
import os
import pathlib

import pytest

from conftest import ROOT, run

WIOD = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared")) / "data" / "wiod"

TARIFF = ("--tariff", "EU:CHN:goods:25%", "--tariff", "USA:CHN:goods:25%")


def rows(done):
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def update(derisk, *arguments):
    return derisk("update", "sample.world", "--flows", "trade.world", "--to", "new.world", *arguments)


def test_it_has_the_flows_of_the_new_year(derisk):
    report = update(derisk, "--year", "2022", "--format", "csv")
    found = {row["subject"]: row["found"] for row in rows(report)}
    assert list(found) == ["estimate", "regions", "sectors", "value added", "flows left out", "balance"]
    assert "SER for UTI, CON, TTR, OSV" in found["sectors"] and "VNM" in found["regions"]
    ours, theirs = (
        {
            row["sector"]: row
            for row in rows(derisk("balance", world, "DEU", "CHN", "--by", "sector", "--format", "csv"))
        }
        for world in ("new.world", "trade.world")
    )
    together = {
        "electrical-optical": ("electronics", "electrical-equipment"),
        "chemicals": ("chemical-products", "pharmaceuticals"),
        "transport-equipment": ("motor-vehicles", "other-transport-equipment"),
    }
    for sector in ("agriculture", "textiles-leather", "machinery", "metals", *together):
        for figure in ("exports", "imports"):
            expected = sum(float(theirs[part][figure]) for part in together.get(sector, (sector,)))
            assert float(ours[sector][figure]) == pytest.approx(expected, rel=1e-9), sector
    assert rows(derisk("export", "new.world", "--table", "year", "--format", "csv"))[0]["year"] == "2022"


def test_its_columns_add_up_and_inputs_keep_their_share(derisk):
    assert update(derisk, "--quiet").returncode == 0
    checks = {row["check"]: row for row in rows(derisk("check", "new.world", "--format", "csv"))}
    assert checks["rows"]["verdict"] == checks["columns"]["verdict"] == checks["value added"]["verdict"] == "fine"

    def share(world, sector):
        value, added = (
            {
                (row["region"], row["sector"]): float(row["value"])
                for row in rows(derisk("export", world, "--table", table, "--format", "csv"))
            }
            for table in ("output", "value_added")
        )
        return added[sector] / value[sector]

    for sector in (("DEU", "TEQ"), ("CHN", "ELE"), ("USA", "OSV")):
        assert share("new.world", sector) == pytest.approx(
            share("sample.world", sector), abs=0.003
        )  # the sample is rounded


def test_sectors_of_which_the_flows_know_the_sum_keep_their_shares(derisk):
    """The flows have one sector of services, the sample four."""
    assert update(derisk, "--quiet").returncode == 0
    sales = {}
    for world in ("sample.world", "new.world"):
        for table in ("intermediate", "final"):
            for row in rows(derisk("export", world, "--table", table, "--format", "csv")):
                if row["origin"] == "DEU":
                    key = (world, row["supplier"])
                    sales[key] = sales.get(key, 0) + float(row["value"])
    services = ("UTI", "CON", "TTR", "OSV")
    for sector in services:
        before, after = (
            sales[world, sector] / sum(sales[world, other] for other in services)
            for world in ("sample.world", "new.world")
        )
        assert after == pytest.approx(before, rel=1e-8)


@pytest.mark.parametrize(
    "command",
    [
        ("balance", "EU", "CHN"),
        ("ties",),
        ("exposure", "EU", "--to", "CHN"),
        ("position",),
        ("simulate", *TARIFF),
    ],
)
def test_every_result_says_that_it_is_an_estimate(derisk, command):
    assert update(derisk, "--year", "2022", "--quiet").returncode == 0
    words = (
        "estimate for 2022: the table of 2011 (derisk sample world 2011",
        "brought to the trade flows of 2022 (derisk trade flows",
        "by GRAS; 17.2% of all sales changed place",
    )
    text = " ".join(derisk(command[0], "new.world", *command[1:]).stdout.split())
    facts = json.loads(derisk(command[0], "new.world", *command[1:], "--format", "json").stdout)
    assert all(word in text and word in json.dumps(facts) for word in words)


def test_a_second_update_gives_the_same_numbers(derisk, here):
    tables = []
    for _ in range(2):
        assert update(derisk, "--year", "2015", "--quiet").returncode == 0
        tables.append(derisk("export", "new.world", "--table", "intermediate", "--format", "csv").stdout)
        (here / "new.world").unlink()
    assert tables[0] == tables[1]


def test_the_flows_of_its_own_year_change_nothing(derisk):
    done = derisk("update", "sample.world", "--flows", "sample.world", "--to", "same.world", "--format", "csv")
    assert "0.0% of all sales changed place" in rows(done)[0]["found"]


# ---- Accounts, and the long format ---------------------------------------------------------------------------------


def sums(derisk, world, table, *key):
    """The values of a table of the world, summed over what is not in the key."""
    found = {}
    for row in rows(derisk("export", world, "--table", table, "--format", "csv")):
        place = tuple(row[name] for name in key)
        found[place] = found.get(place, 0) + float(row["value"])
    return found


CO2 = """region,sector,year,account,unit,value
DEU,MET,2011,CO2,kt,70000
DEU,final use,2011,CO2,kt,190000
CHN,ELE,2011,jobs,1000 p,20
"""


def test_accounts_keep_what_they_are_per_unit(here, derisk):
    (here / "co2.csv").write_text(CO2)
    assert derisk("import", "account", "co2.csv", "--to", "sample.world", "--quiet").returncode == 0
    report = [row["found"] for row in rows(update(derisk, "--format", "csv")) if row["subject"] == "account"]
    before, after = (sums(derisk, world, "output", "region", "sector") for world in ("sample.world", "new.world"))
    moved = sums(derisk, "new.world", "account_value", "account", "region", "sector")
    for account, sector, value in (("CO2", ("DEU", "MET"), 70000), ("jobs", ("CHN", "ELE"), 20000)):
        expected = value * after[sector] / before[sector]
        assert moved[account, *sector] == pytest.approx(expected, rel=1e-3)  # the sample's sums are rounded
    used = [sums(derisk, world, "final", "destination")["DEU",] for world in ("sample.world", "new.world")]
    final = sums(derisk, "new.world", "account_final", "account", "region")["CO2", "DEU"]
    assert final == pytest.approx(190000 * used[1] / used[0], rel=1e-9)
    assert len(report) == 2 and "260,000 kt: as much per unit of output and of final use" in report[0]
    text = " ".join(derisk("footprint", "new.world", "DEU", "--account", "CO2").stdout.split())
    assert "estimate for 2022: CO2 of 2011 (co2.csv), as much per unit of output and of final use" in text


def hills(here, year, flows, whole=True):
    folder = here / f"hills-{year}"
    folder.mkdir()
    (folder / "flows.csv").write_text("exporter,importer,sector,value,tariff\n" + flows)
    if whole:
        (folder / "inputs.csv").write_text("region,input,sector,value\nVillage,tools,food,20\nTown,food,tools,25\n")
        final = "Village,food,60\nVillage,tools,11.5\nTown,food,19\nTown,tools,90\n"
        (folder / "final.csv").write_text("region,sector,value\n" + final)
        added = "Village,food,80\nTown,tools,95\n"
        (folder / "value_added.csv").write_text("region,sector,value\n" + added)
    (here / "u.csv").write_text('id,title,unit\nx,Hills,"million crowns"\n')
    done = run("import", "long", folder.name, "--source", "u.csv", "--to", f"{year}.world", "--quiet", cwd=here)
    assert done.returncode == 0, done.stderr


HILLS = "Village,Village,food,60,0\nVillage,Town,food,40,0.1\nTown,Village,tools,30,0.05\nTown,Town,tools,90,0\n"


def test_a_table_of_the_long_format(here, derisk):
    hills(here, 2020, HILLS)
    hills(here, 2022, HILLS, whole=False)
    same = rows(derisk("update", "2020.world", "--flows", "2022.world", "--to", "same.world", "--format", "csv"))
    found = {row["subject"]: row["found"] for row in same}
    assert "0.0% of all sales changed place" in found["estimate"]
    assert "buy from its suppliers in the same proportion" in found["long format"]
    hills(here, 2021, HILLS.replace("food,40", "food,50").replace("tools,30", "tools,36"), whole=False)
    assert derisk("update", "2020.world", "--flows", "2021.world", "--to", "new.world", "--quiet").returncode == 0
    (balance,) = rows(derisk("balance", "new.world", "Village", "Town", "--format", "csv"))
    assert (float(balance["exports"]), float(balance["imports"])) == pytest.approx((50, 36), rel=1e-9)
    # inputs at basic prices, where all of what is sold was 100 of food and 120 of tools, and is 110 and 126
    inputs = sums(derisk, "new.world", "intermediate", "origin", "supplier", "destination", "user")
    tools, food = inputs["Town", "tools", "Village", "food"], inputs["Village", "food", "Town", "tools"]
    assert (tools, food) == pytest.approx((20 / 1.05 * 1.1, 25 / 1.1 * 1.05), rel=1e-7)
    assert "input-output tables" in derisk("info", "new.world").stdout
    assert derisk("check", "new.world").returncode == 0


# ---- What is refused ----------------------------------------------------------------------------------------------


def write_flows(
    here,
    text,
    regions="code,name,parts\nDEU,Germany,\nROW,Rest of the world,\n",
    sectors=None,
    unit="million US dollars, current prices",
):
    """flows.world of a folder of flows, by the sectors of the sample."""
    (here / "flows-2020").mkdir(exist_ok=True)
    (here / "flows-2020" / "flows.csv").write_text(text)
    (here / "r.csv").write_text(regions)
    (here / "s.csv").write_text(sectors or "code,name,isic_rev3,kind,slug\nall,All,01t95,,everything\n")
    (here / "u.csv").write_text(f'id,title,unit\nx,Flows,"{unit}"\n')
    done = run(
        "import",
        "long",
        "flows-2020",
        "--sectors",
        "s.csv",
        "--regions",
        "r.csv",
        "--source",
        "u.csv",
        "--to",
        "flows.world",
        "--quiet",
        cwd=here,
    )
    assert done.returncode == 0, done.stderr


FLOWS = "exporter,importer,sector,value\nDEU,DEU,all,5\nDEU,ROW,all,2\nROW,DEU,all,3\nROW,ROW,all,50\n"


@pytest.mark.parametrize(
    "status, line, settings",
    [
        (
            2,
            (
                "flows.world: in 'thousand euros', where sample.world is in 'million US dollars, current prices';"
                " expected the same unit"
            ),
            {"text": FLOWS, "unit": "thousand euros"},
        ),
        (
            2,
            "sample.world: the region FRA is in no region of flows.world, which has no rest of the world",
            {"text": FLOWS.replace("ROW", "ATL"), "regions": "code,name,parts\nDEU,Germany,\nATL,Atlantis,\n"},
        ),
        (
            2,
            (
                "sample.world: the sector MIN has no counterpart in flows.world: no code, slug or division of ISIC Rev."
                " 3 in common"
            ),
            {"text": FLOWS, "sectors": "code,name,isic_rev3,kind,slug\nall,All,AtB,,everything\n"},
        ),
        (
            2,
            "flows.world: 2020: the output of DEU all is -1; expected none below zero",
            {"text": FLOWS.replace("DEU,DEU,all,5", "DEU,DEU,all,-3")},
        ),
    ],
)
def test_flows_of_another_kind_are_refused(refused, here, status, line, settings):
    write_flows(here, **settings)
    refused(status, line, "update", "sample.world", "--flows", "flows.world", "--to", "new.world")
    assert not (here / "new.world").exists()


def test_what_cannot_be_updated(refused, here):
    refused(
        2,
        (
            "trade.world: 2022 has trade flows only, without inputs and final use; expected an input-output table "
            "(derisk update brings an older one to these flows)"
        ),
        "update",
        "trade.world",
        "--flows",
        "trade.world",
        "--to",
        "new.world",
    )
    refused(
        2,
        "sample.world: already exists; expected the name of a new world",
        "update",
        "sample.world",
        "--flows",
        "trade.world",
        "--to",
        "sample.world",
    )
    refused(
        2,
        "trade.world: has no year 2030; it has 12 years from 2011 to 2022, the nearest is 2022",
        "update",
        "sample.world",
        "--flows",
        "trade.world",
        "--year",
        "2030",
        "--to",
        "new.world",
    )
    refused(
        1,
        (
            "update: --flows WORLD is missing: world with the trade flows of the new year, domestic sales included,"
            " such as trade.world"
        ),
        "update",
        "sample.world",
        "--to",
        "new.world",
    )
    assert not (here / "new.world").exists()


SMALL = """V1,DEU_x,ROW_x,DEU_F,ROW_F,OUT
DEU_x,50,0,50,10,110
ROW_x,0,40,5,60,105
VA,60,65,0,0,125
OUT,110,105,55,70,0
"""


def test_sums_that_no_table_has(here):
    """Germany's inputs are all from home: half of its output, of which little may be sold at home."""
    (here / "small-2019.csv").write_text(SMALL)
    (here / "x.csv").write_text("code,name,isic_rev3,kind,slug\nx,All,01t95,,everything\n")
    assert (
        run(
            "import", "icio", "small-2019.csv", "--sectors", "x.csv", "--to", "small.world", "--quiet", cwd=here
        ).returncode
        == 0
    )
    write_flows(here, FLOWS.replace("DEU,ROW,all,2", "DEU,ROW,all,2000"))
    line = (
        "small.world: the table of 2019 cannot be brought to the flows of 2020: after 5000 sweeps the sales of DEU x"
        " are off by 906.4 million US dollars\n"
    )
    done = run("update", "small.world", "--flows", "flows.world", "--to", "new.world", cwd=here)
    assert (done.returncode, done.stdout) == (3, "") and done.stderr == f"derisk: {line}"
    assert not (here / "new.world").exists()
    write_flows(here, FLOWS)
    assert (
        run("update", "small.world", "--flows", "flows.world", "--to", "new.world", "--quiet", cwd=here).returncode == 0
    )


def test_value_added_that_is_known_is_kept(derisk, here, refused):
    (here / "small-2019.csv").write_text(SMALL)
    (here / "x.csv").write_text("code,name,isic_rev3,kind,slug\nx,All,01t95,,everything\n")
    assert (
        derisk("import", "icio", "small-2019.csv", "--sectors", "x.csv", "--to", "small.world", "--quiet").returncode
        == 0
    )
    (here / "flows-2020").mkdir()
    (here / "flows-2020" / "value_added.csv").write_text("region,sector,value\nDEU,all,3\nROW,all,40\n")
    write_flows(here, FLOWS)
    assert derisk("update", "small.world", "--flows", "flows.world", "--to", "new.world", "--quiet").returncode == 0
    added = {
        row["region"]: float(row["value"])
        for row in rows(derisk("export", "new.world", "--table", "value_added", "--format", "csv"))
    }
    assert added == pytest.approx({"DEU": 3, "ROW": 40}, abs=1e-6)
    (here / "new.world").unlink()
    (here / "flows.world").unlink()
    (here / "flows-2020" / "value_added.csv").write_text("region,sector,value\nDEU,all,9\nROW,all,40\n")
    write_flows(here, FLOWS)
    refused(
        2,
        "flows.world: 2020: the value added of DEU all is 9; expected no more than its output",
        "update",
        "small.world",
        "--flows",
        "flows.world",
        "--to",
        "new.world",
    )


# ---- Why it is done this way --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wiod(tmp_path_factory):
    """small.world: WIOD's tables of 2000, 2005 and 2011 in the regions and sectors of the sample; flows.world: the
    flows of 2011 alone. From these the estimates flows-YEAR.world, and with-YEAR.world where value added of 2011 is
    known too."""
    if not WIOD.exists():
        pytest.skip("needs the folder wiod of the shared data (DERISK_SHARED)")
    here = tmp_path_factory.mktemp("wiod")

    def derisk(*arguments):
        done = run(*arguments, cwd=here)
        assert done.returncode == 0, done.stderr
        return done.stdout

    tables = [WIOD / f"wiod_{year}.csv.gz" for year in (2000, 2005, 2011)]
    derisk("import", "icio", *tables, "--sectors", WIOD / "sectors.csv", "--to", "full.world", "--quiet")
    sample = ROOT / "data" / "sample"
    derisk(
        "aggregate",
        "full.world",
        "--regions",
        sample / "regions.csv",
        "--sectors",
        sample / "sectors.csv",
        "--to",
        "small.world",
        "--quiet",
    )
    (here / "full.world").unlink()
    flows = {}
    for table in ("intermediate", "final"):
        for row in csv.DictReader(io.StringIO(derisk("export", "small.world", "--table", table, "--format", "csv"))):
            key = (row["origin"], row["destination"], row["supplier"])
            if row["year"] == "2011":
                flows[key] = flows.get(key, 0) + float(row["value"])
    (here / "flows-2011").mkdir()
    text = "".join(f"{','.join(key)},{value!r}\n" for key, value in flows.items())
    (here / "flows-2011" / "flows.csv").write_text("exporter,importer,sector,value\n" + text)
    (here / "unit.csv").write_text('id,title,unit\nx,Flows,"million US dollars, current prices"\n')
    derisk(
        "import",
        "long",
        "flows-2011",
        "--regions",
        sample / "sample_regions.csv",
        "--sectors",
        sample / "sample_sectors.csv",
        "--source",
        "unit.csv",
        "--to",
        "flows.world",
        "--quiet",
    )
    for year in ("2000", "2005"):
        for name, of in (("flows", "flows.world"), ("with", "small.world")):
            derisk(
                "update",
                "small.world",
                "--from",
                year,
                "--flows",
                of,
                "--year",
                "2011",
                "--to",
                f"{name}-{year}.world",
                "--quiet",
            )
    return derisk


def table_of(text, keys, value):
    return {tuple(row[key] for key in keys): float(row[value]) for row in csv.DictReader(io.StringIO(text))}


def cells(derisk, world, year):
    found = list(csv.DictReader(io.StringIO(derisk("export", world, "--table", "intermediate", "--format", "csv"))))
    keys = ("origin", "supplier", "destination", "user")
    return {tuple(row[key] for key in keys): float(row["value"]) for row in found if row["year"] == year}


def added(derisk, world, year):
    return table_of(
        derisk("ties", world, "--year", year, "--value-added", "--format", "csv"), ("exporter", "importer"), "value"
    )


def welfare(derisk, world, year):
    return table_of(derisk("simulate", world, "--year", year, *TARIFF, "--format", "csv"), ("region",), "welfare")


def error(found, real, scale=1):
    """The sum of absolute differences, in the sum of the real figures."""
    gaps = sum(abs(scale * found.get(key, 0) - real.get(key, 0)) for key in found.keys() | real.keys())
    return gaps / sum(map(abs, real.values()))


@pytest.mark.parametrize("year", ["2000", "2005"])
@pytest.mark.parametrize("measure, most", [(cells, 0.35), (added, 0.12), (welfare, 0.2)])
def test_the_estimate_is_nearer_to_the_real_table_than_the_old_one(wiod, year, measure, most):
    """The old table is given the size of the new one, which is the best that can be done with it alone."""
    real, old = measure(wiod, "small.world", "2011"), measure(wiod, "small.world", year)
    size = 1 if measure is welfare else sum(real.values()) / sum(old.values())
    before = error(old, real, size)
    flows, known = (error(measure(wiod, f"{name}-{year}.world", "2011"), real) for name in ("flows", "with"))
    assert flows < most * before
    assert known < flows
