"""The tests of the R package itself (r/inst/tinytest), and its page of the documentation as a reader follows it, on
the package that is installed from the build into a library of its own. Where there is no R, these tests are
skipped."""

import gzip
import os
import pathlib
import re
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
def rscript(tmp_path_factory):
    """rscript(text, folder) runs a script of R that finds the package; its output and errors are one text."""
    if not shutil.which("Rscript"):
        pytest.skip("there is no R; tools/setup.sh r installs it")
    library = tmp_path_factory.mktemp("library")
    done = subprocess.run([ROOT / "tools" / "r-package.sh", PROGRAM.parent, library], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    def run(text, folder):
        script = folder / "script.R"
        script.write_text(text)
        return subprocess.run(
            ["Rscript", "--no-init-file", script],
            cwd=folder,
            text=True,
            timeout=600,
            env=os.environ | {"R_LIBS": str(library), "DERISK_PROGRAM": str(PROGRAM)},
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


def blocks():
    """(code, output as shown) of each block of R on the page, whose output has "#> " before each line."""
    for block in doc_pages.blocks(PAGE.read_text()):
        if block.language == "r":
            shown = "".join(f"{line}\n" for line in re.findall("^#>[ ]?(.*)$", block.text, re.MULTILINE))
            yield re.sub("^#>.*\n", "", block.text, flags=re.MULTILINE), shown


def test_the_page_shows_what_r_prints(rscript, tmp_path):
    (tmp_path / "goods.csv").write_bytes(gzip.decompress((ROOT / "data" / "trade" / "goods.csv.gz").read_bytes()))
    mark = "---- a block ends ----"
    script = "options(width = 110)\n"
    for number, (code, _) in enumerate(blocks()):
        (tmp_path / f"block{number}.R").write_text(code)
        script += f'source("block{number}.R", print.eval = TRUE)\ncat("{mark}\\n")\n'
    done = rscript(script, tmp_path)
    assert done.returncode == 0, done.stdout
    printed = done.stdout.split(f"{mark}\n")
    for (code, shown), output in zip(blocks(), printed):
        output = re.sub(" +$", "", output, flags=re.MULTILINE)
        assert not shown or doc_pages.agrees(output, shown), f"{code}\n{output}"
