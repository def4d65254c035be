"""derisk report: briefs in one file, whose numbers are those of the tables of simulate, plan and play."""

import html
import json
import re
import shutil
from html.parser import HTMLParser

import pytest

pytestmark = pytest.mark.skipif(not shutil.which("gnuplot"), reason="there is no gnuplot")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCENARIO = ("report", "sample.world", "eu-tariff.yaml")
PLAN = ("report", "sample.world", "--plan", "EU", "--from", "CHN", "--cap", "30%", "--starts", "1")
EVIL = "<script>alert(1)</script> \"a\" 'b' & | *c* [d](http://e) `f` </pre></title>"
VOID = {"meta", "br", "img"}


class Page(HTMLParser):
    """A page: its elements are closed in order; its texts, tables, and everything it refers to."""

    def __init__(self, text):
        super().__init__()
        self.open, self.headings, self.tables, self.refers, self.names, self.tags, self.words = (
            [],
            [],
            [],
            [],
            [],
            set(),
            [],
        )
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            if name == "id":
                self.names.append(value)
            if name == "aria-label":
                self.words.append(value)
            if name in ("src", "href", "xlink:href", "srcset", "data", "action") or name.startswith("on"):
                self.refers.append(value)
        if tag in VOID:
            return
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            assert tag == "td" or dict(attributes)["scope"] in ("col", "row")
            self.tables[-1][-1].append("")
        elif tag in ("h1", "h2", "title", "caption"):
            self.headings.append("")

    def handle_startendtag(self, tag, attributes):
        if self.open.count("svg") == 0:
            assert tag in VOID
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("th", "td"):
            self.tables[-1][-1][-1] += data
        elif self.open and self.open[-1] in ("h1", "h2", "title", "caption"):
            self.headings[-1] += data


@pytest.fixture
def brief(derisk, here):
    def write(*arguments):
        done = derisk(*arguments, "--output", "brief.html")
        assert (done.returncode, done.stderr) == (0, "")
        return Page((here / "brief.html").read_text())

    return write


def shown(number, percent):
    text = f"{number:,.2f}%" if percent else f"{number:,.0f}"
    return re.sub(r"^-(?=[0.,%]*$)", "", text)


def table_of(page, first):
    """The rows of the table whose first heading is `first`, as dictionaries."""
    (table,) = [table for table in page.tables if table[0][: len(first)] == first]
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def rows_of(derisk, *arguments):
    """The rows that a command has as JSON."""
    return json.loads(derisk(*arguments, "--format", "json").stdout)["rows"]


def codes_of(derisk):
    """The codes of regions, groups and sectors by their names."""
    tables = [
        json.loads(derisk("export", "sample.world", "--table", name, "--format", "json").stdout)
        for name in ("region", "region_group", "sector")
    ]
    return {
        row[key].partition(" (")[0]: row["code"]
        for table in tables
        for row in table
        for key in ("name", "slug")
        if key in row
    }


def test_a_scenario(brief, derisk, here):
    page = brief(*SCENARIO)
    assert all(value.startswith("#p") for value in page.refers)  # a part of the same picture
    assert "script" not in page.tags and len(page.names) == len(set(page.names))
    assert page.headings[0] == page.headings[1] == "A 25% EU tariff on Chinese electrical and transport equipment"
    for heading in (
        "Question",
        "Answer",
        "What the policy touches",
        "Winners and losers",
        "Sectors most hit",
        "Flows that change most",
        "Method",
        "Notes",
        "Sources and licences",
        "Settings and certificate",
        "How to make this brief again",
    ):
        assert heading in page.headings
    assert len(page.words) == 3 and all("Highest: " in words and "lowest: " in words for words in page.words)


def test_numbers_are_those_of_simulate(brief, derisk, here):
    page = brief(*SCENARIO)
    codes = codes_of(derisk)
    regions = {row["region"]: row for row in rows_of(derisk, "simulate", *SCENARIO[1:], "--table", "regions")}
    listed = table_of(page, ["region", "real income"])
    assert len(listed) == 10 + 3
    for row in listed:
        whole = regions[codes.get(row["region"], row["region"])]
        assert row["real income"] == shown(whole["welfare"], True)
        assert row["consumer price"] == shown(whole["consumer_price"], True)
        assert row["exports"] == shown(whole["exports"], True)
        assert row["a year (million US dollars, current prices)"] == shown(whole["equivalent_variation"], False)
    singles = [row["equivalent_variation"] for code, row in regions.items() if code not in ("EU", "G7", "BRICS")]
    largest = sorted(sorted(singles, key=abs)[-10:], reverse=True)
    assert [row["a year (million US dollars, current prices)"] for row in listed[:10]] == [
        shown(number, False) for number in largest
    ]

    flows = {
        (row["exporter"], row["importer"], row["sector"]): row
        for row in rows_of(derisk, "simulate", *SCENARIO[1:], "--table", "flows")
    }
    listed = table_of(page, ["from", "to", "sector"])
    assert len(listed) == 10
    for row in listed:
        whole = flows[tuple(codes.get(row[name], row[name]) for name in ("from", "to", "sector"))]
        before, after = (next(row[name] for name in row if name.startswith(word)) for word in ("before", "after"))
        assert (before, after, row["change"]) == (
            shown(whole["base"], False),
            shown(whole["new"], False),
            shown(whole["change"], True),
        )


def test_the_answer_is_that_of_simulate(brief, derisk, here):
    brief(*SCENARIO)
    text = html.unescape(re.sub(r"<[^>]*>", "", (here / "brief.html").read_text()))
    for sentence in json.loads(derisk("simulate", *SCENARIO[1:], "--table", "overview", "--format", "json").stdout)[
        "answer"
    ]:
        assert sentence in text
    for row in rows_of(derisk, "simulate", *SCENARIO[1:], "--table", "summary"):
        assert row["says"] in text or row["about"] == "question"


def test_bands(brief, derisk, here):
    draws = ("--draws", "8", "--elasticity-error", "20%")
    page = brief(*SCENARIO, *draws)
    whole = {row["region"]: row for row in rows_of(derisk, "simulate", *SCENARIO[1:], *draws)}
    codes = codes_of(derisk)
    for row in table_of(page, ["region", "at the estimates"]):
        of = whole[codes.get(row["region"], row["region"])]
        assert [row[name] for name in ("5%", "median", "95%")] == [
            shown(of[f"welfare_{name}"], True) for name in ("p5", "median", "p95")
        ]
    assert "theta exp(sigma z" in (here / "brief.html").read_text()


def test_bands_of_a_plan_and_of_a_game(brief, derisk):
    draws = ("--draws", "4", "--elasticity-error", "20%", "--table", "regions")
    commands = {
        PLAN: ("plan", "sample.world", "EU", *PLAN[4:]),
        ("report", "sample.world", "eu-china.yaml"): ("play", "sample.world", "eu-china.yaml"),
    }
    codes = codes_of(derisk)
    for report, command in commands.items():
        whole = {row["region"]: row for row in rows_of(derisk, *command, *draws)}
        for row in table_of(brief(*report, *draws[:4]), ["region", "at the estimates"]):
            of = whole[codes.get(row["region"], row["region"])]
            assert [row[name] for name in ("5%", "95%")] == [
                shown(of[f"welfare_{name}"], True) for name in ("p5", "p95")
            ]


def test_a_game(brief, derisk, here):
    page = brief("report", "sample.world", "eu-china.yaml")
    summary = rows_of(derisk, "play", "sample.world", "eu-china.yaml", "--table", "summary")
    text = re.sub(r"<[^>]*>", "", (here / "brief.html").read_text())
    for row in summary:
        assert row["says"] in text
    rates = {
        row["player"]: row for row in rows_of(derisk, "play", "sample.world", "eu-china.yaml", "--table", "settings")
    }
    codes = codes_of(derisk)
    for row in table_of(page, ["player", "instrument"]):
        assert row["rate"] == shown(rates[codes.get(row["player"], row["player"])]["rate"], True)


@pytest.mark.parametrize("game", ["china-withholds", "coalition"])
def test_games_of_many_scenarios(brief, game):
    page = brief("report", "sample.world", f"{game}.yaml")
    assert "Outcome" in page.headings and "Winners and losers" not in page.headings


def test_a_plan(brief, derisk, here):
    page = brief(*PLAN)
    assert page.headings[0] == "Least-cost diversification of the EU away from China, 2011"
    whole = {row["sector"]: row for row in rows_of(derisk, "plan", "sample.world", "EU", *PLAN[4:])}
    codes = codes_of(derisk)
    by_code = {codes.get(name, name): row for name, row in whole.items()}
    for row in table_of(page, ["sector", "imports (million US dollars, current prices)"]):
        of = by_code[codes.get(row["sector"], row["sector"])]
        assert row["tariff"] == shown(of["tariff"], True)
        assert row["under the plan"] == shown(100 * of["new_share"], True)
    assert not any("No change" in words for words in page.words)


def test_texts_of_others_are_letters(brief, derisk, here):
    (here / "evil.yaml").write_text(
        f"title: {json.dumps(EVIL)}\nchanges:\n  - ban: {{by: EU, on: CHN, sectors: [metals]}} # ``` </pre>\n"
    )
    page = brief("report", "sample.world", "evil.yaml")
    assert page.headings[0] == page.headings[1] == EVIL
    assert "script" not in page.tags and all(value.startswith("#p") for value in page.refers)
    assert derisk("report", "sample.world", "evil.yaml", "--output", "a.md").returncode == 0
    markdown = (here / "a.md").read_text()
    assert "<" not in re.sub(r"(?ms)^(````*)text$.*?^\1$", "", markdown)
    assert markdown.startswith(
        "# &lt;script&gt;alert(1)&lt;/script&gt; \"a\" 'b' &amp; \\| \\*c\\* \\[d\\](http://e) \\`f\\` "
    )
    assert "````text\ntitle: " in markdown


def test_the_same_bytes_and_the_command(brief, here):
    brief(*SCENARIO, "--horizon", "short")
    first = (here / "brief.html").read_bytes()
    brief(*SCENARIO, "--horizon", "short")
    assert (here / "brief.html").read_bytes() == first
    assert b"derisk report sample.world eu-tariff.yaml --horizon short --output brief.html" in first
    assert b"Short run: labour stays in its sector" in first and b"rho = 0.2" in first
    assert b"seconds" not in first


def test_markdown_has_the_tables(derisk, here):
    done = derisk(*SCENARIO, "--output", "brief.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "brief.md: A 25% EU tariff on Chinese electrical and transport equipment\n"
    text = (here / "brief.md").read_text()
    assert "| region | real income |" in text and "<svg" not in text
    assert derisk(*SCENARIO, "--output", "brief.md", "--quiet").stdout == ""


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no browser")
def test_pdf(derisk, here):
    for _ in range(2):
        assert derisk(*SCENARIO, "--output", "brief.pdf").returncode == 0
        (here / "brief.pdf").rename(here / "a.pdf") if not (here / "a.pdf").exists() else None
    printed = (here / "a.pdf").read_bytes()
    assert printed.startswith(b"%PDF-") and printed == (here / "brief.pdf").read_bytes()
    (pages,) = re.findall(rb"/Count (\d+)", printed)
    assert int(pages) <= 3
    assert b"CreationDate" not in printed and len(printed) < 3_000_000


def test_without_a_browser_there_is_no_pdf(derisk, here):
    (here / "bin").mkdir()
    (here / "bin" / "gnuplot").symlink_to(shutil.which("gnuplot"))
    done = derisk(*SCENARIO, "--output", "brief.pdf", env={"PATH": str(here / "bin")})
    assert done.returncode == 4
    assert done.stderr == "derisk: no browser that prints PDF is installed (Chromium or Chrome); write .html instead\n"
    assert not (here / "brief.pdf").exists()


def test_without_gnuplot_there_is_no_brief(derisk, here):
    done = derisk(*SCENARIO, "--output", "brief.html", env={"PATH": "/nowhere"})
    assert (done.returncode, done.stderr) == (4, "derisk: gnuplot, which draws the pictures, is not installed\n")
    assert not (here / "brief.html").exists()


def test_misuse(refused):
    report = ("report", "sample.world")
    refused(
        1,
        "report: --output 'a.docx': expected a name that ends with .html, .md or .pdf",
        *SCENARIO,
        "--output",
        "a.docx",
    )
    refused(
        1,
        "report: --output FILE is missing: write the brief to FILE.html, .md or .pdf, completely or not at all",
        *SCENARIO,
    )
    refused(1, "report: one of FILE.yaml and --plan is needed", *report, "--output", "a.html")
    refused(1, "report: --plan needs --from", *report, "--plan", "EU", "--cap", "30%", "--output", "a.html")
    refused(1, "report: --plan cannot be combined with FILE.yaml", *SCENARIO, "--plan", "EU", "--output", "a.html")
    refused(1, "report: --cap needs --plan", *SCENARIO, "--cap", "30%", "--output", "a.html")
    refused(
        1,
        "'play: coalition' has no players, and so no policies that draws could solve anew",
        *report,
        "coalition.yaml",
        "--draws",
        "9",
        "--elasticity-error",
        "20%",
        "--output",
        "a.html",
    )
    refused(2, "no/a.html: cannot be written: no such folder", *SCENARIO, "--output", "no/a.html")
