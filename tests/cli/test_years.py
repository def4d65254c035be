"""simulate --years: paths over years, their tables, dates of changes, and every bad input with its line."""

import csv
import io
import json

import pytest

TARIFF = ("--tariff", "EU:CHN:all:25%")
PHASED = """\
title: A tariff in two steps
changes:
  - tariff: {by: EU, on: CHN, sectors: all, rate: {2014: 10%, 2016: 25%}}
  - ban: {by: CHN, on: EU, sectors: mining}
    from: 2015
    until: 2015
"""


@pytest.fixture
def path(derisk):
    """path(...) gives welfare by (year, region)."""

    def rows(*arguments):
        done = derisk("simulate", "sample.world", *arguments, "--table", "years", "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return {
            (int(row["year"]), row["region"]): float(row["welfare"]) for row in csv.DictReader(io.StringIO(done.stdout))
        }

    return rows


def static(derisk, *arguments):
    done = derisk("simulate", "sample.world", *arguments, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    return {row["region"]: float(row["welfare"]) for row in csv.DictReader(io.StringIO(done.stdout))}


def test_the_ends_are_the_short_and_the_long_run(derisk, path):
    welfare = path(*TARIFF, "--years", "11")
    short = ("--horizon", "short", "--model", "caliendo-parro", "--thin-markets", "0")
    for year, options in ((2012, short), (2021, ("--elasticity", "2.12")), (2022, ("--elasticity", "2.12"))):
        for region, expected in static(derisk, *TARIFF, *options).items():
            assert welfare[year, region] == pytest.approx(expected, abs=1e-7)


def test_an_elasticity_is_that_of_the_long_run(derisk, path):
    welfare = path(*TARIFF, "--years", "10", "--elasticity", "5")
    for region, expected in static(derisk, *TARIFF, "--elasticity", "5").items():
        assert welfare[2021, region] == pytest.approx(expected, abs=1e-7)


def test_changes_have_dates(derisk, path, tmp_path):
    (tmp_path / "phased.yaml").write_text(PHASED)
    welfare = path(str(tmp_path / "phased.yaml"), "--years", "6")
    assert [round(abs(welfare[year, "CHN"]), 9) > 0 for year in range(2012, 2018)] == [False] * 2 + [True] * 4
    assert welfare[2014, "CHN"] > -0.5 > welfare[2016, "CHN"]


def test_workers_who_know_move_before(derisk, tmp_path):
    (tmp_path / "phased.yaml").write_text(PHASED)

    def moved(*options):
        done = derisk(
            "simulate", "sample.world", str(tmp_path / "phased.yaml"), "--years", "5", "--mobility", "90%", *options,
            "--table", "years", "--format", "csv",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        rows = csv.DictReader(io.StringIO(done.stdout))
        return [float(row["moved"]) for row in rows if row["region"] == "CHN"]

    assert moved()[1] < 1e-7 and moved("--announced", "2012")[1] > 1e-4


def test_years_have_their_tables(derisk):
    done = derisk("simulate", "sample.world", *TARIFF, "--years", "3", "--capital", "33%", "--format", "json")
    answer = json.loads(done.stdout)
    assert set(answer["rows"][0]) == {
        "year",
        "region",
        "welfare",
        "real_wage",
        "exports",
        "imports",
        "capital",
        "moved",
    }
    assert answer["certificate"]["worst_residual"] < 1e-8
    done = derisk("simulate", "sample.world", *TARIFF, "--years", "10", "--table", "horizons", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [float(rows[year]["trade_elasticity"]) for year in (0, 4, 9)] == pytest.approx([0.76, 1.24, 2.12])
    assert [float(rows[year]["standard_error"]) for year in (0, 4, 9)] == pytest.approx([0.11, 0.19, 0.32])


def test_a_line_for_each_region(derisk, tmp_path):
    picture = tmp_path / "years.svg"
    done = derisk("simulate", "sample.world", *TARIFF, "--years", "4", "--plot", str(picture), "--quiet")
    assert done.returncode == 0, done.stderr
    assert all(word in picture.read_text() for word in ("China", "2012", "2015", "Netherlands"))


@pytest.mark.parametrize(
    "arguments, status, message",
    [
        (("--table", "years"), 1, "simulate: --table years needs --years"),
        (("--years", "0"), 1, "simulate: --years '0': expected a whole number from 1 to 200"),
        (("--years", "3", "--horizon", "short"), 1, "simulate: --years cannot be combined with --horizon"),
        (("--announced", "2012"), 1, "simulate: --announced needs --years"),
        (
            ("--years", "3", "--announced", "2011"),
            2,
            "announced in 2011, which is not after the year of the table, 2011; expected 2012 or later",
        ),
        (
            ("--years", "3", "--announced", "2013"),
            2,
            "announced in 2013, after the first change is in force, in 2012; expected a year up to 2012",
        ),
        (
            ("--years", "3", "--mobility", "none.csv"),
            2,
            "mobility 'none.csv' is no file; expected free, fixed, the share of workers who stay in their sector in a "
            "year, such as 95%, or a CSV",
        ),
        (
            ("--years", "3", "--rigid-wages", "EU"),
            1,
            "simulate: --years cannot be combined with --rigid-wages",
        ),
    ],
)
def test_wrong_options(derisk, arguments, status, message):
    done = derisk("simulate", "sample.world", *TARIFF, *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert message in done.stderr


@pytest.mark.parametrize(
    "change, message",
    [
        ("from: 2011", "12: 2011 is not after the year of the table, 2011; expected 2012 or later"),
        ("from: 2013\n    until: 2012", "12: until 2012 is before from 2013; expected 2013 or later"),
        ("from: 2020", "11: 2020 is after the last year of the path, 2014; expected a year up to 2014, or more years"),
    ],
)
def test_wrong_dates(derisk, tmp_path, change, message):
    (tmp_path / "x.yaml").write_text("changes:\n  - ban: {by: EU, on: CHN, sectors: mining}\n    " + change + "\n")
    done = derisk("simulate", "sample.world", str(tmp_path / "x.yaml"), "--years", "3")
    assert (done.returncode, done.stdout) == (2, "")
    assert message.split(": ", 1)[1] in done.stderr and "x.yaml:" in done.stderr


def test_dates_need_years(derisk, tmp_path):
    (tmp_path / "phased.yaml").write_text(PHASED)
    done = derisk("simulate", "sample.world", str(tmp_path / "phased.yaml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected simulate with years" in done.stderr


def test_caps_by_year(derisk):
    done = derisk(
        "plan", "sample.world", "EU", "--from", "CHN", "--years", "4", "--cap-path", "2013:40%,2015:35%",
        "--sectors", "electrical-optical", "--starts", "1", "--format", "csv",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["cap"] for row in rows] == ["", "0.4", "0.4", "0.35"]
    costs = [float(row["cost"]) for row in rows]
    assert costs[0] == 0 and costs[1] > costs[2] > 0 and costs[3] > costs[2]


@pytest.mark.parametrize(
    "arguments, status, message",
    [
        (("--years", "3"), 1, "plan: --years needs --cap or --cap-path"),
        (("--cap-path", "2012:40%"), 1, "plan: --cap-path needs --years"),
        (("--years", "3", "--cap-path", "2011:40%"), 2, "2011 is not on the path; expected a year from 2012 to 2014"),
        (("--years", "3", "--cap-path", "2013:40%,2012:30%"), 2, "2012 does not come after 2013; expected years in"),
    ],
)
def test_wrong_caps_by_year(derisk, arguments, status, message):
    done = derisk("plan", "sample.world", "EU", "--from", "CHN", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert message in done.stderr


def test_a_growth_file_with_holes(derisk, tmp_path):
    (tmp_path / "growth.csv").write_text("region,sector,growth\nEU,all,2%\n")
    done = derisk("simulate", "sample.world", "--growth", str(tmp_path / "growth.csv"), "--years", "3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "growth.csv: no growth of AGR in CHN in 2012 (and of" in done.stderr
