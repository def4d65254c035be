"""Arrow files (Feather) and streams, as pyarrow 26 and polars 2.1 wrote them: tests/fuzz/corpus/arrow."""

import csv
import io
import random
import shutil
import struct

import pytest

from conftest import ROOT

FILES = ROOT / "tests" / "fuzz" / "corpus" / "arrow"
TABLE = """label,AAA_x,BBB_x,AAA_Consumption,BBB_Consumption,OUT
AAA_x,1,2.5,3,4,10.5
BBB_x,5,6,7,8,26
VA,4.5,17.5,,,
"""
FLOWS = """t,i,j,k,v,q
2020,276,156,010121,1.5,1
2020,156,276,850110,20,
2020,842,276,850110,3,2.5
"""


def exported(derisk, world, *tables):
    texts = [derisk("export", world, "--table", table, "--format", "csv").stdout for table in tables]
    assert all(texts)
    return texts


# Texts and numbers compressed by LZ4; categories by Zstandard; a stream in two batches with numbers of single precision
# and long offsets; texts in views, as polars has them.
@pytest.mark.parametrize("name", ["numbers.feather", "categories.feather", "batches.arrows", "views.arrow"])
def test_a_table_is_read_as_its_csv(derisk, here, name):
    (here / "t_2011.csv").write_text(TABLE)
    shutil.copy(FILES / name, here / f"t_2011.{name.split('.')[1]}")
    for file, world in (("t_2011.csv", "a.world"), (f"t_2011.{name.split('.')[1]}", "b.world")):
        done = derisk("import", file, "--to", world, "--quiet")
        assert done.returncode == 0, done.stderr
    tables = ("intermediate", "final", "value_added", "output")
    assert exported(derisk, "a.world", *tables) == exported(derisk, "b.world", *tables)


def test_product_flows_are_read_as_their_csv(derisk, here):
    (here / "baci.csv").write_text(FLOWS)
    shutil.copy(FILES / "flows.feather", here)
    shutil.make_archive(str(here / "packed"), "zip", FILES, "flows.feather")
    worlds = {"baci.csv": "a.world", "flows.feather": "b.world", "packed.zip": "c.world"}
    for file, world in worlds.items():
        done = derisk("import", file, "--classification", "HS17", "--to", world, "--quiet")
        assert done.returncode == 0, done.stderr
    rows = {world: exported(derisk, world, "product_trade")[0] for world in worlds.values()}
    assert rows["a.world"] == rows["b.world"] == rows["c.world"]
    values = {(row["exporter"], row["product"]): row["value"] for row in csv.DictReader(io.StringIO(rows["b.world"]))}
    assert values == {("DEU", "010121"): "1.5", ("CHN", "850110"): "20.0", ("USA", "850110"): "3.0"}


def refusal(derisk, here, name, content, *options):
    (here / name).write_bytes(content)
    done = derisk("import", name, "--to", "x.world", "--quiet", *options)
    assert not (here / "x.world").exists() or done.returncode == 0
    (here / "x.world").unlink(missing_ok=True)
    return done.returncode, done.stderr


def test_a_column_of_another_type_is_named(derisk, here):
    assert refusal(derisk, here, "t_2011.feather", (FILES / "dates.feather").read_bytes()) == (
        2,
        "derisk: t_2011.feather: the column 'when' holds dates; expected numbers or texts: save it as such, or without"
        " the column\n",
    )


def test_what_the_database_alone_reads_is_no_arrow_file(derisk, here):
    shutil.copy(FILES / "flows.feather", here)
    done = derisk("gravity", "flows.feather", "--formula", "v ~ q")
    assert done.returncode == 2
    assert "flows.feather: an Arrow file or an R data file; save its table as Parquet or CSV\n" in done.stderr


@pytest.mark.parametrize("name", ["numbers.feather", "batches.arrows"])
def test_a_truncated_file(derisk, here, name):
    content = (FILES / name).read_bytes()
    for size in (9, 40, 200, len(content) // 2, len(content) - 12):
        code, error = refusal(derisk, here, "t_2011." + name.split(".")[1], content[:size])
        assert code == 2 and error.count("\n") == 1, (size, error)
        assert "truncated" in error or "VA (value added) is missing" in error, (size, error)


def test_damaged_files_are_refused_in_one_line(derisk, here):
    draw = random.Random(7)
    for name in ("numbers.feather", "categories.feather", "batches.arrows", "views.arrow"):
        for _ in range(8):
            content = bytearray((FILES / name).read_bytes())
            for _ in range(draw.randrange(1, 6)):
                content[draw.randrange(8, len(content) - 10)] = draw.choice((0, 1, 127, 128, 255))
            code, error = refusal(derisk, here, "t_2011.arrow", bytes(content))
            assert code in (0, 2) and error.count("\n") == (code == 2), error


def test_a_buffer_that_claims_too_much(derisk, here):
    """The length in front of a compressed buffer; that of the first one here is 1 byte of valid cells."""
    content = bytearray((FILES / "numbers.feather").read_bytes())
    place = content.index(struct.pack("<I", 0x184D2204)) - 8  # the sign of LZ4
    content[place : place + 8] = struct.pack("<q", 1 << 50)
    assert refusal(derisk, here, "t_2011.feather", bytes(content)) == (
        2,
        "derisk: t_2011.feather:2: the Arrow data are damaged (a buffer expands beyond reason)\n",
    )
