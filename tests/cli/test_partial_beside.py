"""Partial equilibrium beside the general one, computed here once more: GSIM in matrices (Francois and Hall 2003), from
the flows and elasticities of the model."""

import csv

import pytest

np = pytest.importorskip("numpy")

FLOWS = """t,i,j,k,v,q
2011,156,276,854231,600,1
2011,392,276,854231,200,1
2011,842,276,854231,700,1
2011,156,251,854231,90,1
2011,392,251,854231,30,1
2011,842,156,854231,500,1
2011,156,842,854231,400,1
2011,156,276,870323,300,1
"""
THETA, SIGMA, SUPPLY = 3.0, 2.0, 1.5


@pytest.fixture
def flows(here, derisk):
    (here / "baci.csv").write_text(FLOWS)
    done = derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "sample.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def solve(derisk, *more):
    options = ["--product-elasticity", str(THETA), "--product-substitution", str(SIGMA), "--format", "csv", "--quiet"]
    done = derisk("simulate", "sample.world", *more, "--products", "nest", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(done.stdout.splitlines()))


def gsim(table):
    """New values of the flows of a product, by exporter and importer."""
    names = sorted({row["exporter"] for row in table} | {row["importer"] for row in table})
    trade, base, now = np.zeros((len(names),) * 2), np.ones((len(names),) * 2), np.ones((len(names),) * 2)
    for row in table:
        at = names.index(row["exporter"]), names.index(row["importer"])
        trade[at] = float(row["base"])
        base[at], now[at] = 1 + float(row["tariff"]) / 100, 1 + float(row["new_tariff"]) / 100
    paid = trade * base
    share = paid / np.where(paid.sum(0) > 0, paid.sum(0), 1)
    sold = trade / np.where(trade.sum(1, keepdims=True) > 0, trade.sum(1, keepdims=True), 1)
    change = now / base - 1

    def quantities(price):  # q[i,n], linear in world prices
        dearer = price[:, None] + change
        return (1 + THETA) * ((share * dearer).sum(0) - dearer) - SIGMA * (share * dearer).sum(0)

    exports = trade.sum(1) > 0
    zero = (sold * quantities(np.zeros(len(names)))).sum(1)
    slope = np.array([(sold * quantities(unit)).sum(1) - zero for unit in np.eye(len(names))]).T
    system = SUPPLY * np.eye(len(names)) - slope
    price = np.zeros(len(names))
    price[exports] = np.linalg.solve(system[np.ix_(exports, exports)], zero[exports])
    new = trade * (1 + quantities(price)) * (1 + price[:, None])
    return {(i, n): new[a, b] for a, i in enumerate(names) for b, n in enumerate(names)}


def test_partial_and_general_equilibrium(derisk, flows):
    line = ["--tariff", "DEU,USA:CHN:HS8542:25%"]
    table = solve(derisk, *line, "--table", "partial")
    assert {row["product"] for row in table} == {"854231"}
    assert len(table) == 7
    expected = gsim(table)
    for row in table:
        assert float(row["partial"]) == pytest.approx(expected[row["exporter"], row["importer"]], rel=1e-9)
        assert float(row["tariff"]) == 0
        taxed = row["exporter"] == "CHN" and row["importer"] in ("DEU", "USA")
        assert float(row["new_tariff"]) == pytest.approx(25 if taxed else 0, abs=1e-12)
        for which in ("partial", "general"):
            percent = 100 * (float(row[which]) / float(row["base"]) - 1)
            assert float(row[f"{which}_percent"]) == pytest.approx(percent, abs=1e-9)
            assert (percent < 0) == taxed or abs(percent) < 5
    of_germany = [row for row in solve(derisk, *line, "--table", "products") if row["importer"] == "DEU"]
    found = next(row for row in of_germany if row["product"] == "854231")
    bought = [row for row in table if row["importer"] == "DEU"]
    assert sum(float(row["base"]) for row in bought) == pytest.approx(float(found["imports"]), rel=1e-9)
    assert sum(float(row["general"]) for row in bought) == pytest.approx(float(found["imports_new"]), rel=1e-9)


def test_the_tariffs_of_the_world_are_those_of_the_base(derisk, flows, here):
    (here / "t.csv").write_text("exporter,importer,sector,tariff\nCHN,DEU,electrical-optical,10%\n")
    done = derisk("import", "tariffs", "t.csv", "--to", "sample.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    table = solve(derisk, "--tariff", "DEU:CHN:HS8542:25%", "--table", "partial")
    found = next(row for row in table if (row["exporter"], row["importer"]) == ("CHN", "DEU"))
    assert (float(found["tariff"]), float(found["new_tariff"])) == pytest.approx((10, 25))
    assert float(found["partial"]) == pytest.approx(gsim(table)["CHN", "DEU"], rel=1e-9)


@pytest.mark.parametrize(
    "line, says",
    [
        (
            ["--ban", "DEU:CHN:HS8542"],
            "the scenario changes no tariff on a product flow: there is no partial equilibrium beside the general one",
        ),
        (
            ["--tariff", "DEU:CHN:HS8542:25%", "--products", "average"],
            "the imports of this model are not made of products; expected products nest",
        ),
    ],
)
def test_nothing_beside(derisk, flows, line, says):
    done = derisk("simulate", "sample.world", *line, "--table", "partial")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"derisk: {says}\n")
