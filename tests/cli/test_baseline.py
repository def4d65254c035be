"""Baselines: changes that come first, and whose equilibrium is the base of scenarios, plans and games."""

import csv
import io
import json

import pytest

FIRST = """title: The first
changes:
  - tariff: {by: USA, on: CHN, sectors: goods, add: 20%}
  - trade-cost: {between: EU, and: RUS, sectors: all, times: 1.3}
  - ban: {by: JPN, on: RUS, sectors: mining}
"""
SECOND = """changes:
  - tariff: {by: EU, on: CHN, sectors: goods, add: 10%}
  - tariff: {by: USA, on: CHN, sectors: goods, add: 5%}
  - trade-cost: {between: EU, and: RUS, sectors: all, times: 1.1}
"""
BOTH = """changes:
  - tariff: {by: USA, on: CHN, sectors: goods, add: 25%}
  - trade-cost: {between: EU, and: RUS, sectors: all, times: 1.43}
  - ban: {by: JPN, on: RUS, sectors: mining}
  - tariff: {by: EU, on: CHN, sectors: goods, add: 10%}
"""
GROUPS = ("EU", "G7", "BRICS")
MODELS = [[], ["--horizon", "short", "--thin-markets", "0"], ["--closure", "income-share"], ["--closure", "zero"]]


@pytest.fixture
def files(here):
    (here / "first.yaml").write_text(FIRST)
    (here / "second.yaml").write_text("baseline: first.yaml\n" + SECOND)
    (here / "alone.yaml").write_text(SECOND)
    (here / "both.yaml").write_text(BOTH)
    return here


@pytest.fixture
def welfare(derisk):
    """The factors on real income by region; sums over groups have weights of the base, and are left out."""

    def run(*arguments):
        done = derisk(*arguments, "--format", "csv", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        table = csv.DictReader(io.StringIO(done.stdout))
        return {row["region"]: 1 + float(row["welfare"]) / 100 for row in table if row["region"] not in GROUPS}

    return run


@pytest.mark.parametrize("model", MODELS, ids=" ".join)
def test_what_follows_is_measured_from_it(files, welfare, model):
    first, both = welfare("simulate", "sample.world", "first.yaml", *model), welfare(
        "simulate", "sample.world", "both.yaml", *model
    )
    after = welfare("simulate", "sample.world", "second.yaml", *model)
    assert max(abs(factor - 1) for factor in after.values()) > 1e-3
    for region, factor in after.items():
        assert factor == pytest.approx(both[region] / first[region], abs=1e-11)
    assert welfare("simulate", "sample.world", "alone.yaml", "--baseline", "first.yaml", *model) == after
    assert welfare("simulate", "sample.world", "second.yaml", "--baseline", "first.yaml", *model) == after


def test_a_chain_and_a_list(files, welfare):
    (files / "third.yaml").write_text("baseline: second.yaml\nchanges: [{tariff: {by: CHN, on: USA, rate: 30%}}]\n")
    (files / "all.yaml").write_text(BOTH + "  - tariff: {by: CHN, on: USA, rate: 30%}\n")
    third, every, both = (welfare("simulate", "sample.world", f"{name}.yaml") for name in ("third", "all", "both"))
    for region, factor in third.items():
        assert factor == pytest.approx(every[region] / both[region], abs=1e-11)
    listed = (
        FIRST.replace("title: The first\nchanges:", "groups: {rivals: CHN}\nbaseline:").replace("on: CHN", "on: rivals")
        + SECOND
    )
    (files / "listed.yaml").write_text(listed)
    assert welfare("simulate", "sample.world", "listed.yaml") == welfare("simulate", "sample.world", "second.yaml")


def test_results_note_it(files, derisk):
    notes = json.loads(derisk("simulate", "sample.world", "second.yaml", "--format", "json").stdout)["notes"]
    assert (
        len(
            [
                note
                for note in notes
                if note.startswith("the base is the equilibrium under the baseline: The first (worst residual")
            ]
        )
        == 1
    )
    assert len([note for note in notes if "negative cells of final use" in note]) == 1
    drawn = json.loads(
        derisk(
            "simulate", "sample.world", "second.yaml", "--draws", "5", "--elasticity-error", "20%", "--format", "json"
        ).stdout
    )["notes"]
    assert "the baseline is solved at the estimates, and not anew for each draw" in drawn


def test_plans_and_their_scenarios_begin_there(files, derisk, welfare):
    plan = (
        "plan",
        "sample.world",
        "EU",
        "--from",
        "CHN",
        "--cap",
        "20%",
        "--sectors",
        "textiles-leather,electrical-optical",
    )
    shares = json.loads(derisk(*plan, "--baseline", "first.yaml", "--format", "json").stdout)["rows"]
    table = json.loads(derisk(*plan, "--format", "json").stdout)["rows"]
    assert all(abs(a["share"] - b["share"]) > 1e-4 for a, b in zip(shares, table))
    (files / "out").mkdir()
    for name in ("found.yaml", "out/found.yaml"):
        planned = welfare(*plan, "--baseline", "first.yaml", "--table", "regions", "--scenario", name)
        simulated = welfare("simulate", "sample.world", name)
        for region, factor in planned.items():
            assert simulated[region] == pytest.approx(factor, abs=1e-11)
    assert "\nbaseline: first.yaml\n" in (files / "found.yaml").read_text()


GAME = (
    "play: nash\nplayers:\n- {player: EU, tariff: {on: CHN, uniform: true}}\n- {player: CHN, tariff: {on: EU, uniform:"
    " true}}\n"
)


def test_games_begin_there(files, derisk, welfare):
    (files / "game.yaml").write_text("baseline: first.yaml\n" + GAME)
    played = welfare("play", "sample.world", "game.yaml", "--table", "regions", "--scenario", "found.yaml")
    simulated = welfare("simulate", "sample.world", "found.yaml")
    for region, factor in played.items():
        assert simulated[region] == pytest.approx(factor, abs=1e-11)
    (files / "plain.yaml").write_text(GAME)
    assert played != welfare("play", "sample.world", "plain.yaml", "--table", "regions")
    for name in ("china-withholds.yaml", "coalition.yaml"):
        plain, text = derisk("play", "sample.world", name, "--format", "csv").stdout, (files / name).read_text()
        (files / "after.yaml").write_text("baseline: first.yaml\n" + text)
        after = derisk("play", "sample.world", "after.yaml", "--format", "csv")
        assert after.returncode == 0 and after.stdout.splitlines()[0] == plain.splitlines()[0] and after.stdout != plain


REFUSED = {
    "names itself": (
        "baseline: a.yaml\nchanges: [{ban: {by: EU, on: RUS}}]\n",
        "a.yaml:1:11: 'a.yaml' names itself, directly or by way of other files",
    ),
    "by way of another": (
        "baseline: b.yaml\nchanges: [{ban: {by: EU, on: RUS}}]\n",
        "b.yaml:1:11: 'a.yaml' names itself, directly or by way of other files",
    ),
    "no such file": ("baseline: no.yaml\nchanges: [{ban: {by: EU, on: RUS}}]\n", "no.yaml: no such file"),
    "an instrument": (
        "baseline:\n- quota: {by: EU, on: RUS, at: 5%}\nchanges: [{ban: {by: EU, on: RUS}}]\n",
        (
            "a.yaml:2:3: 'quota' cannot be part of a baseline: a table has tariffs and flows, but no rates of other"
            " taxes and no limits on volumes; expected 'tariff', 'trade-cost', 'ban', 'leave', 'join', a"
            " shift, a 'transfer', or this change among the 'changes' of the scenario, game or plan"
        ),
    ),
    "inside an include": (
        "include: c.yaml\nchanges: [{ban: {by: EU, on: RUS}}]\n",
        "c.yaml:1:11: an included scenario has no baseline; give it in the one that includes it",
    ),
    "the armington model": (
        "model: armington\nbaseline: first.yaml\nchanges: [{ban: {by: EU, on: RUS}}]\n",
        (
            "first.yaml: a baseline needs the sectors of the table, and the armington model sums them; expected another"
            " model"
        ),
    ),
}


@pytest.mark.parametrize("text, line", REFUSED.values(), ids=REFUSED)
def test_refusals(files, refused, text, line):
    (files / "a.yaml").write_text(text)
    (files / "b.yaml").write_text("baseline: a.yaml\nchanges: [{ban: {by: EU, on: CHN}}]\n")
    (files / "c.yaml").write_text("baseline: first.yaml\nchanges: [{ban: {by: EU, on: CHN}}]\n")
    refused(2, line, "simulate", "sample.world", "a.yaml")
