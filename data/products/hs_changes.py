#!/usr/bin/env python3
"""Makes hs-changes.csv from the correspondences of the United Nations between editions of the Harmonized System.

usage: hs_changes.py HS_consolidated_comtrade_concordances.csv.gz > hs-changes.csv

A row says that goods of the code `earlier` are under `code` from `edition` on. Only codes that one of the two editions
does not have are here: a code of both stands for itself (src/world/harmonized.h). Goods of a code that ended are under
the later codes of its own heading, else of the nearest one among those that the correspondence has; it links the others
by small parts, waste and the like. A code that is new has its goods from those that ended in this way; if there are
none, from the earlier codes of its own heading, else of the nearest. `change`: `ended` (the earlier code is no more;
the later one was there), `new` (the later code was not there; the earlier one keeps its goods, or has them
elsewhere), or `both`.
"""

import csv
import gzip
import sys

EDITIONS = {
    "1992": "HS92",
    "1996": "HS96",
    "2002": "HS02",
    "2007": "HS07",
    "2012": "HS12",
    "2017": "HS17",
    "2022": "HS22",
}

# 8541.50, other semiconductor devices, is 8541.51 and 8541.59 in HS 2022; the correspondence has it under waste alone.
MISSING = {("2022", "854151", "854150"), ("2022", "854159", "854150")}


def near(code, others):
    distance = {other: abs(int(other[:4]) - int(code[:4])) for other in others}
    return {other for other in others if distance[other] == min(distance.values())}


def changes(later, pairs):
    after, before = {code for code, _ in pairs}, {code for _, code in pairs}
    new, ended = after - before, before - after
    takers, sources = {}, {}
    for code, earlier in pairs:
        takers.setdefault(earlier, set()).add(code)
        sources.setdefault(code, set()).add(earlier)
    kept = {(code, earlier): "both" for earlier in ended for code in near(earlier, takers[earlier])}
    for code in new - {code for code, _ in kept}:
        kept |= {(code, earlier): "new" for earlier in near(code, sources[code])}
    for (code, earlier), change in sorted(kept.items()):
        yield EDITIONS[later], code, earlier, change if code in new else "ended"


def main(path):
    pairs = {}
    with gzip.open(path, "rt") as rows:
        for row in csv.DictReader(rows):
            later, earlier = row["adjustment"].split(" to ")
            if later in EDITIONS and earlier in EDITIONS:
                # the file has lost the zeros in front of codes
                pairs.setdefault(later, set()).add((row["code.after"].zfill(6), row["code.before"].zfill(6)))
    for later, code, earlier in MISSING:
        pairs[later].add((code, earlier))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["edition", "code", "earlier", "change"])
    for later in sorted(pairs):
        out.writerows(changes(later, pairs[later]))


main(sys.argv[1])
