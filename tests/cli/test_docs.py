"""The documentation as a reader follows it: each page in an empty folder that holds the built-in worlds alone.

Commands run as written and print what the page shows (`make docs` renews that); files that they name are shown
before, under their names; commands that are not run, and those in the text, have options that exist.
tools/doc_pages.py says how a page is read."""

import csv
import functools
import gzip
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import doc_pages  # noqa: E402

PAGES = doc_pages.pages()
LANGUAGES = {"console", "sh", "text", "csv", "yaml", "sql", "c", "json", "bibtex", "python", "r", "stata"}
ELSEWHERE = {
    "git",
    "docker",
    "cd",
    "make",
    "sudo",
    "R",
    "unzip",
    "duckdb",
    "ninja",
    "meson",
    "build/bench/bench-coverage",
    "build/bench/bench-solve",
    "derisk",
    "build/derisk",
    "mkdir",
    "pip",
    "sbatch",
    "condor_submit",
    "condor_wait",
    "kubectl",
    "tools/setup.sh",
    "chromium",
}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.fixture
def reader(story, tmp_path):
    follows = doc_pages.Reader(PROGRAM, tmp_path)
    for world in ("sample.world", "trade.world"):
        shutil.copy(story[0] / world, follows.folder)
    yield follows
    follows.leave()


@each_page
def test_the_page_shows_what_the_program_prints(reader, page):
    for block in doc_pages.blocks(page.read_text()):
        reader.write(block)
        if block.language == "sh" and not block.rest:
            done = reader.run(block.text)
            assert done.returncode == 0, f"{block.text}{done.stdout}"
        for command, shown, _, _ in block.commands() if block.language == "console" else ():
            done = reader.run(command)
            assert done.returncode == 0, f"{command}\n{done.stdout}"
            assert doc_pages.agrees(done.stdout, shown), f"{command}\n{done.stdout}"


@each_page
def test_queries_of_the_page_run(story, page):
    queries = [block.text for block in doc_pages.blocks(page.read_text()) if block.language == "sql"]
    if not queries:
        return
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(story[0] / "sample.world"), read_only=True) as world:
        for query in queries:
            assert world.execute(query).fetchall(), query


@each_page
def test_blocks_have_a_language_and_files_their_names_above(page):
    text = page.read_text()
    for block in doc_pages.blocks(text):
        assert block.language in LANGUAGES, block.text
        if block.language in ("console", "sh"):
            assert block.rest in ("", "elsewhere"), block.text
        elif block.rest:
            above = text[: block.first].splitlines()[-3:-1]
            assert f"`{block.rest}`" in "".join(above), f"{block.rest} is not named above its block: {above}"


@functools.cache
def options_of(command):
    done = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"derisk {command}: {done.stderr}"
    return set(re.findall(r"--[a-z][a-z-]*", done.stdout)) | {"--help", "--version"}


def check_command(words):
    """A command of derisk exists, with the options that the words name; a bare option is one of the program."""
    if len(words) > 1 and re.fullmatch("[a-z]+", words[1]):
        unknown = {word.split("=")[0] for word in words[2:] if re.match("--[a-z]", word)} - options_of(words[1])
        assert not unknown, f"{' '.join(words)}: no option {unknown}"


def elsewhere(page):
    for block in doc_pages.blocks(page.read_text()):
        if block.language == "sh" and block.rest:
            for line in block.text.replace("\\\n", " ").splitlines():
                for command in line.split("&&"):
                    yield shlex.split(command, comments=True)


@each_page
def test_commands_that_are_not_run_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in elsewhere(page):
        assert words[0] in ELSEWHERE, words
        if words[0].endswith("derisk"):
            check_command(words)
        if words[0] == "tools/setup.sh":
            assert re.search(rf"^\s*{words[1]}\)|= {words[1]} ", (ROOT / words[0]).read_text(), re.MULTILINE), words
        if "make" in words:
            chosen = [word for word in words[words.index("make") + 1 :] if "=" not in word and not word.startswith("-")]
            assert set(chosen) <= targets, words


@each_page
def test_commands_in_the_text_exist(page):
    text = page.read_text()
    prose = doc_pages.BLOCK.sub("", text)
    commands = re.findall(r"`(derisk [^`]+)`", prose.replace("\n", " "))
    for block in doc_pages.blocks(text):
        if block.language == "text":
            commands += re.findall(r"^derisk .*(?:\n +.*)*", block.text, re.MULTILINE)
    for command in commands:
        check_command(re.sub(r"[\[\]()|]", " ", command).replace("'", " ").split())


def test_every_command_has_a_page(derisk):
    commands = re.findall(r"^  ([a-z]+)  ", derisk("help").stdout, re.MULTILINE)
    pages = {page.stem: page.read_text() for page in PAGES}
    for command in commands:
        assert pages.get(command, "").startswith(f"# derisk {command}\n"), command
        assert f"(docs/{command}.md)" in pages["README"], command
        options = pages[command].rpartition("\n## All options\n")[2]
        assert options.startswith(f"\n```console\n$ derisk {command} --help\n"), command  # what it prints is checked


@each_page
def test_option_tables_name_options_that_exist(derisk, page):
    """Tables explain options; which there are, and their defaults, says the last section of a command's page."""
    text = page.read_text()
    shown = re.search(r"^\$ derisk ([a-z]+) --help$", text, re.MULTILINE)
    if not shown:
        return
    exist = set(re.findall(r"^  (--[a-z-]+)", derisk(shown[1], "--help").stdout, re.MULTILINE))
    if page.stem == "concordance":  # which explains those of import
        exist |= set(re.findall(r"^  (--[a-z-]+)", derisk("import", "--help").stdout, re.MULTILINE))
    for table in re.findall(r"^\| options? \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE):
        first = " ".join(row.split("|")[1] for row in table.splitlines())
        assert set(re.findall(r"--[a-z-]+", first)) <= exist


def test_the_files_that_the_architecture_names_exist():
    files = {path.name for folder in ("src", "include", "web", "tools") for path in (ROOT / folder).rglob("*.*")}
    named = re.findall(r"`(?:[\w/-]*/)?([\w-]+\.(?:c|h|py|md))`", (ROOT / "ARCHITECTURE.md").read_text())
    assert len(named) > 10
    assert set(named) <= files


def test_a_table_of_the_oecd_as_the_readme_says(reader):
    shared = ROOT.parent / "shared" if "DERISK_SHARED" not in os.environ else Path(os.environ["DERISK_SHARED"])
    table = shared / "data" / "icio2023_8x45_2014" / "icio2023_8reg_2014.csv.gz"
    if not table.exists():
        pytest.skip("needs icio2023_8x45_2014 of the shared data (DERISK_SHARED)")
    with zipfile.ZipFile(reader.folder / "2016-2020_SML.zip", "w") as download:
        download.writestr("2020_SML.csv", gzip.decompress(table.read_bytes()))
    commands = [" ".join(words) for words in elsewhere(ROOT / "README.md") if "icio.world" in words]
    assert [command.split()[1] for command in commands] == ["import", "info", "simulate"]
    for command in commands:
        done = reader.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
    assert "tariff USA:MEX:C29:25%: overview, 2020" in done.stdout


def follow_stata(reader, text):
    """Does what concerns files in a do-file: data that are typed in, exports, the shell, and imports."""
    table, lines = [], iter(text.splitlines())
    for line in lines:
        command, _, rest = line.partition(" ")
        if command == "input":
            table = [[word for word in rest.split() if not re.fullmatch(r"str\d+", word)]]
            while (line := next(lines)) != "end":
                table.append(shlex.split(line))
        elif line.startswith("export delimited"):
            rows = "".join(",".join(row) + "\n" for row in table)
            (reader.folder / re.search(r"using (\S+),", line)[1]).write_text(rows)
        elif command == "shell":
            done = reader.run(rest)
            assert done.returncode == 0, done.stdout
        elif line.startswith("import delimited"):
            table = list(csv.reader((reader.folder / re.search(r"using (\S+),", line)[1]).open()))
        elif command == "list":
            variables = re.findall(r"[a-z_]+", re.split(r",| if | in ", rest)[0])
            assert len(table) > 1 and set(variables) <= set(table[0]), line


def test_the_do_files_run_but_for_stata(reader):
    files = list(doc_pages.blocks((ROOT / "docs" / "stata.md").read_text()))
    for block in files:
        reader.write(block)
        if block.language == "sh":
            assert reader.run(block.text).returncode == 0
    do_files = [block.text for block in files if block.language == "stata"]
    assert len(do_files) == 3
    for text in do_files:
        follow_stata(reader, text)


def test_a_link_to_nowhere_is_found(tmp_path):
    links = importlib.import_module("check-links")
    links.ROOT = tmp_path
    (tmp_path / "other.md").write_text("# A heading, with `code`\n")
    page = tmp_path / "page.md"
    page.write_text("[a](other.md#a-heading-with-code) [b](other.md#no) [c](none.md) [d](https://example.org)\n")
    assert list(links.broken(page)) == ["(other.md#no): no such heading", "(none.md): no such file"]


def test_a_long_line_is_found():
    lines = importlib.import_module("check-lines")
    words = "word " * 25
    assert list(lines.long_lines(f"short\n{words}\n| {words}|\n```text\n{words}\n```\n{words}\n")) == [
        (2, 125),
        (7, 125),
    ]


def test_renewing_an_output_changes_what_differs_alone():
    shown = "a 0.5 ms\nold\nb 12 sweeps\n...\n"
    assert doc_pages.renewed("a 0.9 ms\nnew\nb 13 sweeps\nc\n", shown) == "a 0.5 ms\nnew\nb 12 sweeps\n...\n"
    assert doc_pages.renewed("a\nb\n", "b\n") == "a\nb\n"
