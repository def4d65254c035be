"""Partial equilibrium by product: the published example of Francois and Hall (2003) as flows of a world, whose EU and
rest of the world are made of two economies each, and bad input."""

import csv

import pytest

# values at world prices; the trade of the EU and of the rest with themselves is that of their members
TRADE = {
    ("USA", "JPN"): 50, ("USA", "DEU"): 200, ("USA", "CHN"): 300,
    ("JPN", "USA"): 500, ("JPN", "DEU"): 150, ("JPN", "CHN"): 200,
    ("DEU", "USA"): 300, ("DEU", "JPN"): 100, ("DEU", "FRA"): 200, ("DEU", "CHN"): 200,
    ("CHN", "USA"): 50, ("CHN", "JPN"): 100, ("CHN", "FRA"): 110, ("CHN", "KOR"): 20,
}  # fmt: skip
CODES = {"USA": 842, "JPN": 392, "DEU": 276, "FRA": 251, "CHN": 156, "KOR": 410}
BASE = """exporter,importer,product,tariff
USA,JPN,all,21%
USA,EU,all,0.41
USA,rest,all,22%
JPN,USA,all,37%
JPN,EU,all,31%
JPN,rest,8703,23%
EU,USA,all,32%
EU,JPN,all,36%
EU,rest,all,18%
rest,USA,all,57%
rest,JPN,all,41%
rest,EU,all,25%
rest,rest,all,15%
"""


@pytest.fixture
def flows(here, derisk):
    with open(here / "baci.csv", "w") as file:
        file.write("t,i,j,k,v,q\n")
        for (i, j), value in TRADE.items():
            file.write(f"2020,{CODES[i]},{CODES[j]},870323,{value},1\n")
            file.write(f"2020,{CODES[i]},{CODES[j]},854231,{value},1\n")
    (here / "base.csv").write_text(BASE)
    done = derisk("import", "baci", "baci.csv", "--classification", "HS17", "--to", "products.world", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


REGIONS = ("--regions", "USA,JPN,EU", "--base-tariffs", "base.csv")


def partial(derisk, *more):
    return derisk("simulate", "products.world", "--partial", *more)


def rows(done):
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(done.stdout.splitlines()))


def test_published_example(derisk, flows):
    tariffs = ("--tariff", "USA:EU:HS8703:0%", "--tariff", "EU:USA:HS8703:0%")
    done = partial(derisk, *REGIONS, *tariffs, "--table", "prices", "--format", "csv")
    found = {row["region"]: row for row in rows(done)}
    assert {row["product"] for row in found.values()} == {"870323"}
    for region, price in {"USA": 0.0792, "JPN": -0.0316, "EU": 0.0480, "rest": -0.0184}.items():
        assert float(found[region]["price"]) / 100 == pytest.approx(price, abs=0.5e-4)
    for region, net in {"USA": 18.2, "JPN": -34.5, "EU": 14.5, "rest": -40.8}.items():
        assert float(found[region]["net"]) == pytest.approx(net, abs=0.06)


def test_tables_add_up(here, derisk, flows):
    (here / "new.csv").write_text("exporter,importer,product,tariff\nUSA,EU,all,0\nEU,USA,all,0\n")
    change = (*REGIONS, "--new-tariffs", "new.csv", "--format", "csv")
    regions, products = (rows(partial(derisk, *change, "--table", table)) for table in ("regions", "products"))
    prices, flows = (rows(partial(derisk, *change, "--table", table)) for table in ("prices", "flows"))
    net = sum(float(row["net"]) for row in regions)
    assert net == pytest.approx(sum(float(row["net"]) for row in products))
    assert net == pytest.approx(sum(float(row["net"]) for row in prices))
    new = sum(float(row["new"]) for row in flows)
    assert new == pytest.approx(sum(float(row["new_imports"]) for row in regions))
    assert new == pytest.approx(sum(float(row["new_exports"]) for row in regions))
    usa = next(row for row in flows if (row["exporter"], row["importer"]) == ("USA", "EU"))
    assert (float(usa["tariff"]), float(usa["new_tariff"])) == (pytest.approx(41), 0)


def test_economies_by_themselves(derisk, flows):
    done = partial(derisk, "--tariff", "EU:all:HS870323:10%", "--table", "flows", "--format", "csv")
    taxed = {(row["exporter"], row["importer"]) for row in rows(done) if float(row["new_tariff"]) > 0}
    assert taxed == {("USA", "DEU"), ("JPN", "DEU"), ("CHN", "FRA")}  # and not Germany's sales to France


def test_elasticities(here, derisk, flows):
    (here / "e.csv").write_text("product,demand,supply,substitution\n8703,1.25,1000,5\n")
    change = (*REGIONS, "--tariff", "USA:EU:all:0%", "--partial-elasticities", "e.csv", "--table", "prices")
    done = rows(partial(derisk, *change, "--format", "csv"))
    found = {(row["product"], row["region"]): float(row["price"]) for row in done}
    assert abs(found["870323", "EU"]) < 0.1 < 1 < abs(found["854231", "EU"])
    less = rows(partial(derisk, *change[:-4], "--supply-elasticity", "1000", "--table", "prices", "--format", "csv"))
    assert all(abs(float(row["price"])) < 0.1 for row in less)


@pytest.mark.parametrize(
    "more, status, says",
    [
        ((), 1, "simulate: --partial needs --tariff or --new-tariffs"),
        (("--tariff", "USA:EU:8703"), 2, "tariff 'USA:EU:8703': expected BY:ON:PRODUCTS:RATE"),
        (("--tariff", "USA:EU:cars:10%"), 2, "unknown product 'cars'; expected a code of the Harmonized System"),
        (("--tariff", "USA:XYZ:8703:10%"), 2, "XYZ"),
        (("--tariff", "USA:JPN:8703:-200%"), 2, "a tariff of -200%; expected more than -100%"),
        (("--tariff", "USA:JPN:01:10%"), 2, "none of these tariffs changes one on a product flow of 2020"),
        (("--tariff", "DEU:USA:8703:10%", "--regions", "EU"), 2, "'DEU' is a part of the region 'EU'; expected whole"),
        (("--tariff", "USA:JPN:8703:10%", "--regions", "EU,DEU"), 2, "regions: DEU is in 'EU' and in 'DEU'"),
        (("--tariff", "USA:JPN:8703:10%", "--table", "summary"), 1, "a partial equilibrium has no table 'summary'"),
        (("--tariff", "USA:JPN:8703:10%", "--horizon", "short"), 1, "--horizon"),
    ],
)
def test_bad_input(derisk, flows, more, status, says):
    done = partial(derisk, *more)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr


def test_bad_files(here, derisk, flows):
    (here / "bad.csv").write_text("exporter,importer,product,tariff\nUSA,EUU,all,0\n")
    done = partial(derisk, "--regions", "USA,JPN,EU", "--new-tariffs", "bad.csv")
    assert done.returncode == 2
    assert done.stderr == "derisk: bad.csv:2:2: unknown region 'EUU'; did you mean 'EU'?\n"
    (here / "bad.csv").write_text("exporter,importer,product,tariff\nUSA,EU,all,free\n")
    done = partial(derisk, "--regions", "USA,JPN,EU", "--base-tariffs", "bad.csv", "--tariff", "EU:USA:all:1%")
    assert "bad.csv:2:4: 'free' is not a tariff; expected a rate above -100%, such as 25%" in done.stderr


def test_prices_need_partial(derisk):
    done = derisk("simulate", "sample.world", "--tariff", "EU:CHN:all:10%", "--table", "prices")
    assert done.returncode == 1
    assert "--table prices needs --partial" in done.stderr
