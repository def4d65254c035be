"""Files in trouble: pipes where files are meant, signals, limits, locks, and files of somebody else that lie in the way."""

import os
import subprocess

import pytest

from conftest import PROGRAM

TARIFF = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
IMPORT = ("import", "icio", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--to")


# ---- Pipes and devices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("info", "pipe"), "pipe: is a pipe or device, a world file was expected"),
        (("info", "/dev/zero"), "/dev/zero: is a pipe or device, a world file was expected"),
        (("simulate", "pipe", "--ban", "EU:RUS:mining"), "pipe: is a pipe or device, a world file was expected"),
        ((*IMPORT, "pipe"), "pipe: is a pipe or device, a world file was expected"),
        (("import", "icio", "pipe", "--to", "new.world", "--year", "2011"), "pipe: is a pipe or device, a file was expected"),
        (("simulate", "sample.world", "pipe"), "pipe: not a scenario or game: a pipe or device, a YAML file of at most 1 MB was expected"),
        (("simulate", "sample.world", "/dev/zero"), "/dev/zero: not a scenario or game: a pipe or device, a YAML file of at most 1 MB was expected"),
        (("propagate", "sample.world", "pipe"), "pipe: not a shock: a pipe or device, a YAML file of at most 1 MB was expected"),
        ((*TARIFF, "--elasticity", "pipe"), "pipe: is a pipe or device, a file was expected"),
        (("gravity", "pipe", "--formula", "trade ~ rta"), "pipe: is a pipe or device, a file was expected"),
        (("plan", "sample.world", "EU", "--from", "CHN", "--cap-file", "pipe"), "pipe: is a pipe or device, a file was expected"),
    ],
    ids=lambda value: "-".join(value[:2]).replace("/", "") if isinstance(value, tuple) else "",
)
def test_pipes_are_refused_at_once(refused, here, command, line):
    os.mkfifo(here / "pipe")
    refused(2, line, *command)


def test_a_scenario_from_a_shell(here):
    """What the shell offers as a pipe is refused; a file behind standard input is one."""
    script = f"""'{PROGRAM}' simulate sample.world <(cat eu-tariff.yaml)
cat eu-tariff.yaml | '{PROGRAM}' simulate sample.world /dev/stdin
'{PROGRAM}' simulate sample.world /dev/stdin --format csv < eu-tariff.yaml
"""
    done = subprocess.run(["bash", "-c", script], cwd=here, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr.count("a pipe or device, a YAML file of at most 1 MB was expected") == done.stderr.count("\n") == 2
    assert done.stdout.startswith("region,")


@pytest.mark.skip
def test_output_into_a_pipe(here, derisk):
    os.mkfifo(here / "pipe")
    done = derisk(*TARIFF, "--output", "pipe")
    assert (done.returncode, done.stderr) == (4, "derisk: pipe: cannot be written: a pipe that nobody reads\n")
    with subprocess.Popen(["cat", "pipe"], cwd=here, stdout=subprocess.PIPE, text=True) as reader:
        assert derisk(*TARIFF, "--format", "csv", "--output", "pipe").returncode == 0
        assert reader.communicate()[0] == derisk(*TARIFF, "--format", "csv").stdout
