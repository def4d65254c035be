"""Product flows as users have them, read as independent programs read them: ../shared/data/mrio_samples/checks.csv
has the figures."""

import csv
import io
from random import Random

import pytest
from test_samples import SAMPLES, checks_of

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="../shared is not here: the samples of flows are skipped")


class Flows:
    """Product flows of a world, as `derisk export` writes them; the rest of its findings from the report of the
    import."""

    def __init__(self, derisk, file, *options):
        done = derisk("import", str(SAMPLES / file), "--to", "f.world", "--format", "csv", *options)
        assert done.returncode == 0, done.stderr
        self.found = [row["found"] for row in csv.DictReader(io.StringIO(done.stdout))]
        done = derisk("export", "f.world", "--table", "product_trade", "--format", "csv")
        assert done.returncode == 0, done.stderr
        self.rows = list(csv.DictReader(io.StringIO(done.stdout)))

    def of(self, **wanted):
        return [row for row in self.rows if all(row[name] in str(value).split("|") for name, value in wanted.items())]

    def sum(self, column="value", **wanted):
        return sum(float(row[column]) for row in self.of(**wanted))

    def numbers_found(self, text):
        """The numbers at the end of findings of that text: rows that were left out."""
        return sum(int(found.rsplit(" ", 1)[1]) for found in self.found if text in found)


def figures(file):
    return {(row["quantity"], row["region"], row["sector"]): float(row["value"]) for row in checks_of(file)}


@pytest.mark.parametrize("path", ["baci/BACI_HS17_V202501.zip", "baci/unpacked"])
def test_baci_as_it_is_shipped(derisk, here, path):
    assert derisk("import", "baci", str(SAMPLES / path), "--to", "g.world", "--quiet").returncode == 0
    flows, wanted = Flows(derisk, path), figures("baci/BACI_HS17_V202501.zip")
    for year in ("2020", "2021"):
        assert len(flows.of(year=year)) == wanted["n_rows", year, ""]
        assert flows.sum(year=year) == pytest.approx(wanted["sum_v (thousand USD)", year, ""], rel=1e-12)
        chinese = flows.sum(year=year, importer="DEU", exporter="CHN")
        assert chinese == pytest.approx(wanted["imports v of DEU (276) from CHN (156)", year, ""], rel=1e-12)
        assert len({row["product"] for row in flows.of(year=year)}) == wanted["n_products", year, ""]
        assert len(flows.of(year=year, quantity="")) == wanted["n_rows_without_q", year, ""]
    assert len(wanted) == 10
    (here / "f.world").unlink()
    assert Flows(derisk, path, "--year", "2021").rows == flows.of(year="2021")


def test_comtrade_from_the_api(derisk, here):
    file = "comtrade_api/TradeData_thailand_2009.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    assert (
        flows.sum(exporter="THA") - flows.sum(exporter="THA", importer="THA")
        == wanted["sum exports primaryValue (USD)", "", ""]
    )
    left_out = flows.numbers_found("parts of other rows")
    assert len(flows.rows) + left_out == wanted["n_rows", "", ""]


def test_comtrade_by_way_of_r(derisk, here):
    file = "comtradr/thailand_shrimp_2010_2011.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    for year in ("2010", "2011"):
        # goods that come back are imports from Thailand itself; RM is a part of M
        assert flows.sum(year=year, importer="THA") == wanted["sum primary_value (USD) flow M", "THA", year]
        own = flows.sum(year=year, importer="THA", exporter="THA")
        assert own == wanted["sum primary_value (USD) flow RM", "THA", year]
        assert flows.sum(year=year, exporter="THA") - own == wanted["sum primary_value (USD) flow X", "THA", year]
    shrimps = flows.sum(year=2010, exporter="THA", importer="USA", product="030613")
    assert shrimps == wanted["exports THA to USA of 030613, 2010", "", ""]


def test_comtrade_in_all_products(derisk, here):
    file = "comtradr/china_total_exports.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    assert len(flows.rows) == wanted["n_rows", "", ""]
    assert flows.sum(year=2020, exporter="CHN", importer="USA") == wanted["exports CHN to USA 2020 (cmd TOTAL)", "", ""]


def test_comtrade_as_it_was_until_2023(derisk, here):
    file = "comtrade_legacy/comtrade_810411_2016.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    assert flows.sum() == wanted["imports without World and TOTAL", "", ""]
    assert flows.sum(importer="DEU", exporter="CHN") == wanted["imports of DEU from CHN", "", ""]
    assert (
        flows.sum(importer="USA", exporter="_X") == wanted["imports of USA not attributed to a country (899)", "", ""]
    )
    totals = flows.numbers_found("totals over products")
    assert len(flows.rows) + totals + 3 == wanted["n_rows", "", ""]  # and three rows of the world


def test_comtrade_with_the_world_as_the_only_partner(derisk, here):
    file = SAMPLES / "comtrade_legacy/comtrade_live_animals_2016_world.csv"
    done = derisk("import", str(file), "--to", "f.world")
    assert (done.returncode, done.stderr) == (2, f"derisk: {file}: only totals and parts of other rows\n")
    assert figures("comtrade_legacy/comtrade_live_animals_2016_world.csv")["flows with a partner country", "", ""] == 0


def test_comext_from_the_api(derisk, here):
    file = "comext_sdmx/estat_ds-045409_030462_de_2024.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    assert flows.sum(exporter="VNM") == wanted["imports DE from VN (EUR)", "", ""]
    assert 1000 * flows.sum("quantity", exporter="VNM") == pytest.approx(
        wanted["quantity DE from VN (kg)", "", ""], rel=1e-12
    )
    assert flows.sum() < wanted["imports DE total WORLD (EUR)", "", ""]  # a row of the world is no supplier


def test_comext_with_totals_beside_their_parts(derisk, here):
    file = "comext_sdmx/estat_ds-045409_made.csv"
    flows, wanted = Flows(derisk, file), figures(file)
    imports = {"importer": "DEU|ITA"}
    assert flows.sum(**imports) == wanted["imports 81041100 of DE+IT, all partner codes (EUR)", "", ""]
    assert flows.sum(exporter="QU|QZ", **imports) == wanted["of these not specified (QU,QZ)", "", ""]
    assert flows.sum(exporter="CHN", **imports) == wanted["from CN", "", ""]
    assert flows.sum(exporter="GBR", **imports) == wanted["from GB and XI", "", ""]
    totals = flows.numbers_found("totals over products") + flows.numbers_found("rows of groups of economies")
    assert (
        totals
        == wanted["rows not to be added (WORLD, EXT_, INT_, EU27_2020 as reporter, product 8104 and TOTAL)", "", ""]
    )


ALL_FLOWS = [
    "baci/unpacked/BACI_HS17_Y2020_V202501.csv",
    "comtrade_api/TradeData_thailand_2009.csv",
    "comtrade_legacy/comtrade_810411_2016.csv",
    "comtradr/china_total_exports.csv",
    "comtradr/thailand_shrimp_2010_2011.csv",
    "comext_sdmx/estat_ds-045409_made.csv",
    "comext_sdmx/estat_ds-045409_030462_de_2024.csv",
]


def shuffled(text, seed):
    """The same table with its rows, and its columns, in another order."""
    rows = list(csv.reader(io.StringIO(text)))
    random = Random(seed)
    columns, body = list(range(len(rows[0]))), rows[1:]
    random.shuffle(columns)
    random.shuffle(body)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[i] for i in columns] for row in [rows[0]] + body)
    return out.getvalue()


@pytest.mark.parametrize("file", ALL_FLOWS)
def test_neither_the_order_of_rows_and_columns_nor_a_second_import_changes_flows(derisk, here, file):
    path = SAMPLES / file
    (here / path.name).write_text(shuffled(path.read_text(encoding="utf-8-sig"), 5))
    flows = []
    for world, source in (("a.world", str(path)), ("another.world", str(path)), ("c.world", path.name)):
        done = derisk("import", source, "--to", world, "--quiet")
        assert done.returncode == 0, done.stderr
        flows.append(derisk("export", world, "--table", "product_trade", "--format", "csv").stdout)
    assert flows[0].count("\n") > 1
    assert (here / "a.world").read_bytes() == (here / "another.world").read_bytes()
    assert sorted(flows[0].splitlines()) == sorted(flows[2].splitlines())
