"""The program as a person runs it. DERISK_PROGRAM names it; build/derisk is the default."""

import csv
import io
import os
import pathlib
import pty
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("DERISK_PROGRAM", ROOT / "build" / "derisk")).resolve()


def run(*arguments, cwd, **settings):
    """Runs derisk with the given arguments; standard output and error are kept as text unless `text` is False."""
    settings.setdefault("text", True)
    settings.setdefault("stdout", subprocess.PIPE)
    settings.setdefault("stderr", subprocess.PIPE)
    settings.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, timeout=120, **settings)


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    """A folder with sample.world and trade.world, and what the demonstration printed when it made them."""
    if not PROGRAM.exists():
        pytest.exit(f"{PROGRAM} is not built", returncode=3)
    folder = tmp_path_factory.mktemp("story")
    done = run("demo", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


@pytest.fixture
def here(story, tmp_path):
    """An empty folder but for the built-in worlds, its data files under the names that help uses, and the scenarios
    and shocks."""
    for world in ("sample.world", "trade.world"):
        shutil.copy(story[0] / world, tmp_path)
    sample = ROOT / "data" / "sample"
    shutil.copy(sample / "sample_2011.csv.gz", tmp_path / "wiod_2011.csv.gz")
    shutil.copy(sample / "sample_sectors.csv", tmp_path / "sectors.csv")
    shutil.copy(sample / "sample_regions.csv", tmp_path / "regions.csv")
    shutil.copy(ROOT / "data" / "trade" / "goods.csv.gz", tmp_path)
    for folder in ("scenarios", "shocks", "games"):
        for file in (ROOT / "data" / folder).glob("*.yaml"):
            shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def derisk(here):
    """derisk(...) in that folder."""
    return lambda *arguments, **settings: run(*arguments, cwd=here, **settings)


@pytest.fixture
def on_terminal(here):
    """on_terminal(...) runs derisk with a terminal as standard error, gives what that shows, and keeps standard
    output in a file."""

    def watch(*arguments):
        ours, theirs = pty.openpty()
        with open(here / "stdout", "w") as output:
            child = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=here, stdout=output, stderr=theirs)
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:  # the other end is closed
            pass
        os.close(ours)
        assert child.wait(timeout=60) == 0
        return seen

    return watch


@pytest.fixture
def refused(derisk, here):
    """refused(status, line, ...): the command ends with that status and that one line, and changes nothing."""

    def check(status, line, *arguments):
        before = {path.name: path.read_bytes() for path in here.iterdir() if path.is_file()}
        done = derisk(*arguments)
        assert done.stderr == f"derisk: {line}\n"
        assert done.returncode == status
        assert done.stdout == ""
        assert {path.name: path.read_bytes() for path in here.iterdir() if path.is_file()} == before

    return check


@pytest.fixture
def rows(derisk):
    """The rows that a command writes as CSV."""

    def run(*arguments):
        done = derisk(*arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return run
