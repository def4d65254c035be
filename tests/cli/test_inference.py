"""derisk gravity: tests, the bootstrap, corrections of standard errors: published results, and every mistake."""

import csv
import io
import json
import os
import pathlib
import random
import re

import pytest

from conftest import ROOT

PUBLISHED = pathlib.Path(os.environ.get("DERISK_SHARED", ROOT.parent / "shared")) / "data/published"
needs_published = pytest.mark.skipif(not PUBLISHED.exists(), reason="../shared is not here: published data")
TEXTS = ("by", "test", "variable", "distribution", "left_out")
COLLAPSED = (
    *("--ols", "--formula", "hasinsurance ~ selfemployed + post + post_self"),
    *("--where", "hasinsurance IS NOT NULL"),
)


@pytest.fixture
def table(derisk):
    def run(*arguments):
        done = derisk("gravity", *arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return [
            {name: text if name in TEXTS or not text else float(text) for name, text in row.items()}
            for row in csv.DictReader(io.StringIO(done.stdout))
        ]

    return run


@pytest.fixture
def tests(table):
    return lambda *arguments: table(*arguments, "--table", "tests")


@pytest.fixture
def panel(here):
    lines = ["exporter,importer,year,trade,rta,dist,lat,lon"]
    for i in range(5):
        for n in range(5):
            for year in range(2000, 2004):
                trade = 1 + i * n + (i * 7 + n * 3 + year) % 5
                rta, dist = int((i + n + year) % 3 == 0), (5 * i * n + i + year) % 7
                lines.append(f"C{i},C{n},{year},{trade},{rta},{dist},{10 * i},{5 * n}")
    (here / "panel.csv").write_text("\n".join(lines) + "\n")
    return here / "panel.csv"


# ---- Published: boottest (Roodman) on its own data -------------------------------------------------------------------


@needs_published
@pytest.mark.parametrize(
    ("multiplier", "p", "error"),
    [("webb", 0.0757, 0.002), ("normal", 0.0597, 0.006), ("gamma", 0.0723, 0.006)],
)
def test_wild_bootstrap_of_eight_clusters(tests, multiplier, p, error):
    data = PUBLISHED / "wild_bootstrap/collapsed.csv"
    found = tests(
        data, *COLLAPSED, "--cluster", "year", "--test", "post_self = 0.04", "--bootstrap", "wild",
        "--multiplier", multiplier, "--replications", "49999",
    )[0]  # fmt: skip
    assert found["distribution"] == "t(7)" and round(found["bootstrap_statistic"], 4) == 2.0194
    assert found["statistic"] == pytest.approx(found["bootstrap_statistic"], rel=1e-9)
    assert abs(found["bootstrap_p"] - p) < error


@needs_published
def test_all_signs_of_eight_clusters(tests):
    data = PUBLISHED / "wild_bootstrap/collapsed.csv"
    line = (data, *COLLAPSED, "--cluster", "year", "--test", "post_self = 0.04", "--bootstrap", "wild")
    found = tests(*line)[0]
    assert (found["bootstrap_p"], found["draws"]) == (18 / 256, 256)
    assert tests(*line, "--seed", "9")[0] == found


@needs_published
def test_score_bootstrap_and_joint_tests(tests):
    data = PUBLISHED / "wild_bootstrap/collapsed.csv"
    line = (data, *COLLAPSED, "--cluster", "year", "--replications", "49999")
    score = tests(*line, "--test", "post_self = 0.04", "--bootstrap", "score", "--multiplier", "mammen")[0]
    assert round(score["bootstrap_statistic"], 4) == 1.8479
    assert abs(score["bootstrap_p"] - 0.0903) < 0.006
    assert score["bootstrap_low"] == pytest.approx(0.0335, abs=1e-3)
    assert score["bootstrap_high"] == pytest.approx(0.07626, abs=2e-4)
    joint = tests(*line, "--test", "post_self = 0.05, post = -0.02", "--bootstrap", "wild", "--multiplier", "webb")[0]
    assert joint["distribution"] == "F(2, 7)" and round(joint["statistic"], 4) == 0.3383
    assert abs(joint["bootstrap_p"] - 0.82) < 0.02


@needs_published
def test_wild_bootstrap_of_rows(tests):
    data = PUBLISHED / "wild_bootstrap/collapsed.csv"
    found = tests(
        data, *COLLAPSED, "--test", "post_self = 0.04", "--bootstrap", "wild", "--multiplier", "webb",
        "--replications", "9999",
    )[0]  # fmt: skip
    assert found["distribution"] == "t(12)" and round(found["statistic"], 4) == 1.5097
    assert abs(found["bootstrap_p"] - 0.155) < 0.03
    assert (found["bootstrap_low"], found["bootstrap_high"]) == pytest.approx((0.03502, 0.07951), abs=2e-3)


@needs_published
def test_two_kinds_of_cluster_and_an_absorbed_effect(tests):
    found = tests(
        PUBLISHED / "wild_bootstrap/abdata.csv.gz", "--ols", "--formula", "n ~ w + k | ind", "--cluster", "id,year",
        "--test", "k", "--bootstrap", "wild", "--replications", "4999",
    )[0]  # fmt: skip
    assert found["distribution"] == "t(8)" and round(found["bootstrap_statistic"], 4) == 28.5012
    assert found["bootstrap_p"] < 0.003
    assert (found["bootstrap_low"], found["bootstrap_high"]) == pytest.approx((0.783, 0.9413), abs=5e-3)


@needs_published
def test_forty_groups_of_voters(tests):
    found = tests(
        PUBLISHED / "wild_bootstrap/voters.csv", "--ols", "--formula",
        "proposition_vote ~ treatment + log_income | Q1_immigration + Q2_defense", "--cluster", "group_id1",
        "--test", "treatment", "--bootstrap", "wild", "--replications", "9999",
    )[0]  # fmt: skip
    assert round(found["statistic"], 3) == 3.983 and found["bootstrap_p"] < 0.0015
    assert (round(found["bootstrap_low"], 3), round(found["bootstrap_high"], 3)) == (0.039, 0.119)


# ---- Published: two-way and three-way bias (Weidner & Zylkin) --------------------------------------------------------


@needs_published
def test_corrected_errors_of_two_way_estimates(table):
    data = PUBLISHED / "ppml_fe_bias/manuf.csv.gz"
    line = (
        data, "--exporter", "isoexp", "--importer", "isoimp", "--cluster", "directed_pair", "--formula",
        "trade ~ ln_distw + contig + colony + comlang_off + comleg + fta | isoexp^year + isoimp^year",
    )  # fmt: skip
    plain = {row["variable"]: row for row in table(*line)}
    corrected = {row["variable"]: row for row in table(*line, "--bias-correct")}
    published = {
        "ln_distw": (-0.5826890, 0.0372778, 0.0463104),
        "contig": (0.3690149, 0.0600966, 0.0734243),
        "colony": (-0.0874526, 0.0888010, 0.1115109),
        "comleg": (0.2485195, 0.0411242, 0.0490544),
    }
    for name, (coefficient, error, adjusted) in published.items():
        assert round(plain[name]["standard_error"], 7) == error
        assert round(corrected[name]["standard_error"], 7) == adjusted
        assert round(corrected[name]["coefficient"], 6) == pytest.approx(coefficient, abs=1.1e-6)
        assert corrected[name]["uncorrected"] == ""


# ---- Published: instruments ------------------------------------------------------------------------------------------

DOCTOR = "aget + aget2 + educyr + actlim + totchr"
ADDITIVE = ("docvis ~ " + DOCTOR + " | private + medicaid ~ incomet + ssiratio", "additive")
MULTIPLICATIVE = ("docvis ~ medicaid + " + DOCTOR + " | private ~ income + ssiratio", "multiplicative")


@needs_published
@pytest.mark.parametrize(
    ("formula", "options", "published", "j"),
    [
        (
            ADDITIVE,
            (),
            {
                "private": (0.6209381, 0.3586005), "medicaid": (0.6889570, 0.4381762), "aget": (0.2575063, 0.0500945),
                "aget2": (-0.0535300, 0.0110320), "educyr": (0.0310625, 0.0103209), "actlim": (0.1417537, 0.0494498),
                "totchr": (0.2312810, 0.0156522), "constant": (0.3476357, 0.3161579),
            },
            None,
        ),
        (
            MULTIPLICATIVE,
            (),
            {
                "private": (0.6704558, 0.2503905), "medicaid": (0.2855124, 0.1035892), "aget": (0.2672005, 0.0520399),
                "aget2": (-0.0560703, 0.0119149), "educyr": (0.0144838, 0.0078256), "actlim": (0.1813037, 0.0382173),
                "totchr": (0.2814616, 0.0138040), "constant": (0.5139986, 0.1026265),
            },
            0.9213711,
        ),
        (
            MULTIPLICATIVE,
            ("--two-step",),
            {
                "private": (0.6781529, 0.2505395), "medicaid": (0.2887284, 0.1032734), "aget2": (-0.0569086, 0.0118986),
                "totchr": (0.2825103, 0.0137848), "constant": (0.5077134, 0.1023583),
            },
            0.9398480,
        ),
    ],
)  # fmt: skip
def test_doctor_visits_by_gmm(table, derisk, formula, options, published, j):
    line = (PUBLISHED / "iv_poisson_docvis/docvis.csv.gz", "--formula", formula[0], "--iv", formula[1], *options)
    found = {row["variable"]: row for row in table(*line)}
    near = 1e-6 if options else 6e-8  # the published second step begins at a first with fewer digits
    for name, (coefficient, error) in published.items():
        assert found[name]["coefficient"] == pytest.approx(coefficient, abs=near)
        assert found[name]["standard_error"] == pytest.approx(error, abs=1e-7)
    facts = json.loads(derisk("gravity", *line, "--format", "json").stdout)
    if j is None:
        assert not any(name.startswith("overidentification") for name in facts)
    else:
        assert facts["overidentification_j"]["(1)"] == pytest.approx(j, abs=3e-5 if options else 6e-8)


@needs_published
def test_two_stages_of_union_and_tenure(table):
    found = table(
        PUBLISHED / "wild_bootstrap/nlsw88.csv.gz", "--ols", "--formula",
        "wage ~ ttl_exp + i(collgrad) | tenure ~ i(union)", "--cluster", "industry", "--errors", "none",
    )  # fmt: skip
    tenure = next(row for row in found if row["variable"] == "tenure")
    assert round(tenure["z"], 3) == pytest.approx(2.604, abs=1.1e-3)


# ---- Laws ------------------------------------------------------------------------------------------------------------


def test_functions_have_errors_by_the_delta_method(panel, table):
    line = (panel, "--formula", "trade ~ rta + log(dist + 1) | exporter + importer", "--cluster", "pair")
    functions = ("2 * rta", "exp(rta) - 1", "log(dist + 1) / rta", "rta^2")
    rows = table(*line, *(part for text in functions for part in ("--function", text)))
    by = {row["variable"]: row for row in rows}
    b, error = by["rta"]["coefficient"], by["rta"]["standard_error"]
    assert by["2 * rta"]["standard_error"] == pytest.approx(2 * error)
    assert by["exp(rta) - 1"]["standard_error"] == pytest.approx((by["exp(rta) - 1"]["coefficient"] + 1) * error)
    assert by["rta^2"]["coefficient"] == pytest.approx(b * b)
    assert by["rta^2"]["standard_error"] == pytest.approx(abs(2 * b) * error)
    assert by["log(dist + 1) / rta"]["coefficient"] == pytest.approx(by["log(dist + 1)"]["coefficient"] / b)


def test_a_joint_test_of_one_is_its_square(panel, tests, table):
    line = (panel, "--formula", "trade ~ rta + dist | exporter + importer", "--cluster", "pair")
    one = tests(*line, "--test", "rta")[0]
    coefficient = table(*line)[0]
    assert one["distribution"] == "t(14)" and one["p"] == pytest.approx(coefficient["p"])
    assert (one["low"], one["high"]) == pytest.approx((coefficient["low"], coefficient["high"]))
    both = tests(*line, "--test", "rta = dist, dist = 0.1")[0]
    turned = tests(*line, "--test", "rta + dist = 0.2, rta - dist = 0")[0]
    assert both["distribution"] == "F(2, 14)" and both["statistic"] == pytest.approx(turned["statistic"])
    against = tests(*line, "--test", "rta + 1 = 1.5")[0]
    assert against["low"] == pytest.approx(one["low"] + 1)


def test_a_bootstrap_without_a_test_is_of_each_coefficient(panel, tests):
    found = tests(
        panel, "--formula", "trade ~ rta + dist | exporter + importer", "--cluster", "exporter", "--bootstrap", "score"
    )
    assert [row["test"] for row in found] == ["rta = 0", "dist = 0"]
    assert [row["draws"] for row in found] == [32, 32]


def test_notes_tell_tests_in_words(panel, derisk):
    done = derisk(
        "gravity", panel, "--formula", "trade ~ rta | exporter + importer", "--cluster", "exporter",
        "--test", "rta = 1", "--bootstrap", "score",
    )  # fmt: skip
    assert done.returncode == 0
    assert "(1): test of rta = 1: t(4) =" in done.stdout and "(all combinations of signs)" in done.stdout
    assert "score bootstrap under the hypothesis with Rademacher weights" in done.stdout


# ---- Mistakes --------------------------------------------------------------------------------------------------------


def at(message, text, place):
    return f"formula: {message}\n  {text}\n  {' ' * text.index(place)}^"


def test_mistakes_are_told_with_their_place(panel, refused):
    line = ("gravity", panel, "--formula", "trade ~ rta + dist | exporter + importer")
    unknown = "no formula has the variable 'rtb'; did you mean 'rta'?"
    refused(2, at(unknown, "dist = rtb", "rtb"), *line, "--test", "dist = rtb")
    stray = 'unexpected text; hypotheses are written "rta = 0.5, dist = 0"'
    refused(2, at(stray, "rta = 0 = dist", "= dist"), *line, "--test", "rta = 0 = dist")
    stray = 'unexpected text; a function of coefficients is written "exp(rta) - 1"'
    refused(2, at(stray, "rta, dist", ", dist"), *line, "--function", "rta, dist")
    linear = "the bootstrap tests linear hypotheses only"
    refused(2, at(linear, "exp(rta) = 2", "exp"), *line, "--test", "exp(rta) = 2", "--bootstrap", "score")
    refused(2, "the wild bootstrap is of least squares: for PPML take --bootstrap score", *line, "--bootstrap", "wild")
    refused(
        2,
        "year has 1 cluster with rows: standard errors need at least 2",
        *(*line, "--cluster", "year", "--where", "year = 2000", "--bootstrap", "score"),
    )
    refused(1, 'there is no test: name a hypothesis (--test "rta = 0") or a bootstrap', *line, "--table", "tests")
    refused(
        1,
        'Conley errors need the columns of latitude and longitude (--coordinates "lat, lon") and a distance in '
        "kilometres (--cutoff 1000)",
        *(*line, "--errors", "conley"),
    )
    refused(
        2,
        "CR2 and CR3 errors are by one kind of cluster, not by 2: use one, or another kind of errors",
        *(*line, "--errors", "cr2", "--cluster", "pair,year"),
    )
    refused(
        2,
        "row 1: latitude 2000 and longitude 0; expected degrees, -90 to 90 and -180 to 180",
        *(*line, "--errors", "conley", "--coordinates", "year, lon", "--cutoff", "100"),
    )


def test_instruments_that_do_not_move_anything(panel, refused, tests):
    start = "trade ~ dist | exporter + importer"
    line = ("gravity", panel, "--formula")
    missing = "expected '~' and instruments, as in \"trade ~ dist | year | tariff ~ instrument\""
    refused(2, at(missing, f"{start} | rta!", "!").replace("!", ""), *line, f"{start} | rta")
    refused(
        2,
        'there are no instruments: write them as in "trade ~ dist | year | tariff ~ instrument"',
        *(*line, start, "--iv", "additive"),
    )
    refused(
        2,
        "GMM has no absorbed effects: leave them out, or use the control function (--iv control)",
        *(*line, f"{start} | rta ~ lat", "--iv", "additive"),
    )
    refused(
        2,
        "1 endogenous variable needs as many instruments, and of 1 given 0 are left once the effects and the other "
        "variables are taken out: lat",
        *(*line, f"{start} | rta ~ lat", "--ols"),
    )
    refused(
        2,
        "estimates with instruments have no bootstrap of signs: take --bootstrap pairs",
        *(*line, f"{start} | rta ~ (dist * lat)", "--ols", "--bootstrap", "wild"),
    )
    both = tests(
        panel, "--formula", "trade ~ 1 | exporter + importer | rta ~ dist", "--bootstrap", "pairs",
        "--replications", "99",
    )  # fmt: skip
    assert [row["test"] for row in both] == ["rta = 0", "residual of rta = 0"]
    assert all(row["draws"] == 99 and row["bootstrap_low"] < row["bootstrap_high"] for row in both)


def test_errors_by_distance_of_nothing_and_of_the_whole_world(panel, table):
    formula = (panel, "--formula", "trade ~ rta + dist | exporter + importer")
    line = (*formula, "--errors", "conley", "--coordinates", "lat, lon")
    near = table(*line, "--cutoff", "1")
    by_place = table(*formula, "--cluster", "directed_pair", "--errors", "none")
    times = (100 / 99) ** 0.5
    for one, other in zip(near, by_place):
        assert one["standard_error"] == pytest.approx(times * other["standard_error"], rel=1e-9)
    far = table(*line, "--cutoff", "30000")  # scores of all rows add up to nothing
    assert all(row["standard_error"] < 1e-6 for row in far)


def test_the_anderson_rubin_interval_ends_where_the_test_rejects(here, derisk):
    """At its ends the instruments are just significant in least squares of y - b x, by the same errors."""
    chance = random.Random(7)
    lines = ["exporter,importer,year,y,x,w,z1,z2"]
    for k in range(300):
        w, z1, z2, shared = chance.gauss(0, 1), chance.gauss(0, 1), chance.gauss(0, 1), chance.gauss(0, 1)
        x = 0.25 * z1 + 0.15 * z2 + 0.3 * w + shared
        y = 0.5 * x + w + shared + chance.gauss(0, 1) * (1 + 0.3 * abs(z1))
        lines.append(f"E{k % 15},I{k // 15},{2000 + k % 5},{y:.17g},{x:.17g},{w:.17g},{z1:.17g},{z2:.17g}")
    (here / "iv.csv").write_text("\n".join(lines) + "\n")
    for options, instruments in {
        (): "z1 + z2",
        ("--cluster", "exporter"): "z1",
        ("--errors", "r"): "z1 + z2",
    }.items():
        formula = ("--ols", "--formula", f"y ~ w | year | x ~ {instruments}")
        done = derisk("gravity", "iv.csv", *formula, "--format", "json", *options)
        assert (done.returncode, done.stderr) == (0, "")
        facts = json.loads(done.stdout)
        for end in ("low", "high"):
            b = facts[f"anderson_rubin_{end}"]["(1)"]
            test = ", ".join(f"{z} = 0" for z in instruments.split(" + "))
            done = derisk(
                *("gravity", "iv.csv", "--ols", "--formula", f"(y - ({b!r}) * x) ~ w + {instruments} | year"),
                *("--test", test, "--table", "tests", "--format", "csv", *options),
            )
            assert done.returncode == 0, done.stderr
            p = float(next(csv.DictReader(io.StringIO(done.stdout)))["p"])
            assert p == pytest.approx(0.05, abs=1e-5)


def test_weak_instruments_have_no_bounded_interval(here, derisk):
    chance = random.Random(2)
    lines = ["exporter,importer,year,y,x,z"]
    for k in range(120):
        shared = chance.gauss(0, 1)
        lines.append(f"E{k % 12},I{k // 12},2000,{shared + chance.gauss(0, 1)!r},{shared!r},{chance.gauss(0, 1)!r}")
    (here / "iv.csv").write_text("\n".join(lines) + "\n")
    done = derisk("gravity", "iv.csv", "--ols", "--formula", "y ~ 1 | exporter | x ~ z")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert re.search("however weak the instruments are: (all numbers|up to .* and from .* on)", text)
