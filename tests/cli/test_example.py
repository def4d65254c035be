"""The example program, built with the public header and the shared library alone."""

import csv
import io
import subprocess

import pytest

from conftest import PROGRAM

EXAMPLE = PROGRAM.parent / "examples" / "tariff"


def example(here, *arguments):
    return subprocess.run([EXAMPLE, *arguments], cwd=here, capture_output=True, text=True, timeout=60, check=False)


def test_it_finds_what_the_program_finds(derisk, here):
    done = example(here, "sample.world")
    assert (done.returncode, done.stderr) == (0, "")
    result = derisk("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%", "--format", "csv").stdout
    shown = [line.split() for line in done.stdout.splitlines()[1:-1]]
    expected = [(row["region"], float(row["welfare"])) for row in csv.DictReader(io.StringIO(result))]
    assert [row[0] for row in shown] == [region for region, _ in expected]
    assert [float(row[1].rstrip("%")) for row in shown] == pytest.approx([value for _, value in expected], abs=0.000501)


def test_it_says_what_is_wrong(here):
    done = example(here, "none.world")
    assert (done.returncode, done.stderr) == (2, "tariff: none.world: no such file; expected a world file\n")
    assert example(here).returncode == 1
