"""What names, titles and file names hold must not steer a terminal, leave a comment of LaTeX, or spoil a picture."""

import json
import re
import shutil
from xml.etree import ElementTree

import pytest

STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
EVIL = "a\x1b[31mb\x9b32mc\u202ed\u2066e\u200ff\x7fg"


@pytest.fixture
def evil(here, derisk):
    """A world whose regions and sectors have such names, and a scenario with such a title."""
    regions = (here / "regions.csv").read_text().splitlines()
    head = regions[0].split(",")
    named = [regions[0]]
    for line in regions[1:]:
        cells = line.split(",")
        cells[head.index("name")] = EVIL + cells[0]
        named.append(",".join(cells))
    (here / "named.csv").write_text("\n".join(named) + "\n")
    done = derisk(
        "import",
        "icio",
        "wiod_2011.csv.gz",
        "--sectors",
        "sectors.csv",
        "--regions",
        "named.csv",
        "--to",
        "evil.world",
        "--quiet",
    )
    assert done.returncode == 0, done.stderr
    title = json.dumps(EVIL + "\nnot a comment")  # a text of YAML too, with escapes
    (here / "evil.yaml").write_text(
        f"title: {title}\nchanges:\n  - tariff: {{by: EU, on: CHN, sectors: TEQ, rate: 25%}}\n"
    )
    return here


def test_text_and_latex(evil, derisk):
    for arguments in (
        ["info", "evil.world"],
        ["simulate", "evil.world", "evil.yaml"],
        ["simulate", "evil.world", "evil.yaml", "--store", EVIL],
    ):
        done = derisk(*arguments)
        assert not STEERS.search(done.stdout + done.stderr)
        if done.returncode == 0:
            assert "32mc" in done.stdout
    assert derisk("simulate", "evil.world", "evil.yaml", "--output", "table.tex").returncode == 0
    lines = (evil / "table.tex").read_text().split("\n")
    assert lines[0].startswith("% a") and "% needs \\usepackage{booktabs}" in lines[:3]
    assert not STEERS.search("\n".join(lines))


def test_data_stay_as_they_are(evil, derisk):
    exported = derisk("export", "evil.world", "--table", "region", "--format", "csv").stdout
    assert EVIL in exported
    result = json.loads(derisk("simulate", "evil.world", "evil.yaml", "--format", "json").stdout)
    assert EVIL in json.dumps(result, ensure_ascii=False) or EVIL in result["title"]


@pytest.mark.skipif(shutil.which("gnuplot") is None, reason="gnuplot is not installed")
def test_pictures(evil, derisk):
    assert (
        derisk("exposure", "evil.world", "EU", "--partners", "--plot", "a.svg", "--map", "b.svg", "--quiet").returncode
        == 0
    )
    for name in ("a.svg", "b.svg"):
        text = (evil / name).read_text()
        ElementTree.fromstring(text)
        assert not STEERS.search(text.replace("\t", " "))


@pytest.mark.parametrize("name", [EVIL, "line\nbreak", "\u2067x"])
def test_errors(derisk, here, name):
    for arguments in (
        ["info", name],
        ["simulate", "sample.world", name],
        ["simulate", "sample.world", "--ban", f"{name}:CHN:all"],
        ["simulate", "sample.world", "--ban", "EU:CHN:all", "--output", f"{name}/x"],
        ["simulate", "sample.world", "--ban", "EU:CHN:all", "--output", f"x.{name}"],
        [name],
        ["info", "sample.world", f"--{name}"],
        ["import", "icio", name, "--to", "x.world"],
    ):
        done = derisk(*arguments)
        assert done.returncode in (1, 2)
        assert done.stderr.count("\n") == 1 and done.stderr.endswith("\n")
        assert not STEERS.search(done.stderr)


def test_file_names_in_text(derisk, here):
    shutil.copy(here / "sample.world", here / f"{EVIL}.world")
    done = derisk("simulate", f"{EVIL}.world", "--ban", "EU:RUS:mining", "--store", "x")
    assert done.returncode == 0
    assert not STEERS.search(done.stdout + done.stderr)
