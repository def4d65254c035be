"""derisk play: its tables against those of other commands, and what it refuses."""

import csv
import io
import json

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
    goods = "agriculture,mining,food,textiles-leather,wood-paper,refined-petroleum,chemicals,plastics-minerals,metals,machinery"
    goods += ",electrical-optical,transport-equipment,other-manufacturing"
    tariffs = ["--tariff", f"EU:CHN:{goods}:{rates['EU']!r}%", "--tariff", f"CHN:EU:{goods}:{rates['CHN']!r}%"]
    simulated = {row["region"]: float(row["welfare"]) for row in rows_of(derisk, "simulate", "sample.world", *tariffs)}
    regions = {row["region"]: float(row["welfare"]) for row in rows_of(derisk, "play", "sample.world", "eu-china.yaml", "--table", "regions")}
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
    assert found["metals+machinery"] == pytest.approx(-next(float(r["welfare"]) for r in banned if r["region"] == "CHN"), abs=1e-9)


@pytest.mark.parametrize("arguments", [["eu-china.yaml"], ["eu-china.yaml", "--table", "settings"], ["coalition.yaml"], ["china-delays.yaml"]])
def test_pictures(derisk, here, arguments):
    done = derisk("play", "sample.world", *arguments, "--plot", "a.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert (here / "a.svg").read_text().rstrip().endswith("</svg>")


def test_refusals(refused, here):
    refused(1, "play: --starts '0': a whole number from 1 to 1000 was expected", "play", "sample.world", "eu-china.yaml", "--starts", "0")
    refused(2, "nowhere.yaml: no such file", "play", "sample.world", "nowhere.yaml")
    refused(
        *(1, "play: --table regions: this game has no players, and many equilibria"),
        *("play", "sample.world", "china-withholds.yaml", "--table", "regions"),
    )
    refused(
        *(1, "play: --plot draws players, their settings, coalitions and delays, not this table"),
        *("play", "sample.world", "china-withholds.yaml", "--plot", "a.svg"),
    )
    (here / "game.yaml").write_text("play: nash\nplayers:\n- player: EU\n  tariff: {on: CHN}\n- player: DEU\n  tariff: {on: USA}\n")
    refused(2, "game.yaml:5:11: DEU plays twice: as EU and as DEU", "play", "sample.world", "game.yaml")
