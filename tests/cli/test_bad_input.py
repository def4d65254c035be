"""Tables as they should not be: each is read, or refused with one line that says what is wrong and what to do."""

import gzip
import os
import pathlib
import zipfile

import pytest
from conftest import ROOT

REAL = (
    pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))
    / "data/mrio_samples/icio2023_small/2014_SML.csv"
)

TABLE = """V1,AAA_x,AAA_y,BBB_x,BBB_y,AAA_C,BBB_C,OUT
AAA_x,10,5,2,1,22,10,50
AAA_y,4,30,1,3,50,12,100
BBB_x,3,1,20,6,6,44,80
BBB_y,1,4,7,50,2,86,150
VA,32,60,50,90,0,0,232
OUT,50,100,80,150,80,152,612
"""
ROWS = TABLE.splitlines()
TRANSPOSED = "".join(",".join(column) + "\n" for column in zip(*(row.split(",") for row in ROWS)))


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "\n".join([ROWS[0], ",crops,metals,crops,metals,use,use,", *ROWS[1:]]),
            "t_2011.csv:2:1: the row has no label: is it a second row of headings? expected one such row",
        ),
        (
            "\n".join([",AAA,AAA,BBB,BBB,AAA,BBB,", ",x,y,x,y,C,C,OUT", *ROWS[1:]]),
            (
                "t_2011.csv: not a table that derisk reads; it looks like a table with the columns '', 'AAA', 'AAA',"
                " 'BBB', 'BBB', 'AAA', ...: if there are two rows of headings, join them to labels REGION_SECTOR;"
                " docs/import.md lists the layouts that are read"
            ),
        ),
        (
            TRANSPOSED,
            (
                "t_2011.csv:1:6: the column 'VA' (value added): the table is transposed; expected sellers in rows and"
                " buyers in columns, and value added in a row"
            ),
        ),
        (
            "Trade of 2011,,,\n" + TABLE,
            (
                "t_2011.csv: not a table that derisk reads; it looks like text that begins with 'Trade of 2011'; if its"
                " table begins further down, remove the lines above the header"
            ),
        ),
        (
            TABLE.replace(",", "\t").replace("10", "10,5"),
            (
                "t_2011.csv:2:2: row AAA_x, column AAA_x: '10,5' is not a finite number; write decimals with a point,"
                " and thousands without a separator"
            ),
        ),
        (
            TABLE.replace("AAA", "DE").replace("BBB", "DEU"),
            (
                "t_2011.csv: the regions 'DE' and 'DEU' are both Germany (DEU); give the economies of each in the"
                " column 'parts' of a CSV of regions"
            ),
        ),
        (
            "year,iso3_o,iso3_d,gdp_o,gdp_d\n2011,AAA,BBB,1,2\n",
            (
                "t_2011.csv: not a table that derisk reads; it looks like a table with the columns 'year', 'iso3_o',"
                " 'iso3_d', 'gdp_o', 'gdp_d': a panel of pairs of countries, which derisk gravity reads as it is;"
                " docs/import.md lists the layouts that are read"
            ),
        ),
        (
            "".join(f'"{i or ""}",{row}\n' for i, row in enumerate(ROWS)),
            (
                "t_2011.csv:2:1: the row '1' has a number for a label: if the first column counts the rows, as R writes"
                " it, save the table without it (row.names = FALSE)"
            ),
        ),
        ("\n".join(ROWS[:4]), "t_2011.csv: the row VA (value added) is missing"),
        (TABLE.replace("AAA_C", ""), "t_2011.csv:1:6: the column has no label"),
        (
            TABLE.replace(",OUT\n", ",\n", 1),
            "t_2011.csv:1: the column OUT (total output) is missing; the header has 7 columns",
        ),
        (TABLE[:150], "t_2011.csv:6: a row of 4 cells, but the header has 8"),
    ],
)
def test_a_broken_table_is_refused(derisk, here, text, message):
    (here / "t_2011.csv").write_text(text)
    done = derisk("import", "t_2011.csv", "--to", "t.world")
    assert (done.returncode, done.stderr) == (2, f"derisk: {message}\n")
    assert not (here / "t.world").exists()


def cells(derisk, file):
    done = derisk("import", file, "--to", file + ".world", "--quiet")
    assert done.returncode == 0, done.stderr
    return [
        derisk("balance", file + ".world", *pair, "--format", "csv").stdout for pair in (("AAA", "BBB"), ("BBB", "AAA"))
    ]


def test_separators_of_other_countries_change_nothing(derisk, here):
    table = TABLE.replace("10", "10.5")
    same = {
        "plain_2011.csv": table,
        "semicolons_2011.csv": table.replace(",", ";"),
        "decimals_2011.csv": table.replace(",", ";").replace(".", ","),
        "said_2011.csv": "sep=;\r\n" + table.replace(",", ";").replace(".", ",").replace("\n", "\r\n"),
        "tabs_2011.txt": table.replace(",", "\t"),
        "bars_2011.csv": table.replace(",", "|"),
        "blank_2011.csv": table + ",,,,,,,\n   ,,,,,,,\n\n",
        "columns_2011.csv": table.replace("\n", ",,\n"),
        "rows_2011.csv": table.replace("\n", ",\n").replace(",\n", "\n", 1),
    }
    for name, text in same.items():
        (here / name).write_text(text, newline="")
    plain = cells(derisk, "plain_2011.csv")
    assert all(cells(derisk, name) == plain for name in same)


FLOWS = "t,i,j,k,v,q\n2021,156,276,850440,1000.5,3.25\n2021,842,276,850440,500,\n"


def test_product_flows_with_separators_of_other_countries(derisk, here):
    same = {
        "BACI_HS17_Y2021.csv": FLOWS,
        "BACI_HS17_Y2021_a.csv": FLOWS.replace(",", ";").replace(".", ","),
        "BACI_HS17_Y2021_b.csv": "sep=;\n" + FLOWS.replace(",", ";"),
        "BACI_HS17_Y2021_c.tsv": FLOWS.replace(",", "\t"),
        "BACI_HS17_Y2021_d.csv": FLOWS.replace("\n", ",,\n"),
    }
    seen = set()
    for name, text in same.items():
        (here / name).write_text(text)
        done = derisk("import", name, "--to", name + ".world", "--format", "csv")
        assert done.returncode == 0, done.stderr
        seen.add((done.stdout, derisk("export", name + ".world", "--table", "product_trade", "--format", "csv").stdout))
    assert len(seen) == 1


def test_a_damaged_gzip_file(derisk, here):
    packed = bytearray(gzip.compress(TABLE.encode()))
    packed[40] ^= 255
    (here / "t_2011.csv.gz").write_bytes(packed)
    done = derisk("import", "t_2011.csv.gz", "--to", "t.world")
    assert done.returncode == 2 and done.stderr.startswith("derisk: t_2011.csv.gz: cannot be read: ")
    assert done.stderr.count("t_2011.csv.gz") == 1


def test_editions_are_not_mixed(derisk, here):
    (here / "a_2010.csv").write_text(TABLE)
    (here / "b_2011.csv").write_text(TABLE.replace("BBB", "CCC"))
    (here / "c_2011.csv").write_text(TABLE.replace("_y", "_z"))
    for second, message in (
        ("b_2011.csv", "b_2011.csv: the world has no region 'CCC'"),
        ("c_2011.csv", "c_2011.csv: the world has no sector 'z'; did you mean 'x'?"),
    ):
        done = derisk("import", "a_2010.csv", second, "--to", "t.world")
        assert (done.returncode, done.stderr) == (2, f"derisk: {message}\n")
        assert not (here / "t.world").exists()


def test_an_archive_with_two_tables_of_a_year(derisk, here):
    with zipfile.ZipFile(here / "many.zip", "w") as archive:
        for name in ("x_2010.csv", "y_2010.csv"):
            archive.writestr(name, TABLE)
    done = derisk("import", "many.zip", "--to", "t.world")
    message = "many.zip/y_2010.csv: is of the year 2010, as is many.zip/x_2010.csv; choose one by its path"
    assert (done.returncode, done.stderr) == (2, f"derisk: {message}\n")
    assert derisk("import", "many.zip/x_2010.csv", "--to", "t.world", "--quiet").returncode == 0


def test_a_table_in_thousands_is_not_taken_for_millions(derisk, here):
    (here / "t_2011.csv").write_text(
        "V1,ROW_x,ROW_C,OUT\nROW_x,0,70000000000,70000000000\nVA,70000000000,0,70000000000\n"
    )
    done = derisk("import", "t_2011.csv", "--to", "t.world")
    assert (done.returncode, done.stderr) == (
        2,
        (
            "derisk: t_2011.csv: value added of the table is 7e+16 US dollars if its numbers are in million US dollars,"
            " current prices; that of the world in 2011 was 7.33e+13: they seem to be in thousand US dollars, or"
            " decimals got lost; give the unit in a CSV for --source, or take the table as it is with --force\n"
        ),
    )
    assert not (here / "t.world").exists()
    (here / "s.csv").write_text("id,title,unit\nmine,Mine,thousand US dollars\n")
    assert derisk("import", "t_2011.csv", "--source", "s.csv", "--to", "t.world").returncode == 0
    forced = derisk("import", "t_2011.csv", "--force", "--to", "f.world", "--format", "csv")
    assert forced.returncode == 0 and "kept as it is; check the unit" in forced.stdout


@pytest.mark.skipif(not REAL.exists(), reason="../shared is not here: a published table is skipped")
def test_strict_with_a_tolerance_takes_a_published_table(derisk, here):
    done = derisk("import", str(REAL), "--to", "t.world", "--strict")
    assert done.returncode == 2 and "totals against OUT" in done.stderr
    done = derisk("import", str(REAL), "--to", "t.world", "--strict", "--tolerance", "0.1%", "--quiet")
    assert done.returncode == 0, done.stderr
