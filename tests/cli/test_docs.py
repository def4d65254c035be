"""What the pages show is what the program prints: every console block is run, in order, in one folder per page.

A block that begins with ```csv NAME, or yaml, is a file of that name there."""

import re
import shlex

import pytest

from conftest import ROOT

PAGES = ["aggregate", "balance", "demo", "exposure", "export", "gravity", "import", "info", "plan", "play", "products", "propagate", "results", "simulate", "ties"]

# What differs from run to run or from machine to machine.
VARYING = [
    (r"[\d.]+ ms", "TIME"),
    (r"\d\.\de-\d\d", "RESIDUAL"),
    (r"\d+ sweeps", "SWEEPS"),
    (r"\(the trade balance of \w+\)|\(import shares of [^)]*\)|\(market of [^)]*\)", "(EQUATION)"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "DATE"),
]


def blocks(page):
    """(command, expected output) of each command in the page's console blocks."""
    text = (ROOT / "docs" / f"{page}.md").read_text()
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield command, output


def write_files(page, folder):
    text = (ROOT / "docs" / f"{page}.md").read_text()
    for name, content in re.findall(r"^```(?:csv|yaml) (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)


def same_lines(text):
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    # the last of all digits depend on the processor
    return re.sub(r"\d+\.\d{6,}", lambda digits: f"{float(digits[0]):.6g}", text).splitlines()


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_what_the_program_prints(derisk, here, page):
    commands = list(blocks(page))
    assert commands
    write_files(page, here)
    for command, expected in commands:
        program, *arguments = shlex.split(command)
        assert program == "derisk"
        done = derisk(*arguments)
        assert done.returncode == 0, command
        printed, wanted = same_lines(done.stdout + done.stderr), same_lines(expected)
        if wanted and wanted[-1] == "...":  # the page shows the beginning
            wanted.pop()
            printed = printed[: len(wanted)]
        assert printed == wanted, command
