"""Plans by product: the cap of the Critical Raw Materials Act on the command line. The plan itself is
checked in tests/plan/test_plan_products.c."""

import csv
import json

import pytest
from test_serve import Server

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


def test_caps_in_a_file(here, derisk, flows):
    """Each product has its own; its tariffs, written as a scenario, do what the plan says."""
    (here / "caps.csv").write_text("product,cap\nstrategic,100%\n2805,50%\n3004,45%\n")
    command = ["plan", "sample.world", "EU", "--from", "all", "--cap-file", "caps.csv", "--format", "csv"]
    done = derisk(*command, "--products", "strategic,HS3004", "--scenario", "plan.yaml", "--quiet")
    found = {(row["product"], row["supplier"]): row for row in rows(done)}
    assert found.keys() == {("280530", "CHN"), ("300490", "USA")}
    for product, cap in (("280530", 0.5), ("300490", 0.45)):
        row = next(row for key, row in found.items() if key[0] == product)
        assert float(row["cap"]) == cap
        assert float(row["new_share"]) == pytest.approx(cap, abs=1e-8)
    table = rows(derisk("simulate", "sample.world", "plan.yaml", "--table", "products", "--format", "csv", "--quiet"))
    shares = {row["product"]: float(row["supplier_share_new"]) for row in table if row["importer"] == "EU"}
    assert shares["280530"] == pytest.approx(0.5, abs=1e-6)
    assert shares["300490"] == pytest.approx(0.45, abs=1e-6)


@pytest.mark.parametrize(
    "text, says",
    [
        ("product,cap\n280530,0%\n", "caps.csv:2:2: '0%' is no cap; expected a share above 0 and up to 100%"),
        (
            "product,cap\n280530,50%\n",
            "caps.csv: the product 810411 has no cap; expected a line with its code, or with the digits that it begins"
            " with",
        ),
        ("sector,cap\ngoods,50%\n", "caps.csv:1: the column 'product' is missing"),
        (
            "product,cap\n9999,50%\n",
            "caps.csv:2:1: there is no product flow of '9999' in 2011 (HS17); the nearest product is 870323",
        ),
    ],
)
def test_caps_in_a_file_that_are_wrong(here, derisk, flows, text, says):
    (here / "caps.csv").write_text(text)
    done = derisk("plan", "sample.world", "EU", "--from", "all", "--cap-file", "caps.csv", "--products", "strategic")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"derisk: {says}\n")


@pytest.mark.parametrize(
    "more, says",
    [
        (["--cap", "0.65", "--sectors", "goods"], "a plan by product has caps and tariffs alone"),
        (["--cap", "65%", "--objective", "own"], "expected the objective efficient"),
        (["--cap", "65%", "--table", "sectors"], "a plan by product has no table of sectors; expected the table"),
        (["--cap", "65%", "--table", "summary"], "a plan by product has no summary"),
        (["--cap", "65%", "--draws", "5"], "a plan by product has no table of bands"),
        (["--curve"], "a cost curve is of caps by sector; expected no products"),
        (["--max-loss", "1%"], "a plan by product has caps and tariffs alone"),
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


def test_over_http(here, derisk, flows):
    """The plans of the program, with one cap and with caps by code and list; both equilibria beside each other."""

    def same(answer, table, *command):
        found = derisk(*command, "--table", table, "--format", "json", "--quiet")
        assert (found.returncode, found.stderr) == (0, "")
        assert answer[table]["rows"] == json.loads(found.stdout)["rows"]

    server = Server(here)
    plan_of = {"of": "EU", "from": "all", "products": "strategic", "settings": {"products": "nest"}}
    one = server.post("plan", {**plan_of, "cap": "65%"})
    each = server.post("plan", {**plan_of, "caps": {"strategic": 1, "2805": "50%"}})
    changes = {"changes": [{"tariff": {"by": "DEU", "on": "CHN", "products": "HS2805", "rate": "25%"}}]}
    beside = server.post("simulate", {"scenario": changes, "tables": ["partial"]})
    server.fails(
        400,
        "plan",
        "caps: the product 810411 has no cap; expected a line with its code, or with the digits that it begins with",
        body={**plan_of, "caps": {"280530": 0.5}},
    )
    server.stop()
    (here / "caps.csv").write_text("product,cap\nstrategic,100%\n2805,50%\n")
    command = ["plan", "sample.world", "EU", "--from", "all", "--products", "strategic"]
    same(one, "products", *command, "--cap", "65%")
    same(one, "suppliers", *command, "--cap", "65%")
    same(each, "products", *command, "--cap-file", "caps.csv")
    same(beside, "partial", "simulate", "sample.world", "--tariff", "DEU:CHN:HS2805:25%")
