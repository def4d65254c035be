"""Plans by product: the cap of the Critical Raw Materials Act on the command line. The plan itself is
checked in tests/plan/test_plan_products.c."""

import csv

import pytest

FLOWS = """t,i,j,k,v,q
2011,156,276,280530,600,1
2011,392,276,280530,20,1
2011,842,276,280530,70,1
2011,156,276,300490,2000,1
2011,392,276,300490,900,1
2011,842,276,300490,9000,1
2011,156,276,810411,3000,1
2011,156,276,870323,300,1
2011,392,276,870323,900,1
"""


@pytest.fixture
def flows(here, derisk):
    (here / "baci.csv").write_text(FLOWS)
    done = derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "sample.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def rows(done):
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(done.stdout.splitlines()))


def plan(derisk, *more):
    return derisk("plan", "sample.world", "EU", "--from", "all", "--cap", "65%", "--products", "strategic", *more)


def test_caps_of_strategic_materials(derisk, flows):
    by_product = {row["product"]: row for row in rows(plan(derisk, "--format", "csv"))}
    assert by_product.keys() == {"280530", "810411"}
    earths, magnesium = by_product["280530"], by_product["810411"]
    assert (earths["material"], earths["supplier"], earths["reached"]) == ("rare earths", "CHN", "yes")
    assert float(earths["share"]) > 0.65
    assert float(earths["new_share"]) == pytest.approx(0.65, abs=1e-8)
    assert float(earths["tariff"]) > 0 and float(earths["shadow_price"]) > 0
    assert (magnesium["reached"], float(magnesium["tariff"]), float(magnesium["share"])) == ("no", 0, 1)


def test_suppliers_replace_each_other(derisk, flows):
    suppliers = {
        row["supplier"]: float(row["change"]) for row in rows(plan(derisk, "--table", "suppliers", "--format", "csv"))
    }
    assert suppliers["CHN"] < 0 < suppliers["USA"]
    assert suppliers["JPN"] > 0


def test_the_tariff_is_that_of_a_scenario(derisk, flows):
    """What a tariff of the plan does, `simulate` says too."""
    earths = next(row for row in rows(plan(derisk, "--format", "csv")) if row["product"] == "280530")
    tariff = f"EU:CHN:HS280530:{float(earths['tariff'])!r}%"
    done = derisk("simulate", "sample.world", "--tariff", tariff, "--table", "products", "--format", "csv")
    of_eu = [row for row in rows(done) if row["importer"] == "EU" and row["product"] == "280530"]
    assert float(of_eu[0]["supplier_share_new"]) == pytest.approx(0.65, abs=1e-6)


def test_files_of_products(here, derisk, flows):
    (here / "lines.csv").write_text("product\n280530\n")
    command = ["plan", "sample.world", "EU", "--from", "CHN", "--cap", "50%", "--products", "lines.csv"]
    done = derisk(*command, "--format", "csv")
    assert [row["product"] for row in rows(done)] == ["280530"]
    (here / "lines.csv").write_text("product\n280530\nchpll\n")
    done = derisk(*command)
    assert done.returncode == 2
    assert done.stderr == (
        "derisk: lines.csv:3:1: unknown products 'chpll'; expected codes of the Harmonized System such as 8542, or the "
        "lists chpl, critical (or crm), strategic, green, food and vaccines; did you mean 'chpl'?\n"
    )


@pytest.mark.parametrize(
    "more, says",
    [
        (["--cap", "0.65", "--sectors", "goods"], "a plan by product has one cap and tariffs alone"),
        (["--cap", "65%", "--objective", "own"], "expected the objective efficient"),
        (["--cap", "65%", "--table", "sectors"], "a plan by product has no table of sectors; expected the table"),
        (["--cap", "65%", "--table", "summary"], "a plan by product has no summary"),
        (["--cap", "65%", "--draws", "5"], "a plan by product has no table of bands"),
        (["--cap", "65%", "--scenario", "x.yaml"], "a plan by product has no scenario"),
        (["--curve"], "a cost curve is of caps by sector; expected no products"),
        (["--max-loss", "1%"], "a plan by product has one cap and tariffs alone"),
    ],
)
def test_what_there_is_not(here, derisk, flows, more, says):
    done = derisk("plan", "sample.world", "EU", "--from", "all", "--products", "strategic", *more)
    assert done.returncode in (1, 2)
    assert done.stdout == "" and says in done.stderr
    assert not (here / "x.yaml").exists()


def test_a_world_without_product_flows(derisk):
    done = plan(derisk)
    assert done.returncode == 2
    assert "products need product flows, and the world has none" in done.stderr


def test_caps_by_sector_in_a_model_with_products(derisk, flows):
    command = ["plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%", "--products", "nest"]
    done = derisk(*command, "--format", "csv")
    assert "sector" in rows(done)[0]
