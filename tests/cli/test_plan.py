"""derisk plan and simulate --sensitivity: what they print, and what does not go together."""

import json
import random

import pytest

PLAN = ("plan", "sample.world", "EU", "--from", "CHN", "--sectors", "electrical-optical,textiles-leather")


def test_caps_are_kept(rows):
    for row in rows(*PLAN, "--cap", "20%"):
        assert float(row["share"]) > 0.2 >= float(row["new_share"]) * (1 - 1e-8)
        assert float(row["tariff"]) > 0 and float(row["shadow_price"]) > 0


def test_what_a_plan_costs_is_what_simulating_it_costs(rows, derisk):
    result = json.loads(derisk(*PLAN, "--cap", "20%", "--format", "json").stdout)
    assert result["certificate"]["kkt"] <= 1e-6
    tariffs = [x for row in result["rows"] for x in ("--tariff", f"EU:CHN:{row['sector']}:{row['tariff']:.15g}%")]
    simulated = {row["region"]: row for row in rows("simulate", "sample.world", *tariffs)}
    income = 100 * result["plan"]["cost_value"] / result["plan"]["cost"]
    lost = -float(simulated["EU"]["welfare"]) / 100 * income
    assert result["plan"]["own_loss_value"] == pytest.approx(lost, abs=1e-9 * income)
    regions = {row["region"]: row for row in rows(*PLAN, "--cap", "20%", "--table", "regions")}
    assert float(regions["CHN"]["welfare"]) == pytest.approx(float(simulated["CHN"]["welfare"]), abs=1e-7)


def test_what_is_best_for_oneself_is_an_objective_too(derisk, rows):
    def plan(*arguments):
        return json.loads(derisk(*PLAN, *arguments, "--format", "json").stdout)["plan"]

    all_regions, own, alone = (
        plan("--cap", "20%"),
        plan("--cap", "20%", "--objective", "own"),
        plan("--cap", "100%", "--objective", "own"),
    )
    assert (all_regions["objective"], own["objective"]) == ("efficient", "own")
    assert own["cost_value"] == pytest.approx(own["own_loss_value"]) and own["cost"] <= all_regions["own_loss_value"]
    assert own["dependence_value"] >= all_regions["dependence_value"] - 1e-6
    assert alone["cost"] < 0 and alone["dependence_value"] > 0
    assert own["against_best_value"] == pytest.approx(own["cost_value"] - alone["cost_value"], rel=1e-6)
    assert all_regions["against_best_value"] == pytest.approx(all_regions["cost_value"])
    assert all_regions["cost_value"] == pytest.approx(all_regions["dependence_value"])
    first, second = rows(*PLAN, "--curve", "--objective", "own")[:2]
    assert (first["cap"], first["cost"]) == ("", "0") and float(second["cost"]) < 0


def test_where_no_cap_binds_nothing_is_done(rows, derisk):
    done = derisk(*PLAN, "--cap", "60%")
    assert "\nNo cap binds, and nothing is done.\n" in done.stdout and " costs " not in done.stdout
    assert all(float(row["tariff"]) == 0 for row in rows(*PLAN, "--cap", "60%", "--levers", "tariff,others,home"))
    first = rows(*PLAN, "--curve")[0]
    assert (float(first["share"]), float(first["cost"]), float(first["revenue"])) == (
        pytest.approx(0.4741, abs=1e-4),
        0,
        0,
    )


def test_the_costs_of_a_plan_are_a_table(rows):
    costs = {row["item"]: float(row["value"]) for row in rows(*PLAN, "--cap", "20%", "--table", "costs")}
    assert costs["own loss"] == pytest.approx(costs["less dependence"] - costs["terms of trade"] - costs["own tariffs"])
    assert costs["loss of all"] == pytest.approx(costs["own loss"] + costs["loss of others"])
    assert costs["against nothing"] == pytest.approx(costs["less dependence"]) and costs["less dependence"] > 0
    assert costs["against the best"] == pytest.approx(costs["less dependence"])


def test_the_concentration_of_suppliers_is_capped(rows):
    exposure = {row["sector"]: row for row in rows("exposure", "sample.world", "EU", "--to", "CHN")}
    for row in rows(*PLAN, "--max-concentration", "0.3"):
        assert float(row["concentration"]) == pytest.approx(float(exposure[row["sector"]]["concentration"]))
        assert float(row["new_concentration"]) <= 0.3 * (1 + 1e-8)
    assert all(row["cap"] == row["shadow_price"] == "" for row in rows(*PLAN, "--max-concentration", "0.3"))
    both = rows(*PLAN, "--max-concentration", "0.3", "--cap", "35%")
    assert all(
        float(row["new_concentration"]) <= 0.3 * (1 + 1e-8) and float(row["new_share"]) <= 0.35 * (1 + 1e-8)
        for row in both
    )


def test_suppliers_in_a_list_have_one_share_together(rows):
    def plan(suppliers):
        arguments = (
            "plan",
            "sample.world",
            "EU",
            "--from",
            suppliers,
            "--sectors",
            "electrical-optical",
            "--cap",
            "50%",
        )
        return {name: float(value) for name, value in rows(*arguments)[0].items() if name != "sector"}

    china, both = plan("CHN"), plan("CHN,USA")
    assert both["share"] > china["share"] + 0.05 and both["new_share"] == pytest.approx(0.5)


def test_caps_from_a_file(rows, here):
    (here / "caps.csv").write_text("sector,cap\nelectrical-optical,25%\ntextiles-leather,0.3\n")
    caps = {row["sector"]: row for row in rows("plan", "sample.world", "EU", "--from", "CHN", "--cap-file", "caps.csv")}
    assert float(caps["electrical-optical"]["new_share"]) == pytest.approx(0.25)
    assert float(caps["textiles-leather"]["new_share"]) == pytest.approx(0.3)


def test_a_frontier_falls_and_its_slope_is_the_shadow_price(rows):
    curve = [{name: float(value) for name, value in row.items()} for row in rows(*PLAN, "--curve")]
    assert len(curve) == 25
    for before, after in zip(curve, curve[1:]):
        assert after["cap"] < before["cap"] and after["cost"] >= before["cost"] - 1e-7
        slope = (after["cost_value"] - before["cost_value"]) / (100 * (before["cap"] - after["cap"]))
        assert before["shadow_price"] - 1 <= slope <= after["shadow_price"] + 1


def made_up(folder, regions, sectors):
    """Writes a balanced world in the long format, with tariffs: what users buy at random, most at home."""
    dice, flows, uses, value_added = random.Random(1), {}, {}, {}
    for importer in regions:
        for exporter in regions:
            for good in sectors:
                tariff = 0 if importer == exporter else 0.1 * dice.random()
                for user in [*sectors, None]:
                    value = (10 if importer == exporter else 1) * (0.1 + dice.random()) * (1 if user else 3)
                    bought = flows.setdefault((exporter, importer, good), [0, tariff])
                    bought[0] += value
                    uses[importer, good, user] = uses.get((importer, good, user), 0) + value * (1 + tariff)
    for region in regions:
        for sector in sectors:
            sold = sum(
                value for (exporter, _, good), (value, _) in flows.items() if (exporter, good) == (region, sector)
            )
            value_added[region, sector] = sold - sum(uses[region, good, sector] for good in sectors)
            assert value_added[region, sector] > 0
    folder.mkdir()

    def write(name, columns, lines):
        (folder / f"{name}.csv").write_text("\n".join([columns, *(",".join(map(str, line)) for line in lines)]) + "\n")

    write("flows", "exporter,importer,sector,value,tariff", [(*key, *both) for key, both in flows.items()])
    write("inputs", "region,input,sector,value", [(*key, value) for key, value in uses.items() if key[2]])
    write("final", "region,sector,value", [(*key[:2], value) for key, value in uses.items() if not key[2]])
    write("value_added", "region,sector,value", [(*key, value) for key, value in value_added.items()])


def test_look_through_shares_are_those_of_exposure(rows, derisk, here):
    """On a table that does not say who in a region buys from whom; the sample's does."""
    made_up(here / "made-2020", ["A", "B", "C", "D"], ["food", "tools", "cloth"])
    assert derisk("import", "long", "made-2020", "--to", "made.world").returncode == 0
    exposure = rows("exposure", "made.world", "A,B", "--to", "C", "--hidden")
    hidden = {row["sector"]: float(row["total_share_of_upstream_output"]) for row in exposure}
    plan = rows(
        "plan", "made.world", "A,B", "--from", "C", "--share", "look-through", "--cap", "100%", "--sectors", "all"
    )
    assert len(plan) == 3
    for row in plan:
        assert float(row["share"]) == pytest.approx(hidden[row["sector"]], rel=1e-9)


def test_look_through_caps_are_kept(rows):
    plan = (
        "plan",
        "sample.world",
        "EU",
        "--from",
        "CHN",
        "--share",
        "look-through",
        "--sectors",
        "electrical-optical",
        "--cap",
        "6%",
    )
    capped = {row["sector"]: row for row in rows(*plan)}
    assert len(capped) > 10  # tariffs are on all goods
    assert float(capped["electrical-optical"]["new_share"]) <= 0.06 * (1 + 1e-8)
    assert float(capped["electrical-optical"]["shadow_price"]) > 0
    assert capped["machinery"]["cap"] == "" and float(capped["machinery"]["tariff"]) > 0


def outcome(derisk, *arguments):
    done = derisk(*PLAN, *arguments, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_largest_loss_is_kept(derisk):
    result = outcome(derisk, "--max-loss", "0.7%")
    assert result["plan"]["loss"] == pytest.approx(0.7, abs=1e-6)
    assert result["plan"]["loss_before"] > 1
    assert result["certificate"]["kkt"] <= 1e-6
    capped = outcome(derisk, "--max-loss", "0.7%", "--cap", "15%")
    assert capped["plan"]["loss"] <= 0.7 + 1e-6
    assert all(row["new_share"] <= 0.15 * (1 + 1e-8) for row in capped["rows"])
    assert capped["plan"]["cost"] >= result["plan"]["cost"] - 1e-7


def test_insurance_gains_most_at_its_own_risk(derisk):
    best = outcome(derisk, "--risk", "10%/year")["plan"]
    assert best["risk"] == 0.1
    for other in (["--cap", "20%"], ["--max-loss", "0.7%"]):
        assert outcome(derisk, *other, "--risk", "0.1")["plan"]["expected_gain"] < best["expected_gain"]
    gain = best["risk"] * (best["loss_before"] - (1 - best["cost"] / 100) * best["loss"]) - best["cost"]
    assert best["expected_gain"] == pytest.approx(gain, rel=1e-9)


def test_a_plan_with_a_stock_breaks_even(derisk):
    plan = outcome(derisk, "--cap", "10%", "--risk", "5%", "--stock", "3", "--stock-cost", "20%")["plan"]
    avoided = plan["loss_before"] - (1 - plan["cost"] / 100) * plan["loss"]
    assert plan["break_even"] == pytest.approx((plan["cost"] + plan["stock_cost"]) / avoided, rel=1e-9)
    half = outcome(derisk, "--cap", "10%", "--risk", "5%", "--stock", "3")["plan"]
    assert plan["stock_cost"] == pytest.approx(2 * half["stock_cost"], rel=1e-2)
    assert plan["stock_break_even"] == pytest.approx(2 * half["stock_break_even"], rel=1e-2)


def test_the_frontier_with_a_risk_has_losses(rows):
    curve = rows(*PLAN, "--curve", "--risk", "5%")
    losses = [float(row["loss"]) for row in curve]
    assert all(after <= before + 1e-6 for before, after in zip(losses, losses[1:]))
    assert all(row["break_even"] == "0" for row in curve if float(row["cost"]) <= 0)


def test_a_picture_of_loss_against_cost(derisk, here):
    assert derisk(*PLAN, "--max-loss", "0.7%", "--plot", "loss.svg").returncode == 0
    picture = (here / "loss.svg").read_text()
    assert "one cap for all sectors" in picture and "this plan" in picture


@pytest.mark.parametrize(
    "arguments, status, says",
    [
        (["--cap", "40%", "--budget", "1%"], 1, "plan: --cap cannot be combined with --budget"),
        (
            [],
            1,
            "plan: one of --cap, --cap-file, --cap-path, --max-concentration, --budget, --curve, --max-loss and"
            " --risk is needed",
        ),
        (
            ["--risk", "150%"],
            1,
            "plan: --risk '150%': expected a percentage above 0% and at most 100%, such as 5%/year",
        ),
        (
            ["--risk", "-5%/year"],
            1,
            "plan: --risk '-5%/year': expected a percentage above 0% and at most 100%, such as 5%/year",
        ),
        (
            ["--risk", "often"],
            1,
            "plan: --risk 'often': expected a percentage above 0% and at most 100%, such as 5%/year",
        ),
        (["--risk", "0%"], 1, "plan: --risk '0%': expected a percentage above 0% and at most 100%, such as 5%/year"),
        (["--max-loss", "0%"], 1, "plan: --max-loss '0%': expected a percentage above 0% and at most 100%, such as 1%"),
        (["--max-loss", "1%", "--curve"], 1, "plan: --curve cannot be combined with --max-loss"),
        (["--max-loss", "1%", "--budget", "1%"], 1, "plan: --max-loss cannot be combined with --budget"),
        (["--cap", "20%", "--stock", "3"], 1, "plan: --stock needs --max-loss or --risk"),
        (["--risk", "5%", "--stock", "13"], 1, "plan: --stock '13': expected a number from 0 to 12"),
        (["--risk", "5%", "--stock", "x"], 1, "plan: --stock 'x': expected a number from 0 to 12"),
        (["--risk", "5%", "--stock-cost", "5%"], 1, "plan: --stock-cost needs --stock"),
        (["--cap", "20%", "--starts", "1.5"], 1, "plan: --starts '1.5': expected a whole number from 1 to 1000"),
        (
            ["--cap", "40"],
            1,
            "plan: --cap '40': expected a percentage above 0% and at most 100%, such as 40%; did you mean 40%?",
        ),
        (["--cap", "0%"], 1, "plan: --cap '0%': expected a percentage above 0% and at most 100%, such as 40%"),
        (
            ["--cap", "40%", "--levers", "tarif"],
            1,
            "plan: --levers 'tarif': expected tariff, others or home; did you mean 'tariff'?",
        ),
        (
            ["--cap", "40%", "--most-tariff", "12"],
            1,
            "plan: --most-tariff '12': expected a percentage above 0%, such as 200%; did you mean 12%?",
        ),
        (["--cap-file", "caps.csv"], 2, "caps.csv:3:1: the sector electrical-optical has a cap already"),
        (["--cap", "40%", "--objective", "mine"], 1, "plan: --objective 'mine': expected efficient or own"),
        (
            ["--max-concentration", "2"],
            1,
            "plan: --max-concentration '2': expected a number above 0 and at most 1, such as 0.3",
        ),
        (
            ["--max-concentration", "0.3", "--budget", "1%"],
            1,
            "plan: --max-concentration cannot be combined with --budget",
        ),
        (["--curve", "--table", "flows"], 1, "plan: --curve cannot be combined with --table"),
    ],
)
def test_wrong_uses(derisk, here, arguments, status, says):
    (here / "caps.csv").write_text("sector,cap\nelectrical-optical,25%\nelectrical-optical,30%\n")
    done = derisk("plan", "sample.world", "EU", "--from", "CHN", *arguments)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (status, "", f"derisk: {says}")


def test_a_plan_needs_a_supplier(derisk):
    done = derisk("plan", "sample.world", "EU", "--cap", "40%")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "derisk: plan: --from FROM is missing: region or group to diversify away from",
    )


def test_sensitivity_is_the_slope(rows):
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:10%")
    effects = {
        (row["instrument"], row["importer"], row["exporter"], row["sector"]): float(row["effect"])
        for row in rows(*tariff, "--sensitivity", "welfare:USA")
    }
    welfare = []
    for change in ("9.9%", "10.1%"):
        more = rows(
            "simulate",
            "sample.world",
            "--tariff",
            "EU:CHN:electrical-optical:10%",
            "--tariff",
            f"USA:JPN:machinery:{change}",
        )
        welfare.append(float(next(row for row in more if row["region"] == "USA")["welfare"]))
    at = {
        (row["instrument"], row["importer"], row["exporter"], row["sector"]): float(row["effect"])
        for row in rows(*tariff, "--tariff", "USA:JPN:machinery:10%", "--sensitivity", "welfare:USA")
    }
    assert at["tariff", "USA", "JPN", "machinery"] == pytest.approx((welfare[1] - welfare[0]) / 0.2, rel=1e-4)
    assert len(effects) == len(at)


def test_sensitivity_is_a_table_of_its_own(derisk):
    done = derisk("simulate", "sample.world", "--sensitivity", "welfare:EU", "--table", "flows")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "derisk: simulate: --sensitivity cannot be combined with --table"
    done = derisk("simulate", "sample.world", "--sensitivity", "wellfare:EU")
    assert done.returncode == 2
    assert (
        done.stderr
        == "derisk: unknown result 'wellfare': expected welfare, share, use, flow or look-through; did you mean"
        " 'welfare'?\n"
    )


AS_SCENARIO = [
    ["--cap", "20%"],
    ["--cap", "20%", "--objective", "own", "--horizon", "short"],
    ["--cap", "25%", "--levers", "tariff,others,home", "--most-support", "20%", "--horizon", "medium"],
    ["--cap", "10%", "--share", "look-through", "--levers", "tariff,others", "--closure", "income-share"],
    ["--budget", "0.01%", "--elasticity", "caliendo-parro-2015", "--model", "baqaee-farhi"],
    ["--max-concentration", "0.3", "--elasticity", "3.5", "--rigid-wages", "DEU:99.9%", "--thin-markets", "10%"],
    ["--risk", "5%", "--stock", "2"],
    ["--cap", "60%"],
]


@pytest.mark.parametrize("arguments", AS_SCENARIO, ids=" ".join)
def test_the_plan_as_a_scenario(derisk, rows, here, arguments):
    done = derisk(*PLAN, *arguments, "--table", "regions", "--scenario", "found.yaml", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "derisk: the plan is in found.yaml\n")
    planned = {row["region"]: row["welfare"] for row in json.loads(done.stdout)["rows"]}
    simulated = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "found.yaml")}
    assert simulated.keys() == planned.keys()
    for region, welfare in planned.items():
        assert simulated[region] == pytest.approx(welfare, abs=1e-9)
    nothing_is_done = arguments == ["--cap", "60%"]
    assert (max(abs(welfare) for welfare in planned.values()) > 1e-3) != nothing_is_done


def test_a_frontier_is_no_single_plan(refused):
    refused(1, "plan: --scenario cannot be combined with --curve", *PLAN, "--curve", "--scenario", "found.yaml")
    refused(
        2,
        "nowhere/found.yaml: cannot be written: no such folder",
        *PLAN,
        "--cap",
        "20%",
        "--scenario",
        "nowhere/found.yaml",
    )


@pytest.mark.parametrize(
    "command, title",
    [
        (("plan", "sample.world", "EU", "--from", "CHN", "--cap", "40%"), "Least-cost diversification of the EU away "),
        (("play", "sample.world", "eu-china.yaml"), "The EU and China"),
    ],
)
def test_the_equilibrium_of_what_was_found_has_its_name(derisk, command, title):
    done = derisk(*command, "--table", "regions", "--format", "json")
    found = json.loads(done.stdout)
    assert found["title"].startswith(title) and "No change" not in done.stdout


CURB = "changes:\n  - export-curb: {by: CHN, to: EU, sectors: electrical-optical, cut: 20%}\n"


def test_changes_hold_with_and_without_a_plan(derisk, rows, here):
    """Costs are what the plan adds to them, and the scenario that it writes holds both."""
    (here / "curb.yaml").write_text(CURB)
    under = (*PLAN, "--cap", "30%", "--changes", "curb.yaml", "--scenario", "both.yaml")
    result = json.loads(derisk(*under, "--format", "json").stdout)
    alone = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "curb.yaml")}
    both = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "both.yaml")}
    plan = result["plan"]
    income = 100 * plan["cost_value"] / plan["cost"]
    lost = income * (alone["EU"] - both["EU"]) / 100
    assert plan["own_loss_value"] == pytest.approx(lost, rel=0.02)  # at the prices under the changes
    assert plan["cost"] > 0
    assert f"by themselves they change the real income of the EU by {alone['EU']:.4f}%" in result["notes"]
    free = json.loads(derisk(*PLAN, "--cap", "30%", "--format", "json").stdout)["plan"]
    assert plan["share_before"] < free["share_before"]


@pytest.mark.parametrize(
    "changes, message",
    [
        ("  - quota: {by: EU, on: CHN, cut: 5%, rent: lost}\n", "a plan cannot have a limit whose rent is lost"),
        ("  - tarif: {by: EU, on: CHN, rate: 5%}\n", "wrong.yaml:2:5: unknown key 'tarif'"),
    ],
)
def test_changes_that_a_plan_cannot_have(derisk, here, changes, message):
    (here / "wrong.yaml").write_text("changes:\n" + changes)
    done = derisk(*PLAN, "--cap", "30%", "--changes", "wrong.yaml")
    assert done.returncode == 2 and message in done.stderr
