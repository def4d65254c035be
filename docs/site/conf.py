"""Settings of Sphinx for the documentation site, which tools/make_site.py puts together and builds."""

import os

from pygments.lexers.special import TextLexer

project = "derisk"
html_title = "derisk"
author = "the authors of derisk"
project_copyright = "the authors of derisk. Apache-2.0"
version = release = os.environ["DERISK_VERSION"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "index"
nitpicky = True  # a name in a reference that leads nowhere is a warning, and warnings are errors

myst_heading_anchors = 6  # as GitHub has them
myst_url_schemes = ("http", "https", "mailto")

# Types of the system's headers, which no page describes.
nitpick_ignore_regex = [
    ("c:identifier", r"(u?int\d+_t|size_t|FILE|Arrow\w+)"),
    ("py:.*", r"(?!derisk).*"),
    ("py:.*", r"derisk\._\w+.*"),
]

add_function_parentheses = False
smartquotes = False  # "" is an empty text
default_role = "literal"  # `name` in docstrings
autodoc_member_order = "groupwise"
autodoc_typehints = "description"
autodoc_typehints_format = "short"
napoleon_use_rtype = False

# Formulas, numbers that are cut, and parts of files need not be valid in the language of their block.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_copy_source = False
html_show_sourcelink = False
# Browsers do not let a page that is a file read other files, of which summaries are made.
html_show_search_summary = False


def keep_first_line(_app, what, _name, _object, _options, lines):
    """Lets Napoleon read no type before a colon in the first line of the description of an attribute."""
    if what in ("property", "attribute"):
        lines.insert(0, "\\ ")  # nothing, in reStructuredText


def setup(app):
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", keep_first_line, priority=400)  # before Napoleon
