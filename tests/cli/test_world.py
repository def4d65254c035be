"""import, info, export and aggregate from the command line; what they compute has tests of its own in tests/import
and tests/world."""

import csv
import io
import json
import os
import pathlib
import time

import pytest

from conftest import ROOT

SHARED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))
IMPORT = ("import", "icio", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--regions", "regions.csv")


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def exported(derisk, world, table):
    done = derisk("export", world, "--table", table)
    assert (done.returncode, done.stderr) == (0, "")
    return rows(done.stdout)


def test_an_import_makes_the_world_of_the_demonstration(derisk):
    assert derisk(*IMPORT, "--to", "new.world").returncode == 0
    for table in ("region", "sector", "intermediate", "final", "value_added"):
        assert exported(derisk, "new.world", table) == exported(derisk, "sample.world", table)


def test_the_report_of_an_import(derisk, here):
    done = derisk(*IMPORT, "--to", "a.world", "--format", "json")
    report = json.loads(done.stdout)
    assert report["command"] == "import"
    assert {"year", "subject", "place", "found", "done"} == set(report["rows"][0])
    quiet = derisk(*IMPORT, "--to", "b.world", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    kept = derisk(*IMPORT, "--to", "c.world", "--quiet", "--output", "report.csv", "--format", "csv")
    assert kept.stdout == ""
    assert [row["found"] for row in rows((here / "report.csv").read_text())] == [row["found"] for row in report["rows"]]


def test_strict_imports_write_nothing(derisk, here):
    done = derisk(*IMPORT, "--to", "new.world", "--strict")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("derisk: wiod_2011.csv.gz: ")
    assert not list(here.glob("new.world*"))


def test_years_of_files(derisk, refused, here):
    (here / "wiod_2011.csv.gz").rename(here / "table.csv.gz")
    line = "table.csv.gz: its name contains no year of four digits; give the year"
    refused(2, line, "import", "icio", "table.csv.gz", "--to", "new.world")
    assert derisk("import", "icio", "table.csv.gz", "--year", "2012", "--to", "new.world").returncode == 0
    assert [row["year"] for row in exported(derisk, "new.world", "year")] == ["2012"]


def test_an_import_of_the_long_format(derisk):
    folder = SHARED / "data" / "nafta-1993"
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not in the shared folder")
    assert derisk("import", "long", folder, "--to", "nafta.world").returncode == 0
    result = derisk("simulate", "nafta.world", "--tariff", "USA:Mexico:all:0%", "--closure", "zero", "--format", "json")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["year"] == 1993


def test_info_shows_what_is_there(derisk):
    info = rows(derisk("info", "sample.world", "--format", "csv").stdout)
    names = {kind: [row["name"] for row in info if row["what"] == kind] for kind in {row["what"] for row in info}}
    assert names["year"] == ["2011"]
    assert len(names["region"]) == 22 and len(names["sector"]) == 17
    assert names["group"] == ["BRI", "BRICS", "EU", "G7"]
    assert "derisk-sample" in names["source"][0]
    assert names["check"]


def test_exports_agree(derisk, here):
    from_csv = exported(derisk, "sample.world", "final")
    from_json = json.loads(derisk("export", "sample.world", "--table", "final", "--format", "json").stdout)
    assert [{name: str(value) for name, value in row.items()} for row in from_json] == [
        {name: str(float(value)) if name == "value" else value for name, value in row.items()} for row in from_csv
    ]
    assert derisk("export", "sample.world", "--table", "final", "--output", "final.csv").stdout == ""
    assert rows((here / "final.csv").read_text()) == from_csv
    parquet = derisk("export", "sample.world", "--table", "final", "--format", "parquet", text=False).stdout
    assert parquet[:4] == parquet[-4:] == b"PAR1"


def test_wrong_exports(refused):
    line = "sample.world: there is no table 'finals'; did you mean 'final'?"
    refused(2, line, "export", "sample.world", "--table", "finals")
    line = "export: --format 'text': expected csv, json or parquet"
    refused(1, line, "export", "sample.world", "--table", "final", "--format", "text")


def test_aggregation_keeps_totals(derisk, here):
    europe = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "GBR", "XEU"}
    codes = [row["code"] for row in exported(derisk, "sample.world", "region")]
    maps = "".join(f"{code},{'EU1' if code in europe else code},\n" for code in codes)
    (here / "map.csv").write_text("region,to,name\n" + maps)
    done = derisk("aggregate", "sample.world", "--regions", "map.csv", "--to", "small.world")
    assert (done.returncode, done.stderr) == (0, "")
    for table in ("intermediate", "final", "value_added"):
        small, large = (exported(derisk, world, table) for world in ("small.world", "sample.world"))
        assert len(small) < len(large)
        assert sum(float(row["value"]) for row in small) == pytest.approx(
            sum(float(row["value"]) for row in large), rel=1e-12
        )
    assert derisk("simulate", "small.world", "--tariff", "EU1:CHN:all:10%").returncode == 0


def test_wrong_aggregations(refused, here):
    (here / "map.csv").write_text("region,to\nDEU,X\n")
    line = "map.csv: has no row for the region 'FRA'"
    refused(2, line, "aggregate", "sample.world", "--regions", "map.csv", "--to", "small.world")


def test_a_bar_for_what_takes_long(here, on_terminal):
    """On a terminal, after a second, and wiped out at the end."""
    tables = sorted((SHARED / "data" / "wiod").glob("wiod_*.csv.gz"))
    if not tables:
        pytest.skip("wiod is not in the shared folder")
    started = time.monotonic()
    seen = on_terminal("import", "icio", *tables, "--to", "years.world")
    if time.monotonic() - started < 1.5:
        pytest.skip("this machine is too fast for a bar")
    assert b"wiod_20" in seen and b"%" in seen and b"#" in seen
    assert seen.endswith(b"\r\x1b[K")
    assert b"\x1b" not in (here / "stdout").read_bytes()
