"""The answer in words with which the text of every command begins."""

import json
import math
import re

import pytest

PLAN = ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "40%", "--sectors", "electrical-optical")

# What each command says first on the sample world, word for word.
SENTENCES = [
    (
        ("balance", "sample.world", "EU", "CHN"),
        (
            "In 2011 the EU bought goods and services for 445.0 billion US dollars from China and sold it 323.8"
            " billion: a deficit of 121.2 billion."
        ),
    ),
    (
        ("balance", "sample.world", "EU,RUS"),
        (
            "In 2011 the EU and Russia bought goods and services for 2.706 trillion US dollars from all other regions"
            " and sold them 3.197 trillion: a surplus of 490.9 billion."
        ),
    ),
    (
        ("balance", "sample.world", "EU", "CHN", "--by", "sector"),
        (
            "The largest deficit is in electrical and optical equipment (98.22 billion), the largest surplus in"
            " machinery, n.e.c. (32.17 billion)."
        ),
    ),
    (
        ("balance", "sample.world", "EU", "CHN", "--value-added"),
        (
            "In value added, which counts what each side adds to the final use of the other through all countries, it"
            " is a deficit of 60.44 billion US dollars."
        ),
    ),
    (
        ("balance", "sample.world", "EU", "CHN", "--terms", "borin-mancini"),
        (
            "In 2011 the EU exported goods and services for 323.8 billion US dollars to China: 81.91% of this is its"
            " value added that is used abroad, 3.08% its value added that comes home in the end, 14.14% value added of"
            " others, and 0.87% is counted more than once."
        ),
    ),
    (
        ("ties", "sample.world", "--sectors", "mining"),
        (
            "Of the goods and services of these sectors, the largest flow of trade in 2011 went from the rest of the"
            " world to the United States: 200.7 billion US dollars, 11.70% of the 1.715 trillion US dollars between all"
            " regions."
        ),
    ),
    (
        ("exposure", "sample.world", "EU", "--to", "CHN"),
        (
            "In 2011 the EU imported goods and services for 445.0 billion US dollars from China: 16.38% of its imports,"
            " and 1.34% of all that it bought at home and abroad."
        ),
    ),
    (
        ("exposure", "sample.world", "EU"),
        (
            "Dependence is largest in mining and quarrying (64.51% of purchases) and textiles, clothing, leather and"
            " footwear (39.68%)."
        ),
    ),
    (
        ("exposure", "sample.world", "EU", "--partners"),
        (
            "In 2011 the EU imported goods and services for 2.716 trillion US dollars, the largest parts from the rest"
            " of the world (33.99%), the United States (17.57%) and China (16.38%)."
        ),
    ),
    (
        ("exposure", "sample.world", "EU", "--to", "CHN", "--hidden"),
        (
            "Of the inputs that the EU bought in 2011, 1.48% came directly from China. Of the output behind them at all"
            " stages of production, 3.88% was made there: 0.72% for direct sale to the EU and 3.17% for other"
            " suppliers."
        ),
    ),
    (
        ("exposure", "sample.world", "EU", "--hidden"),
        "The largest supplier, counting all stages, is the rest of the world with 6.81%.",
    ),
    (
        ("exposure", "sample.world", "EU", "--to", "CHN", "--cut"),
        (
            "The worst of these cut-offs for the EU would be that of electrical and optical equipment from China: it"
            " would cost 21.06 billion US dollars a year on the trade of 2011, 0.13% of real income, and China would"
            " lose 14.95 billion."
        ),
    ),
    (
        ("exposure", "sample.world", "EU", "--to", "RUS", "--routes", "3"),
        (
            "The largest supply chain from Russia to the EU carried 20.45 billion US dollars in 2011, 2.61% of all"
            " direct and indirect deliveries: RUS mining > XEU refined-petroleum."
        ),
    ),
    (
        ("position", "sample.world", "CHN"),
        "Furthest away is mining and quarrying (4.52 stages), nearest is construction (1.07).",
    ),
    (("position", "sample.world", "--by", "region"), "Furthest away is China (2.78 stages), nearest is Mexico (1.75)."),
    (
        ("propagate", "sample.world", "energy-stop.yaml"),
        "The rest of the EU loses most: value added of 205.7 billion US dollars in 365 days, 5.78% of it.",
    ),
    (
        ("propagate", "sample.world", "energy-stop.yaml", "--table", "path"),
        "Value added falls furthest in Poland, to 23.19% below the base on day 365.",
    ),
    (
        PLAN,
        (
            "Less dependence costs all regions together 1.448 billion US dollars a year, 0.0087% of the real income of"
            " the EU."
        ),
    ),
    (PLAN, "The highest tariff is 7.07%, for electrical and optical equipment."),
    (
        ("play", "sample.world", "eu-china.yaml"),
        "The EU loses 4.251 billion US dollars a year, 0.0257% of its real income.",
    ),
    (
        ("play", "sample.world", "coalition.yaml"),
        (
            "With all partners the changes are 0.0543% and -1.4322%: the partners add +9.118 billion US dollars a year"
            " for the EU and -74.15 billion US dollars for China."
        ),
    ),
    (
        ("play", "sample.world", "china-delays.yaml"),
        (
            "Keeping it there costs China 71.25 billion US dollars in total, 17.81 billion US dollars for each year of"
            " delay, undiscounted."
        ),
    ),
    (
        ("play", "sample.world", "china-withholds.yaml"),
        (
            "Leverage is largest with textiles-leather, refined-petroleum, electrical-optical: relative to real income"
            " the EU loses 0.606 times as much as China."
        ),
    ),
    (("info", "sample.world"), "The world has 22 regions, 17 sectors and 4 groups of regions in 1 year: 2011."),
    (
        ("check", "sample.world"),
        "Of 37 checks of the file and its numbers, 1 wants a look; the others found nothing wrong.",
    ),
]


@pytest.mark.parametrize(
    "arguments, sentence",
    SENTENCES,
    ids=lambda value: " ".join(value[:1] + value[2:5]) if isinstance(value, tuple) else "",
)
def test_sentences(derisk, arguments, sentence):
    done = derisk(*arguments, "--format", "json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    table = json.loads(done.stdout)
    assert sentence in table["answer"]
    assert all(said[0].isupper() and said.endswith(".") and "nan" not in said.split() for said in table["answer"])
    text = " ".join(derisk(*arguments, "--quiet").stdout.split())
    assert text.startswith(" ".join([table["title"], *table["answer"]]))


def test_gravity_says_what_a_coefficient_means(derisk):
    done = derisk(
        "gravity",
        "goods.csv.gz",
        "--world",
        "sample.world",
        "--formula",
        "trade ~ both(EU) | exporter^year + importer^year + pair",
        "--format",
        "json",
    )
    table = json.loads(done.stdout)
    (row,) = table["rows"]
    (said,) = table["answer"]
    numbers = [float(number) for number in re.findall(r"\d+\.\d+", said)]
    assert numbers == pytest.approx([math.exp(row[name]) for name in ("coefficient", "low", "high")], abs=0.005)


def test_the_numbers_are_those_of_the_table(derisk):
    """The sentence of a balance, read back."""
    table = json.loads(derisk("balance", "sample.world", "EU", "CHN", "--format", "json").stdout)
    bought, sold, deficit = (1e3 * float(number) for number in re.findall(r"([\d.]+) billion", table["answer"][0]))
    (row,) = table["rows"]
    assert (bought, sold, -deficit) == pytest.approx((row["imports"], row["exports"], row["balance"]), rel=5e-4)


def test_no_answer_is_an_empty_list(derisk):
    assert json.loads(derisk("results", "sample.world", "--format", "json").stdout)["answer"] == []


def test_answers_in_latex_are_comments(derisk, here):
    assert derisk("balance", "sample.world", "EU", "CHN", "--output", "a.tex").returncode == 0
    assert (here / "a.tex").read_text().splitlines()[1].startswith("% In 2011 the EU bought")


def test_names_instead_of_codes(derisk):
    text = derisk("exposure", "sample.world", "EU", "--partners").stdout
    assert "\nRest of the world " in text and "\nROW" not in text
    assert "CHN" in derisk("exposure", "sample.world", "EU", "--partners", "--format", "csv").stdout
    text = derisk("exposure", "sample.world", "EU").stdout
    assert "\nMining and quarrying " in text and "\nmining" not in text


def test_groups_have_their_short_names(derisk):
    text = derisk("propagate", "sample.world", "energy-stop.yaml", "--all").stdout
    assert "\nEuropean Union " in text and "until 1993" not in text


def test_a_stored_run_keeps_its_answer(derisk):
    tariff = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
    solved = json.loads(derisk(*tariff, "--store", "a run", "--format", "json", "--quiet").stdout)
    kept = json.loads(derisk("results", "sample.world", "a run", "--format", "json").stdout)
    assert kept["answer"] == solved["answer"]
    assert "\nGermany " in derisk("results", "sample.world", "a run").stdout


# Who is touched, in the words of a reader: at most five names, or those who are missing.
SETS = [
    (
        "leave: {region: GBR, group: EU, trade-cost: 1.08}",
        "by the EU except the United Kingdom from the United Kingdom fall",
    ),
    (
        "trade-cost: {between: CHN, and: USA, sectors: all, times: 2}",
        "by China and the United States from each other fall",
    ),
    ("tariff: {by: USA, on: all, sectors: goods, except: [CAN, MEX], rate: 10%}",
     "by the United States from all other regions except Canada and Mexico fall"),
    ("tariff: {by: USA, on: all, sectors: goods, rate: 10%}", "by the United States from all other regions fall"),
    (
        "ban: {by: all, on: RUS, sectors: mining}",
        "by all other regions from Russia, 167.5 billion US dollars in the base, end.",
    ),
    ("tariff: {by: [EU, USA, JPN, CAN, AUS], on: CHN, sectors: goods, rate: 10%}",
     "by the EU, the United States, Japan, Australia and Canada from China fall"),
    (
        "tariff: {by: [USA, JPN, CAN, AUS, KOR, MEX], on: CHN, sectors: goods, rate: 10%}",
        "by 6 regions from China fall",
    ),
]  # fmt: skip


@pytest.mark.parametrize("change, said", SETS, ids=[said for _, said in SETS])
def test_sets_of_regions_in_words(derisk, here, change, said):
    (here / "set.yaml").write_text(f"changes:\n  - {change}\n")
    done = derisk("simulate", "sample.world", "set.yaml", "--table", "overview", "--format", "json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert said in " ".join(json.loads(done.stdout)["answer"])


# Where a group is most of the regions of a world, who acts and who is acted on is said all the same.
MANY = [
    ("EU:CHN:goods:10%", "The EU gains ", " and China loses "),
    ("EU:all:goods:10%", "The EU gains ", " and all other regions lose "),
    ("all:EU:goods:10%", "The EU loses ", " and all other regions gain "),
    ("all:CHN:goods:10%", "China loses ", " and all other regions gain "),
    ("EU:all:goods:10%", "Imports of goods by the EU from all other regions fall by ", ""),
    ("all:EU:goods:10%", "Imports of goods by all other regions from the EU fall by ", ""),
]


@pytest.fixture
def few(derisk, here):
    """The sample with 8 members of the EU among its 15 regions."""
    kept = "DEU FRA ITA ESP NLD POL GBR XEU CHN USA JPN KOR IND RUS".split()
    rest = "TWN IDN AUS TUR CAN MEX BRA ROW".split()
    lines = ["region,to", *(f"{code},{code}" for code in kept), *(f"{code},ROW" for code in rest)]
    (here / "few.csv").write_text("\n".join(lines) + "\n")
    assert derisk("aggregate", "sample.world", "--regions", "few.csv", "--to", "few.world").returncode == 0
    return "few.world"


@pytest.mark.parametrize("tariff, begins, goes_on", MANY)
def test_a_group_of_most_regions_is_named(derisk, few, tariff, begins, goes_on):
    done = derisk("simulate", few, "--tariff", tariff, "--table", "overview", "--format", "json", "--quiet")
    said = " ".join(json.loads(done.stdout)["answer"])
    assert begins in said and goes_on in said[said.index(begins) :]


def test_a_quota_that_does_not_bind_changes_nothing(derisk, here):
    (here / "loose.yaml").write_text(
        "changes:\n  - tariff-rate-quota: {by: EU, on: CHN, sectors: metals, quota: 200%, in-quota: 0%, over-quota:"
        " 25%}\n"
    )
    done = derisk("simulate", "sample.world", "loose.yaml", "--table", "overview", "--format", "json")
    assert json.loads(done.stdout)["answer"] == [
        "The EU neither gains nor loses and China neither gains nor loses.",
        "Imports of basic metals and fabricated metal by the EU from China, 23.70 billion US dollars, do not change.",
        "Real income changes nowhere.",
    ]
