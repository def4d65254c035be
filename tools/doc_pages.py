"""The pages of the documentation as programs: their console blocks, the files that they show, and what of the printed text may vary.

A block that begins with ```console holds commands, each after "$ ", and what they print. A block that begins with ```csv NAME,
```yaml NAME or another language and a name is a file of that name in the reader's folder. The commands of a page run in order in
one folder, which holds sample.world, the data files that derisk comes with and the files of the page."""

import difflib
import pathlib
import re
import shlex
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[1]

# What differs from run to run or from machine to machine.
VARYING = [
    (r"[\d.]+ ms", "TIME"),
    (r"\d\.\de-\d\d", "RESIDUAL"),
    (r"\d+ sweeps", "SWEEPS"),
    (r"\(the trade balance of \w+\)|\(import shares of [^)]*\)|\(market of [^)]*\)", "(EQUATION)"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "DATE"),
]

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
SHOWN_FILE = re.compile(r"^```(?:csv|yaml) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CUT = "..."  # as the last line of an output: the page shows its beginning


def pages():
    """The paths of the pages that hold commands with their output: the README and all of docs/."""
    return [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))] if CONSOLE.search(page.read_text())]


def commands(text):
    """(command, its output as shown, where that output begins and ends in the text) of each command in the console blocks."""
    for block in CONSOLE.finditer(text):
        for command in COMMAND.finditer(block[1]):
            at = block.start(1) + command.start(2)
            yield command[1], command[2], at, at + len(command[2])


def write_files(text, folder):
    """Writes the files that the page shows into the folder, and copies the data files that derisk comes with."""
    shutil.copy(ROOT / "data" / "trade" / "goods.csv.gz", folder)
    sample = ROOT / "data" / "sample"
    shutil.copy(sample / "sample_2011.csv.gz", folder / "wiod_2011.csv.gz")
    shutil.copy(sample / "sample_sectors.csv", folder / "sectors.csv")
    shutil.copy(sample / "sample_regions.csv", folder / "regions.csv")
    for name, content in SHOWN_FILE.findall(text):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)


def run(program, command, folder):
    """Runs a command of a page in the folder; its output and errors are one text."""
    name, *arguments = shlex.split(command)
    assert name in ("derisk", "build/derisk"), command
    return subprocess.run([program, *arguments], cwd=folder, timeout=120, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def same_lines(text):
    """The lines of a text without what varies."""
    for pattern, name in VARYING:
        text = re.sub(pattern, name, text)
    # the last of all digits depend on the processor
    return re.sub(r"\d+\.\d{6,}", lambda digits: f"{float(digits[0]):.6g}", text).splitlines()


def shown_part(printed, shown):
    """As many lines of what was printed as the page shows, and whether the page cuts the output there."""
    lines = shown.splitlines()
    if lines and lines[-1] == CUT:
        return "".join(printed.splitlines(keepends=True)[: len(lines) - 1]), True
    return printed, False


def agrees(printed, shown):
    """Whether the page shows what was printed, but for what varies."""
    part, cut = shown_part(printed, shown)
    return same_lines(part) == same_lines(shown)[: -1 if cut else None]


def renewed(printed, shown):
    """What the page should show: what was printed, cut where the page cuts it; lines that differ only by what varies stay."""
    part, cut = shown_part(printed, shown)
    old, new = shown.splitlines(keepends=True)[: -1 if cut else None], part.splitlines(keepends=True)
    lines = []
    matcher = difflib.SequenceMatcher(None, same_lines("".join(old)), same_lines(part), autojunk=False)
    for kind, old_first, old_end, new_first, new_end in matcher.get_opcodes():
        lines += old[old_first:old_end] if kind == "equal" else new[new_first:new_end]
    return "".join(lines) + (f"{CUT}\n" if cut else "")
