"""derisk play: its tables against those of other commands, and what it refuses."""

import csv
import io
import json
import re

import pytest


def rows_of(derisk, *arguments):
    done = derisk(*arguments, "--format", "csv", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_where_it_ends_is_what_simulate_says_of_its_tariffs(derisk):
    settings = rows_of(derisk, "play", "sample.world", "eu-china.yaml", "--table", "settings")
    rates = {row["player"]: float(row["rate"]) for row in settings}
    assert 5 < rates["EU"] < 20 and 5 < rates["CHN"] < 20
    # the game taxes goods
    goods = (
        "agriculture,mining,food,textiles-leather,wood-paper,refined-petroleum,chemicals,plastics-minerals,metals,"
        "machinery"
    )
    goods += ",electrical-optical,transport-equipment,other-manufacturing"
    tariffs = ["--tariff", f"EU:CHN:{goods}:{rates['EU']!r}%", "--tariff", f"CHN:EU:{goods}:{rates['CHN']!r}%"]
    simulated = {row["region"]: float(row["welfare"]) for row in rows_of(derisk, "simulate", "sample.world", *tariffs)}
    regions = {
        row["region"]: float(row["welfare"])
        for row in rows_of(derisk, "play", "sample.world", "eu-china.yaml", "--table", "regions")
    }
    outcome = {row["player"]: float(row["welfare"]) for row in rows_of(derisk, "play", "sample.world", "eu-china.yaml")}
    for code, welfare in simulated.items():
        assert regions[code] == pytest.approx(welfare, abs=1e-9)
    assert outcome["CHN"] == pytest.approx(simulated["CHN"], abs=1e-9)


def test_no_tariff_nearby_is_better_for_either(derisk):
    game = json.loads(derisk("play", "sample.world", "eu-china.yaml", "--format", "json").stdout)
    assert game["command"] == "play"
    assert game["certificate"]["kkt"] < 1e-6
    for row in game["rows"]:
        assert 0 <= row["regret"] < 1e-9


def test_the_leader_loses_no_more_than_without_leading(derisk):
    nash = {row["player"]: float(row["welfare"]) for row in rows_of(derisk, "play", "sample.world", "eu-china.yaml")}
    lead = {row["player"]: float(row["welfare"]) for row in rows_of(derisk, "play", "sample.world", "eu-leads.yaml")}
    assert lead["EU"] >= nash["EU"]


def test_withheld_goods_are_bans(derisk):
    rows = rows_of(derisk, "play", "sample.world", "china-withholds.yaml", "--most", "0")
    found = {row["withheld"]: float(row["own_loss"]) for row in rows}
    assert len(found) == len(rows) == 13 + 78 + 20
    banned = rows_of(derisk, "simulate", "sample.world", "--ban", "EU:CHN:metals,machinery")
    assert found["metals+machinery"] == pytest.approx(
        -next(float(r["welfare"]) for r in banned if r["region"] == "CHN"), abs=1e-9
    )


def test_a_plan_makes_coercion_weaker(derisk):
    rows = rows_of(derisk, "play", "sample.world", "china-withholds-after.yaml", "--horizon", "short", "--most", "0")
    row = next(row for row in rows if row["withheld"] == "electrical-optical")
    assert float(row["loss_after"]) < float(row["loss"]) and float(row["imports_after"]) < float(row["imports"])
    plan = json.loads(derisk("plan", "sample.world", "EU", "--from", "CHN", "--cap", "20%", "--format", "json").stdout)[
        "plan"
    ]
    play = json.loads(
        derisk("play", "sample.world", "china-withholds-after.yaml", "--horizon", "short", "--format", "json").stdout
    )["plan"]
    for fact in ("cost", "cost_value", "share_before", "share"):
        assert play[fact] == pytest.approx(plan[fact], rel=1e-6)


@pytest.mark.parametrize("form", ["csv", "json", "text"])
def test_the_map_in_every_format(derisk, form):
    done = derisk("play", "sample.world", "eu-china.yaml", "--table", "map", "--format", form, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("best response of EU") == done.stdout.count("best response of CHN") == 25
    assert len(re.findall(r"\bequilibrium\b", re.sub("Nash equilibrium|The equilibrium is at", "", done.stdout))) == 1


def test_the_map_needs_one_rate_each(refused):
    line = "best-response functions need two players with one rate each ('uniform: true')"
    refused(1, line, "play", "sample.world", "eu-china-sectors.yaml", "--table", "map")
    line = "'play: coalition' has no players, and so no best-response functions"
    refused(1, line, "play", "sample.world", "coalition.yaml", "--table", "map")


def test_bounds_are_named_in_the_summary(derisk, here):
    (here / "game.yaml").write_text(
        "play: nash\nplayers:\n- player: EU\n  tariff: {on: CHN, sectors: [metals, machinery], most: 5%}\n"
        "- player: CHN\n  tariff: {on: EU, uniform: true, most: 5%}\n"
    )
    says = {
        row["about"]: row["says"] for row in rows_of(derisk, "play", "sample.world", "game.yaml", "--table", "summary")
    }
    assert (
        says["bounds"]
        == "At a bound: the tariff of the EU on China (metals) at its upper bound of 5.00%; the tariff of the EU on"
        " China (machinery) at its upper bound of 5.00%; the tariff of China on the EU (all goods of the game) at"
        " its upper bound of 5.00%. Other bounds would lead to another outcome."
    )
    outcome = {row["player"]: float(row["welfare"]) for row in rows_of(derisk, "play", "sample.world", "game.yaml")}
    assert f"{abs(outcome['CHN']):.2f}% of its real income" in says["CHN"]


PICTURES = [
    ["eu-china.yaml"],
    ["eu-china.yaml", "--table", "settings"],
    ["eu-china.yaml", "--table", "map"],
    ["china-withholds.yaml", "--most", "0"],
    ["china-withholds-after.yaml"],
    ["coalition.yaml"],
    ["china-delays.yaml"],
]


@pytest.mark.parametrize("arguments", PICTURES)
def test_pictures(derisk, here, arguments):
    done = derisk("play", "sample.world", *arguments, "--plot", "a.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert (here / "a.svg").read_text().rstrip().endswith("</svg>")


GAMES = {
    "rates": (
        "play: nash\nplayers:\n- {player: EU, tariff: {on: CHN, sectors: [metals, machinery]}, export-tax: {to: CHN,"
        " sectors: metals}}\n- {player: CHN, tariff: {on: EU, uniform: true}}\n"
    ),
    "volumes": (
        "play: best-response\nresponds: CHN\nplayers:\n- {player: CHN, export-curb: {to: [EU, USA], sectors: [metals,"
        " machinery]}}\n- {player: EU, tariff: {on: CHN, sectors: metals, at: 10%}}\n"
    ),
    "own groups": (
        "play: nash\ngroups: {friends: [EU, USA]}\nhorizon: medium\nplayers:\n- {player: friends, tariff: {on: [CHN],"
        " uniform: true}}\n- {player: CHN, tariff: {on: friends, uniform: true}}\n"
    ),
}


@pytest.mark.parametrize("text", GAMES.values(), ids=GAMES)
def test_the_outcome_as_a_scenario(derisk, here, text):
    (here / "game.yaml").write_text(text)
    done = derisk(
        "play", "sample.world", "game.yaml", "--table", "regions", "--scenario", "found.yaml", "--format", "csv"
    )
    assert done.returncode == 0
    assert "the policies of the outcome are in found.yaml" in done.stderr
    played = {row["region"]: float(row["welfare"]) for row in csv.DictReader(io.StringIO(done.stdout))}
    simulated = {
        row["region"]: float(row["welfare"]) for row in rows_of(derisk, "simulate", "sample.world", "found.yaml")
    }
    assert max(abs(welfare) for welfare in played.values()) > 1e-3
    for region, welfare in played.items():
        assert simulated[region] == pytest.approx(welfare, abs=1e-9)


def test_refusals(refused, here):
    refused(
        *(1, "'play: coercion' has no players, and so no policies that could be written"),
        *("play", "sample.world", "china-withholds.yaml", "--scenario", "found.yaml"),
    )
    refused(
        1,
        "play: --starts '0': expected a whole number from 1 to 1000",
        "play",
        "sample.world",
        "eu-china.yaml",
        "--starts",
        "0",
    )
    refused(2, "nowhere.yaml: no such file", "play", "sample.world", "nowhere.yaml")
    refused(
        *(
            1,
            "play: --table regions: not available for coercion, coalition and delay games, which solve many scenarios",
        ),
        *("play", "sample.world", "china-withholds.yaml", "--table", "regions"),
    )
    refused(
        *(1, "play: --plot: this table has no picture"),
        *("play", "sample.world", "china-withholds.yaml", "--table", "summary", "--plot", "a.svg"),
    )
    (here / "game.yaml").write_text(
        "play: nash\nplayers:\n- player: EU\n  tariff: {on: CHN}\n- player: DEU\n  tariff: {on: USA}\n"
    )
    refused(2, "game.yaml:5:11: DEU belongs to two players, EU and DEU", "play", "sample.world", "game.yaml")


@pytest.mark.parametrize(
    "game",
    [
        "play: coercion\nof: {of}\nby: {by}\nsectors: {sectors}\nafter: {{cap: 20%}}\n",
        "play: delay\nof: {of}\nby: {by}\nsectors: {sectors}\ncaps: [35%, 20%]\nat-least: 18%\n",
        "play: coalition\nof: {of}\nagainst: {by}\npartners: [BRA, IND]\nsectors: {sectors}\ntariff: 10%\n",
    ],
    ids=["coercion after a plan", "delay", "coalition"],
)
def test_own_groups_are_those_that_they_name(derisk, here, game):
    names = {"of": "west", "by": "east", "sectors": "critical"}
    (here / "own.yaml").write_text(
        "groups: {west: [EU, USA], east: [CHN, RUS], critical: [machinery, electrical-optical]}\n"
        + game.format(**names)
    )
    listed = {"of": "[EU, USA]", "by": "[CHN, RUS]", "sectors": "[machinery, electrical-optical]"}
    (here / "listed.yaml").write_text(game.format(**listed))
    own, plain = (rows_of(derisk, "play", "sample.world", f"{name}.yaml") for name in ("own", "listed"))
    assert len(own) == len(plain) > 0
    numbers = 0
    for row, other in zip(own, plain):
        for key, value in other.items():
            if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", value):
                assert float(row[key]) == pytest.approx(float(value), rel=1e-9, abs=1e-9)
                numbers += 1
    assert numbers > 0
