"""--draws: bands around the single run, all draws, the errors they come from, and what does not go together;
summaries."""

import json
import math
import re
import time

import pytest

TARIFF = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical,transport-equipment:25%")
DRAWN = (*TARIFF, "--draws", "30", "--elasticity-error", "20%")


def test_bands_are_around_the_single_run(rows):
    single, bands = rows(*TARIFF), rows(*DRAWN)
    assert [row["region"] for row in bands] == [row["region"] for row in single]
    for one, band in zip(single, bands):
        for figure in list(one)[1:]:
            assert band[figure] == one[figure]
            low, middle, high = (float(band[f"{figure}_{quantile}"]) for quantile in ("p5", "median", "p95"))
            assert low <= middle <= high
    china = next(row for row in bands if row["region"] == "CHN")
    assert float(china["welfare_p5"]) < float(china["welfare"]) < float(china["welfare_p95"])


def test_the_seed_is_all_that_chance_is(rows, monkeypatch):
    once = rows(*DRAWN)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert rows(*DRAWN, "--seed", "1") == once
    assert rows(*DRAWN, "--seed", "2") != once


def test_every_draw(rows):
    draws = rows(*DRAWN, "--share-error", "5%", "--table", "draws")
    regions = {row["region"] for row in draws}
    assert list(draws[0])[:3] == ["draw", "region", "welfare"] and list(draws[0])[-1] == "failure"
    assert [int(row["draw"]) for row in draws] == sorted([*range(1, 31)] * len(regions))
    assert {row["failure"] for row in draws} == {""}
    assert len({row["welfare"] for row in draws if row["region"] == "CHN"}) == 30


def test_draws_are_written_as_they_come(derisk, here):
    """The same rows as of the formats that need all at once."""
    draws = (*DRAWN, "--table", "draws")
    streamed = derisk(*draws, "--format", "csv")
    whole = json.loads(derisk(*draws, "--format", "json").stdout)["rows"]
    lines = [line.split(",") for line in streamed.stdout.splitlines()]
    assert len(lines) == 1 + len(whole) and streamed.stdout.count("draw,region") == 1
    assert [(int(line[0]), line[1], float(line[2])) for line in lines[1:]] == [
        (row["draw"], row["region"], row["welfare"]) for row in whole
    ]
    assert derisk(*draws, "--output", "draws.csv").returncode == 0
    assert (here / "draws.csv").read_text() == streamed.stdout
    assert len(derisk(*draws, "--top", "3", "--format", "csv").stdout.splitlines()) == 1 + 3


def test_draws_of_several_parts_are_those_of_one(derisk):
    """More than are in memory at once, in the order of their numbers."""
    many = 4099
    draws = (*TARIFF, "--draws", str(many), "--elasticity-error", "20%", "--table", "draws", "--format", "csv")
    lines = derisk(*draws).stdout.splitlines()
    regions = len({line.split(",")[1] for line in lines[1:]})
    assert [int(line.split(",")[0]) for line in lines[1:]] == [1 + i // regions for i in range(many * regions)]
    few = derisk(*(str(5) if word == str(many) else word for word in draws)).stdout.splitlines()
    assert lines[: len(few)] == few


def test_an_error_leaves_no_file_of_draws(derisk, here):
    done = derisk(*DRAWN, "--table", "draws", "--of", "XXX", "--output", "draws.csv")
    assert done.returncode == 2 and done.stderr.startswith("derisk: --of: ")
    assert not (here / "draws.csv").exists()


def test_what_was_drawn_is_told(derisk):
    done = derisk(*DRAWN, "--seed", "3", "--share-error", "1%", "--format", "json")
    result = json.loads(done.stdout)
    assert result["draws"] == {
        "count": 30,
        "failed": 0,
        "seed": 3,
        "elasticity_error": 0.2,
        "share_error": 0.01,
    }
    assert result["settings"]["elasticity"] == "5"
    assert result["certificate"]["solves"] == 30 and result["certificate"]["worst_residual"] < 1e-8
    assert "5% to 95% of 30 draws" in result["title"]
    assert any(
        note.startswith("shares are drawn log-normal with a standard deviation of 1%") for note in result["notes"]
    )


def test_a_bar_with_the_time_left(on_terminal):
    started = time.monotonic()
    seen = on_terminal(*TARIFF, "--draws", "3000", "--elasticity-error", "20%")
    if time.monotonic() - started < 1.5:
        pytest.skip("this machine is too fast for a bar")
    assert b"drawing" in seen and b"%" in seen
    assert re.search(rb" \d+:\d\d left", seen)
    assert seen.endswith(b"\r\x1b[K")


def test_standard_errors_of_a_file(rows, derisk, here):
    (here / "errors.csv").write_text("sector,trade_elasticity,standard_error\ngoods,5,1\nservices,6,\n")
    drawn = (*TARIFF, "--elasticity", "errors.csv", "--draws", "20", "--table", "draws")
    assert len({row["welfare"] for row in rows(*drawn) if row["region"] == "CHN"}) == 20
    assert "trade elasticities without a standard error, not drawn: 1 of 2" in derisk(*drawn).stdout


@pytest.mark.parametrize(
    "arguments, line",
    [
        (("--draws", "0"), "simulate: --draws '0': expected a whole number from 1 to 1000000000"),
        (("--draws", "2.5"), "simulate: --draws '2.5': expected a whole number from 1 to 1000000000"),
        (("--draws", "many"), "simulate: --draws 'many': expected a whole number from 1 to 1000000000"),
        (("--draws", "9", "--seed", "-1"), "simulate: --seed '-1': expected a whole number of at least 0"),
        (("--seed", "4"), "simulate: --seed needs --draws"),
        (("--elasticity-error", "20%"), "simulate: --elasticity-error needs --draws"),
        (("--share-error", "20%"), "simulate: --share-error needs --draws"),
        (("--table", "draws"), "simulate: --table draws needs --draws"),
        (
            ("--draws", "9", "--table", "flows"),
            "simulate: --table flows cannot be combined with --draws, which has the tables regions, draws and summary",
        ),
        (("--draws", "9", "--store", "x"), "simulate: --store cannot be combined with --draws"),
    ],
)
def test_misuse(refused, arguments, line):
    refused(1, line, *TARIFF, *arguments)


@pytest.mark.parametrize(
    "status, arguments, line",
    [
        (
            2,
            ("--draws", "9"),
            (
                "nothing to draw: the trade elasticity '5' has no standard error, and none was given for it or for the"
                " shares"
            ),
        ),
        (
            1,
            ("--draws", "2e9", "--share-error", "5%"),
            "simulate: --draws '2e9': expected a whole number from 1 to 1000000000",
        ),
        (
            1,
            ("--draws", "9", "--share-error", "5"),
            "simulate: --share-error '5': expected a percentage of at least 0%, such as 5%; did you mean 5%?",
        ),
        (
            1,
            ("--draws", "9", "--elasticity-error", "-5%"),
            "simulate: --elasticity-error '-5%': expected a percentage of at least 0%, such as 20%",
        ),
        (
            1,
            ("--draws", "9", "--elasticity-error", "x"),
            "simulate: --elasticity-error 'x': expected a percentage of at least 0%, such as 20%",
        ),
    ],
)
def test_bad_numbers(refused, status, arguments, line):
    refused(status, line, *TARIFF, *arguments)


# ---- Bands of other commands ----------------------------------------------------------------------------------------

DRAWS = ("--draws", "12", "--elasticity-error", "20%")
BANDED = {
    "plan": (
        ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--table", "costs"),
        "value",
        "loss of others",
    ),
    "play": (("play", "sample.world", "eu-china.yaml"), "welfare", "CHN"),
    "cut": (
        ("exposure", "sample.world", "EU", "--to", "CHN", "--cut", "--sectors", "electrical-optical"),
        "loss",
        "CHN",
    ),
}


@pytest.mark.parametrize("command", BANDED)
def test_bands_stand_beside_the_single_run(rows, command):
    arguments, figure, name = BANDED[command]
    single, bands, again = rows(*arguments), rows(*arguments, *DRAWS), rows(*arguments, *DRAWS, "--seed", "1")
    assert bands == again
    assert rows(*arguments, *DRAWS, "--seed", "2") != bands
    at = next(k for k, row in enumerate(single) if name in row.values())
    assert bands[at][figure] == single[at][figure]
    low, middle, high = (float(bands[at][f"{figure}_{quantile}"]) for quantile in ("p5", "median", "p95"))
    assert low < middle < high


def test_a_plan_found_and_written_has_the_bands_of_simulate(rows, here):
    plan = ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%")
    bands = rows(*plan, *DRAWS, "--table", "regions", "--scenario", str(here / "found.yaml"), "--quiet")
    simulated = rows("simulate", "sample.world", str(here / "found.yaml"), *DRAWS)
    assert [row["region"] for row in bands] == [row["region"] for row in simulated]
    for ours, theirs in zip(bands, simulated):
        for figure in ("welfare", "welfare_p5", "welfare_p95", "terms_of_trade_median"):
            assert float(ours[figure]) == pytest.approx(float(theirs[figure]), abs=1e-9)


EACH = ("--draws", "3", "--elasticity-error", "20%", "--seed", "4", "--table", "draws", "--scenario", "found.yaml")


@pytest.mark.parametrize(
    "command, name, figure",
    [(BANDED["plan"][0][:7], "own loss", "value"), (BANDED["play"][0], "CHN", "welfare_value")],
)
def test_a_draw_of_a_plan_or_game_can_be_solved_again(rows, command, name, figure):
    """The scenario that was written, with the trade elasticity of the draw."""
    draws = [row for row in rows(*command, *EACH, "--quiet") if name in row.values()]
    assert [row["draw"] for row in draws] == ["1", "2", "3"]
    assert len({row["trade_elasticity"] for row in draws}) == 3
    again = rows("simulate", "sample.world", "found.yaml", "--elasticity", draws[1]["trade_elasticity"])
    values = {row["region"]: float(row["equivalent_variation"]) for row in again}
    value = -values["EU"] if name == "own loss" else values["CHN"]
    assert float(draws[1][figure]) == pytest.approx(value, rel=1e-6)


def splitmix(state):
    """SplitMix64: the next state, and its number."""
    whole = (1 << 64) - 1
    state = (state + 0x9E3779B97F4A7C15) & whole
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & whole
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & whole
    return state, z ^ (z >> 31)


def factors(seed, draw, error, count):
    """Log-normal factors of the stream of a draw, with mean 1."""
    state = splitmix(draw ^ splitmix(seed)[1])[1]
    variance, drawn = math.log1p(error**2), []
    for _ in range(count):
        uniform = []
        for _ in range(2):
            state, bits = splitmix(state)
            uniform.append(((bits >> 12) + 0.5) * 2.0**-52)
        normal = math.sqrt(-2 * math.log(uniform[0])) * math.cos(2 * math.pi * uniform[1])
        drawn.append(math.exp(math.sqrt(variance) * normal - variance / 2))
    return drawn


def test_a_draw_of_a_supply_stop_is_a_run_with_those_numbers(rows, here):
    stop = "stops: [{by: RUS, to: EU, sectors: mining, days: 30}]\n"
    (here / "stop.yaml").write_text(stop)
    names = list(
        dict.fromkeys(
            row["sector"]
            for row in rows("propagate", "sample.world", "stop.yaml", "--steps", "1", "--table", "sectors")
        )
    )
    usual = {row["slug"]: row["kind"] for row in rows("export", "sample.world", "--table", "sector")}
    restock, expansion, *inventories = factors(4, 0, 0.2, 2 + len(names))
    days = [(3 if usual[name] == "services" else 90) * factor for name, factor in zip(names, inventories)]
    (here / "drawn.yaml").write_text(
        f"{stop}coping: {{restock: {60 * restock!r}, expansion: {365 * expansion!r}, inventories: {{"
        + ", ".join(f"{name}: {day!r}" for name, day in zip(names, days))
        + "}}\n"
    )
    run = ("propagate", "sample.world")
    bands = rows(*run, "stop.yaml", "--steps", "40", "--draws", "1", "--seed", "4", "--error", "20%")
    drawn = rows(*run, "drawn.yaml", "--steps", "40")
    assert [row["region"] for row in bands] == [row["region"] for row in drawn]
    for band, single in zip(bands, drawn):
        for figure in ("loss", "loss_share", "lowest", "final_use"):
            for quantile in ("p5", "median", "p95"):
                assert float(band[f"{figure}_{quantile}"]) == pytest.approx(float(single[figure]), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "status, line, arguments",
    [
        (
            1,
            (
                "plan: --table flows cannot be combined with --draws, which has the tables sectors, costs, regions and"
                " draws"
            ),
            ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--table", "flows", *DRAWS),
        ),
        (
            1,
            "plan: --curve cannot be combined with --draws",
            ("plan", "sample.world", "EU", "--from", "CHN", "--curve", *DRAWS),
        ),
        (
            2,
            "no bands of a plan with look-through shares, which are those of one solution",
            ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--share", "look-through", *DRAWS),
        ),
        (
            1,
            "play: --table settings cannot be combined with --draws, which has the tables outcome, regions and draws",
            ("play", "sample.world", "eu-china.yaml", "--table", "settings", *DRAWS),
        ),
        (1, "play: --table draws needs --draws", ("play", "sample.world", "eu-china.yaml", "--table", "draws")),
        (1, "exposure: --draws needs --cut", ("exposure", "sample.world", "EU", *DRAWS)),
        (1, "propagate: --error needs --draws", ("propagate", "sample.world", "energy-stop.yaml", "--error", "20%")),
        (
            2,
            "nothing to draw: inventories and times have no published standard error, and none was given",
            ("propagate", "sample.world", "energy-stop.yaml", "--draws", "3"),
        ),
        (
            1,
            "draws have bands of the losses by region, and sentences in the summary; this table has none",
            ("propagate", "sample.world", "energy-stop.yaml", "--draws", "3", "--error", "20%", "--table", "path"),
        ),
        (
            2,
            (
                "nothing to draw: the trade elasticity '5' has no standard error, and none was given for it or for the"
                " shares"
            ),
            ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--draws", "3"),
        ),
    ],
)
def test_bands_that_there_are_not(refused, status, line, arguments):
    refused(status, line, *arguments)


@pytest.mark.parametrize(
    "arguments, about, part",
    [
        (
            ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%"),
            "what drives it",
            "The cap on electrical and optical equipment binds",
        ),
        (("propagate", "sample.world", "energy-stop.yaml", "--steps", "60"), "what it leaves out", "It has no prices"),
        (("exposure", "sample.world", "EU", "--to", "CHN"), "behind the first supplier", "at all stages of production"),
        (("exposure", "sample.world", "EU"), "partners", "the largest parts from"),
        (
            (*TARIFF, "--draws", "9", "--elasticity-error", "20%"),
            "how sure it is",
            "in 90% of 9 draws of it the change of real income of China is between -",
        ),
    ],
)
def test_summaries(rows, arguments, about, part):
    page = rows(*arguments, "--table", "summary")
    assert page[0]["about"] == "question"
    assert {"answer", "how sure it is", "what it leaves out"} <= {row["about"] for row in page}
    assert all(row["says"][0].isupper() and row["says"][-1] in ".?" for row in page)
    assert any(row["about"] == about and part in row["says"] for row in page)


def test_regions_are_picked_behind_the_number_of_the_draw(rows):
    drawn = ("--draws", "3", "--elasticity-error", "20%", "--table", "draws", "--of", "CHN,Germany")
    found = [(row["draw"], row["region"]) for row in rows("simulate", "sample.world", "--ban", "EU:CHN:mining", *drawn)]
    assert found == [(draw, region) for draw in "123" for region in ("DEU", "CHN")]
