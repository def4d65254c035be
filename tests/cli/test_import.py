"""Files that are given without a layout: recognised, or refused with what they look like."""

import gzip
import shutil
import zipfile

import pytest
from conftest import ROOT

TABLE = "V1,AAA_x,BBB_x,AAA_C,BBB_C,OUT\nAAA_x,1,2,3,4,10\nBBB_x,5,6,7,8,26\nVA,4,18,0,0,22\n"


def test_a_table_is_found_in_an_archive_beside_documents(derisk, here):
    with zipfile.ZipFile(here / "t.zip", "w") as archive:
        for year in (2011, 2012):
            archive.writestr(f"tables/{year}.csv", TABLE)
        archive.writestr("ReadMe.pdf", "%PDF-1.4")
    done = derisk("import", "t.zip", "--to", "t.world")
    assert done.returncode == 0, done.stderr
    assert "files beside the tables that were left out: 1; the first is t.zip/ReadMe.pdf (a PDF document)" in done.stdout
    assert derisk("export", "t.world", "--table", "year").stdout.count("\n") == 3
    done = derisk("import", "t.zip", "--year", "2012", "--to", "one.world")
    assert done.returncode == 0, done.stderr
    assert "2012," in derisk("export", "one.world", "--table", "year").stdout
    assert "2011," not in derisk("export", "one.world", "--table", "year").stdout


def test_the_source_is_the_archive(derisk, here):
    with zipfile.ZipFile(here / "t.zip", "w") as archive:
        archive.writestr("2011.csv", TABLE)
    assert derisk("import", "t.zip/2011.csv", "--to", "t.world", "--quiet").returncode == 0
    assert "t.zip/2011.csv" in derisk("export", "t.world", "--table", "source").stdout


def test_the_layouts_that_were_there_are_recognised(derisk, here):
    done = derisk("import", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--to", "t.world")
    assert done.returncode == 0, done.stderr
    shutil.copy(ROOT / "data" / "sample" / "sample_2011.csv.gz", here / "a_2011.csv.gz")
    with gzip.open(here / "baci_2020.csv.gz", "wt") as file:
        file.write("t,i,j,k,v,q\n2020,156,276,850110,12.5,1\n")
    done = derisk("import", "baci_2020.csv.gz", "--classification", "HS17", "--to", "b.world")
    assert done.returncode == 0, done.stderr
    done = derisk("import", "a_2011.csv.gz", "baci_2020.csv.gz", "--to", "c.world")
    assert done.returncode == 2
    assert done.stderr == (
        "derisk: baci_2020.csv.gz: product flows of BACI, where a_2011.csv.gz is an inter-country input-output table: "
        "they go into the world by two commands\n"
    )
    assert not (here / "c.world").exists()


@pytest.mark.parametrize(
    "name, content, looks",
    [
        ("t.xlsx", b"PK\x03\x04\0\0", "an Excel workbook; save the sheet of the table as CSV"),
        ("t.csv", b"<!DOCTYPE html><html>", "a web page or XML document: was a login or a licence page saved instead of the file?"),
        ("t.rda", b"RDX3\n\0\0", "an R data file; write its table as CSV (write.csv)"),
        ("t.mat", b"MATLAB 7.3 MAT-file\0", "a MATLAB file; write its arrays as CSV"),
        ("t.pdf", b"%PDF-1.7\n", "a PDF document"),
        ("t.csv", b"", "an empty file"),
        ("t.csv", b"\x01\x02\0", "a binary file"),
        ("t.csv", b"a,b,c\n1,2,3\n", "a table with the columns 'a', 'b', 'c'; docs/import.md lists the layouts that are read"),
    ],
)
def test_a_file_that_is_no_table_says_what_it_looks_like(derisk, here, name, content, looks):
    (here / name).write_bytes(content)
    done = derisk("import", name, "--to", "t.world")
    assert (done.returncode, done.stderr) == (2, f"derisk: {name}: not a table that derisk reads; it looks like {looks}\n")
    assert not (here / "t.world").exists()


def test_a_folder_without_tables(derisk, here):
    (here / "papers").mkdir()
    (here / "papers" / "a.pdf").write_bytes(b"%PDF-1.7\n")
    done = derisk("import", "papers", "--to", "t.world")
    assert done.returncode == 2
    assert done.stderr == (
        "derisk: papers: none of its 1 files is a table that derisk reads; the first is papers/a.pdf (a PDF document)\n"
    )
