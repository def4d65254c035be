"""The reference of the C library: pages of Sphinx made of include/derisk.h, one for each of its sections.

The header is written for people: a comment stands above the declarations that it describes, up to a blank line. Names
of functions and types in comments become links; lines that are indented stay as they are."""

import re
import textwrap

SECTION = re.compile(r"^/\* -{4} (.*?) -+ \*/$", re.MULTILINE)
COMMENT = re.compile(r"/\*(.*?)\*/\n?", re.DOTALL)
FUNCTION = re.compile(r"^DR_API (.*?);", re.MULTILINE | re.DOTALL)
TYPE = re.compile(
    r"^(?:typedef (?:struct|enum) (?:\w+)(?: \{.*?\n?\})? (\w+);|(struct \w+) \{.*?^\};)", re.MULTILINE | re.DOTALL
)
MACRO = re.compile(r"^#define (\w+(?:\([^)]*\))?)(?= |$)", re.MULTILINE)
GUARD = re.compile(r"\w+(_H|_INTERFACE)|DR_API")


def name_of(signature):
    """The name that a signature of a function declares."""
    return re.search(r"(\w+)\(", signature)[1]


def functions(text):
    """The signatures of the functions that a text declares, each on one line."""
    return [" ".join(found.split()) for found in FUNCTION.findall(text)]


def types(text):
    """(name, declaration) of the types that a text declares."""
    return [(found[1] or found[2].removeprefix("struct "), found[0]) for found in TYPE.finditer(text)]


class Names:
    """Which words of a comment are names of the library."""

    def __init__(self, header):
        self.roles = {name_of(signature): "c:func" for signature in functions(header)}
        self.roles |= {name: "c:type" for name, _ in types(header) if name.startswith("dr_")}

    def prose(self, line):
        """A line of a comment with its links, and without what Sphinx would take for markup."""
        parts = re.split(r"(`[^`]+`|\bdocs/\w+\.md\b|\b\w+\b)", re.sub(r"(dr_\w+)\(\)", r"\1", line))
        return "".join(self.part(part) for part in parts)

    def part(self, part):
        if part.startswith("`") and len(part) > 1:
            return f"``{part[1:-1]}``"
        if page := re.fullmatch(r"(docs/\w+)\.md", part):
            return f":doc:`{part} </{page[1]}>`"
        if part in self.roles:
            return rf"\ :{self.roles[part]}:`{part}`\ "
        return re.sub(r"([\\*`_|:])", r"\\\1", part)


def lines_of(comment):
    """The lines of a comment without what marks them as one."""
    return [
        re.sub(r"^ \* ?", "", line).rstrip() for line in f" * {comment.strip(' ')}".replace(" * \n", "").splitlines()
    ]


def paragraphs(comment, names):
    """The text of a comment: paragraphs, lists, and lines that are indented and stay as they are."""
    out, kind = [], None
    for line in lines_of(comment):
        before, indented = kind, line.startswith("  ")
        if not line.strip():
            kind = kind if kind == "literal" else None
            out.append("")
            continue
        item = re.match(r" *- ", line)
        if item and before != "literal":
            kind = "list"
            out += [] if before == "list" else [""]
            out.append(f"- {names.prose(line[item.end():])}")
        elif before == "list" and indented:
            out.append(f"  {names.prose(line.strip())}")
        elif indented:
            kind = "literal"
            out += [] if before == "literal" else ["", f".. code-block:: {'c' if line.endswith(';') else 'text'}", ""]
            out.append(f" {line}")
        else:
            kind = "text"
            out += [] if before == "text" else [""]
            out.append(names.prose(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out).strip("\n"))


def items(section):
    """(comment, declarations) of a section, in order. A blank line begins a new one, and so does a comment that is
    not indented."""
    section = re.sub(r"^#(if|ifndef|ifdef|endif|else|include)\b.*\n", "", section, flags=re.MULTILINE)
    for block in re.split(r"\n\n+(?=\S)", section.strip("\n")):
        for part in re.split(r"(?m)^(?=/\*)", block):
            comment = COMMENT.match(part)
            declarations = part[comment.end() :] if comment else part
            if part.strip():
                yield (comment[1] if comment else ""), declarations.strip("\n")


def directive(kind, signatures, text, code=""):
    """A directive of Sphinx's domain of C with a description, and the declaration itself where it says more."""
    first = f".. c:{kind}:: "
    head = first + ("\n" + " " * len(first)).join(signatures)
    body = [textwrap.indent(text, "   ")] if text else []
    if code:
        body.append("   .. code-block:: c\n\n" + textwrap.indent(code, "      "))
    return "\n\n".join([head, *body])


def described(comment, declarations, names):
    """What a page says of an item: its text stands under the first of its declarations, with all functions in one
    directive."""
    text = paragraphs(comment, names)
    found = []
    for macro in MACRO.finditer(declarations):
        if not GUARD.fullmatch(macro[1]):
            line = declarations[macro.start() :].splitlines()[0]
            found.append(("macro", [macro[1]], line))
    for name, code in types(declarations):
        found.append(("type" if code.startswith("typedef") else "struct", [name], code if "{" in code else ""))
    if signatures := functions(declarations):
        found.append(("function", signatures, ""))
    if not found:
        return text
    parts = [directive(kind, signatures, "" if i else text, code) for i, (kind, signatures, code) in enumerate(found)]
    return "\n\n".join(parts)


def heading(title, mark="="):
    return f"{title}\n{mark * len(title)}"


def file_name(title):
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def pages(header):
    """The pages by their names: `index` with the introduction of the header, and one for each section."""
    names = Names(header)
    introduction = COMMENT.match(header)
    first, *rest = SECTION.split(header)
    sections = list(zip(rest[::2], rest[1::2]))
    made = {}
    for title, section in [("Version and options", first[introduction.end() :]), *sections]:
        section = section.split("\n#ifdef __cplusplus")[0] if title != "Version and options" else section
        section = re.sub(r'extern "C" \{', "", section)
        parts = [described(comment, declarations, names) for comment, declarations in items(section)]
        made[file_name(title)] = "\n\n".join([heading(title), *filter(None, parts)]) + "\n"
    contents = "\n".join(f"   {name}" for name in made)
    made["index"] = "\n\n".join(
        [
            heading("The C library"),
            (
                "The whole header is :download:`derisk.h </include/derisk.h>`, a program that uses it "
                ":download:`tariff.c </examples/tariff.c>`."
            ),
            paragraphs(introduction[1], names),
            f".. toctree::\n   :caption: Sections\n\n{contents}\n",
        ]
    )
    return made
