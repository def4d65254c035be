"""Partial equilibrium beside the general one, computed here once more: GSIM (Francois and Hall 2003), from
the flows and elasticities of the model."""

import csv

import pytest

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


def solve_linear(matrix, right):
    """By elimination with pivots."""
    rows, size = [[*row, value] for row, value in zip(matrix, right, strict=True)], len(right)
    for k in range(size):
        pivot = max(range(k, size), key=lambda j: abs(rows[j][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        for j in range(size):
            if j != k:
                factor = rows[j][k] / rows[k][k]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[k], strict=True)]
    return [rows[k][size] / rows[k][k] for k in range(size)]


def gsim(table):
    """New values of the flows of a product, by exporter and importer."""
    flows = {(row["exporter"], row["importer"]): float(row["base"]) for row in table}
    factor = {
        (row["exporter"], row["importer"]): [1 + float(row[name]) / 100 for name in ("tariff", "new_tariff")]
        for row in table
    }
    exporters = sorted({i for i, _ in flows})
    paid = {n: sum(flows[i, m] * factor[i, m][0] for i, m in flows if m == n) for _, n in flows}
    sold = {i: sum(flows[j, m] for j, m in flows if j == i) for i, _ in flows}

    def quantities(price):  # q[i,n], linear in world prices
        dearer = {(i, n): price[i] + factor[i, n][1] / factor[i, n][0] - 1 for i, n in flows}
        mean = {
            n: sum(flows[i, m] * factor[i, m][0] / paid[n] * dearer[i, m] for i, m in flows if m == n) for _, n in flows
        }
        return {(i, n): (1 + THETA) * (mean[n] - dearer[i, n]) - SIGMA * mean[n] for i, n in flows}

    def demand(price):  # of what each exporter sells
        changes = quantities(price)
        return [sum(flows[j, n] / sold[i] * changes[j, n] for j, n in flows if j == i) for i in exporters]

    none = dict.fromkeys(exporters, 0.0)
    zero = demand(none)
    slopes = [[a - b for a, b in zip(demand({**none, k: 1.0}), zero, strict=True)] for k in exporters]
    size = range(len(exporters))
    matrix = [[(SUPPLY if a == b else 0) - slopes[b][a] for b in size] for a in size]
    price = dict(zip(exporters, solve_linear(matrix, zero), strict=True))
    changes = quantities(price)
    return {(i, n): value * (1 + changes[i, n]) * (1 + price[i]) for (i, n), value in flows.items()}


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
            assert not taxed or percent < -5
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
