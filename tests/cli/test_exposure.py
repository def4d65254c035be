"""derisk exposure against the flows in the world file and against simulate."""

import csv
import io
import json
import re

import pytest


def rows_of(derisk, *arguments, **settings):
    done = derisk("exposure", "sample.world", *arguments, "--format", "csv", **settings)
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture
def flows(derisk):
    """[(exporter, importer, sector's slug, value)] of the sample world: intermediate and final use, nothing below
    zero."""
    slug = {}
    for row in csv.DictReader(
        io.StringIO(derisk("export", "sample.world", "--table", "sector", "--format", "csv").stdout)
    ):
        slug[row["code"]] = row["slug"]
    found = []
    for table in ("intermediate", "final"):
        exported = derisk("export", "sample.world", "--table", table, "--format", "csv").stdout
        for row in csv.DictReader(io.StringIO(exported)):
            value = max(0, float(row["value"]))
            found.append((row["origin"], row["destination"], slug[row["supplier"]], value))
    return found


@pytest.fixture
def eu(derisk):
    exported = derisk("export", "sample.world", "--table", "membership", "--format", "csv").stdout
    return {row["region"] for row in csv.DictReader(io.StringIO(exported)) if row["group_code"] == "EU"}


def test_direct_shares_are_those_of_the_flows(derisk, flows, eu):
    for row in rows_of(derisk, "EU", "--to", "CHN"):
        of_sector = [flow for flow in flows if row["sector"] in ("all", flow[2])]
        use = sum(value for _, buyer, _, value in of_sector if buyer in eu)
        output = sum(value for seller, _, _, value in of_sector if seller in eu)
        sources = {}
        for seller, buyer, _, value in of_sector:
            if buyer in eu and seller not in eu:
                sources[seller] = sources.get(seller, 0) + value
        imports = sum(sources.values())
        sold = sum(value for seller, buyer, _, value in of_sector if seller in eu and buyer == "CHN")
        expected = {
            "imports": imports,
            "imports_from": sources["CHN"],
            "share_of_imports": sources["CHN"] / imports,
            "share_of_use": sources["CHN"] / use,
            "concentration": sum((value / imports) ** 2 for value in sources.values()),
            "exports_to": sold,
            "share_of_output": sold / output,
        }
        assert {name: float(row[name]) for name in expected} == pytest.approx(expected, rel=1e-9)


def welfare(derisk, region, *arguments):
    done = derisk("simulate", "sample.world", *arguments, "--format", "json")
    return next(row["welfare"] for row in json.loads(done.stdout)["rows"] if row["region"] == region)


def test_a_cut_is_a_ban(derisk):
    """The most costly ties, the least costly, and some between, as single simulations of them have it."""
    rows = rows_of(derisk, "EU", "--cut")
    losses = [float(row["loss"]) for row in rows]
    assert losses == sorted(losses, reverse=True) and losses[0] > 0.01
    for row in rows[:: len(rows) // 6]:
        ban = ("--ban", f"EU:{row['supplier']}:{row['sector']}")
        assert float(row["loss"]) == pytest.approx(-welfare(derisk, "EU", *ban), rel=1e-12, abs=1e-13)
        its_loss = -welfare(derisk, row["supplier"], *ban)
        assert float(row["supplier_loss"]) == pytest.approx(its_loss, rel=1e-12, abs=1e-13)


def test_what_is_cut(derisk, eu):
    """Goods, and what is asked for, of all suppliers outside, and those asked for."""
    goods = rows_of(derisk, "EU", "--cut")
    assert not {row["supplier"] for row in goods} & eu
    assert {row["sector"] for row in goods} >= {"mining", "electrical-optical"}
    assert not {row["sector"] for row in goods} & {"utilities", "construction"}
    some = rows_of(derisk, "EU", "--cut", "--to", "RUS,USA", "--sectors", "mining,construction")
    assert {(row["supplier"], row["sector"]) for row in some} <= {
        (supplier, sector) for supplier in ("RUS", "USA") for sector in ("mining", "construction")
    }
    mining = next(row for row in goods if (row["supplier"], row["sector"]) == ("RUS", "mining"))
    assert mining in some


def test_threads_change_nothing(derisk, monkeypatch):
    outputs = set()
    for threads in ("1", "2", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        done = derisk("exposure", "sample.world", "DEU", "--cut", "--to", "CHN,RUS,USA", "--format", "csv")
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_facts(derisk):
    done = json.loads(derisk("exposure", "sample.world", "EU", "--cut", "--to", "CHN", "--format", "json").stdout)
    assert (done["command"], done["of"], done["to"], done["year"]) == ("exposure", "EU", "CHN", 2011)
    assert done["certificate"]["solves"] == len(done["rows"])
    assert done["certificate"]["worst_residual"] < 1e-9
    assert done["settings"]["elasticity"] == "5"


def test_no_trade_to_cut(derisk, refused):
    cut = ("exposure", "sample.world", "EU", "--cut", "--to", "KOR,TWN", "--sectors", "mining")
    done = json.loads(derisk(*cut, "--format", "json").stdout)
    assert done["rows"] == [] and "supplier-sector pairs without trade, left out: 2" in done["notes"]
    assert "Certificate" not in derisk(*cut).stdout
    refused(2, "bars.svg: there is nothing to draw: the table has no rows", *cut, "--plot", "bars.svg")


@pytest.mark.parametrize("view", ["", "--partners", "--hidden"])
def test_maps(derisk, here, view):
    plain = derisk(*f"exposure sample.world CHN {view or '--partners'} --format csv".split())
    done = derisk(*f"exposure sample.world CHN {view} --format csv --map map.svg".split())
    assert (done.returncode, done.stderr, done.stdout) == (0, "", plain.stdout)
    picture = (here / "map.svg").read_text()
    *partners, _ = csv.DictReader(io.StringIO(plain.stdout))
    largest = max(
        float(row["total_share_of_upstream_output" if view == "--hidden" else "share_of_imports"]) for row in partners
    )
    assert f"{100 * largest:.2f}%" in picture
    assert (
        re.search(
            r"Hatched, as the data have these as one region: (Rest of the world, )?Rest of the EU \(20 countries\)",
            picture,
        )
        and "Source: derisk sample world" in picture
    )


MISUSES = [
    (["EU", "--map", "map.gif"], "exposure: --map 'map.gif': expected a name that ends with .svg, .png or .pdf"),
    (["EU", "--map", "map.svg", "--to", "CHN"], "exposure: --map cannot be combined with --to"),
    (["EU", "--map", "map.svg", "--products"], "exposure: --map cannot be combined with --products"),
    (["EU", "--partners", "--hidden"], "exposure: --partners cannot be combined with --hidden"),
    (["EU", "--sectors", "mining"], "exposure: --sectors needs --cut"),
    (["EU", "--elasticity", "4"], "exposure: --elasticity needs --cut"),
    (["EU", "--year", "late"], "exposure: --year 'late': expected a whole number from 1 to 9999, such as 2011"),
    ([], "exposure: OF is missing: region or group, or several separated by commas"),
]

BAD_INPUTS = [
    (
        ["UE"],
        "'UE' is neither a region of this world nor a group with a member in it in 2011; did you mean 'EU'?",
    ),
    (
        ["EU", "--to", "CHINAA"],
        (
            "'CHINAA' is neither a region of this world nor a group with a member in it in 2011; did you mean 'CHN'"
            " (China)?"
        ),
    ),
    (["EU", "--to", "DEU"], "'DEU' has no region outside 'EU': name another partner"),
    (["all"], "'all' is the whole world: there is no partner left"),
    (
        ["EU", "--cut", "--sectors", "minig"],
        "'minig' is not a sector of this world, by code, slug or kind; did you mean 'mining' (MIN)?",
    ),
    (
        ["EU", "--cut", "--sectors", "steel"],
        (
            "'steel' is not a sector of this world, by code, slug or kind; did you mean 'metals' (MET: Basic metals and"
            " fabricated metal)?"
        ),
    ),
    (
        ["EU", "--cut", "--sectors", "Chips"],
        (
            "'Chips' is not a sector of this world, by code, slug or kind; did you mean 'electrical-optical' (ELE:"
            " Electrical and optical equipment)?"
        ),
    ),
    (
        ["EU", "--year", "1999"],
        "sample.world: has no year 1999, only 2011",
    ),
]


@pytest.mark.parametrize("arguments, line", MISUSES, ids=[" ".join(case[0]) for case in MISUSES])
def test_misuse(refused, arguments, line):
    refused(1, line, "exposure", "sample.world", *arguments)


@pytest.mark.parametrize("arguments, line", BAD_INPUTS, ids=[" ".join(case[0]) for case in BAD_INPUTS])
def test_bad_input(refused, arguments, line):
    refused(2, line, "exposure", "sample.world", *arguments)


def test_cut_offs_in_sentences(derisk):
    cut = ("exposure", "sample.world", "EU", "--to", "CHN,RUS", "--cut")
    page = json.loads(derisk(*cut, "--table", "summary", "--format", "json").stdout)
    says = {}
    for row in page["rows"]:
        says.setdefault(row["about"], []).append(row["says"])
    assert list(says) == ["question", "answer", "the next", "leverage", "how sure it is", "what is left out"]
    table = json.loads(derisk(*cut, "--format", "json").stdout)
    assert says["answer"] == table["answer"]
    assert f"each of {len(table['rows'])} by itself, on the trade of 2011" in says["question"][0]
    second = table["rows"][1]
    assert f"({second['loss']:.2f}%, " in says["the next"][0].split(";")[0]
    lever = max(table["rows"], key=lambda row: row["leverage"] or 0)
    assert f"{lever['leverage']:.3g} times as much" in says["leverage"][0]
    drawn = derisk(*cut, "--sectors", "mining", "--table", "summary", "--draws", "3", "--elasticity-error", "10%")
    assert "In 90% of the draws of trade elasticities that cut-off costs" in " ".join(drawn.stdout.split())
