"""Help, the man page and the command table say the same, and what they say works."""

import re
import shlex
import shutil
import subprocess

import pytest

from conftest import ROOT

COMMANDS = ["demo", "import", "info", "export", "aggregate", "balance", "ties", "exposure", "gravity", "simulate", "propagate", "plan", "play", "serve", "results", "completion", "help"]


def options_in(help_text):
    return re.findall(r"^  (--[a-z-]+)", help_text, re.MULTILINE)


def test_version(derisk):
    header = (ROOT / "include" / "derisk.h").read_text()
    version = re.search(r'#define DR_VERSION "(.*)"', header)[1]
    done = derisk("--version")
    assert (done.returncode, done.stdout) == (0, f"derisk {version}\n")
    assert f'"derisk {version}"' in (ROOT / "docs" / "derisk.1").read_text().splitlines()[0]


def test_help_lists_every_command(derisk):
    overview = derisk("help").stdout
    assert re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE) == COMMANDS
    assert derisk("--help").stdout == overview
    assert max(map(len, overview.splitlines())) <= 110


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "serve"])  # which does not end: test_serve.py
def test_help_of_a_command_and_its_example(derisk, here, command):
    regions = [line.split(",")[0] for line in (here / "regions.csv").read_text().splitlines()[1:]]
    (here / "regions-map.csv").write_text("region,to\n" + "".join(f"{code},WORLD\n" for code in regions))
    help_text = derisk(command, "--help").stdout
    assert derisk("help", command).stdout == help_text
    assert help_text.startswith(f"derisk {command}: ")
    assert max(map(len, help_text.splitlines())) <= 110
    example = help_text.split("\nExample:\n")[1].strip()
    program, *arguments = shlex.split(example)
    assert program == "derisk" and arguments[0] == command
    done = derisk(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_the_man_page_has_every_option(derisk, command):
    page = (ROOT / "docs" / "derisk.1").read_text().replace("\\-", "-")
    section = re.search(rf"^\.SS {command}$(.*?)(?=^\.S[SH] )", page, re.MULTILINE | re.DOTALL)
    assert section, f"no section on {command}"
    for option in options_in(derisk(command, "--help").stdout):
        assert re.search(rf"{option}\b", section[1]), f"{command} {option}"


def test_the_man_page_is_well_formed():
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    done = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", ROOT / "docs" / "derisk.1"],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "MANWIDTH": "100"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
