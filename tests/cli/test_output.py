"""Results: the same in every format, whole or not there, and plain where nobody looks."""

import csv
import fcntl
import io
import json
import os
import pty
import re
import resource
import struct
import subprocess
import termios

import pytest

from conftest import PROGRAM

TARIFF = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")


def rows_of_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def on_a_terminal(here, arguments, width, **environment):
    """What a person sees on a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    settings = {**os.environ, "TERM": "xterm", **environment}
    child = subprocess.Popen([PROGRAM, *arguments], cwd=here, stdout=theirs, stderr=theirs, env=settings)
    os.close(theirs)
    seen = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert child.wait(timeout=60) == 0
    return seen.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("table", ["regions", "sectors", "flows"])
def test_formats_agree(derisk, here, table):
    from_csv = rows_of_csv(derisk(*TARIFF, "--table", table, "--format", "csv").stdout)
    from_json = json.loads(derisk(*TARIFF, "--table", table, "--format", "json").stdout)["rows"]
    assert len(from_csv) == len(from_json) > 20
    for left, right in zip(from_csv, from_json):
        assert left.keys() == right.keys()
        for name, value in right.items():
            assert left[name] == value if isinstance(value, str) else float(left[name]) == value


# Commands whose tables have rows that sum up others: the column that names them.
SUMS = [
    (TARIFF, "region"),
    ((*TARIFF, "--table", "decomposition"), "region"),
    ((*TARIFF, "--draws", "3", "--elasticity-error", "20%"), "region"),
    ((*TARIFF, "--draws", "3", "--elasticity-error", "20%", "--table", "draws"), "region"),
    ((*TARIFF, "--tie", "EU:CHN"), "sector"),
    (
        (
            "plan",
            "sample.world",
            "EU",
            "--from",
            "CHN",
            "--cap",
            "40%",
            "--sectors",
            "electrical-optical",
            "--levers",
            "tariff",
            "--table",
            "regions",
        ),
        "region",
    ),
    (("propagate", "sample.world", "energy-stop.yaml", "--steps", "20"), "region"),
    (("propagate", "sample.world", "energy-stop.yaml", "--steps", "3", "--table", "path"), "region"),
    (("balance", "sample.world", "EU", "CHN", "--by", "sector"), "sector"),
    (("balance", "sample.world", "EU", "CHN", "--by", "sector", "--value-added"), "sector"),
    (("balance", "sample.world", "EU", "CHN", "--terms", "borin-mancini"), "term"),
    (("exposure", "sample.world", "EU"), "sector"),
    (("exposure", "sample.world", "EU", "--to", "CHN"), "sector"),
    (("exposure", "sample.world", "EU", "--partners"), "partner"),
    (("exposure", "sample.world", "EU", "--hidden"), "supplier"),
    (("exposure", "sample.world", "EU", "--to", "CHN", "--hidden"), "sector"),
]


@pytest.mark.parametrize("arguments, key", SUMS)
def test_sums_are_marked(derisk, arguments, key):
    """Every row of a group or of all is in `sums`, and no other: names are not needed to leave them out."""
    done = derisk(*arguments, "--format", "json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    table = json.loads(done.stdout)
    info = json.loads(derisk("info", "sample.world", "--format", "json").stdout)["rows"]
    groups = {row["name"] for row in info if row["what"] == "group"}
    named = {
        "group": [i for i, row in enumerate(table["rows"]) if row[key] in groups],
        "total": [i for i, row in enumerate(table["rows"]) if row[key] in ("all", "gross")],
    }
    assert table["sums"] == {kind: places for kind, places in named.items() if places} != {}
    csv_rows = rows_of_csv(derisk(*arguments, "--format", "csv", "--quiet").stdout)
    assert all(left.keys() == right.keys() for left, right in zip(csv_rows, table["rows"], strict=True))


@pytest.mark.parametrize(
    "arguments",
    [
        (*TARIFF, "--table", "flows"),
        (*TARIFF, "--table", "sectors"),
        ("ties", "sample.world"),
        ("balance", "sample.world", "EU", "--by", "year"),
    ],
)
def test_where_there_are_no_sums_none_are_marked(derisk, arguments):
    assert "sums" not in json.loads(derisk(*arguments, "--format", "json").stdout)


def test_what_is_not_marked_adds_up_to_the_total(derisk):
    for arguments, column in (
        (("exposure", "sample.world", "EU", "--partners"), "imports"),
        (("balance", "sample.world", "EU", "CHN", "--by", "sector"), "exports"),
    ):
        table = json.loads(derisk(*arguments, "--format", "json").stdout)
        (total,) = table["sums"]["total"]
        rest = sum(row[column] for i, row in enumerate(table["rows"]) if i != total)
        assert rest == pytest.approx(table["rows"][total][column], rel=1e-12)


def test_stored_runs_keep_the_marks(derisk):
    solved = json.loads(derisk(*TARIFF, "--store", "a run", "--format", "json", "--quiet").stdout)
    kept = json.loads(derisk("results", "sample.world", "a run", "--format", "json").stdout)
    assert (kept["sums"], kept["rows"]) == (solved["sums"], solved["rows"])
    assert "sums" not in json.loads(
        derisk("results", "sample.world", "a run", "--table", "flows", "--format", "json").stdout
    )


def numbers_of(line):
    """The numbers at the end of a line of text."""
    cells = re.search(r"(?:\s+-?[\d,.]+%?)+$", line)
    return [float(cell.rstrip("%").replace(",", "")) for cell in cells.group().split()] if cells else []


def test_text_has_the_rows_of_csv(derisk):
    table = (*TARIFF, "--table", "decomposition")
    rows = rows_of_csv(derisk(*table, "--format", "csv").stdout)
    shown = [numbers_of(line) for line in derisk(*table, "--all").stdout.splitlines()]
    for row in rows:
        scale = [100 if name.endswith("_share") else 1 for name in row][1:]
        expected = [float(value) * by for value, by in zip(list(row.values())[1:], scale)]
        assert any(
            len(numbers) == len(expected) and numbers == pytest.approx(expected, abs=0.005001) for numbers in shown
        )


def test_text_begins_with_the_answer(derisk):
    """A title, sentences, and a table; the sentences are those of JSON."""
    answer = json.loads(derisk("ties", "sample.world", "--format", "json").stdout)["answer"]
    lines = derisk("ties", "sample.world").stdout.splitlines()
    assert answer == [
        "The largest flow of trade in 2011 went from the rest of the world to the United States: 538.5 billion US"
        " dollars, 2.99% of the 18.04 trillion US dollars between all regions."
    ]
    assert lines[:2] == ["Trade between all regions, 2011", ""] and " ".join(lines[2:4]) == answer[0]
    assert derisk("ties", "sample.world", "--output", "ties.tex").returncode == 0


def test_text_shows_the_rows_that_matter(derisk):
    rows = rows_of_csv(derisk("ties", "sample.world", "--format", "csv").stdout)
    text = derisk("ties", "sample.world").stdout
    shown = [line for line in text.splitlines() if re.search(r"  [\d,]{7,}$", line)]
    assert len(shown) == 15 and shown[0].split("  ")[0] == "Rest of the world" and shown[0].endswith("538,505")
    assert f"... {len(rows) - 15} more rows: --all\n" in text
    assert len(
        [line for line in derisk("ties", "sample.world", "--all").stdout.splitlines() if re.search(r"  [\d,]+$", line)]
    ) == len(rows)


def test_columns_of_zeros_are_left_out(derisk):
    arguments = ("simulate", "sample.world", "--ban", "EU:RUS:mining", "--table", "regions")
    text, everything = derisk(*arguments).stdout, derisk(*arguments, "--all").stdout
    assert re.search(r"Not shown, zero or empty in these rows: [a-z ,]*tariff revenue change", text)
    assert "Not shown" not in everything
    assert "revenue" in everything.split("\nregion ")[0].split("\n\n")[-1]
    assert "revenue" not in text.split("\nregion ")[0].split("\n\n")[-1]


@pytest.mark.parametrize("format", ["csv", "json"])
def test_top_picks_rows_in_every_format(derisk, format):
    def rows(*arguments):
        text = derisk("ties", "sample.world", *arguments, "--format", format).stdout
        return rows_of_csv(text) if format == "csv" else json.loads(text)["rows"]

    assert rows("--top", "3") == rows()[:3]
    assert rows("--top", "1000") == rows()
    assert derisk("ties", "sample.world", "--top", "0").returncode == 1
    assert derisk("ties", "sample.world", "--top", "3", "--all").returncode == 1


def test_of_picks_rows(derisk):
    def rows(*arguments):
        return rows_of_csv(derisk(*arguments, "--format", "csv").stdout)

    assert [row["region"] for row in rows(*TARIFF, "--of", "MEX,ITA")] == ["ITA", "MEX"]
    assert [row["region"] for row in rows(*TARIFF, "--of", "EU")] == ["EU"]  # it has a row
    of_group = rows("ties", "sample.world", "--of", "BRICS")  # it has none: its members'
    assert of_group == [
        row for row in rows("ties", "sample.world") if {row["importer"], row["exporter"]} & {"BRA", "RUS", "IND", "CHN"}
    ]
    assert rows("ties", "sample.world", "--of", "mexico") == rows("ties", "sample.world", "--of", "MEX")
    done = derisk(*TARIFF, "--of", "MEX,ITL", "--output", "x.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "derisk: --of: the result has no row 'ITL'; did you mean 'ITA'?\n"
    assert derisk(*TARIFF, "--of", "").returncode == 1


def test_parquet_is_parquet(derisk, here):
    to_stdout = derisk(*TARIFF, "--format", "parquet", text=False).stdout
    assert derisk(*TARIFF, "--format", "parquet", "--output", "out.parquet").stdout == ""
    written = (here / "out.parquet").read_bytes()
    for content in (to_stdout, written):
        assert content[:4] == content[-4:] == b"PAR1"
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(f"SELECT region, welfare FROM '{here}/out.parquet'").fetchall()
    expected = rows_of_csv(derisk(*TARIFF, "--format", "csv").stdout)
    assert rows == [(row["region"], float(row["welfare"])) for row in expected]


def test_parquet_is_kept_off_terminals(here):
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [PROGRAM, *TARIFF, "--format", "parquet"], cwd=here, stdout=theirs, stderr=subprocess.PIPE, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("derisk: Parquet is not for terminals")


def test_json_has_command_facts_and_certificate(derisk):
    result = json.loads(derisk(*TARIFF, "--format", "json").stdout)
    assert list(result)[0] == "command" and result["command"] == "simulate"
    assert result["world"] == "sample.world"
    assert result["year"] == 2011
    assert result["unit"] == "million US dollars, current prices"
    assert result["settings"]["closure"] == "fixed"
    certificate = result["certificate"]
    kinds = [certificate[kind] for kind in ("market_clearing", "trade_balance", "walras", "adding_up")]
    assert max(kinds) == certificate["worst_residual"] < 1e-8
    assert certificate["sweeps"] > 1 and certificate["solve_seconds"] > 0
    assert result["notes"]


def test_results_are_the_same_every_time(derisk):
    assert derisk(*TARIFF, "--format", "csv").stdout == derisk(*TARIFF, "--format", "csv").stdout


def test_output_goes_to_the_file_alone(derisk, here):
    expected = derisk(*TARIFF, "--format", "csv").stdout
    (here / "out.csv").write_text("old")
    done = derisk(*TARIFF, "--format", "csv", "--output", "out.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (here / "out.csv").read_text() == expected
    assert not list(here.glob("*.part"))


def test_places_that_cannot_be_written(refused, here):
    (here / "folder").mkdir()
    refused(2, "folder: is a folder; expected a file name", *TARIFF, "--output", "folder")
    refused(2, "none/out.csv: cannot be written: no such folder", *TARIFF, "--output", "none/out.csv")
    refused(4, "/dev/full: cannot be written: No space left on device", *TARIFF, "--output", "/dev/full")


@pytest.mark.parametrize("format", ["text", "csv", "json", "parquet"])
def test_a_full_disk_behind_standard_output(derisk, format):
    with open("/dev/full", "w") as full:
        done = derisk(*TARIFF, "--format", format, stdout=full)
    assert done.returncode == 4
    assert done.stderr == "derisk: standard output: cannot be written: No space left on device\n"


def test_help_on_a_full_disk(derisk):
    with open("/dev/full", "w") as full:
        assert derisk("help", stdout=full).returncode == 4


def test_a_closed_standard_output(derisk):
    """The first file opened must not be taken for it: that would be the world."""
    done = derisk(*TARIFF, "--store", "x", stdout=None, preexec_fn=lambda: os.close(1))
    assert done.returncode == 4
    assert done.stderr.endswith("derisk: standard output: cannot be written: Bad file descriptor\n")
    assert derisk("results", "sample.world", "x", "--format", "csv").stdout == derisk(*TARIFF, "--format", "csv").stdout


def test_a_reader_that_goes_away(here):
    command = f"'{PROGRAM}' simulate sample.world --ban EU:RUS:mining --table flows | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=here, capture_output=True, text=True, check=True)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_no_colour_in_a_pipe(derisk):
    for arguments in (TARIFF, ("info", "sample.world"), ("help",)):
        assert "\033" not in derisk(*arguments, env={**os.environ, "TERM": "xterm"}).stdout


def test_colour_on_a_terminal_unless_unwanted(here):
    assert "\033[" in on_a_terminal(here, TARIFF, 120)
    assert "\033" not in on_a_terminal(here, TARIFF, 120, NO_COLOR="1")
    assert "\033" not in on_a_terminal(here, TARIFF, 120, TERM="dumb")


def test_a_narrow_terminal(here, derisk):
    seen = on_a_terminal(here, TARIFF, 60, NO_COLOR="1")
    assert max(map(len, seen.splitlines())) <= 60
    cells = re.findall(r"-?[\d.]+%", seen)
    assert sorted(cells) == sorted(re.findall(r"-?[\d.]+%", derisk(*TARIFF).stdout))


# ---- The ending of --output is the format ----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "json", "txt", "tex", "CSV"])
def test_the_ending_is_the_format(derisk, here, ending):
    done = derisk("info", "sample.world", "--output", f"x.{ending}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    written = (here / f"x.{ending}").read_text()
    if ending == "tex":
        assert "\\begin{tabular}" in written
    else:
        format = {"txt": "text"}.get(ending, ending.lower())
        assert written == derisk("info", "sample.world", "--format", format).stdout


def test_the_ending_parquet(derisk, here):
    for command in (("info", "sample.world"), ("export", "sample.world", "--table", "region")):
        assert derisk(*command, "--output", "x.parquet").returncode == 0
        assert (here / "x.parquet").read_bytes()[:4] == b"PAR1"


COMMANDS = [
    ("info", "sample.world"),
    ("balance", "sample.world", "EU", "CHN"),
    ("ties", "sample.world"),
    ("exposure", "sample.world", "EU"),
    ("gravity", "sample.world", "--formula", "trade ~ international | exporter + importer"),
    ("simulate", "sample.world", "--ban", "EU:RUS:mining"),
    ("propagate", "sample.world", "energy-stop.yaml"),
    ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--starts", "1"),
    ("results", "sample.world"),
    ("export", "sample.world", "--table", "region"),
    ("import", "icio", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--to", "new.world"),
    ("aggregate", "sample.world", "--regions", "regions.csv", "--to", "new.world"),
    ("play", "sample.world", "eu-leads.yaml"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_unknown_endings(refused, command):
    every = ".txt, .csv, .json, .parquet, .tex, .md, .html or .docx"
    known = ".csv, .json or .parquet" if command[0] == "export" else every
    line = f"{command[0]}: --output 'x.xlsx': expected a name that ends with {known}"
    refused(1, line, *command, "--output", "x.xlsx")
    line = f"{command[0]}: --output 'x.json' contradicts --format csv"
    refused(1, line, *command, "--output", "x.json", "--format", "csv")


def test_endings_that_contradict(refused):
    known = ".csv, .json or .parquet"
    line = f"export: --output 'a.tex': expected a name that ends with {known}"
    refused(1, line, "export", "sample.world", "--table", "region", "--output", "a.tex")
    gravity = ("gravity", "sample.world", "--formula", "trade ~ international | exporter + importer")
    line = "gravity: --output 'a.csv' contradicts --latex"
    refused(1, line, *gravity, "--latex", "--output", "a.csv")
    line = "gravity: --predictions 'a.xls': expected a name that ends with .csv, .json or .parquet"
    refused(1, line, *gravity, "--predictions", "a.xls")
    refused(
        1,
        "balance: --plot 'a.gif': expected a name that ends with .svg, .png or .pdf",
        "balance",
        "sample.world",
        "EU",
        "--by",
        "sector",
        "--plot",
        "a.gif",
    )


def test_names_without_a_known_ending(derisk, here):
    expected = derisk("info", "sample.world", "--format", "csv").stdout
    for name in ("plain", ".hidden", "dots.d/plain", "x.dat"):
        (here / "dots.d").mkdir(exist_ok=True)
        assert derisk("info", "sample.world", "--format", "csv", "--output", name).returncode == 0
        assert (here / name).read_text() == expected
    assert derisk("info", "sample.world", "--output", "plain").returncode == 0
    assert (here / "plain").read_text() == derisk("info", "sample.world").stdout


def test_latex_of_a_regression_by_its_ending(derisk, here):
    gravity = ("gravity", "sample.world", "--formula", "trade ~ international | exporter + importer")
    assert derisk(*gravity, "--output", "table.tex").returncode == 0
    assert (here / "table.tex").read_text() == derisk(*gravity, "--latex").stdout


def test_empty_names(refused):
    refused(1, "info: --output is empty: expected the name of a file", "info", "sample.world", "--output", "")
    refused(1, "info: WORLD is empty: expected the name of a file", "info", "")
    refused(
        1,
        "balance: --plot is empty: expected a name that ends with .svg, .png or .pdf",
        "balance",
        "sample.world",
        "EU",
        "--by",
        "sector",
        "--plot",
        "",
    )


@pytest.mark.parametrize(
    "command",
    [
        ("exposure", "sample.world", "EU", "--to", "CHN", "--hidden"),
        ("ties", "sample.world", "--value-added"),
        ("balance", "sample.world", "EU", "CHN", "--value-added", "--by", "sector"),
    ],
)
def test_the_same_bits_for_any_number_of_threads(here, command):
    def bits(threads):
        environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        done = subprocess.run(
            [PROGRAM, *command, "--format", "csv"],
            cwd=here,
            env=environment,
            capture_output=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    assert len({bits(threads) for threads in ("1", "2", "4", "8")}) == 1


@pytest.mark.parametrize("megabytes", [150, 200, 250, 400])
def test_little_memory_ends_in_an_answer_or_an_error(here, megabytes):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1000 * 1024,) * 2)

    done = subprocess.run(
        [PROGRAM, "balance", "sample.world", "EU", "CHN"],
        cwd=here,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 4, 127)  # 127: not even the libraries find room
    assert done.stdout if done.returncode == 0 else done.stderr
    if done.returncode == 4 and "address space" in done.stderr:
        assert re.fullmatch(
            (
                r"derisk: (sample\.world: )?out of memory: the limit on address space \(ulimit -v\) leaves \d+ MB; 128"
                r" are needed\n"
            ),
            done.stderr,
        )
