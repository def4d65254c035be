"""--plot and --map: one table of pictures for all commands."""

import re
import shutil
from html.parser import HTMLParser

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("gnuplot"), reason="there is no gnuplot")

SIMULATE = "simulate sample.world eu-tariff.yaml"
PICTURES = {
    "ties sample.world": ["sales, billion US dollars"],
    "position sample.world CHN": ["distance in stages of production, stages", "to final use"],
    f"{SIMULATE}": ["change of real income, percent (and US dollars)"],
    f"{SIMULATE} --draws 5 --elasticity-error 20%": ["change of real income, percent"],
    f"{SIMULATE} --table flows": ["change of trade, billion US dollars"],
    f"{SIMULATE} --table ties": ["change of trade, billion US dollars"],
    f"{SIMULATE} --table sectors": ["change of output, percent"],
    f"{SIMULATE} --table money": ["equivalent variation, billion US dollars"],
    f"{SIMULATE} --table protection": ["change of the effective rate of protection, percent"],
    f"{SIMULATE} --table decomposition": [
        "change of real income and its sources, percent",
        "terms of trade",
        "volume of trade",
    ],
    f"{SIMULATE} --table factors": ["change of the real price of the factor, percent"],
    f"{SIMULATE} --tie EU:CHN": ["imports before and after, billion US dollars"],
    f"{SIMULATE} --why EU": ["contribution to the change of real income, percent"],
    f"{SIMULATE} --sensitivity welfare:EU": ["in the unit of the result"],
    "plan sample.world EU --from CHN --cap 30% --starts 1": [
        "share of the supplier before and under the plan, percent"
    ],
    "plan sample.world EU --from CHN --cap 30% --starts 1 --table costs": ["percent (and US dollars)"],
}


class Texts(HTMLParser):
    """The texts of an SVG, and whether its elements are closed in order."""

    def __init__(self, picture):
        super().__init__()
        self.open, self.texts = [], []
        self.feed(picture)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_data(self, data):
        if self.open and self.open[-1] == "text":
            self.texts.append(data.strip())


@pytest.mark.parametrize("command", PICTURES)
def test_pictures(derisk, here, command):
    plain = derisk(*command.split(), "--format", "csv")
    done = derisk(*command.split(), "--format", "csv", "--plot", "a.svg")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", plain.stdout)
    texts = Texts((here / "a.svg").read_text()).texts
    for wanted in PICTURES[command]:
        assert any(wanted in text for text in texts), texts
    assert any(text.startswith("Source: derisk sample world 2011") for text in texts)


def test_numbers_beside_bars_are_those_of_the_table(derisk, rows, here):
    table = {row["region"]: float(row["welfare"]) for row in rows(*SIMULATE.split())}
    assert derisk(*SIMULATE.split(), "--plot", "a.svg").returncode == 0
    texts = Texts((here / "a.svg").read_text()).texts
    shown = sorted(text.split(" (")[0] for text in texts if re.fullmatch(r"-?[\d.]+% \(-?[\d.]+ [a-z]+\)", text))
    largest = sorted(list(table.items())[:22], key=lambda item: -abs(item[1]))[:20] + list(table.items())[22:]
    assert shown == sorted(f"{number:.2f}%".replace("-0.00", "0.00") for _, number in largest)


def test_rows_that_are_picked_are_drawn(derisk, here):
    assert derisk(*SIMULATE.split(), "--table", "regions", "--of", "Germany,CHN", "--plot", "a.svg").returncode == 0
    texts = Texts((here / "a.svg").read_text()).texts
    assert sum("% (" in text for text in texts) == 2


def test_flows_of_a_region_with_itself_are_not_drawn(derisk, rows, here):
    flows = [row for row in rows(*SIMULATE.split(), "--table", "flows") if row["exporter"] != row["importer"]]
    change = sorted((float(row["new"]) - float(row["base"]) for row in flows), key=abs)[-20:]
    assert derisk(*SIMULATE.split(), "--table", "flows", "--plot", "a.svg").returncode == 0
    texts = Texts((here / "a.svg").read_text()).texts
    shown = [float(text) for text in texts if re.fullmatch(r"-?\d+\.\d", text)]
    assert sorted(shown) == sorted(round(number / 1000, 1) for number in change)


@pytest.mark.parametrize("ending, begin", [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF-")])
def test_maps_of_changes(derisk, here, ending, begin):
    for name in ("a", "b"):
        done = derisk(*SIMULATE.split(), "--quiet", "--map", f"{name}.{ending}")
        assert (done.returncode, done.stderr) == (0, "")
    picture = (here / f"a.{ending}").read_bytes()
    assert picture.startswith(begin) and picture == (here / f"b.{ending}").read_bytes()
    if ending == "svg":
        texts = Texts(picture.decode()).texts
        assert "-0.2%" in texts and "0.2" in texts
        assert any(
            text.startswith("Hatched, as the data have these as one region: ") and "(20 countries)" in text
            for text in texts
        )


def test_a_stored_run_is_drawn_as_it_was(derisk, here):
    assert derisk(*SIMULATE.split(), "--store", "run", "--plot", "a.svg").returncode == 0
    assert derisk("results", "sample.world", "run", "--plot", "b.svg").returncode == 0
    assert (here / "a.svg").read_text() == (here / "b.svg").read_text()


def test_what_has_no_picture(refused):
    refused(1, "results: --plot: this table has no picture", *"results sample.world --plot a.svg".split())
    refused(
        1, "simulate: --plot: this table has no picture", *SIMULATE.split(), "--table", "summary", "--plot", "a.svg"
    )
    refused(
        1,
        "simulate: --plot 'a.jpg': expected a name that ends with .svg, .png or .pdf",
        *SIMULATE.split(),
        "--plot",
        "a.jpg",
    )
    refused(2, "no/a.pdf: cannot be written: no such folder", *SIMULATE.split(), "--plot", "no/a.pdf")
