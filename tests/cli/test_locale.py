"""The same bytes in every locale. The program itself sets none, but programs that use the library do: here a small
library, loaded before it, calls setlocale() in the program's place, under a German locale, whose decimal point is a
comma."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT, run

# gnuplot, which the program starts, is a program of its own, and keeps to the point.
SET_LOCALE = """#include <locale.h>
#include <stdlib.h>
__attribute__((constructor)) static void set(void) { setlocale(LC_ALL, ""); unsetenv("LD_PRELOAD"); }
"""
NO_GNUPLOT = shutil.which("gnuplot") is None


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """The settings of a process whose numbers have a decimal comma; and a check that they do."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not shutil.which("localedef") or not compiler:
        pytest.skip("localedef or a C compiler is missing, so that no German locale can be made")
    folder = tmp_path_factory.mktemp("locale")
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", folder / "de_DE.UTF-8"], capture_output=True, check=False
    )
    if not (folder / "de_DE.UTF-8" / "LC_NUMERIC").exists():
        pytest.skip(f"localedef cannot make de_DE.UTF-8: {made.stderr.decode()[:200]}")
    (folder / "set.c").write_text(SET_LOCALE)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "set.so", folder / "set.c"], check=True)
    settings = {**os.environ, "LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8"}
    point = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"
    seen = subprocess.run([sys.executable, "-c", point], env=settings, capture_output=True, text=True, check=True)
    assert seen.stdout == ",\n"
    sanitizers = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return {**settings, "LD_PRELOAD": str(folder / "set.so"), "ASAN_OPTIONS": sanitizers.lstrip(":")}


def without_times(content):
    """Without what differs from run to run; a time with a comma would stay and be seen."""
    content = re.sub(rb"in \d+\.\d ms", b"in TIME", content)
    content = re.sub(rb'"solve_seconds": [\d.e-]+', b'"solve_seconds": TIME', content)
    return re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", b"DATE", content)


@pytest.fixture
def same(here, german):
    """same(..., files=): the command prints and writes the same under both locales."""

    def check(*arguments, files=(), status=0):
        seen = []
        for settings in ({**os.environ, "LC_ALL": "C"}, german):
            done = run(*arguments, cwd=here, env=settings, text=False)
            assert done.returncode == status, done.stderr
            written = [(here / name).read_bytes() for name in files]
            seen.append([without_times(content) for content in (done.stdout, done.stderr, *written)])
            for name in files:
                (here / name).unlink()
        assert seen[0] == seen[1]
        assert any(seen[0])

    return check


TARIFF = ("--tariff", "EU:CHN:electrical-optical:12.5%")


@pytest.mark.parametrize("format", ["text", "csv", "json", "parquet"])
@pytest.mark.parametrize(
    "command",
    [
        ("info", "sample.world"),
        ("simulate", "sample.world", *TARIFF),
        ("balance", "sample.world", "EU", "CHN", "--value-added", "--by", "sector"),
        ("exposure", "sample.world", "EU", "--hidden"),
        (
            "gravity",
            "sample.world",
            "--formula",
            "trade ~ international | exporter + importer",
            "--where",
            "trade > 0.5",
        ),
    ],
    ids=lambda command: command[0],
)
def test_every_format(same, command, format):
    same(*command, "--format", format)


def test_what_is_read_and_told(same, here):
    (here / "elasticity.csv").write_text("sector,trade_elasticity\nTEQ,4.5\n")
    (here / "scenario.yaml").write_text(
        "title: Half\nchanges:\n  - tariff: {by: EU, on: CHN, sectors: TEQ, rate: 0.125}\n"
    )
    same("simulate", "sample.world", "scenario.yaml", "--elasticity", "4.5", "--table", "decomposition")
    same("simulate", "sample.world", *TARIFF, "--draws", "5", "--elasticity-error", "12.5%", "--format", "csv")
    same("simulate", "sample.world", *TARIFF, "--rigid-wages", "EU:98.5%")
    same("propagate", "sample.world", "energy-stop.yaml")
    same("plan", "sample.world", "EU", "--from", "CHN", "--cap", "32.5%", "--starts", "1")
    same("play", "sample.world", "eu-leads.yaml", "--starts", "1", "--table", "summary")
    same("ties", "sample.world", "--format", "csv")


def test_refusals(same):
    same("simulate", "sample.world", "--tariff", "EU:CHN:TEQ:12,5%", status=2)
    same("simulate", "sample.world", "--tariff", "EU:CHN:TEQ:-150.5%", status=2)
    same("balance", "sample.world", "EU", "CHN", "--year", "1999", status=2)


def test_what_is_stored(here, german):
    worlds = {"c.world": {**os.environ, "LC_ALL": "C"}, "german.world": german}
    for name, settings in worlds.items():
        made = ("import", "icio", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--to", name)
        for arguments in (made, ("simulate", name, *TARIFF, "--store", "run")):
            done = run(*arguments, cwd=here, env=settings)
            assert done.returncode == 0, done.stderr
    for table in ("intermediate", "finding", "run_regions"):
        written = [run("export", name, "--table", table, cwd=here).stdout for name in worlds]
        assert written[0] == written[1].replace("german.world", "c.world") != ""


@pytest.mark.skipif(NO_GNUPLOT, reason="gnuplot is not installed")
@pytest.mark.parametrize(
    "command",
    [
        ("balance", "sample.world", "EU", "CHN", "--by", "sector", "--plot"),
        ("exposure", "sample.world", "EU", "--partners", "--map"),
        ("propagate", "sample.world", "energy-stop.yaml", "--table", "path", "--plot"),
        ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--starts", "1", "--plot"),
    ],
    ids=lambda command: command[0],
)
def test_pictures(same, command):
    same(*command, "picture.svg", files=["picture.svg"])


# ---- The check that no other function prints numbers -----------------------------------------------------------------

CHECK = ROOT / "tools" / "check-numbers.py"


def test_numbers_are_printed_in_one_place():
    done = subprocess.run([sys.executable, CHECK], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('printf("%g", x);', "printf() of a number with decimals"),
        ('fprintf(to,\n "a, %s"\n " (%.*f)", f(a, b), 3, x);', "fprintf() of a number with decimals"),
        ("snprintf(text, sizeof text, format, x);", "snprintf() with a format that is no literal"),
        ("x = strtod(text, NULL);", "strtod() is for base/print.c only"),
        ('sscanf(text, "%lf", &x);', "sscanf() of a number with decimals"),
        ("vsnprintf(text, size, format, arguments);", "vsnprintf() is for base/print.c only"),
    ],
)
def test_the_check_sees(tmp_path, line, why):
    (tmp_path / "a.c").write_text(
        f'/* printf("%g") */\nvoid f(void)\n{{\n    {line}\n    snprintf(t, 9, "%d%%", 3); // "%g"\n}}\n'
    )
    done = subprocess.run([sys.executable, CHECK, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path}/a.c:4: {why}")
    assert done.stderr.count("\n") == 1
