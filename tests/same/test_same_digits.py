"""The same question has the same digits through every door: each cell of each table, to the last bit.

Needs the package of Python (installed, with `mcp` for the assistants' tools) and, for the cases of R, R and its package
in the library that DERISK_R_LIBRARY names; tools/same.sh brings all of them together."""

import asyncio
import csv
import http.client
import io
import json
import math
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml
from calls import CALLS

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["DERISK_BUILD"]).resolve()
PROGRAM = BUILD / "derisk"
dr = pytest.importorskip("derisk")


def run(*words, **settings):
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=True, cwd=ROOT, **settings).stdout


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    return dr.sample(to=tmp_path_factory.mktemp("same") / "sample.world")


# ---- Doors: each answers with rows of text, and of numbers exactly; None where there is none ----


def of_csv(text):
    return [list(row.values()) for row in csv.DictReader(io.StringIO(text))]


def of_json(rows):
    return [list(row.values()) for row in rows]


def by_program(world, words):
    words = [world.path if word == "W" else word for word in words.split()]
    return of_json(json.loads(run(PROGRAM, *words, "--format", "json", "--quiet"))["rows"])


def by_csv(world, words):
    words = [world.path if word == "W" else word for word in words.split()]
    return of_csv(run(PROGRAM, *words, "--format", "csv", "--quiet"))


def by_c(world, name):
    return of_csv(run(BUILD / "tests" / "same", world.path, name))


def by_python(world, call, monkeypatch):
    monkeypatch.chdir(ROOT)
    table = eval(call, {"w": world, "dr": dr})
    return [list(row.values()) for row in (table if hasattr(table, "columns") else table.regions)]


@pytest.fixture(scope="session")
def r_answers(world, tmp_path_factory):
    """All of R in one run: {case: rows}, whose numbers are written in base 16."""
    library = os.environ.get("DERISK_R_LIBRARY")
    if not library or not shutil.which("Rscript"):
        return None
    script = tmp_path_factory.mktemp("r") / "same.R"
    lines = [
        "library(derisk)",
        f"w <- dr_open('{world.path}')",
        "show <- function(name, table) {",
        "  cells <- lapply(as.data.frame(table), function(x)",
        "    if (is.numeric(x)) ifelse(is.na(x), '', sprintf('%a', as.numeric(x))) else as.character(x))",
        "  cat('case', name, '\\n')",
        "  write.table(as.data.frame(cells), sep = '\\t', quote = FALSE, row.names = FALSE, col.names = FALSE)",
        "}",
    ]
    lines += [f"show('{name}', {call['r']})" for name, call in CALLS.items() if "r" in call]
    script.write_text("\n".join(lines))
    said = run("Rscript", "--no-init-file", script, env=os.environ | {"R_LIBS": library})
    found = {}
    for line in said.splitlines():
        head = re.fullmatch(r"case (\w+) ", line)
        if head:
            rows = found.setdefault(head[1], [])
        else:
            rows.append([float.fromhex(cell) if re.match("-?0x", cell) else cell for cell in line.split("\t")])
    return found


@pytest.fixture(scope="session")
def server(world):
    child = subprocess.Popen([PROGRAM, "serve", world.path, "--port", "0"], stdout=subprocess.PIPE, text=True)
    port = int(re.search(r":(\d+)/", child.stdout.readline())[1])
    yield port
    child.terminate()
    assert child.wait(60) == 0


def document(value):
    """What stands in a file that is named; every other value as it is. PyYAML takes `on` for true."""
    if not (isinstance(value, str) and value.endswith(".yaml")):
        return value
    from derisk import _core

    return json.loads(_core.document_text(yaml.safe_load((ROOT / value).read_text())))


def by_http(port, path, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    body = body and {key: document(value) for key, value in body.items()}
    connection.request(
        "POST" if body else "GET",
        "/api/v1/" + path,
        body=json.dumps(body) if body else None,
        headers={"Content-Type": "application/json"} if body else {},
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, text
    found = json.loads(text)
    table = found if "rows" in found else found[next(iter(found))]
    return of_json(table["rows"])


def by_assistant(world, tool, arguments):
    mcp = pytest.importorskip("mcp")
    from derisk import mcp as server

    arguments = {key: document(value) for key, value in arguments.items()}
    tools = server.server_of(server.Worlds([world.path]))

    async def once():
        async with mcp.Client(tools) as client:
            return await client.call_tool(tool, {"world": "sample.world", **arguments})

    done = asyncio.run(once())
    assert not done.is_error, done.content[0].text
    return of_json(done.structured_content["rows"])


# ---- Comparison ----


def plain(cell):
    """A number, or a text; nothing, in whatever way a door writes it, is None."""
    if cell is None or cell == "" or (isinstance(cell, float) and not math.isfinite(cell)):
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    try:
        return float(cell)
    except ValueError:
        return cell


def difference(rows, wanted):
    """The first cell that differs, in words; or None."""
    if len(rows) != len(wanted):
        return f"{len(rows)} rows for {len(wanted)}"
    for number, (row, other) in enumerate(zip(rows, wanted), 1):
        row, other = [plain(cell) for cell in row], [plain(cell) for cell in other]
        if row != other:
            return f"row {number}: {row} for {other}"
    return None


@pytest.fixture(scope="session")
def wanted(world):
    return {name: by_program(world, call["program"]) for name, call in CALLS.items()}


def test_the_comparison_can_fail(wanted):
    rows = [list(row) for row in wanted["balance"]]
    rows[0][-1] = rows[0][-1] * (1 + 4e-16)
    assert difference(rows, wanted["balance"]) and difference(rows[1:], wanted["balance"])


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("door", ["csv", "c", "python", "r", "http", "assistant"])
def test_same_digits(name, door, world, wanted, server, r_answers, monkeypatch):
    call, reference = CALLS[name], wanted[name]
    if door == "csv":
        rows = by_csv(world, call["program"])
    elif door == "c":
        rows = by_c(world, name)
    elif door == "python":
        rows = by_python(world, call["python"], monkeypatch)
    elif door == "r":
        if r_answers is None:
            pytest.skip("there is no R with the package; tools/same.sh says how it comes")
        rows = r_answers[name]
    elif door not in call:
        pytest.skip(f"there is no such question through this door: {door}")
    elif door == "http":
        rows = by_http(server, *call["http"])
        reference, rows = reference, rows[: len(reference)]
    else:
        rows = by_assistant(world, *call["assistant"])
        reference = reference[: len(rows)]
    assert difference(rows, reference) is None
