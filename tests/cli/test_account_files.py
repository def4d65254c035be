"""Accounts as Eurostat and the OECD give them (SDMX-CSV), and as pymrio saves them, imported by the command."""

import csv
import gzip
import io
import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("DERISK_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data/mrio_samples"
FIGARO = SAMPLES / "figaro_matrix"
needs_figaro = pytest.mark.skipif(not FIGARO.is_dir(), reason=f"there is no {FIGARO}")

AIR = """DATAFLOW,LAST UPDATE,freq,airpol,nace_r2,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,K,THS_T,DE,2011,9,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,K64,THS_T,DE,2011,4,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,K65,THS_T,DE,2011,3,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,K66,THS_T,DE,2011,2,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C10-C12,THS_T,DE,2011,10,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C13-C15,THS_T,DE,2011,20,p
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C13-C15,T,DE,2011,20000,p
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C13-C15,KG_HAB,DE,2011,0.2,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,J62_J63,THS_T,DE,2011,3,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,L,THS_T,DE,2011,5,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,L68A,THS_T,DE,2011,4,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,HH,THS_T,DE,2011,7,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,HH_HEAT,THS_T,DE,2011,6,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,TOTAL,THS_T,DE,2011,100,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C10-C12,THS_T,EU27_2020,2011,99,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C10-C12,THS_T,EL,2011,8,
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C10-C12,THS_T,FR,2011,:,c
ESTAT:ENV_AC_AINAH_R2(1.0),12/01/26 11:00:00,A,CO2,C10-C12,THS_T,DE,2012,11,
"""

# The OECD's dimensions: what is embodied for all partners, in thousands of persons.
TRADE = """STRUCTURE_ID,REF_AREA,MEASURE,ACTIVITY,COUNTERPART_AREA,UNIT_MEASURE,FREQ,TIME_PERIOD,OBS_VALUE,UNIT_MULT
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A01,WLD,PS,A,2011,1.5,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A01,FRA,PS,A,2011,0.5,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,_T,WLD,PS,A,2011,40,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A01T03,WLD,PS,A,2011,1.5,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A02_03,WLD,PS,A,2011,0,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A02,WLD,PS,A,2011,0,3
OECD.STI.PIE:DSD_TIM(1.0),DEU,EMPN,A03,WLD,PS,A,2011,0,3
OECD.STI.PIE:DSD_TIM(1.0),USA,EMPN,C31T32,WLD,PS,A,2011,2,3
"""

# An older download of the OECD, with labels beside the codes.
OLDER = """VAR,Variable,COU,Country,IND,Industry,PAR,Partner,TIME,Time,Unit Code,Unit,PowerCode Code,PowerCode,Value
PROD_CO2,Produced,DEU,Germany,DTOTAL,Total,WLD,World,2011,2011,T,Tonnes,6,Millions,9
PROD_CO2,Produced,DEU,Germany,D35,Electricity,WLD,World,2011,2011,T,Tonnes,6,Millions,4
PROD_CO2,Produced,DEU,Germany,D35,Electricity,CHN,China,2011,2011,T,Tonnes,6,Millions,1
"""


@pytest.fixture
def world(derisk):
    (table,) = FIGARO.glob("*ind-by-ind*.csv")
    assert derisk("import", table, "--to", "figaro.world", "--quiet").returncode == 0
    return "figaro.world"


def values(rows, world, name):
    """{(region, sector): value} of the account, and {region: value} of final use."""
    cells = rows("export", world, "--table", "account_value")
    final = rows("export", world, "--table", "account_final")
    return (
        {(row["region"], row["sector"]): float(row["value"]) for row in cells if row["account"] == name},
        {row["region"]: float(row["value"]) for row in final if row["account"] == name},
    )


@needs_figaro
def test_air_emissions_of_eurostat(here, derisk, rows, world):
    (here / "air.csv").write_text(AIR)
    done = derisk("import", "air.csv", "--to", world)  # recognised by its columns
    assert (done.returncode, done.stderr) == (0, "")
    cells, final = values(rows, world, "CO2")
    of_germany = {"C10T12": 10, "C13T15": 20, "J62_63": 3, "K64": 4, "K65": 3, "K66": 2, "L": 5}
    assert cells == {("FIGW1", "C10T12"): 8, **{("DE", sector): value for sector, value in of_germany.items()}}
    assert final == {"DE": 7}
    text = " ".join(done.stdout.split())
    assert "55 kt of sectors and 7 of final use" in text
    assert "areas that are no countries: 1; EU27_2020" in text
    assert "rows in percent, as indices or per head: 1" in text
    assert "cells without a number: 1" in text


@needs_figaro
def test_the_order_of_rows_does_not_matter(here, derisk, rows, world):
    header, *lines = AIR.splitlines()
    (here / "air.csv").write_text("\n".join([header, *reversed(lines)]) + "\n")
    assert derisk("import", "account", "air.csv", "--to", world, "--quiet").returncode == 0
    assert values(rows, world, "CO2")[0]["DE", "C13T15"] == 20


TSV = (
    "freq,airpol,nace_r2,unit,geo\\TIME_PERIOD\t2010 \t2011 \t2012 \n"
    "A,CO2,C10-C12,THS_T,DE\t9 \t10 p\t11 \n"
    "A,CO2,F,THS_T,EL\t: \t3.5 e\t: c\n"
    "A,CO2,F,THS_T,FR\t1 \t: \t1 \n"
    "A,CO2,HH,THS_T,DE\t1 \t7 \t1 \n"
)


@needs_figaro
@pytest.mark.parametrize("name", ["air.tsv", "air.tsv.gz"])
def test_the_bulk_files_of_eurostat(here, derisk, rows, world, name):
    (here / name).write_bytes(gzip.compress(TSV.encode()) if name.endswith(".gz") else TSV.encode())
    done = derisk("import", name, "--to", world)
    assert (done.returncode, done.stderr) == (0, "")
    assert values(rows, world, "CO2") == ({("DE", "C10T12"): 10, ("FIGW1", "F"): 3.5}, {"DE": 7})


@needs_figaro
@pytest.mark.parametrize(
    "old, new, error",
    [
        ("A,CO2,F,THS_T,EL", "A,CO2,F,EL", "air.tsv:3:1: 4 dimensions; expected as many as in the first row, 5"),
        ("3.5 e", "many", "air.tsv:3:3: 'many' is not a finite number"),
        ("2012 ", "2011 ", "air.tsv:1:4: '2011' is there twice; expected a column for each year"),
        ("2011 ", "now ", "air.tsv:2:3: 'now' is not a year"),
    ],
)
def test_what_is_wrong_in_a_bulk_file(here, derisk, world, old, new, error):
    (here / "air.tsv").write_text(TSV.replace(old, new, 1))
    done = derisk("import", "account", "air.tsv", "--to", world)
    assert (done.returncode, done.stderr) == (2, f"derisk: {error}\n")


@needs_figaro
def test_employment_of_the_oecd(here, derisk, rows, world):
    (here / "tim.csv").write_text(TRADE)
    done = derisk("import", "account", "tim.csv", "--to", world)
    assert (done.returncode, done.stderr) == (0, "")
    assert values(rows, world, "employment") == ({("DE", "A01"): 1500, ("US", "C31_32"): 2000}, {})
    assert "rows of one partner: 1" in " ".join(done.stdout.split())


@needs_figaro
def test_older_downloads_of_the_oecd(here, derisk, rows, world):
    (here / "co2.csv").write_text(OLDER)
    assert derisk("import", "account", "co2.csv", "--to", world).returncode == 0
    assert values(rows, world, "CO2") == ({("DE", "D35"): 4e6}, {})


ICIO = SAMPLES / "icio2021" / "ICIO2021_2011.csv"
EMISSIONS = SAMPLES.parent / "icio_co2_2018" / "icio2021_co2_2018_mt.csv.gz"


@pytest.mark.skipif(not (ICIO.exists() and EMISSIONS.exists()), reason=f"there is no {ICIO} or {EMISSIONS}")
def test_emissions_of_all_economies_are_in_a_table_of_four(here, derisk, rows):
    """The OECD's emissions of 67 economies by the industries of its edition of 2021, as a download would have them."""
    given = list(csv.DictReader(io.StringIO(gzip.decompress(EMISSIONS.read_bytes()).decode())))
    lines = [f"PROD_CO2,{row['region']},{row['sector']},WLD,2011,T,6,{row['co2_mt']}" for row in given]
    (here / "co2.csv").write_text("VAR,COU,IND,PAR,TIME,Unit Code,PowerCode Code,Value\n" + "\n".join(lines) + "\n")
    assert derisk("import", ICIO, "--to", "icio.world", "--quiet").returncode == 0
    done = derisk("import", "account", "co2.csv", "--to", "icio.world")
    assert (done.returncode, done.stderr) == (0, "")
    cells, _ = values(rows, "icio.world", "CO2")
    own = ("DEU", "CHN", "MEX")
    of_row = {
        "sector": lambda row: row["sector"][1:],
        "region": lambda row: row["region"] if row["region"] in own else "ROW",
    }
    for at, key in enumerate(("region", "sector")):
        expected, found = {}, {}
        for row in given:
            name = of_row[key](row)
            expected[name] = expected.get(name, 0) + 1e6 * float(row["co2_mt"])
        for cell, value in cells.items():
            found[cell[at]] = found.get(cell[at], 0) + value
        assert found == pytest.approx({name: value for name, value in expected.items() if value}, rel=1e-9), key


def test_industries_become_the_wider_sectors_of_a_world(here, derisk, rows):
    """The sample world follows ISIC Rev. 3; hours are an account of their own."""
    (here / "jobs.csv").write_text(
        "freq,unit,nace_r2,na_item,geo,TIME_PERIOD,OBS_VALUE\n"
        "A,THS_PER,C10-C12,EMP_DC,DE,2011,900\nA,THS_PER,D35,EMP_DC,DE,2011,200\nA,THS_PER,E36,EMP_DC,DE,2011,30\n"
        "A,THS_PER,G-I,EMP_DC,DE,2011,9000\nA,THS_PER,G45,EMP_DC,DE,2011,800\nA,THS_PER,G46,EMP_DC,DE,2011,1800\n"
        "A,THS_PER,G47,EMP_DC,DE,2011,3000\nA,THS_HW,D35,EMP_DC,DE,2011,5\nA,PC_TOT_PER,D35,EMP_DC,DE,2011,1\n"
    )
    done = derisk("import", "account", "jobs.csv", "--to", "sample.world")
    assert (done.returncode, done.stderr) == (0, "")
    slugs = {row["code"]: row["slug"] for row in rows("export", "sample.world", "--table", "sector")}
    employment, _ = values(rows, "sample.world", "employment")
    cells = {slugs[sector]: value for (_, sector), value in employment.items()}
    assert cells == {"food": 900e3, "utilities": 230e3, "trade-transport": 9000e3}
    units = {row["name"]: row["unit"] for row in rows("export", "sample.world", "--table", "account")}
    assert units == {"employment": "persons", "employment, hours": "thousand hours"}


HEADER = "freq,unit,nace_r2,na_item,geo,TIME_PERIOD,OBS_VALUE\n"


@pytest.mark.parametrize(
    "row, error",
    [
        (
            "A,THS_PER,CROPS,EMP_DC,DE,2011,1",
            "jobs.csv: the world has no sector 'CROPS'; --concordance maps other sectors to the world's",
        ),
        (
            "A,THS_PER,B-E,EMP_DC,DE,2011,1",
            "jobs.csv: no single sector of the world has all of the activity 'B-E'; --concordance",
        ),
        ("A,THS_PER,D35,EMP_DC,DE,2011-Q1,1", "jobs.csv:2:6: '2011-Q1' is not a year"),
        ("Q,THS_PER,D35,EMP_DC,DE,2011,1", "jobs.csv:2:1: the frequency 'Q'; expected annual data (A)"),
        ("A,THS_PER,D35,EMP_DC,DE,2011,many", "jobs.csv:2:7: "),
        ("A,THS_PER,,EMP_DC,DE,2011,1", "jobs.csv:2:3: expected an activity, such as C10-C12"),
        (
            "A,THS_PER,D35,EMP_DC,DE,2011,1\nA,THS_PER,D35,EMP_DC,DE,2011,1",
            "jobs.csv:3: the account 'employment' of 2011 has two rows of DE, D35; expected one",
        ),
        ("A,THS_PER,D35,EMP_DC,EA20,2011,1", "jobs.csv: no account in it\n"),
        (
            "A,CP_MEUR,D35,B1G,DE,2011,1",
            "jobs.csv: no account in it: 1 of its rows are in money; expected quantities, such as emissions or jobs",
        ),
    ],
)
def test_what_is_wrong_is_said(here, derisk, row, error):
    before = (here / "sample.world").read_bytes()
    (here / "jobs.csv").write_text(HEADER + row + "\n")
    done = derisk("import", "account", "jobs.csv", "--to", "sample.world")
    assert (done.returncode, done.stdout) == (2, "")
    assert error in done.stderr and done.stderr.count("\n") == 1
    assert (here / "sample.world").read_bytes() == before


def test_a_concordance_maps_what_has_no_place(here, derisk, rows):
    (here / "jobs.csv").write_text(HEADER + "A,THS_PER,B-E,EMP_DC,DE,2011,1\n")
    (here / "map.csv").write_text("sector,to\nB-E,utilities\n")
    done = derisk("import", "account", "jobs.csv", "--to", "sample.world", "--concordance", "map.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert list(values(rows, "sample.world", "employment")[0].values()) == [1000]
