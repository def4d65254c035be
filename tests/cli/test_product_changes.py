"""Tariffs on products: the rates of sectors that they become, computed here once more from the product flows."""

import csv
import random

import pytest

ECONOMIES = {156: "CHN", 842: "USA", 276: "DEU", 251: "FRA", 826: "GBR", 392: "JPN"}
SECTORS = {"854231": "ELE", "854239": "ELE", "851762": "ELE", "847130": "ELE", "870323": "TEQ", "300490": "CHE", "280530": "CHE"}
CRITICAL = {"chpl": {"854231", "854239", "851762"}, "crm": {"280530"}}


@pytest.fixture
def flows(here, derisk):
    """Product flows in the sample world: values by importer, exporter and product. Germany buys no lorries from China."""
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
    """The plain rule: every product has the tariff of its sector, but for those that `tariffs` (by importer, exporter and product)
    changes; that of a sector is the mean of its products, weighted by what the pair trades."""
    rates = {}
    for importer, exporter, product in tariffs:
        sector = SECTORS[product]
        of_pair = {p: v for (n, i, p), v in flows.items() if (n, i, SECTORS[p]) == (importer, exporter, sector)}
        rates[importer, exporter, sector] = sum(
            v * tariffs.get((importer, exporter, p), base.get((importer, exporter, sector), 0)) for p, v in of_pair.items()
        ) / sum(of_pair.values())
    return rates


def as_sectors(here, name, rates):
    with open(here / f"{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows(
            [["exporter", "importer", "sector", "tariff"], *([i, n, s, repr(rate)] for (n, i, s), rate in rates.items())]
        )
    (here / f"{name}.yaml").write_text(f"changes: [{{tariff: {{file: {name}.csv}}}}]\n")


MEMBERS = ("DEU", "FRA", "GBR")
CASES = {
    "codes": (
        "- tariff: {by: EU, on: CHN, products: [8542, '8517.62'], rate: 50%}\n",
        lambda flows: {key: 0.5 for key in flows if key[0] in MEMBERS and key[1] == "CHN" and key[2][:4] in ("8542", "8517")},
        {},
    ),
    "a chapter of one sector": (
        "- tariff: {by: [USA], on: [CHN, JPN], products: [85, 87], sectors: TEQ, add: 10%}\n",
        lambda flows: {key: 0.1 for key in flows if key[0] == "USA" and key[1] in ("CHN", "JPN") and key[2] == "870323"},
        {},
    ),
    "lists, over a tariff on the sector": (
        "- tariff: {by: USA, on: CHN, sectors: [ELE, CHE], rate: 20%}\n- tariff: {by: USA, on: CHN, products: [CHPL, crm], rate: 60%, replace: true}\n",
        lambda flows: {key: 0.6 for key in flows if key[:2] == ("USA", "CHN") and key[2] in CRITICAL["chpl"] | CRITICAL["crm"]},
        {("USA", "CHN", "ELE"): 0.2, ("USA", "CHN", "CHE"): 0.2},
    ),
    "products of which a later line takes some": (
        "- tariff: {by: USA, on: CHN, products: 85, rate: 20%}\n- tariff: {by: USA, on: CHN, products: 854231, at-least: 40%, replace: true}\n",
        lambda flows: {
            key: 0.4 if key[2] == "854231" else 0.2 for key in flows if key[:2] == ("USA", "CHN") and key[2].startswith("85")
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
    (here / "tariffs.csv").write_text("exporter,importer,product,tariff\nCHN,EU,8542,25%\nJPN,USA,870323,5%\nCHN,DEU,847130,0.15\n")
    (here / "products.yaml").write_text("changes:\n" + text)
    as_sectors(here, "plain", {**base, **sector_rates(flows, changed(flows), base)})
    found = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "products.yaml")}
    plain = {row["region"]: float(row["welfare"]) for row in rows("simulate", "sample.world", "plain.yaml")}
    assert max(abs(welfare) for welfare in plain.values()) > 1e-4
    for region, welfare in plain.items():
        assert found[region] == pytest.approx(welfare, abs=1e-10)


def test_results_say_how_much_they_are(flows, derisk, here):
    (here / "products.yaml").write_text("changes: [{tariff: {by: DEU, on: CHN, products: 8542, rate: 50%}}]\n")
    taken = sum(value for (n, i, p), value in flows.items() if (n, i, p[:4]) == ("DEU", "CHN", "8542"))
    every = sum(value for (n, i, p), value in flows.items() if (n, i, SECTORS[p]) == ("DEU", "CHN", "ELE"))
    printed = " ".join(derisk("simulate", "sample.world", "products.yaml").stdout.split())
    assert f"t' = t + part (t'[products] - t): {100 * taken / every:.2f}% of 1 flows," in printed
    assert "in the product flows of 2011 (HS17)" in printed


REFUSED = {
    "twice": (
        "changes:\n- tariff: {by: EU, on: CHN, products: 8542, rate: 50%}\n- tariff: {by: DEU, on: CHN, products: 85, rate: 20%}\n",
        "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff): both change the flow of product 854231 from CHN to DEU; "
        "'replace: true' overrides the earlier one",
    ),
    "a sector before": (
        "changes:\n- tariff: {by: EU, on: CHN, rate: 50%}\n- tariff: {by: DEU, on: CHN, products: 8542, rate: 20%}\n",
        "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff): both change the flow of ELE from CHN to DEU; "
        "'replace: true' overrides the earlier one",
    ),
    "a sector after": (
        "changes:\n- tariff: {by: DEU, on: CHN, products: 8542, rate: 20%}\n- tariff: {by: EU, on: CHN, rate: 50%}\n",
        "a.yaml:3:11: change 2 (tariff) conflicts with change 1 (tariff): both change the flow of ELE from CHN to DEU; "
        "'replace: true' overrides the earlier one",
    ),
    "no such code": (
        "changes: [{tariff: {by: EU, on: CHN, products: 9999, rate: 50%}}]\n",
        "a.yaml:1:48: there is no product flow of '9999' in 2011 (HS17)",
    ),
    "a misspelt list": (
        "changes: [{tariff: {by: EU, on: CHN, products: [chpk], rate: 50%}}]\n",
        "a.yaml:1:49: unknown products 'chpk'; expected codes of the Harmonized System such as 8542, or the lists chpl and crm; did you mean 'chpl'?",
    ),
    "no trade": (
        "changes: [{tariff: {by: EU, on: BRA, products: 8542, rate: 50%}}]\n",
        "a.yaml:1:20: change 1 (tariff) changes no flow: there are no product flows of 8542 between the two sides",
    ),
    "another instrument": (
        "changes: [{ban: {by: EU, on: CHN, products: 8542}}]\n",
        "a.yaml:1:35: unknown key 'products'",
    ),
    "twice in a file": (
        "changes: [{tariff: {file: twice.csv}}]\n",
        "twice.csv:3: the flow of product 854231 from CHN to DEU is given twice",
    ),
    "both columns in a file": (
        "changes: [{tariff: {file: both.csv}}]\n",
        "both.csv:1: expected one of the columns 'sector' and 'product'",
    ),
    "a code in a file": (
        "changes: [{tariff: {file: code.csv}}]\n",
        "code.csv:2:3: there is no product flow of '0101' in 2011 (HS17)",
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
    line = "products need product flows, and the world has none; 'derisk import' reads those of BACI, Comtrade or Comext into it"
    refused(2, f"a.yaml:1:48: {line}", "simulate", "sample.world", "a.yaml")
