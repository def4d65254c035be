"""simulate --draws: bands around the single run, all draws, the errors they come from, and what does not go together."""

import json
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
    assert any(note.startswith("shares are drawn log-normal with a standard deviation of 1%") for note in result["notes"])


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
        (("--draws", "9", "--table", "flows"), "simulate: --table flows cannot be combined with --draws, which has the tables regions and draws"),
        (("--draws", "9", "--store", "x"), "simulate: --draws cannot be combined with --store"),
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
            "nothing to draw: the trade elasticity '5' has no standard error, and none was given for it or for the shares",
        ),
        (1, ("--draws", "2e9", "--share-error", "5%"), "simulate: --draws '2e9': expected a whole number from 1 to 1000000000"),
        (1, ("--draws", "9", "--share-error", "5"), "simulate: --share-error '5': expected a percentage of at least 0%, such as 5%; did you mean 5%?"),
        (1, ("--draws", "9", "--elasticity-error", "-5%"), "simulate: --elasticity-error '-5%': expected a percentage of at least 0%, such as 20%"),
        (1, ("--draws", "9", "--elasticity-error", "x"), "simulate: --elasticity-error 'x': expected a percentage of at least 0%, such as 20%"),
    ],
)
def test_bad_numbers(refused, status, arguments, line):
    refused(status, line, *TARIFF, *arguments)
