"""Prices of carbon, the tables of emissions and of jobs, households and places, and every bad input with its line."""

import csv
import io
import json

import pytest

CO2 = """region,sector,year,account,unit,value
CHN,utilities,2011,CO2,kt,4000000
CHN,metals,2011,CO2,kt,2000000
USA,utilities,2011,CO2,kt,2300000
USA,final use,2011,CO2,kt,1100000
DEU,utilities,2011,CO2,kt,330000
DEU,metals,2011,CO2,kt,70000
DEU,final use,2011,CO2,kt,190000
"""
JOBS = """region,sector,year,account,unit,value
CHN,textiles-leather,2011,employment,1000 persons,20000
CHN,metals,2011,employment,1000 persons,9000
DEU,textiles-leather,2011,employment,1000 persons,150
DEU,metals,2011,employment,1000 persons,1100
"""
TARIFF = ("--tariff", "EU:CHN:textiles-leather:30%")


@pytest.fixture
def emitting(derisk, here):
    """The sample world with emissions and jobs."""
    for name, text in (("co2.csv", CO2), ("jobs.csv", JOBS)):
        (here / name).write_text(text)
        done = derisk("import", "account", name, "--to", "sample.world", "--quiet")
        assert done.returncode == 0, done.stderr
    return here


@pytest.fixture
def table(derisk):
    def answer(*arguments):
        done = derisk("simulate", "sample.world", *arguments, "--format", "json")
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    return answer


def by(rows, key="region"):
    return {row[key]: row for row in rows}


def test_a_carbon_price_and_what_comes_back(emitting, table):
    answer = table("--carbon-price", "DEU:all:50:0.5", "--table", "emissions", "--social-cost", "156.2")
    rows = by(answer["rows"])
    world, germany = rows["world"], rows["DEU"]
    assert germany["produced"] == pytest.approx(590) and world["produced"] == pytest.approx(9990)
    assert germany["produced_change"] < -50 and germany["carbon_revenue"] > 10000
    for column in ("", "_new", "_change"):
        assert world[f"produced{column}"] == pytest.approx(world[f"consumed{column}"], rel=1e-9)
    elsewhere = world["produced_change"] - germany["produced_change"]
    assert answer["leakage"] == pytest.approx(elsewhere / -germany["produced_change"])
    damage = germany["welfare"] - germany["welfare_with_carbon"]
    assert damage < 0 and damage == pytest.approx(rows["JPN"]["welfare"] - rows["JPN"]["welfare_with_carbon"])


def test_options_do_what_a_file_does(emitting, table):
    (emitting / "carbon.yaml").write_text(
        "changes:\n"
        "  - carbon-price: {in: [DEU, USA], sectors: utilities, price: 60, currency: USD, abatement: 0.3}\n"
        "  - carbon-border: {by: DEU, on: CHN, price: 60, basis: embodied}\n"
    )
    given = ("--carbon-price", "DEU,USA:utilities:60:0.3", "--carbon-border", "DEU:CHN:all:60:embodied")
    assert table("carbon.yaml")["rows"] == table(*given)["rows"]
    swept = table("--carbon-price", "DEU:all:50", "--sweep", "price=10:30:10")["rows"]
    assert {row["price"] for row in swept} == {"10", "20", "30"}


@pytest.mark.parametrize("options", [[], ["--horizon", "short"], ["--model", "baqaee-farhi", "--rigid-wages", "EU"]])
def test_welfare_is_explained(emitting, table, options):
    given = ("--carbon-price", "DEU,CHN:all:80:0.5", "--carbon-border", "DEU:USA:all:80", *options)
    rows = table(*given, "--table", "decomposition")["rows"]
    assert all(abs(row["remainder"]) < 1e-6 for row in rows if row["remainder"] is not None)
    assert by(rows)["DEU"]["technical"] < 0


def test_a_rebate_helps_exports(emitting, table):
    change = "  - carbon-border: {{by: DEU, on: USA, sectors: metals, price: 60, rebate: {}}}\n"
    exports = {}
    for rebate in ("none", "exports"):
        (emitting / "border.yaml").write_text(
            "changes:\n  - carbon-price: {in: [DEU, USA], price: 60}\n" + change.format(rebate)
        )
        flows = table("border.yaml", "--table", "flows")["rows"]
        exports[rebate] = next(
            row["new"] for row in flows if (row["exporter"], row["importer"], row["sector"]) == ("DEU", "USA", "MET")
        )
    assert exports["exports"] > exports["none"]


BAD = [
    ("carbon-price: {in: DEU}", "2:19: the key 'price' is missing in 'carbon-price'"),
    ("carbon-price: {in: DEU, price: -5}", "2:36: a carbon price of -5; expected 0 or more"),
    ("carbon-price: {in: DEU, price: fifty}", "2:36: 'fifty' is not a number; expected a price of a tonne such as 50"),
    (
        "carbon-price: {in: DEU, price: 5, abatement: -1}",
        "2:50: an abatement elasticity of -1; expected 0 or more",
    ),
    (
        "carbon-price: {in: DEU, price: 5, currency: EUR}",
        "2:49: a price in 'EUR', where the values of the world are in US dollars; expected a price in these, or no "
        "currency",
    ),
    (
        "carbon-price: {in: FRA, price: 5}",
        "2:19: the account 'CO2' has no emissions of sectors of FRA; expected numbers for each region whose carbon is "
        "priced",
    ),
    (
        "carbon-price: {in: DEU, sectors: food, price: 5}",
        "2:19: change 1 (carbon-price) changes nothing: none of the sectors emits anything there",
    ),
    (
        "carbon-border: {by: DEU, on: CHN, price: 5, basis: embodyed}",
        "2:56: unknown basis 'embodyed'; expected one such as 'direct'; did you mean 'embodied'?",
    ),
    (
        "carbon-border: {by: DEU, on: CHN, price: 5, rebate: yes}",
        "2:57: unknown rebate 'yes'; expected one such as 'none'",
    ),
]


@pytest.mark.parametrize("change, line", BAD)
def test_wrong_changes(emitting, refused, change, line):
    (emitting / "bad.yaml").write_text(f"changes:\n  - {change}\n")
    refused(2, f"bad.yaml:{line}", "simulate", "sample.world", "bad.yaml")


def test_no_account(derisk, refused, here):
    line = (
        "--carbon-price EU:all:50: the world has no account of emissions, which a price of carbon needs: expected one "
        "called CO2 or GHG in t, kt or Mt; 'derisk import account FILE.csv' adds one"
    )
    refused(2, line, "simulate", "sample.world", "--carbon-price", "EU:all:50")
    done = derisk("simulate", "sample.world", *TARIFF, "--table", "emissions")
    assert done.returncode == 2 and "'derisk import account FILE.csv' adds one" in done.stderr
    done = derisk("simulate", "sample.world", *TARIFF, "--table", "jobs")
    assert done.returncode == 2 and "needs an account of persons who work in each sector" in done.stderr


def test_armington(emitting, derisk):
    done = derisk("simulate", "sample.world", "--carbon-price", "DEU:all:50", "--model", "armington")
    assert done.returncode == 2 and "carbon cannot be priced by what sectors emit" in done.stderr


def test_negative_emissions(derisk, here, refused):
    (here / "co2.csv").write_text(CO2.replace("70000", "-70000"))
    assert derisk("import", "account", "co2.csv", "--to", "sample.world", "--quiet").returncode == 0
    line = "the account 'CO2' has negative emissions of MET in DEU (-7e+07 t); expected 0 or more"
    refused(2, f"--carbon-price DEU:all:50: {line}", "simulate", "sample.world", "--carbon-price", "DEU:all:50")


def test_jobs(emitting, table):
    rows = [row for row in table(*TARIFF, "--table", "jobs")["rows"] if row["sector"] == "all" == row["skill"]]
    china = by(rows)["CHN"]
    assert china["jobs"] == 29e6 and china["lost"] > 1e6
    assert china["moved"] == pytest.approx(min(china["lost"], china["gained"]))
    assert china["jobs_change"] == pytest.approx(china["gained"] - china["lost"])
    rigid = ("--horizon", "short", "--rigid-wages", "CHN")
    china = by(row for row in table(*TARIFF, *rigid, "--table", "jobs")["rows"] if row["sector"] == "all")["CHN"]
    assert china["unemployed"] == pytest.approx(china["jobs"] - china["jobs_new"]) and china["unemployed"] > 0


def test_jobs_by_skill(derisk, here, table):
    skills = {"Low-skilled male": 3, "High-skilled female": 1}
    with open(here / "skills.csv", "w") as file:
        file.write("region,sector,year,account,unit,value\n")
        for skill, part in skills.items():
            file.write(f"CHN,TEX,2011,Employment people: {skill},1000 persons,{1000 * part}\n")
            file.write(f"CHN,MET,2011,Employment people: {skill},1000 persons,{500 if part == 1 else 0}\n")
    done = derisk("import", "account", "skills.csv", "--to", "sample.world", "--quiet")
    assert done.returncode == 0, done.stderr
    answer = table(*TARIFF, "--table", "jobs")["rows"]
    rows = {row["skill"]: row for row in answer if row["region"] == "CHN" and row["sector"] == "all"}
    assert set(rows) == {"all", *skills}
    for column in ("jobs", "jobs_new", "jobs_change", "lost", "gained"):
        assert rows["all"][column] == pytest.approx(sum(rows[skill][column] for skill in skills))
    assert rows["Low-skilled male"]["moved"] == 0 < rows["High-skilled female"]["moved"]


HOUSEHOLDS = """region,group,kind,item,value
DEU,poor,people,,40
DEU,poor,income,labour,600
DEU,poor,expenditure,food,25
DEU,poor,expenditure,TEX,15
DEU,rich,people,,40
DEU,rich,income,labour,1800
DEU,rich,expenditure,food,100
DEU,rich,expenditure,TEX,5
"""


def test_households(emitting, table, simulate_rows):
    (emitting / "households.csv").write_text(HOUSEHOLDS)
    rows = by(table(*TARIFF, "--households", "households.csv")["rows"], "group")
    region = by(simulate_rows(*TARIFF))["DEU"]
    assert rows["poor"]["price"] > rows["rich"]["price"] and rows["poor"]["real_income"] < rows["rich"]["real_income"]
    assert rows["all"]["gini"] == pytest.approx(0.25)
    assert rows["all"]["gini_new"] > rows["all"]["gini"]
    total = sum(rows[group]["people"] * rows[group]["income"] for group in ("poor", "rich"))
    assert total == pytest.approx(1e6 * float(region["income"]))
    assert rows["all"]["people"] == 80


@pytest.fixture
def simulate_rows(derisk):
    def rows(*arguments):
        done = derisk("simulate", "sample.world", *arguments, "--table", "money", "--format", "csv")
        return list(csv.DictReader(io.StringIO(done.stdout)))

    return rows


@pytest.mark.parametrize(
    "was, is_, line",
    [
        ("DEU,poor,people,,40\n", "", "households.csv: the group 'poor' of DEU has no people"),
        ("income,labour,600", "income,capital,600", "households.csv:3:4: unknown source of income 'capital'"),
        ("expenditure,TEX,5", "expenditure,TEX,-5", "households.csv:9:5: a value of -5; expected 0 or more"),
        ("expenditure,TEX,5", "spending,TEX,5", "households.csv:9:3: unknown kind 'spending'"),
        ("expenditure,TEX,5", "expenditure,TIX,5", "households.csv:9:4: "),
        ("DEU,rich,people", "DEV,rich,people", "households.csv:6:1: "),
    ],
)
def test_wrong_households(derisk, here, was, is_, line):
    (here / "households.csv").write_text(HOUSEHOLDS.replace(was, is_))
    done = derisk("simulate", "sample.world", *TARIFF, "--households", "households.csv")
    assert done.returncode == 2 and line in done.stderr and done.stderr.count("\n") == 1


def test_places(emitting, derisk, table):
    (emitting / "places.csv").write_text(
        "place,region,sector,workers\nA,DEU,TEX,100000\nB,DEU,TEX,50000\nB,DEU,MET,50000\n"
    )
    rows = by(table(*TARIFF, "--places", "places.csv")["rows"], "place")
    sectors = {(row["region"], row["sector"]): row for row in table(*TARIFF, "--table", "sectors")["rows"]}
    textiles, metals = sectors["DEU", "TEX"], sectors["DEU", "MET"]
    share = textiles["jobs_change"] / textiles["jobs"]
    assert rows["A"]["jobs_change"] == pytest.approx(100000 * share)
    per_worker = [(row["value_added_value_new"] - row["value_added_value"]) / row["jobs"] for row in (textiles, metals)]
    assert rows["A"]["exposure"] == pytest.approx(1e6 * per_worker[0])
    assert rows["B"]["exposure"] == pytest.approx(1e6 * sum(per_worker) / 2)
    (emitting / "places.csv").write_text("place,region,sector,workers\nA,DEU,TEX,100000\nA,FRA,TEX,5\n")
    done = derisk("simulate", "sample.world", *TARIFF, "--places", "places.csv")
    assert done.returncode == 2
    assert "places.csv:3:1: 'A' is in DEU as well; expected a name for each place" in done.stderr


def test_lists_of_common_goods(derisk, here):
    """In the edition of the flows: APEC's 8541.40 of HS 2007 is four codes in 2022; the crops are headings."""
    rows = {"854140": "green", "850231": "green", "100590": "food", "300220": None, "701090": "vaccines"}
    rows["847130"] = None
    (here / "flows_hs07.csv").write_text(
        "t,i,j,k,v,q\n" + "".join(f"2011,156,276,{product},{1000 + k},1\n" for k, product in enumerate(rows))
    )
    done = derisk("import", "baci", "flows_hs07.csv", "--to", "sample.world", "--quiet")
    assert done.returncode == 0, done.stderr
    for name in ("green", "food", "vaccines"):
        tariff = ("--tariff", f"DEU:CHN:{name}:50%")
        done = derisk("simulate", "sample.world", *tariff, "--table", "products", "--format", "csv")
        assert done.returncode == 0, done.stderr
        dearer = {
            row["product"]
            for row in csv.DictReader(io.StringIO(done.stdout))
            if row["importer"] == "DEU" and row["product"] != "rest" and float(row["price"]) > 1
        }
        on_list = {product for product, of in rows.items() if of == name}
        assert on_list <= dearer
        assert not any(rows[product] not in (name, None) for product in dearer)
