#!/usr/bin/env python3
"""Numbers are printed and read by base/print.c alone, which knows the decimal point only: the C library's own functions
print a comma in programs that have called setlocale(). This check finds calls of those functions that could do so.
usage: tools/check-numbers.py [SOURCE_FOLDER]"""

import pathlib
import re
import sys

PRINTS = {
    "printf": 0,
    "fprintf": 1,
    "dprintf": 1,
    "asprintf": 1,
    "sprintf": 1,
    "snprintf": 2,
    "sscanf": 1,
    "fscanf": 1,
}  # the place of the format
NEVER = r"v(?:f|d|s|sn|as)?printf|strfrom[dfl]|strto(?:d|f|ld)(?:_l)?|atof|v[fs]?scanf|uselocale|setlocale"
CALL = re.compile(rf"\b({'|'.join(PRINTS)}|{NEVER})\s*\(")
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
DECIMAL = re.compile(r"%[-+ #0-9.*']*l?L?[aefgAEFG]")
NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.S)
ALLOWED = "base/print.c"


def without_comments(text):
    """The same text, line by line, with blanks for comments."""
    keep = lambda m: m.group() if m.group()[0] in "\"'" else re.sub(r"[^\n]", " ", m.group())
    return NO_CODE.sub(keep, text)


def arguments_of(text, start):
    """The arguments of the call whose parenthesis opens just before `start`."""
    found, depth, begin, at = [], 0, start, start
    while depth >= 0 and at < len(text):
        literal = NO_CODE.match(text, at)
        if literal:
            at = literal.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0 or (depth == 0 and text[at] == ","):
            found.append(text[begin:at])
            begin = at + 1
        at += 1
    return found


def trouble(name, arguments):
    if name not in PRINTS:
        return f"{name}() is for {ALLOWED} only"
    form = arguments[PRINTS[name]] if len(arguments) > PRINTS[name] else ""
    if not LITERAL.search(form):
        return f"{name}() with a format that is no literal: use dr_print, dr_print_text or dr_print_new of base/print.h"
    if DECIMAL.search(" ".join(LITERAL.findall(form))):
        return f"{name}() of a number with decimals: use dr_print, dr_print_text or dr_print_new of base/print.h"
    return None


def check(folder):
    count = 0
    for path in sorted(folder.rglob("*.[ch]")):
        if path.relative_to(folder).as_posix() == ALLOWED:
            continue
        text = without_comments(path.read_text())
        for call in CALL.finditer(text):
            if text[: call.start()].endswith(("format(", "__format__(")):  # the attribute
                continue
            why = trouble(call.group(1), arguments_of(text, call.end()))
            if why:
                print(f"{path}:{text.count(chr(10), 0, call.start()) + 1}: {why}", file=sys.stderr)
                count += 1
    return count


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parent.parent / "src"
    sys.exit(1 if check(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default) else 0)
