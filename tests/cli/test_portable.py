"""tools/check-portable.py finds calls of one system outside the file that is for them, and not in comments."""

import subprocess
import sys

import pytest
from conftest import ROOT

CHECK = ROOT / "tools" / "check-portable.py"


def complaints(folder):
    done = subprocess.run([sys.executable, CHECK, folder], capture_output=True, text=True)
    assert (done.returncode == 0) == (done.stderr == "")
    return done.stderr


def test_the_project_is_in_order():
    assert complaints(ROOT / "src") == ""


@pytest.mark.parametrize(
    "line", ['int f = memfd_create("x", 0);', "x = reallocarray(x, 2, 3);", 'fopen("/proc/meminfo", "r");']
)
def test_a_call_of_linux_is_found(tmp_path, line):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "portable.c").write_text(line + "\n")
    assert complaints(tmp_path) == ""
    (tmp_path / "base" / "other.c").write_text(f"/* {line} */\nint a;\n{line}\n")
    assert "other.c:3: " in complaints(tmp_path) and complaints(tmp_path).count("\n") == 1
