"""Each instrument of the policy language with each command that takes changes."""

import csv
import io

import pytest

CO2 = """region,sector,year,account,unit,value
CHN,utilities,2011,CO2,kt,4000000
CHN,metals,2011,CO2,kt,2000000
DEU,utilities,2011,CO2,kt,330000
DEU,metals,2011,CO2,kt,70000
"""
FLOWS = {
    "tariff": "{by: EU, on: CHN, sectors: metals, rate: 10%}",
    "trade-cost": "{between: EU, and: CHN, sectors: metals, times: 1.1}",
    "ban": "{by: EU, on: RUS, sectors: mining}",
    "leave": "{region: DEU, group: EU, trade-cost: 1.05}",
    "join": "{region: RUS, group: EU, trade-cost: 1.02}",
}
SHIFTS = {
    "productivity": "{in: CHN, sectors: all, change: -2%}",
    "labour": "{in: CHN, sectors: all, change: -2%}",
    "factor-supply": "{in: CHN, sectors: all, change: -2%}",
    "demand": "{in: EU, sectors: metals, change: -5%}",
    "transfer": "{from: EU, to: TUR, amount: 0.1%}",
}
OTHERS = {
    "tariff-rate-quota": "{by: EU, on: CHN, sectors: metals, quota: 60%, in-quota: 0%, over-quota: 100%}",
    "export-curb": "{by: CHN, to: EU, sectors: metals, cut: 20%}",
    "quota": "{by: EU, on: CHN, sectors: metals, at: 60%}",
    "export-tax": "{by: CHN, to: EU, sectors: metals, rate: 5%}",
    "export-subsidy": "{by: CHN, to: EU, sectors: metals, rate: 5%}",
    "production-tax": "{in: CHN, sectors: metals, rate: 5%}",
    "production-subsidy": "{in: CHN, sectors: metals, rate: 5%}",
    "use-tax": "{in: EU, sectors: metals, rate: 5%}",
    "use-subsidy": "{in: EU, sectors: metals, rate: 5%}",
    "carbon-price": "{in: DEU, price: 50, abatement: 0.5}",
    "carbon-border": "{by: DEU, on: CHN, sectors: metals, price: 50}",
}
GAME = """play: best-response
changes:
  - {change}
players:
  - player: USA
    tariff: {{on: CHN, sectors: machinery}}
"""


@pytest.fixture
def rows(derisk, here):
    (here / "co2.csv").write_text(CO2)
    assert derisk("import", "account", "co2.csv", "--to", "sample.world", "--quiet").returncode == 0

    def run(*arguments):
        done = derisk(*arguments, "--format", "csv", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return run


@pytest.mark.parametrize("name", [*FLOWS, *SHIFTS, *OTHERS])
def test_simulate_its_derivatives_and_a_game(rows, here, name):
    change = f"{name}: {(FLOWS | SHIFTS | OTHERS)[name]}"
    (here / "one.yaml").write_text(f"changes:\n  - {change}\n")
    (here / "game.yaml").write_text(GAME.format(change=change))
    assert any(float(row["welfare"]) for row in rows("simulate", "sample.world", "one.yaml"))
    levers = {row["instrument"] for row in rows("simulate", "sample.world", "one.yaml", "--sensitivity", "welfare:EU")}
    assert levers >= {"tariff", "trade-cost", "export-tax", "production-tax", "use-tax", "productivity", "demand"}
    (outcome,) = rows("play", "sample.world", "game.yaml", "--scenario", "found.yaml")
    (found,) = rows("simulate", "sample.world", "found.yaml", "--of", "USA")
    assert float(found["welfare"]) == pytest.approx(float(outcome["welfare"]), abs=1e-8)


@pytest.mark.parametrize("name", [*FLOWS, *SHIFTS])
def test_as_a_baseline(rows, here, name):
    """What comes after a baseline has the effects of both over those of the baseline."""
    change = f"{name}: {(FLOWS | SHIFTS)[name]}"
    after = "tariff: {by: USA, on: CHN, sectors: machinery, add: 5%}"
    (here / "first.yaml").write_text(f"changes:\n  - {change}\n")
    (here / "both.yaml").write_text(f"changes:\n  - {change}\n  - {after}\n")
    (here / "then.yaml").write_text(f"baseline: first.yaml\nchanges:\n  - {after}\n")
    first, both, then = (
        [1 + float(row["welfare"]) / 100 for row in rows("simulate", "sample.world", f"{name}.yaml", "--of", "USA,CHN")]
        for name in ("first", "both", "then")
    )
    assert then == pytest.approx([b / f for b, f in zip(both, first, strict=True)], abs=1e-9)


@pytest.mark.parametrize("name", OTHERS)
def test_what_no_baseline_can_be(derisk, here, name):
    (here / "then.yaml").write_text(f"baseline:\n  - {name}: {OTHERS[name]}\nchanges:\n  - ban: {{by: EU, on: RUS}}\n")
    done = derisk("simulate", "sample.world", "then.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith(f"derisk: then.yaml:2:5: '{name}' cannot be part of a baseline: a table has")
