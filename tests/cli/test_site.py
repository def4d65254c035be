"""The documentation site: its contents name every page, the reference of C has all of the header, and no link is
broken."""

import html.parser
import re
import subprocess
import sys
import urllib.parse

import pytest

from conftest import PROGRAM, ROOT

sys.path.insert(0, str(ROOT / "tools"))
import doc_pages  # noqa: E402
import header_pages  # noqa: E402
import make_site  # noqa: E402

HEADER = (ROOT / "include" / "derisk.h").read_text()


def test_the_contents_name_every_page():
    assert make_site.missing_pages() == []


def test_a_page_that_the_contents_do_not_name_is_found(monkeypatch, tmp_path):
    text = make_site.CONTENTS.read_text()
    folder = tmp_path / "docs" / "site"
    folder.mkdir(parents=True)
    shorter = folder / "contents.md"
    shorter.write_text(re.sub(r".*/(plan|questions/cap)\.md.*\n", "", text).replace("(../", f"({ROOT}/docs/"))
    monkeypatch.setattr(make_site, "CONTENTS", shorter)
    missing = {page.relative_to(ROOT).as_posix() for page in make_site.missing_pages()}
    assert missing == {"docs/plan.md", "docs/questions/cap.md", "docs/site/contents.md"}


def test_the_questions_are_below_their_list():
    parts, below = make_site.contents()
    assert [title for title, _ in parts][:2] == ["Start", "Commands"]
    assert parts[0][1][0] == ROOT / "docs" / "tutorial.md"
    assert set(below[ROOT / "docs" / "questions.md"]) == set((ROOT / "docs" / "questions").glob("*.md"))


def test_a_command_of_the_gallery_that_fails_is_shown(tmp_path):
    pages = make_site.Pages(tmp_path, PROGRAM)
    with pytest.raises(SystemExit, match=r"derisk ties sample.world --sectors nonsense(.|\n)*nonsense"):
        pages.with_pictures("## A\n\n```sh\nderisk ties sample.world --sectors nonsense --plot a.svg\n```\n")


def test_links_of_a_page_lead_to_pages_of_the_site(tmp_path):
    pages = make_site.Pages(tmp_path, PROGRAM)
    text = "[a](../README.md#x) [b](plan.md) [`c[0]`](../data/map) "
    text += "[d](openapi.yaml) [e](https://f.g)\n```sh\n[h](i)\n```\n[j](../include/derisk.h) [k](site/contents.md)"
    made, linked = pages.with_links(ROOT / "docs" / "play.md", text)
    expected = (
        "[a](../index.md#x) [b](plan.md) `c[0]` [d](openapi.yaml)"
        " [e](https://f.g)\n```sh\n[h](i)\n```\n[j](../reference/c/index.rst) k"
    )
    assert made == expected
    assert linked == [ROOT / "README.md", ROOT / "docs" / "plan.md"]
    assert (tmp_path / "docs" / "openapi.yaml").exists()


def test_the_reference_of_c_has_every_function_once_and_every_type():
    code = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)
    declared = re.findall(r"\b(dr_\w+)\(", code)
    assert len(declared) > 150
    text = "\n".join(header_pages.pages(HEADER).values())
    described = []
    for directive in re.findall(r"^\.\. c:function:: (.*(?:\n {16}.*)*)", text, re.MULTILINE):
        described += [header_pages.name_of(signature) for signature in directive.splitlines()]
    assert sorted(described) == sorted(declared)
    for name in re.findall(r"^(?:typedef .*|\}) (dr_\w+);$", code, re.MULTILINE):
        assert f".. c:type:: {name}\n" in text, name
    for name in re.findall(r"\bDR_[A-Z]+_[A-Z_]+\b(?=[ ,=])", code):
        assert name in text, name


def test_the_reference_of_c_says_all_that_the_comments_say():
    comments = re.sub(r"^/\* -{4}.*", "", HEADER, flags=re.MULTILINE)
    said = set(re.findall(r"\w+", " ".join(re.findall(r"/\*(.*?)\*/", comments, re.DOTALL))))
    text = "\n".join(header_pages.pages(HEADER).values()).replace("\\", "")
    assert said - set(re.findall(r"\w+", text)) == set()


def test_a_comment_as_a_page_has_it():
    header = """/*
 * Intro.
 */
/* ---- A part ---- */

/* One of `x` and x * y_, by dr_f() (docs/play.md, file:line):
 *   - first,
 *     on two lines
 *   - second
 * and
 *     code;
 */
DR_API int dr_f(int x,
                int y);
DR_API void dr_g(void);

typedef struct dr_t dr_t;
"""
    made = header_pages.pages(header)
    assert list(made) == ["version-and-options", "a-part", "index"]
    assert (
        made["a-part"]
        == """A part
======

.. c:function:: int dr_f(int x, int y)
                void dr_g(void)

   One of ``x`` and x \\* y\\_, by \\ :c:func:`dr_f`\\  (:doc:`docs/play.md </docs/play>`, file\\:line)\\:

   - first,
     on two lines
   - second

   and

   .. code-block:: c

        code;

.. c:type:: dr_t
"""
    )


def test_arguments_of_r_become_a_list_and_other_tables_stay():
    page = """<html><body><div class="container"><h2>A <em>title</em></h2><h3>Arguments</h3>
<table><tr style="x"><td><code>a</code></td>
<td>
<p>b</p></td></tr></table><table><tr><td style="y">1</td><td>2</td></tr></table><pre><code>f()</code></pre></div>
</body></html>"""
    made = make_site.r_page("dr_a", page)
    assert made.startswith("dr_a: A title\n=============\n\n.. raw:: html\n\n   <h2>Arguments</h2>\n")
    assert re.search(r'<dl class="simple">\s*<dt><code>a</code></dt>\s*<dd>\s*<p>b</p></dd>\s*</dl>', made)
    assert '<tr><td style="y">1</td><td>2</td></tr></table><div class="highlight"><pre>' in made


class Links(html.parser.HTMLParser):
    """The links of a page to files, and the places in it to which links may lead."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src") and value and not re.match("[a-z]+:|//", value):
                self.links.append(value)
            elif name == "id":
                self.places.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not make_site.SPHINX_PYTHON.exists():
        pytest.skip("needs Sphinx, which `tools/setup.sh site` fetches")
    build = tmp_path_factory.mktemp("build")
    (build / "derisk").symlink_to(PROGRAM)
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_site.py", build], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return build / "site"


def test_every_page_is_in_the_site(site):
    for page in doc_pages.pages():
        if page != make_site.CONTENTS:
            assert (site / f"{make_site.name_of(page)}.html").exists(), page
    pictures = re.findall(
        r"[\w-]+\.svg", "".join(block.text for block in doc_pages.blocks(make_site.GALLERY.read_text()))
    )
    gallery = (site / "docs" / "gallery.html").read_text()
    assert len(pictures) > 9
    for picture in pictures:
        assert f'src="../_images/{picture}"' in gallery, picture


def test_no_link_of_the_site_is_broken(site):
    pages = {page.resolve(): Links(page.read_text()) for page in site.rglob("*.html")}
    broken = []
    for page, found in pages.items():
        for link in found.links:
            target, _, place = urllib.parse.unquote(link).partition("#")
            path = (page.parent / target.split("?")[0]).resolve() if target else page
            if not path.is_file() or (place and path in pages and place not in pages[path].places):
                broken.append(f"{page.relative_to(site)}: {link}")
    assert broken == []


def test_functions_have_places_in_the_site(site):
    places = set().union(*(Links(page.read_text()).places for page in (site / "reference" / "c").glob("*.html")))
    names = {header_pages.name_of(signature) for signature in header_pages.functions(HEADER)}
    assert {f"c.{name}" for name in names} - places == set()
