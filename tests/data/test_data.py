"""The data that derisk carries: consistent with itself, with its sources, and with what data/README.md says."""

import csv
import datetime
import gzip
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import unicodedata

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SHARED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))
SAMPLE_LIMIT = 300_000
FINAL_USES = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT"]


def rows(name, base=DATA):
    with open(base / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def shared(name):
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"needs {name} of the shared data (DERISK_SHARED)")
    return path


def all_files():
    return sorted(path for path in DATA.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


# ---- Every CSV file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [p for p in all_files() if p.suffix == ".csv"], ids=lambda p: p.name)
def test_csv_is_rectangular_and_clean(path):
    with open(path, newline="", encoding="utf-8") as file:
        table = list(csv.reader(file, strict=True))
    assert len(table) > 1
    assert {len(row) for row in table} == {len(table[0])}
    for row in table:
        for cell in row:
            assert cell == cell.strip() and "\n" not in cell


def test_no_machine_paths_in_data():
    for path in all_files():
        text = gzip.open(path, "rt").read() if path.suffix == ".gz" else path.read_text(encoding="utf-8")
        assert not re.search(r"/(work|tmp|home|root)/", text), path


# ---- Sources ------------------------------------------------------------------------------------------------------


def source_ids():
    return {row["id"] for row in rows("sources.csv")}


def test_sources_are_complete():
    table = rows("sources.csv")
    assert len(table) == len(source_ids())
    for row in table:
        assert re.fullmatch(r"[a-z0-9-]+", row["id"])
        assert row["title"] and row["publisher"] and row["licence"]
        datetime.date.fromisoformat(row["retrieved"])
        assert row["url"] == "" or re.match(r"https?://", row["url"])


def test_every_cited_source_exists():
    cited = {row["source_id"] for row in rows("groups/groups.csv")}
    cited |= {row["source"] for row in rows("groups/members.csv")}
    cited |= {row["source"] for row in rows("classifications/classifications.csv")}
    for path in (DATA / "elasticities").rglob("*.csv"):
        cited |= {
            row["source"] for row in rows(path.name, path.parent) if path.name != "sets.csv"
        }  # versions of the sets
    for row in rows("groups/members.csv"):
        cited |= set(re.findall(r"source ([a-z0-9-]+)", row["note"]))
    assert cited <= source_ids(), cited - source_ids()
    readme = (DATA / "README.md").read_text()
    assert {"iso-3166", "wiod-2013", "derisk-scenarios"} <= source_ids() & set(re.findall(r"`([a-z0-9-]+)`", readme))


def test_every_source_is_used():
    text = "".join(path.read_text(encoding="utf-8") for path in all_files() if path.suffix in (".csv", ".md"))
    unused = [source for source in source_ids() if len(re.findall(rf"\b{source}\b", text)) < 2]
    assert not unused


def test_source_of_the_sample_is_the_same_in_both_files():
    (own,) = rows("sample/source.csv")
    listed = next(row for row in rows("sources.csv") if row["id"] == own["id"])
    assert own.pop("unit") == "million US dollars, current prices"
    assert own == {key: listed[key] for key in ("id", "title", "publisher", "licence", "url")}


# ---- Countries ----------------------------------------------------------------------------------------------------

KINDS = ("country", "territory", "former state", "rest of the world", "partner not told")


def folded(text):
    """As the program compares names: no case, no accents, no blanks, no punctuation, no article in front."""
    text = unicodedata.normalize("NFKD", text).replace("&", "and")
    article = 4 if text.lower().startswith("the ") else 0
    return re.sub("[^A-Z0-9/_]" if text.startswith("_") else "[^A-Z0-9/]", "", text[article:].upper())


def spellings(row):
    borders = [text.split(" ")[0] for text in row["borders"].split("|")]
    return [row["code"], row["iso2"], row["name"], *row["numbers"].split("|"), *row["aliases"].split("|"), *borders]


def test_countries_have_unambiguous_names():
    owner = {}
    for row in rows("countries.csv"):
        assert row["kind"] in KINDS and re.fullmatch(r"[A-Z]{2}|", row["iso2"])
        assert row["kind"] != "country" or re.fullmatch(r"[A-Z]{3}", row["code"])
        for name in spellings(row):
            if name:
                assert owner.setdefault(folded(name), row["code"]) == row["code"], name


def countries():
    return [row for row in rows("countries.csv") if row["kind"] == "country"]


def test_countries_are_iso_3166_and_kosovo():
    codes = [row["code"] for row in countries()]
    assert len(codes) == len(set(codes)) == 249 + 1
    assert codes == sorted(codes)
    assert all(row["numbers"] for row in countries())
    for iso3, iso2 in {"DEU": "DE", "CHN": "CN", "ROU": "RO", "REU": "RE", "GBR": "GB", "XKX": "XK"}.items():
        assert {"code": iso3, "iso2": iso2}.items() <= next(row for row in countries() if row["code"] == iso3).items()


def names_of_regions():
    return {folded(name) for row in rows("countries.csv") for name in spellings(row) if name}


def test_regions_know_the_names_of_the_nafta_tables():
    with gzip.open(shared("nafta-1993/deficit.csv.gz"), "rt") as file:
        used = {row["region"] for row in csv.DictReader(file)}
    assert len(used) == 31
    assert {name for name in used if folded(name) not in names_of_regions()} == set()


def test_regions_know_the_codes_of_wiod():
    with gzip.open(shared("wiod/wiod_2011.csv.gz"), "rt") as file:
        codes = {label.split("_")[0] for label in next(csv.reader(file))[1:]} - {"OUT"}
    assert {folded(code) for code in codes} <= names_of_regions()


# ---- The map ------------------------------------------------------------------------------------------------------


def test_outlines_are_on_the_map_and_of_known_countries():
    found = rows("map/countries.csv")
    codes = {row["iso3"] for row in found}
    known = {row["code"] for row in countries()}
    assert codes <= known
    # what Natural Earth counts to another country, or leaves out at 1:50 million; and Antarctica
    assert known - codes == set("ATA BES BVT CCK CXR GIB GLP GUF MTQ MYT REU SJM TKL TUV UMI".split())
    for row in found:
        steps = [int(number) for number in row["path"].split()]
        assert len(steps) % 2 == 0 and (len(steps) == 2) == (row["kind"] == "point")
        assert row["kind"] in ("ring", "point")
        x = [sum(steps[: i + 1 : 2]) for i in range(0, len(steps), 2)]
        y = [sum(steps[1 : i + 2 : 2]) for i in range(0, len(steps), 2)]
        assert 0 <= min(x) and max(x) <= 2800 and -700 < min(y) and max(y) < 700
        assert max(x) - min(x) < 1400  # nothing goes round the world
    largest = {row["iso3"]: i for i, row in reversed(list(enumerate(found)))}
    assert largest["ZAF"] < largest["LSO"]  # a country in a hole of another is drawn after it


# ---- Groups -------------------------------------------------------------------------------------------------------


def first_day(text):
    return datetime.date.fromisoformat((text + "-01-01")[:10])


def members():
    for row in rows("groups/members.csv"):
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", row["from"]), row
        assert re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", row["to"]), row
        end = datetime.date.fromisoformat(row["to"]) if row["to"] else datetime.date.max
        yield row, first_day(row["from"]), end


def in_group(group, year):
    """The rule of the program: a member in a year is one on its 1 July."""
    day = datetime.date(year, 7, 1)
    return {row["iso3"] for row, start, end in members() if row["group"] == group and start <= day <= end}


def test_memberships_are_dated_and_do_not_overlap():
    regions = {row["code"] for row in countries()}
    groups = {row["group"] for row in rows("groups/groups.csv")}
    spans = {}
    for row, start, end in members():
        assert row["iso3"] in regions and row["group"] in groups, row
        assert start <= end and start <= datetime.date(2026, 11, 24), row
        spans.setdefault((row["group"], row["iso3"]), []).append((start, end))
    assert {group for group, _ in spans} == groups
    for key, dates in spans.items():
        dates.sort()
        assert all(before[1] < after[0] for before, after in zip(dates, dates[1:])), key


def test_no_group_is_named_like_a_region():
    assert not {folded(row["group"]) for row in rows("groups/groups.csv")} & names_of_regions()


@pytest.mark.parametrize(
    "year, count",
    [(1957, 0), (1958, 6), (1973, 9), (1981, 10), (1986, 12), (1995, 15), (2004, 25), (2007, 27), (2012, 27)]
    + [(2013, 28), (2019, 28), (2020, 27), (2026, 27)],
)
def test_eu_members(year, count):
    assert len(in_group("EU", year)) == count


@pytest.mark.parametrize("group, year, count", [("G7", 1975, 0), ("G7", 1976, 7), ("G7", 2026, 7)])
def test_g7_members(group, year, count):
    assert len(in_group(group, year)) == count


@pytest.mark.parametrize("year, count", [(2008, 0), (2009, 4), (2010, 4), (2011, 5), (2023, 5), (2024, 9), (2025, 10)])
def test_brics_members(year, count):
    assert len(in_group("BRICS", year)) == count


def test_bri_members_that_are_certain():
    assert in_group("BRI", 2013) == set()
    assert "CHN" in in_group("BRI", 2014)
    italy = [year for year in range(2010, 2027) if "ITA" in in_group("BRI", year)]
    assert italy == [2019, 2020, 2021, 2022, 2023]
    assert {"ITA", "LUX"} <= in_group("BRI", 2019) - in_group("BRI", 2018)
    assert len(in_group("BRI", 2022) & in_group("EU", 2022)) == 18
    assert not {"DEU", "FRA", "ESP", "NLD", "GBR", "USA", "JPN", "IND", "KOR", "AUS", "TWN"} & in_group("BRI", 2026)


def test_bri_in_europe_is_that_of_the_source():
    iso3 = {row["iso2"]: row["code"] for row in countries()}
    found = {row["iso3"]: (row["from"], row["to"]) for row, _, _ in members() if row["group"] == "BRI"}
    path = shared("belt_and_road_membership/bri_europe_first_signature_year.csv")
    source = rows(path.name, path.parent)
    for row in source:
        start, end = found.get(iso3[row["iso2"]], ("", ""))
        if row["member_by_2022m03"] == "0":
            assert start == ""
        else:
            assert start == (row["exact_date"] or row["first_signature_year"])
            assert end == row["exit_date"][:10]


def test_bri_members_are_not_in_the_table_of_non_members():
    """Of those that had signed by March 2022; Malaysia and Nicaragua are exceptions that data/README.md or a note
    explains."""
    iso3 = {row["iso2"]: row["code"] for row in countries()}
    path = shared("belt_and_road_membership/bri_nonmembers_2022m03.csv")
    non_members = {iso3[row["iso2"]] for row in rows(path.name, path.parent)}
    early = {
        row["iso3"] for row, start, _ in members() if row["group"] == "BRI" and start <= datetime.date(2022, 3, 24)
    }
    assert early & non_members == {"MYS", "NIC"}


def test_readme_counts_the_unknown_dates():
    unknown = [row for row in rows("groups/members.csv") if "its date not known here" in row["note"]]
    assert {row["from"] for row in unknown} == {"2022-03"}
    assert f"{len(unknown)} economies" in (DATA / "README.md").read_text()


# ---- Elasticities -------------------------------------------------------------------------------------------------

DIVISIONS = {1, 2, 5, *range(10, 15), *range(15, 38), 40, 41, 45, 50, 51, 52, 55, *range(60, 65), 65, 66, 67}
DIVISIONS |= {*range(70, 76), 80, 85, *range(90, 94), 95, 99}


def covers(code):
    assert re.fullmatch(r"\d\d(t\d\d)?", code), code
    first, _, last = code.partition("t")
    return DIVISIONS & set(range(int(first), int(last or first) + 1))


def test_a_word_for_a_sector_is_there_once_and_has_a_division():
    words = rows("products/sector-words.csv")
    assert len({row["word"].lower() for row in words}) == len(words) > 0
    assert all(re.fullmatch(r"\d\d", row["isic_rev3"]) for row in words)


# ---- Sectors of tables ----------------------------------------------------------------------------------------------

REV4 = {1, 2, 3, *range(5, 34), *range(35, 40), *range(41, 44), 45, 46, 47, *range(49, 54), 55, 56, *range(58, 64)}
REV4 |= {64, 65, 66, 68, *range(69, 76), *range(77, 83), 84, 85, 86, 87, 88, *range(90, 100)}
SIZES = {"icio2016": 34, "icio2018": 36, "icio2021": 45, "icio2023": 45, "icio2025": 50, "wiod2013": 35, "wiod2016": 56,
         "figaro": 64, "exiobase-ixi": 163, "exiobase-pxp": 200, "eora26": 26, "adb": 35, "gloria": 120, "gtap": 65,
         "isic3": 35}  # fmt: skip


def divisions(code, known):
    """Of a list such as 30|32t33: one piece after the other, each of known divisions."""
    found = []
    for piece in code.split("|"):
        assert re.fullmatch(r"\d\d(t\d\d)?", piece), code
        first, _, last = piece.partition("t")
        assert {int(first), int(last or first)} <= known, code
        found += sorted(known & set(range(int(first), int(last or first) + 1)))
    assert found == sorted(set(found)), code
    return set(found)


def known_sectors():
    return {row["slug"]: row for row in rows("classifications/sectors.csv")}


def codes_of():
    found = {}
    for row in rows("classifications/codes.csv"):
        found.setdefault(row["classification"], []).append(row)
    return found


def test_products_have_divisions_of_goods():
    table = rows("products/hs-isic.csv")
    assert [row["product"] for row in table] == sorted({row["product"] for row in table})
    for row in table:
        assert re.fullmatch(r"(\d\d){1,3}", row["product"])
        assert len(divisions(row["isic_rev3"], DIVISIONS)) == len(divisions(row["isic_rev4"], REV4)) == 1
    assert {row["product"] for row in table} >= {f"{n:02d}" for n in range(1, 98) if n not in (27, 77)}
    # what most of a division of Rev. 4 was in Rev. 3, from the sectors of single divisions
    third = {}
    for row in known_sectors().values():
        if re.fullmatch(r"\d\d", row["isic_rev4"]):
            third.setdefault(row["isic_rev4"], set()).update(divisions(row["isic_rev3"], DIVISIONS))
    other = [r["product"] for r in table if int(r["isic_rev3"]) not in third[r["isic_rev4"]]]
    # turbojets, medical instruments, boilers, household appliances, arms and the like moved in Rev. 4
    assert len(other) < len(table) / 8, other


def test_each_sector_has_one_meaning():
    table = rows("classifications/sectors.csv")
    assert len(known_sectors()) == len(table)
    for row in table:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["slug"]) and row["name"]
        own = divisions(row["isic_rev3"], DIVISIONS)
        fourth = divisions(row["isic_rev4"], REV4) if row["isic_rev4"] else None
        goods = fourth <= set(range(1, 34)) if fourth else own <= set(range(1, 38))
        services = not fourth & set(range(1, 34)) if fourth else not own & set(range(1, 38))
        assert goods != services and row["kind"] == ("goods" if goods else "services"), row
    used = {row["slug"] for row in rows("classifications/codes.csv")}
    assert used == set(known_sectors())


def test_classifications_are_whole():
    listed = [row["classification"] for row in rows("classifications/classifications.csv")]
    assert list(codes_of()) == listed and set(SIZES) | {"isic4"} == set(listed)
    for name, size in SIZES.items():
        assert len({row["slug"] for row in codes_of()[name]}) == size, name


@pytest.mark.parametrize("name", [n for n in SIZES if n not in ("gtap", "isic3")])
def test_a_table_covers_every_division_of_goods(name):
    table = [known_sectors()[row["slug"]] for row in codes_of()[name]]
    fourth = all(row["isic_rev4"] for row in table) and name not in ("eora26", "adb", "wiod2013")
    column, known = ("isic_rev4", REV4 - {99}) if fourth else ("isic_rev3", DIVISIONS - {99, 95})
    covered = set().union(*(divisions(row[column], REV4 if fourth else DIVISIONS) for row in table))
    # the groups of sectors of GLORIA leave out specialised construction, broadcasting and households
    assert known - covered <= ({43, 59, 60, 97, 98} if name == "gloria" else set()), sorted(known - covered)


def test_a_word_means_what_the_slug_of_that_name_means():
    """And nothing else of a table that has such a slug is under the word: the slug comes first."""
    words = {row["word"]: divisions(row["isic_rev3"], DIVISIONS) for row in rows("classifications/words.csv")}
    assert len(words) == len(rows("classifications/words.csv"))
    own = {slug: divisions(row["isic_rev3"], DIVISIONS) for slug, row in known_sectors().items()}
    for name, table in codes_of().items():
        slugs = {row["slug"] for row in table}
        for word in words.keys() & slugs:
            assert own[word] == words[word], word
            assert name == "isic4" or [s for s in slugs if own[s] <= words[word]] == [word], (name, word)


def test_slugs_of_the_sample_are_those_of_all_tables():
    words = {row["word"]: divisions(row["isic_rev3"], DIVISIONS) for row in rows("classifications/words.csv")}
    sections = {"AtB": "01t05", "C": "10t14", "E": "40t41", "F": "45"}
    for row in rows("sample/sample_sectors.csv"):
        own = divisions(sections.get(row["isic_rev3"], row["isic_rev3"]), DIVISIONS)
        known = known_sectors().get(row["slug"])
        meant = words.get(row["slug"]) or divisions(known["isic_rev3"], DIVISIONS)
        # in Rev. 3 sewage is no part of E
        assert own == meant - ({90} if row["slug"] == "utilities" else set()), row


@pytest.mark.parametrize("path", sorted((DATA / "elasticities").glob("*.csv")), ids=lambda p: p.stem)
def test_each_sector_of_each_table_has_a_trade_elasticity(path):
    covered = set().union(*(covers(row["isic_rev3"]) for row in rows(path.name, path.parent)))
    for row in known_sectors().values():
        assert divisions(row["isic_rev3"], DIVISIONS) & covered, row


@pytest.mark.parametrize("path", sorted((DATA / "elasticities").glob("*.csv")), ids=lambda p: p.stem)
def test_elasticities_cover_each_division_once(path):
    covered = []
    for row in rows(path.name, path.parent):
        assert float(row["trade_elasticity"]) > 0
        assert row["standard_error"] == "" or float(row["standard_error"]) > 0
        assert covers(row["isic_rev3"])
        covered += covers(row["isic_rev3"])
    assert len(covered) == len(set(covered))
    assert set(covered) == DIVISIONS


def test_caliendo_parro_is_that_of_the_replication_data():
    own = rows("elasticities/caliendo-parro-2015.csv")
    with gzip.open(shared("nafta-1993/trade_elasticity.csv.gz"), "rt") as file:
        theirs = list(csv.DictReader(file))
    assert len(theirs) == 40
    pairs = list(zip([*own[:20], *[own[20]] * 20], theirs, strict=True))
    assert [(float(a["trade_elasticity"]), b["sector"]) for a, b in pairs] == [
        (float(b["trade_elasticity"]), b["sector"]) for _, b in pairs
    ]
    assert [row["sector"] for row in own[:20]] == [row["sector"] for row in theirs[:20]]


def test_caliendo_parro_has_the_standard_errors_of_its_table_1():
    """The sample without the smallest 1% of flows, in the order of the sectors; numbers that are no estimates have
    none."""
    published = "2.01 3.67 0.61 1.28 2.87 2.65 15.61 1.78 2.23 1.60 2.51 2.12 2.80 4.53 1.64 1.77 1.56 - - 1.08 -"
    own = rows("elasticities/caliendo-parro-2015.csv")
    assert [row["standard_error"] or "-" for row in own] == published.split()
    assert {row["trade_elasticity"] for row in own if not row["standard_error"]} == {"8.22"}


def by_division(name):
    return {d: row for row in rows(f"elasticities/{name}.csv") for d in covers(row["isic_rev3"])}


@pytest.mark.parametrize(
    "name, source", [("fontagne-guimbard-orefice-2022", "FGO"), ("lashkaripour-lugovskyy-2023", "LL")]
)
def test_sets_are_those_of_a_second_transcription(name, source):
    """By the industries of the ICIO, some of which are means there: wood and paper, rubber and minerals, the two of
    transport equipment."""
    parts = {"A01": "01", "B05": "10", "C10T12": "15", "C13T15": "17", "C16": "20 21", "C17_18": "20 21", "C19": "23",
             "C20": "24", "C21": "24", "C22": "25 26", "C23": "25 26", "C24A": "27", "C25": "28", "C26": "30",
             "C27": "31", "C28": "29", "C29": "34 35", "C301": "34 35", "C31T33": "36"}  # fmt: skip
    with open(shared("bilateral_trade_tariff_cubes/trade_elasticities.csv"), newline="") as file:
        theirs = {
            row["sector"]: row for row in csv.DictReader(file) if row["dataset"] == "icio" and row["source"] == source
        }
    own = by_division(name)
    for industry, part in parts.items():
        mean = sum(float(own[int(division)]["trade_elasticity"]) for division in part.split()) / len(part.split())
        assert mean == pytest.approx(float(theirs[industry]["trade_elasticity"]), abs=1e-5), industry


def test_lashkaripour_lugovskyy_is_the_articles_table_and_not_its_code():
    """Position by position in the order of the article's flows; 12 and 13 are electrical equipment and machinery."""
    parts = ["01", "10", "15", "17", "20", "21", "23", "24", "25", "26", "27", "31", "29", "34", "36"]
    own = by_division("lashkaripour-lugovskyy-2023")
    with open(shared("published/ll2023_policy/parameters.csv"), newline="") as file:
        theirs = list(csv.DictReader(file))
    for part, row in zip(parts, theirs[:15], strict=True):
        mine = own[int(part)]
        assert float(mine["trade_elasticity"]) == float(row["paper_trade_elasticity"]), row["true_sector"]
        assert float(mine["standard_error"]) == float(row["paper_te_se"]), row["true_sector"]
        code = {"31": own[29], "29": own[31]}.get(part, mine)  # interchanged in the code
        if part != "23":
            assert float(code["trade_elasticity"]) == float(row["code_trade_elasticity"]), row["true_sector"]
    assert (theirs[6]["code_trade_elasticity"], own[23]["trade_elasticity"]) == ("0.397", "0.636")


def test_every_set_says_which_version_it_is():
    told = {row["set"]: row["version"] for row in rows("elasticities/presets/sets.csv")}
    assert set(told) == {path.stem for path in (DATA / "elasticities").glob("*.csv")}
    for name in told:
        assert all(row["version"] for row in rows(f"elasticities/{name}.csv"))
    own = {name: by_division(name) for name in told}
    numbers = {"caliendo-parro-2015": {34: "8.22", 65: "8.22"}, "fontagne-guimbard-orefice-2022": {65: "4"},
               "lashkaripour-lugovskyy-2023": {29: "7.75", 31: "1.235", 23: "0.636", 65: "4"}}  # fmt: skip
    for name, of in numbers.items():  # those that the sentences name
        for division, number in of.items():
            assert own[name][division]["trade_elasticity"] == number and number in told[name]


# ---- The sample world ---------------------------------------------------------------------------------------------


def read_table(path):
    with gzip.open(path, "rt", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)[1:]
        cells = {}
        for row in reader:
            assert row[0] not in cells and len(row) == len(columns) + 1
            cells[row[0]] = dict(zip(columns, map(int, row[1:]), strict=True))
    assert len(columns) == len(set(columns))
    return columns, cells


@pytest.fixture(scope="module")
def sample():
    return read_table(DATA / "sample" / "sample_2011.csv.gz")


@pytest.fixture(scope="module")
def wiod():
    return read_table(shared("wiod/wiod_2011.csv.gz"))


def industries(cells):
    return [label for label in cells if label not in ("VA", "OUT")]


def new_labels():
    """(region, sector) of the full table -> label in the sample."""
    return {
        f"{region['region']}_{sector['sector']}": f"{region['to']}_{sector['to']}"
        for region in rows("sample/regions.csv")
        for sector in rows("sample/sectors.csv")
    }


def test_sample_is_small():
    assert sum(path.stat().st_size for path in (DATA / "sample").iterdir() if path.is_file()) <= SAMPLE_LIMIT


def test_sample_has_the_layout_of_its_lists(sample):
    columns, cells = sample
    regions = [row["code"] for row in rows("sample/sample_regions.csv")]
    sectors = [row["code"] for row in rows("sample/sample_sectors.csv")]
    labels = [f"{region}_{sector}" for region in regions for sector in sectors]
    assert list(cells) == labels + ["VA", "OUT"]
    assert columns == labels + [f"{region}_{use}" for region in regions for use in FINAL_USES] + ["OUT"]
    assert gzip.open(DATA / "sample" / "sample_2011.csv.gz", "rt").read(3) == "V1,"


def test_sample_rows_add_up_to_output_but_for_rounding(sample):
    _, cells = sample
    parts = list(new_labels().values())
    for label in industries(cells):
        output = cells[label]["OUT"]
        gap = output - (sum(cells[label].values()) - output)
        assert abs(gap) <= 0.5 * parts.count(label) * 1640, label  # half a million dollars a cell of the full table
        assert abs(gap) <= max(0.02 * output, 3), label


def test_sample_columns_add_up_exactly(sample):
    _, cells = sample
    for label in industries(cells):
        inputs = sum(cells[row][label] for row in industries(cells))
        assert inputs + cells["VA"][label] == cells["OUT"][label] == cells[label]["OUT"], label
        assert cells["VA"][label] > 0
    assert cells["OUT"]["OUT"] == sum(cells[label]["OUT"] for label in industries(cells))
    assert cells["VA"]["OUT"] == sum(cells["VA"][label] for label in industries(cells))


def test_sample_keeps_every_total_of_wiod(sample, wiod):
    new, (_, cells), (_, full) = new_labels(), sample, wiod
    assert set(industries(full)) == set(new)
    for total in ("VA", "OUT"):
        for label in industries(cells):
            assert cells[total][label] == sum(full[total][old] for old in new if new[old] == label)

    def blocks(table):
        rows_of = industries(table)
        between = sum(table[i][j] for i in rows_of for j in rows_of)
        final = {
            use: sum(v for i in rows_of for j, v in table[i].items() if j.endswith("_" + use)) for use in FINAL_USES
        }
        negative = sum(min(v, 0) for i in rows_of for j, v in table[i].items() if j.split("_")[-1] not in FINAL_USES)
        return between, final, table["VA"]["OUT"], table["OUT"]["OUT"], negative

    assert blocks(cells) == blocks(full)


def test_sample_cells_are_the_sums_they_should_be(sample, wiod):
    (_, cells), (_, full) = sample, wiod
    assert cells["CHN_ELE"]["DEU_TEQ"] == full["CHN_c14"]["DEU_c15"]
    assert cells["DEU_MET"]["ITA_INVNT"] == full["DEU_c12"]["ITA_INVNT"]
    textiles = [full[f"CHN_c{k}"]["FRA_HFCE"] for k in (4, 5)]
    assert cells["CHN_TEX"]["FRA_HFCE"] == sum(textiles)
    rest = "AUT BEL BGR CYP CZE DNK EST FIN GRC HUN IRL LTU LUX LVA MLT PRT ROU SVK SVN SWE".split()
    assert cells["CHN_ELE"]["XEU_GFCF"] == sum(full["CHN_c14"][f"{region}_GFCF"] for region in rest)
    trade = sum(full[f"{a}_c12"][f"{b}_c{k}"] for a in rest for b in rest for k in range(19, 28))
    assert cells["XEU_MET"]["XEU_TTR"] == trade


def test_sample_is_what_its_script_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make_sample", DATA / "sample" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = shared("wiod/wiod_2011.csv.gz").parent
    make.make_sample(folder, tmp_path)
    for name in ("sample_regions.csv", "sample_sectors.csv"):
        assert (tmp_path / name).read_bytes() == (DATA / "sample" / name).read_bytes(), name
    made, kept = ((base / "sample_2011.csv.gz").read_bytes() for base in (tmp_path, DATA / "sample"))
    assert gzip.decompress(made) == gzip.decompress(kept)  # the packed bytes are the same too, with the same zlib
    assert made[4:8] == kept[4:8] == b"\0\0\0\0"  # no time in the header


def test_trade_in_goods_is_what_its_script_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make_trade", DATA / "trade" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = shared("wiod/wiod_2011.csv.gz").parent
    few = tmp_path / "wiod"
    few.mkdir()
    for name in ("wiod_1995.csv.gz", "wiod_2011.csv.gz", "sectors.csv"):  # two of the years are enough
        (few / name).symlink_to((folder / name).resolve())
    make.make_trade(few, tmp_path)
    with gzip.open(DATA / "trade" / "goods.csv.gz", "rt") as file:
        kept = list(csv.DictReader(file))
    with gzip.open(tmp_path / "goods.csv.gz", "rt") as file:
        assert list(csv.DictReader(file)) == [row for row in kept if row["year"] in ("1995", "2011")]
    assert len(kept) == 41 * 41 * 15


def test_sample_regions_know_their_parts():
    known = {row["code"] for row in rows("countries.csv")}
    standing = []
    for row in rows("sample/sample_regions.csv"):
        parts = row["parts"].split("|") if row["parts"] else [row["code"]]
        assert set(parts) <= known
        assert (
            row["parts"] == "" or row["code"] not in known
        ), "a region of several must not have the code of an economy"
        standing += parts
    assert len(standing) == len(set(standing)) == 41
    assert sorted(standing) == sorted(row["region"] for row in rows("sample/regions.csv"))


def test_sample_eu_is_the_eu_of_2011():
    eu = in_group("EU", 2011)
    inside = set()
    for row in rows("sample/sample_regions.csv"):
        parts = set((row["parts"] or row["code"]).split("|"))
        assert parts <= eu or not parts & eu, row  # no region is half in
        inside |= parts & eu
    assert inside == eu


def test_maps_give_each_new_code_one_description():
    for name, key in (("sample/regions.csv", "region"), ("sample/sectors.csv", "sector")):
        described = {}
        for row in rows(name):
            rest = {column: cell for column, cell in row.items() if column != key}
            assert described.setdefault(row["to"], rest) == rest
            assert re.fullmatch(r"[A-Z]{3}", row["to"])
        assert len({row[key] for row in rows(name)}) == len(rows(name))


def isic_of(code):
    letters = {"A": (1, 2), "B": (5, 5), "C": (10, 14), "E": (40, 41), "F": (45, 45), "H": (55, 55), "J": (65, 67)}
    letters |= {"L": (75, 75), "M": (80, 80), "N": (85, 85), "O": (90, 93), "P": (95, 95)}
    first, _, last = code.partition("t")
    start = letters[first][0] if first in letters else int(first)
    end = letters[last or first][1] if (last or first) in letters else int(last or first)
    return DIVISIONS & set(range(start, end + 1))


def test_sample_sectors_are_those_of_wiod_where_unchanged():
    path = shared("wiod/sectors.csv")
    full = {row["code"]: row for row in rows(path.name, path.parent)}
    new = {row["code"]: row for row in rows("sample/sample_sectors.csv")}
    merged = {code: [row["sector"] for row in rows("sample/sectors.csv") if row["to"] == code] for code in new}
    assert sorted(sum(merged.values(), [])) == sorted(full)
    taken = {row["slug"] for row in full.values()}
    for code, parts in merged.items():
        assert {full[part]["kind"] for part in parts} == {new[code]["kind"]}
        assert isic_of(new[code]["isic_rev3"]) == set().union(*(isic_of(full[part]["isic_rev3"]) for part in parts))
        if len(parts) == 1:
            old = full[parts[0]]
            assert {k: new[code][k] for k in ("name", "isic_rev3", "slug")} == {
                k: old[k] for k in ("name", "isic_rev3", "slug")
            }
        else:
            assert new[code]["slug"] not in taken
    assert len({row["slug"] for row in new.values()}) == len(new)


# ---- Trade flows --------------------------------------------------------------------------------------------------

FLOWS_LIMIT = 600_000


def flow_rows():
    with gzip.open(DATA / "flows" / "flows.csv.gz", "rt", newline="") as file:
        return list(csv.DictReader(file))


def test_flows_are_complete_and_small():
    assert sum(path.stat().st_size for path in (DATA / "flows").iterdir() if path.is_file()) <= FLOWS_LIMIT
    regions = [row["code"] for row in rows("flows/flows_regions.csv")]
    sectors = [row["code"] for row in rows("flows/flows_sectors.csv")]
    found = flow_rows()
    keys = [(row["exporter"], row["importer"], row["sector"]) for row in found]
    assert keys == [(i, n, s) for i in regions for n in regions for s in sectors]
    assert list(found[0]) == ["exporter", "importer", "sector", *map(str, range(2011, 2023))]
    assert all(float(row[str(year)]) >= 0 for row in found for year in range(2011, 2023))
    assert {row["to"] for row in rows("flows/icio_sectors.csv")} == set(sectors)


def test_flows_have_the_gap_of_the_eu_and_china():
    eu = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "HRV", "XEU"}
    gap = dict.fromkeys(("2019", "2022"), 0)
    for row in flow_rows():
        sign = (row["exporter"] in eu and row["importer"] == "CHN") - (
            row["exporter"] == "CHN" and row["importer"] in eu
        )
        for year in gap:
            gap[year] += sign * float(row[year]) / 1e3
    assert gap == pytest.approx({"2019": 13.8, "2022": -154.6}, abs=0.05)


@pytest.mark.parametrize("year", [2011, 2013, 2019, 2020, 2022])
@pytest.mark.parametrize("group", ["EU", "G7"])
def test_flows_have_whole_groups_in_each_year(group, year):
    inside, members = set(), in_group(group, year)
    for row in rows("flows/flows_regions.csv"):
        parts = set((row["parts"] or row["code"]).split("|"))
        assert parts <= members or not parts & members, row
        inside |= parts & members
    assert inside == members


def test_flows_are_what_their_script_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make_flows", DATA / "flows" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    few = tmp_path / "cubes"
    few.mkdir()
    for year in (2011, 2022):  # two of the years are enough
        path = shared(f"bilateral_trade_tariff_cubes/icio_{year}.csv.gz")
        (few / path.name).symlink_to(path.resolve())
    make.make_flows(few, tmp_path)
    with gzip.open(tmp_path / "flows.csv.gz", "rt", newline="") as file:
        made = list(csv.DictReader(file))
    assert made == [{key: row[key] for key in made[0]} for row in flow_rows()]


# ---- Scenarios ----------------------------------------------------------------------------------------------------

KEYS = {
    "tariff": {"by": "region", "on": "region", "sectors": "sector", "rate": "rate"},
    "trade-cost": {"between": "region", "and": "region", "sectors": "sector", "times": "number"},
}


def parse_scenario(text):
    """The small part of YAML that the scenarios of this folder are written in; anything else fails."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    title = re.fullmatch(r"title: (\S.*)", lines[0])
    assert title and lines[1] == "changes:" and len(lines) > 2
    changes = []
    for line in lines[2:]:
        kind, body = re.fullmatch(r"  - ([a-z-]+): \{(.*)\}", line).groups()
        pairs = re.findall(r"([a-z]+): (\[[^]]*\]|[^,]+)(?:, |$)", body)
        assert ", ".join(f"{key}: {value}" for key, value in pairs) == body
        changes.append((kind, {key: value.strip("[]").split(", ") for key, value in pairs}))
    return title.group(1), changes


@pytest.mark.parametrize("path", sorted((DATA / "scenarios").glob("*.yaml")), ids=lambda p: p.stem)
def test_scenarios_name_what_the_sample_has(path):
    names = {"region": {row["group"] for row in rows("groups/groups.csv")}, "sector": {"all"}}
    names["region"] |= {row["code"] for row in rows("sample/sample_regions.csv")}
    names["sector"] |= {row["slug"] for row in rows("sample/sample_sectors.csv")}
    title, changes = parse_scenario(path.read_text(encoding="utf-8"))
    assert title
    for kind, values in changes:
        assert set(values) == set(KEYS[kind])
        for key, meaning in KEYS[kind].items():
            if meaning == "rate":
                assert [re.fullmatch(r"\d+%", value) is not None for value in values[key]] == [True]
            elif meaning == "number":
                assert float(values[key][0]) > 0 and len(values[key]) == 1
            else:
                assert set(values[key]) <= names[meaning], (path.name, values[key])


def test_scenarios_are_those_of_the_story():
    found = {path.stem: parse_scenario(path.read_text())[1] for path in (DATA / "scenarios").glob("*.yaml")}
    tariff = (
        "tariff",
        {"by": ["EU"], "on": ["CHN"], "sectors": ["electrical-optical", "transport-equipment"], "rate": ["25%"]},
    )
    answer = ("tariff", tariff[1] | {"by": ["CHN"], "on": ["EU"]})
    assert found["eu-tariff"] == [tariff]
    assert found["eu-tariff-china-answer"] == [tariff, answer]
    assert found["doubled-trade-costs"] == [
        ("trade-cost", {"between": ["EU"], "and": ["CHN"], "sectors": ["all"], "times": ["2"]})
    ]


def test_changes_of_the_harmonized_system_are_what_their_script_makes():
    source = shared("hs_correspondence/HS_consolidated_comtrade_concordances.csv.gz")
    made = subprocess.run(
        [sys.executable, DATA / "products/hs_changes.py", source], capture_output=True, text=True, check=True
    )
    assert made.stdout == (DATA / "products/hs-changes.csv").read_text()
