"""Files as users have them, read as independent programs read them: ../shared/data/mrio_samples/checks.csv has the
figures."""

import csv
import gzip
import io
import json
import os
import pathlib
import re
import shutil
from collections import defaultdict
from random import Random

import pytest
from conftest import ROOT

SAMPLES = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared")) / "data" / "mrio_samples"
pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="../shared is not here: the samples of tables are skipped")

# Of checks.csv: a file, and what is imported for it where that is another (the same table in an archive).
FILES = {
    "icio2016/ICIO2016_2003.csv": "icio2016/ICIO2016_2003.zip",
    "icio2018/ICIO2018_2010.CSV": "icio2018/ICIO2018_2010.zip",
    "icio2021/ICIO2021_2011.csv": "icio2021/ICIO_2010-2014.zip",
    "icio2023_extended/2011.csv": "icio2023_extended/ICIO-2011-2015-extended.zip",
    "icio2023_small/2014_SML.csv": "icio2023_small/2011-2015_SML.zip",
    "icio2025_small/2011_SML.csv": "icio2025_small/2011-2015_SML.zip",
    "figaro_matrix/matrix_eu-ic-io_ind-by-ind_24ed_2011.csv": "figaro_matrix/matrix_eu-ic-io_ind-by-ind_24ed_2011.zip",
    "figaro_matrix/matrix_eu-ic-io_prod-by-prod_2011.csv": None,
    "figaro_flat/flatfile_eu-ic-io_ind-by-ind_24ed_2011.zip": None,
    "figaro_flat/flatfile_eu-ic-io_prod-by-prod_23ed_2011.csv": None,
    "figaro_sdmx/estat_naio_10_fcp_ii1_2011.csv.gz": None,
    "wiod2013_xlsx/WIOT11_ROW_Sep12.xlsx": "wiod2013_xlsx/WIOTS_in_EXCEL.zip",
    "wiod2013_xlsx_mock/wiot09_row_sep12.xlsx": None,
    "wiod2016_xlsx/WIOT2011_Nov16_ROW.xlsx": None,
    "wiod2016_csv/WIOT2011.csv": None,
    "wiod2016_rdata/WIOT2011_October16_ROW.RData": None,
    "wiod2013_rdata/bquast/wiot_2000.RData": None,
    "wiod2013_rdata/cran/wiod00.rda": None,
    "emerging/EMERGING_V2_2011.mat": None,
    "adb_mrio/ADB-MRIO-2011_Mar2022.xlsx": None,
    "exiobase3/IOT_2011_ixi": "exiobase3/IOT_2011_ixi.zip",
    "exiobase3/IOT_2011_ixi.zip": None,
    "exiobase3_split/IOT_2011_pxp.zip": None,
    "exiobase3_mock/exio3_mock": None,
    "exiobase1_mock": None,
    "exiobase2_mock": None,
    "eora26_mock/eora26_mock": "eora26_mock/Eora26_2010_bp.zip",
    "pymrio_saved_txt": None,
    "pymrio_saved_parquet": None,
}
# Tables of which neither a name nor a file says the year.
YEAR_OF = {
    "exiobase3_mock/exio3_mock": 2007,
    "exiobase1_mock": 2000,
    "exiobase2_mock": 2007,
    "pymrio_saved_txt": 2007,
    "pymrio_saved_parquet": 2007,
}
# Of some tables the list has few figures.
FEW = {"exiobase3_mock/exio3_mock": 4, "exiobase3/IOT_2011_ixi.zip": 3, "exiobase1_mock": 2, "exiobase2_mock": 2}
UNITS = {
    "million USD (current)": "million US dollars, current prices",
    "Mill USD": "million US dollars, current prices",
    "thousand USD (current)": "million US dollars, current prices",  # thousands become millions
    "million EUR (current)": "million euro, current prices",
}
COUNTS = ("n_regions", "n_sectors", "n_final_uses", "year", "n_negative_cells_Z_Y")


# Codes of the release that the packages of R leave out.
WIOD_USES = {"use1": "c37", "use2": "c38", "use3": "c39", "use4": "c41", "use5": "c42"}

# Of these, columns hold more beside taxes (transport margins, purchases abroad), which belongs to value added in a
# world.
WITH_MARGINS = {"wiod2013_xlsx_mock/wiot09_row_sep12.xlsx"}


def year_of(file):
    """The options without which the sample is refused: the year, and a size beyond the world's, as its cells are at
    random."""
    year = ["--year", str(YEAR_OF[file])] if file in YEAR_OF else []
    return [*year, "--force"] if file == "exiobase3_mock/exio3_mock" else year


def checks_of(file):
    if not SAMPLES.exists():
        return []
    with open(SAMPLES / "checks.csv") as rows:
        checks = [row for row in csv.DictReader(rows) if row["file"] == file]
    if file.startswith("emerging"):  # the running number in front of a sector is none of its code
        checks = [{**row, "sector": re.sub(r"(^|>)\d\d ", r"\1", row["sector"])} for row in checks]
    return checks


class Table:
    """A year of a world, added up in plain Python from what `derisk export` writes."""

    def __init__(self, derisk, world):
        def rows(name):
            done = derisk("export", world, "--table", name, "--format", "csv")
            assert done.returncode == 0, done.stderr
            return list(csv.DictReader(io.StringIO(done.stdout)))

        self.regions, self.sectors, self.uses = rows("region"), rows("sector"), rows("final_use")
        self.years = rows("year")
        self.z, self.y = defaultdict(float), defaultdict(float)
        for row in rows("intermediate"):
            self.z[row["origin"], row["supplier"], row["destination"], row["user"]] += float(row["value"])
        for row in rows("final"):
            self.y[row["origin"], row["supplier"], row["destination"], row["use"]] += float(row["value"])
        self.value_added = {(row["region"], row["sector"]): float(row["value"]) for row in rows("value_added")}

    def output(self, region, sector):
        return sum(v for cells in (self.z, self.y) for (i, s, _, _), v in cells.items() if (i, s) == (region, sector))

    def gross_exports(self, region):
        return sum(
            v
            for cells in (self.z, self.y)
            for (i, _, n, use), v in cells.items()
            if i == region and (n != i or use == "DISC")
        )

    def final_demand_of(self, region):
        return sum(v for (_, _, n, use), v in self.y.items() if n == region and use != "DISC")

    def cell(self, cells, check):
        # the API of Eurostat names the rest of the world otherwise than its files
        seller, buyer = check["region"].replace("WRL_REST", "FIGW1").split(">")
        sector, user = check["sector"].split(">")
        if buyer == "ALL":  # of the edition of 2016: the discrepancy has no buyer
            buyer = seller
        return cells[seller, sector, buyer, WIOD_USES.get(user, user)]

    def figure(self, check, taxes):
        quantity = check["quantity"]
        if quantity in ("Z", "Y"):
            return self.cell(self.z if quantity == "Z" else self.y, check)
        if quantity in ("output", "gross_exports", "final_demand_of"):
            return getattr(self, quantity)(*filter(None, (check["region"], check["sector"])))
        if quantity == "value_added" and taxes == 0:
            return self.value_added[check["region"], check["sector"]]
        return {
            "n_regions": lambda: len(self.regions),
            "n_sectors": lambda: len(self.sectors),
            "n_final_uses": lambda: len(self.uses),
            "year": lambda: int(self.years[0]["year"]),
            "sum_intermediate": lambda: sum(self.z.values()),
            "sum_final": lambda: sum(self.y.values()),
            "sum_output": lambda: sum(self.z.values()) + sum(self.y.values()),
            "n_negative_cells_Z_Y": lambda: sum(v < 0 for cells in (self.z, self.y) for v in cells.values()),
            # taxes less subsidies on what sectors buy belong to value added in a world
            "sum_value_added": lambda: sum(self.value_added.values()) - taxes,
        }.get(quantity, lambda: None)()


@pytest.mark.parametrize("file", FILES)
def test_the_table_is_read_as_by_independent_programs(derisk, here, file):
    checks = checks_of(file)
    taxes = sum(float(c["value"]) for c in checks if c["quantity"] == "sum_taxes_on_intermediate")
    done = derisk("import", str(SAMPLES / (FILES[file] or file)), "--to", "t.world", "--quiet", *year_of(file))
    assert done.returncode == 0, done.stderr
    table, compared = Table(derisk, "t.world"), 0
    scale = 1e-3 if any(c["value"] == "thousand USD (current)" for c in checks) else 1
    for check in checks:
        if check["quantity"] == "sum_value_added" and file in WITH_MARGINS:
            continue
        if check["quantity"] == "unit":
            assert table.years[0]["unit"] == UNITS[check["value"]]
            continue
        figure = table.figure(check, taxes)
        if figure is not None:
            value = float(check["value"]) * (1 if check["quantity"] in COUNTS else scale)
            assert figure == pytest.approx(value, rel=1e-9, abs=1e-9), check
            compared += 1
    assert compared >= FEW.get(file, 15)


@pytest.mark.parametrize("file", [file for file, archive in FILES.items() if archive])
def test_a_table_is_the_same_from_its_archive(derisk, here, file):
    for world, path in (("a.world", file), ("b.world", FILES[file])):
        done = derisk("import", str(SAMPLES / path), "--to", world, "--quiet")
        assert done.returncode == 0, done.stderr
    for table in ("intermediate", "final", "value_added", "output"):
        assert (
            derisk("export", "a.world", "--table", table).stdout == derisk("export", "b.world", "--table", table).stdout
        )


@pytest.mark.parametrize("file", FILES)
def test_a_second_import_gives_the_same_bytes(derisk, here, file):
    for world in ("a.world", "another.world"):
        assert derisk("import", str(SAMPLES / file), "--to", world, "--quiet", *year_of(file)).returncode == 0
    assert (here / "a.world").read_bytes() == (here / "another.world").read_bytes()


def shuffled(text, seed):
    """The same table with its rows in another order, and its columns but the first."""
    rows = list(csv.reader(io.StringIO(text)))
    random = Random(seed)
    columns = list(range(1, len(rows[0])))
    random.shuffle(columns)
    body = rows[1:]
    random.shuffle(body)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[0]] + [row[i] for i in columns] for row in [rows[0]] + body)
    return out.getvalue()


@pytest.mark.parametrize("file", [file for file in FILES if file.lower().endswith((".csv", ".csv.gz"))])
def test_the_order_of_rows_and_columns_changes_nothing(derisk, here, file):
    path = SAMPLES / file
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text(encoding="utf-8-sig")
    (here / path.name.removesuffix(".gz")).write_text(shuffled(text, 7))
    done = [
        derisk("import", name, "--to", world, "--quiet")
        for name, world in ((str(path), "a.world"), (path.name.removesuffix(".gz"), "b.world"))
    ]
    assert [d.returncode for d in done] == [0, 0], done[1].stderr
    a, b = Table(derisk, "a.world"), Table(derisk, "b.world")
    for of_a, of_b in ((a.z, b.z), (a.y, b.y), (a.value_added, b.value_added)):
        assert of_a.keys() == of_b.keys()
        # parts of a country are added up in the order of the file
        assert all(v == pytest.approx(of_b[k], rel=1e-12, abs=1e-12) for k, v in of_a.items() if v != of_b[k])


def shuffled_matrix(text, seed):
    """The same matrix of labels of two levels, with its rows in another order and its columns likewise."""
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    random = Random(seed)
    columns, body = list(range(2, len(rows[0]))), rows[3:]
    random.shuffle(columns)
    random.shuffle(body)
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(
        row[:2] + [row[i] for i in columns] for row in rows[:3] + body
    )
    return out.getvalue()


@pytest.mark.parametrize("file", ["exiobase3/IOT_2011_ixi", "pymrio_saved_txt"])
def test_the_order_of_rows_and_columns_in_a_folder_changes_nothing(derisk, here, file):
    shutil.copytree(SAMPLES / file, here / "IOT_2011")
    for seed, name in enumerate(("Z.txt", "Y.txt")):
        path = here / "IOT_2011" / name
        path.write_text(shuffled_matrix(path.read_text(), seed))
    tables = []
    for world, source in (("a.world", str(SAMPLES / file)), ("b.world", "IOT_2011")):
        done = derisk("import", source, "--to", world, "--quiet", "--year", "2011")
        assert done.returncode == 0, done.stderr
        tables.append(Table(derisk, world))
    assert tables[0].z == tables[1].z and tables[0].y == tables[1].y
    assert tables[0].value_added == pytest.approx(tables[1].value_added, rel=1e-12, abs=1e-9)


# Tables of one year that is in their names only, which therefore may stand for other years.
OF_ANY_YEAR = [
    "icio2018/ICIO2018_2010.CSV",
    "icio2023_small/2014_SML.csv",
    "figaro_matrix/matrix_eu-ic-io_prod-by-prod_2011.csv",
]


@pytest.mark.parametrize("file", OF_ANY_YEAR)
def test_the_order_of_files_changes_nothing(derisk, here, file):
    for year in (2001, 2002):
        shutil.copy(SAMPLES / file, here / f"t_{year}.csv")
    assert derisk("import", "t_2001.csv", "t_2002.csv", "--to", "a.world", "--quiet").returncode == 0
    assert derisk("import", "t_2002.csv", "t_2001.csv", "--to", "b.world", "--quiet").returncode == 0
    for table in ("year", "intermediate", "final", "value_added", "output"):
        in_rows = [
            sorted(derisk("export", world, "--table", table).stdout.splitlines()) for world in ("a.world", "b.world")
        ]
        assert in_rows[0] == in_rows[1]


def test_the_binary_workbook_is_refused_with_the_file_to_take(derisk, here):
    file = str(SAMPLES / "wiod2016_xlsb/WIOT2011_Nov16_ROW.xlsb")
    done = derisk("import", file, "--to", "t.world")
    assert (done.returncode, done.stderr) == (
        2,
        (
            f"derisk: {file}: not a table that derisk reads; it looks like a binary Excel workbook; of WIOD's release"
            " of 2016 take WIOT2011_October16_ROW.RData in WIOTS_in_R.zip\n"
        ),
    )
    assert not (here / "t.world").exists()


# Samples whose sectors no classification has: made up by their authors.
MADE_UP = ("exiobase", "eora26_mock", "gloria_mock", "pymrio_saved")


@pytest.mark.parametrize("file", FILES)
def test_each_sector_is_known(derisk, here, file):
    done = derisk("import", str(SAMPLES / file), "--to", "t.world", "--format", "json", *year_of(file))
    assert done.returncode == 0, done.stderr
    if "have no ISIC code" in done.stdout:
        assert file.startswith(MADE_UP), done.stdout
        return
    sectors = Table(derisk, "t.world").sectors
    for sector in sectors:
        assert (
            sector["slug"] and sector["name"] and sector["kind"] in ("goods", "services") and sector["isic_rev3"]
        ), sector
    assert len({sector["slug"] for sector in sectors}) == len(sectors)


# Files, two of their regions, and the sectors that make up their transport equipment.
MEANT = {
    "wiod2013_xlsx/WIOT11_ROW_Sep12.xlsx": ("DEU", "CHN", {"c15"}),
    "figaro_matrix/matrix_eu-ic-io_ind-by-ind_24ed_2011.csv": ("DE", "CN", {"C29", "C30"}),
    "icio2025_small/2011_SML.csv": ("DEU", "CHN", {"C29", "C301", "C302T309"}),
    "icio2021/ICIO2021_2011.csv": ("DEU", "CHN", {"29", "30"}),
}


@pytest.mark.parametrize("file", MEANT)
def test_words_for_sectors_mean_the_same_in_all_tables(derisk, here, file):
    def flows(sectors):
        done = derisk("ties", "t.world", "--sectors", sectors, "--format", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["rows"]

    one, two, codes = MEANT[file]
    assert derisk("import", str(SAMPLES / file), "--to", "t.world", "--quiet").returncode == 0
    assert flows("transport-equipment") == flows(",".join(codes))
    assert flows("goods,services") == flows("all") != flows("goods")
    done = derisk("simulate", "t.world", "--tariff", f"{one}:{two}:transport-equipment:25%", "--elasticity",
                  "caliendo-parro-2015", "--table", "sectors", "--format", "json")  # fmt: skip
    assert done.returncode == 0, done.stderr
