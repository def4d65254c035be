"""simulate and results: changes from a file and from options, settings, stored runs, and every bad input with its
line."""

import csv
import io
import json

import pytest

EU_TARIFF = ("--tariff", "EU:CHN:electrical-optical,transport-equipment:25%")


@pytest.fixture
def simulate(derisk):
    """simulate(...) gives the rows, as a list of dictionaries."""

    def rows(*arguments):
        done = derisk("simulate", "sample.world", *arguments, "--format", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return rows


def welfare(rows, region):
    return next(float(row["welfare"]) for row in rows if row["region"] == region)


def test_options_do_what_a_file_does(simulate):
    assert simulate(*EU_TARIFF) == simulate("eu-tariff.yaml")
    assert simulate("--trade-cost", "EU:CHN:all:2") == simulate("doubled-trade-costs.yaml")


def test_options_add_to_a_file(simulate):
    answer = ("--tariff", "CHN:EU:electrical-optical,transport-equipment:0.25")
    both = simulate("eu-tariff.yaml", *answer)
    assert both == simulate("eu-tariff-china-answer.yaml")
    assert both == simulate(*EU_TARIFF, *answer)
    assert both != simulate("eu-tariff.yaml")


def test_trade_costs_are_of_both_directions(simulate):
    flows = {
        (row["exporter"], row["importer"], row["sector"]): float(row["change"])
        for row in simulate("--trade-cost", "DEU:CHN:CHE:1.5", "--table", "flows")
    }
    assert flows["DEU", "CHN", "CHE"] < -50 and flows["CHN", "DEU", "CHE"] < -50
    assert abs(flows["DEU", "CHN", "MAC"]) < 1 and abs(flows["FRA", "CHN", "CHE"]) < 10
    assert simulate("--trade-cost", "EU:all:MIN:1.1")  # within the EU both directions are one flow each


def test_a_ban_is_exact(simulate):
    flows = simulate("--ban", "EU:RUS:mining", "--table", "flows")
    members = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "GBR", "XEU"}
    banned = [
        row for row in flows if row["exporter"] == "RUS" and row["importer"] in members and row["sector"] == "MIN"
    ]
    assert len(banned) == len(members)
    assert {(row["new"], row["change"]) for row in banned} == {("0", "-100")}


@pytest.mark.parametrize("region", ["DEU", "EU", "DEU,CHN"])
def test_why_adds_up(derisk, simulate, region):
    shock = ("--ban", "EU:CHN:electrical-optical", "--trade-cost", "EU:RUS:all:2", "--horizon", "short")
    rows = simulate(*shock, "--why", region)
    *parts, total = [(row["flow"], float(row["contribution"])) for row in rows]
    assert total[0] == "real income" and abs(sum(part for _, part in parts) - total[1]) < 1e-9
    if region != "DEU,CHN":
        assert abs(total[1] - welfare(simulate(*shock), region)) < 1e-9
        explained = next(row for row in simulate(*shock, "--table", "decomposition") if row["region"] == region)
        assert abs(dict(parts)["remainder"] - float(explained["remainder"])) < 1e-8
        assert abs(dict(parts)["remainder"]) < 1e-8
    flows = [row for row in rows if row["flow"] in ("imports", "exports")]
    assert abs(float(flows[0]["contribution"])) == max(abs(float(row["contribution"])) for row in flows)
    for row in flows:
        terms = sum(float(row[term]) for term in ("terms_of_trade", "volume_of_trade", "technical", "rents"))
        assert abs(terms - float(row["contribution"])) < 1e-12
    text = derisk("simulate", "sample.world", *shock, "--why", region).stdout
    assert "other flows" in text and "- the 15 largest flows of " in text


def test_why_asks_for_a_region_and_stands_alone(derisk):
    done = derisk("simulate", "sample.world", *EU_TARIFF, "--why", "EUU")
    assert done.returncode == 2 and "'EUU' is neither a region of this world" in done.stderr
    done = derisk("simulate", "sample.world", *EU_TARIFF, "--why", "EU", "--table", "flows")
    assert done.returncode == 1 and "--why cannot be combined with --table" in done.stderr


def test_labour_supply_and_revenue_are_options_and_settings(derisk, simulate, here):
    shock = ("--tariff", "EU:CHN:goods:25%")
    assert simulate(*shock, "--labour-supply", "0", "--revenue", "rebate") == simulate(*shock)
    (here / "work.yaml").write_text(
        "labour-supply: 0.5\nrevenue: income-tax\nchanges:\n  - tariff: {by: EU, on: CHN, sectors: goods, rate: 25%}\n"
    )
    worked = simulate(*shock, "--labour-supply", "0.5", "--revenue", "income-tax")
    assert simulate("work.yaml") == worked != simulate(*shock, "--labour-supply", "0.5")
    done = derisk("simulate", "sample.world", "work.yaml", "--format", "json")
    answer = json.loads(done.stdout)
    assert answer["settings"]["labour_supply"] == "0.5" and answer["settings"]["revenue"] == "income-tax"
    assert answer["rows"][0]["employment"] != 0
    kept = simulate(*shock, "--revenue", "keep")
    assert kept != simulate(*shock)


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--labour-supply", "20"), 1, "--labour-supply"),
        (("--labour-supply", "0.5", "--rigid-wages", "EU"), 2, "labour supply and rigid wages both decide"),
        (("--revenue", "incometax"), 1, "did you mean 'income-tax'?"),
        (("--overhead", "0.1"), 2, "overhead is for one good without inputs; expected it with the model armington"),
    ],
)
def test_labour_supply_is_refused_where_it_has_no_answer(derisk, options, status, message):
    done = derisk("simulate", "sample.world", "--tariff", "EU:CHN:goods:25%", *options)
    assert done.returncode == status and done.stdout == "" and message in done.stderr, done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        ("--labour-supply", "0.5", "--revenue", "income-tax"),
        ("--revenue", "keep"),
        ("--model", "armington", "--overhead", "0.1", "--pass-through", "80%", "--labour-supply", "0.5"),
    ],
)
def test_labour_supply_goes_with_other_questions(derisk, simulate, here, settings):
    shock = ("--tariff", "EU:CHN:all:25%", "--elasticity", "4", *settings)
    welfare = {row["region"]: float(row["welfare"]) for row in simulate(*shock)}
    for row in simulate(*shock, "--table", "decomposition"):
        assert abs(float(row["remainder"])) < 1e-8 and abs(float(row["welfare"]) - welfare[row["region"]]) < 1e-8
    assert abs(float(simulate(*shock, "--why", "EU")[-1]["contribution"]) - welfare["EU"]) < 1e-8
    effects = [row for row in simulate(*shock, "--sensitivity", "welfare:EU") if row["instrument"] == "tariff"]
    assert any(float(row["effect"]) != 0 for row in effects)
    lives = {row["region"]: float(row["static"]) for row in simulate(*shock, "--years", "3", "--table", "lifetime")}
    assert all(abs(lives[region] - static) < 1e-8 for region, static in welfare.items())
    own = ("--from", "CHN", "--cap", "9%", "--objective", "own", "--format", "json")
    planned = derisk("plan", "sample.world", "EU", *own, *settings)
    assert json.loads(planned.stdout)["certificate"]["kkt"] < 1e-6
    (here / "tariff.yaml").write_text("changes:\n  - tariff: {by: EU, on: CHN, sectors: all, rate: 25%}\n")
    brief = derisk("report", "sample.world", "tariff.yaml", *settings, "--output", "brief.md")
    assert brief.returncode == 0, brief.stderr


def test_taxes_of_all_sectors_are_those_of_one_good(derisk, simulate, here):
    """A tax on all use is paid back: nothing real changes; one on some sectors is no tax on the one good."""
    (here / "use.yaml").write_text("changes:\n  - use-tax: {in: EU, sectors: all, rate: 5%}\n")
    (here / "part.yaml").write_text("changes:\n  - production-tax: {in: EU, sectors: goods, rate: 5%}\n")
    for row in simulate("use.yaml", "--model", "armington"):
        assert abs(float(row["welfare"])) < 1e-8
        assert row["region"] != "EU" or abs(float(row["consumer_price"]) - 5) < 1e-6
    done = derisk("simulate", "sample.world", "part.yaml", "--model", "armington")
    assert done.returncode == 2 and "a change must cover all sectors" in done.stderr


def test_thin_markets_are_an_option_and_a_setting(derisk, simulate, here):
    shock = ("--ban", "EU:CHN:electrical-optical", "--horizon", "medium")
    assert simulate(*shock, "--thin-markets", "10%") == simulate(*shock)
    assert simulate(*shock, "--thin-markets", "95%") != simulate(*shock)
    (here / "thin.yaml").write_text(
        "horizon: medium\nthin-markets: 95%\nchanges:\n  - ban: {by: EU, on: CHN, sectors: electrical-optical}\n"
    )
    assert simulate("thin.yaml") == simulate(*shock, "--thin-markets", "95%")
    done = derisk("simulate", "sample.world", *shock, "--thin-markets", "95%", "--format", "json")
    answer = json.loads(done.stdout)
    assert answer["settings"]["thin_markets"] == "95%"
    assert any(
        note.startswith("thin markets, left with less than 95% of base supply by the scenario: ")
        for note in answer["notes"]
    )


def test_tables_have_their_columns(simulate):
    columns = {
        "regions": (
            "region welfare equivalent_variation welfare_first_order real_gdp real_wage wage consumer_price "
            "terms_of_trade volume_of_trade exports imports tariff_revenue_change"
        ),
        "money": (
            "region equivalent_variation real_gdp_change income income_new factor_income factor_income_new"
            " tariff_revenue tariff_revenue_new tariff_revenue_change rents_new exports exports_new exports_change"
            " imports imports_new imports_change trade_balance trade_balance_new trade_balance_change"
        ),
        "sectors": (
            "region sector output price value_added output_value output_value_new value_added_value "
            "value_added_value_new"
        ),
        "protection": "region sector tariff tariff_new input_tariff input_tariff_new effective_rate effective_rate_new",
        "overview": "about name base new change percent",
        "summary": "about says",
        "flows": "exporter importer sector base new change",
        "decomposition": (
            "region welfare terms_of_trade volume_of_trade technical reallocation rents transfers demand remainder"
        ),
        "factors": "region factor base new price real_price",
    }
    for table, names in columns.items():
        assert list(simulate(*EU_TARIFF, "--table", table)[0]) == names.split()


def test_welfare_is_explained(simulate):
    arguments = (*EU_TARIFF, "--trade-cost", "EU:RUS:MIN:1.1", "--closure", "income-share")
    regions = {row["region"]: row for row in simulate(*arguments)}
    for row in simulate(*arguments, "--table", "decomposition"):
        assert float(row["welfare"]) == pytest.approx(float(regions[row["region"]]["welfare"]), abs=1e-12)
        terms = ("terms_of_trade", "volume_of_trade", "technical", "reallocation", "rents", "transfers")
        assert sum(float(row[term]) for term in terms) == pytest.approx(float(row["welfare"]), abs=1e-8)
    assert regions.keys() >= {"EU", "DEU"}


def test_settings_matter_and_are_told(derisk, simulate):
    usual = simulate(*EU_TARIFF)
    for settings, told in (
        (("--elasticity", "8"), ("elasticity", "8")),
        (("--elasticity", "caliendo-parro-2015"), ("elasticity", "caliendo-parro-2015")),
        (("--closure", "income-share"), ("closure", "income-share")),
        (("--closure", "zero"), ("closure", "zero")),
        (("--rigid-wages", "EU,CHN:99.9%"), ("rigid_wages", "EU,CHN:99.9%")),
    ):
        assert simulate(*EU_TARIFF, *settings) != usual
        result = json.loads(derisk("simulate", "sample.world", *EU_TARIFF, *settings, "--format", "json").stdout)
        assert told[1] in result["settings"][told[0]]
    assert simulate(*EU_TARIFF, "--elasticity", "5", "--closure", "fixed", "--year", "2011") == usual


def test_scale_economies(derisk, simulate, refused):
    usual = {row["region"]: float(row["welfare"]) for row in simulate(*EU_TARIFF)}
    for settings in (("--scale", "0.1"), ("--scale", "0.05", "--entry", "restricted")):
        moved = {row["region"]: float(row["welfare"]) for row in simulate(*EU_TARIFF, *settings)}
        assert max(abs(moved[n] - usual[n]) for n in usual) > 1e-4
        result = json.loads(derisk("simulate", "sample.world", *EU_TARIFF, *settings, "--format", "json").stdout)
        assert result["settings"]["scale"] == settings[1]
        assert result["settings"]["entry"] == (settings[3] if len(settings) > 2 else "free")
    constant = {row["region"]: float(row["welfare"]) for row in simulate(*EU_TARIFF, "--scale", "0")}
    assert constant == pytest.approx(usual, abs=1e-10)
    for row in simulate(*EU_TARIFF, "--scale", "0.05", "--entry", "restricted", "--table", "decomposition"):
        assert abs(float(row["remainder"])) < 1e-8
    told = derisk("simulate", "sample.world", *EU_TARIFF, "--scale", "0.1").stdout
    assert "of 3 searches that begin at unit costs 10% higher or lower" in " ".join(told.split())


WRONG_SCALES = {
    "beyond the bound": (
        ["--elasticity", "5", "--scale", "0.3"],
        "scale economies: the trade elasticity 5 of the sector AGR times its scale elasticity 0.3 is 1.5, beyond the"
        " bound of a unique equilibrium; expected at most 1",
    ),
    "below zero": (["--scale", "-1"], "a scale elasticity of -1; expected one between 0 and 10"),
    "no number": (["--scale", "nan"], "'nan' is not a number, a set with scale elasticities or a file"),
    "a set without": (
        ["--scale", "caliendo-parro-2015"],
        "the set caliendo-parro-2015 has trade elasticities alone; expected lashkaripour-lugovskyy-2023, a number or a"
        " CSV with the columns sector, scale_elasticity",
    ),
    "misspelt": (
        ["--scale", "lashkaripour-lugovskyy"],
        "'lashkaripour-lugovskyy' is not a number, a set with scale elasticities or a file; did you mean"
        " 'lashkaripour-lugovskyy-2023'?",
    ),
    "entry alone": (
        ["--entry", "restricted"],
        "entry restricted needs scale elasticities; expected scale, or the model krugman",
    ),
    "profits above value added": (
        ["--scale", "1", "--entry", "restricted"],
        "restricted entry: the value added of DEU AGR is 43.8% of its output, and its markup leaves 50.0% as profit;"
        " expected a smaller scale elasticity, or free entry",
    ),
    "a sector without": (["--scale", "scales.csv"], "scales.csv: no scale elasticity for the sector AGR"),
    "a sector twice": (["--scale", "twice.csv"], "twice.csv:3:1: the sector MIN has a scale elasticity already"),
}


@pytest.mark.parametrize("case", WRONG_SCALES)
def test_scale_elasticities_are_checked(derisk, here, case):
    options, message = WRONG_SCALES[case]
    (here / "scales.csv").write_text("sector,scale_elasticity\nMIN,0.1\n")
    (here / "twice.csv").write_text("sector,scale_elasticity\nMIN,0.1\nmining,0.2\n")
    done = derisk("simulate", "sample.world", *EU_TARIFF, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


LEAKING = "changes:\n  - ban: {{by: EU, on: RUS, sectors: {sectors}{more}}}\n"


def test_a_ban_that_leaks_is_a_trade_cost(derisk, here, rows):
    (here / "leak.yaml").write_text(LEAKING.format(sectors="metals", more=", leakage: 20%, through: [TUR, CHN]"))
    cost = f"changes:\n  - trade-cost: {{by: EU, on: RUS, sectors: metals, times: {0.2 ** (-1 / 4)!r}}}\n"
    (here / "cost.yaml").write_text(cost)
    leaks, dearer = (
        rows("simulate", "sample.world", file, "--elasticity", "4", "--table", "regions")
        for file in ("leak.yaml", "cost.yaml")
    )
    for one, other in zip(leaks, dearer, strict=True):
        assert float(one["welfare"]) == pytest.approx(float(other["welfare"]), abs=1e-10)
    (here / "ban.yaml").write_text(LEAKING.format(sectors="metals", more=", leakage: 0%"))
    whole, some = (
        {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", file, "--table", "regions")}
        for file in ("ban.yaml", "leak.yaml")
    )
    assert whole["RUS"] < some["RUS"] < 0
    told = " ".join(derisk("simulate", "sample.world", "leak.yaml").stdout.split())
    assert "change 1: 20% of the flows, " in told
    assert "of what they sell there in these sectors embodies the goods of the origin" in told
    (here / "leak.yaml").write_text(LEAKING.format(sectors="metals", more=", leakage: 20%, standard-error: 5%"))
    drawn = rows("simulate", "sample.world", "leak.yaml", "--draws", "50", "--elasticity", "4")
    russia = next(row for row in drawn if row["region"] == "RUS")
    assert float(russia["welfare_p5"]) < float(russia["welfare_p95"])


def test_a_tariff_that_leaks_is_lower(here, rows):
    for name, more in (("leak", "rate: 40%, leakage: 25%"), ("low", "rate: 30%")):
        (here / f"{name}.yaml").write_text(f"changes:\n  - tariff: {{by: EU, on: CHN, sectors: metals, {more}}}\n")
    leaks, low = (rows("simulate", "sample.world", f"{name}.yaml", "--table", "regions") for name in ("leak", "low"))
    for one, other in zip(leaks, low, strict=True):
        assert float(one["welfare"]) == pytest.approx(float(other["welfare"]), abs=1e-10)


@pytest.mark.parametrize(
    "more, message",
    (
        (", leakage: 120%", "2:54: a leakage of 120%; expected 0% or more and less than 100% of the flow"),
        (
            ", leakage: 20%, standard-error: 200%",
            "2:75: a standard error of 200%; expected 0% or more and less than 100% of the flow",
        ),
        (", through: TUR", "2:54: 'through' is one of 'leakage', which is missing"),
        (
            ", leakage: 20%, through: TURK",
            "2:68: 'TURK' is neither a region of this world nor a group with a member in it in 2011; did you mean"
            " 'TUR'?",
        ),
    ),
)
def test_leakage_is_checked(refused, here, more, message):
    (here / "leak.yaml").write_text(LEAKING.format(sectors="metals", more=more))
    refused(2, f"leak.yaml:{message}", "simulate", "sample.world", "leak.yaml")


def test_rigid_wages_leave_labour_idle(derisk, simulate):
    shock = ("--trade-cost", "EU:CHN:all:2", "--horizon", "short")
    flexible = {row["region"]: float(row["welfare"]) for row in simulate(*shock)}
    for row in simulate(*shock, "--rigid-wages", "all"):
        assert float(row["employment"]) <= 0
        if row["region"] in ("DEU", "CHN", "EU"):
            assert float(row["employment"]) < -0.5
            assert float(row["welfare"]) < flexible[row["region"]]
    assert simulate(*shock, "--rigid-wages", "all", "--table", "sectors")[0]["employment"]
    done = derisk("simulate", "sample.world", *shock, "--rigid-wages", "EU:0%")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a wage floor of 0% of the base; floors must be above 0% and at most 100%" in done.stderr


def test_one_good(derisk, simulate):
    doubled = {row["region"]: row for row in simulate("--trade-cost", "EU:CHN:all:2", "--model", "armington")}
    assert float(doubled["EU"]["welfare"]) < 0 and float(doubled["CHN"]["welfare"]) < 0
    done = derisk("simulate", "sample.world", *EU_TARIFF, "--model", "armington")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the armington model has one sector, so that a change must cover all sectors" in done.stderr


def test_elasticities_from_a_file(simulate, here):
    codes = [line.split(",")[0] for line in (here / "sectors.csv").read_text().splitlines()[1:]]
    (here / "five.csv").write_text("sector,trade_elasticity\n" + "".join(f"{code},5\n" for code in codes))
    assert simulate(*EU_TARIFF, "--elasticity", "five.csv") == simulate(*EU_TARIFF)


def test_a_run_only_reads(derisk, here):
    before = (here / "sample.world").read_bytes()
    (here / "sample.world").chmod(0o444)
    assert derisk("simulate", "sample.world", *EU_TARIFF).returncode == 0
    assert (here / "sample.world").read_bytes() == before


def test_stored_runs_come_back(derisk):
    done = derisk("simulate", "sample.world", *EU_TARIFF, "--store", "tariff", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "derisk: stored as 'tariff' in sample.world\n")
    assert derisk("simulate", "sample.world", "--ban", "EU:RUS:MIN", "--store", "ban", "--quiet").stderr == ""
    listed = csv.DictReader(io.StringIO(derisk("results", "sample.world", "--format", "csv").stdout))
    assert sorted(row["name"] for row in listed) == ["ban", "tariff"]
    assert derisk("results", "sample.world", "tariff", "--format", "csv").stdout == done.stdout
    for table in ("sectors", "flows", "decomposition"):
        again = derisk("simulate", "sample.world", *EU_TARIFF, "--table", table, "--format", "csv").stdout
        assert derisk("results", "sample.world", "tariff", "--table", table, "--format", "csv").stdout == again


def test_a_stored_run_keeps_certificate_and_settings(derisk):
    arguments = (
        "simulate",
        "sample.world",
        *EU_TARIFF,
        "--closure",
        "income-share",
        "--format",
        "json",
        "--store",
        "a",
    )
    run = json.loads(derisk(*arguments).stdout)
    stored = json.loads(derisk("results", "sample.world", "a", "--format", "json").stdout)
    assert stored.pop("command") == "results" and run.pop("command") == "simulate"
    for name in ("world", "year", "unit", "settings", "certificate", "notes", "rows"):
        assert stored[name] == run[name]


def test_names_of_runs(derisk, refused):
    derisk("simulate", "sample.world", *EU_TARIFF, "--store", "tariff")
    refused(
        2,
        "sample.world: the run 'tariff' already exists; choose another name",
        *("simulate", "sample.world", *EU_TARIFF, "--store", "tariff"),
    )
    refused(2, "sample.world: there is no run 'tarif'; did you mean 'tariff'?", "results", "sample.world", "tarif")


BAD_INPUTS = [
    (
        ["--tariff", "EU:CHNA:all:25%"],
        (
            "--tariff EU:CHNA:all:25%: 'CHNA' is neither a region of this world nor a group with a member in it in"
            " 2011; did you mean 'CHN'?"
        ),
    ),
    (
        ["--ban", "EU:CHN:electrical-optica"],
        (
            "--ban EU:CHN:electrical-optica: 'electrical-optica' is not a sector of this world, by code, slug or kind; "
            "did you mean 'electrical-optical' (ELE)?"
        ),
    ),
    (["--tariff", "EU:CHN:all:25"], "--tariff EU:CHN:all:25: the rate 25 would be 2500%; did you mean 25%?"),
    (
        ["--tariff", "EU:CHN:all:much"],
        "--tariff EU:CHN:all:much: 'much' is not a rate; expected a number such as 25% or 0.25",
    ),
    (
        ["--tariff", "EU:CHN:all:-100%"],
        "--tariff EU:CHN:all:-100%: a tariff of -100.00%; expected more than -100%",
    ),
    (
        ["--trade-cost", "EU:CHN:all:-2"],
        "--trade-cost EU:CHN:all:-2: trade cost times -2; expected a finite factor above 0",
    ),
    (
        ["--trade-cost", "EU:CHN:all:twice"],
        "--trade-cost EU:CHN:all:twice: 'twice' is not a number; expected a factor such as 2",
    ),
    (
        ["--ban", "DEU:DEU:all"],
        "--ban DEU:DEU:all: change 1 (ban) changes no flow: domestic flows are never changed",
    ),
    (
        ["--ban", "EU:CHN:all", "--tariff", "EU:CHN:MIN:10%"],
        (
            "--tariff EU:CHN:MIN:10%: change 2 (tariff) conflicts with change 1 (ban): both change the flow of mining"
            " from CHN to DEU"
        ),
    ),
    (
        ["--ban", "EU:CHN:all", "--year", "1999"],
        "sample.world: has no year 1999, only 2011",
    ),
    (["none.yaml"], "none.yaml: no such file"),
    ([*EU_TARIFF, "--elasticity", "0"], "a trade elasticity of 0; expected more than 0"),
    ([*EU_TARIFF, "--elasticity", "1e6"], "a trade elasticity of 1e+06; expected one between 0.001 and 1000"),
]


SCENARIOS = [
    (
        "export-curb: {by: CHN, to: EU, sectors: [MIN], cut: 120%}",
        "2:18: a cut of 120.00%; expected one between 0% and 100%",
    ),
    (
        "export-curb: {by: CHN, to: EU, cut: 50}",
        "2:41: the rate 50 would be 5000%; did you mean 50%?",
    ),
    (
        "quota: {by: EU, on: CHN, sectors: [MIN], at: -1}",
        "2:12: a quota at -1; expected a value of at least 0",
    ),
    (
        "quota: {by: EU, on: CHN, at: 5, rent: exporters}",
        "2:43: unknown word 'exporters'; expected one of exporter, importer and lost; did you mean 'exporter'?",
    ),
    (
        "tariff-rate-quota: {by: EU, on: CHN, quota: 60%, in-quota: 0%}",
        "2:24: the key 'over-quota' is missing in 'tariff-rate-quota'",
    ),
    (
        "tariff-rate-quota: {by: EU, on: CHN, quota: 60%, in-quota: 30%, over-quota: 25%}",
        "2:24: an over-quota tariff of 25.00% and an in-quota tariff of 30.00%; expected one that is not lower",
    ),
    (
        "tariff-rate-quota: {by: EU, on: CHN, quota: -5, in-quota: 0%, over-quota: 25%}",
        "2:24: a quota at -5; expected a value of at least 0",
    ),
    (
        "tariff-rate-quota: {by: EU, on: CHN, quota: many, in-quota: 0%, over-quota: 25%}",
        "2:49: 'many' is not a number; expected a value in the unit of the world, a part of the base such as 60%, or,"
        " of products, tonnes",
    ),
    (
        "productivity: {in: CHN, sectors: [MIN]}",
        "2:19: the key 'change' is missing in 'productivity'",
    ),
    (
        "productivity: {in: CHN, sectors: [MIN], change: -100%}",
        "2:19: a change of -100.00%; expected more than -100%",
    ),
    (
        "factor-supply: {in: CHN, factor: capital, change: 5%}",
        "2:20: unknown factor 'capital'; in this world labour stands for all factors",
    ),
    (
        "transfer: {from: EU, to: DEU, amount: 1%}",
        "2:15: change 1 (transfer): DEU is among those that give and those that receive",
    ),
    (
        "transfer: {from: EU, to: CHN, amount: 100%}",
        "2:15: a transfer of 100%; expected more than 0 and less than 100% of income",
    ),
    (
        "tariff: {by: EU, on: CHN, specific: 12.5}",
        "2:13: the key 'price' is missing in 'tariff'",
    ),
    (
        "tariff: {by: EU, on: CHN, rate: 5%, price: 250}",
        "2:48: 'price' is one of a 'specific' duty, which is missing",
    ),
    (
        "tariff: {by: EU, on: CHN, at-most: 5%, specific: 1, price: 250}",
        "2:13: 'specific' goes with 'rate' or 'add', not with 'at-most'",
    ),
    (
        "tariff: {by: EU, on: CHN, specific: 1, price: 0}",
        "2:51: a price of 0; expected more than 0",
    ),
    (
        "tariff: {by: EU, on: CHN, specific: -1, price: 250}",
        "2:41: a specific duty of -1; expected 0 or more",
    ),
]


@pytest.mark.parametrize("change, line", SCENARIOS, ids=[case[0] for case in SCENARIOS])
def test_bad_caps(refused, here, change, line):
    (here / "caps.yaml").write_text(f"changes:\n  - {change}\n")
    refused(2, f"caps.yaml:{line}", "simulate", "sample.world", "caps.yaml")


RATE_QUOTA = "tariff-rate-quota: {by: DEU, on: CHN, sectors: [TEX], quota: 60%%, in-quota: 0%%, over-quota: 25%%%s}"


def test_rate_quotas_conflict(refused, here):
    """A contradiction names both lines; 'replace' resolves it, and takes away the whole of a quota."""
    (here / "two.yaml").write_text(
        f"changes:\n  - {RATE_QUOTA % ''}\n  - tariff: {{by: DEU, on: CHN, sectors: [TEX], rate: 5%}}\n"
    )
    line = (
        "change 2 (tariff) conflicts with change 1 (tariff-rate-quota, line 2): both change the flow of"
        " textiles-leather from CHN to DEU"
    )
    refused(
        2, f"two.yaml:3:13: {line}; 'replace: true' overrides the earlier one", "simulate", "sample.world", "two.yaml"
    )


def test_rate_quotas_and_specific_duties(derisk, here):
    """The regimes as they are reported; duties on a unit are the tariffs that they amount to."""

    def run(*changes, more=("--table", "curbs")):
        (here / "trq.yaml").write_text("changes:\n" + "".join(f"  - {change}\n" for change in changes))
        return json.loads(derisk("simulate", "sample.world", "trq.yaml", "--format", "json", *more).stdout)

    texts = (
        "tariff-rate-quota: {by: DEU, on: CHN, sectors: [TEX], quota: %s, in-quota: 0%%, over-quota: 10%%}" % quota
        for quota in ("10%", "95%", "200%")
    )
    rows = [run(text)["rows"][0] for text in texts]
    assert [row["binding"] for row in rows] == ["exceeded", "yes", "no"]
    assert rows[0]["wedge"] == pytest.approx(10) and rows[0]["volume"] > rows[0]["limit"]
    assert 0 < rows[1]["wedge"] < 10 and rows[1]["volume"] == pytest.approx(rows[1]["limit"], rel=1e-9)
    assert rows[2]["wedge"] == rows[2]["rent"] == 0
    replaced = run(RATE_QUOTA % "", "tariff: {by: DEU, on: CHN, sectors: [TEX], rate: 5%, replace: true}", more=())
    assert replaced["rows"] == run("tariff: {by: DEU, on: CHN, sectors: [TEX], rate: 5%}", more=())["rows"]
    compound = run(
        "tariff: {by: DEU, on: CHN, sectors: [TEX], rate: 5%, specific: 12.5, per: tonne, price: 250}", more=()
    )
    assert compound["rows"] == run("tariff: {by: DEU, on: CHN, sectors: [TEX], rate: 10%}", more=())["rows"]
    note = (
        "change 1: a specific duty of 12.5 per tonne at a price of 250 is a tariff of 5%, which is kept as prices"
        " change"
    )
    assert note in compound["notes"]
    (here / "trq.yaml").write_text(f"changes:\n  - {RATE_QUOTA.replace('60%%', '10%%') % ''}\n")
    done = derisk("simulate", "sample.world", "trq.yaml", "--sensitivity", "welfare:DEU")
    assert done.returncode == 2 and "there are no derivatives where imports exceed a tariff-rate quota" in done.stderr


SHIFTED = """changes:
  - productivity: {in: EU, sectors: [machinery], change: -5%}
  - labour: {in: DEU, change: 2%}
  - factor-supply: {in: CHN, sectors: goods, change: -1%}
  - demand: {in: all, sectors: [transport-equipment], change: 10%, except: USA}
  - transfer: {from: USA, to: [CHN, IND], amount: 10000}
  - transfer: {from: EU, to: TUR, amount: 0.1%}
"""


@pytest.mark.parametrize("options", [[], ["--horizon", "short"], ["--horizon", "medium", "--closure", "income-share"]])
def test_shifts_and_transfers(derisk, here, options):
    """Every model takes them; transfers are in the deficits; the decomposition accounts for them."""
    (here / "shifts.yaml").write_text(SHIFTED)

    def run(*more):
        return json.loads(
            derisk("simulate", "sample.world", "shifts.yaml", "--format", "json", *options, *more).stdout
        )["rows"]

    explained = {row["region"]: row for row in run("--table", "decomposition")}
    assert explained["USA"]["transfers"] < -0.05 < 0 < explained["TUR"]["transfers"]
    assert explained["FRA"]["technical"] < -0.05 and explained["IND"]["technical"] == 0
    assert all(abs(row["remainder"]) < 0.03 for row in explained.values())
    rows = run("--why", "FRA")
    assert sum(row["contribution"] for row in rows[:-1]) == pytest.approx(rows[-1]["contribution"], abs=1e-9)


def test_shifts_conflict_and_armington(refused, derisk, here):
    lines = ["productivity: {in: EU, sectors: [MIN], change: -5%}", "productivity: {in: DEU, change: 1%}"]
    (here / "two.yaml").write_text("changes:\n" + "".join(f"  - {line}\n" for line in lines))
    line = "change 2 (productivity) conflicts with change 1 (productivity, line 2): both change MIN in DEU"
    refused(
        2, f"two.yaml:3:19: {line}; 'replace: true' overrides the earlier one", "simulate", "sample.world", "two.yaml"
    )
    (here / "two.yaml").write_text(f"changes:\n  - {lines[0]}\n")
    line = (
        "the scenario does not change all sectors and factors of DEU alike; the armington model has one sector, so that"
        " a change must cover all"
    )
    refused(2, line, "simulate", "sample.world", "two.yaml", "--model", "armington")
    (here / "two.yaml").write_text(
        "changes:\n  - productivity: {in: DEU, change: 1%}\n  - transfer: {from: USA, to: DEU, amount: 1%}\n"
    )
    done = derisk("simulate", "sample.world", "two.yaml", "--model", "armington")
    assert done.returncode == 0, done.stderr


def test_caps_at_the_ends(derisk, here):
    """A cap above the flow is slack, and said; a cap of nothing is a ban, and said; both are solved."""

    def run(change, *more):
        (here / "caps.yaml").write_text(f"changes:\n  - {change}\n")
        return json.loads(derisk("simulate", "sample.world", "caps.yaml", "--format", "json", *more).stdout)

    slack = run("quota: {by: DEU, on: CHN, sectors: [TEX], at: 1000000}", "--table", "curbs")
    assert [(row["binding"], row["wedge"], row["rent"]) for row in slack["rows"]] == [("no", 0, 0)]
    assert any(
        note.startswith("export curbs and quotas at or above the base flow: 1 of 1 (TEX of CHN to DEU: limit 1000000,")
        for note in slack["notes"]
    )
    nothing = run("quota: {by: DEU, on: CHN, sectors: [TEX], at: 0}")
    banned = json.loads(derisk("simulate", "sample.world", "--ban", "DEU:CHN:TEX", "--format", "json").stdout)
    assert nothing["rows"] == banned["rows"]
    assert (
        "change 1 limits the volume to zero and is applied as a ban: there is no wedge and no rent" in nothing["notes"]
    )
    together = run(
        "export-curb: {by: CHN, to: EU, sectors: [TEX], cut: 50%, together: true}",
        *("--table", "curbs"),
    )["rows"]
    assert len(together) == 1 and together[0]["flows"] > 1 and together[0]["importer"] == "several"
    assert together[0]["volume"] == pytest.approx(together[0]["base"] / 2, rel=1e-9)


@pytest.mark.parametrize("arguments, line", BAD_INPUTS, ids=[" ".join(case[0]) for case in BAD_INPUTS])
def test_bad_input(refused, arguments, line):
    refused(2, line, "simulate", "sample.world", *arguments)


def test_what_is_no_world(refused, here):
    (here / "not.world").write_bytes(b"\x89PNG\r\n" + bytes(5000))
    (here / "empty.world").write_bytes(b"")
    (here / "folder.world").mkdir()
    refused(2, "none.world: no such file; expected a world file", "info", "none.world")
    refused(2, "folder.world: is a folder; expected a world file", "info", "folder.world")
    for command in (["info"], ["results"], ["simulate", *EU_TARIFF]):
        name, *rest = command
        line = "not.world: not a DuckDB file that this version reads; expected a world file"
        refused(2, line, name, "not.world", *rest)


def test_what_is_no_scenario(refused, here):
    (here / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with open(here / "zeros.yaml", "wb") as zeros:
        zeros.truncate(100_000_000)
    binary = "not a scenario or game: binary data; expected YAML text"
    refused(2, f"picture.yaml: {binary}", "simulate", "sample.world", "picture.yaml")
    line = "zeros.yaml: not a scenario or game: too large; expected a YAML file of at most 1 MB"
    refused(2, line, "simulate", "sample.world", "zeros.yaml")


def test_no_solution(derisk, here):
    """Without trade no region can keep the deficit it has."""
    before = (here / "sample.world").read_bytes()
    done = derisk("simulate", "sample.world", "--ban", "all:all:all", "--store", "autarky")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert done.stderr.startswith("derisk: ") and "closure" in done.stderr
    assert (here / "sample.world").read_bytes() == before
    assert derisk("simulate", "sample.world", "--ban", "all:all:all", "--closure", "zero").returncode == 0


def test_signs(simulate):
    """A tariff on it makes China worse off, and a ban makes both sides worse off than that."""
    tariff, ban = simulate(*EU_TARIFF), simulate("--ban", "EU:CHN:all", "--ban", "CHN:EU:all")
    assert welfare(tariff, "CHN") < 0
    assert welfare(ban, "EU") < min(0, welfare(tariff, "EU"))
    assert welfare(ban, "CHN") < welfare(tariff, "CHN")


# ---- A tie before and after ------------------------------------------------------------------------------------------


def test_a_tie_is_made_of_flows(rows):
    """By sector what flows says, base values as exposure has them, the last row the sum of the others."""
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
    members = {"DEU", "FRA", "ITA", "ESP", "NLD", "POL", "GBR", "XEU"}
    slugs = {row["code"]: row["slug"] for row in rows("export", "sample.world", "--table", "sector")}
    tie = {row["sector"]: row for row in rows(*tariff, "--tie", "EU:CHN")}
    base = {row["sector"]: row for row in rows("exposure", "sample.world", "EU", "--to", "CHN")}
    flows = rows(*tariff, "--table", "flows")
    for sector, row in tie.items():
        of_sector = [flow for flow in flows if sector in ("all", slugs[flow["sector"]])]
        bought = [flow for flow in of_sector if flow["importer"] in members and flow["exporter"] not in members]
        from_china = [flow for flow in bought if flow["exporter"] == "CHN"]
        to_china = [flow for flow in of_sector if flow["importer"] == "CHN" and flow["exporter"] in members]
        total = lambda list_, column: sum(float(flow[column]) for flow in list_)
        for column, end in (("base", ""), ("new", "_new")):
            assert float(row["imports_from" + end]) == pytest.approx(total(from_china, column), rel=1e-12)
            assert float(row["exports_to" + end]) == pytest.approx(total(to_china, column), rel=1e-12)
            assert float(row["share_of_imports" + end]) == pytest.approx(
                total(from_china, column) / total(bought, column), rel=1e-12
            )
            assert float(row["balance" + end]) == pytest.approx(
                total(to_china, column) - total(from_china, column), rel=1e-9
            )
        assert float(row["imports_from_change"]) == pytest.approx(
            100 * (total(from_china, "new") / total(from_china, "base") - 1), rel=1e-9
        )
        for column in ("imports_from", "share_of_imports", "exports_to"):
            assert float(row[column]) == pytest.approx(float(base[sector][column]), rel=1e-9)
    assert list(tie)[-1] == "all" and len(tie) > 10


def test_what_is_no_tie(refused):
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
    refused(1, "simulate: --tie 'EU': expected OF:WITH, such as EU:CHN", *tariff, "--tie", "EU")
    refused(1, "simulate: --tie cannot be combined with --table", *tariff, "--tie", "EU:CHN", "--table", "ties")
    refused(
        1,
        "simulate: --sensitivity cannot be combined with --tie",
        *tariff,
        "--tie",
        "EU:CHN",
        "--sensitivity",
        "welfare:EU",
    )
    refused(
        2,
        "--tie: 'CHM' is neither a region of this world nor a group with a member in it in 2011; did you mean 'CHN'?",
        *tariff,
        "--tie",
        "EU:CHM",
    )


def test_scenarios_side_by_side_are_the_single_runs(simulate, here):
    (here / "ten.yaml").write_text("changes:\n  - tariff: {by: EU, on: CHN, sectors: goods, rate: 10%}\n")
    (here / "cut.yaml").write_text("horizon: short\nchanges:\n  - ban: {by: EU, on: RUS, sectors: mining}\n")
    for table in ("regions", "money", "sectors", "ties"):
        both = simulate("ten.yaml", "cut.yaml", "--table", table)
        single = [
            {"scenario": name, **row} for name in ("ten.yaml", "cut.yaml") for row in simulate(name, "--table", table)
        ]
        assert both == single


def test_a_sweep_is_the_single_runs(simulate, here):
    swept = simulate("--tariff", "EU:CHN:goods:0", "--sweep", "rate=10%:30%:10%")
    single = [
        {"rate": rate, **row} for rate in ("10%", "20%", "30%") for row in simulate("--tariff", f"EU:CHN:goods:{rate}")
    ]
    assert swept == single
    (here / "file.yaml").write_text(
        "changes:\n  - tariff: {by: EU, on: CHN, sectors: goods, rate: 1%}\n  - ban: {by: EU, on: RUS}\n"
    )
    swept = simulate("file.yaml", "--sweep", "rate=0.1:0.2:0.1", "--table", "money")
    (here / "other.yaml").write_text(
        "changes:\n  - tariff: {by: EU, on: CHN, sectors: goods, rate: 20%}\n  - ban: {by: EU, on: RUS}\n"
    )
    assert [row for row in swept if row["rate"] == "0.2"] == [
        {"rate": "0.2", **row} for row in simulate("other.yaml", "--table", "money")
    ]


@pytest.mark.parametrize(
    "status, arguments, line",
    [
        (1, ("--sweep", "rate=1"), "simulate: --sweep: 'rate=1': expected KEY=FROM:TO:STEP, such as rate=10%:60%:10%"),
        (
            1,
            ("--sweep", "rate=10%:60:10%"),
            "simulate: --sweep: 'rate=10%:60:10%': expected KEY=FROM:TO:STEP, such as rate=10%:60%:10%",
        ),
        (
            1,
            ("--sweep", "rate=1:2:0"),
            "simulate: --sweep: 'rate=1:2:0': expected KEY=FROM:TO:STEP, such as rate=10%:60%:10%",
        ),
        (1, ("--sweep", "rate=0:1:0.0001"), "simulate: --sweep: 'rate=0:1:0.0001' has more than 1000 values"),
        (1, ("--sweep", "times=1:2:1"), "simulate: --sweep: no change of the command line has a times"),
        (1, ("--sweep", "rate=0:1:1", "--store", "x"), "simulate: --store needs a single scenario"),
        (
            1,
            ("--sweep", "rate=0:1:1", "--table", "sectors", "--plot", "x.svg"),
            "simulate: --plot of several scenarios needs the table of regions",
        ),
        (
            2,
            ("--numeraire", "USAA"),
            (
                "numeraire: 'USAA' is neither a region of this world nor a group with a member in it in 2011; did you"
                " mean 'USA'?"
            ),
        ),
    ],
)
def test_sweeps_and_numeraires_that_make_no_sense(refused, status, arguments, line):
    refused(status, line, "simulate", "sample.world", *EU_TARIFF, *arguments)


def test_the_answer_comes_first(derisk):
    text = (
        derisk("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
        .stdout.split("\n\n")[1]
        .replace("\n", " ")
    )
    assert text.startswith("The EU loses ") and " and China loses " in text
    assert "Imports of electrical and optical equipment by the EU from China fall by " in text
    assert "China loses most, " in text and "all regions together lose " in text
    summary = derisk("simulate", "sample.world", "--ban", "EU:RUS:mining", "--table", "summary").stdout
    for about in ("question", "answer", "trade", "what drives it", "how sure it is", "what it leaves out"):
        assert f"\n{about} " in summary


def test_a_draw_is_solved_again_with_its_elasticity(simulate):
    draws = simulate(*EU_TARIFF, "--draws", "3", "--elasticity-error", "20%", "--table", "draws")
    china = next(row for row in draws if row["draw"] == "2" and row["region"] == "CHN")
    again = next(
        row for row in simulate(*EU_TARIFF, "--elasticity", china["trade_elasticity"]) if row["region"] == "CHN"
    )
    assert float(again["welfare"]) == pytest.approx(float(china["welfare"]), abs=1e-9)
