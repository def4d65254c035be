"""Help, the man page and the command table say the same, and what they say works."""

import re
import shlex
import shutil
import subprocess

import pytest

from conftest import ROOT

COMMANDS = [
    *(
        "demo",
        "fetch",
        "import",
        "info",
        "check",
        "export",
        "aggregate",
        "update",
        "concordance",
        "balance",
        "ties",
        "exposure",
        "footprint",
    ),
    *(
        "position",
        "gravity",
        "simulate",
        "combine",
        "propagate",
        "plan",
        "play",
        "report",
        "serve",
        "results",
        "schema",
        "completion",
        "help",
    ),
]


@pytest.fixture(scope="module")
def manual(story):
    from conftest import run

    done = run("help", "--man", cwd=story[0])
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def options_in(help_text):
    return re.findall(r"^  (--[a-z-]+)", help_text, re.MULTILINE)


def test_version(derisk, manual):
    header = (ROOT / "include" / "derisk.h").read_text()
    version = re.search(r'#define DR_VERSION "(.*)"', header)[1]
    done = derisk("--version")
    assert (done.returncode, done.stdout) == (0, f"derisk {version}\n")
    assert f'"derisk {version}"' in manual.splitlines()[0]


def test_help_lists_every_command(derisk):
    overview = derisk("help").stdout
    assert re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE) == COMMANDS
    assert derisk("--help").stdout == overview
    assert max(map(len, overview.splitlines())) <= 110


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(derisk, command):
    help_text = derisk(command, "--help").stdout
    assert derisk("help", command).stdout == help_text
    assert help_text.startswith(f"derisk {command}: ")
    assert max(map(len, help_text.splitlines())) <= 100
    assert all(line == line.rstrip() for line in help_text.splitlines())
    page = re.search(r"^Documentation: (docs/[a-z]+\.md); terms: docs/glossary\.md$", help_text, re.MULTILINE)[1]
    assert (ROOT / page).exists()


@pytest.mark.parametrize(
    "command", [command for command in COMMANDS if command != "serve"]
)  # which does not end: test_serve.py
def test_the_example_of_a_command_works(derisk, here, command):
    regions = [line.split(",")[0] for line in (here / "regions.csv").read_text().splitlines()[1:]]
    (here / "regions-map.csv").write_text("region,to\n" + "".join(f"{code},WORLD\n" for code in regions))
    if command == "footprint":  # whose accounts an import brings
        (here / "co2.csv").write_text("region,sector,account,unit,value\nCHN,metals,CO2,kt,2000000\n")
        assert derisk("import", "account", "co2.csv", "--to", "sample.world", "--quiet").returncode == 0
    if command == "combine":  # whose parts simulate makes
        (here / "parts").mkdir()
        drawn = ("--draws", "2", "--elasticity-error", "20%", "--part", "1/1", "--output", "parts/1.parquet", "--quiet")
        assert derisk("simulate", "sample.world", "--ban", "DEU:CHN:mining", *drawn).returncode == 0
    example = re.search(r"^Example:\n  (.*)$", derisk(command, "--help").stdout, re.MULTILINE)[1]
    program, *arguments = shlex.split(example)
    assert program == "derisk" and arguments[0] == command
    done = derisk(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_help_has_defaults_lists_and_needs(derisk):
    words = " ".join(derisk("plan", "--help").stdout.split())
    assert "number of starting points for the optimiser (default: 2)" in words
    assert "maximum share of the supplier in each sector, such as 40%" in words
    assert "closure of trade imbalances: fixed, income-share or zero (default: fixed)" in words
    assert "as a share of its value; needs --stock (default: 10%)" in words
    assert "usage: derisk plan WORLD OF --from FROM [OPTIONS]" in words
    assert "Model; needs --cut:" in derisk("exposure", "--help").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_man_page_has_every_option(derisk, manual, command):
    section = re.search(rf"^\.SS {command}$(.*?)(?=^\.S[SH] )", manual.replace("\\-", "-"), re.MULTILINE | re.DOTALL)
    assert section, f"no section on {command}"
    for option in options_in(derisk(command, "--help").stdout):
        assert re.search(rf"{option}\b", section[1]), f"{command} {option}"


def test_the_man_page_has_ranges_and_what_excludes_what(manual):
    plan = re.search(r"^\.SS plan$(.*?)(?=^\.S[SH] )", manual.replace("\\-", "-"), re.MULTILINE | re.DOTALL)[1]
    assert "A value is a whole number from 1 to 1000." in plan
    assert "Cannot be combined with --budget, --max-loss, --max-concentration, --table or --draws." in plan


def test_the_man_page_is_well_formed(manual, tmp_path):
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    (tmp_path / "derisk.1").write_text(manual)
    done = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", tmp_path / "derisk.1"],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "MANWIDTH": "100"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "help"])
def test_the_last_option_of_help_is_known(derisk, command):
    """However many options there are."""
    last = re.findall(r"^  --([a-z-]+)", derisk(command, "--help").stdout, re.M)
    if last:
        assert "unknown option" not in derisk(command, f"--{last[-1]}", "x").stderr
