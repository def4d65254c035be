"""derisk import tariffs, and what simulate and aggregate make of them, as a person runs them."""

import csv
import gzip
import os
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared")) / "data"
SECTOR_OF = {"1001": "AGR", "2709": "MIN", "6109": "TEX", "7208": "MET", "8507": "ELE", "8703": "TEQ", "8711": "TEQ"}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def stored(rows, world="sample.world"):
    table = rows("export", world, "--table", "tariff")
    return {(r["importer"], r["exporter"], r["sector"]): float(r["rate"]) for r in table}


def words(done):
    assert (done.returncode, done.stderr) == (0, "")
    return " ".join(done.stdout.split())


def report_of(derisk, *arguments):
    return words(derisk(*arguments, "--format", "csv"))


@pytest.fixture
def take(here, derisk):
    """Imports a text as a file of tariffs into the sample world, and returns the report."""

    def do(text, *options, name="tariffs.csv"):
        (here / name).write_text(text, encoding="utf-8")
        return derisk("import", name, "--to", "sample.world", *options, "--format", "csv")

    return do


# ---- The slow twin of the means --------------------------------------------------------------------------------------


def countries_of_regions():
    """Every country of ISO 3166 by the sample's region, the rest in ROW; and the members of the EU of 2011."""
    table = read(ROOT / "data/sample/sample_regions.csv")
    regions = {r["code"]: [p for p in r["parts"].split("|") if p] for r in table}
    own = {part: code for code, parts in regions.items() for part in parts}
    own |= {code: code for code, parts in regions.items() if not parts and code != "ROW"}
    all_of = [c["code"] for c in read(ROOT / "data/countries.csv") if c["kind"] == "country"]
    union = {
        m["iso3"]
        for m in read(ROOT / "data/groups/members.csv")
        if m["group"] == "EU" and m["from"] < "2011-07" and (not m["to"] or m["to"] > "2011-07")
    }
    return {code: own.get(code, "ROW") for code in all_of}, union


def twin(table, weight=None):
    """Means of a table {(importer, exporter or 'all', HS code): rate}: simple, or weighted by {(importer, exporter):
    {code: value}} where there is a weight."""
    region, union = countries_of_regions()
    importers = {i for i, _, _ in table}
    sums, counts, weighted, weights = (defaultdict(float) for _ in range(4))
    for c in region:
        for j in region:
            if region[c] == region[j]:
                continue
            of = {}  # the rates by code that hold for the pair, in the order in which they count
            for importer in [c] + (["EU"] if c in union and j not in union else []):
                for exporter in (j, *(["EU"] if j in union else []), *([] if {c, j} <= union else ["all"])):
                    if importer in importers:
                        pair = (importer, exporter)
                        of[pair] = {k: t for (i, e, k), t in table.items() if (i, e) == pair}

            def rate(code, tables):
                for t in tables:
                    for digits in range(len(code), 1, -2):
                        if code[:digits] in t:
                            return t[code[:digits]]
                return None

            for code in {code for t in of.values() for code in t}:
                cell = (region[c], region[j], SECTOR_OF[code[:4]])
                sums[cell] += rate(code, of.values())
                counts[cell] += 1
            for code, value in (weight or {}).get((c, j), {}).items():
                t = rate(code, of.values())
                if t is not None:
                    weighted[region[c], region[j], SECTOR_OF[code[:4]]] += value * t
                    weights[region[c], region[j], SECTOR_OF[code[:4]]] += value
    return {k: weighted[k] / weights[k] if weights[k] else sums[k] / counts[k] for k in {*sums, *weights}}


def random_tariffs(seed):
    draw = random.Random(seed)
    codes = [h + f"{draw.randrange(10, 100)}" for h in SECTOR_OF for _ in range(3)] + list(SECTOR_OF)
    table = {}
    for importer in ("EU", "USA", "CHN", "THA", "DEU"):
        for exporter in ("all", "CHN", "EU", "JPN", "VNM", "CHE", "FRA"):
            for code in draw.sample(codes, 9 if exporter == "all" else 3):
                if importer != exporter:
                    table[importer, exporter, code] = round(draw.uniform(0, 0.6), 4)
    return table


def write_tariffs(path, table):
    write(path, [{"importer": i, "exporter": e, "product": k, "tariff": t} for (i, e, k), t in table.items()])


def same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for cell, rate in theirs.items():
        assert ours[cell] == pytest.approx(rate, rel=1e-12, abs=1e-15), cell


@pytest.mark.parametrize("seed", [1, 2])
def test_simple_means_are_those_of_a_slow_twin(here, derisk, rows, seed):
    table = random_tariffs(seed)
    write_tariffs(here / "t.csv", table)
    assert "simple means" in report_of(derisk, "import", "t.csv", "--to", "sample.world", "--year", 2011)
    same(stored(rows), twin(table))


@pytest.mark.parametrize("weights", ["trade", "reference"])
def test_weighted_means_are_those_of_a_slow_twin(here, derisk, rows, weights):
    draw = random.Random(3)
    table = random_tariffs(3)
    codes = sorted({code for _, _, code in table if len(code) == 6})
    number = {"USA": 842, "CHN": 156, "THA": 764, "DEU": 276, "JPN": 392, "VNM": 704, "FRA": 251, "CHE": 757}
    flows = defaultdict(dict)
    with open(here / "BACI_HS07_Y2011_V202401.csv", "w", encoding="utf-8") as file:
        file.write("t,i,j,k,v,q\n")
        for c in number:
            for j in number:
                for code in draw.sample(codes, 6) if c != j else []:
                    flows[c, j][code] = draw.uniform(1, 1000)
                    file.write(f"2011,{number[j]},{number[c]},{code},{flows[c, j][code]!r},1\n")
    if weights == "reference":
        sold = defaultdict(float)
        for (_, j), of in flows.items():
            for code, value in of.items():
                sold[j, code] += value
        own = flows
        flows = defaultdict(dict)
        for c in number:
            for j, code in sold:
                others = sold[j, code] - own.get((c, j), {}).get(code, 0)
                if c != j and others > 0:
                    flows[c, j][code] = others
    write_tariffs(here / "t.csv", table)
    assert derisk("import", "BACI_HS07_Y2011_V202401.csv", "--to", "sample.world", "--quiet").returncode == 0
    report = report_of(derisk, "import", "t.csv", "--to", "sample.world", "--year", 2011, "--weights", weights)
    assert f"{weights} weights" in report and "HS07" in report
    same(stored(rows), twin(table, flows))


def test_products_of_another_edition_are_carried_over(here, derisk, rows):
    """852520 of HS 2002 ended, and became 851712 and others in HS 2007."""
    flows = "t,i,j,k,v,q\n2011,156,842,852520,100,1\n2011,156,842,870321,1,1\n"
    (here / "BACI_HS02_Y2011_V202401.csv").write_text(flows)
    (here / "t.csv").write_text("importer,exporter,product,tariff\nUSA,CHN,851712,8%\nUSA,CHN,8703,2%\n")
    assert derisk("import", "BACI_HS02_Y2011_V202401.csv", "--to", "sample.world", "--quiet").returncode == 0
    report = report_of(derisk, "import", "t.csv", "--to", "sample.world", "--year", 2011, "--classification", "HS07")
    assert "product flows are in the edition HS02, tariffs in HS07" in report
    assert stored(rows)["USA", "CHN", "ELE"] == pytest.approx(0.08)


HEAD = "importer,exporter,product,tariff\n"


# ---- Formats ---------------------------------------------------------------------------------------------------------

WITS = """Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,\
Tariff Year,Trade Year,Trade Source,DutyType,Simple Average,Weighted Average,Minimum Rate,Maximum Rate
HS,H3,840,United States,870321,Cars,000,World,2010,2010,CMT,MFN,2.5,2.5,2.5,2.5
HS,H3,840,United States,870321,Cars,410,"Korea, Rep.",2010,2010,CMT,PRF,1.0,1,1,1
HS,H3,840,United States,870321,Cars,410,"Korea, Rep.",2010,2010,CMT,AHS,0.5,1,1,1
HS,H3,840,United States,870321,Cars,410,"Korea, Rep.",2010,2010,CMT,BND,9,9,9,9
HS,H3,918,European Union,870321,Cars,000,World,2011,2011,CMT,MFN,10,10,10,10
HS,H3,918,European Union,870321,Cars,A01,Some countries,2011,2011,CMT,PRF,3,3,3,3
HS,H3,918,European Union,870322,Cars,000,World,2011,2011,CMT,MFN,,,,
"""


def test_a_download_of_wits(take, rows):
    report = words(take(WITS))
    rate = stored(rows)
    assert rate["USA", "KOR", "TEQ"] == 0.005  # the rate applied, before the preference, before MFN
    assert rate["USA", "DEU", "TEQ"] == 0.025
    assert rate["DEU", "CHN", "TEQ"] == 0.1 and ("DEU", "FRA", "TEQ") not in rate  # a customs union
    assert "importers without rates of this year: 1; the first is United States, whose rates are of 2010" in report
    assert "the first is 'A01'" in report and "rows without a rate: 1" in report
    assert "rates that are not applied: 1" in report


def test_bulk_files_of_wits(take, here, derisk, rows):
    mfn = "NomenCode,Reporter_ISO_N,Year,ProductCode,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,EstCode\n"
    preference = "NomenCode,Reporter_ISO_N,Year,Partner,ProductCode,SimpleAverage,Nbr_Pref_Lines\n"
    (here / "AVEPref_H4_840_2011_U2.csv").write_text(preference + "H4,840,2011,410,870321,0,1\n")
    mfn += "H4,840,2011,870321,5,2.5,2.5,2.5,2\nH4,840,2011,720810,0,0,0,0,2\n"
    (here / "AVEMFN_H4_840_2011_U2.csv").write_text(mfn)
    done = derisk("import", "AVEMFN_H4_840_2011_U2.csv", "AVEPref_H4_840_2011_U2.csv", "--to", "sample.world")
    words(done)
    rate = stored(rows)
    assert rate["USA", "KOR", "TEQ"] == 0 and rate["USA", "JPN", "TEQ"] == 0.025 and rate["USA", "JPN", "MET"] == 0


def test_macmap(take, rows):
    text = "importer,exporter,hs6_2007,year,adv\nUSA,CHN,870321,2010,0.025\n"
    text += "USA,CHN,10110,2010,0.05\nUSA,XYZ,870321,2010,0.5\n"
    report = words(take(text, "--year", 2011, name="mmhs6_2010.csv"))
    rate = stored(rows)
    assert rate == {("USA", "CHN", "TEQ"): 0.025, ("USA", "CHN", "AGR"): 0.05}
    assert "whose rates are of 2010" in report and "the first is 'XYZ'" in report


def test_the_global_tariff_database(take, rows):
    """By divisions of ISIC Rev. 3: food (15) and tobacco (16) are one sector of the sample."""
    head = "iso1,iso2,year,sector,tariff,mfn,tariff_w,mfn_w,tariff95,mfn95\n"
    pairs = "2011,15,8,8,8,8,8,8", "2011,16,20,8,8,8,8,8", "2011,1,3,3,3,3,3,3", "2011,34,-1,,,,,", "2010,1,99,,,,,"
    words(take(head + "".join(f"USA,CHN,{pair}\n" for pair in pairs)))
    assert stored(rows) == {("USA", "CHN", "FOO"): 0.14, ("USA", "CHN", "AGR"): 0.03}


def test_the_schedule_of_the_united_states(take, rows):
    text = """HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,\
Column 2 Rate of Duty,Quota Quantity,Additional Duties
8703,0,Motor cars,,,,,,
8703.21.01,1,Of a cylinder capacity,[],2.5%,"Free (A+,AU,B,CL,D,P,S) 1.25% (KR)",10%,,
8703.21.01.50,2,New,[],,,,,
1001.11.00,1,Durum,[],0.65\u00a2/kg,"Free (AU,S)",1.5\u00a2/kg,,
6109.10.00,1,T-shirts,[],1\u00a2/kg + 16.5%,"Free (CL)",90%,,
9902.01.01,0,Special,[],Free,,,,
"""
    report = words(take(text, "--year", 2011))
    rate = stored(rows)
    assert [rate["USA", e, "TEQ"] for e in ("CHN", "AUS", "KOR", "CAN", "MEX")] == [0.025, 0, 0.0125, 0, 0]
    assert rate["USA", "CHN", "TEX"] == 0.165
    assert rate["USA", "AUS", "AGR"] == 0 and ("USA", "CHN", "AGR") not in rate
    assert 0.023 < rate["USA", "ROW", "TEQ"] < 0.025  # Chile and others 0, Cuba and North Korea 10%
    assert "lines with duties by quantity or other words: 2; the first is '0.65\u00a2/kg'" in report
    assert "certain countries: 3; the first is 'A+'" in report and "the first is '9902.01.01'" in report


def test_dates_are_weighted_by_days(take, rows):
    """Of the 365 days of 2011, 99 before 10 April, then 30%; and from 1 December none."""
    text = "importer,exporter,product,tariff,from,to\nUSA,CHN,8703,10%,2010-06-01,\n"
    text += "USA,CHN,8703,30%,2011-04-10,2011-11-30\n"
    words(take(text))
    days = [0.1 if date(2011, 1, 1) + timedelta(d) < date(2011, 4, 10) else 0.3 for d in range(334)]
    assert stored(rows) == {("USA", "CHN", "TEQ"): pytest.approx(sum(days) / 334)}


def test_lines_of_more_digits_are_averaged_within_six(take, rows):
    lines = "8703.21.01,10%", "8703.21.02,20%", "870322,3%"
    words(take(HEAD + "".join(f"USA,CHN,{line}\n" for line in lines), "--year", 2011))
    assert stored(rows) == {("USA", "CHN", "TEQ"): pytest.approx(0.09)}


def test_other_rates_of_the_world_stay(take, rows):
    words(take("importer,exporter,sector,tariff\nUSA,CHN,TEQ,10%\nUSA,CHN,metals,5%\n", "--year", 2011))
    report = words(take("importer,exporter,sector,tariff_pct\nUSA,CHN,TEQ,45\n", "--year", 2011, name="new.csv"))
    assert "replacing" in report
    assert stored(rows) == {("USA", "CHN", "TEQ"): 0.45, ("USA", "CHN", "MET"): 0.05}


def test_a_concordance_of_sectors_and_of_products(take, here, rows):
    (here / "c.csv").write_text("sector,to\nCars,TEQ\nSteel,MET\n")
    text = "importer,exporter,sector,tariff\nUSA,CHN,Cars,10%\nUSA,CHN,Steel,5%\n"
    words(take(text, "--year", 2011, "--concordance", "c.csv"))
    assert stored(rows) == {("USA", "CHN", "TEQ"): 0.1, ("USA", "CHN", "MET"): 0.05}
    (here / "p.csv").write_text("product,sector\n87,MAC\n")
    words(take("importer,exporter,product,tariff\nUSA,CHN,870321,7%\n", "--year", 2011, "--concordance", "p.csv"))
    assert stored(rows)["USA", "CHN", "MAC"] == 0.07


def test_a_zip_of_years(here, derisk, rows):
    import zipfile

    with zipfile.ZipFile(here / "Tariffs.zip", "w") as archive:
        for year, rate in ((2007, 0.1), (2010, 0.2), (2013, 0.9)):
            text = f"importer,exporter,hs6_2007,year,adv\nUSA,CHN,870321,{year},{rate}\n"
            archive.writestr(f"Tariffs/mmhs6_{year}.csv", text)
    report_of(derisk, "import", "Tariffs.zip", "--to", "sample.world", "--year", 2011)
    assert stored(rows) == {("USA", "CHN", "TEQ"): 0.2}


# ---- Broken files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, error",
    [
        (
            HEAD + "USX,CHN,8703,10%\n",
            "tariffs.csv:2:1: 'USX' is neither a country, a group nor a region of the world; did you mean 'USA'?",
        ),
        (HEAD + "all,CHN,8703,10%\n", "tariffs.csv:2:1: 'all' is neither a country, a group nor a region of the world"),
        (
            HEAD + "USA,CHN,cars,10%\n",
            "tariffs.csv:2:3: 'cars' is not a product; expected 2 to 10 digits of the Harmonized System",
        ),
        (
            HEAD + "USA,CHN,87032112345,10%\n",
            "tariffs.csv:2:3: '87032112345' is not a product; expected 2 to 10 digits of the Harmonized System",
        ),
        (HEAD + "USA,CHN,8703,10\n", "tariffs.csv:2:4: the rate 10 would be 1000%; did you mean 10%?"),
        (HEAD + "USA,CHN,8703,x\n", "tariffs.csv:2:4: 'x' is not a rate; expected a number such as 25% or 0.25"),
        (
            HEAD + "USA,CHN,8703,-100%\n",
            "tariffs.csv:2:4: a tariff of -100%; expected more than -100% and at most 100000%",
        ),
        (
            HEAD + "USA,CHN,8703,1%\nUSA,China,8703,2%\n",
            "tariffs.csv:3: the tariff on these goods is given twice; tariffs.csv:2 has it, too",
        ),
        (HEAD + "USA,CHN,8703\n", "tariffs.csv:2: a row of 3 cells, but the header has 4"),
        (HEAD, "tariffs.csv: no rate in it that can be used"),
        ("importer,exporter,tariff\nUSA,CHN,1%\n", "tariffs.csv:1: expected a column 'product' or a column 'sector'"),
        (
            "importer,exportr,product,tariff\nUSA,CHN,87,1%\n",
            (
                "tariffs.csv:1:2: the column 'exportr' is not known; expected importer, exporter, product or sector,"
                " tariff or tariff_pct, and optionally year, or from and to; did you mean 'exporter'?"
            ),
        ),
        (
            "importer,sector,tariff\nUSA,metal,1%\n",
            "tariffs.csv:2:2: the world has no sector 'metal'; --concordance maps other sectors to the world's",
        ),
        (
            "importer,product,tariff,year,from\nUSA,87,1%,2011,2011-01-01\n",
            "tariffs.csv:1: expected a column 'year', or columns 'from' and 'to', not both",
        ),
        (
            "importer,product,tariff,from\nUSA,87,1%,2011-02-30\n",
            "tariffs.csv:2:4: '2011-02-30' is not a day; expected one such as 2018-07-06",
        ),
        (
            "importer,product,tariff,from,to\nUSA,87,1%,2011-02-03,2010-02-02\n",
            "tariffs.csv:2:5: the last day is before the first",
        ),
        ("importer,product,tariff,year\nUSA,87,1%,20x1\n", "tariffs.csv:2:4: '20x1' is not a finite number"),
        (
            "importer,product,tariff,year\nUSA,87,1%,2009\n",
            (
                "tariffs.csv: no rate is of a year of the world, whose last table is of 2011 (the first is of 2009);"
                " --year 2011 takes the latest rates up to that year"
            ),
        ),
        (
            "importer,product,tariff,year\nUSA,87,1%,2018\n",
            (
                "tariffs.csv: the first rate is of 2018, after the table of 2011; expected rates of the year of a"
                " table, or of earlier years with --year"
            ),
        ),
        (
            "importer,product,tariff,year\nUSA,98,1%,2011\n",
            "none of the 1 rates of 2011 is on trade between regions of the world in one of its sectors",
        ),
    ],
)
def test_broken_files_say_where(refused, here, text, error):
    (here / "tariffs.csv").write_text(text)
    refused(2, error, "import", "tariffs", "tariffs.csv", "--to", "sample.world")


def test_rates_of_later_years_than_the_one_asked(refused, here):
    (here / "tariffs.csv").write_text("importer,product,tariff,year\nUSA,87,1%,2018\n")
    error = (
        "tariffs.csv: the first rate is of 2018, after the table of 2011; expected rates of the year of a table, or of"
        " earlier years with --year"
    )
    refused(2, error, "import", "tariffs", "tariffs.csv", "--to", "sample.world", "--year", "2011")


def test_what_cannot_have_tariffs(refused, here, derisk):
    (here / "t.csv").write_text("importer,exporter,sector,tariff\nUSA,CHN,TEQ,10%\n")
    error = "new.world: no such world; import the table first to which the tariffs belong"
    refused(2, error, "import", "t.csv", "--to", "new.world")
    error = "sample.world: has no table of 2018, to which tariffs could belong"
    refused(2, error, "import", "t.csv", "--to", "sample.world", "--year", 2018)
    refused(
        2,
        (
            "the world has no product flows, which are the weights 'trade'; 'derisk import baci', 'comtrade' or"
            " 'comext' reads them, and simple means need none"
        ),
        *("import", "t.csv", "--to", "sample.world", "--weights", "trade"),
    )
    refused(
        2,
        "'H9' is not an edition of the Harmonized System; expected HS92, HS96, HS02, HS07, HS12, HS17 or HS22",
        *("import", "t.csv", "--to", "sample.world", "--classification", "H9"),
    )
    error = "the option 'weights' does not apply to an inter-country input-output table"
    refused(1, error, "import", "wiod_2011.csv.gz", "--to", "w.world", "--weights", "simple")


# ---- What they do ----------------------------------------------------------------------------------------------------


@pytest.fixture
def taxed(take):
    words(take("importer,exporter,sector,tariff\nEU,CHN,transport-equipment,10%\nUSA,CHN,metals,25%\n", "--year", 2011))
    return "sample.world"


def test_they_are_the_base_of_a_simulation(rows, taxed):
    """The same tariff as a scenario changes nothing, and without it the world is another one."""
    same_again = rows("simulate", taxed, "--tariff", "EU:CHN:transport-equipment:10%")
    assert all(abs(float(r["welfare"])) < 1e-9 for r in same_again)
    gone = {r["region"]: r for r in rows("simulate", taxed, "--tariff", "EU:CHN:transport-equipment:0%")}
    assert float(gone["CHN"]["welfare"]) > 1e-6
    flows = rows("simulate", taxed, "--tariff", "EU:CHN:transport-equipment:0%", "--table", "flows")
    cars = next(r for r in flows if (r["importer"], r["exporter"], r["sector"]) == ("DEU", "CHN", "TEQ"))
    assert float(cars["change"]) > 0.1


def test_a_result_says_what_the_duties_are(derisk, taxed):
    note = words(derisk("simulate", taxed, "--tariff", "EU:CHN:goods:25%"))
    assert "tariffs beside the table: duties of" in note and "were part of value added" in note


def test_other_measures_stay_as_they_were(rows, derisk, taxed, here, story):
    for arguments in (("balance", "EU", "CHN"), ("exposure", "EU")):
        ours = rows(arguments[0], taxed, *arguments[1:])
        theirs = rows(arguments[0], story[0] / "sample.world", *arguments[1:])
        assert ours == theirs


def test_info_and_check_know_them(derisk, taxed):
    info = words(derisk("info", taxed))
    assert "2 importers" not in info and "importers" in info and "tariffs.csv" in info and "the highest 25.00%" in info
    assert derisk("check", taxed).returncode in (0, 2)


def test_an_aggregate_keeps_their_revenue(here, rows, derisk, taxed):
    regions = [r["code"] for r in rows("export", taxed, "--table", "region")]
    write(here / "map.csv", [{"region": r, "to": "EUR" if r in ("DEU", "FRA", "ITA") else r} for r in regions])
    assert derisk("aggregate", taxed, "--regions", "map.csv", "--to", "small.world", "--quiet").returncode == 0
    revenue = []
    for world in (taxed, "small.world"):
        table, total = stored(rows, world), 0
        for name, user in (("intermediate", "user"), ("final", "use")):
            for r in rows("export", world, "--table", name):
                value = max(float(r["value"]), 0)
                total += table.get((r["destination"], r["origin"], r["supplier"]), 0) * value
        revenue.append(total)
    assert revenue[0] > 0 and revenue[1] == pytest.approx(revenue[0], rel=1e-9)
    assert stored(rows, "small.world")["EUR", "CHN", "TEQ"] == pytest.approx(0.1, rel=1e-12)


def test_the_files_are_recognised_without_their_layout(here, derisk):
    (here / "t.csv").write_text("exporter,importer,sector,tariff\nCHN,USA,TEQ,10%\n")
    assert derisk("import", "t.csv", "--to", "sample.world", "--year", 2011, "--quiet").returncode == 0
    assert "t.csv" in derisk("info", "sample.world").stdout


# ---- Real files ------------------------------------------------------------------------------------------------------


def test_tariffs_of_the_trade_war(here, derisk, rows):
    source = SHARED / "us_china_tradewar_tariffs_hs6" / "us_on_china_hs6.csv"
    if not source.exists():
        pytest.skip("needs us_china_tradewar_tariffs_hs6 of the shared data (DERISK_SHARED)")
    table = read(source)
    pair = {"importer": "USA", "exporter": "CHN"}
    write(
        here / "war.csv",
        [pair | {"product": r["hs6"], "tariff_pct": r["tariff_pct"], "from": r["date"]} for r in table],
    )
    names = ("--sectors", "sectors.csv", "--regions", "regions.csv")
    done = derisk("import", "wiod_2011.csv.gz", *names, "--year", 2018, "--to", "w.world", "--quiet")
    assert done.returncode == 0
    report = report_of(derisk, "import", "war.csv", "--to", "w.world")
    assert "2018" in report
    of = defaultdict(dict)
    for r in table:
        if r["hs6"][:4] == "8703":
            of[r["hs6"]][r["date"]] = float(r["tariff_pct"])
    means = []
    for steps in of.values():
        days = [date(2018, 1, 1) + timedelta(d) for d in range(365)]
        in_force = [[v for k, v in sorted(steps.items()) if k <= day.isoformat()] for day in days]
        means.append(sum(v[-1] for v in in_force if v) / sum(1 for v in in_force if v))
    (here / "cars.csv").write_text("product,sector\n8703,TEQ\n")
    report_of(derisk, "import", "war.csv", "--to", "w.world", "--concordance", "cars.csv")
    assert stored(rows, "w.world")["USA", "CHN", "TEQ"] == pytest.approx(sum(means) / len(means) / 100, rel=1e-12)


def test_lists_of_the_united_states(here, derisk, rows):
    source = SHARED / "us_tariffs" / "s301_product_lists.csv.gz"
    if not source.exists():
        pytest.skip("needs us_tariffs of the shared data (DERISK_SHARED)")
    with gzip.open(source, "rt") as file:
        codes = {r["hts8"] for r in csv.DictReader(file)}
    pair = {"importer": "USA", "exporter": "CHN"}
    write(here / "lists.csv", [pair | {"hts8": code, "tariff": "25%"} for code in sorted(codes)])
    report_of(derisk, "import", "lists.csv", "--to", "sample.world", "--year", 2011)
    rate = stored(rows)
    assert len(rate) >= 10 and {*rate.values()} == {0.25} and ("USA", "CHN", "ELE") in rate
