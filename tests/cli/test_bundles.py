"""Tables that are several files: EXIOBASE, Eora26, GLORIA, and what pymrio and MARIO save."""

import os
import pathlib
import shutil
import zipfile

import pytest
from conftest import ROOT
from test_import import workbook
from test_samples import Table, checks_of

SAMPLES = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared")) / "data" / "mrio_samples"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="../shared is not here: the samples of tables are skipped"
)


def matrix(columns, rows, names=("region", "sector")):
    """As pandas writes a matrix with labels of two levels; columns and rows are lists of pairs of labels (and
    cells)."""
    lines = [
        ["region", ""] + [c[0] for c in columns],
        [names[1], ""] + [c[1] for c in columns],
        ["region", "sector"] + [""] * len(columns),
    ]
    return "".join("\t".join(map(str, line)) + "\n" for line in lines + rows)


# Two regions, one with an underscore in its code, and two sectors, one with a comma and an underscore.
INDUSTRIES = [("A", "Food, c_1"), ("A", "Tools"), ("A_B", "Food, c_1"), ("A_B", "Tools")]
USES = [("A", "Households"), ("A_B", "Households")]
Z = [[10, 20, 5, 1], [4, 8, 2, 6], [3, 1, 30, 9], [2, 7, 4, 12]]
Y = [[50, 6], [30, 2], [8, 70], [5, 40]]


def write_folder(folder, order=(0, 1, 2, 3), **more):
    folder.mkdir()
    columns = [INDUSTRIES[i] for i in order]
    files = {
        "Z.txt": matrix(columns, [[*INDUSTRIES[i], *(Z[i][k] for k in order)] for i in order]),
        "Y.txt": matrix(USES, [[*INDUSTRIES[i], *Y[i]] for i in reversed(order)], ("region", "category")),
        "unit.txt": "region\tsector\tunit\n" + "".join(f"{r}\t{s}\tM.EUR\n" for r, s in INDUSTRIES),
    }
    for name, text in {**files, **more}.items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
    return folder


def table_of(derisk, *files, year=()):
    done = derisk("import", *map(str, files), "--to", "t.world", *year)
    assert done.returncode == 0, done.stderr
    table = Table(derisk, "t.world")
    table.report = done.stdout
    pathlib.Path("t.world").unlink()
    return table


@pytest.fixture(autouse=True)
def in_folder(here, monkeypatch):
    monkeypatch.chdir(here)


def outputs():
    return [sum(Z[i]) + sum(Y[i]) for i in range(4)]


def check_cells(table):
    for i, seller in enumerate(INDUSTRIES):
        for k, buyer in enumerate(INDUSTRIES):
            assert table.z[(*seller, *buyer)] == pytest.approx(Z[i][k], rel=1e-12)
        for k, buyer in enumerate(USES):
            assert table.y[(*seller, *buyer)] == Y[i][k]


def test_cells_are_found_by_their_labels(derisk, here):
    table = table_of(derisk, write_folder(here / "t_2011"))
    check_cells(table)
    for k, buyer in enumerate(INDUSTRIES):  # no accounts: what is left of output
        assert table.value_added[buyer] == outputs()[k] - sum(row[k] for row in Z)
    assert table.years[0]["unit"] == "million euro, current prices"
    check_cells(table_of(derisk, write_folder(here / "u_2011", order=(2, 0, 3, 1))))


def test_flows_from_coefficients(derisk, here):
    x = outputs()
    a = matrix(INDUSTRIES, [[*INDUSTRIES[i], *(repr(Z[i][k] / x[k]) for k in range(4))] for i in range(4)])
    table = table_of(derisk, write_folder(here / "t_2011", **{"Z.txt": None, "A.txt": a}))
    check_cells(table)
    assert "output x solves" in table.report


def account(name, cells):
    return (
        f"region\tA\tA\tA_B\tA_B\nsector\tFood, c_1\tTools\tFood, c_1\tTools\nstressor\t\t\t\t\n{name}\t"
        + "\t".join(map(str, cells))
        + "\n"
    )


def test_accounts_in_money_are_value_added(derisk, here):
    folder = write_folder(
        here / "t_2011",
        **{
            "factor_inputs/F.txt": (
                account("Wages", [1, 2, 3, 4])
                + "Taxes less subsidies on products purchased: Total\t5\t5\t5\t5\nJobs\t9\t9\t9\t9\n"
            ),
            "factor_inputs/unit.txt": (
                "stressor\tunit\nWages\tM.EUR\nTaxes less subsidies on products purchased: Total\tM.EUR\nJobs\t1000 p\n"
            ),
            "impacts/F.txt": account("Value added", [100, 100, 100, 100]),
            "impacts/unit.txt": "stressor\tunit\nValue added\tM.EUR\n",
        },
    )
    table = table_of(derisk, folder)
    assert [table.value_added[i] for i in INDUSTRIES] == [6, 7, 8, 9]


def test_a_file_of_it_or_an_archive_may_be_named(derisk, here):
    folder = write_folder(here / "t_2011")
    with zipfile.ZipFile("all.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"t_2011/{file.name}")
    for path in ("t_2011/", "t_2011/Z.txt", "all.zip", "all.zip/t_2011", "all.zip/t_2011/Y.txt"):
        check_cells(table_of(derisk, path))


BROKEN = [
    (
        {"Y.txt": matrix(USES, [[*INDUSTRIES[i], *Y[i]] for i in range(3)])},
        "t_2011/Y.txt: the row 'A_B_Tools' of t_2011/Z.txt is missing",
    ),
    (
        {"Y.txt": matrix(USES, [[*INDUSTRIES[i], *Y[i]] for i in (0, 1, 2, 3, 3)])},
        "t_2011/Y.txt:8: the row 'A_B_Tools' appears twice",
    ),
    ({"Y.txt": matrix(USES, [[*i, 1, "x"] for i in INDUSTRIES])}, "t_2011/Y.txt:4:4: 'x' is not a finite number"),
    ({"Y.txt": matrix(USES, [[*i, 1] for i in INDUSTRIES])}, "t_2011/Y.txt:4: a row of 3 cells, where the first has 4"),
    (
        {"Z.txt": matrix(INDUSTRIES, [[*INDUSTRIES[i], *Z[i]] for i in range(3)])},
        "t_2011/Z.txt: the column 'A_B_Tools' has no row of its name",
    ),
    (
        {"Z.txt": matrix(INDUSTRIES[:3] + INDUSTRIES[:1], [[*INDUSTRIES[0], *Z[0]]])},
        "t_2011/Z.txt: the column 'A_Food, c_1' appears twice",
    ),
    (
        {"Z.txt": "region\n"},
        "t_2011/Z.txt:1: a matrix of 1 columns; expected labels and cells with tabs or commas between them",
    ),
    (
        {"unit.txt": "region\tsector\tunit\nA\tFood, c_1\tM.EUR\nA\tTools\tTJ\n"},
        (
            "t_2011/unit.txt:3: the unit 'TJ', where others are in 'M.EUR': a table in mixed units is not read; take"
            " the monetary table"
        ),
    ),
    (
        {"Z.txt": None, "A.txt": matrix(INDUSTRIES, [[*i, *(int(i == k) for k in INDUSTRIES)] for i in INDUSTRIES])},
        "t_2011/A.txt: no output solves x = A x + y: these are no input coefficients",
    ),
    ({"x.txt": "region\tsector\tindout\nA\tTools\t5\n"}, "t_2011/x.txt: 1 rows, where the table has 4"),
]


@pytest.mark.parametrize(("files", "error"), BROKEN)
def test_broken_folders_are_refused(refused, here, files, error):
    write_folder(here / "t_2011", **files)
    refused(2, error, "import", "t_2011", "--to", "t.world")


# ---- MARIO


def write_mario(
    folder,
    units="Sector,Food,M EUR\nSector,Tools,M EUR\nFactor of production,Wages,M EUR\nSatellite account,Jobs,1000 p\n",
):
    """As MARIO exports the flows of an input-output table."""
    folder.mkdir(parents=True)
    sectors = [("A", "Sector", "Food"), ("A", "Sector", "Tools"), ("B", "Sector", "Food"), ("B", "Sector", "Tools")]
    uses = [("A", "Consumption category", "Households"), ("B", "Consumption category", "Households")]

    def text(columns, rows, labels):
        head = ["".join(f",{c[level]}" for c in columns) for level in range(3)]
        lines = [name + "," * (labels - 1) + line for name, line in zip(("Region", "Level", "Item"), head)]
        lines.append(("Region,Level,Item" if labels == 3 else "Item") + "," * len(columns))
        return "\n".join(lines + [",".join(map(str, row)) for row in rows]) + "\n"

    (folder / "Z.csv").write_text(text(sectors, [[*s, *row] for s, row in zip(sectors, Z)], 3))
    (folder / "Y.csv").write_text(text(uses, [[*s, *row] for s, row in zip(sectors, Y)], 3))
    (folder / "V.csv").write_text(text(sectors, [["Wages", 5, 6, 7, 8]], 1))
    (folder / "E.csv").write_text(text(sectors, [["Jobs", 1, 1, 1, 1]], 1))
    (folder / "units.csv").write_text(",,unit\n" + units)


PLACES = [("A", "Food"), ("A", "Tools"), ("B", "Food"), ("B", "Tools")]
UNITS = [
    ("Sector", "Food", "M EUR"),
    ("Sector", "Tools", "M EUR"),
    ("Factor of production", "Wages", "M EUR"),
    ("Satellite account", "Jobs", "1000 p"),
]


def check_mario(table):
    assert [[table.z[*i, *k] for k in PLACES] for i in PLACES] == Z
    assert [[table.y[*i, n, "Households"] for n in "AB"] for i in PLACES] == Y
    assert [table.value_added[i] for i in PLACES] == [5, 6, 7, 8]
    assert table.years[0]["unit"] == "million euro, current prices"


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_flows_that_mario_exported(derisk, here, ending):
    write_mario(here / "export" / "flows")
    for file in (here / "export" / "flows").iterdir():
        file.rename(file.with_suffix("." + ending))
    check_mario(table_of(derisk, "export", year=("--year", "2011")))


def mario_book(**change):
    """The sheet `flows` of MARIO's workbook: all matrices, and zeros where factors meet uses."""
    columns = [(r, "Sector", s) for r, s in PLACES] + [(n, "Consumption category", "Households") for n in "AB"]
    rows = [["", "", "", *(c[level] for c in columns)] for level in range(3)]
    rows += [[r, "Sector", s, *Z[i], *Y[i]] for i, (r, s) in enumerate(PLACES)]
    rows += [
        ["-", "Factor of production", "Wages", 5, 6, 7, 8, 0, 0],
        ["-", "Satellite account", "Jobs", 1, 1, 1, 1, 0, 0],
    ]
    for (row, column), value in change.get("cells", {}).items():
        rows[row][column] = value
    return {"flows": rows, "units": [["", "", "unit"], *map(list, change.get("units", UNITS))]}


def test_a_workbook_of_mario(derisk, here):
    workbook(here / "New_Database.xlsx", sheets=mario_book())
    check_mario(table_of(derisk, "New_Database.xlsx", year=("--year", "2011")))


@pytest.mark.parametrize(
    "change, error",
    [
        ({"cells": {(3, 4): ""}}, "t_2011.xlsx:4:5: the cell is empty; expected a number"),
        ({"cells": {(4, 2): "Food"}}, "t_2011.xlsx: sheet 'flows', row 5: 'A_Food' appears twice"),
        ({"cells": {(4, 2): "Toys"}}, "t_2011.xlsx: sheet 'flows', row 5: 'A_Toys' has no column of its name"),
        ({"cells": {(2, 4): "Food"}}, "t_2011.xlsx: sheet 'flows': the column 'A_Food' appears twice"),
        (
            {"cells": {(1, 4): "Activity"}},
            "t_2011.xlsx: sheet 'flows': the level 'Activity' of a column; expected 'Sector' or 'Consumption category'",
        ),
        (
            {"units": [("Activity", "Food", "M EUR")]},
            "t_2011.xlsx:2: a supply-use table; export the input-output table that MARIO makes of it (to_iot)",
        ),
        (
            {"units": [("Sector", "Food", "M EUR"), ("Sector", "Tools", "t")]},
            (
                "t_2011.xlsx:3: the unit 't', where others are in 'M EUR': a table in mixed units is not read; take the"
                " monetary table"
            ),
        ),
    ],
)
def test_broken_workbooks_of_mario(refused, here, change, error):
    workbook(here / "t_2011.xlsx", sheets=mario_book(**change))
    refused(2, error, "import", "t_2011.xlsx", "--to", "t.world")


def mario_cells(folder, by_item, lines=lambda rows: rows):
    """One row for each cell, with the columns of MARIO's levels, or with items of any level."""
    rows = [("Z", i[0], i[1], "", k[0], k[1], "", Z[a][b]) for a, i in enumerate(PLACES) for b, k in enumerate(PLACES)]
    rows += [
        ("Y", i[0], i[1], "", n, "", "Households", Y[a][b]) for a, i in enumerate(PLACES) for b, n in enumerate("AB")
    ]
    rows += [("V", "", "", "Wages", k[0], k[1], "", 5 + b) for b, k in enumerate(PLACES)] + [
        ("E", "", "", "Jobs", "A", "Food", "", 1)
    ]
    names = (
        "Matrix",
        "Region_from",
        "Sector_from",
        "Factor of production_from",
        "Region_to",
        "Sector_to",
        "Consumption category_to",
        "Value",
    )
    if by_item:
        names = ("Matrix", "Region_from", "Item_from", "Region_to", "Item_to", "Value")
        rows = [(m, r or "-", s or f, n, k or u, value) for m, r, s, f, n, k, u, value in rows]
    folder.mkdir(parents=True)
    (folder / "data.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in lines([names, *rows])))
    (folder / "units.csv").write_text("Level,Item,unit\n" + "".join(",".join(row) + "\n" for row in UNITS))


@pytest.mark.parametrize("by_item", [False, True])
def test_cells_that_mario_exported(derisk, here, by_item):
    mario_cells(here / "export_2011" / "flows", by_item, lambda rows: [rows[0], *reversed(rows[1:])])
    table = table_of(derisk, "export_2011", year=("--year", "2011"))
    check_mario(table)


@pytest.mark.parametrize(
    "lines, error",
    [
        (lambda rows: [*rows, rows[1]], "t_2011/data.csv:31: a second row for the cell A_Food, A_Food"),
        (lambda rows: rows[:1], "t_2011/data.csv: no cells of the matrices Z and Y; export flows, not coefficients"),
        (
            lambda rows: [(*rows[0], "Scenario"), *((*row, f"s{i // 20}") for i, row in enumerate(rows[1:]))],
            "t_2011/data.csv:22:9: a second scenario, 's1'; export one of them",
        ),
        (lambda rows: [rows[0], (*rows[1][:-1], "x"), *rows[2:]], "t_2011/data.csv:2:8: 'x' is not a finite number"),
        (
            lambda rows: [[name for name in rows[0] if name != "Sector_to"]],
            "t_2011/data.csv:1: the column 'Sector_to' is missing; did you mean 'Sector_from'?",
        ),
    ],
)
def test_broken_cells_of_mario(refused, here, lines, error):
    mario_cells(here / "t_2011", False, lines)
    refused(2, error, "import", "t_2011", "--to", "t.world")


def test_supply_and_use_of_mario_are_refused(refused, here):
    write_mario(here / "t_2011", "Activity,Food,M EUR\nCommodity,Food,M EUR\n")
    refused(
        2,
        "t_2011/units.csv:2: a supply-use table; export the input-output table that MARIO makes of it (to_iot)",
        "import",
        "t_2011",
        "--to",
        "t.world",
    )


# ---- Eora26


def numbers(path):
    return [[float(cell) for cell in line.split("\t") if cell] for line in path.read_text().splitlines()]


@needs_samples
def test_discrepancies_of_eora_are_no_region(derisk, here):
    folder = SAMPLES / "eora26" / "Eora26_2011_bp"
    t, fd, va = (numbers(folder / f"Eora26_2011_bp_{part}.txt") for part in ("T", "FD", "VA"))
    sellers = [tuple(line.split("\t")[1:4:2]) for line in (folder / "labels_T.txt").read_text().splitlines()]
    buyers = [tuple(line.split("\t")[1:4:2]) for line in (folder / "labels_FD.txt").read_text().splitlines()]
    table = table_of(derisk, folder)
    assert "statistical discrepancies" in table.report
    real = [i for i, (region, _) in enumerate(sellers) if region != "ROW"]
    lost = len(sellers) - 1
    assert len(real) == lost == 40
    for i in real:
        for k in real:
            assert table.z[(*sellers[i], *sellers[k])] == pytest.approx(t[i][k] / 1000, rel=1e-12)
        for k, buyer in enumerate(buyers):
            if buyer[0] != "ROW":
                assert table.y[(*sellers[i], *buyer)] == pytest.approx(fd[i][k] / 1000, rel=1e-12)
        bought = t[i][lost] + sum(fd[i][k] for k, buyer in enumerate(buyers) if buyer[0] == "ROW")
        assert table.y[(*sellers[i], sellers[i][0], "DISC")] == pytest.approx(bought / 1000, rel=1e-9, abs=1e-12)
        earned = sum(row[i] for row in va) + t[lost][i]
        assert table.value_added[sellers[i]] == pytest.approx(earned / 1000, rel=1e-12)
        assert table.output(*sellers[i]) == pytest.approx((sum(t[i]) + sum(fd[i])) / 1000, rel=1e-9)
    figures = {"output", "gross_exports", "final_demand_of", "Z", "Y"}
    checks = [c for c in checks_of("eora26/Eora26_2011_bp") if c["quantity"] in figures and "ROW" not in c["region"]]
    for check in checks:
        assert table.figure(check, 0) == pytest.approx(float(check["value"]) / 1000, rel=1e-9), check
    assert len(checks) == 10


@needs_samples
@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            lambda f: (f / "labels_FD.txt").unlink(),
            (
                "e/Eora26_2011_bp_T.txt: the labels are missing: put the file labels_FD.txt, or Eora's indices.zip,"
                " beside it"
            ),
        ),
        (
            lambda f: (f / "Eora26_2011_bp_FD.txt").write_text("1\t2\n"),
            "e/Eora26_2011_bp_FD.txt:1: 2 cells, where there are 36 labels",
        ),
        (
            lambda f: (f / "labels_T.txt").write_text("Germany\tDEU\n"),
            "e/labels_T.txt:1: expected four labels: a region, its code, a kind, and a sector or use",
        ),
        (
            lambda f: (f / "Eora26_2011_bp_T.txt").write_text(
                "".join((f / "Eora26_2011_bp_T.txt").read_text().splitlines(True)[:9])
            ),
            "e/Eora26_2011_bp_T.txt: 9 rows, where there are 41 labels: the file is truncated",
        ),
    ],
)
def test_broken_eora_is_refused(refused, here, change, error):
    shutil.copytree(SAMPLES / "eora26" / "Eora26_2011_bp", here / "e")
    change(here / "e")
    refused(2, error, "import", "e", "--to", "t.world")


# ---- GLORIA


def results(folder, letter):
    (path,) = folder.glob(f"*{letter}-Results_*_Markup001(full).csv")
    return [[float(cell) for cell in line.split(",")] for line in path.read_text().splitlines()]


def industry_by_industry(t, y, v, regions, sectors):
    """Model D in plain words: each industry sells of a product what it supplies of it."""
    row = lambda n, s, product: 2 * n * sectors + product * sectors + s
    places = [(n, s) for n in range(regions) for s in range(sectors)]
    z, f = {}, {}
    for n, i in places:
        for product in range(sectors):
            supply = [t[row(n, k, 0)][row(n, product, 1)] for k in range(sectors)]
            share = supply[i] / sum(supply)
            for m, j in places:
                z[n, i, m, j] = z.get((n, i, m, j), 0) + share * t[row(n, product, 1)][row(m, j, 0)] / 1000
            for use, cell in enumerate(y[row(n, product, 1)]):
                f[n, i, use] = f.get((n, i, use), 0) + share * cell / 1000
    return z, f, {(n, s): sum(line[row(n, s, 0)] for line in v) / 1000 for n, s in places}


def check_gloria(table, folder, regions, sectors, uses):
    z, f, v = industry_by_industry(*(results(folder, letter) for letter in "TYV"), len(regions), len(sectors))
    for (n, i, m, j), value in z.items():
        assert table.z[regions[n], sectors[i], regions[m], sectors[j]] == pytest.approx(value, rel=1e-12)
    for (n, i, use), value in f.items():
        assert table.y[regions[n], sectors[i], regions[use // len(uses)], uses[use % len(uses)]] == pytest.approx(
            value, rel=1e-12
        )
    for (n, s), value in v.items():
        assert table.value_added[regions[n], sectors[s]] == pytest.approx(value, rel=1e-12)


REGIONS, SECTORS = ["AUS", "AUT", "AZE"], ["Forestry and logging", "Fishing", "Crustaceans and molluscs"]
GLORIA_USES = ["Household final consumption P.3h", "Non-profit institutions serving households P.3n"]


@needs_samples
def test_gloria_becomes_industry_by_industry(derisk, here):
    folder = SAMPLES / "gloria_mock" / "gloria_mock"
    table = table_of(derisk, folder)
    check_gloria(table, folder / "GLORIA_MRIOs_59_2022", REGIONS, SECTORS, GLORIA_USES)
    assert [r["code"] for r in table.regions] == REGIONS and table.years[0]["year"] == "2022"
    checks = {c["quantity"]: c["value"] for c in checks_of("gloria_mock/gloria_mock")}
    for quantity, cells in (("sum U", table.z), ("sum Y", table.y), ("sum VA", table.value_added)):
        assert sum(cells.values()) == pytest.approx(float(checks[quantity]) / 1000, rel=1e-9)
    # the labels beside an archive
    shutil.copy(SAMPLES / "gloria_mock" / "GLORIA_MRIOs_59_2022.zip", here)
    shutil.copy(folder / "GLORIA_ReadMe_059.xlsx", here)
    check_gloria(
        table_of(derisk, "GLORIA_MRIOs_59_2022.zip"), folder / "GLORIA_MRIOs_59_2022", REGIONS, SECTORS, GLORIA_USES
    )


@pytest.fixture
def gloria(here):
    shutil.copytree(SAMPLES / "gloria_mock" / "gloria_mock", here / "g")
    return here / "g" / "GLORIA_MRIOs_59_2022"


def rewrite(folder, letter, change):
    (path,) = folder.glob(f"*{letter}-Results_*_Markup001(full).csv")
    rows = results(folder, letter)
    rows = change(rows) or rows
    path.write_text("".join(",".join(map(repr, row)) + "\n" for row in rows))


@needs_samples
def test_gloria_with_by_products_and_an_empty_region(derisk, here, gloria):
    def by_product(t):  # the first industry of AUS supplies a fifth of the second product; AZE is empty
        t[0][4], t[1][4] = 0.2 * t[1][4], 0.8 * t[1][4]
        for i in range(18):
            for k in range(18):
                if i >= 12 or k >= 12:
                    t[i][k] = 0.0

    rewrite(gloria, "T", by_product)
    rewrite(
        gloria, "Y", lambda y: [[0.0 if i >= 12 or k >= 4 else c for k, c in enumerate(row)] for i, row in enumerate(y)]
    )
    table = table_of(derisk, "g")
    assert [r["code"] for r in table.regions] == ["AUS", "AUT"]
    assert "1 sell and buy nothing: AZE" in " ".join(table.report.split())
    t, y, v = (results(gloria, letter) for letter in "TYV")
    z, _, _ = industry_by_industry(
        [row[:12] for row in t[:12]], [row[:4] for row in y[:12]], [row[:12] for row in v[:4]], 2, 3
    )
    for (n, i, m, j), value in z.items():
        assert table.z[REGIONS[n], SECTORS[i], REGIONS[m], SECTORS[j]] == pytest.approx(value, rel=1e-12)
    assert sum(table.z.values()) == pytest.approx(
        sum(t[i][k] for i in (3, 4, 5, 9, 10, 11) for k in (0, 1, 2, 6, 7, 8)) / 1000
    )


@needs_samples
def test_what_gloria_has_elsewhere_is_told(derisk, here, gloria):
    def stray(t):
        t[0][1] = 7000.0  # between industries
        t[2][5] = 0.0  # a product that is sold and not supplied

    rewrite(gloria, "T", stray)
    report = " ".join(table_of(derisk, "g").report.split())
    assert "7 million US dollars" in report and "no industry supplies" in report


@needs_samples
@pytest.mark.parametrize(
    ("letter", "change", "error"),
    [
        ("T", lambda t: t[:11], "T-Results_2022_059_Markup001(full).csv: 11 rows; expected 18: the file is truncated"),
        (
            "Y",
            lambda y: [row[:5] for row in y],
            (
                "Y-Results_2022_059_Markup001(full).csv:1: expected 18 rows of 6 cells, for 3 regions, 3 sectors and 2"
                " uses, as GLORIA's ReadMe has them"
            ),
        ),
        (
            "V",
            lambda v: v + v,
            (
                "V-Results_2022_059_Markup001(full).csv:7: expected 6 rows of 18 cells, for 3 regions, 3 sectors and 2"
                " uses, as GLORIA's ReadMe has them"
            ),
        ),
    ],
)
def test_broken_gloria_is_refused(refused, here, gloria, letter, change, error):
    rewrite(gloria, letter, change)
    refused(2, f"g/GLORIA_MRIOs_59_2022/0_120secMother_AllCountries_002_{error}", "import", "g", "--to", "t.world")


@needs_samples
def test_gloria_without_its_labels(refused, here, gloria):
    (here / "g" / "GLORIA_ReadMe_059.xlsx").unlink()
    refused(
        2,
        (
            "g/GLORIA_MRIOs_59_2022/0_120secMother_AllCountries_002_T-Results_2022_059_Markup001(full).csv: the labels"
            " are missing: put GLORIA's workbook GLORIA_ReadMe_059*.xlsx beside it"
        ),
        "import",
        "g",
        "--to",
        "t.world",
    )
