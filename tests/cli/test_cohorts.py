"""derisk gravity --etwfe: the published effects by cohort, least squares by hand, and every mistake."""

import csv
import io
import json
import math
import os
import pathlib
import random

import pytest

from conftest import ROOT

SHARED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared"))
FORMULA = "log(exp(lemp)) ~ lpop | first.treat + year"
OPTIONS = ("--etwfe", "first.treat", "--covariates", "lpop", "--cluster", "countyreal", "--errors", "r")


@pytest.fixture
def counties():
    path = SHARED / "data" / "published" / "etwfe_mpdta" / "mpdta.csv"
    if not path.exists():
        pytest.skip("etwfe_mpdta is not in the shared folder")
    return path


@pytest.fixture
def effects(derisk):
    """{(average, when): row} of one formula."""

    def run(*arguments):
        done = derisk("gravity", *arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return {(row["average"], row["when"]): row for row in csv.DictReader(io.StringIO(done.stdout))}

    return run


def values(row, names=("effect", "standard_error")):
    return tuple(float(row[name]) for name in names)


PUBLISHED = {
    ("all", ""): (-0.0506270, 0.0124973),
    ("event", "0"): (-0.0332122, 0.0133660),
    ("event", "1"): (-0.0573456, 0.0171496),
    ("event", "2"): (-0.1378704, 0.0307884),
    ("cohort", "2004"): (-0.0876270, 0.0230474),
    ("cohort", "2006"): (-0.0212783, 0.0185912),
    ("year", "2004"): (-0.0212480, 0.0217240),
    ("year", "2005"): (-0.0818500, 0.0273694),
}


def test_the_published_effects_of_minimum_wages(counties, effects):
    found = effects(counties, "--formula", FORMULA, *OPTIONS)
    for key, expected in PUBLISHED.items():
        assert values(found[key]) == pytest.approx(expected, abs=6e-8)


def test_never_treated_controls_have_effects_before_treatment(counties, effects):
    found = effects(counties, "--formula", FORMULA, *OPTIONS, "--controls", "never")
    expected = {
        "-2": (0.0234650, 0.0145315),
        "0": (-0.0211467, 0.0113936),
        "1": (-0.0533559, 0.0157744),
        "2": (-0.1410801, 0.0322892),
    }
    for when, numbers in expected.items():
        assert values(found["event", when]) == pytest.approx(numbers, abs=6e-8)
    assert ("event", "-1") not in found  # the year with which the others are compared


def test_the_published_changes_of_ppml(counties, effects):
    found = effects(counties, "--formula", "(exp(lemp)) ~ lpop | first.treat + year", *OPTIONS)
    expected = {"0": (-25.34975, 15.88628), "1": (1.09175, 40.29522), "2": (-75.12463, 23.15414)}
    for when, numbers in expected.items():
        assert values(found["event", when], ("change", "change_error")) == pytest.approx(numbers, rel=2e-5)


def test_the_regression_behind_it(counties, derisk):
    done = derisk("gravity", counties, "--formula", FORMULA, *OPTIONS, "--table", "fits", "--format", "json")
    fit = json.loads(done.stdout)["rows"][0]
    assert fit["within_r2"] == pytest.approx(0.869464, abs=5e-7)
    done = derisk("gravity", counties, "--formula", FORMULA, *OPTIONS, "--table", "coefficients", "--format", "csv")
    main = next(row for row in csv.DictReader(io.StringIO(done.stdout)) if row["variable"] == "lpop")
    assert values(main, ("coefficient", "standard_error")) == pytest.approx((1.065461, 0.021824), abs=6e-7)


@pytest.fixture
def flows(here):
    """Pairs that sign agreements in 2002 or 2004, or never; one that has one throughout and one that ends."""
    chance = random.Random(11)
    lines = ["exporter,importer,year,trade,rta"]
    countries = "ABCDEFGH"
    for i in countries:
        for n in countries:
            signed = {0: 2002, 1: 2004}.get((ord(i) + ord(n)) % 4, 9999) if i != n else 9999
            signed = 1990 if {i, n} == {"A", "B"} else signed
            for year in range(2000, 2007):
                rta = int(year >= signed and not ({i, n} == {"A", "D"} and year == 2006))
                size = 0.3 + 0.1 * (year - signed) if rta else 0
                lines.append(f"{i},{n},{year},{math.exp(chance.gauss(3, 0.4) + size):.8g},{rta}")
    (here / "flows.csv").write_text("\n".join(lines) + "\n")
    return here / "flows.csv"


def entries(path):
    """The rows with the year of entry of each flow, 0 for never, without those that are of no use."""
    rows = list(csv.DictReader(open(path)))
    first = {}
    for row in rows:
        if row["rta"] == "1":
            first.setdefault((row["exporter"], row["importer"]), int(row["year"]))
    for row in rows:
        row["entry"] = first.get((row["exporter"], row["importer"]), 0)
    return [
        row
        for row in rows
        if row["entry"] != 2000 and not (row["entry"] and row["rta"] == "0" and int(row["year"]) > row["entry"])
    ]


@pytest.mark.parametrize("outcome", ["trade", "log(trade)"])
def test_a_treatment_of_zero_and_one_is_the_year_of_entry_and_dummies(here, flows, effects, derisk, outcome):
    formula = f"{outcome} ~ 1 | exporter^year + importer^year + pair"
    first = effects(flows, "--formula", formula, "--etwfe", "rta")
    rows = entries(flows)
    cells = sorted({(row["entry"], row["year"]) for row in rows if row["entry"] and int(row["year"]) >= row["entry"]})
    with open(here / "entries.csv", "w") as to:
        names = [f"d{entry}_{year}" for entry, year in cells]
        print("exporter,importer,year,trade,entry", *names, sep=",", file=to)
        for row in rows:
            dummies = [int((row["entry"], row["year"]) == cell) for cell in cells]
            fields = (row["exporter"], row["importer"], row["year"], row["trade"], row["entry"])
            print(*fields, *dummies, sep=",", file=to)
    second = effects("entries.csv", "--formula", formula, "--etwfe", "entry")
    assert list(first) == list(second)
    for key, row in first.items():
        assert values(row) == pytest.approx(values(second[key]), rel=1e-8)
    done = derisk(
        "gravity", "entries.csv", "--format", "csv", "--formula", formula.replace("~ 1", "~ " + " + ".join(names))
    )
    coefficient = {row["variable"]: float(row["coefficient"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    count = {cell: sum((row["entry"], row["year"]) == cell for row in rows) for cell in cells}
    for since in range(5):
        chosen = [cell for cell in cells if int(cell[1]) - cell[0] == since]
        weight = sum(count[cell] for cell in chosen)
        mean = sum(count[entry, year] * coefficient[f"d{entry}_{year}"] for entry, year in chosen) / weight
        assert float(first["event", str(since)]["effect"]) == pytest.approx(mean, rel=1e-8)
        assert int(float(first["event", str(since)]["observations"])) == weight


def test_rows_of_no_use_are_counted_and_the_test_before_is_said(flows, derisk):
    formula = ("--formula", "trade ~ 1 | exporter^year + importer^year + pair", "--etwfe", "rta")
    done = derisk("gravity", flows, *formula, "--controls", "never", "--plot", "study.svg")
    assert "rows are left out, as they are treated from the first year on or their treatment has ended" in done.stdout
    assert "(1): test that the effects before treatment are zero: F = " in done.stdout
    assert (flows.parent / "study.svg").exists()
    facts = json.loads(derisk("gravity", flows, *formula, "--controls", "never", "--format", "json").stdout)
    assert 0 <= facts["pretrend"]["p"] <= 1


def test_the_average_is_stored_for_scenarios(here, derisk):
    derisk("demo", "--files", ".")
    done = derisk(
        *("gravity", "goods.csv.gz", "--world", "sample.world", "--etwfe", "both(EU)", "--store", "eu"),
        *("--formula", "trade ~ 1 | exporter^year + importer^year + pair", "--cluster", "pair", "--format", "csv"),
    )
    assert done.returncode == 0
    average = float(next(csv.DictReader(io.StringIO(done.stdout)))["effect"])
    (here / "leave.yaml").write_text("changes:\n  - leave: {region: POL, group: EU, estimate: eu}\n")
    cost = math.exp(average / 5)
    (here / "cost.yaml").write_text(f"changes:\n  - leave: {{region: POL, group: EU, trade-cost: {cost!r}}}\n")
    options = ("--elasticity", "5", "--table", "regions", "--format", "csv")
    first, second = (
        list(csv.DictReader(io.StringIO(derisk("simulate", "sample.world", f"{name}.yaml", *options).stdout)))
        for name in ("leave", "cost")
    )
    assert len(first) == len(second) > 0
    for one, other in zip(first, second):
        for name, text in one.items():
            if text.replace(".", "").replace("-", "").isdigit():
                assert float(text) == pytest.approx(float(other[name]), rel=1e-6, abs=1e-6)


def test_mistakes(flows, refused):
    formula = ("--formula", "trade ~ 1 | exporter^year + importer^year")
    refused(
        2,
        "no row is treated by rta after the first year",
        *("gravity", flows, *formula, "--etwfe", "rta", "--where", "rta = 0"),
    )
    refused(
        2,
        (
            "every row is treated by rta in the end: a cohort that is never treated is missing; with --where"
            ' "year < 2004" the last cohort, 2004, is one'
        ),
        *("gravity", flows, *formula, "--etwfe", "rta"),
        *("--where", "(ascii(exporter) + ascii(importer)) % 4 < 2 AND exporter <> importer"),
    )
    refused(
        2,
        "formula: expected one variable: the year of entry, 0 for never, or a treatment\n  rta + year\n  ^",
        *("gravity", flows, *formula, "--etwfe", "rta + year"),
    )
    refused(
        2,
        "formula: the flows have no column 'rat'; did you mean 'rta'?\n  rat\n  ^",
        *("gravity", flows, *formula, "--etwfe", "rat"),
    )
    refused(1, "gravity: --controls needs --etwfe", *("gravity", flows, *formula, "--controls", "never"))


# ---- Years since entry -----------------------------------------------------------------------------------------------


@pytest.fixture
def dated(here):
    """Pairs that enter an agreement in different years, or never, and the indicators of years since as columns."""
    chance = random.Random(3)
    lines = ["exporter,importer,year,trade,rta,before,e0,e1,after"]
    for i in range(7):
        for n in range(7):
            if i == n:
                continue
            entry = 2003 + (i * n) % 5 if (i + n) % 3 else 9999
            level = chance.gauss(2, 1)
            for year in range(2000, 2012):
                since = year - entry
                trade = math.exp(level + (0.1 * min(since + 1, 4) if since >= 0 else 0) + chance.gauss(0, 0.2))
                marks = (int(-5000 < since <= -2), int(since == 0), int(since == 1), int(since >= 2))
                lines.append(f"E{i},E{n},{year},{trade:.8g},{int(since >= 0)},{','.join(map(str, marks))}")
    path = here / "entries.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def study(derisk, path, variables, *options):
    formula = f"trade ~ {variables} | pair + year"
    kept = ("--cluster", "pair", "--where", "year >= 2002 AND year <= 2010", "--format", "json")
    done = derisk("gravity", path, "--formula", formula, *kept, *options)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize("estimator", [(), ("--ols",)])
def test_years_since_entry_are_the_indicators_by_hand(derisk, dated, estimator):
    """The ends stand for all years beyond; the year before entry is the reference."""
    found = study(derisk, dated, "event(rta, -2, 2)", *estimator)
    expected = study(derisk, dated, "before + e0 + e1 + after", "--test", "before = 0", *estimator)
    names = ["event(rta, <=-2)", "event(rta, 0)", "event(rta, 1)", "event(rta, >=2)"]
    assert [row["variable"] for row in found["rows"]] == names
    for row, by_hand in zip(found["rows"], expected["rows"]):
        for name in ("coefficient", "standard_error", "p"):
            assert row[name] == pytest.approx(by_hand[name], rel=1e-6, abs=1e-9)
    assert found["pretrend"]["restrictions"] == 1
    assert found["pretrend"]["p"] == pytest.approx(expected["rows"][0]["p"], abs=1e-6)
    assert any("test that the effects before entry are zero" in note for note in found["notes"])


def test_an_event_study_is_drawn_with_its_reference(derisk, dated, here):
    done = derisk(
        *("gravity", dated, "--formula", "trade ~ event(rta, -3, 3) | pair + year", "--plot", "event.svg"),
        *("--test", "`event(rta, 0)` = `event(rta, 1)`"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    picture = (here / "event.svg").read_text()
    assert "rta: effect by years since" in picture and "-1" in picture
    assert "test of `event(rta, 0)` = `event(rta, 1)`" in done.stdout


@pytest.mark.parametrize(
    ("term", "error"),
    {
        "event(rta)": "expected ',' and the first and the last year, as in event(rta, -4, 8)",
        "event(rta, 2, 4)": "expected the first year of event(rta, -4, 8), from -50 to -1",
        "event(rta, -2, -1)": "expected the last year of event(rta, -4, 8), from 0 to 50",
        "event(rta, -2.5, 3)": "expected the first year of event(rta, -4, 8), from -50 to -1",
        "event(rta, -2, 2) + event(rta, -2, 3)": "'event(rta, <=-2)' is given twice",
    }.items(),
)
def test_what_is_wrong_with_years_since_entry(derisk, dated, term, error):
    done = derisk("gravity", dated, "--formula", f"trade ~ {term} | pair + year")
    assert (done.returncode, done.stdout) == (2, "")
    assert error in done.stderr and "^" in done.stderr
