"""tools/embed.py makes a struct of the SQL statements of a folder."""

import subprocess
import sys

import pytest
from conftest import ROOT

TOOL = ROOT / "tools" / "embed.py"


def embed(folder):
    call = [TOOL, "sql", folder / "a_sql.h", folder / "a_sql.c", folder / "a.d", folder / "sql", "a_sql", "a_sql.h"]
    return subprocess.run([sys.executable, *call], capture_output=True, text=True)


def write(folder, name, text):
    (folder / "sql").mkdir(exist_ok=True)
    (folder / "sql" / name).write_text(text)


def test_statements_are_as_in_their_files(tmp_path):
    write(tmp_path, "one.sql", "-- A comment.\nSELECT 'a\\b', \"c\"\nFROM t;\n")
    write(
        tmp_path,
        "two.sql",
        "-- Of both.\n\n-- name: first\nSELECT 1;\n\n-- name: second\n-- Of this.\nSELECT 2;\nSELECT 3;\n",
    )
    assert embed(tmp_path).returncode == 0
    (tmp_path / "main.c").write_text(
        '#include "a_sql.h"\n#include <stdio.h>\n'
        'int main(void) { printf("%s|%s|%s", a_sql.one, a_sql.two.first, a_sql.two.second); return 0; }\n'
    )
    subprocess.run(["cc", "-o", "main", "main.c", "a_sql.c"], cwd=tmp_path, check=True)
    said = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    assert said == "SELECT 'a\\b', \"c\"\nFROM t\n|SELECT 1\n|SELECT 2;\nSELECT 3\n"
    rule = (tmp_path / "a.d").read_text()
    assert all(str(tmp_path / path) in rule for path in ("a_sql.h", "a_sql.c", "sql", "sql/one.sql", "sql/two.sql"))


@pytest.mark.parametrize(
    "text",
    [
        "-- name: a\nSELECT 1\n",
        "-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n",
        "SELECT 1;\n-- name: a\nSELECT 2;\n",
        "-- nothing\n",
    ],
)
def test_a_file_without_sound_statements_is_refused(tmp_path, text):
    write(tmp_path, "one.sql", text)
    done = embed(tmp_path)
    assert done.returncode != 0 and "one.sql" in done.stderr
