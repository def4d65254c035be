"""tools/check-layers.py finds an include that the folders' README.md do not allow, and each other fault that it is
for."""

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT

CHECK = ROOT / "tools" / "check-layers.py"


@pytest.fixture
def house(tmp_path):
    """Two folders in order: low, and high, which uses it."""
    for name, uses in (("low", "nothing"), ("high", "low")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(f"# {name}\n\nMay use: {uses}.\n")
    (tmp_path / "low" / "stone.h").write_text("int stone;\n")
    (tmp_path / "high" / "roof.c").write_text('#include "low/stone.h"\n')
    return tmp_path


def complaints(folder):
    done = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def test_a_house_in_order_passes(house):
    assert complaints(house) == ""


def test_the_project_is_in_order():
    assert complaints(ROOT / "src") == ""


def change_include(house):
    (house / "low" / "stone.c").write_text('#include "high/roof.h"\n')


def change_bare(house):
    (house / "low" / "stone.c").write_text('#include "stone.h"\n')


def change_readme(house):
    (house / "low" / "README.md").write_text("# low\n")


def change_unused(house):
    (house / "high" / "roof.c").write_text("")


def change_circle(house):
    (house / "low" / "README.md").write_text("# low\n\nMay use: high.\n")
    (house / "low" / "stone.c").write_text('#include "high/roof.h"\n')


def change_name(house):
    (house / "high" / "stone.c").write_text("")


@pytest.mark.parametrize(
    "change, found",
    [
        (change_include, 'stone.c:1: include "high/roof.h": low may not use high'),
        (change_bare, 'headers are named from src/, as "folder/header.h"'),
        (change_readme, 'without the line "May use:'),
        (change_unused, "high does not use low"),
        (change_circle, "folders that use each other in a circle: high, low"),
        (change_name, "a file of this name is in"),
    ],
)
def test_each_fault_is_found(house, change, found):
    change(house)
    assert found in complaints(house)


def test_changes_at_random_know_the_tests_of_each_folder():
    """tools/mutate.py changes lines of any folder, and names the tests that are to notice."""
    text = (ROOT / "tools" / "mutate.py").read_text()
    table = re.search(r"^CONCERNS = (\{.*?^\})", text, re.M | re.S)[1]
    concerns = ast.literal_eval(table)
    folders = {folder.name for folder in (ROOT / "src").iterdir() if list(folder.glob("*.c"))}
    assert set(concerns) == folders - {"wasm"}
    for folder, (c_folders, stems) in concerns.items():
        assert all((ROOT / "tests" / name).is_dir() for name in c_folders.split()), folder
        assert all((ROOT / "tests" / "cli" / f"test_{stem}.py").exists() for stem in stems.split()), folder
