"""The completion script, in bash."""

import shutil
import subprocess

import pytest

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(not BASH, reason="bash is not installed")


@pytest.fixture
def complete(derisk, here):
    (here / "completion").write_text(derisk("completion", "bash").stdout)

    def offered(*words):
        """What bash offers for the last of the words; nothing means that it goes on with files."""
        line = " ".join(f"'{word}'" for word in words)
        script = f"source completion; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _derisk; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run([BASH, "-c", script], cwd=here, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.split()

    return offered


def test_commands(complete):
    assert complete("derisk", "si") == ["simulate"]
    assert {"demo", "import", "results", "--version"} <= set(complete("derisk", ""))
    assert complete("derisk", "help", "ag") == ["aggregate"]


def test_options(complete, derisk):
    assert complete("derisk", "simulate", "w", "--cl") == ["--closure"]
    assert complete("derisk", "info", "w", "--st") == []
    assert "--strict" in complete("derisk", "import", "icio", "--")


def test_values_of_options(complete):
    assert complete("derisk", "info", "w", "--format", "") == ["text", "csv", "json", "parquet"]
    assert complete("derisk", "simulate", "w", "--closure", "i") == ["income-share"]
    assert complete("derisk", "simulate", "w", "--closure", "=", "z") == ["zero"]
    assert complete("derisk", "simulate", "w", "--closure", "=") == ["fixed", "income-share", "zero"]
    assert complete("derisk", "simulate", "w", "--elasticity", "") == [
        "caliendo-parro-2015",
        "fontagne-guimbard-orefice-2022",
        "lashkaripour-lugovskyy-2023",
    ]


def test_arguments(complete):
    assert complete("derisk", "import", "") == ["icio", "long", "baci", "comtrade", "comext", "energy", "materials"]
    assert complete("derisk", "import", "icio", "") == []  # files
    assert complete("derisk", "info", "") == []
    assert complete("derisk", "completion", "") == ["bash"]


def test_files_where_nothing_else_fits(derisk):
    assert "complete -o bashdefault -o default -F _derisk derisk\n" in derisk("completion", "bash").stdout
