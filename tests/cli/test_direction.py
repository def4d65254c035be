"""Final demand that turns from one use to another: the change of a file, of a line, and of sectors one by one."""

import csv
import gzip
import io

import pytest

PART = 0.05
INVESTMENT = {"GFCF", "INVNT"}


FINAL = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT"]


def is_final(name, region):
    return name in [f"{region}_{use}" for use in FINAL]


def sectors_of(header, region):
    return {name.split("_")[1] for name in header if name.startswith(f"{region}_")} - set(FINAL)


def uses_of(region):
    """What is bought in the table of the sample for investment, for consumption and in all, by sector; negative cells
    are zero."""
    with gzip.open("sample_2011.csv.gz", "rt", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [(k, name.split("_")[1] in INVESTMENT) for k, name in enumerate(header) if is_final(name, region)]
    sums = {}
    for row in rows:
        if "_" not in row[0] or row[0].split("_")[1] not in sectors_of(header, region):
            continue
        cells = sums.setdefault(row[0].split("_")[1], [0.0, 0.0])
        for k, invests in columns:
            cells[0 if invests else 1] += max(0.0, float(row[k] or 0))
    return sums


@pytest.fixture
def rows(derisk, here):
    assert derisk("demo", "--files", ".").returncode == 0

    def run(*arguments):
        done = derisk("simulate", "sample.world", *arguments, "--table", "regions", "--format", "csv", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return run


def test_it_is_the_shift_of_demand_that_the_table_says(rows, here, monkeypatch):
    monkeypatch.chdir(here)
    sums = uses_of("CHN")
    all_invested, all_consumed = (sum(cells[side] for cells in sums.values()) for side in (0, 1))
    moved = PART * (all_invested + all_consumed)
    shifts = {
        sector: 100 * moved * (consumed / all_consumed - invested / all_invested) / (invested + consumed)
        for sector, (invested, consumed) in sums.items()
        if invested + consumed > 0
    }
    lines = [f"  - demand: {{in: CHN, sectors: {sector}, change: {shift!r}%}}" for sector, shift in shifts.items()]
    (here / "by-hand.yaml").write_text("changes:\n" + "\n".join(lines) + "\n")
    turned, by_hand = rows("--direction", "CHN:investment:consumption:5%"), rows("by-hand.yaml")
    for one, other in zip(turned, by_hand, strict=True):
        assert float(one["welfare"]) == pytest.approx(float(other["welfare"]), abs=1e-7)
        assert float(one["exports"]) == pytest.approx(float(other["exports"]), abs=1e-7)
    assert any(abs(float(row["welfare"])) > 0.01 for row in turned)


def test_there_and_back(rows):
    there = rows("--direction", "CHN:GFCF:HFCE:1%")
    back = rows("--direction", "CHN:HFCE:GFCF:1%")
    china = [next(row for row in run if row["region"] == "CHN") for run in (there, back)]
    assert float(china[0]["exports"]) * float(china[1]["exports"]) < 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("CHN:saving:consumption:5%", "'saving' is no final use of this world; expected consumption, investment or a"),
        ("CHN:investment:GFCF:5%", "the use GFCF is among those that demand turns from and to"),
        ("CHN:investment:consumption:80%", "change 1 (direction): investment is 49.87% of the final demand of CHN; "),
        ("CHN:investment:consumption:0%", "a part of 0% of final demand; expected more than 0% and less than 100%"),
        ("CHN:investment:consumption", "expected IN:FROM:TO:PART"),
    ],
)
def test_bad_input(derisk, here, value, message):
    done = derisk("simulate", "sample.world", "--direction", value)
    assert done.returncode in (1, 2) and done.stdout == "" and message in done.stderr, done.stderr


def test_demand_of_the_same_sectors_conflicts(derisk, here):
    done = derisk("simulate", "sample.world", "--direction", "CHN:GFCF:HFCE:5%", "--demand", "CHN:services:1%")
    assert done.returncode == 2 and "change 2 (demand) conflicts with change 1" in done.stderr
