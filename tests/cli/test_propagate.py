"""derisk propagate: its tables against each other, and what it refuses."""

import csv
import io
import json

import pytest

SHOCK = "energy-pause.yaml"


def rows_of(derisk, *arguments):
    done = derisk("propagate", "sample.world", *arguments, "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def numbers(rows, column):
    return [float(row[column]) for row in rows]


@pytest.fixture
def write(here):
    def text_of(text):
        (here / "shock.yaml").write_text(text)
        return "shock.yaml"

    return text_of


def test_losses_are_those_of_the_path(derisk):
    regions = {row["region"]: row for row in rows_of(derisk, SHOCK, "--steps", "200")}
    path = rows_of(derisk, SHOCK, "--steps", "200", "--table", "path")
    assert len(path) == 200 * len(regions)
    for code in ("POL", "EU", "all"):
        row = regions[code]
        changes = numbers([step for step in path if step["region"] == code], "value_added")
        assert float(row["loss_share"]) == pytest.approx(-sum(changes) / 200, abs=1e-9)
        assert float(row["lowest"]) == pytest.approx(min(changes), abs=1e-12)
        assert int(row["lowest_day"]) == 1 + changes.index(min(changes))
        assert float(row["end"]) == pytest.approx(changes[-1], abs=1e-12)
    assert max(numbers(path, "residual")) < 1e-11


def test_regions_and_sectors_add_up(derisk):
    regions = rows_of(derisk, SHOCK, "--steps", "100")
    all_of_them = regions.pop()
    single = [row for row in regions if row["region"] not in ("EU", "G7", "BRICS")]
    assert all_of_them["region"] == "all"
    for column in ("value_added", "loss"):
        assert sum(numbers(single, column)) == pytest.approx(float(all_of_them[column]), rel=1e-9)
    sectors = rows_of(derisk, SHOCK, "--steps", "100", "--table", "sectors")
    mining = next(row for row in sectors if (row["region"], row["sector"]) == ("RUS", "mining"))
    assert mining["held_by"] == "demand"
    assert float(mining["loss_share"]) > 20


def test_a_pause_is_forgotten_and_a_stop_is_not(derisk):
    pause = {row["region"]: row for row in rows_of(derisk, SHOCK)}
    stop = {row["region"]: row for row in rows_of(derisk, "energy-stop.yaml")}
    assert abs(float(pause["POL"]["rest"])) < 0.01
    assert 180 < int(pause["POL"]["recovered_day"]) < 365
    assert float(stop["POL"]["rest"]) < -1
    assert stop["POL"]["recovered_day"] == ""
    assert float(stop["EU"]["loss"]) > float(pause["EU"]["loss"]) > 0


def test_the_certificate_keeps_the_worst_of_all_steps(derisk):
    """Inventories add up to rounding errors that are not all zero, so that a residual of zero would be one that is
    not kept."""
    done = derisk("propagate", "sample.world", SHOCK, "--steps", "100", "--format", "json")
    certificate = json.loads(done.stdout)["certificate"]
    assert 0 < certificate["inventories"] < 1e-11
    assert certificate["worst_residual"] >= certificate["inventories"]


def test_nothing_stops(derisk, write):
    for text in ("stops: []\n", "stops:\n  - {by: RUS, to: EU, cut: 0%}\n"):
        for column in ("loss", "lowest", "end", "rest", "final_use"):
            assert set(numbers(rows_of(derisk, write(text), "--steps", "30"), column)) == {0}
        for column in ("loss", "lowest", "end", "rest"):
            assert set(numbers(rows_of(derisk, write(text), "--steps", "30", "--table", "sectors"), column)) == {0}


def test_losses_of_sectors_are_those_of_their_days(derisk):
    """Losses, the lowest output and its day follow from the output at the end of runs of 1, 2, ... 8 days."""
    days = [rows_of(derisk, SHOCK, "--steps", str(n), "--table", "sectors") for n in range(1, 9)]
    for row, last in enumerate(days[-1]):
        changes = [float(day[row]["end"]) for day in days]
        lowest = min(0, *changes)
        mean = -sum(changes) / 8
        assert float(last["loss_share"]) == pytest.approx(mean, abs=1e-9)
        assert float(last["loss"]) == pytest.approx(mean / 100 * float(last["output"]), rel=1e-6, abs=1e-6)
        assert float(last["lowest"]) == pytest.approx(lowest, abs=1e-12)
        assert last["lowest_day"] == ("" if lowest == 0 else str(1 + changes.index(lowest)))


def test_weeks_are_about_seven_days(derisk):
    days = rows_of(derisk, SHOCK, "--steps", "364")
    weeks = rows_of(derisk, SHOCK, "--step", "week")
    for day, week in zip(days, weeks):
        assert float(week["value_added"]) == pytest.approx(float(day["value_added"]), rel=1e-9)
        assert float(week["loss_share"]) == pytest.approx(float(day["loss_share"]), abs=1)


def test_the_certificate_and_the_settings(derisk):
    result = json.loads(derisk("propagate", "sample.world", SHOCK, "--format", "json").stdout)
    assert result["command"] == "propagate"
    assert result["certificate"]["goods"] < 1e-11
    assert result["certificate"]["inventories"] < 1e-13
    assert result["settings"] == {
        "steps": 365,
        "step": "day",
        "restock": 60,
        "overproduction": 1.25,
        "expansion": 365,
        "caution": 0.8,
        "redirect": 0,
        "essential": 0.01,
    }
    assert result["rest"]["day"] > 365


@pytest.mark.parametrize("table", ["regions", "path", "sectors"])
def test_pictures(derisk, here, table):
    done = derisk("propagate", "sample.world", SHOCK, "--steps", "20", "--table", table, "--plot", "a.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert (here / "a.svg").read_text().rstrip().endswith("</svg>")


def test_wrong_use(refused, write):
    refused(
        1,
        "propagate: --steps '0': expected a whole number from 1 to 36500",
        "propagate",
        "sample.world",
        SHOCK,
        "--steps",
        "0",
    )
    refused(
        1,
        "propagate: --steps '1.5': expected a whole number from 1 to 36500",
        "propagate",
        "sample.world",
        SHOCK,
        "--steps",
        "1.5",
    )
    refused(
        1,
        "propagate: --plot 'a.txt': expected a name that ends with .svg, .png or .pdf",
        "propagate",
        "sample.world",
        SHOCK,
        "--plot",
        "a.txt",
    )
    refused(2, "nowhere.yaml: no such file", "propagate", "sample.world", "nowhere.yaml")
    write("stops:\n  - {by: RUS, to: EU, sectors: minning}\n")
    refused(
        2,
        "shock.yaml:2:32: 'minning' is not a sector of this world, by code, slug or kind; did you mean 'mining' (MIN)?",
        *("propagate", "sample.world", "shock.yaml"),
    )
