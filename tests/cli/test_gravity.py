"""derisk gravity: published estimates, the language of formulas on data, what is stored and simulated, and every
mistake."""

import csv
import io
import json
import math
import os
import pathlib
import random
import re

import pytest

from conftest import ROOT

SHARED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))
THREE_WAY = "exporter^year + importer^year + pair"
YEARS = "year IN (1986, 1990, 1994, 1998, 2002, 2006)"


@pytest.fixture
def guide():
    path = SHARED / "data" / "gravity-agtpa" / "agtpa_applications.csv.gz"
    if not path.exists():
        pytest.skip("gravity-agtpa is not in the shared folder")
    return path


@pytest.fixture
def rows(derisk):
    def run(*arguments):
        done = derisk("gravity", *arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return run


@pytest.fixture
def estimates(rows):
    """{variable: (coefficient, standard error)} of one formula."""

    def run(*arguments):
        return {
            row["variable"]: (float(row["coefficient"] or "nan"), float(row["standard_error"] or "nan"))
            for row in rows(*arguments)
        }

    return run


@pytest.fixture
def panel(here):
    """Five countries, six years, an agreement that comes to some pairs, missing values; written as panel.csv."""
    chance, lines = random.Random(7), ["exporter,importer,year,trade,rta,dist,kind,weight"]
    countries = ["A", "B", "C", "D", "E"]
    for i in countries:
        for n in countries:
            for year in range(2000, 2006):
                rta = int(i != n and {i, n} <= {"A", "B", "C"} and year >= 2003)
                trade = math.exp(chance.gauss(2 + 0.5 * rta + (i == n), 0.5)) if chance.random() > 0.1 else 0
                kind = "goods" if chance.random() < 0.5 else "services"
                lines.append(
                    f"{i},{n},{year},{trade:.6g},{rta},{1 + abs(ord(i) - ord(n))},{kind},{1 + chance.random():.3f}"
                )
    (here / "panel.csv").write_text("\n".join(lines) + "\n")
    return here / "panel.csv"


def write(here, *lines):
    (here / "flows.csv").write_text("exporter,importer,year,trade,rta\n" + "".join(f"{line}\n" for line in lines))


# ---- Published -------------------------------------------------------------------------------------------------------


def test_the_guides_traditional_gravity(guide, estimates):
    found = estimates(
        guide, "--formula", "trade ~ log(dist) + cntg + lang + clny | exporter^year + importer^year",
        "--cluster", "pair", "--where", YEARS, "--domestic", "drop",
    )  # fmt: skip
    wanted = {
        "log(dist)": (-0.8409, 0.0317),
        "cntg": (0.4374, 0.0832),
        "lang": (0.2475, 0.0765),
        "clny": (-0.2225, 0.1162),
    }
    for variable, printed in wanted.items():
        assert [round(number, 4) for number in found[variable]] == list(printed)


def test_the_guides_agreements_and_the_sum_of_their_lags(guide, estimates, derisk):
    options = ["--cluster", "pair", "--where", YEARS, "--domestic", "one"]
    one = estimates(guide, "--formula", f"trade ~ rta | {THREE_WAY}", *options)
    assert abs(one["rta"][0] - 0.5571853) < 5e-8 and round(one["rta"][1], 4) == 0.1022
    lags = "rta + rta_lag4 + rta_lag8 + rta_lag12"
    found = estimates(guide, "--formula", f"trade ~ {lags} | {THREE_WAY}", "--function", lags, *options)
    printed = [(0.2914, 0.0892), (0.4135, 0.0672), (0.1687, 0.0431), (0.1189, 0.0301), (0.9926, 0.0943)]
    assert [tuple(round(number, 4) for number in pair) for pair in found.values()] == printed
    done = derisk("gravity", guide, "--formula", f"trade ~ rta | {THREE_WAY}", *options, "--format", "json")
    facts = json.loads(done.stdout)["model_1"]
    assert (facts["observations"], facts["separated"], facts["estimator"]) == (28482, 84, "PPML")


def test_the_guides_nafta_in_equilibrium(guide, derisk):
    done = derisk(
        "gravity", guide, "--formula", f"trade ~ rta | {THREE_WAY}", "--where", YEARS, "--domestic", "one",
        "--without", "rta", "--among", "CAN,MEX,USA", "--base", "1994", "--costs", "log(dist) + cntg + lang + clny",
        "--reference", "DEU", "--format", "csv",
    )  # fmt: skip
    assert done.returncode == 0
    found = {row["region"]: float(row["exports_conditional"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    for country, printed in {"CAN": 34.9918, "MEX": 41.6408, "USA": 14.4808}.items():
        assert round(100 * (1 / (1 + found[country] / 100) - 1), 4) == printed  # the Guide's (with - without) / without


def test_the_base_is_the_year_that_there_is(panel, here, derisk, refused):
    formula = (
        "--formula",
        "trade ~ international | exporter + importer",
        "--without",
        "international",
        "--format",
        "json",
    )
    one = ("gravity", panel, *formula, "--where", "year = 2003")
    told, asked = json.loads(derisk(*one).stdout), json.loads(derisk(*one, "--base", "2003").stdout)
    assert told["rows"] == asked["rows"] and "base 2003" in told["title"]
    head, *lines = panel.read_text().splitlines()
    cells = [line.split(",") for line in [head, *lines] if ",year," in line or ",2003," in line]
    (here / "plain.csv").write_text("\n".join(",".join(cell[:2] + cell[3:]) for cell in cells) + "\n")
    plain = json.loads(derisk("gravity", "plain.csv", *formula).stdout)
    assert plain["rows"] == told["rows"] and "base" not in plain["title"]
    line = "panel.csv: the flows cover 2000 to 2005: choose the base year (--base 2005)"
    refused(2, line, "gravity", panel, *formula)
    refused(2, "panel.csv: no flows of the base year 1999", "gravity", panel, *formula, "--base", "1999")
    refused(2, "'F' has no flows; did you mean 'A'?", "gravity", "plain.csv", *formula, "--among", "A,F")


# ---- The language on data --------------------------------------------------------------------------------------------


def test_the_order_of_rows_and_the_scale_of_trade_do_not_matter(panel, here, estimates):
    formula = f"trade ~ rta + lag(rta, 1) | {THREE_WAY}"
    before = estimates(panel, "--formula", formula)
    head, *lines = panel.read_text().splitlines()
    random.Random(1).shuffle(lines)
    cells = [line.split(",") for line in lines]
    for cell in cells:
        cell[3] = repr(1000 * float(cell[3]))
    (here / "other.csv").write_text("\n".join([head] + [",".join(cell) for cell in cells]))
    after = estimates("other.csv", "--formula", formula)
    assert after.keys() == before.keys()
    for variable in before:
        assert after[variable] == pytest.approx(before[variable], rel=1e-7)


def test_lags_go_by_the_year_and_not_by_the_row(panel, rows, estimates):
    lagged = estimates(panel, "--formula", f"trade ~ lag(rta, 2) | {THREE_WAY}")
    head, *lines = panel.read_text().splitlines()
    value = {tuple(line.split(",")[:3]): line.split(",")[4] for line in lines}
    with_column = [head + ",before"]
    for line in lines:
        i, n, year = line.split(",")[:3]
        with_column.append(f"{line},{value.get((i, n, str(int(year) - 2)), '')}")
    panel.write_text("\n".join(with_column) + "\n")
    assert estimates(panel, "--formula", f"trade ~ before | {THREE_WAY}")["before"] == lagged["lag(rta, 2)"]
    (fit,) = rows(panel, "--formula", f"trade ~ before | {THREE_WAY}", "--table", "fits")
    assert int(fit["missing"]) == 50  # two years of 25 flows


FILTERS = [
    "year >= 2002",
    "year <= 2004",
    "year in (2000, 2002, 2004)",
    "kind = 'goods'",
    "trade > 5 AND importer <> 'B'",
]


@pytest.mark.parametrize("where", FILTERS)
@pytest.mark.parametrize("shift", ["lag(rta, 1)", "lead(rta, 1)", "lag(log(dist + trade), 2)"])
def test_lags_look_at_rows_that_the_filter_drops(panel, estimates, where, shift):
    """As in Stata, where `if` chooses rows once everything is computed: the twin has the shift as a column of the
    whole file."""
    head, *lines = panel.read_text().splitlines()
    value, years = {}, -1 if shift.startswith("lag") else 1
    for line in lines:
        i, n, year, trade, rta, dist, *_ = line.split(",")
        value[i, n, int(year)] = rta if "rta" in shift else repr(math.log(float(dist) + float(trade)))
    years *= 2 if ", 2)" in shift else 1
    twin = [head + ",shifted"]
    for line in lines:
        i, n, year = line.split(",")[:3]
        twin.append(f"{line},{value.get((i, n, int(year) + years), '')}")
    effects = "exporter + importer"
    found = estimates(panel, "--formula", f"trade ~ {shift} | {effects}", "--where", where)
    panel.write_text("\n".join(twin) + "\n")
    assert found[shift] == pytest.approx(
        estimates(panel, "--formula", f"trade ~ shifted | {effects}", "--where", where)["shifted"], rel=1e-9
    )


def test_lags_beside_a_filter_tell_sectors_apart(here, estimates, rows, refused):
    """A flow is of one sector: neither rows of another one nor cells that the filter drops get into a lag."""
    chance, lines = random.Random(3), []
    for i in "ABCD":
        for n in "ABCD":
            for year in range(2000, 2006):
                for sector in ("x", "y"):
                    if sector == "y" or chance.random() > 0.2:  # some flows of x are not there in the year before
                        lines.append(f"{i},{n},{year},{sector},{chance.randint(1, 90)},{chance.randint(0, 1)}")
    head = "exporter,importer,year,sector,trade,rta"
    of_x = [line for line in lines if ",x," in line]
    (here / "both.csv").write_text("\n".join([head, *lines]) + "\n")
    (here / "x.csv").write_text("\n".join([head, *of_x]) + "\n")
    formula = ("--formula", "trade ~ lag(rta, 1) | exporter + importer")
    assert estimates("both.csv", *formula, "--where", "sector = 'x'") == estimates("x.csv", *formula)
    by = rows("both.csv", *formula, "--by", "sector", "--where", "sector = 'x'")
    assert [row["by"] for row in by] == ["x"]  # no line for what the filter drops
    (here / "both.csv").write_text("\n".join([head, *lines, "A,B,1999,y,a few,maybe"]) + "\n")
    assert estimates("both.csv", *formula, "--where", "sector = 'x'") == estimates("x.csv", *formula)
    (here / "kinds.csv").write_text((here / "both.csv").read_text().replace("sector", "product", 1))
    refused(
        2,
        (
            "A to A in 2000: appears twice in the whole file, so that its lags and leads are ambiguous; --by may"
            " distinguish the flows"
        ),
        *("gravity", "kinds.csv", *formula, "--where", "product = 'x'"),
    )


@pytest.mark.parametrize(
    ("where", "shift", "column", "coefficient", "error"),
    [
        ("year>=1998", "lag(rta, 4)", "rta_lag4", 0.1246, 0.0335),
        ("year<=1998", "lead(rta, 4)", "rta_lead4", 0.6039, 0.1104),
        ("year in (1990,1994,1998,2002,2006)", "lag(rta, 3)", "rta_lag3", 0.4950, 0.0862),
    ],
)
def test_lags_beside_a_filter_are_the_guides_own_columns(guide, estimates, where, shift, column, coefficient, error):
    effects = "exporter^year + importer^year + pair_id"
    found = estimates(guide, "--where", where, "--formula", f"trade ~ {shift} | {effects}", "--cluster", "pair_id")[
        shift
    ]
    assert found == pytest.approx((coefficient, error), abs=5e-5)
    assert found == pytest.approx(
        estimates(guide, "--where", where, "--formula", f"trade ~ {column} | {effects}", "--cluster", "pair_id")[
            column
        ],
        rel=1e-7,
    )


def test_few_clusters_are_told(panel, derisk, refused):
    done = derisk(
        "gravity", panel, "--formula", "trade ~ rta + dist + rta:dist", "--cluster", "kind", "--format", "json"
    )
    assert done.returncode == 0
    assert any("kind has 2 clusters only" in note for note in json.loads(done.stdout)["notes"])
    refused(
        2,
        "year has 1 cluster with rows: standard errors need at least 2",
        *("gravity", panel, "--formula", "trade ~ rta", "--where", "year = 2004", "--cluster", "year"),
    )


def test_levels_of_a_category_have_a_coefficient_each_and_the_first_is_the_reference(panel, rows):
    found = rows(panel, "--formula", f"trade ~ international:year | {THREE_WAY}")
    assert [row["variable"] for row in found] == [f"international:year={year}" for year in range(2000, 2006)]
    assert [row["left_out"] for row in found] == ["reference"] + [""] * 5
    texts = rows(panel, "--formula", "trade ~ rta:kind | exporter + importer")
    assert [row["variable"] for row in texts] == ["rta:kind=goods", "rta:kind=services"]


def test_arithmetic_and_interactions(panel, estimates):
    one = estimates(panel, "--formula", "log(trade) ~ log(dist) + rta:dist | exporter + importer")
    other = estimates(panel, "--formula", "log(trade) ~ log(0 + dist) + (rta * dist) | exporter + importer")
    for found, wanted in zip(one.values(), other.values(), strict=True):
        assert found == pytest.approx(wanted)
    assert estimates(panel, "--formula", "trade ~ (year >= 2003):international")


def test_a_collinear_variable_is_named(panel, rows, derisk):
    found = rows(panel, "--formula", f"trade ~ rta + dist | {THREE_WAY}")
    assert [row["left_out"] for row in found] == ["", "collinear"]
    done = derisk("gravity", panel, "--formula", f"trade ~ rta + dist | {THREE_WAY}")
    assert "- (1): left out, as the effects and the variables before determine it: dist\n" in done.stdout


def test_domestic_trade_has_its_pairs_or_one_or_is_dropped(panel, rows):
    def fit(effects, domestic):
        formula = f"trade ~ rta | {effects}"
        (row,) = rows(panel, "--formula", formula, "--domestic", domestic, "--table", "fits")
        return int(row["domestic"]), float(row["deviance"])

    # what a country's own pair adds, its effects as exporter and importer and its other pairs can add too
    assert fit(THREE_WAY, "own") == pytest.approx(fit(THREE_WAY, "one"))
    assert fit("pair + year", "own")[1] < 0.999 * fit("pair + year", "one")[1]
    assert fit(THREE_WAY, "drop")[0] == 30


def test_every_value_of_a_column_by_itself(panel, rows, estimates):
    together = rows(panel, "--formula", "trade ~ rta | exporter + importer", "--by", "kind")
    assert [row["by"] for row in together] == ["goods", "services"]
    alone = estimates(panel, "--formula", "trade ~ rta | exporter + importer", "--where", "kind = 'goods'")
    assert float(together[0]["coefficient"]) == pytest.approx(alone["rta"][0], rel=1e-9)


def test_threads_and_weights(panel, estimates):
    formula = ("--formula", f"trade ~ rta | {THREE_WAY}", "--weights", "weight")
    one = estimates(panel, *formula, "--threads", "1")
    assert estimates(panel, *formula, "--threads", "2") == one
    assert estimates(panel, *formula[:2])["rta"] != one["rta"]


def test_parquet_is_read_as_csv_is(panel, derisk, estimates):
    for file in ("fitted.csv", "fitted.parquet"):
        derisk("gravity", panel, "--formula", "trade ~ rta | exporter + importer", "--predictions", file)
    formula = (
        "--formula",
        "outcome ~ international:year | exporter + importer",
        "--where",
        "year > 2000 AND exporter <> 'B'",
    )
    assert estimates("fitted.parquet", *formula) == estimates("fitted.csv", *formula)


def test_files_add_up_and_may_have_the_year_in_their_names(panel, here, estimates):
    head, *lines = panel.read_text().splitlines()
    parts = {}
    for line in lines:
        cells = line.split(",")
        parts.setdefault(cells.pop(2), [head.replace("year,", "")]).append(",".join(cells))
    for year, part in parts.items():
        (here / f"flows_{year}.csv").write_text("\n".join(part) + "\n")
    files = [f"flows_{year}.csv" for year in parts]
    formula = f"trade ~ rta | {THREE_WAY}"
    assert estimates(*files, "--formula", formula)["rta"] == pytest.approx(
        estimates(panel, "--formula", formula)["rta"], rel=1e-7
    )


def test_columns_may_have_other_names(panel, here, estimates):
    before = estimates(panel, "--formula", f"trade ~ rta | {THREE_WAY}")
    (here / "other.csv").write_text(panel.read_text().replace("exporter,importer,year,trade", "from,to,t,value", 1))
    names = ("--exporter", "from", "--importer", "to", "--year", "t")
    assert estimates("other.csv", *names, "--formula", f"trade ~ rta | {THREE_WAY}", "--where", "t > 1999") == before


def test_groups_are_those_of_the_world_in_each_year(here, rows):
    flows = ["exporter,importer,year,trade"]
    for year in (2003, 2005):
        for i in ("DEU", "POL", "USA"):
            for n in ("DEU", "POL", "USA"):
                flows.append(f"{i},{n},{year},{1 + len(flows) % 7}")
    (here / "flows.csv").write_text("\n".join(flows) + "\n")
    for function, members in {"both(EU)": 2, "one(EU)": 8 + 4 - 2, "member(EU)": 0}.items():
        done = rows("flows.csv", "--world", "sample.world", "--formula", f"trade ~ {function}", "--table", "fits")
        assert done[0]["observations"] == "18", members


def written_flows(path, codes, years):
    """Flows between all of the codes in each year; of a code that is a pair, only in the year beside it."""
    codes = [code if isinstance(code, tuple) else (code, None) for code in codes]
    lines = ["exporter,importer,year,trade"]
    for year in years:
        now = [code for code, only in codes if only in (None, year)]
        lines += [
            f"{i},{n},{year},{1 + (7 * a + 5 * b + year) % 11}" for a, i in enumerate(now) for b, n in enumerate(now)
        ]
    path.write_text("\n".join(lines) + "\n")


EUROPE = (
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE"
).split()


@pytest.mark.parametrize(
    ("codes", "group", "where", "name", "members", "those", "of"),
    [
        # three of the members of 2003 (15) and 2005 (25), Poland in 2005 only; Romania is one in neither
        (["DEU", "FRA", "POL", "ROU", "USA"], "EU", "", "EU", 25, "DEU FRA POL", "2003 to 2005"),
        (["DEU", "FRA", "POL", "ROU", "USA"], "eu", "year < 2005", "EU", 15, "DEU FRA", "2003"),
        (["DEU", "FRA", "POL", "ROU", "USA"], "EU@2020", "", "EU@2020", 27, "DEU FRA POL ROU", "2020"),
        # who has flows only before it joins is not in the group of the sample
        (["DEU", "FRA", ("POL", 2003), "USA"], "EU", "", "EU", 25, "DEU FRA", "2003 to 2005"),
        # names and regions of the world that are several countries
        (["Germany", "fr", "USA"], "EU", "", "EU", 25, "Germany fr", "2003 to 2005"),
        (["DEU", "XEU", "USA"], "EU@2020", "", "EU@2020", 27, "DEU XEU", "2020"),
        (["BRA", "CHN", "IND", "RUS", "USA"], "BRICS@2011", "", "BRICS@2011", 5, "BRA CHN IND RUS", "2011"),
    ],
)
def test_a_group_that_is_not_whole_in_the_flows_is_said(here, derisk, codes, group, where, name, members, those, of):
    written_flows(here / "flows.csv", codes, (2003, 2005))
    formula = ("--formula", f"trade ~ both({group}) + one({group})", "--world", "sample.world")
    filters = ("--where", where) if where else ()
    for table in ("coefficients", "fits"):
        done = derisk("gravity", "flows.csv", *formula, *filters, "--table", table, "--format", "json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        count = 21 if "XEU" in codes else len(those.split())
        assert said["groups"] == {name: {"members": members, "in_table": count}}
        wanted = f"{name} is incomplete: the table has {count} of its {members} members of {of}: {those}"
        assert [note for note in said["notes"] if name in note and "sample" not in note] == [wanted]
        assert f"members of {name} without flows are not in the sample" in said["notes"]


def test_a_whole_group_needs_no_note(here, derisk):
    written_flows(here / "flows.csv", [*EUROPE, "USA"], (2003, 2020))
    done = derisk(
        "gravity",
        "flows.csv",
        "--formula",
        "trade ~ both(EU) + both(EU@2015)",
        "--world",
        "sample.world",
        "--format",
        "json",
    )
    said = json.loads(done.stdout)
    assert "groups" not in said and "incomplete" not in done.stdout


def test_a_group_of_one_year_is_the_same_in_every_year(here, estimates):
    """As a column that says who is a member on 1 July 2020: Britain has left, Poland is one before it has joined."""
    codes, members = ("DEU", "FRA", "GBR", "POL", "USA"), ("DEU", "FRA", "POL")
    written_flows(here / "flows.csv", codes, (2003, 2005, 2020))
    head, *lines = (here / "flows.csv").read_text().splitlines()
    twin = [head + ",both,one"]
    for line in lines:
        i, n, *_ = line.split(",")
        count = 0 if i == n else (i in members) + (n in members)
        twin.append(f"{line},{int(count == 2)},{int(count == 1)}")
    (here / "twin.csv").write_text("\n".join(twin) + "\n")
    found = estimates("flows.csv", "--formula", "trade ~ both(EU@2020) + one(EU@2020)", "--world", "sample.world")
    assert list(found.values()) == list(estimates("twin.csv", "--formula", "trade ~ both + one").values())
    of_each_year = estimates("flows.csv", "--formula", "trade ~ both(EU) + one(EU)", "--world", "sample.world")
    assert list(of_each_year.values()) != list(found.values())


def test_groups_find_their_members_under_any_code(here, estimates):
    def written(name, codes):
        flows = ["exporter,importer,year,trade"]
        for year in (2003, 2005):
            for i in codes:
                for n in codes:
                    flows.append(f"{i},{n},{year},{1 + len(flows) % 7}")
        (here / name).write_text("\n".join(flows) + "\n,,,\n")
        return estimates(name, "--world", "sample.world", "--formula", "trade ~ both(EU)")

    wanted = written("letters.csv", ("DEU", "GRC", "POL", "USA"))
    assert written("others.csv", ("de", "EL", "Poland", "US")) == wanted


def test_a_world_is_read_with_every_pair(estimates, rows):
    (fit,) = rows("sample.world", "--formula", "trade ~ international | exporter + importer", "--table", "fits")
    assert fit["observations"] == str(22 * 22)
    sectors = rows("sample.world", "--formula", "trade ~ international | exporter + importer", "--by", "sector")
    assert len(sectors) == 17


# ---- Outputs ---------------------------------------------------------------------------------------------------------


def test_latex_and_files_beside(panel, here, derisk):
    formula = f"trade ~ lead(rta, 1) + rta | {THREE_WAY}"
    done = derisk(
        "gravity", panel, "--formula", formula, "--latex", "--fixed-effects", "effects.csv",
        "--predictions", "fitted.csv", "--plot", "years.svg",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\toprule" in done.stdout and "exporter\\textasciicircum{}year & yes \\\\" in done.stdout
    effects = list(csv.DictReader((here / "effects.csv").open()))
    fitted = list(csv.DictReader((here / "fitted.csv").open()))
    assert {row["effect"] for row in effects} == {"exporter^year", "importer^year", "pair"}
    value = {(row["effect"], row["level"]): float(row["value"]) for row in effects}
    sums = {}
    for row in fitted:
        if not row["left_out"]:
            key = row["exporter"], row["year"]
            old = sums.get(key, (0, 0))
            sums[key] = old[0] + float(row["outcome"]), old[1] + float(row["fitted"])
    for outcome, mu in sums.values():  # what PPML with these effects makes equal
        assert mu == pytest.approx(outcome, rel=1e-6)
    assert ("pair", "A-B") in value
    picture = (here / "years.svg").read_text()
    assert "<text>rta: coefficient by years since, and 95% interval</text>" in picture
    estimates = json.loads(derisk("gravity", panel, "--formula", formula, "--format", "json").stdout)["rows"]
    assert_points(picture, {-1: estimates[0]["coefficient"], 0: estimates[1]["coefficient"]})
    formula = f"trade ~ rta:year | {THREE_WAY}"
    assert derisk("gravity", panel, "--formula", formula, "--plot", "by-year.svg").returncode == 0
    assert "<text>rta:year: coefficient by year, and 95% interval</text>" in (here / "by-year.svg").read_text()


def axis_of(picture, anchor):
    """What a pixel of an axis stands for, from its first and last tick; letters stand 3.9 below the tick of a row."""
    label = r'translate\(([\d.]+),([\d.]+)\)"[^>]*text-anchor="%s">\s*<text> ?(-?[\d.]+)</text>' % anchor
    ticks = [
        (float(x) if anchor == "middle" else float(y) - 3.9, float(text)) for x, y, text in re.findall(label, picture)
    ]
    (first, low), (last, high) = ticks[0], ticks[-1]
    return lambda pixel: low + (high - low) * (pixel - first) / (last - first), abs((high - low) / (last - first))


def assert_points(picture, expected):
    """The points of a picture stand where the numbers are, to a pixel."""
    (across, width), (up, height) = axis_of(picture, "middle"), axis_of(picture, "end")
    series = picture[picture.index('id="gnuplot_plot_1"') :]
    drawn = re.findall(r"<use xlink:href=[^>]*translate\(([\d.]+),([\d.]+)\)", series)
    points = list(dict.fromkeys(drawn))  # gnuplot draws each twice
    assert len(points) == len(expected)
    for (x, y), (when, value) in zip(points, sorted(expected.items())):
        assert across(float(x)) == pytest.approx(when, abs=width)
        assert up(float(y)) == pytest.approx(value, abs=height)


# ---- To equilibrium --------------------------------------------------------------------------------------------------


def test_an_estimate_is_stored_and_what_leaving_costs_follows_from_it(here, derisk, rows):
    formula = ("--formula", "trade ~ international + both(EU) | exporter + importer", "--cluster", "pair")
    found = {row["variable"]: row for row in rows("sample.world", *formula)}
    done = derisk("gravity", "sample.world", *formula, "--store", "eu", "--world", "sample.world")
    assert (done.returncode, done.stderr) == (
        0,
        "derisk: stored as 'eu' in sample.world; use it in the changes leave and join of a scenario\n",
    )
    assert "trade ~ international + both(EU)" in derisk("info", "sample.world", "--format", "csv").stdout
    (here / "estimate.yaml").write_text("changes:\n  - leave: {region: ITA, group: EU, estimate: eu}\n")
    cost = math.exp(float(found["both(EU)"]["coefficient"]) / 5)
    (here / "number.yaml").write_text(f"changes:\n  - leave: {{region: ITA, group: EU, trade-cost: {cost!r}}}\n")
    by_estimate, by_number = (
        list(csv.DictReader(io.StringIO(derisk("simulate", "sample.world", file, "--format", "csv").stdout)))
        for file in ("estimate.yaml", "number.yaml")
    )
    for one, other in zip(by_estimate, by_number, strict=True):
        assert float(one["welfare"]) == pytest.approx(float(other["welfare"]), rel=1e-6, abs=1e-9)
    done = derisk("simulate", "sample.world", "estimate.yaml", "--draws", "40", "--format", "csv")
    italy = next(row for row in csv.DictReader(io.StringIO(done.stdout)) if row["region"] == "ITA")
    assert float(italy["welfare_p5"]) < float(italy["welfare"]) < float(italy["welfare_p95"]) < 0


def test_joining_makes_trade_cheaper(here, derisk):
    formula = ("--formula", "trade ~ international + both(EU) | exporter + importer")
    derisk("gravity", "sample.world", *formula, "--store", "eu", "--world", "sample.world")
    (here / "join.yaml").write_text("changes:\n  - join: {region: TUR, group: EU, estimate: eu, variable: both(EU)}\n")
    done = derisk("simulate", "sample.world", "join.yaml", "--format", "csv")
    turkey = next(row for row in csv.DictReader(io.StringIO(done.stdout)) if row["region"] == "TUR")
    assert float(turkey["welfare"]) > 0


def test_estimates_by_sector_move_the_costs_of_their_sectors(here, derisk, rows):
    """As the trade costs do that follow from them by hand, of their two sectors and no others."""
    lines = ["exporter,importer,sector,trade,rta"]
    chance = random.Random(5)
    for sector, effect in (("agriculture", 0.4), ("mining", 0.0)):
        for k in range(200):
            trade = math.exp(chance.gauss(2, 0.3) + effect * (k % 2))
            lines.append(f"E{k % 7},I{k % 11},{sector},{trade:.6g},{k % 2}")
    (here / "sectors.csv").write_text("\n".join(lines) + "\n")
    found = rows(
        *("sectors.csv", "--by", "sector", "--formula", "trade ~ rta | exporter + importer"),
        *("--store", "sectors", "--world", "sample.world", "--quiet"),
    )
    effect = {row["by"]: float(row["coefficient"]) for row in found}
    assert set(effect) == {"agriculture", "mining"}
    (here / "leave.yaml").write_text(
        "changes:\n  - leave: {region: POL, group: EU, estimate: sectors, variable: rta}\n"
    )
    arguments = ("--elasticity", "5", "--table", "regions", "--format", "csv")
    done = derisk("simulate", "sample.world", "leave.yaml", *arguments)
    assert done.returncode == 0, done.stderr
    change = {row["region"]: float(row["welfare"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    assert change["POL"] < 0
    costs = "".join(f"{sector},{math.exp(b / 5)!r}\n" for sector, b in effect.items())
    (here / "costs.csv").write_text("sector,times\n" + costs)
    (here / "costs.yaml").write_text("changes:\n  - leave: {region: POL, group: EU, trade-cost: {file: costs.csv}}\n")
    done = derisk("simulate", "sample.world", "costs.yaml", *arguments)
    assert done.returncode == 0, done.stderr
    other = {row["region"]: float(row["welfare"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    assert other == pytest.approx(change, rel=1e-6, abs=1e-9)
    wrong = "changes:\n  - leave: {region: POL, group: EU, estimate: sectors, variable: x}\n"
    (here / "missing.yaml").write_text(wrong)
    done = derisk("simulate", "sample.world", "missing.yaml")
    assert (done.returncode, "the estimate 'sectors' has no variable 'x'" in done.stderr) == (2, True)


def test_what_is_wrong_with_a_stored_estimate(here, derisk, refused):
    store = ("--formula", "trade ~ international + both(EU) + one(EU) | exporter + importer", "--world", "sample.world")
    derisk("gravity", "sample.world", *store, "--store", "eu")
    refused(
        2,
        "sample.world: the estimate 'eu' already exists; choose another name",
        "gravity",
        "sample.world",
        *store,
        "--store",
        "eu",
    )
    for line, error in {
        "estimate: ue": "the world has no estimate 'ue'; did you mean 'eu'?",
        "estimate: eu": "the estimate 'eu' has 3 variables, of which 2 are about EU: name one with 'variable'",
        "estimate: eu, variable: rta": "the estimate 'eu' has no variable 'rta'",
    }.items():
        (here / "leave.yaml").write_text(f"changes:\n  - leave: {{region: ITA, group: EU, {line}}}\n")
        refused(2, f"leave.yaml:2:12: {error}", "simulate", "sample.world", "leave.yaml")


def tariff_flows(theta):
    """Trade without its tariff that follows X = a b (1 + t)^-(1 + theta) exactly."""
    chance, lines = random.Random(3), ["exporter,importer,sector,trade,tariff"]
    countries = ["A", "B", "C", "D", "E", "F"]
    size = {name: math.exp(chance.gauss(0, 1)) for name in countries}
    for sector, elasticity in theta.items():
        for i in countries:
            for n in countries:
                tariff = round(chance.uniform(0, 0.3), 3) if i != n else 0
                trade = 100 * size[i] * size[n] ** 0.7 * (1 + tariff) ** -(1 + elasticity)
                lines.append(f"{i},{n},{sector},{trade!r},{tariff}")
    return "\n".join(lines) + "\n"


def test_elasticities_that_are_known_are_found_both_ways(here, rows):
    theta = {"agriculture": 3.5, "mining": 8}
    (here / "tariffs.csv").write_text(tariff_flows(theta))
    ratio = rows("tariffs.csv", "--triple-ratio", "--by", "sector")
    assert [row["sector"] for row in ratio] == ["agriculture", "mining", "all"]
    ppml = rows(
        "tariffs.csv", "--formula", "trade ~ log(1 + tariff) | exporter + importer", "--by", "sector", "--elasticities"
    )
    for found in (ratio[:2], ppml):
        assert {row["sector"]: round(float(row["trade_elasticity"]), 5) for row in found} == theta
    with_tariff = rows("tariffs.csv", "--triple-ratio", "--by", "sector", "--with-tariff")
    assert float(with_tariff[0]["trade_elasticity"]) == pytest.approx(4.5)


def test_the_triple_ratio_is_least_squares_over_all_triples(here, rows):
    chance = random.Random(11)
    lines, x, t = ["exporter,importer,value,tariff"], {}, {}
    for i in "ABCDE":
        for n in "ABCDE":
            x[n, i], t[n, i] = chance.uniform(1, 9), round(chance.uniform(0, 0.5), 2)
            lines.append(f"{i},{n},{x[n, i]!r},{t[n, i]}")
    (here / "flows.csv").write_text("\n".join(lines) + "\n")
    points = []
    for a, n in enumerate("ABCDE"):
        for b, i in enumerate("ABCDE"):
            for c, h in enumerate("ABCDE"):
                if a < b < c:
                    log = lambda v: math.log(v[n, i] * v[i, h] * v[h, n] / (v[i, n] * v[h, i] * v[n, h]))  # noqa: E731
                    points.append((log({key: 1 + rate for key, rate in t.items()}), log(x)))
    xx, xy = sum(p * p for p, _ in points), sum(p * q for p, q in points)
    slope = xy / xx
    error = math.sqrt(sum((p * (q - slope * p)) ** 2 for p, q in points) * len(points) / (len(points) - 1)) / xx
    (found,) = rows("flows.csv", "--triple-ratio")
    assert float(found["coefficient"]) == pytest.approx(slope) and float(found["standard_error"]) == pytest.approx(
        error
    )
    assert int(found["observations"]) == 10


def test_elasticities_are_stored_and_simulate_takes_them(here, derisk):
    (here / "tariffs.csv").write_text(tariff_flows({"agriculture": 3.5, "mining": 8}))
    done = derisk(
        "gravity", "tariffs.csv", "--triple-ratio", "--by", "sector", "--store", "mine", "--world", "sample.world"
    )
    assert done.returncode == 0 and "use it with 'simulate --elasticity mine'" in done.stderr
    scenario = ("simulate", "sample.world", "--tariff", "EU:CHN:agriculture:25%")
    done = derisk(*scenario, "--elasticity", "mine", "--format", "json")
    assert json.loads(done.stdout)["settings"]["elasticity"] == "mine"
    done = derisk(*scenario, "--elasticity", "mnie")
    assert done.stderr == "derisk: 'mnie' is not a number, elasticity set or file; did you mean 'mine'?\n"


# ---- Samples and formulas --------------------------------------------------------------------------------------------


def fitted(here, derisk, formula, *more):
    """The fitted values of a formula on panel.csv, in the order of the file."""
    path = here / "fitted.csv"
    done = derisk("gravity", "panel.csv", "--formula", formula, "--predictions", path, *more)
    assert done.returncode == 0, done.stderr
    return [float(row["fitted"] or "nan") for row in csv.DictReader(open(path))]


def test_effects_alone_fit_the_margins(panel, here, derisk):
    rows = [row for row in csv.DictReader(open(panel)) if row["year"] == "2001"]
    trade = {(row["exporter"], row["importer"]): float(row["trade"]) for row in rows}
    total = sum(trade.values())
    found = fitted(here, derisk, "trade ~ 1 | exporter + importer", "--where", "year = 2001")
    for (i, n), value in zip(trade, found):
        exports = sum(v for (x, _), v in trade.items() if x == i)
        imports = sum(v for (_, m), v in trade.items() if m == n)
        assert value == pytest.approx(exports * imports / total, rel=1e-8)


def test_an_offset_with_the_estimate_leaves_the_fit_as_it_was(panel, here, derisk, estimates):
    whole = estimates(panel, "--formula", f"trade ~ rta + log(dist) | {THREE_WAY[:29]}")
    b = whole["log(dist)"][0]
    offset = f"trade ~ rta + offset({b} * log(dist)) | {THREE_WAY[:29]}"
    held = estimates(panel, "--formula", offset)
    assert list(held) == ["rta"]
    assert held["rta"][0] == pytest.approx(whole["rta"][0], rel=1e-7)
    before = fitted(here, derisk, f"trade ~ rta + log(dist) | {THREE_WAY[:29]}")
    assert fitted(here, derisk, offset) == pytest.approx(before, rel=1e-6, nan_ok=True)


def test_rows_without_an_offset_or_with_a_weight_of_zero_are_left_out_and_counted(here, derisk, refused):
    lines = ["exporter,importer,year,trade,size,weight"]
    for k in range(40):
        size, weight = "" if k == 3 else 1 + k, 0 if k in (5, 6) else 0.25 + k
        lines.append(f"A{k % 5},B{k % 7},2000,{1 + k * k % 11},{size},{weight}")
    (here / "flows.csv").write_text("\n".join(lines) + "\n")
    arguments = ("gravity", "flows.csv", "--formula", "trade ~ log(year) + size^0.5 + offset(log(size))")
    done = derisk(*arguments, "--weights", "weight")
    assert "(1): 1 rows lack a value that the formula needs and are left out" in done.stdout
    assert "(1): 2 rows have a weight of zero and are left out" in done.stdout
    assert re.search(r"observations +37\n", done.stdout)
    (here / "flows.csv").write_text("exporter,importer,year,trade,weight\nA,B,2000,1,-0.5\n")
    refused(
        2,
        "flows.csv:2: A to B in 2000: the weight weight is -0.5; expected 0 or more",
        *("gravity", "flows.csv", "--formula", "trade ~ 1", "--weights", "weight"),
    )


def test_steps_and_outcomes_are_columns_of_one_table(panel, rows, estimates):
    found = rows(panel, "--formula", "c(trade, weight) ~ csw(rta, log(dist)) | exporter + importer")
    assert [(row["model"], row["variable"]) for row in found] == [
        *(("1", "rta"), ("2", "rta"), ("2", "log(dist)"), ("3", "rta"), ("4", "rta"), ("4", "log(dist)"))
    ]
    alone = estimates(panel, "--formula", "weight ~ rta + log(dist) | exporter + importer")
    assert float(found[-1]["coefficient"]) == pytest.approx(alone["log(dist)"][0], rel=1e-9)


def test_products_powers_and_levels(panel, estimates):
    product = estimates(panel, "--formula", "trade ~ rta*log(dist) | exporter + importer")
    written = estimates(panel, "--formula", "trade ~ rta + log(dist) + rta:log(dist) | exporter + importer")
    assert product == written
    powers = estimates(panel, "--formula", "trade ~ poly(dist, 2) | exporter + importer")
    assert powers == estimates(panel, "--formula", "trade ~ dist + dist^2 | exporter + importer")
    levels = estimates(panel, "--formula", "trade ~ i(kind, ref = services) + dist")
    assert list(levels) == ["kind=goods", "kind=services", "dist", "constant"]
    assert math.isnan(levels["kind=services"][0])
    both = estimates(panel, "--formula", "trade ~ kind:year | exporter + importer")
    assert len(both) == 12  # a coefficient for each kind in each year


def test_the_reference_is_the_one_that_is_named(panel, estimates, rows):
    first = estimates(panel, "--formula", f"trade ~ dist:year | {THREE_WAY}")
    named = estimates(panel, "--formula", f"trade ~ i(year, dist, ref = 2004) | {THREE_WAY}")
    assert list(first) == list(named)
    assert math.isnan(first["dist:year=2000"][0]) and math.isnan(named["dist:year=2004"][0])
    for year in (2001, 2002, 2003, 2005):
        difference = first[f"dist:year={year}"][0] - first["dist:year=2004"][0]
        assert named[f"dist:year={year}"][0] == pytest.approx(difference, abs=1e-8)


def test_slopes_are_interactions_with_the_levels(panel, estimates):
    slopes = estimates(panel, "--formula", "trade ~ rta + log(dist) | importer^year + exporter[year]")
    trends = "trade ~ rta + log(dist) + (year - 2000):exporter | importer^year + exporter"
    explicit = estimates(panel, "--formula", trends)
    for name in ("rta", "log(dist)"):
        assert slopes[name] == pytest.approx(explicit[name], rel=1e-6)


def test_the_constant_of_least_squares(here, estimates):
    write(here, "A,B,2000,1,0", "A,C,2000,2,1", "B,A,2000,4,1", "B,C,2000,8,0")
    found = estimates("flows.csv", "--formula", "log(trade) ~ rta")
    assert found["constant"][0] == pytest.approx(math.log(8) / 2)
    assert found["rta"][0] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("where", ["year >= 2003", "year IN (2000, 2003)"])
def test_dated_groups_beside_a_filter_are_those_of_all_years(here, rows, where):
    """both() by year, its lags and leads, by kind of domestic trade and by sector: the filter changes none of them."""
    lines = ["exporter,importer,year,trade,sector"]
    chance = random.Random(3)
    for i in ("DEU", "POL", "USA", "CZE"):
        for n in ("DEU", "POL", "USA", "CZE"):
            for year in range(2000, 2009):
                for sector in ("a", "b"):
                    lines.append(f"{i},{n},{year},{math.exp(chance.gauss(2, 1)):.6g},{sector}")
    (here / "flows.csv").write_text("\n".join(lines) + "\n")
    with open(here / "columns.csv", "w") as to:  # the same variables as columns: both are members from 2004 on
        to.write(lines[0] + ",now,then,soon\n")
        for line in lines[1:]:
            i, n, year = line.split(",")[:3]
            joined = [int(i != n and "USA" not in (i, n) and int(year) + k >= 2004) for k in (0, -2, 2)]
            joined = [0 if i == n or "USA" in (i, n) else value for value in joined]
            to.write(f"{line},{joined[0]},{joined[1]},{joined[2]}\n")
    shared = ("--where", where, "--by", "sector", "--domestic", "drop", "--world", "sample.world")
    formula = "trade ~ {} + international | exporter + importer"
    names = ("both(EU) + lag(both(EU), 2) + lead(both(EU), 2)", "now + then + soon")
    first, second = (
        rows(name, "--formula", formula.format(terms), *shared)
        for name, terms in zip(("flows.csv", "columns.csv"), names)
    )
    assert [row["coefficient"] for row in first] == [row["coefficient"] for row in second]
    assert len({row["by"] for row in first}) == 2


def test_predictions_are_of_every_row_in_the_order_of_the_file(panel, here, derisk):
    """Rows without an outcome, and those of a singleton, stand where they stand in the file."""
    lines = panel.read_text().splitlines()
    lines[3] = ",".join((*lines[3].split(",")[:3], "", *lines[3].split(",")[4:]))
    lines.append("Z,A,2001,5,0,3,goods,1")
    panel.write_text("\n".join(lines) + "\n")
    arguments = ("--formula", "trade ~ rta | exporter + importer^year", "--predictions", "all.csv")
    assert derisk("gravity", panel, *arguments).returncode == 0
    rows = list(csv.DictReader(open(here / "all.csv")))
    assert [(row["exporter"], row["importer"], row["year"]) for row in rows] == [
        tuple(line.split(",")[:3]) for line in lines[1:]
    ]
    assert (rows[2]["outcome"], rows[2]["left_out"]) == ("", "missing")
    assert float(rows[2]["fitted"]) > 0 and float(rows[2]["standard_error"]) > 0
    assert (rows[-1]["fitted"], rows[-1]["left_out"]) == ("", "singleton")


@pytest.mark.parametrize(
    "more", [(), ("--cluster", "pair"), ("--cluster", "exporter^year,importer^year", "--errors", "r")]
)
def test_errors_of_predictions_are_those_of_constants(panel, here, derisk, estimates, more):
    """The predictor of a row is the constant where its variables are subtracted from all others."""
    formula = "trade ~ rta + log(dist) + weight"
    assert derisk("gravity", panel, "--formula", formula, "--predictions", "all.csv", *more).returncode == 0
    rows = list(csv.DictReader(open(here / "all.csv")))
    given = list(csv.DictReader(open(panel)))
    for at in (0, 17, 88):
        row = given[at]
        terms = f"(rta - {row['rta']}) + (log(dist) - log({row['dist']})) + (weight - {row['weight']})"
        constant = estimates(panel, "--formula", f"trade ~ {terms}", *more)["constant"]
        mu = float(rows[at]["fitted"])
        assert mu == pytest.approx(math.exp(constant[0]), rel=1e-7)
        assert float(rows[at]["standard_error"]) == pytest.approx(mu * constant[1], rel=1e-6)


def test_errors_of_predictions_have_those_of_effects(panel, here, derisk, estimates):
    formula = "trade ~ rta | exporter + importer"
    options = ("--cluster", "pair", "--errors", "none")
    assert derisk("gravity", panel, "--formula", formula, "--predictions", "all.csv", *options).returncode == 0
    rows = list(csv.DictReader(open(here / "all.csv")))
    given = list(csv.DictReader(open(panel)))
    row = given[40]
    levels = f"i(exporter, ref = {row['exporter']}) + i(importer, ref = {row['importer']})"
    constant = estimates(panel, "--formula", f"trade ~ (rta - {row['rta']}) + {levels}", *options)["constant"]
    assert float(rows[40]["standard_error"]) == pytest.approx(float(rows[40]["fitted"]) * constant[1], rel=1e-6)


def test_columns_of_another_file(panel, here, estimates, refused):
    given = list(csv.DictReader(open(panel)))
    with open(here / "other.csv", "w") as to:
        print("iso3_o;iso3_d;year;remote;note", file=to)
        for row in reversed(given):
            print(row["exporter"], row["importer"], f"{row['year']}.0", row["dist"], "..", sep=";", file=to)
    joined = estimates(panel, "--join", "other.csv", "--formula", "trade ~ log(remote) + rta | importer^year")
    own = estimates(panel, "--formula", "trade ~ log(dist) + rta | importer^year")
    assert list(joined.values()) == [pytest.approx(value, rel=1e-9) for value in own.values()]
    with open(here / "pairs.csv", "w") as to:
        print("exporter,importer,remote", file=to)
        for row in given:
            if row["year"] == "2003":
                print(row["exporter"], row["importer"], row["dist"], sep=",", file=to)
    formula = ("--formula", "trade ~ log(remote) + rta | importer^year")
    pairs = estimates(panel, "--join", "pairs.csv", "--on", "exporter, importer", *formula)
    assert list(pairs.values()) == [pytest.approx(value, rel=1e-9) for value in joined.values()]
    refused(
        2,
        "other.csv: 25 combinations of the columns to join by have several rows; expected one for each",
        *("gravity", panel, "--join", "other.csv", "--on", "exporter,importer", "--formula", "trade ~ remote"),
    )
    refused(
        2,
        "pairs.csv:1: there is no column 'year' to join by",
        *("gravity", panel, "--join", "pairs.csv", "--on", "exporter,year", "--formula", "trade ~ remote"),
    )
    refused(
        2,
        "--on: the flows have no column 'country'",
        *("gravity", panel, "--join", "pairs.csv", "--on", "country", "--formula", "trade ~ remote"),
    )


def test_zeros_are_filled_in_but_not_for_domestic_trade(here, rows, derisk):
    write(here, "A,B,2000,4,1", "B,A,2000,3,0", "A,C,2000,2,0", "A,A,2000,9,0", "B,C,2001,5,1", "C,A,2001,1,0")
    arguments = ("flows.csv", "--fill-zeros", "--formula", "trade ~ international", "--predictions", "all.csv")
    assert derisk("gravity", *arguments).returncode == 0
    found = [tuple(row.values())[2:6] for row in csv.DictReader(open(here / "all.csv"))]
    assert found[:2] == [("A", "B", "2000", "4"), ("B", "A", "2000", "3")]
    assert len(found) == 2 * 6 + 1  # each pair in each year, and the domestic row that is there
    assert sum(row[3] == "0" for row in found) == 7
    assert found[6:] == sorted(found[6:])


def test_tables_as_markdown_and_html(panel, here, derisk):
    formula = ("--formula", "trade ~ csw(rta, kind:rta) | exporter")
    for name in ("table.md", "table.html"):
        assert derisk("gravity", panel, *formula, "--output", name).returncode == 0
    lines = (here / "table.md").read_text().splitlines()
    head = next(line for line in lines if line.startswith("|  "))
    assert head.split("|")[2:4] == [" (1) ", " (2) "]
    assert any(re.match(r"\| rta \| -?\d\.\d{4}(\\\*)* \|", line) for line in lines)
    page = (here / "table.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and page.count("<tr>") == page.count("</tr>")
    assert '<th class="n">(1)</th>' in page and "<td>exporter</td>" in page


def test_files_as_they_come(here, rows, derisk):
    plain = "exporter,importer,year,trade,x\nA,B,2000,1.5,1\nA,C,2001,2,4\nB,A,2002,4,3\nB,C,2003,8,\nC,A,2003,2,2\n"
    (here / "flows.csv").write_text(plain)
    expected = rows("flows.csv", "--formula", "trade ~ x + year")
    texts = {
        "semicolons": plain.replace(",", ";").replace("1.5", "1,5"),
        "tabs": plain.replace(",", "\t"),
        "dots": plain.replace("8,\n", "8,..\n"),
        "null": plain.replace("8,\n", "8,null\n"),
        "dates": re.sub(r"(200.),", r"\1-06-30,", plain),
        "stamps": re.sub(r"(200.),", r"\1-06-30 12:30:00,", plain),
    }
    for name, text in texts.items():
        (here / f"{name}.csv").write_text(text)
        assert rows(f"{name}.csv", "--formula", "trade ~ x + year") == expected, name
    for kind in ("DATE", "TIMESTAMP"):
        import duckdb

        duckdb.sql(
            f"COPY (SELECT exporter, importer, (year || '-03-01')::{kind} AS year, trade, x FROM '{here}/flows.csv') "
            f"TO '{here}/{kind}.parquet'"
        )
        assert rows(f"{kind}.parquet", "--formula", "trade ~ x + year") == expected


@pytest.mark.parametrize(
    ("formula", "at", "error"),
    [
        ("trade ~ i(year, rta, ref = 1999)", 27, "the flows have no year '1999'"),
        ("trade ~ sw(rta, dist", 10, "this bracket is not closed"),
        ("trade ~ rta | pair[dits]", 19, "the flows have no column 'dits'; did you mean 'dist'?"),
        ("trade ~ offset(log(sise))", 19, "the flows have no column 'sise'"),
    ],
)
def test_mistakes_in_new_terms_are_told_with_their_place(panel, derisk, formula, at, error):
    done = derisk("gravity", panel, "--formula", formula)
    assert done.returncode == 2
    first, text, caret = done.stderr.splitlines()
    assert first.startswith(f"derisk: formula: {error}")
    assert (text, caret) == (f"  {formula}", " " * (2 + at) + "^")


# ---- Mistakes --------------------------------------------------------------------------------------------------------


def test_bad_flows(here, refused):
    formula = ("--formula", "trade ~ rta")
    write(here, "A,B,2000,1,0", "A,C,2000,-4,1", "B,A,2000,3,1")
    refused(2, "flows.csv:3: A to C in 2000: trade is -4; expected 0 or more", "gravity", "flows.csv", *formula)
    write(here, "A,B,2000,1,0", "A,C,2000,many,1", "B,A,2000,3,1")
    refused(2, "flows.csv:3:4: 'many' is not a number; expected the trade", "gravity", "flows.csv", *formula)
    write(here, "A,B,2000,0,0", "A,C,2000,0,1", "B,A,2000,0,1")
    refused(2, "the outcome is 0 in all rows", "gravity", "flows.csv", *formula)
    write(here, "A,B,2000.5,1,0")
    refused(2, "flows.csv:2: A to B in 2000.5: 2000.5 is not a year", "gravity", "flows.csv", *formula)
    write(here, "A,B,2000,1,0", "A,B,2000,2,1")
    refused(
        2,
        (
            "flows.csv:3: A to B in 2000: appears twice, so that its lags and leads are ambiguous; --by may distinguish"
            " the flows"
        ),
        *("gravity", "flows.csv", "--formula", "trade ~ lag(rta, 1)"),
    )
    write(here, "A,B,2000,1,", "A,B,2001,0,NA")
    refused(
        2,
        "no row has all values that the formula needs: 2 have missing values, 0 zero trade",
        "gravity",
        "flows.csv",
        *formula,
    )
    write(here)
    refused(2, "flows.csv: no rows", "gravity", "flows.csv", *formula)
    refused(2, "none.csv: no such file", "gravity", "none.csv", *formula)


def test_names_that_are_not_there(here, refused):
    write(here, "A,B,2000,1,0", "B,A,2000,2,1")
    for formula, at, message in (
        ("tarde ~ rta", 0, "the flows have no column 'tarde'; did you mean 'trade'?"),
        ("trade ~ rat", 8, "the flows have no column 'rat'; did you mean 'rta'?"),
        ("trade ~ rta | exporter^yaer", 23, "the flows have no column 'yaer'; did you mean 'year'?"),
        ("trade ~ rta | piar", 14, "the flows have no column 'piar'; did you mean 'pair'?"),
        ("trade ~ pair", 8, "'pair' is a category, not a number"),
        ("trade ~ both(EU)", 13, "the membership dates of 'EU' come from a world: name one with --world"),
        ("trade ~ rta + lgo(rta)", 14, "there is no function 'lgo'; did you mean 'log'?"),
    ):
        line = f"formula: {message}\n  {formula}\n  {'':{at}}^"
        refused(2, line, "gravity", "flows.csv", "--formula", formula)
    line = "formula: sample.world has no group 'UE'; did you mean 'EU'?\n  trade ~ both(UE)\n               ^"
    refused(2, line, "gravity", "flows.csv", "--formula", "trade ~ both(UE)", "--world", "sample.world")
    refused(
        2, "flows.csv: there is no column 'sectr'", "gravity", "flows.csv", "--formula", "trade ~ rta", "--by", "sectr"
    )
    line = "formula: the flows have no column 'piar'; did you mean 'pair'?\n  piar\n  ^"
    refused(2, line, "gravity", "flows.csv", "--formula", "trade ~ rta", "--cluster", "piar")
    line = "formula: no formula has the variable 'rtb'; did you mean 'rta'?\n  rta + rtb\n        ^"
    refused(2, line, "gravity", "flows.csv", "--formula", "trade ~ rta", "--function", "rta + rtb")


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("year = 2000) UNION SELECT (1", 'expected one expression, such as "year >= 1990"'),
        ("true; DROP TABLE x", 'expected one expression, such as "year >= 1990"'),
        ("(year = 2000", "a bracket is not closed"),
        ("exporter = 'A", "a quote is not closed"),
        (
            "(SELECT count(*) FROM read_text('/etc/hostname')) > 0",
            'Cannot access file "/etc/hostname" - file system operations are disabled by configuration',
        ),
    ],
)
def test_a_filter_reads_nothing_else(here, refused, where, error):
    write(here, "A,B,2000,1,0", "B,A,2000,2,1")
    refused(2, f"--where {where}: {error}", "gravity", "flows.csv", "--formula", "trade ~ rta", "--where", where)


def test_a_filter_that_keeps_nothing(panel, refused):
    refused(
        2,
        f"{panel}: no rows that the filter keeps",
        "gravity",
        panel,
        "--formula",
        "trade ~ rta",
        "--where",
        "year = 1",
    )


def test_nothing_is_left_to_estimate(panel, refused, derisk):
    done = derisk("gravity", panel, "--formula", f"trade ~ dist | {THREE_WAY}")
    assert done.returncode == 2 and "dist" in done.stderr


def test_what_does_not_go_together(refused, here):
    write(here, "A,B,2000,1,0")
    formula = ("--formula", "trade ~ rta")
    refused(1, "gravity: one of --formula, --triple-ratio and --replay is needed", "gravity", "flows.csv")
    refused(
        1,
        "gravity: --formula cannot be combined with --triple-ratio",
        "gravity",
        "flows.csv",
        *formula,
        "--triple-ratio",
    )
    refused(1, "gravity: --store needs --world", "gravity", "flows.csv", *formula, "--store", "x")
    refused(1, "gravity: --base needs --without", "gravity", "flows.csv", *formula, "--base", "2000")
    refused(
        1,
        "gravity: --threads '0': expected a whole number from 1 to 1024",
        "gravity",
        "flows.csv",
        *formula,
        "--threads",
        "0",
    )
    refused(
        1,
        "gravity: --plot 'years.gif': expected a name that ends with .svg, .png or .pdf",
        "gravity",
        "flows.csv",
        *formula,
        "--plot",
        "years.gif",
    )


def test_rows_of_a_large_file_stay_in_its_order(here, derisk):
    """Larger than what the database reads with one thread: predictions stand in the order of the file."""
    padding = "x" * 350
    with open(here / "large.csv", "w") as to:
        to.write("exporter,importer,year,trade,x,padding\n")
        to.writelines(f"E{k % 50},I{k // 50 % 50},{k // 2500},{1 + k % 7},{k},{padding}\n" for k in range(120000))
    done = derisk("gravity", "large.csv", "--ols", "--formula", "trade ~ x | year", "--predictions", "fitted.csv")
    assert done.returncode == 0, done.stderr
    with open(here / "fitted.csv") as rows:
        found = [(row["exporter"], row["importer"], row["year"]) for row in csv.DictReader(rows)]
    assert found == [(f"E{k % 50}", f"I{k // 50 % 50}", str(k // 2500)) for k in range(120000)]
