"""The demonstration: its figures are those of the data and of the other commands, and it leaves only its world
behind."""

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


def test_the_gap_by_year(story):
    eu = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "HRV", "XEU"}
    sold, bought = dict.fromkeys(range(2011, 2023), 0), dict.fromkeys(range(2011, 2023), 0)
    with gzip.open(ROOT / "data" / "flows" / "flows.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            for year in sold:
                sold[year] += float(row[str(year)]) / 1e3 if row["exporter"] in eu and row["importer"] == "CHN" else 0
                bought[year] += float(row[str(year)]) / 1e3 if row["importer"] in eu and row["exporter"] == "CHN" else 0
    shown = re.findall(r"^(20\d\d)  +([\d.]+)  +([\d.]+)  +(-?[\d.]+)$", story[1], re.MULTILINE)
    assert [int(row[0]) for row in shown] == list(sold)
    for year, *figures in shown:
        expected = [sold[int(year)], bought[int(year)], sold[int(year)] - bought[int(year)]]
        assert list(map(float, figures)) == pytest.approx(expected, abs=0.0501)
    assert (
        "In 2019 the EU had a surplus of 13.8 billion US dollars in its trade with China, in 2022 a deficit of 154.6"
        " billion." in story[1]
    )


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


def test_the_same_policies_in_the_estimate(story, derisk):
    assert derisk("update", "sample.world", "--flows", "trade.world", "--to", "new.world", "--quiet").returncode == 0
    shown = story[1].split("The same policies in an estimate for 2022")[1]
    for column, scenario in enumerate(SCENARIOS):
        done = derisk("simulate", "new.world", f"{scenario}.yaml", "--format", "csv")
        rows = {row["region"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
        for code, name in NAMES.items():
            cells = re.search(rf"^{name}  +(-?\d.*)$", shown, re.MULTILINE)[1].split()
            assert float(cells[column].rstrip("%")) == pytest.approx(float(rows[code]["welfare"]), abs=0.00501)
    assert "estimate for 2022: the table of 2011" in shown


def test_it_fits_a_page(story):
    lines = story[1].splitlines()
    assert len(lines) < 100
    assert "\033" not in story[1]


def test_what_it_says_next_works(story, derisk):
    commands = re.findall(r"^  derisk (.*)$", story[1], re.MULTILINE)
    assert len(commands) == 4
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
    assert sorted(os.listdir(folder)) == ["mine.world", "trade.world"]
    assert not os.listdir(temporary)


def test_it_writes_the_example_files_and_keeps_what_is_there(derisk, here):
    examples = here / "examples"
    examples.mkdir()
    (examples / "curbs.yaml").write_text("mine")
    assert derisk("demo", "--files", "examples").returncode == 0
    written = {path.name: path.read_bytes() for path in examples.iterdir()}
    assert written.pop("curbs.yaml") == b"mine"
    assert b"Trade of the EU with China" in written.pop("eu-china.svg")
    files = [
        path
        for folder in ("games", "scenarios", "shocks", "trade")
        for path in (ROOT / "data" / folder).glob("*.[cy]*")
    ]
    files += (ROOT / "data" / "sample").glob("sample_*")
    files += (ROOT / "data" / "flows").glob("flows*")
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


def test_the_trade_world_answers_what_needs_no_inputs(derisk, refused):
    for command in (
        ["ties"],
        ["exposure", "EU", "--to", "CHN"],
        ["exposure", "EU"],
        ["balance", "G7", "BRICS", "--by", "sector"],
    ):
        done = derisk(command[0], "trade.world", *command[1:], "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "") and "nan" not in done.stdout.lower()
    assert "trade flows only: sales 199,691,312" in derisk("info", "trade.world", "--format", "csv").stdout
    checks = {
        row["check"] for row in csv.DictReader(io.StringIO(derisk("check", "trade.world", "--format", "csv").stdout))
    }
    assert "unit" in checks and not checks & {"columns", "value added", "negative cells"}
    line = (
        "trade.world: 2022 has trade flows only, without inputs and final use; expected an input-output table (derisk"
        " update brings an older one to these flows)"
    )
    for command in (
        ["simulate", "--ban", "EU:CHN:all"],
        ["exposure", "EU", "--to", "CHN", "--hidden"],
        ["position"],
        ["balance", "EU", "CHN", "--value-added"],
        ["plan", "EU", "--from", "CHN", "--cap", "20%"],
    ):
        refused(2, line, command[0], "trade.world", *command[1:])


def test_groups_have_their_members_of_each_year(derisk):
    found = {}
    for row in csv.DictReader(
        io.StringIO(derisk("export", "trade.world", "--table", "membership", "--format", "csv").stdout)
    ):
        found.setdefault((row["group_code"], row["region"]), set()).add(int(row["year"]))
    all_years = set(range(2011, 2023))
    assert found["BRI", "ITA"] == set(range(2019, 2023))
    assert found["EU", "HRV"] == set(range(2013, 2023)) and found["EU", "GBR"] == set(range(2011, 2020))
    assert found["EU", "XEU"] == found["G7", "JPN"] == found["BRICS", "ZAF"] == all_years


def test_the_flows_are_put_where_they_are_wanted(derisk, here):
    (here / "there").mkdir()
    assert derisk("demo", "--to", "there/a.world").returncode == 0
    assert derisk("demo", "--to", "there/a.world", "--trade", "there/b.world").returncode == 0
    assert sorted(os.listdir(here / "there")) == ["a.world", "b.world", "trade.world"]


def test_the_picture_needs_gnuplot(derisk):
    done = derisk("demo", "--files", "examples", env={"PATH": "/nowhere"})
    assert done.returncode == 4
    assert "gnuplot" in done.stderr


def test_no_temporary_folder(here):
    done = run("demo", cwd=here, env={**os.environ, "TMPDIR": "/nowhere/at/all"})
    assert done.returncode == 4
    assert re.fullmatch(r"derisk: /nowhere/at/all/derisk-\w+: cannot be made: No such file or directory\n", done.stderr)
