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
        "sample.world: is no part of a run; expected a file that derisk simulate --part has written",
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
        (("--part", "1/2", "--output", "x.parquet", "--table", "draws"), "--part cannot be combined with --table"),
    ],
)
def test_what_is_asked_wrongly(derisk, here, options, line):
    done = derisk(*DRAWN, *options)
    assert (done.returncode, done.stderr) == (1, f"derisk: simulate: {line}\n")
    assert not (here / "x.parquet").exists()
