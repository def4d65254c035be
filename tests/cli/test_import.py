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
    assert (
        "files beside the tables that were left out: 1; the first is t.zip/ReadMe.pdf (a PDF document)" in done.stdout
    )
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
    assert (
        done.stderr
        == "derisk: baci_2020.csv.gz: product flows of BACI, where a_2011.csv.gz is an inter-country input-output"
        " table: "
        "they go into the world by two commands\n"
    )
    assert not (here / "c.world").exists()


@pytest.mark.parametrize(
    "name, content, looks",
    [
        ("t.xlsx", b"PK\x03\x04\0\0", "an Excel workbook; save the sheet of the table as CSV"),
        (
            "t.csv",
            b"<!DOCTYPE html><html>",
            "a web page or XML document: was a login or a licence page saved instead of the file?",
        ),
        ("t.rda", b"RDA3\nA\n", "an R data file written as text; save it without ascii = TRUE"),
        ("t.feather", b"FEA1\0\0", "a Feather file of the first version; save its table as Parquet or CSV"),
        ("t.mat", b"MATLAB 7.3 MAT-file\0", "a MATLAB file without a table of EMERGING; write its arrays as CSV"),
        ("t.xls", b"\xd0\xcf\x11\xe0\0", "an old Excel workbook; save the sheet of the table as .xlsx"),
        (
            "wiot08_row_sep12.xls",
            b"\xd0\xcf\x11\xe0\0",
            "an old Excel workbook; of WIOD's release of 2013 take wiot08_row_sep12.xlsx in WIOTS_in_EXCEL.zip",
        ),
        (
            "WIOT2014_Nov16_ROW.xlsb",
            b"PK\x03\x04\0\0",
            "a binary Excel workbook; of WIOD's release of 2016 take WIOT2014_October16_ROW.RData in WIOTS_in_R.zip",
        ),
        ("t.xlsb", b"PK\x03\x04\0\0", "a binary Excel workbook; save the sheet of the table as .xlsx"),
        ("t.csv", "t\n".encode("utf-16"), "text in UTF-16; save it as UTF-8"),
        ("t.pdf", b"%PDF-1.7\n", "a PDF document"),
        ("t.csv", b"", "an empty file"),
        ("t.csv", b"\x01\x02\0", "a binary file"),
        (
            "t.csv",
            b"a,b,c\n1,2,3\n",
            "a table with the columns 'a', 'b', 'c'; docs/import.md lists the layouts that are read",
        ),
    ],
)
def test_a_file_that_is_no_table_says_what_it_looks_like(derisk, here, name, content, looks):
    (here / name).write_bytes(content)
    done = derisk("import", name, "--to", "t.world")
    assert (done.returncode, done.stderr) == (
        2,
        f"derisk: {name}: not a table that derisk reads; it looks like {looks}\n",
    )
    assert not (here / "t.world").exists()


def test_a_folder_without_tables(derisk, here):
    (here / "papers").mkdir()
    (here / "papers" / "a.pdf").write_bytes(b"%PDF-1.7\n")
    done = derisk("import", "papers", "--to", "t.world")
    assert done.returncode == 2
    assert (
        done.stderr
        == "derisk: papers: none of its 1 files is a table that derisk reads; the first is papers/a.pdf (a PDF"
        " document)\n"
    )


def workbook(path, rows=(), sheet="WIOT_2011", shared=None, doctype="", sheets=None):
    """A minimal workbook of one sheet or of several; texts stand in the cells, or all in the shared part."""

    def letters(column):
        return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)

    def cell(row, column, value):
        place = f"{letters(column)}{row}"
        if isinstance(value, (int, float)):
            return f'<c r="{place}"><v>{value}</v></c>'
        if shared is not None:
            shared.append(value)
            return f'<c r="{place}" t="s"><v>{len(shared) - 1}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'

    def body(rows):
        return "".join(
            f'<row r="{r}">' + "".join(cell(r, c, value) for c, value in enumerate(row) if value != "") + "</row>"
            for r, row in enumerate(rows, 1)
        )

    sheets = sheets or {sheet: rows}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    of_relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        named = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1))
        related = "".join(
            f'<Relationship Id="rId{i}" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1)
        )
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{of_relations}"><sheets>{named}</sheets></workbook>'
        )
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        for i, rows in enumerate(sheets.values(), 1):
            file.writestr(
                f"xl/worksheets/sheet{i}.xml",
                f'{doctype}<worksheet xmlns="{main}"><sheetData>{body(rows)}</sheetData></worksheet>',
            )
        if shared:
            file.writestr(
                "xl/sharedStrings.xml",
                f'<sst xmlns="{main}">' + "".join(f"<si><t>{text}</t></si>" for text in shared) + "</sst>",
            )


def sheet_rows():
    """Two regions of one sector each, in the layout of WIOD's release of 2013, with industries' columns c1 and c2 of
    the first."""
    return [
        ["Intercountry Input-Output Table for 2011"],
        ["", "", "", "", "AtB", "C"],
        ["(millions of US$)", "", "", "", "Agriculture", "Mining", "Households", "Total output"],
        ["", "", "", "", "DEU", "DEU", "DEU"],
        ["", "", "", "", "c1", "c2", "c37"],
        ["AtB", "Agriculture", "DEU", "c1", 1, 2, 3, 6],
        ["C", "Mining", "DEU", "c2", 4, 5, 6, 15],
        ["", "Total intermediate consumption", "TOT", "r60", 5, 7, 9],
        ["", "taxes less subsidies on products", "", "r99", 1, 1, 0],
        ["", "Value added at basic prices", "", "r64", 0, 7, 0],
        ["", "Output at basic prices", "", "r69", 6, 15, 9],
    ]


@pytest.mark.parametrize("shared", [None, []])
def test_a_workbook_in_the_layout_of_wiod(derisk, here, shared):
    workbook(here / "WIOT11_ROW_Sep12.xlsx", sheet_rows(), shared=shared)
    done = derisk("import", "WIOT11_ROW_Sep12.xlsx", "--to", "t.world")
    assert done.returncode == 0, done.stderr
    assert "WIOD, release of 2013" in done.stdout
    assert (
        derisk("export", "t.world", "--table", "intermediate").stdout == "year,origin,supplier,destination,user,value\n"
        "2011,DEU,c1,DEU,c1,1.0\n2011,DEU,c1,DEU,c2,2.0\n2011,DEU,c2,DEU,c1,4.0\n2011,DEU,c2,DEU,c2,5.0\n"
    )
    assert derisk("export", "t.world", "--table", "value_added").stdout.splitlines()[1:] == [
        "2011,DEU,c1,1.0",
        "2011,DEU,c2,8.0",
    ]


def broken(change):
    rows = sheet_rows()
    change(rows)
    return rows


def a_text(rows):
    rows[6][5] = "five"


def a_row_twice(rows):
    rows.insert(6, rows[5])


def a_row_without_column(rows):
    rows[6][3] = "c9"


def a_column_twice(rows):
    rows[4][5], rows[4][6] = "c2", "c2"


def no_value_added(rows):
    del rows[9]


@pytest.mark.parametrize(
    "change, message",
    [
        (a_text, "cell F7: 'five' is not a number"),
        (a_row_twice, "row 7: the row 'DEU_c1' appears twice"),
        (a_row_without_column, "row 7: the row 'DEU_c9' has no column of its name"),
        (a_column_twice, "column G: a second column of 'c2' in 'DEU'"),
        (no_value_added, "the row of value added is missing"),
    ],
)
def test_a_broken_workbook_is_refused(derisk, here, change, message):
    workbook(here / "t.xlsx", broken(change))
    done = derisk("import", "t.xlsx", "--year", "2011", "--to", "t.world")
    separator = ": " if message.startswith("the row of") else ", "
    assert (done.returncode, done.stderr) == (2, f"derisk: t.xlsx: sheet 'WIOT_2011'{separator}{message}\n")
    assert not (here / "t.world").exists()


def test_a_workbook_with_a_document_type_is_refused(derisk, here):
    workbook(here / "t.xlsx", sheet_rows(), doctype='<!DOCTYPE a [<!ENTITY b "c">]>')
    done = derisk("import", "t.xlsx", "--year", "2011", "--to", "t.world")
    assert done.returncode == 2
    assert "not a table that derisk reads" in done.stderr


def test_a_damaged_workbook_is_refused(derisk, here):
    workbook(here / "t.xlsx", sheet_rows())
    whole = (here / "t.xlsx").read_bytes()
    for size in (30, 200, len(whole) // 3, len(whole) // 2):
        (here / "cut.xlsx").write_bytes(whole[:size])
        done = derisk("import", "cut.xlsx", "--year", "2011", "--to", "t.world")
        assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
        assert not (here / "t.world").exists()


FLAT = "icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue\n"
CELLS = "DE_A,DE_A,DE,A,DE,A,1\nDE_A,DE_P51G,DE,A,DE,P51G,3\nW2_D1,DE_A,W2,D1,DE,A,3\n"
SERIES = "c_orig,ind_ava,c_dest,ind_use,unit,TIME_PERIOD,OBS_VALUE\n"


@pytest.mark.parametrize(
    "text, options, message",
    [
        (FLAT + CELLS + "DE_A,DE_A,DE,A,DE,A,1\n", [], "t_2011.csv:5: a second row for the cell DE_A, DE_A"),
        (FLAT + CELLS.replace(",3\n", ",x\n", 1), [], "t_2011.csv:3:7: 'x' is not a finite number"),
        (FLAT + CELLS.split("W2")[0], [], "t_2011.csv: no rows of value added (D1, D29X39, B2A3G)"),
        (
            FLAT + "W2_D1,DE_A,W2,D1,DE,A,3\n",
            [],
            "t_2011.csv: no cell of a seller; expected an inter-country input-output table",
        ),
        (
            SERIES + "DE,A,DE,A,MIO_NAC,2011,1\n",
            [],
            "t_2011.csv:2:5: the unit 'MIO_NAC'; expected MIO_EUR (million euro)",
        ),
        (
            SERIES + "DE,A,DE,A,MIO_EUR,2010,1\nDE,A,DE,A,MIO_EUR,2011,1\n",
            [],
            "t_2011.csv:3:6: a table of several years (2010 and 2011): choose one with --year",
        ),
        (SERIES + "DE,A,DE,A,MIO_EUR,2011,1\n", ["--year", "2012"], "t_2011.csv: has no row of the year 2012"),
        (
            SERIES + "DE,A,DE,A,MIO_EUR,2010,1\nDOM,D1,DE,A,MIO_EUR,2010,1\n",
            [],
            "t_2011.csv: a table of 2011 by its name, and of 2010 inside",
        ),
    ],
)
def test_a_broken_flat_file_is_refused(derisk, here, text, options, message):
    (here / "t_2011.csv").write_text(text)
    done = derisk("import", "t_2011.csv", *options, "--to", "t.world")
    assert (done.returncode, done.stderr) == (2, f"derisk: {message}\n")
    assert not (here / "t.world").exists()


def test_one_year_of_a_series(derisk, here):
    (here / "series.csv").write_text(
        SERIES
        + "".join(
            f"DE,A,DE,A,MIO_EUR,{y},1\nDE,A,DE,P51G,MIO_EUR,{y},{y}\nDOM,D1,DE,A,MIO_EUR,{y},5\n" for y in (2010, 2011)
        )
    )
    assert derisk("import", "series.csv", "--year", "2011", "--to", "t.world", "--quiet").returncode == 0
    assert derisk("export", "t.world", "--table", "final").stdout.splitlines()[1:] == ["2011,DE,A,DE,P51G,2011.0"]
