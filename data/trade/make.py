#!/usr/bin/env python3
"""Makes goods.csv.gz: trade in goods between the 41 regions of the World Input-Output Database, 1995 to 2011,
domestic trade included.

usage: make.py WIOD_FOLDER [OUTPUT_FOLDER]

WIOD_FOLDER holds wiod_YEAR.csv.gz in the layout of the OECD's inter-country tables, and sectors.csv (code, ...,
kind). A flow is the sum of what an exporter's industries of kind `goods` sell to an importer's industries and final
users; cells below zero (changes of inventories) count as zero. Columns: exporter, importer, year, trade (million US
dollars, current prices).
"""

import csv
import gzip
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def goods_of(wiod):
    with open(wiod / "sectors.csv", newline="", encoding="utf-8") as file:
        return {row["code"] for row in csv.DictReader(file) if row["kind"] == "goods"}


def flows_of(table, goods):
    """{(exporter, importer): value} of an open table."""
    reader = csv.reader(table)
    buyers = [label.split("_", 1)[0] for label in next(reader)[1:]]
    flows = {}
    for row in reader:
        region, _, sector = row[0].partition("_")
        if sector not in goods:
            continue
        for buyer, cell in zip(buyers, row[1:], strict=True):
            if buyer != "OUT":
                key = (region, buyer)
                flows[key] = flows.get(key, 0) + max(0, int(cell))
    return flows


def make_trade(wiod, output):
    goods, text = goods_of(wiod), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["exporter", "importer", "year", "trade"])
    rows = []
    for path in sorted(wiod.glob("wiod_*.csv.gz")):
        year = int(path.name[len("wiod_") :][:4])
        with gzip.open(path, "rt", newline="") as table:
            rows += [(*pair, year, value) for pair, value in flows_of(table, goods).items()]
    writer.writerows(sorted(rows))
    with open(output / "goods.csv.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.split("\n\n")[1])
    make_trade(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else HERE)


if __name__ == "__main__":
    main()
