"""The pages of the documentation as programs.

A page is read from its beginning to its end, in an empty folder that holds sample.world and trade.world alone. Each
fenced block has a language:

    console         commands, each after "$ ", and what they print
    sh              commands whose output is not shown; each line must succeed
    sh elsewhere    commands that need the network, an administrator or data that the reader has: checked, not run
    csv NAME, yaml NAME, ...   the file NAME, which is written into the folder
    sql             a query of sample.world
    python          statements and what they show, run in order by tests/python/test_page.py
    r               statements, with what they print after "#> "; needs R and the package
    text, yaml, ... synopses, formulas, and parts of files: a synopsis is checked, nothing is run

`derisk serve` runs in the background until the page ends, on a free port in place of 8787."""

import dataclasses
import difflib
import gzip
import os
import pathlib
import re
import signal
import socket
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

BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
CUT = "..."  # as the last line of an output: the page shows its beginning

# `derisk serve` answers in the background, one server at a time, and no browser is opened.
DERISK = """#!/bin/sh
[ "$1 $2" = "serve --help" ] && exec "$DERISK_PROGRAM" "$@"
[ "$1" = serve ] || exec "$DERISK_PROGRAM" "$@"
if [ -e "$DERISK_STATE/server" ]; then
    kill "$(cat "$DERISK_STATE/server")"
    while kill -0 "$(cat "$DERISK_STATE/server")" 2>/dev/null; do sleep 0.1; done
fi
"$DERISK_PROGRAM" "$@" --port "$DERISK_PORT" >"$DERISK_STATE/address" 2>&1 </dev/null &
echo $! >"$DERISK_STATE/server"
for tenth in $(seq 100); do
    grep -q http: "$DERISK_STATE/address" && exit 0
    sleep 0.1
done
cat "$DERISK_STATE/address"
exit 1
"""


@dataclasses.dataclass
class Block:
    """A fenced block: its language and what follows it, its text, and where that text begins in the page."""

    language: str
    rest: str
    text: str
    first: int

    def commands(self):
        """(command, its output as shown, where that output begins and ends in the page) of each command of a console
        block."""
        for command in COMMAND.finditer(self.text):
            first = self.first + command.start(2)
            yield command[1], command[2], first, first + len(command[2])


def pages():
    """The paths of all pages: the README and docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text):
    """The fenced blocks of a page, in order."""
    for found in BLOCK.finditer(text):
        language, _, rest = found[1].partition(" ")
        yield Block(language, rest, found[2], found.start(2))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Reader:
    """Somebody who follows a page in a folder, with derisk, make's build/derisk and no browser on the path."""

    def __init__(self, program, folder):
        self.folder = folder / "reader"
        self.folder.mkdir()
        self.state = folder / "state"
        programs = self.state / "programs"
        programs.mkdir(parents=True)
        for name, content in (("derisk", DERISK), ("xdg-open", "#!/bin/sh\n")):
            (programs / name).write_text(content)
            (programs / name).chmod(0o755)
        self.port = str(free_port())
        self.environment = os.environ | {
            "DERISK_PROGRAM": str(program),
            "DERISK_STATE": str(self.state),
            "DERISK_PORT": self.port,
            "PATH": f"{programs}:{os.environ['PATH']}",
        }

    def write(self, block):
        """Writes the file that a block shows, if it shows one."""
        if block.rest and block.language not in ("sh", "console"):
            path = self.folder / block.rest
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text)

    def run(self, commands):
        """Runs commands as a shell does that stops at the first failure; output and errors are one text."""
        commands = commands.replace("build/derisk", "derisk").replace("127.0.0.1:8787", f"127.0.0.1:{self.port}")
        return subprocess.run(
            ["bash", "-ec", commands],
            cwd=self.folder,
            env=self.environment,
            timeout=120,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def leave(self):
        """Ends the server, if one was started."""
        if (self.state / "server").exists():
            os.kill(int((self.state / "server").read_text()), signal.SIGTERM)


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
    """What the page should show: what was printed, cut where the page cuts it; lines that differ only by what varies
    stay."""
    part, cut = shown_part(printed, shown)
    old, new = shown.splitlines(keepends=True)[: -1 if cut else None], part.splitlines(keepends=True)
    lines = []
    matcher = difflib.SequenceMatcher(None, same_lines("".join(old)), same_lines(part), autojunk=False)
    for kind, old_first, old_end, new_first, new_end in matcher.get_opcodes():
        lines += old[old_first:old_end] if kind == "equal" else new[new_first:new_end]
    return "".join(lines) + (f"{CUT}\n" if cut else "")


# ---- R ----


@dataclasses.dataclass
class RBlock:
    """A block of R: its statements, what it shows of their output, and where its text stands in the page."""

    code: str
    shown: str
    first: int
    end: int

    def text(self, output):
        """The block with this output."""
        return self.code + "".join(f"#> {line}".rstrip() + "\n" for line in output.splitlines())


def r_blocks(text):
    """The blocks of R of a page, in order; of each the statements come first."""
    for block in blocks(text):
        if block.language == "r":
            shown = "".join(f"{line}\n" for line in re.findall("^#>[ ]?(.*)$", block.text, re.MULTILINE))
            code = re.sub("^#>.*\n", "", block.text, flags=re.MULTILINE)
            yield RBlock(code, shown, block.first, block.first + len(block.text))


def r_outputs(found, folder, environment):
    """Runs blocks of R in one session, in a folder that gets the flows of the sample; returns what each printed. A
    failure is a RuntimeError."""
    goods = gzip.decompress((ROOT / "data" / "trade" / "goods.csv.gz").read_bytes())
    (folder / "goods.csv").write_bytes(goods)
    mark = "---- a block ends ----"
    script = "options(width = 110)\n"
    for number, block in enumerate(found):
        (folder / f"block{number}.R").write_text(block.code)
        script += f'source("block{number}.R", print.eval = TRUE)\ncat("{mark}\\n")\n'
    (folder / "script.R").write_text(script)
    done = subprocess.run(
        ["Rscript", "--no-init-file", "script.R"],
        cwd=folder,
        env=environment,
        timeout=600,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout)
    return [re.sub(" +$", "", output, flags=re.MULTILINE) for output in done.stdout.split(f"{mark}\n")[:-1]]
