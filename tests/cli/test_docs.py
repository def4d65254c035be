"""What the pages show is what the program prints: every console block is run, in order, in one folder per page.

`make docs` writes what is printed into the pages; tools/doc_pages.py says how a page is read."""

import shutil
import sys

import pytest

from conftest import PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import doc_pages  # noqa: E402


@pytest.mark.parametrize("page", doc_pages.pages(), ids=lambda page: page.stem)
def test_the_page_shows_what_the_program_prints(story, tmp_path, page):
    text = page.read_text()
    shutil.copy(story[0] / "sample.world", tmp_path)
    doc_pages.write_files(text, tmp_path)
    for command, shown, _, _ in doc_pages.commands(text):
        done = doc_pages.run(PROGRAM, command, tmp_path)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        assert doc_pages.agrees(done.stdout, shown), f"{command}\n{done.stdout}"


def test_renewing_an_output_changes_what_differs_alone():
    shown = "a 0.5 ms\nold\nb 12 sweeps\n...\n"
    assert doc_pages.renewed("a 0.9 ms\nnew\nb 13 sweeps\nc\n", shown) == "a 0.5 ms\nnew\nb 12 sweeps\n...\n"
    assert doc_pages.renewed("a\nb\n", "b\n") == "a\nb\n"
