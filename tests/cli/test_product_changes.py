"""Changes of products: the rates of sectors that tariffs are averaged into, computed here once more from the product
flows; and products within the imports of sectors. That model is computed once more in
tests/equilibrium/test_tier.c."""

import csv
import random

import pytest

ECONOMIES = {156: "CHN", 842: "USA", 276: "DEU", 251: "FRA", 826: "GBR", 392: "JPN"}
SECTORS = {
    "854231": "ELE",
    "854239": "ELE",
    "851762": "ELE",
    "847130": "ELE",
    "870323": "TEQ",
    "300490": "CHE",
    "280530": "CHE",
}
CRITICAL = {"chpl": {"854231", "854239", "851762"}, "crm": {"280530"}}


@pytest.fixture
def flows(here, derisk):
    """Product flows in the sample world: values by importer, exporter and product. Germany buys no lorries from
    China."""
    draw, values = random.Random(3), {}
    with open(here / "baci.csv", "w") as file:
        file.write("t,i,j,k,v,q\n")
        for product in SECTORS:
            for i, exporter in ECONOMIES.items():
                for j, importer in ECONOMIES.items():
                    if i != j and (importer, exporter, product) != ("DEU", "CHN", "870323"):
                        value = values[importer, exporter, product] = round(draw.uniform(1e3, 1e6), 3)
                        file.write(f"2011,{i},{j},{product},{value},1\n")
    done = derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "sample.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    return values


def sector_rates(flows, tariffs, base):
    """The plain rule: every product has the tariff of its sector, but for those that `tariffs` (by importer, exporter
    and product) changes; that of a sector is the mean of its products, weighted by what the pair trades."""
    rates = {}
    for importer, exporter, product in tariffs:
        sector = SECTORS[product]
        of_pair = {p: v for (n, i, p), v in flows.items() if (n, i, SECTORS[p]) == (importer, exporter, sector)}
        rates[importer, exporter, sector] = sum(
            v * tariffs.get((importer, exporter, p), base.get((importer, exporter, sector), 0))
            for p, v in of_pair.items()
        ) / sum(of_pair.values())
    return rates


def as_sectors(here, name, rates):
    with open(here / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["exporter", "importer", "sector", "tariff"],
                *([i, n, s, repr(rate)] for (n, i, s), rate in rates.items()),
            ]
        )
    (here / f"{name}.yaml").write_text(f"changes: [{{tariff: {{file: {name}.csv}}}}]\n")


MEMBERS = ("DEU", "FRA", "GBR")
CASES = {
    "codes": (
        "- tariff: {by: EU, on: CHN, products: [8542, '8517.62'], rate: 50%}\n",
        lambda flows: {
            key: 0.5 for key in flows if key[0] in MEMBERS and key[1] == "CHN" and key[2][:4] in ("8542", "8517")
        },
        {},
    ),
    "a chapter of one sector": (
        "- tariff: {by: [USA], on: [CHN, JPN], products: [85, 87], sectors: TEQ, add: 10%}\n",
        lambda flows: {
            key: 0.1 for key in flows if key[0] == "USA" and key[1] in ("CHN", "JPN") and key[2] == "870323"
        },
        {},
    ),
    "lists, over a tariff on the sector": (
        (
            "- tariff: {by: USA, on: CHN, sectors: [ELE, CHE], rate: 20%}\n- tariff: {by: USA, on: CHN, products:"
            " [CHPL, crm], rate: 60%, replace: true}\n"
        ),
        lambda flows: {
            key: 0.6 for key in flows if key[:2] == ("USA", "CHN") and key[2] in CRITICAL["chpl"] | CRITICAL["crm"]
        },
        {("USA", "CHN", "ELE"): 0.2, ("USA", "CHN", "CHE"): 0.2},
    ),
    "products of which a later line takes some": (
        (
            "- tariff: {by: USA, on: CHN, products: 85, rate: 20%}\n- tariff: {by: USA, on: CHN, products: 854231,"
            " at-least: 40%, replace: true}\n"
        ),
        lambda flows: {
            key: 0.4 if key[2] == "854231" else 0.2
            for key in flows
            if key[:2] == ("USA", "CHN") and key[2].startswith("85")
        },
        {},
    ),
    "a file of products": (
        "- tariff: {by: DEU, on: USA, products: mine.csv, rate: 30%}\n",
        lambda flows: {key: 0.3 for key in flows if key[:2] == ("DEU", "USA") and key[2] in ("300490", "870323")},
        {},
    ),
    "a file of tariffs": (
        "- tariff: {file: tariffs.csv}\n",
        lambda flows: {
            **{key: 0.25 for key in flows if key[0] in MEMBERS and key[1] == "CHN" and key[2][:4] == "8542"},
            **{key: 0.05 for key in flows if key[:2] == ("USA", "JPN") and key[2] == "870323"},
            **{key: 0.15 for key in flows if key[:2] == ("DEU", "CHN") and key[2] == "847130"},
        },
        {},
    ),
}


@pytest.mark.parametrize("text, changed, base", CASES.values(), ids=CASES)
def test_they_are_tariffs_on_sectors_weighted_by_trade(flows, rows, here, text, changed, base):
    (here / "mine.csv").write_text("product\n300490\n8703\n")
    (here / "tariffs.csv").write_text(
        "exporter,importer,product,tariff\nCHN,EU,8542,25%\nJPN,USA,870323,5%\nCHN,DEU,847130,0.15\n"
    )
    (here / "products.yaml").write_text("changes:\n" + text)
    as_sectors(here, "plain", {**base, **sector_rates(flows, changed(flows), base)})
    found = {
        row["region"]: float(row["welfare"])
        for row in rows("simulate", "sample.world", "products.yaml", "--products", "average")
    }
    plain = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "plain.yaml")}
    assert max(abs(welfare) for welfare in plain.values()) > 1e-4
    for region, welfare in plain.items():
        assert found[region] == pytest.approx(welfare, abs=1e-10)


def test_results_say_how_much_they_are(flows, derisk, here):
    (here / "products.yaml").write_text("changes: [{tariff: {by: DEU, on: CHN, products: 8542, rate: 50%}}]\n")
    taken = sum(value for (n, i, p), value in flows.items() if (n, i, p[:4]) == ("DEU", "CHN", "8542"))
    every = sum(value for (n, i, p), value in flows.items() if (n, i, SECTORS[p]) == ("DEU", "CHN", "ELE"))
    printed = " ".join(derisk("simulate", "sample.world", "products.yaml").stdout.split())
    assert (
        f"change 1: its products are {100 * taken / every:.2f}% of the trade in their sectors between the economies"
        in printed
    )
    assert "of 1 flow, in the product flows of 2011 (HS17)" in printed
    averaged = (
        "tariffs on products are averaged into those of their sectors by the trade of each pair, t' = t + part"
        " (t'[products] - t)"
    )
    assert averaged not in printed
    average = derisk("simulate", "sample.world", "products.yaml", "--products", "average").stdout
    assert averaged in " ".join(average.split())


REFUSED = {
    "twice": (
        (
            "changes:\n- tariff: {by: EU, on: CHN, products: 8542, rate: 50%}\n- tariff: {by: DEU, on: CHN, products:"
            " 85, rate: 20%}\n"
        ),
        (
            "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff, line 2): both change the flow of product"
            " 854231 from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a sector before": (
        "changes:\n- tariff: {by: EU, on: CHN, rate: 50%}\n- tariff: {by: DEU, on: CHN, products: 8542, rate: 20%}\n",
        (
            "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff, line 2): both change the flow of"
            " electrical-optical from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a sector after": (
        "changes:\n- tariff: {by: DEU, on: CHN, products: 8542, rate: 20%}\n- tariff: {by: EU, on: CHN, rate: 50%}\n",
        (
            "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff, line 2): both change the flow of"
            " electrical-optical from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "no such code": (
        "changes: [{tariff: {by: EU, on: CHN, products: 9999, rate: 50%}}]\n",
        "a.yaml:1:48: there is no product flow of '9999' in 2011 (HS17); the nearest product is 870323",
    ),
    "a misspelt list": (
        "changes: [{tariff: {by: EU, on: CHN, products: [chpk], rate: 50%}}]\n",
        (
            "a.yaml:1:49: unknown products 'chpk'; expected codes of the Harmonized System such as 8542, or the lists"
            " chpl, critical (or crm), strategic, green, food and vaccines; did you mean 'chpl'?"
        ),
    ),
    "no trade": (
        "changes: [{tariff: {by: EU, on: BRA, products: 8542, rate: 50%}}]\n",
        "a.yaml:1:20: change 1 (tariff) changes no flow: there are no product flows of 8542 between the two sides",
    ),
    "another instrument": (
        "changes: [{use-tax: {in: EU, products: 8542, rate: 50%}}]\n",
        "a.yaml:1:30: unknown key 'products'",
    ),
    "twice in a file": (
        "changes: [{tariff: {file: twice.csv}}]\n",
        "twice.csv:3: the flow of product 854231 from CHN to DEU is given twice",
    ),
    "both columns in a file": (
        "changes: [{tariff: {file: both.csv}}]\n",
        "both.csv:1: expected a column 'product' or a column 'sector'",
    ),
    "a code in a file": (
        "changes: [{tariff: {file: code.csv}}]\n",
        "code.csv:2:3: there is no product flow of '0101' in 2011 (HS17); the nearest product is 280530",
    ),
    "a limit on a limit": (
        (
            "changes:\n- export-curb: {by: CHN, to: EU, products: 8542, cut: 50%}\n- quota: {by: DEU, on: CHN,"
            " products: 85, at: 20%}\n"
        ),
        (
            "a.yaml:3:10: change 2 (quota) conflicts with change 1 (limit, line 2): both change the flow of product"
            " 854231 from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a limit on what is banned": (
        (
            "changes:\n- ban: {by: EU, on: CHN, products: 8542}\n- export-curb: {by: CHN, to: DEU, products: 85, cut:"
            " 20%}\n"
        ),
        (
            "a.yaml:3:16: change 2 (export-curb) conflicts with change 1 (ban, line 2): both change the flow of product"
            " 854231 from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a ban on what is taxed": (
        (
            "changes:\n- export-tax: {by: CHN, to: EU, products: 8542, rate: 5%}\n- ban: {by: DEU, on: CHN, products:"
            " 85}\n"
        ),
        (
            "a.yaml:3:8: change 2 (ban) conflicts with change 1 (export-tax, line 2): both change the flow of product"
            " 854231 from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a limit on products and one on their sector": (
        (
            "changes:\n- export-curb: {by: CHN, to: EU, sectors: ELE, cut: 50%}\n- export-tax: {by: CHN, to: DEU,"
            " products: 85, rate: 20%}\n"
        ),
        (
            "a.yaml:3:15: change 2 (export-tax) conflicts with change 1 (export-curb, line 2): both change the flow of"
            " electrical-optical from CHN to DEU; 'replace: true' overrides the earlier one"
        ),
    ),
    "a cut of more than all": (
        "changes: [{export-curb: {by: CHN, to: EU, products: 8542, cut: 150%}}]\n",
        "a.yaml:1:25: a cut of 150.00%; expected one between 0% and 100%",
    ),
    "a rate below -100%": (
        "changes: [{tariff: {by: DEU, on: CHN, products: 8542, add: -100%}}]\n",
        "a.yaml:1:20: a tariff of -100.00%; expected more than -100%",
    ),
}


@pytest.mark.parametrize("text, line", REFUSED.values(), ids=REFUSED)
def test_refusals(flows, refused, here, text, line):
    (here / "a.yaml").write_text(text)
    (here / "twice.csv").write_text("exporter,importer,product,tariff\nCHN,EU,8542,50%\nCHN,DEU,854231,50%\n")
    (here / "both.csv").write_text("exporter,importer,product,sector,tariff\nCHN,EU,8542,ELE,50%\n")
    (here / "code.csv").write_text("exporter,importer,product,tariff\nCHN,EU,0101,50%\n")
    refused(2, line, "simulate", "sample.world", "a.yaml")


def test_a_world_without_product_flows(refused, here):
    (here / "a.yaml").write_text("changes: [{tariff: {by: EU, on: CHN, products: 8542, rate: 50%}}]\n")
    line = (
        "products need product flows, and the world has none; 'derisk import' reads those of BACI, Comtrade or Comext"
        " into it"
    )
    refused(2, f"a.yaml:1:48: {line}", "simulate", "sample.world", "a.yaml")


# ---- Products within imports


def test_products_are_in_the_shares_of_their_flows(flows, rows):
    """Each pair's flow in the table is divided by its product flows."""
    base = {
        (r["importer"], r["exporter"], r["sector"]): float(r["base"])
        for r in rows("simulate", "sample.world", "--tariff", "EU:CHN:all:0%", "--table", "flows")
    }
    table = rows("simulate", "sample.world", "--ban", "DEU:CHN:HS8542", "--table", "products", "--horizon", "long")
    found = {(r["importer"], r["product"]): r for r in table if r.get("kind", "") == ""}
    for importer, product in [("DEU", "854231"), ("JPN", "870323"), ("FRA", "300490")]:
        bought = {}
        for (n, i, p), value in flows.items():
            if (n, p) == (importer, product):
                all_products = sum(v for (m, j, q), v in flows.items() if (m, j, SECTORS[q]) == (n, i, SECTORS[p]))
                bought[i] = value / all_products * base[n, i, SECTORS[p]]
        row = found[importer, product]
        assert float(row["imports"]) == pytest.approx(sum(bought.values()), rel=1e-9)
        assert row["supplier"] == max(bought, key=bought.get)
        assert float(row["supplier_share"]) == pytest.approx(max(bought.values()) / sum(bought.values()), rel=1e-9)
    assert float(found["DEU", "854231"]["imports_percent"]) < -10
    assert float(found["DEU", "854231"]["price"]) > 5
    assert found["DEU", "rest"]["name"] == ""


def test_codes_in_place_of_sectors(flows, rows, here):
    """An option, a file, and both ways to write a code."""
    (here / "a.yaml").write_text("changes: [{ban: {by: EU, on: CHN, products: ['8542', '8517.62']}}]\n")
    a = rows("simulate", "sample.world", "a.yaml", "--horizon", "medium")
    b = rows(
        "simulate", "sample.world", "--ban", "EU:CHN:HS8542,hs8517.62", "--horizon", "medium", "--products", "nest"
    )
    assert a == b
    lists = rows("simulate", "sample.world", "--ban", "EU:CHN:CHPL", "--horizon", "medium")
    assert lists == a  # CHPL has these


def test_equal_elasticities_are_those_of_sectors(flows, rows):
    """One elasticity in all nests and one wedge on all products: the model of sectors, to 1e-10."""
    line = [
        "simulate",
        "sample.world",
        "--tariff",
        "USA,EU:CHN:all:30%",
        "--trade-cost",
        "JPN:KOR:electrical-optical:1.2",
    ]
    sectors = rows(*line)
    products = rows(*line, "--products", "nest")
    for a, b in zip(sectors, products, strict=True):
        assert float(a["welfare"]) == pytest.approx(float(b["welfare"]), abs=1e-10)


def test_products_that_complement_each_other_are_missed_more(flows, rows):
    line = ["simulate", "sample.world", "--ban", "DEU:CHN:HS854231", "--horizon", "short"]
    losses = [
        next(float(r["welfare"]) for r in rows(*line, "--product-substitution", sigma) if r["region"] == "DEU")
        for sigma in ("0.1", "1", "3")
    ]
    assert losses[0] < losses[1] < losses[2] < 0


OPTIONS = {
    "a way": (1, ["--products", "nets"], "simulate: --products 'nets': expected nest or average; did you mean 'nest'?"),
    "sigma": (
        2,
        ["--product-substitution", "-1"],
        "product substitution: a value of -1; expected one between 0 and 1000",
    ),
    "no number": (
        2,
        ["--import-elasticity", "x"],
        "import elasticity: 'x' is neither a number nor the path of a CSV file",
    ),
    "a choke price": (
        2,
        ["--choke-price", "0.5"],
        "choke price: '0.5'; expected a multiple of base prices above 1 and up to 1000",
    ),
    "a choke price in words": (
        2,
        ["--choke-price", "high"],
        "choke price: 'high'; expected a multiple of base prices above 1 and up to 1000",
    ),
    "a sector": (
        2,
        ["--product-substitution", "d.csv"],
        "d.csv:2:1: 'ELEC' is not a sector of this world, by code, slug or kind; did you mean 'ELE'"
        " (electrical-optical)?",
    ),
    "a sector twice": (2, ["--import-elasticity", "e.csv"], "e.csv:3:1: the sector ELE appears twice"),
    "a value in a file": (
        2,
        ["--product-substitution", "f.csv"],
        "f.csv:2:2: a value of -1; expected one between 0 and 1000",
    ),
    "theta": (
        2,
        ["--product-elasticity", "0"],
        "product elasticity: a trade elasticity of 0; expected one between 0.001 and 1000",
    ),
    "no file": (2, ["--product-elasticity", "none.csv"], "none.csv: no such file"),
    "a code": (
        2,
        ["--product-elasticity", "a.csv"],
        "a.csv:2:1: 'chips' is not a code of products; expected digits such as 854231",
    ),
    "a number": (
        2,
        ["--product-elasticity", "b.csv"],
        "b.csv:3:2: a trade elasticity of -4; expected one between 0.001 and 1000",
    ),
    "a code twice": (2, ["--product-elasticity", "c.csv"], "c.csv:3:1: the product 8542 appears twice"),
    "one sector": (
        2,
        ["--model", "armington"],
        (
            "products are within the sectors of the table, and the armington model sums them; expected another model,"
            " or products average"
        ),
    ),
    "no products": (
        2,
        ["--products", "average", "--table", "products"],
        "the imports of this model are not made of products; expected products nest",
    ),
}


@pytest.mark.parametrize("code, options, line", OPTIONS.values(), ids=OPTIONS)
def test_wrong_options(flows, refused, here, code, options, line):
    (here / "a.csv").write_text("product,trade_elasticity\nchips,4\n")
    (here / "b.csv").write_text("product,trade_elasticity\n8542,4\n8517,-4\n")
    (here / "c.csv").write_text("product,trade_elasticity\n8542,4\n8542,5\n")
    (here / "d.csv").write_text("sector,product_substitution\nELEC,2\n")
    (here / "e.csv").write_text("sector,import_elasticity\ngoods,2\nELE,3\n")
    (here / "f.csv").write_text("sector,product_substitution\nELE,-1\n")
    refused(code, line, "simulate", "sample.world", "--tariff", "EU:CHN:HS8542:20%", *options)


def test_changes_that_need_products(flows, refused):
    refused(
        2,
        "trade costs, bans, limits and export taxes of products need imports that are made of products, and only their "
        "tariffs have an average for a sector; expected products nest",
        "simulate", "sample.world", "--ban", "EU:CHN:HS8542", "--products", "average",
    )  # fmt: skip


# ---- Limits on products, and taxes of their exporters


LIMITS = {
    "a curb": ("--export-curb", "CHN:DEU:HS8542:50%"),
    "a quota": ("--quota", "{by: DEU, on: CHN, products: 8542, at: 50%, rent: importer}"),
    "a quota in money": ("--quota", "DEU:CHN:HS8542:9000"),
    "a tariff-rate quota": ("--tariff-rate-quota", "DEU:CHN:HS8542:50%:0%:20%"),
    "a tax": ("--export-tax", "CHN:DEU:HS8542:25%"),
    "a subsidy": ("--export-subsidy", "CHN:DEU:HS8542:10%"),
}


@pytest.mark.parametrize("option, value", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("horizon", ["long", "medium", "short"])
def test_limits_on_products(flows, rows, option, value, horizon):
    """Volumes are within limits, and other products are not limited; each flow is listed with its product."""
    line = ["simulate", "sample.world", option, value, "--horizon", horizon]
    limits = rows(*line, "--table", "curbs")
    assert {limit["product"] for limit in limits} <= {"854231", "854239", "several"}
    for limit in limits:
        if limit["limit"] and limit["binding"] != "exceeded":
            assert float(limit["volume"]) <= float(limit["limit"]) * (1 + 1e-8)
            assert (float(limit["wedge"]) > 0) == (limit["binding"] != "no")
        if option == "--export-tax":
            assert float(limit["wedge"]) == pytest.approx(25)
            assert float(limit["rent"]) > 0
    welfare = {r["region"]: float(r["welfare"]) for r in rows(*line)}
    assert abs(welfare["DEU"]) > 1e-4
    if "rent" not in value and option != "--tariff-rate-quota":  # these keep some of the price at home
        assert (welfare["DEU"] > 0) == (option == "--export-subsidy")


def test_a_limit_on_all_products_is_one_of_the_sector(flows, rows):
    """China's sales of electrical goods to Germany are all made of these products."""
    by_product = rows("simulate", "sample.world", "--export-tax", "CHN:DEU:HS84,HS85:20%", "--horizon", "short")
    of_sector = rows(
        "simulate", "sample.world", "--export-tax", "CHN:DEU:ELE:20%", "--horizon", "short", "--products", "nest"
    )
    for a, b in zip(by_product, of_sector, strict=True):
        for column in ("welfare", "real_gdp", "exports", "imports", "terms_of_trade"):
            assert float(a[column]) == pytest.approx(float(b[column]), abs=1e-9)


def test_elasticities_by_sector(flows, derisk, rows, here):
    """A file with one value for all sectors is the number; those that are missing are told."""
    (here / "sigma.csv").write_text("sector,product_substitution\nall,0.4\n")
    (here / "mu.csv").write_text("sector,import_elasticity\nELE,2\nTEQ,3\n")
    (here / "theta.csv").write_text("product,trade_elasticity\n8542,4\n")
    line = ["simulate", "sample.world", "--ban", "DEU:CHN:HS854231"]
    assert rows(*line, "--product-substitution", "sigma.csv") == rows(*line, "--product-substitution", "0.4")
    assert rows(*line, "--import-elasticity", "mu.csv") != rows(*line)
    said = " ".join(derisk(*line, "--import-elasticity", "mu.csv", "--product-elasticity", "theta.csv").stdout.split())
    assert "between origins, that of a file for 2 of 7 products, " in said
    assert "and of the sector for the others" in said
    assert "between imports and home, those of a file by sector" in said


@pytest.mark.parametrize("change", ["--ban DEU:CHN:HS8542", "--export-curb CHN:DEU:HS8542:50%"])
def test_welfare_under_changes_of_products_is_decomposed(flows, rows, change):
    table = rows("simulate", "sample.world", *change.split(), "--table", "decomposition")
    for row in table:
        terms = [float(row[name]) for name in row if name not in ("region", "welfare", "remainder")]
        assert sum(terms) == pytest.approx(float(row["welfare"]), abs=1e-8)
    germany = next(row for row in table if row["region"] == "DEU")
    assert float(germany["rents" if "curb" in change else "technical"]) < -0.01
    why = rows("simulate", "sample.world", *change.split(), "--why", "DEU")
    assert (why[0]["flow"], why[0]["partner"], why[0]["sector"]) == ("imports", "CHN", "electrical-optical")


def test_a_choke_price(here, derisk, rows, refused):
    """The only supplier of a product is lost: an error that names the product, or a loss that grows with the price."""
    (here / "one.csv").write_text(
        "t,i,j,k,v,q\n2011,156,276,280530,5,1\n2011,156,276,281122,995,1\n2011,842,276,281122,500,1\n"
    )
    derisk("import", "baci", "one.csv", "--classification", "HS17", "--to", "sample.world", "--quiet")
    line = ["simulate", "sample.world", "--ban", "DEU:CHN:HS280530", "--horizon", "short"]
    refused(
        3,
        "DEU loses its last supplier of product 280530 (CHE), which no other product replaces at an elasticity of"
        " substitution of 0.2 between products; expected a supplier that is left, a choke price, or a product"
        " substitution above 1",
        *line,
    )
    losses = []
    for price in ("2", "5", "20"):
        table = rows(*line, "--choke-price", price)
        losses.append(-next(float(r["welfare"]) for r in table if r["region"] == "DEU"))
    assert losses[0] < losses[1] < losses[2] and losses[2] > 0
    printed = " ".join(derisk(*line, "--choke-price", "5").stdout.split())
    assert "importers that lose their last supplier: 1. Buyers do without them at 5 times the base" in printed


GAME = """play: nash
horizon: medium
products: nest
players:
  - player: DEU
    tariff: {on: CHN, products: [HS8542, HS847130]}
  - player: CHN
    tariff: {on: DEU, products: 87}
    export-tax: {to: DEU, products: 8542, uniform: true}
"""


def test_games_of_products(flows, rows, refused, here):
    """No player gains by a rate somewhat higher or lower; the scenario of the outcome has its welfare."""
    (here / "a.yaml").write_text(GAME)
    settings = rows("play", "sample.world", "a.yaml", "--table", "settings")
    assert [(r["player"], r["instrument"], r["product"]) for r in settings] == [
        ("DEU", "tariff", "847130"),
        ("DEU", "tariff", "854231"),
        ("DEU", "tariff", "854239"),
        ("CHN", "tariff", "870323"),
        ("CHN", "export tax", "several"),
    ]
    outcome = {r["player"]: float(r["welfare"]) for r in rows("play", "sample.world", "a.yaml")}

    def welfare(changed, by):
        changes = []
        for k, row in enumerate(settings):
            rate = float(row["rate"]) + (by if k == changed else 0)
            products = "8542" if row["product"] == "several" else row["product"]
            importer, exporter = ("by", "on") if row["instrument"] == "tariff" else ("by", "to")
            keys = f"{importer}: {row['player']}, {exporter}: {row['with']}, products: '{products}', rate: {rate!r}%"
            changes.append(f"- {row['instrument'].replace(' ', '-')}: {{{keys}}}\n")
        (here / "b.yaml").write_text("horizon: medium\nchanges:\n" + "".join(changes))
        return {r["region"]: float(r["welfare"]) for r in rows("simulate", "sample.world", "b.yaml")}

    found = welfare(None, 0)
    for player, value in outcome.items():
        assert found[player] == pytest.approx(value, abs=1e-8)
    for k, row in enumerate(settings):
        for by in (-1, 1):
            assert welfare(k, by)[row["player"]] < outcome[row["player"]]


STANDING = """changes:
  - tariff: {by: DEU, on: CHN, products: 8542, rate: 12%}
  - tariff: {by: CHN, on: DEU, sectors: TEQ, rate: 7%}
  - ban: {by: DEU, on: CHN, products: 854239}
  - export-curb: {by: CHN, to: DEU, products: 851762, cut: 30%}
"""


def test_changes_of_products_that_hold_throughout_a_game(flows, rows, here, derisk):
    """Rates of players are added to standing ones, a product that is banned has none, and nobody gains by another rate
    in the scenario with both."""
    (here / "a.yaml").write_text(GAME + STANDING)
    settings = rows("play", "sample.world", "a.yaml", "--table", "settings")
    assert [(r["player"], r["product"]) for r in settings] == [
        ("DEU", "847130"),
        ("DEU", "854231"),
        ("CHN", "870323"),
        ("CHN", "several"),
    ]
    outcome = {r["player"]: float(r["welfare"]) for r in rows("play", "sample.world", "a.yaml")}

    def welfare(changed, by):
        rates = [float(row["rate"]) + (by if k == changed else 0) for k, row in enumerate(settings)]
        base = [0, 12, 7, 0]
        changes = [
            f"- {name}: {{{sides}, products: '{product}', rate: {rate + more!r}%, replace: true}}\n"
            for name, sides, product, rate, more in zip(
                ["tariff", "tariff", "tariff", "export-tax"],
                ["by: DEU, on: CHN", "by: DEU, on: CHN", "by: CHN, on: DEU", "by: CHN, to: DEU"],
                ["847130", "854231", "870323", "854231"],
                rates,
                base,
                strict=True,
            )
        ]
        (here / "b.yaml").write_text("horizon: medium\n" + STANDING.replace("  -", "-") + "".join(changes))
        return {r["region"]: float(r["welfare"]) for r in rows("simulate", "sample.world", "b.yaml")}

    found = welfare(None, 0)
    for player, value in outcome.items():
        assert found[player] == pytest.approx(value, abs=1e-8)
    for k, row in enumerate(settings):
        for by in (-1, 1):
            assert welfare(k, by)[row["player"]] < outcome[row["player"]]
    assert derisk("play", "sample.world", "a.yaml", "--scenario", "c.yaml", "--quiet").returncode == 0
    written = {r["region"]: float(r["welfare"]) for r in rows("simulate", "sample.world", "c.yaml")}
    for player, value in outcome.items():
        assert written[player] == pytest.approx(value, abs=1e-8)


WRONG_GAMES = {
    "a standing curb on the product": (
        ("  - player: CHN", "  - player: CHN\n    export-curb: {to: DEU, products: 847130}"),
        "the export curb of China to Germany is on electrical-optical from CHN to DEU, of which 'changes' sets a limit"
        " or a tax on exporters already",
        "changes: [{export-curb: {by: CHN, to: DEU, products: 8471, cut: 30%}}]\n",
    ),
    "a standing tariff on products of the sector": (
        ("{on: CHN, products: [HS8542, HS847130]}", "{on: CHN, sectors: ELE}"),
        "the tariff of Germany on China is on electrical-optical from CHN to DEU, of which 'changes' sets tariffs on"
        " products already",
        "changes: [{tariff: {by: DEU, on: CHN, products: 8471, rate: 30%}}]\n",
    ),
    "a standing tariff-rate quota": (
        ("", ""),
        "the tariff of Germany on China is on electrical-optical from CHN to DEU, of which 'changes' sets a"
        " tariff-rate quota already",
        "changes: [{tariff-rate-quota: {by: DEU, on: CHN, products: 8471, in-quota: 0%, over-quota: 3%, quota: 9%}}]\n",
    ),
    "a standing ban without a nest": (
        ("products: nest\n", ""),
        "a.yaml:9:10: trade costs, bans, limits and export taxes of products need imports that are made of products,"
        " and only their tariffs have an average for a sector; expected products nest",
        "changes: [{ban: {by: DEU, on: CHN, products: 8471}}]\n",
    ),
    "average": (
        ("products: nest\n", ""),
        "products in a game need a model whose imports are made of products; expected the setting products nest",
    ),
    "no such product": (
        ("HS847130", "HS9999"),
        "a.yaml:6:33: there is no product flow of 'HS9999' in 2011 (HS17); the nearest product is 870323",
    ),
    "no trade": (
        ("on: DEU, products: 87", "on: DEU, products: 8703.24"),
        "a.yaml:8:33: there is no product flow of '8703.24' in 2011 (HS17); the nearest product is 870323",
    ),
    "a product and its sector": (
        ("{on: CHN, products: [HS8542, HS847130]}", "[{on: CHN, products: 8542}, {on: CHN, sectors: ELE}]"),
        "DEU has two tariffs or use taxes on electrical-optical from CHN to DEU; expected one",
    ),
}


@pytest.mark.parametrize("case", WRONG_GAMES.values(), ids=WRONG_GAMES)
def test_games_of_products_that_are_wrong(flows, refused, here, case):
    change, line, *standing = case
    (here / "a.yaml").write_text(GAME.replace(*change) + "".join(standing))
    refused(2, line, "play", "sample.world", "a.yaml")


def welfare_of(rows, here, changes, horizon="medium"):
    (here / "b.yaml").write_text(f"horizon: {horizon}\nproducts: nest\nchanges:\n{changes}")
    return {r["region"]: float(r["welfare"]) for r in rows("simulate", "sample.world", "b.yaml")}


def test_products_withheld(flows, rows, here, refused):
    """The loss without a set of products is that of a ban of them."""
    game = "play: coercion\nhorizon: medium\nproducts: nest\nof: DEU\nby: CHN\nsectors: [HS85, HS2805]\n"
    (here / "a.yaml").write_text(game)
    table = {r["withheld"]: r for r in rows("play", "sample.world", "a.yaml", "--most", "0")}
    assert {"280530", "851762", "854231", "854239"} < set(table)
    assert all(name in table for name in ("851762+854231", "280530+851762+854231+854239"))
    for name in ("854231", "280530+851762", "280530+851762+854231+854239"):
        codes = "[" + ", ".join(f"'{code}'" for code in name.split("+")) + "]"
        welfare = welfare_of(rows, here, f"- ban: {{by: DEU, on: CHN, products: {codes}}}\n")
        assert float(table[name]["loss"]) == pytest.approx(-welfare["DEU"], abs=1e-8)
        assert float(table[name]["own_loss"]) == pytest.approx(-welfare["CHN"], abs=1e-8)
    imports = [float(table[k]["imports"]) for k in ("280530", "851762", "280530+851762")]
    assert imports[0] + imports[1] == pytest.approx(imports[2], rel=1e-12)
    (here / "a.yaml").write_text(game.replace("products: nest\n", ""))
    refused(
        2,
        "a.yaml:5:10: products in a game need a model whose imports are made of products; expected the setting products"
        " nest",
        "play",
        "sample.world",
        "a.yaml",
    )
    (here / "a.yaml").write_text(game.replace("of: DEU", "of: BRA"))
    line = "BRA buys nothing of these products from CHN: there is nothing to withhold"
    refused(2, line, "play", "sample.world", "a.yaml")


@pytest.mark.parametrize(
    "measure, change",
    [
        ("tariff: 25%", "tariff: {{by: {by}, on: CHN, products: 8542, add: 25%}}"),
        ("export-curb: 50%", "export-curb: {{by: {by}, to: CHN, products: 8542, cut: 50%}}"),
        ("ban: exports", "ban: {{by: CHN, on: {by}, products: 8542}}"),
    ],
)
def test_coalitions_on_products(flows, rows, here, refused, measure, change):
    """What a partner adds first is the difference of two scenarios; one that does not trade the products adds
    nothing."""
    game = "play: coalition\nhorizon: medium\nproducts: nest\nof: DEU\nagainst: CHN\nsectors: HS8542\n"
    (here / "a.yaml").write_text(game + f"partners: [USA, BRA]\n{measure}\n")
    table = {r["partner"]: r for r in rows("play", "sample.world", "a.yaml")}
    alone = welfare_of(rows, here, "- " + change.format(by="DEU") + "\n")
    both = welfare_of(rows, here, "- " + change.format(by="[DEU, USA]") + "\n")
    assert float(table["USA"]["first"]) == pytest.approx(both["DEU"] - alone["DEU"], abs=1e-8)
    assert float(table["USA"]["first_against"]) == pytest.approx(both["CHN"] - alone["CHN"], abs=1e-8)
    assert float(table["BRA"]["first"]) == pytest.approx(0, abs=1e-9)
    (here / "a.yaml").write_text(game.replace("DEU", "IND") + f"partners: [BRA]\n{measure}\n")
    line = "neither IND nor its partners trade these products with CHN: there is no policy"
    refused(2, line, "play", "sample.world", "a.yaml")


def test_a_delay_is_of_sectors(flows, refused, here):
    (here / "a.yaml").write_text(
        "play: delay\nproducts: nest\nof: EU\nby: CHN\nsectors: HS8542\ncaps: [30%]\nat-least: 20%\n"
    )
    line = "a.yaml:5:10: the caps of a delay are on sectors; expected sectors, and no products"
    refused(2, line, "play", "sample.world", "a.yaml")


# ---- Quantities

WEIGHED = """t,i,j,k,v,q
2011,156,276,720110,500,1000
2011,156,276,720120,900,300
2011,156,251,720110,200,500
2011,842,276,720110,400,900
2011,842,276,720120,800,NA
2011,392,276,720120,700,250
"""


@pytest.fixture
def weighed(here, derisk):
    (here / "iron.csv").write_text(WEIGHED)
    done = derisk("import", "baci", "iron.csv", "--classification", "HS17", "--to", "sample.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


BY_WEIGHT = {
    "a duty on a tonne": (
        "- tariff: {by: EU, on: CHN, products: 7201, specific: 30, per: tonne}\n",
        # thousand dollars and tonnes: 1000 tonnes of 500,000 dollars, ...
        "- tariff: {by: DEU, on: CHN, products: '720110', rate: 6%}\n"
        "- tariff: {by: DEU, on: CHN, products: '720120', rate: 1%}\n"
        "- tariff: {by: FRA, on: CHN, products: '720110', rate: 7.5%}\n",
    ),
    "a compound duty on a kilogram": (
        "- tariff: {by: DEU, on: CHN, products: 720110, add: 4%, specific: 0.03, per: kg}\n",
        "- tariff: {by: DEU, on: CHN, products: '720110', add: 10%}\n",
    ),
    "a quota in tonnes": (
        "- quota: {by: DEU, on: [CHN, USA], products: '720110', at: 1330 tonnes}\n",
        "- quota: {by: DEU, on: [CHN, USA], products: '720110', at: 70%}\n",
    ),
    "a curb in kilograms": (
        "- export-curb: {by: CHN, to: DEU, products: '720120', at: 150000 kg}\n",
        "- export-curb: {by: CHN, to: DEU, products: '720120', cut: 50%}\n",
    ),
    "a tariff-rate quota in tonnes": (
        "- tariff-rate-quota: {by: DEU, on: CHN, products: '720110', quota: 800 t, in-quota: 0%, over-quota: 25%}\n",
        "- tariff-rate-quota: {by: DEU, on: CHN, products: '720110', quota: 80%, in-quota: 0%, over-quota: 25%}\n",
    ),
}


@pytest.mark.parametrize("weight, part", BY_WEIGHT.values(), ids=BY_WEIGHT)
def test_weights_are_parts_by_the_quantities_of_flows(weighed, rows, here, weight, part):
    """Unit values of the flows make the rate of a duty on a tonne, and quantities the part that a limit leaves. The
    equilibrium of rates and parts is computed plainly in tests/equilibrium/test_tier.c."""
    found, plain = welfare_of(rows, here, weight), welfare_of(rows, here, part)
    assert max(abs(value) for value in plain.values()) > 1e-7
    for region, value in plain.items():
        assert found[region] == pytest.approx(value, abs=1e-10)


def test_notes_of_weights(weighed, derisk, here):
    (here / "a.yaml").write_text(
        "changes:\n- tariff: {by: EU, on: CHN, products: 7201, specific: 30, per: tonne}\n"
        "- quota: {by: DEU, on: JPN, products: 7201, at: 200 tonnes}\n"
    )
    said = " ".join(derisk("simulate", "sample.world", "a.yaml").stdout.split())
    assert (
        "change 1: a duty of 30 a tonne (US dollars, current prices) is a tariff of 1% to 7.5% at the unit values of"
        " its 3 product flows in 2011, 3.375% on average, which is kept as prices change" in said
    )
    assert "change 2: 200 tonnes are 80.00% of the quantity of its product flows in 2011" in said


WRONG_WEIGHTS = {
    "a flow without a quantity": (
        "tariff: {by: DEU, on: USA, products: 7201, specific: 30, per: tonne}",
        "a.yaml:1:20: the quantity of the flow of product 720120 from USA to DEU in 2011 is not known; expected"
        " products with quantities, a duty with 'price', or a limit as a value or a part of the base",
    ),
    "a unit that is no weight": (
        "tariff: {by: DEU, on: CHN, products: 7201, specific: 30, per: litre}",
        "a.yaml:1:74: 'litre'; expected tonne or kg, in which product flows have quantities, or a 'price'",
    ),
    "no unit": (
        "tariff: {by: DEU, on: CHN, products: 7201, specific: 30}",
        "a.yaml:1:20: the key 'per' is missing in 'tariff'",
    ),
    "tonnes of a sector": (
        "quota: {by: DEU, on: CHN, sectors: MET, at: 300 tonnes}",
        "a.yaml:1:56: '300 tonnes' is a quantity, which flows of products have; expected 'products', or a value in the"
        " unit of the world, a part of the base such as 60%, or, of products, tonnes",
    ),
    "more than there is": (
        "quota: {by: DEU, on: CHN, products: '720110', at: 1001 tonnes}",
        "a.yaml:1:19: a limit at 1001 tonnes; expected at most the 1000 tonnes of the base",
    ),
    "each of several flows": (
        "export-curb: {by: CHN, to: EU, products: 7201, at: 100 tonnes, together: false}",
        "a.yaml:1:25: a limit in tonnes on each of 3 product flows; expected 'together: true', or a part of the base",
    ),
}


@pytest.mark.parametrize("change, line", WRONG_WEIGHTS.values(), ids=WRONG_WEIGHTS)
def test_weights_that_are_wrong(weighed, refused, here, change, line):
    (here / "a.yaml").write_text(f"changes: [{{{change}}}]\n")
    refused(2, line, "simulate", "sample.world", "a.yaml")


def test_settings_in_a_file(flows, rows, here):
    (here / "thetas.csv").write_text("product,trade_elasticity\n8542,3\n87,9\n")
    (here / "a.yaml").write_text(
        "products: nest\nproduct-elasticity: thetas.csv\nproduct-substitution: 2\nimport-elasticity: 1.5\n"
        "changes: [{tariff: {by: USA, on: CHN, rate: 20%}}]\n"
    )
    line = [
        "simulate",
        "sample.world",
        "--tariff",
        "USA:CHN:all:20%",
        "--products",
        "nest",
        "--product-elasticity",
        "thetas.csv",
    ]
    assert rows("simulate", "sample.world", "a.yaml") == rows(
        *line, "--product-substitution", "2", "--import-elasticity", "1.5"
    )


def test_cuts_of_products(flows, rows, refused):
    """The loss without a supplier of a product is that of the ban; the first-order loss is near it; all pairs are
    there."""
    table = rows("exposure", "sample.world", "DEU", "--cut", "--products", "--horizon", "medium")
    assert {(r["supplier"], r["product"]) for r in table} == {(i, p) for n, i, p in flows if n == "DEU"}
    losses = [float(r["loss"]) for r in table]
    assert losses == sorted(losses, reverse=True)
    worst = table[0]
    ban = rows(
        "simulate", "sample.world", "--ban", f"DEU:{worst['supplier']}:HS{worst['product']}", "--horizon", "medium"
    )
    assert float(worst["loss"]) == pytest.approx(
        -next(float(r["welfare"]) for r in ban if r["region"] == "DEU"), abs=1e-10
    )
    for row in table:
        assert 0.5 < (float(row["loss_at_given_costs"]) + 1e-3) / (float(row["loss"]) + 1e-3) < 2
    refused(
        1,
        "exposure: --to cannot be combined with --products without --cut",
        "exposure",
        "sample.world",
        "EU",
        "--products",
        "--to",
        "CHN",
    )
    refused(
        1,
        "exposure: --rule cannot be combined with --cut",
        "exposure",
        "sample.world",
        "EU",
        "--cut",
        "--products",
        "--rule",
        "geodep",
    )
    line = "there are no product flows between the two sides in these sectors"
    refused(2, line, "exposure", "sample.world", "EU", "--cut", "--products", "--sectors", "services")
