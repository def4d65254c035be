"""derisk ties: each row against derisk balance; ties of a scenario against its flows."""

import collections

import pytest


@pytest.mark.parametrize("options, column", [([], "exports"), (["--value-added"], "value_added_exports")])
def test_a_tie_is_what_balance_says(rows, options, column):
    ties = rows("ties", "sample.world", *options)
    assert len(ties) == 22 * 21
    values = [float(row["value"]) for row in ties]
    assert values == sorted(values, reverse=True)
    for row in (ties[0], ties[100], ties[-1]):
        (balance,) = rows("balance", "sample.world", row["exporter"], row["importer"], "--value-added")
        assert float(row["value"]) == pytest.approx(float(balance[column]), rel=1e-12)


def test_ties_of_sectors_add_up(rows):
    whole = {(row["exporter"], row["importer"]): float(row["value"]) for row in rows("ties", "sample.world")}
    parts = collections.Counter()
    for kind in ("goods", "services"):
        for row in rows("ties", "sample.world", "--sectors", kind):
            parts[row["exporter"], row["importer"]] += float(row["value"])
    assert parts == pytest.approx(whole)


def test_ties_of_a_scenario_are_the_sums_of_its_flows(rows):
    tariff = ["simulate", "sample.world", "--tariff", "EU:CHN:all:25%", "--quiet"]
    sums = collections.defaultdict(lambda: [0, 0])
    for row in rows(*tariff, "--table", "flows"):
        if row["exporter"] != row["importer"]:
            sums[row["exporter"], row["importer"]][0] += float(row["base"])
            sums[row["exporter"], row["importer"]][1] += float(row["new"])
    ties = rows(*tariff, "--table", "ties")
    assert len(ties) == len(sums)
    for row in ties:
        base, new = sums[row["exporter"], row["importer"]]
        assert (float(row["base"]), float(row["new"])) == pytest.approx((base, new), rel=1e-12)
        assert float(row["change"]) == pytest.approx(100 * (new / base - 1), abs=1e-9)


def test_refusals(refused):
    refused(
        2,
        "'gods' is not a sector of this world, by code, slug or kind; did you mean 'goods'?",
        "ties",
        "sample.world",
        "--sectors",
        "gods",
    )
    refused(1, "ties: unexpected argument 'EU'", "ties", "sample.world", "EU")
