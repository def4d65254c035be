"""simulate --part and combine: the parts of a run are the run, and what does not belong together is told."""

import concurrent.futures
import json

import duckdb
import pytest

TARIFF = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
EXPECTED = "expected the number of a part and how many there are, such as 37/1000"
DRAWN = (*TARIFF, "--draws", "60", "--elasticity-error", "20%", "--share-error", "2%")


def part(number, of):
    return ("--part", f"{number}/{of}", "--output", f"parts/{number}.parquet")


@pytest.fixture
def make(derisk, here):
    """make(number, of, ...) runs one part."""
    (here / "parts").mkdir()
    return lambda number, of, run=DRAWN: derisk(*run, *part(number, of))


def test_the_parts_are_the_run(derisk, make):
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        for done in two.map(lambda number: make(number, 7), [7, 1, 3, 2, 6, 5, 4]):
            assert (done.returncode, done.stdout) == (0, "")
    for form in ("csv", "text"):
        single, together = derisk(*DRAWN, "--format", form).stdout, derisk("combine", "parts/", "--format", form).stdout
        keep = [line for line in single.splitlines() if not line.startswith("Certificate")]
        assert [line for line in together.splitlines() if not line.startswith("Certificate")] == keep
    commands = DRAWN, ("combine", "parts")
    single, together = (json.loads(derisk(*command, "--format", "json").stdout) for command in commands)
    assert together["parts"]["count"] == 7 and len(together["parts"]["scenario_sha256"]) == 64
    del together["parts"], single["command"], together["command"]
    del single["certificate"]["solve_seconds"], together["certificate"]["solve_seconds"]
    assert single == together


def sql(query):
    return duckdb.connect().execute(query).fetchall()


def test_rows_of_a_part_are_the_draws(derisk, make, here):
    make(2, 3)
    columns = "draw, region, welfare, imports"
    rows = sql(f"SELECT {columns} FROM read_parquet('{here}/parts/2.parquet') WHERE draw > 0")
    derisk(*DRAWN, "--table", "draws", "--output", "all.parquet")
    assert rows == sql(f"SELECT {columns} FROM read_parquet('{here}/all.parquet') WHERE draw BETWEEN 21 AND 40")
    assert len(rows) == 20 * 25


def test_a_part_is_made_once(make, here):
    first = make(1, 2)
    assert first.stderr == "derisk: parts/1.parquet: part 1 of 2\n"
    before = (here / "parts/1.parquet").read_bytes()
    again = make(1, 2)
    assert (again.returncode, again.stderr) == (0, "derisk: parts/1.parquet: part 1 of 2 is there already\n")
    assert (here / "parts/1.parquet").read_bytes() == before
    (here / "parts/1.parquet").write_bytes(before[: len(before) // 2])
    assert make(1, 2).stderr == first.stderr
    assert [path.name for path in (here / "parts").iterdir()] == ["1.parquet"]


def test_what_does_not_belong_together(derisk, make, here):
    def told(done, line):
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"derisk: {line}\n")

    make(1, 3)
    make(3, 3)
    told(derisk("combine", "parts"), "of 3 parts 1 is missing: 2")
    other = (*TARIFF[:-1], "EU:CHN:electrical-optical:26%", *DRAWN[len(TARIFF) :])
    make(2, 3, other)
    told(derisk("combine", "parts"), "parts/2.parquet: is of another run than parts/1.parquet: the scenario differs")
    told(
        make(2, 3),
        "parts/2.parquet: is a part of another run: the scenario differs; expected a new name, or the same run",
    )
    told(
        make(1, 3, (*DRAWN, "--seed", "2")),
        "parts/1.parquet: is a part of another run: the seed is 1 and not 2; expected a new name, or the same run",
    )
    told(
        derisk("combine", "sample.world"),
        "sample.world: is no part of a run; expected a file that --part has written",
    )
    (here / "parts" / "2.parquet").unlink()
    told(
        derisk("combine", "parts/1.parquet", "parts/2.parquet"),
        "parts/2.parquet: there is no such file; make this part again",
    )
    told(derisk("combine", "parts", "parts/1.parquet"), "parts/1.parquet: is part 1, and so is parts/1.parquet")
    data = (here / "parts/1.parquet").read_bytes()
    (here / "parts/1.parquet").write_bytes(data.replace(b'"version":"0.', b'"version":"9.'))
    assert "was made by version 9." in derisk("combine", "parts").stderr
    (here / "parts/1.parquet").write_bytes(data[:-100])
    told(derisk("combine", "parts"), "parts/1.parquet: is damaged: its rows are not all there; make this part again")


@pytest.mark.parametrize(
    "options, line",
    [
        (("--part", "3/2", "--output", "x.parquet"), f"--part '3/2': {EXPECTED}"),
        (("--part", "1/2e9", "--output", "x.parquet"), f"--part '1/2e9': {EXPECTED}"),
        (("--part", "1.5/2", "--output", "x.parquet"), f"--part '1.5/2': {EXPECTED}"),
        (
            ("--part", "1/61", "--output", "x.parquet"),
            "--part: 61 parts of 60 draws; expected no more parts than draws",
        ),
        (("--part", "1/2"), "--part needs --output FILE.parquet"),
        (("--part", "1/2", "--output", "x.csv"), "--part needs --output FILE.parquet"),
        (
            ("--part", "1/2", "--output", "x.parquet", "--table", "draws"),
            "--part of draws cannot be combined with --table: 'derisk combine' makes the bands",
        ),
        (
            ("--part", "1/2", "--output", "x.parquet", "--sweep", "rate=1%:2%:1%"),
            "--part of draws needs a single scenario",
        ),
    ],
)
def test_what_is_asked_wrongly(derisk, here, options, line):
    done = derisk(*DRAWN, *options)
    assert (done.returncode, done.stderr) == (1, f"derisk: simulate: {line}\n")
    assert not (here / "x.parquet").exists()


SWEEP = ("simulate", "sample.world", "--tariff", "EU:CHN:goods:10%", "--sweep", "rate=5%:30%:5%")
MANY = ("simulate", "sample.world", "a.yaml", "b.yaml", "c.yaml", "--of", "EU,CHN", "--table", "money")
BOTH = ("simulate", "sample.world", "a.yaml", "b.yaml", "--sweep", "rate=1%:3%:1%")
CUTS = ("exposure", "sample.world", "EU", "--to", "CHN,USA", "--cut", "--horizon", "short")


@pytest.fixture
def files(here):
    """Three scenarios."""
    for name, rate in (("a", "5%"), ("b", "15%"), ("c", "40%")):
        change = f"tariff: {{by: EU, on: CHN, sectors: goods, rate: {rate}}}"
        (here / f"{name}.yaml").write_text(f"changes: [{{{change}}}]\n")
    return here


def without_times(text):
    return [line for line in text.splitlines() if not line.startswith("Certificate")]


@pytest.mark.parametrize("run, parts", [(SWEEP, 4), (MANY, 2), (BOTH, 5), (CUTS, 3), (SWEEP, 1)])
def test_the_parts_of_other_runs_are_the_run(derisk, make, files, run, parts):
    whole = run
    if "--of" in run:  # rows are picked of the whole
        run = tuple(word for k, word in enumerate(run) if k not in (run.index("--of"), run.index("--of") + 1))
    for number in range(parts, 0, -1):
        done = make(number, parts, run)
        assert (done.returncode, done.stdout, done.stderr) == (
            0,
            "",
            f"derisk: parts/{number}.parquet: part {number} of {parts}\n",
        )
    picked = ("--of", "EU,CHN") if whole != run else ()
    for form in ("csv", "text"):
        together, single = (derisk(*one, "--format", form) for one in (("combine", "parts", *picked), whole))
        assert (together.returncode, single.returncode) == (0, 0)
        assert without_times(together.stdout) == without_times(single.stdout)
    together = json.loads(derisk("combine", "parts", *picked, "--format", "json").stdout)
    single = json.loads(derisk(*whole, "--format", "json").stdout)
    assert together["parts"]["count"] == parts
    for key in ("rows", "notes", "answer"):
        assert together.get(key) == single.get(key)
    assert make(1, parts, run).stderr == f"derisk: parts/1.parquet: part 1 of {parts} is there already\n"


def test_the_picture_of_a_combined_sweep(derisk, make, here):
    for number in (1, 2):
        make(number, 2, SWEEP)
    derisk("combine", "parts", "--plot", "together.svg", "--quiet")
    derisk(*SWEEP, "--plot", "single.svg", "--quiet")
    assert (here / "together.svg").read_text() == (here / "single.svg").read_text()


def test_other_runs_are_not_mixed(derisk, make, here):
    def told(done, line):
        assert (done.returncode, done.stdout, done.stderr) == (2, "", f"derisk: {line}\n")

    make(1, 2, SWEEP)
    make(2, 2, CUTS)
    told(
        derisk("combine", "parts"),
        "parts/2.parquet: is of another run than parts/1.parquet: the kind of run is cut-offs and not sweep",
    )
    told(
        make(2, 2, (*CUTS, "--sectors", "mining")),
        "parts/2.parquet: is a part of another run: the number of solves is 26 and not 2; expected a new name, or the"
        " same run",
    )
    told(
        make(2, 2, (*CUTS[:4], "USA,JPN", *CUTS[5:])),
        "parts/2.parquet: is a part of another run: the question is cut-offs of EU from CHN,USA, sectors goods and not"
        " cut-offs of EU from USA,JPN, sectors goods; expected a new name, or the same run",
    )
    told(
        make(2, 2, (*CUTS[:-1], "medium")),
        "parts/2.parquet: is a part of another run: the model differs; expected a new name, or the same run",
    )
    told(
        make(1, 2, (*SWEEP, "--table", "sectors")),
        "parts/1.parquet: is a part of another run: the question is table regions of rate=5%:30%:5% and not table"
        " sectors of rate=5%:30%:5%; expected a new name, or the same run",
    )
    data = (here / "parts/1.parquet").read_bytes()
    (here / "parts/1.parquet").write_bytes(data[: len(data) // 2])
    told(
        derisk("combine", "parts/1.parquet"),
        "parts/1.parquet: is damaged: its rows are not all there; make this part again",
    )


@pytest.mark.parametrize(
    "command, line",
    [
        (SWEEP, "simulate: --part: 7 parts of 6 solves; expected no more parts than solves"),
        ((*CUTS, "--sectors", "mining"), "exposure: --part: 7 parts of 2 solves; expected no more parts than solves"),
        (SWEEP[:-2], "simulate: --part needs --draws, --sweep or several scenarios"),
        ((*SWEEP, "--top", "3"), "simulate: --part cannot be combined with --top"),
        ((*CUTS, "--draws", "5"), "exposure: --part cannot be combined with --draws"),
        (CUTS[:5], "exposure: --part needs --cut"),
    ],
)
def test_parts_that_cannot_be(derisk, here, command, line):
    done = derisk(*command, "--part", "7/7", "--output", "x.parquet")
    assert (done.returncode, done.stderr) == (1, f"derisk: {line}\n")
    assert not (here / "x.parquet").exists()


def test_a_sweep_of_several_scenarios(derisk, files):
    rows = derisk(*BOTH, "--of", "EU", "--format", "csv").stdout.splitlines()
    assert [row.split(",")[:3] for row in rows[1:]] == [
        [name, rate, "EU"] for name in ("a.yaml", "b.yaml") for rate in ("1%", "2%", "3%")
    ]
    alone = derisk("simulate", "sample.world", "a.yaml", "--sweep", "rate=1%:3%:1%", "--of", "EU", "--format", "csv")
    assert [row.split(",", 1)[1] for row in rows[:4]] == alone.stdout.splitlines()
    done = derisk(*BOTH, "--plot", "x.svg")
    assert (done.returncode, done.stderr) == (
        1,
        "derisk: simulate: --plot of a sweep needs a single scenario file; there are 2\n",
    )
