"""derisk plan and simulate --sensitivity: what they print, and what does not go together."""

import json

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
    assert float(simulated["EU"]["welfare"]) == pytest.approx(-result["plan"]["cost"], abs=1e-7)
    regions = {row["region"]: row for row in rows(*PLAN, "--cap", "20%", "--table", "regions")}
    assert float(regions["CHN"]["welfare"]) == pytest.approx(float(simulated["CHN"]["welfare"]), abs=1e-7)


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


@pytest.mark.parametrize(
    "arguments, status, says",
    [
        (["--cap", "40%", "--budget", "1%"], 1, "plan: one of --cap, --cap-file, --budget and --curve was expected"),
        (["--cap", "40"], 1, "plan: --cap '40': a percentage such as 40% was expected"),
        (["--cap", "0%"], 2, "a cap of 0: a share above 0 and up to 1 (40%) was expected"),
        (["--cap", "40%", "--levers", "tarif"], 2, "unknown lever 'tarif': expected tariff, others or home; did you mean 'tariff'?"),
        (["--cap", "40%", "--most-tariff", "12"], 1, "plan: --most-tariff '12': a percentage such as 200% was expected"),
        (["--cap-file", "caps.csv"], 2, "caps.csv:3:1: the sector electrical-optical has a cap already"),
        (["--curve", "--table", "flows"], 1, "plan: --curve is a table of its own, without --table"),
    ],
)
def test_wrong_uses(derisk, here, arguments, status, says):
    (here / "caps.csv").write_text("sector,cap\nelectrical-optical,25%\nelectrical-optical,30%\n")
    done = derisk("plan", "sample.world", "EU", "--from", "CHN", *arguments)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (status, "", f"derisk: {says}")


def test_a_plan_needs_somebody_to_depend_on(derisk):
    done = derisk("plan", "sample.world", "EU", "--cap", "40%")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "derisk: plan: --from, on whom to depend less, was expected")


def test_sensitivity_is_the_slope(rows):
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:10%")
    effects = {
        (row["instrument"], row["importer"], row["exporter"], row["sector"]): float(row["effect"])
        for row in rows(*tariff, "--sensitivity", "welfare:USA")
    }
    welfare = []
    for change in ("9.9%", "10.1%"):
        more = rows("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:10%", "--tariff", f"USA:JPN:machinery:{change}")
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
    assert done.stderr.splitlines()[0] == "derisk: simulate: --sensitivity is a table of its own, without --table or --draws"
    done = derisk("simulate", "sample.world", "--sensitivity", "wellfare:EU")
    assert done.returncode == 2
    assert done.stderr == "derisk: unknown result 'wellfare': expected welfare, share, use or flow; did you mean 'welfare'?\n"
