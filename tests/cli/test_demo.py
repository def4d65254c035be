"""The demonstration: its figures are those of the data and of the other commands, and it leaves only its world behind."""

import csv
import gzip
import io
import os
import re

import pytest

from conftest import ROOT, run

EU = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "GBR", "XEU"}
NAMES = {"EU": "European Union", "DEU": "Germany", "ITA": "Italy", "CHN": "China", "USA": "United States"}


def purchases():
    """What the EU bought from China and sold to it, by sector, in billions, added up from the table itself."""
    bought, sold = {}, {}
    with gzip.open(ROOT / "data" / "sample" / "sample_2011.csv.gz", "rt") as table:
        rows = csv.reader(table)
        columns = [name.split("_")[0] for name in next(rows)]
        for label, *cells in rows:
            if "_" not in label:
                continue
            region, sector = label.split("_")
            for user, cell in zip(columns[1:], cells):
                value = max(float(cell), 0) / 1e3
                if region == "CHN" and user in EU:
                    bought[sector] = bought.get(sector, 0) + value
                if region in EU and user == "CHN":
                    sold[sector] = sold.get(sector, 0) + value
    return bought, sold


def test_the_gap(story):
    bought, sold = (sum(values.values()) for values in purchases())
    figures = re.search(r"for ([\d.]+) billion .* sold it ([\d.]+) billion:\na deficit of ([\d.]+) billion", story[1])
    assert list(map(float, figures.groups())) == pytest.approx([bought, sold, bought - sold], abs=0.0501)


def test_what_the_eu_takes(story):
    bought = purchases()[0]
    shown = re.findall(r"^.*?  +([\d.]+)  +([\d.]+)%  +([\d.]+)%$", story[1].split("Welfare effects")[0], re.MULTILINE)
    largest = sorted(bought.values(), reverse=True)
    total = sum(largest)
    expected = largest[:6] + [sum(largest[6:]), total]
    assert [float(row[0]) for row in shown] == pytest.approx(expected, abs=0.0501)
    assert [float(row[1]) for row in shown] == pytest.approx([100 * value / total for value in expected], abs=0.00501)
    assert all(0 < float(row[2]) < 100 for row in shown)


SCENARIOS = ["eu-tariff", "eu-tariff-china-answer", "doubled-trade-costs"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_welfare_is_that_of_simulate(story, derisk, scenario):
    column = SCENARIOS.index(scenario)
    done = derisk("simulate", "sample.world", f"{scenario}.yaml", "--format", "csv")
    rows = {row["region"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    for code, name in NAMES.items():
        line = re.search(rf"^{name}  +(-?\d.*)$", story[1], re.MULTILINE)[1]
        shown = [float(cell.rstrip("%")) for cell in line.split()]
        exact, first_order = (float(rows[code][figure]) for figure in ("welfare", "welfare_first_order"))
        assert shown[2 * column : 2 * column + 2] == pytest.approx([exact, first_order], abs=0.00501)


def test_it_fits_a_page(story):
    lines = story[1].splitlines()
    assert len(lines) < 60
    assert "\033" not in story[1]


def test_what_it_says_next_works(story, derisk):
    commands = re.findall(r"^  derisk (.*)$", story[1], re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert derisk(*command.split()).returncode == 0


def test_it_leaves_only_its_world(tmp_path):
    temporary, folder = tmp_path / "temporary", tmp_path / "folder"
    temporary.mkdir()
    folder.mkdir()
    for _ in range(2):
        done = run("demo", "--to", "mine.world", cwd=folder, env={**os.environ, "TMPDIR": str(temporary)})
        assert done.returncode == 0
        assert "derisk info mine.world" in done.stdout
    assert os.listdir(folder) == ["mine.world"]
    assert not os.listdir(temporary)


def test_it_writes_the_example_files_and_keeps_what_is_there(derisk, here):
    examples = here / "examples"
    examples.mkdir()
    (examples / "curbs.yaml").write_text("mine")
    assert derisk("demo", "--files", "examples").returncode == 0
    written = {path.name: path.read_bytes() for path in examples.iterdir()}
    assert written.pop("curbs.yaml") == b"mine"
    files = [path for folder in ("games", "scenarios", "shocks", "trade") for path in (ROOT / "data" / folder).glob("*.[cy]*")]
    files += (ROOT / "data" / "sample").glob("sample_*")
    assert written == {path.name: path.read_bytes() for path in files if path.name != "curbs.yaml"}


def test_the_folder_of_example_files_cannot_be_made(refused):
    refused(2, "no/where: the folder cannot be made: No such file or directory", "demo", "--files", "no/where")


def test_stored_runs_stay(derisk):
    derisk("simulate", "sample.world", "--ban", "EU:RUS:MIN", "--store", "mine")
    stored = derisk("results", "sample.world", "mine").stdout
    assert derisk("demo").returncode == 0
    assert derisk("results", "sample.world", "mine").stdout == stored


def test_it_overwrites_nothing_else(refused, here):
    (here / "notes.txt").write_text("important")
    refused(
        2,
        "notes.txt: not a DuckDB file that this version reads; expected a world file",
        *("demo", "--to", "notes.txt"),
    )


def test_no_temporary_folder(here):
    done = run("demo", cwd=here, env={**os.environ, "TMPDIR": "/nowhere/at/all"})
    assert done.returncode == 4
    assert re.fullmatch(r"derisk: /nowhere/at/all/derisk-\w+: cannot be made: No such file or directory\n", done.stderr)
