"""derisk gravity for papers: stars, statistics, notes, documents of Word, splits, and estimates shown again."""

import csv
import io
import json
import math
import random
import re
import zipfile
from xml.etree import ElementTree

import pytest

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def flows(here):
    """Flows of two sectors, of which the second has twice the effect; errors are shared by pairs."""
    chance = random.Random(11)
    lines = ["exporter,importer,year,sector,trade,rta"]
    for i in range(8):
        for n in range(8):
            if i == n:
                continue
            for year in range(2000, 2004):
                shared = chance.gauss(0, 0.5)
                rta = int((i + n) % 3 == 0 and year > 2000 + (i * n) % 3)
                for s, sector in enumerate(("agriculture", "mining")):
                    trade = math.exp(2 + 0.3 * (s + 1) * rta + shared + chance.gauss(0, 0.1))
                    lines.append(f"E{i},E{n},{year},{sector},{trade:.8g},{rta}")
    path = here / "flows.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def rows(derisk):
    def run(*arguments):
        done = derisk("gravity", *arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return run


FORMULA = ("--formula", "trade ~ rta | exporter + importer")


def test_stars_are_by_the_percentages_given(flows, derisk):
    """One star more for each percentage that p is below."""

    def cell(*options):
        done = derisk("gravity", flows, *FORMULA, *options)
        assert (done.returncode, done.stderr) == (0, "")
        line = next(line for line in done.stdout.splitlines() if line.startswith("rta "))
        return re.search(r"\*+$", line), done.stdout

    p = float(next(csv.DictReader(io.StringIO(derisk("gravity", flows, *FORMULA, "--format", "csv").stdout)))["p"])
    above, below = f"{min(100 * p * 2, 99.5):.8g}", f"{100 * p / 2:.8g}"
    assert cell("--stars", f"{above},{below}")[0].group() == "*"
    assert cell("--stars", below)[0] is None
    found, text = cell("--stars", "none")
    assert found is None and "standard errors in brackets\n" in text
    assert f"* p < {float(above):g}%" in cell("--stars", above)[1]


def test_statistics_and_notes_are_those_asked_for(flows, derisk):
    full = derisk("gravity", flows, *FORMULA, "--cluster", "pair").stdout
    assert re.search(r"^log likelihood ", full, re.M) and re.search(r"^observations ", full, re.M)
    asked = ("--statistics", "observations,  pseudo R2", "--note", "Trade in goods.", "--note", "A second one.")
    short = derisk("gravity", flows, *FORMULA, "--cluster", "pair", *asked).stdout
    rows = {line.split("  ")[0] for line in short.splitlines()}
    assert {"observations", "pseudo R2", "exporter", "rta"} <= rows
    assert not {"log likelihood", "iterations", "clusters (pair)"} & rows
    assert "- Trade in goods.\n- A second one.\n" in short


def test_a_document_of_word_has_the_cells_of_the_table(flows, here, derisk):
    options = ("--cluster", "pair", "--note", "a < b & c")
    assert derisk("gravity", flows, *FORMULA, *options, "--output", "table.docx").returncode == 0
    with zipfile.ZipFile(here / "table.docx") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
        root = ElementTree.fromstring(archive.read("word/document.xml"))
    rows = [["".join(cell.itertext()) for cell in row.iter(f"{WORD}tc")] for row in root.iter(f"{WORD}tr")]
    assert rows[0] == ["", "(1)"]
    cells = {row[0]: row[1] for row in rows[1:] if row[0]}
    assert re.match(r"0\.\d{4}\*", cells["rta"]) and cells["observations"] == "448" and cells["exporter"] == "yes"
    texts = ["".join(paragraph.itertext()) for paragraph in root.iter(f"{WORD}p")]
    assert texts[0] == "Gravity estimates on flows.csv" and "a < b & c" in texts
    first = (here / "table.docx").read_bytes()
    derisk("gravity", flows, *FORMULA, *options, "--output", "table.docx")
    assert (here / "table.docx").read_bytes() == first


def test_all_coefficients_are_drawn_where_none_is_over_time(flows, here, derisk):
    formula = ("--formula", "trade ~ rta + (year - 2000) | exporter + importer")
    done = derisk("gravity", flows, *formula, "--split", "sector", "--plot", "plot.svg")
    assert (done.returncode, done.stderr) == (0, "")
    picture = (here / "plot.svg").read_text()
    assert "rta" in picture and "mining" in picture and "Gravity estimates on flows.csv" in picture


def test_word_opens_the_document(flows, here, derisk):
    docx = pytest.importorskip("docx")
    derisk("gravity", flows, *FORMULA, "--output", "table.docx")
    table = docx.Document(str(here / "table.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["", "(1)"]
    assert "rta" in [row.cells[0].text for row in table.rows]


def test_a_split_is_all_rows_and_each_value(flows, derisk, rows):
    done = derisk("gravity", flows, *FORMULA, "--cluster", "pair", "--split", "sector")
    assert re.search(r"all rows +agriculture +mining", done.stdout)
    split = {row["by"]: row for row in rows(flows, *FORMULA, "--cluster", "pair", "--split", "sector")}
    whole = rows(flows, *FORMULA, "--cluster", "pair")[0]
    assert split[""]["coefficient"] == whole["coefficient"]
    for row in rows(flows, *FORMULA, "--cluster", "pair", "--by", "sector"):
        assert split[row["by"]] == row
    by_hand = rows(flows, *FORMULA, "--cluster", "pair", "--where", "sector = 'mining'")[0]
    assert split["mining"]["standard_error"] == by_hand["standard_error"]


def store(derisk, flows, *options):
    kept = ("--store", "mine", "--world", "sample.world", "--quiet")
    done = derisk("gravity", flows, *FORMULA, "--cluster", "pair", *options, *kept)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("options", [(), ("--by", "sector"), ("--split", "sector"), ("--ols",)])
def test_a_stored_estimate_is_shown_again_without_its_flows(flows, here, derisk, rows, options):
    formula = ("--formula", "log(trade) ~ rta | exporter + importer") if options == ("--ols",) else FORMULA
    options = () if options == ("--ols",) else options
    expected = rows(flows, *formula, "--cluster", "pair", *options)
    done = derisk(
        *("gravity", flows, *formula, "--cluster", "pair", *options),
        *("--store", "mine", "--world", "sample.world", "--quiet"),
    )
    assert done.returncode == 0, done.stderr
    flows.unlink()
    replayed = rows("--replay", "mine", "--world", "sample.world")
    assert len(replayed) == len(expected)
    for old, new in zip(expected, replayed):
        for name in ("by", "variable"):
            assert new[name] == old[name]
        for name in ("coefficient", "standard_error", "z", "p", "low", "high"):
            assert float(new[name]) == pytest.approx(float(old[name]), rel=1e-12)
    text = derisk("gravity", "--replay", "mine", "--world", "sample.world").stdout
    assert "Gravity estimate 'mine' on flows.csv" in text and "standard errors clustered by pair" in text


def test_draws_of_sectors_are_joint(flows, here, derisk):
    """Errors that pairs share make the estimates of sectors move together, and the bands of what they do wider."""
    store(derisk, flows, "--by", "sector")
    (here / "leave.yaml").write_text("changes:\n  - leave: {region: POL, group: EU, estimate: mine, variable: rta}\n")
    run = ("simulate", "sample.world", "leave.yaml", "--elasticity", "5", "--draws", "40", "--format", "json")
    done = derisk(*run)
    assert done.returncode == 0, done.stderr
    assert any("standard errors and covariances: 2 of 2" in note for note in json.loads(done.stdout)["notes"])


MISTAKES = {
    ("--stars", "5,10"): "--stars '5,10'",
    ("--stars", "x"): "stars 'x': expected at most 5 falling percentages between 0 and 100, such as 10,5,1, or none",
    ("--statistics", "obervations"): "there is no statistic 'obervations'; did you mean 'observations'?",
    ("--split", "sectr"): "did you mean 'sector'?",
    ("--split", "sector", "--by", "year"): "--split",
    ("--output", "table.doc"): "or .docx",
}


@pytest.mark.parametrize("options", MISTAKES)
def test_what_is_wrong_with_a_table(flows, derisk, options):
    done = derisk("gravity", flows, *FORMULA, *options)
    assert done.returncode in (1, 2) and done.stdout == ""
    expected = MISTAKES[options].replace("--stars '5,10'", "stars '5,10'")
    assert expected in done.stderr and done.stderr.count("\n") <= 5


def test_what_is_wrong_with_a_replay(flows, derisk, refused):
    store(derisk, flows)
    world = ("--world", "sample.world")
    refused(2, "the world has no estimate 'mime'; did you mean 'mine'?", "gravity", "--replay", "mime", *world)
    line = "gravity: --replay shows an estimate that the world keeps, without flows: leave out 'flows.csv'"
    refused(1, line, "gravity", "flows.csv", "--replay", "mine", *world)
    refused(1, "gravity: FLOWS is missing: CSV or Parquet files of trade flows, or one world", "gravity", *FORMULA)


def test_a_scenario_says_who_the_members_are(here, derisk, refused):
    """Where the table has none of a group; the same as the group itself where the list is the same."""

    def welfare(change):
        (here / "leave.yaml").write_text(f"changes:\n  - leave: {{{change}}}\n")
        done = derisk("simulate", "sample.world", "leave.yaml", "--table", "regions", "--format", "csv")
        assert done.returncode == 0, done.stderr
        return {row["region"]: row["welfare"] for row in csv.DictReader(io.StringIO(done.stdout))}

    some = welfare("region: POL, group: BRI, members: [ITA, FRA, TUR], trade-cost: 1.02")
    assert float(some["POL"]) < 0 and some != welfare("region: POL, group: EU, trade-cost: 1.02")
    assert some == welfare("region: POL, group: BRI, members: [POL, ITA, FRA, TUR], trade-cost: 1.02")
    assert welfare("region: POL, group: EU, members: EU, trade-cost: 1.02") == welfare(
        "region: POL, group: EU, trade-cost: 1.02"
    )
    for members, error in {
        "POL": "'members' of BRI names none but the region that leaves it",
        "[ITA, XYZ]": "'XYZ'",
    }.items():
        (here / "leave.yaml").write_text(
            f"changes:\n  - leave: {{region: POL, group: BRI, members: {members}, trade-cost: 1.02}}\n"
        )
        done = derisk("simulate", "sample.world", "leave.yaml")
        assert done.returncode == 2 and error in done.stderr and "leave.yaml:2" in done.stderr
    (here / "leave.yaml").write_text("changes:\n  - leave: {region: POL, group: QQQQ, trade-cost: 1.02}\n")
    done = derisk("simulate", "sample.world", "leave.yaml")
    assert "is not a group with a member in this world; in a document, 'members' says who they are" in done.stderr
