"""balance from the command line; what it computes has tests of its own in tests/measure and tests/replication."""

import csv
import io
import json
import re
import shutil

import pytest

needs_gnuplot = pytest.mark.skipif(not shutil.which("gnuplot"), reason="there is no gnuplot")

COLUMNS = ["exports", "imports", "balance", "value_added_exports", "value_added_imports", "value_added_balance"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def two_years(derisk, here):
    """A world with the sample table as 1995 and as 2011: China joined no group in between, the EU grew."""
    for year in ("1995", "2011"):
        done = derisk(
            "import",
            "icio",
            "wiod_2011.csv.gz",
            "--year",
            year,
            "--sectors",
            "sectors.csv",
            "--regions",
            "regions.csv",
            "--to",
            "two.world",
            "--quiet",
        )
        assert done.returncode == 0, done.stderr
    return "two.world"


def test_sectors_add_up_to_the_total(derisk):
    total = rows(derisk("balance", "sample.world", "EU", "CHN", "--value-added", "--format", "csv").stdout)
    sectors = rows(
        derisk("balance", "sample.world", "EU", "CHN", "--value-added", "--by", "sector", "--format", "csv").stdout
    )
    assert list(total[0]) == ["year"] + COLUMNS
    assert list(sectors[0]) == ["sector"] + COLUMNS
    assert sectors[-1]["sector"] == "all"
    for column in COLUMNS:
        assert float(sectors[-1][column]) == pytest.approx(float(total[0][column]), rel=1e-12)
        assert sum(float(row[column]) for row in sectors[:-1]) == pytest.approx(float(total[0][column]), rel=1e-9)


def test_the_other_way_round_is_the_same_trade(derisk):
    there = rows(derisk("balance", "sample.world", "EU", "CHN", "--value-added", "--format", "csv").stdout)[0]
    back = rows(derisk("balance", "sample.world", "CHN", "EU", "--value-added", "--format", "csv").stdout)[0]
    assert float(there["exports"]) == float(back["imports"])
    assert float(there["value_added_exports"]) == pytest.approx(float(back["value_added_imports"]), rel=1e-12)


def test_without_b_it_is_all_others(derisk):
    done = derisk("balance", "sample.world", "EU", "--value-added", "--format", "json")
    result = json.loads(done.stdout)
    assert (result["of"], result["to"], result["year"]) == ("EU", "all others", 2011)
    assert result["certificate"]["worst_residual"] < 1e-9
    row = result["rows"][0]
    assert row["value_added_balance"] == pytest.approx(row["balance"], rel=1e-9)


def test_who_is_in_both_is_said(derisk):
    assert "regions in both count as part of EU" in derisk("balance", "sample.world", "EU", "G7").stdout
    assert "regions in both" not in derisk("balance", "sample.world", "EU", "CHN").stdout


@pytest.mark.parametrize("terms, count", [("borin-mancini", 7), ("kww", 9)])
def test_terms_add_up(derisk, terms, count):
    done = derisk("balance", "sample.world", "EU", "CHN", "--terms", terms, "--format", "json")
    result = json.loads(done.stdout)
    *parts, gross = result["rows"]
    assert len(parts) == count and gross["term"] == "gross"
    for column in ("exports", "partner_exports"):
        assert sum(row[column] for row in parts) == pytest.approx(gross[column], rel=1e-9)
    assert sum(row["share"] for row in parts) == pytest.approx(1, rel=1e-9)
    assert result["certificate"]["worst_residual"] < 1e-9


def test_by_year_has_a_chart_for_people_only(derisk, here, two_years):
    by_year = ("balance", two_years, "EU", "CHN", "--by", "year", "--value-added")
    text = derisk(*by_year).stdout
    chart = text[text.index("\nbalance: █ in value added, ░ gross\n") :].splitlines()[2:]
    assert [line[:4] for line in chart] == ["1995", "2011"]
    assert all(line.endswith("█│") and "░" in line for line in chart)
    lengths = [line.count("░") + line.count("█") for line in chart]
    assert lengths[0] < lengths[1] == 60  # the EU of 1995 is smaller
    assert "█" not in derisk(*by_year, "--format", "csv").stdout
    assert derisk(*by_year, "--output", "years.txt").stdout == ""
    assert "█" not in (here / "years.txt").read_text()
    found = rows(derisk(*by_year, "--format", "csv").stdout)
    assert [row["year"] for row in found] == ["1995", "2011"]
    assert float(found[0]["imports"]) < float(found[1]["imports"])


def test_years_before_a_group_are_left_out(derisk, two_years):
    done = derisk("balance", two_years, "BRICS", "EU", "--by", "year")
    assert "years left out because a group has no members: 1995" in done.stdout
    assert "\n2011 " in done.stdout and "\n1995 " not in done.stdout


@needs_gnuplot
@pytest.mark.parametrize(
    "options",
    [("--by", "sector"), ("--by", "sector", "--value-added"), ("--terms", "kww"), ("--by", "year", "--value-added")],
)
def test_a_picture_carries_title_unit_and_source(derisk, here, options):
    table = derisk("balance", "sample.world", "EU", "CHN", *options)
    done = derisk("balance", "sample.world", "EU", "CHN", *options, "--plot", "picture.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == table.stdout
    picture = (here / "picture.svg").read_text()
    assert picture.startswith("<?xml") and picture.rstrip().endswith("</svg>")
    assert "EU" in picture and "CHN" in picture
    assert "share of gross exports, percent" in picture or "billion US dollars, current prices" in picture
    assert "Source: derisk sample world 2011" in picture
    done = derisk("balance", "sample.world", "EU", "CHN", *options, "--plot", "picture.PNG", "--quiet")
    assert done.returncode == 0
    assert (here / "picture.PNG").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert not list(here.glob("*.part"))


@needs_gnuplot
def test_a_picture_has_the_years_in_their_order(derisk, here):
    assert (
        derisk("balance", "trade.world", "EU@2022", "CHN", "--by", "year", "--plot", "years.svg", "--quiet").returncode
        == 0
    )
    lines = [
        re.findall(r"([\d.]+),[\d.]+", path)
        for path in re.findall(r"<path [^>]*d='([^']*)'", (here / "years.svg").read_text())
    ]
    (line,) = [list(map(float, line)) for line in lines if len(line) == 12]
    assert line == sorted(line)


def test_without_gnuplot_there_is_no_picture(derisk, here):
    done = derisk(
        "balance", "sample.world", "EU", "CHN", "--by", "sector", "--plot", "picture.svg", env={"PATH": "/nowhere"}
    )
    assert done.returncode == 4
    assert done.stderr == "derisk: gnuplot, which draws the pictures, is not installed\n"
    assert done.stdout == "" and not list(here.glob("picture*"))


@pytest.mark.parametrize(
    "status, line, arguments",
    [
        (1, "balance: --by 'month': expected sector or year", ("--by", "month")),
        (1, "balance: --terms 'kvw': expected borin-mancini or kww; did you mean 'kww'?", ("--terms", "kvw")),
        (1, "balance: --year cannot be combined with --by year", ("--by", "year", "--year", "2011")),
        (1, "balance: --terms cannot be combined with --value-added", ("--terms", "kww", "--value-added")),
        (1, "balance: --plot needs --by or --terms", ("--plot", "a.svg")),
        (
            1,
            "balance: --plot 'a.gif': expected a name that ends with .svg, .png or .pdf",
            ("--by", "sector", "--plot", "a.gif"),
        ),
        (2, "no/a.svg: cannot be written: no such folder", ("--by", "sector", "--plot", "no/a.svg")),
        (2, "sample.world: has no year 1999, only 2011", ("--year", "1999")),
    ],
)
def test_wrong_options_are_refused(refused, status, line, arguments):
    refused(status, line, "balance", "sample.world", "EU", "CHN", *arguments)


def test_wrong_names_are_refused(refused):
    refused(1, "balance: A is missing: region or group, or several separated by commas", "balance", "sample.world")
    refused(
        2,
        "'CHNA' is neither a region of this world nor a group with a member in it in 2011; did you mean 'CHN'?",
        "balance",
        "sample.world",
        "EU",
        "CHNA",
    )
    refused(2, "'DEU' has no region outside 'EU': name another partner", "balance", "sample.world", "EU", "DEU")
