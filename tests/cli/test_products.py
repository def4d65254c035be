"""Product flows, energy and materials from the command line; what they compute has tests of its own in tests/import
and tests/measure."""

import csv
import io
import json
import os
import pathlib
import shutil

import pytest

from conftest import ROOT

SHARED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))

FLOWS = """t,i,j,k,v,q
2020,156,276,280530,950,32
2020,392,251,280530,50,
2020,276,251,280530,10,2
2020,276,842,280530,20,1
2020,842,276,300490,100,2
2020,156,276,300490,100,2
2020,276,842,300490,900,9
"""


TABLES = {
    "energy.csv": (
        "geo,partner,siec,unit,TIME_PERIOD,OBS_VALUE\nDE,RU,gas_all,TJ,2020,2000\nDE,NO,gas_all,TJ,2020,1000\n"
        "IT,RU,gas_all,TJ,2020,100\nDE,RU,gas_all,TJ,2021,500\nDE,NO,gas_all,TJ,2021,1500\n"
        "IT,RU,gas_all,TJ,2021,10\nIT,DZ,gas_all,TJ,2021,90\n"
        "DE,RU,coal,kt,2021,7\n"
    ),
    "world.csv": "Material,Stage,Country,Share,t\nGallium,P,China,94%,1.1\nHelium,P,Qatar,28%,1.0\n",
    "eu.csv": "Material,Stage,Country,Share,t\nGallium,P,China,71%,1.1\nHelium,P,Qatar,35%,1.0\n",
    "scores.csv": "Material,Year,SR\nGallium,2023,3.9\n",
}


@pytest.fixture
def trade(derisk, here):
    (here / "baci_hs17_2020.csv").write_text(FLOWS)
    (here / "trade.world").unlink()  # that of the demonstration
    done = derisk("import", "baci", "baci_hs17_2020.csv", "--to", "trade.world", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_second_import_of_more_rows_than_one_thread_takes(derisk, here):
    """The database gives several threads 122,880 rows each, in whichever order they end."""
    codes = (4, 8, 12, 24, 31, 32, 36, 40, 51, 56)
    pairs = [(i, j) for i in codes for j in codes if i != j]
    lines = [f"2020,{i},{j},{k},{(i * 7 + j * 3 + k) % 999}.5,{k % 7}" for i, j in pairs for k in range(280000, 283000)]
    (here / "baci_hs17_2020.csv").write_text("t,i,j,k,v,q\n" + "\n".join(lines) + "\n")
    for world in ("a.world", "another.world"):
        done = derisk("import", "baci", "baci_hs17_2020.csv", "--to", world, "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
    assert (here / "a.world").read_bytes() == (here / "another.world").read_bytes()
    exported = rows(derisk("export", "a.world", "--table", "product_trade", "--format", "csv").stdout)
    assert sorted((row["product"], float(row["value"])) for row in exported) == sorted(
        (line.split(",")[3], float(line.split(",")[4])) for line in lines
    )


def test_a_screen(derisk, trade):
    done = derisk("exposure", "trade.world", "EU", "--products", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert (result["command"], result["year"], result["unit"]) == (
        "exposure",
        2020,
        "thousand US dollars, current prices",
    )
    assert result["source"] == "baci_hs17_2020.csv"
    assert [row["product"] for row in result["rows"]] == ["280530"]
    row = result["rows"][0]
    assert row["cdi1"] == pytest.approx(0.95**2 + 0.05**2)
    assert row["cdi2"] == pytest.approx(1000 / 1010)
    assert row["cdi3"] == pytest.approx(1000 / 30)
    assert (row["source"], row["single_point"], row["lists"], row["sector"]) == ("CHN", "CHN", "CRM rare earths", "24")
    every = rows(derisk("exposure", "trade.world", "EU", "--products", "--imported", "--format", "csv").stdout)
    assert [(row["product"], row["dependent"]) for row in every] == [("280530", "yes"), ("300490", "no")]


def test_a_screen_of_one_country(derisk, trade):
    found = rows(derisk("exposure", "trade.world", "DEU", "--products", "--imported", "--format", "csv").stdout)
    assert {row["cdi2"] for row in found} == {"1"}


def test_the_flows_behind_a_figure(derisk, trade):
    found = rows(derisk("exposure", "trade.world", "EU", "--why", "280530", "--format", "csv").stdout)
    assert [row["role"] for row in found] == ["import", "import", "inside", "export"]
    assert sum(float(row["square"]) for row in found if row["role"] == "import") == pytest.approx(0.95**2 + 0.05**2)
    assert [row["quantity"] for row in found] == ["32", "", "2", "1"]


@pytest.mark.parametrize(
    "line, arguments",
    [
        (
            "--thresholds '0.4,0.5': expected two shares between 0 and 1 and a ratio above 0, such as 0.4,0.5,1",
            ("--products", "--thresholds", "0.4,0.5"),
        ),
        (
            "--thresholds '40,0.5,1': expected two shares between 0 and 1 and a ratio above 0, such as 0.4,0.5,1",
            ("--products", "--thresholds", "40,0.5,1"),
        ),
        ("--window '0': expected a whole number from 1 to 50", ("--products", "--window", "0")),
        ("--rule 'geodeb': expected commission or geodep; did you mean 'geodep'?", ("--products", "--rule", "geodeb")),
        ("--imported needs --products", ("--imported",)),
        ("--hidden cannot be combined with --products", ("--products", "--hidden")),
        ("--why cannot be combined with --products", ("--products", "--why", "280530")),
        ("--energy needs --to", ("--energy",)),
    ],
)
def test_wrong_uses(refused, trade, line, arguments):
    refused(1, f"exposure: {line}", "exposure", "trade.world", "EU", *arguments)


def test_what_the_world_does_not_hold(refused, trade):
    def check(line, world, *arguments):
        refused(2, line, "exposure", world, *arguments)

    none = "sample.world: has no product flows; 'derisk import baci', 'comtrade' or 'comext' reads them"
    check(none, "sample.world", "EU", "--products")
    line = "trade.world: has no product flows of 2019; it has those of 2020"
    check(line, "trade.world", "EU", "--products", "--year", "2019")
    check("trade.world: has no year yet", "trade.world", "EU")
    check(
        "trade.world: holds no flows of energy; 'derisk import energy' reads them",
        "trade.world",
        "EU",
        "--energy",
        "--to",
        "RUS",
    )
    line = "trade.world: holds no shares in the supply of materials; 'derisk import materials' reads them"
    check(line, "trade.world", "EU", "--materials")


def test_options_of_other_imports(refused, trade):
    refused(
        1,
        "the option 'sectors' does not apply to product flows of BACI",
        "import",
        "baci",
        "baci_hs17_2020.csv",
        "--to",
        "x.world",
        "--sectors",
        "s.csv",
    )
    refused(
        2,
        "baci_hs17_2020.csv: no flows of the year 2019",
        "import",
        "baci",
        "baci_hs17_2020.csv",
        "--to",
        "x.world",
        "--year",
        "2019",
    )
    refused(
        1,
        "the option 'concordance' does not apply to an inter-country input-output table",
        "import",
        "icio",
        "wiod_2011.csv.gz",
        "--to",
        "x.world",
        "--concordance",
        "a.csv",
    )


PICTURES = [
    ("--products", ["280530, CHN", "imports from outside, with the largest source, thousand US dollars"]),
    ("--energy --to RUS", ["gas_all", "share in imports of each fuel by quantity, percent", "2020"]),
    ("--energy --to RUS --year 2021", ["gas_all, DEU", "imports from RUS, 2021"]),
    ("--materials", ["Gallium", "published"]),
]


@pytest.mark.skipif(not shutil.which("gnuplot"), reason="there is no gnuplot")
@pytest.mark.parametrize("view, texts", PICTURES, ids=[case[0] for case in PICTURES])
def test_pictures(derisk, here, trade, view, texts):
    for name, text in TABLES.items():
        (here / name).write_text(text)
    assert derisk("import", "energy", "energy.csv", "--to", "trade.world", "--quiet").returncode == 0
    assert (
        derisk("import", "materials", "world.csv", "eu.csv", "scores.csv", "--to", "trade.world", "--quiet").returncode
        == 0
    )
    plain = derisk("exposure", "trade.world", "EU", *view.split(), "--format", "csv")
    done = derisk("exposure", "trade.world", "EU", *view.split(), "--format", "csv", "--plot", "picture.svg")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", plain.stdout)
    picture = (here / "picture.svg").read_text()
    for text in texts:
        assert text in picture
    assert ("Helium" in picture) is False  # it has no published score


def test_reports_of_some_economies_have_no_world_figures(derisk, refused, here):
    (here / "jp.csv").write_text("reporter,partner,value,year,product_code\nJP,CN,100,2022,2504\nJP,US,10,2022,2504\n")
    assert (
        derisk("import", "comtrade", "jp.csv", "--classification", "HS17", "--to", "jp.world", "--quiet").returncode
        == 0
    )
    found = rows(derisk("exposure", "jp.world", "JPN", "--products", "--format", "csv").stdout)
    assert [(row["product"], row["world_concentration"], row["single_point"], row["cdi3"]) for row in found] == [
        ("2504", "", "", "")
    ]
    line = "the rule 'geodep' needs all of world trade; the flows of 2022 are the reports of some economies only"
    refused(2, line, "exposure", "jp.world", "JPN", "--products", "--rule", "geodep")


def test_product_flows_beside_tables(derisk, here):
    (here / "baci_hs17_2020.csv").write_text(FLOWS)
    assert derisk("import", "baci", "baci_hs17_2020.csv", "--to", "sample.world", "--quiet").returncode == 0
    found = rows(derisk("exposure", "sample.world", "EU", "--products", "--format", "csv").stdout)
    assert [row["sector"] for row in found] == ["CHE"]
    assert derisk("exposure", "sample.world", "EU", "--to", "CHN", "--quiet").returncode == 0
    info = rows(derisk("info", "sample.world", "--format", "csv").stdout)
    assert [row["name"] for row in info if row["what"] == "product flows"] == ["2020"]
    assert [row["name"] for row in info if row["what"] == "year"] == ["2011"]


def test_graphite_of_eurostat(derisk):
    """Powdered natural graphite from China: 37% of the European Union's imports in 2022, 47% in 2024."""
    file = SHARED / "data" / "eu_comext_critical_inputs_cn8" / "eu_comext_critical_inputs_cn8_2022_2024.csv"
    if not file.exists():
        pytest.skip("eu_comext_critical_inputs_cn8 is not in the shared folder")
    assert derisk("import", "comext", file, "--to", "eu.world", "--quiet").returncode == 0
    for year, share in (("2022", 0.3714), ("2024", 0.47)):
        found = rows(
            derisk(
                "exposure",
                "eu.world",
                "EU",
                "--products",
                "--imported",
                "--year",
                year,
                "--window",
                "1",
                "--format",
                "csv",
            ).stdout
        )
        row = next(row for row in found if row["product"] == "25041000")
        assert row["source"] == "CHN"
        assert float(row["source_share"]) == pytest.approx(share, abs=0.005)


# ---- Editions of the Harmonized System ----

# 8541.40 of 2017 is 8541.41 to 8541.43 and 8541.49 in 2022, of which the last is on the list; 8803.30 is 8807.30.
EDITIONS = {
    "BACI_HS17_Y2021.csv": "2021,156,276,854140,1000,1\n2021,410,276,854140,100,1\n2021,156,276,880330,50,1\n",
    "BACI_HS22_Y2022.csv": "2022,156,276,854143,900,1\n2022,410,276,854149,100,1\n2022,156,276,880730,50,1\n",
}


@pytest.fixture
def editions(derisk, here):
    for name, flows in EDITIONS.items():
        (here / name).write_text("t,i,j,k,v,q\n" + flows)
    done = derisk("import", "baci", *EDITIONS, "--to", "trade.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_lists_find_products_of_an_earlier_edition(derisk, editions):
    done = json.loads(
        derisk("exposure", "trade.world", "DEU", "--products", "--year", "2021", "--format", "json").stdout
    )
    assert {row["product"]: row["lists"] for row in done["rows"]} == {"854140": "CHPL 3A (part)", "880330": "CHPL 3B"}
    assert any("the lists CHPL and CRM are in HS22 and these flows in HS17" in note for note in done["notes"])
    part = (
        f"a part of the goods is on a list ('part'): 1, with {100 * 1100 / 1150:.2f}% of the imports of all products on"
        " lists"
    )
    assert any(part in note for note in done["notes"])


def test_earlier_years_are_carried_to_the_edition_of_the_year_asked(derisk, editions):
    done = json.loads(
        derisk("exposure", "trade.world", "DEU", "--products", "--window", "2", "--format", "json").stdout
    )
    # 8541.43 and 8541.49 of 2021 both have the concentration of 8541.40: (10/11)^2 + (1/11)^2 > 0.4
    assert {row["product"]: row["years"] for row in done["rows"]} == {"854143": 2, "854149": 2, "880730": 2}
    note = next(note for note in done["notes"] if "the flows of 2021 are in HS17" in note)
    assert f"other codes for 2 products; 1 of them, with {100 * 1100 / 1150:.2f}% of that year's trade" in note


def test_other_classifications_stay_apart(derisk, editions, here):
    (here / "comext.csv").write_text("REPORTER,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_EUR\nDE,CN,85414290,1,202352,5\n")
    done = derisk("import", "comext", "comext.csv", "--to", "trade.world")
    assert done.returncode == 2
    assert "a world has one classification, or editions of the HS" in done.stderr


def test_products_have_the_names_beside_their_flows(derisk, here):
    (here / "BACI_HS17_Y2021.csv").write_text("t,i,j,k,v,q\n" + EDITIONS["BACI_HS17_Y2021.csv"])
    (here / "product_codes_HS17_V1.csv").write_text('code,description\n854140,"Photosensitive devices; ""LED"""\n')
    done = derisk(
        "import", "baci", "BACI_HS17_Y2021.csv", "product_codes_HS17_V1.csv", "--to", "trade.world", "--quiet"
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(derisk("exposure", "trade.world", "DEU", "--products", "--format", "csv").stdout)
    assert {row["product"]: row["name"] for row in found} == {"854140": 'Photosensitive devices; "LED"', "880330": ""}
