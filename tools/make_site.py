#!/usr/bin/env python3
"""Builds the documentation site BUILD/site: static files, which browsers open without a server.

usage: tools/make_site.py [BUILD]   the folder with the program derisk; default: build

Sphinx makes it of copies of the pages in BUILD/site-source. docs/site/contents.md has their order; a page that it
does not name stands below the first page that links to it. The pictures of the gallery are made by its commands. The
references of Python and R are left out, with a message, where there is no package (`make wheel`) or no R. A warning
is an error."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import doc_pages
import header_pages

ROOT = doc_pages.ROOT
CONTENTS = ROOT / "docs" / "site" / "contents.md"
HOME = ROOT / "README.md"
GALLERY = ROOT / "docs" / "gallery.md"
HEADER = ROOT / "include" / "derisk.h"
SPHINX_PYTHON = ROOT / "deps" / "site" / "bin" / "python"

FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
ENTRY = re.compile(r"( *)- \[.*?\]\((.*?)\)$")
PICTURE = re.compile(r"[\w-]+\.svg")
R_TABLE = re.compile(r"<table[^>]*>(.*?)</table>", re.DOTALL)
R_ROW = re.compile(r"<tr[^>]*><td>(<code.*?</code>)</td>\s*<td>(.*?)</td></tr>", re.DOTALL)


def say(text):
    print(f"site: {text}", flush=True)


def contents():
    """The parts of the contents, [(title, [page, ...]), ...], and the pages below a page, {page: [page, ...]}."""
    parts, below = [], {}
    for line in CONTENTS.read_text().splitlines():
        if line.startswith("## "):
            parts.append((line[3:], []))
        elif entry := ENTRY.match(line):
            page = (CONTENTS.parent / entry[2]).resolve()
            pages = parts[-1][1]
            if entry[1]:
                below.setdefault(pages[-1], []).append(page)
            else:
                pages.append(page)
    return parts, below


def missing_pages():
    """The pages of docs/ that the contents do not name."""
    parts, below = contents()
    named = {page for _, pages in parts for page in pages} | {page for pages in below.values() for page in pages}
    return [page for page in doc_pages.pages() if page not in named | {HOME, CONTENTS}]


def name_of(page):
    """The name of a page in the site, from its root and without ending."""
    return "index" if page == HOME else page.relative_to(ROOT).with_suffix("").as_posix()


def copy(path, source):
    """Copies a file to its place in the folder that Sphinx reads."""
    target = source / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


class Pages:
    """The pages in Markdown on their way to the folder that Sphinx reads."""

    def __init__(self, source, program):
        self.source, self.program = source, program
        self.parts, self.below = contents()
        self.texts = {}

    def take_all(self):
        """Takes the README, the pages that the contents name, and those that they link to."""
        waiting = [page for _, pages in self.parts for page in pages]
        waiting += [page for pages in self.below.values() for page in pages] + [HOME]
        named = set(waiting)
        while waiting:
            page = waiting.pop(0)
            if page in self.texts:
                continue
            text, linked = self.with_links(page, page.read_text())
            self.texts[page] = self.with_pictures(text) if page == GALLERY else text
            for other in linked:
                if other not in named:
                    named.add(other)
                    self.below.setdefault(page, []).append(other)
                    waiting.append(other)

    def with_links(self, page, text):
        """The text with links as Sphinx follows them, and the pages that it links to. Other files are copied."""
        linked, parts = [], FENCED.split(text)

        def link(found):
            label, target, place = found[1], found[2], found[3] or ""
            path = (page.parent / target).resolve()
            if re.match(r"[a-z]+:", target):
                return found[0]
            if path.is_dir() or path == CONTENTS:
                return label
            if path == HEADER:
                return f"[{label}]({os.path.relpath(ROOT / 'reference' / 'c' / 'index.rst', page.parent)})"
            if path.suffix == ".md":
                linked.append(path)
                return f"[{label}]({os.path.relpath(ROOT / name_of(path), page.parent)}.md{place})"
            copy(path, self.source)
            return found[0]

        parts[::2] = [LINK.sub(link, part) for part in parts[::2]]
        return "".join(parts), linked

    def with_pictures(self, text):
        """The gallery with each picture below the commands that make it."""
        folder = self.source / "docs" / "pictures"
        folder.mkdir(parents=True)
        parts, end, title = [], 0, ""
        with tempfile.TemporaryDirectory() as scratch:
            reader = doc_pages.Reader(self.program, pathlib.Path(scratch))
            reader.run("derisk demo")
            for found in doc_pages.BLOCK.finditer(text):
                done = reader.run(found[2])
                if done.returncode != 0:
                    sys.exit(f"site: {found[2]}{done.stdout}")
                title = (re.findall(r"^## (.*)$", text[: found.start()], re.MULTILINE) or [title])[-1]
                parts.append(text[end : found.end()])
                for picture in PICTURE.findall(found[2]):
                    shutil.copyfile(reader.folder / picture, folder / picture)
                    parts.append(f"\n\n![{title}](pictures/{picture})")
                end = found.end()
        return "".join(parts) + text[end:]

    def write(self, references):
        for page, text in self.texts.items():
            trees = [self.tree("", [name_of(other) for other in self.below[page]])] if page in self.below else []
            if page == HOME:
                trees += [self.tree(title, [name_of(other) for other in pages]) for title, pages in self.parts]
                trees.append(self.tree("References", references))
            target = self.source / f"{name_of(page)}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join([text, *trees]))

    @staticmethod
    def tree(caption, names):
        lines = [f":caption: {caption}"] if caption else []
        return "\n".join(["```{toctree}", ":hidden:", *lines, "", *(f"/{name}" for name in names), "```", ""])


def c_reference(source):
    """Writes the pages of the C library; returns the name of the first."""
    folder = source / "reference" / "c"
    folder.mkdir(parents=True)
    for path in (HEADER, ROOT / "examples" / "tariff.c"):
        copy(path, source)
    for name, text in header_pages.pages(HEADER.read_text()).items():
        (folder / f"{name}.rst").write_text(text)
    return ["reference/c/index"]


ERRORS = ["Error", "Usage", "BadInput", "NoSolution", "MachineError", "Cancelled"]
PYTHON = f"""Python
======

.. automodule:: derisk
   :members:
   :exclude-members: {", ".join(ERRORS)}
   :inherited-members: Sequence, Mapping, dict, list, tuple

Errors
------

{"".join(f".. autoexception:: derisk.{name}{chr(10)}" for name in ERRORS)}"""


def python_package():
    """The folder with the Python package that `make wheel` has built, if it can be imported, or None."""
    for folder in sorted((ROOT / "build-wheel" / "unpacked").glob("derisk-*")):
        environment = os.environ | {"PYTHONPATH": str(folder)}
        done = subprocess.run([SPHINX_PYTHON, "-c", "import derisk"], env=environment, capture_output=True, check=False)
        if done.returncode == 0:
            return folder
    return None


def python_reference(source, package):
    if package is None:
        say("the reference of Python is left out: `make wheel` builds the package of which it is made")
        return []
    (source / "reference" / "python.rst").write_text(PYTHON)
    return ["reference/python"]


def r_reference(source):
    """Writes the help pages of the R package; returns the name of their list."""
    if not shutil.which("Rscript"):
        say("the reference of R is left out: `tools/setup.sh r` installs R")
        return []
    folder = source / "reference" / "r"
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(["Rscript", "tools/rd-pages.R", made], cwd=ROOT, check=True)
        names = [path.stem for path in sorted(pathlib.Path(made).glob("*.html"))]
        for name in names:
            (folder / f"{name}.rst").write_text(r_page(name, pathlib.Path(made, f"{name}.html").read_text()))
    tree = "\n".join(["R", "=", "", ".. toctree::", "", *(f"   {name}" for name in names), ""])
    (folder / "index.rst").write_text(tree)
    return ["reference/r/index"]


def r_list(table):
    """A table of arguments as a list of definitions, for which a narrow window is wide enough; other tables stay."""
    rows, rest = R_ROW.findall(table[1]), R_ROW.sub("", table[1])
    if rest.strip():
        return table[0]
    entries = "\n".join(f"<dt>{name}</dt>\n<dd>{text}</dd>" for name, text in rows)
    return f'<dl class="simple">\n{entries}\n</dl>'


def r_page(name, html):
    """A help page as R has made it, below a heading with its name and title."""
    title, body = re.search(r"<h2>(.*?)</h2>(.*)</div>\s*</body>", html, re.DOTALL).groups()
    body = re.sub(r"(</?)h3>", r"\1h2>", body)
    body = re.sub(r"<pre>(.*?)</pre>", r'<div class="highlight"><pre>\1</pre></div>', body, flags=re.DOTALL)
    body = R_TABLE.sub(r_list, body)
    lines = "\n".join(f"   {line}" for line in body.splitlines())
    heading = f"{name}: {re.sub('<[^>]*>', '', title)}"
    return f"{heading}\n{'=' * len(heading)}\n\n.. raw:: html\n\n{lines}\n"


def main(build):
    if missing := missing_pages():
        sys.exit("\n".join(f"{CONTENTS.relative_to(ROOT)}: names no {page.relative_to(ROOT)}" for page in missing))
    if not SPHINX_PYTHON.exists():
        sys.exit("site: there is no Sphinx here: `tools/setup.sh site` fetches it")
    package = python_package()
    source, made, site = build / "site-source", build / "site-made", build / "site"
    for folder in (source, made):
        shutil.rmtree(folder, ignore_errors=True)
    say("making the pictures and the references")
    pages = Pages(source, build / "derisk")
    pages.take_all()
    pages.write(c_reference(source) + python_reference(source, package) + r_reference(source))
    version = re.search(r'#define DR_VERSION "(.*)"', HEADER.read_text())[1]
    environment = os.environ | {"DERISK_VERSION": version, "PYTHONPATH": str(package or "")}
    say("making the pages")
    sphinx = [SPHINX_PYTHON, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", CONTENTS.parent, source, made]
    if subprocess.run(sphinx, env=environment, check=False).returncode != 0:
        sys.exit("site: failed, the pages stay as they were")
    shutil.rmtree(made / ".doctrees")
    shutil.rmtree(site, ignore_errors=True)
    made.rename(site)
    say(f"open {os.path.relpath(site / 'index.html')}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve())
