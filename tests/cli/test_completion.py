"""The completion scripts, and the candidates for which they ask the program."""

import os
import shlex
import shutil
import subprocess

import pytest

from conftest import PROGRAM

BASH = shutil.which("bash")


@pytest.fixture
def words(derisk):
    """words(...): the candidates for the last of the words."""

    def offered(*line):
        done = derisk("completion", "words", "--", *line)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split("\n")[:-1]

    return offered


def test_commands(words):
    assert words("si") == ["simulate"]
    assert {"demo", "import", "results", "--version"} <= set(words(""))
    assert words("help", "ag") == ["aggregate"]
    assert words("simulat", "") == []


def test_options(words):
    assert words("simulate", "w", "--cl") == ["--closure"]
    assert words("info", "w", "--st") == []
    assert "--strict" in words("import", "icio", "--")
    assert words("plan", "w", "-")[0] == "--help"


def test_values_of_options(words):
    assert words("info", "w", "--format", "") == ["text", "csv", "json", "parquet"]
    assert words("simulate", "w", "--closure", "i") == ["income-share"]
    assert words("simulate", "w", "--closure=z") == ["--closure=zero"]
    assert words("simulate", "w", "--elasticity", "") == [
        "caliendo-parro-2015",
        "fontagne-guimbard-orefice-2022",
        "lashkaripour-lugovskyy-2023",
    ]
    assert words("plan", "w", "EU", "--levers", "tariff,h") == ["tariff,home"]


def test_arguments(words):
    assert words("import", "") == []  # files
    assert words("info", "") == []
    assert words("completion", "") == ["bash", "zsh", "fish", "words"]


def test_regions_and_sectors_of_the_world_on_the_line(words):
    assert words("exposure", "sample.world", "DE") == ["DEU"]
    assert {"EU", "G7"} <= set(words("balance", "sample.world", "DEU", ""))
    assert words("plan", "sample.world", "EU", "--from", "CH") == ["CHN"]
    assert words("ties", "sample.world", "--sectors", "mining,elec") == ["mining,electrical-optical"]
    assert {"all", "goods"} <= set(words("ties", "sample.world", "--sectors", ""))
    assert words("gravity", "flows.csv", "--world", "sample.world", "--among", "") == []
    assert words("exposure", "none.world", "DE") == []


def test_parts_of_a_change(words):
    assert words("simulate", "sample.world", "--tariff", "DE") == ["DEU:"]
    assert words("simulate", "sample.world", "--tariff", "EU:CHN:machi") == ["EU:CHN:machinery:"]
    assert words("simulate", "sample.world", "--tariff", "EU:CHN:machinery:") == []
    assert words("simulate", "sample.world", "--ban", "EU:CHN:machi") == ["EU:CHN:machinery"]
    assert words("simulate", "sample.world", "--tie=EU:CH") == ["--tie=EU:CHN"]


@pytest.mark.skipif(not BASH, reason="bash is not installed")
def test_the_script_of_bash(derisk, here):
    (here / "completion").write_text(derisk("completion", "bash").stdout)
    (here / "derisk").symlink_to(PROGRAM)

    def offered(line):
        script = (
            f"source completion; COMP_LINE='{line}' COMP_POINT={len(line)}; _derisk; printf '%s\\n'"
            ' "${COMPREPLY[@]}"'
        )
        done = subprocess.run([BASH, "-c", script], cwd=here, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.split()

    assert offered("./derisk si") == ["simulate"]
    assert offered("./derisk info w --format ") == ["text", "csv", "json", "parquet"]
    assert offered("./derisk simulate sample.world --tariff EU:CHN:machi") == [
        "machinery:"
    ]  # bash keeps what is before the colon
    assert offered("./derisk simulate w --closure=z") == ["zero"]
    assert offered("./derisk info ") == []
    assert "complete -o bashdefault -o default -F _derisk derisk\n" in (here / "completion").read_text()


# zsh completes in its line editor alone; its builtin that takes the candidates is replaced by one that prints them.
ZSH = """
compdef() { }
compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@" }
_files() { print FILES }
source ./completion
words=(%s)
CURRENT=${#words}
_derisk
"""


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_the_script_of_zsh(derisk, here):
    (here / "completion").write_text(derisk("completion", "zsh").stdout)
    (here / "derisk").symlink_to(PROGRAM)

    def offered(*words):
        script = ZSH % " ".join(map(shlex.quote, words))
        done = subprocess.run(["zsh", "-f", "-c", script], cwd=here, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.split()

    assert offered("./derisk", "si") == ["simulate"]
    assert offered("./derisk", "info", "w", "--format", "") == ["text", "csv", "json", "parquet"]
    assert offered("./derisk", "simulate", "sample.world", "--ban", "EU:CHN:machi") == ["EU:CHN:machinery"]
    assert offered("./derisk", "info", "") == ["FILES"]


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_the_script_of_fish(derisk, here):
    (here / "completion").write_text(derisk("completion", "fish").stdout)
    (here / "derisk").symlink_to(PROGRAM)

    def offered(line):
        script = f"source completion; set PATH . $PATH; complete -C {shlex.quote(line)}"
        environment = os.environ | {"HOME": str(here), "XDG_CONFIG_HOME": str(here)}
        done = subprocess.run(
            ["fish", "-c", script], cwd=here, capture_output=True, text=True, check=True, env=environment
        )
        assert done.stderr == ""
        return done.stdout.split()

    assert "simulate" in offered("derisk si")
    assert offered("derisk simulate w --closure=z") == ["--closure=zero"]
    assert offered("derisk simulate sample.world --ban EU:CHN:machi") == ["EU:CHN:machinery"]
    assert "sample.world" in offered("derisk info ")  # files


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_valid(derisk, here, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (here / "script").write_text(derisk("completion", shell).stdout)
    done = subprocess.run(
        [shell, "--no-execute" if shell == "fish" else "-n", "script"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_every_script_asks_the_program(derisk, shell):
    script = derisk("completion", shell).stdout
    assert f"printed by 'derisk completion {shell}'" in script and "completion words --" in script
