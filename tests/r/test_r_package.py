"""The tests of the R package itself (r/inst/tinytest), and its page of the documentation as a reader follows it, on
the package that is installed from the build into a library of its own. Where there is no R, these tests are
skipped."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("DERISK_PROGRAM", ROOT / "build" / "derisk")).resolve()
PAGE = ROOT / "docs" / "r.md"

sys.path.insert(0, str(ROOT / "tools"))
import doc_pages  # noqa: E402


@pytest.fixture(scope="session")
def r_environment(tmp_path_factory):
    """The environment in which R finds the package."""
    if not shutil.which("Rscript"):
        pytest.skip("there is no R; tools/setup.sh r installs it")
    library = tmp_path_factory.mktemp("library")
    done = subprocess.run([ROOT / "tools" / "r-package.sh", PROGRAM.parent, library], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return os.environ | {"R_LIBS": str(library), "DERISK_PROGRAM": str(PROGRAM)}


@pytest.fixture(scope="session")
def rscript(r_environment):
    """rscript(text, folder) runs a script of R that finds the package; its output and errors are one text."""

    def run(text, folder):
        script = folder / "script.R"
        script.write_text(text)
        return subprocess.run(
            ["Rscript", "--no-init-file", script],
            cwd=folder,
            text=True,
            timeout=600,
            env=r_environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return run


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "r" / "inst" / "tinytest").glob("*.R")))
def test_the_package(rscript, tmp_path, file):
    if "TRUE" not in rscript('cat(requireNamespace("tinytest", quietly = TRUE))', tmp_path).stdout:
        pytest.skip("needs R's package tinytest; tools/setup.sh r installs it")
    run = f'tinytest::run_test_file("{ROOT}/r/inst/tinytest/{file}", verbose = 0)'
    done = rscript(f"results <- {run}\nprint(results)\nquit(status = !tinytest::all_pass(results))\n", tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_page_shows_what_r_prints(r_environment, tmp_path):
    found = list(doc_pages.r_blocks(PAGE.read_text()))
    printed = doc_pages.r_outputs(found, tmp_path, r_environment)
    assert len(printed) == len(found) > 0
    for block, output in zip(found, printed):
        assert not block.shown or doc_pages.agrees(output, block.shown), f"{block.code}\n{output}"
