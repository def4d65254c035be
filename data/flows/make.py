#!/usr/bin/env python3
"""Makes flows.csv.gz: trade of 31 economies in 17 sectors, 2011 to 2022, domestic sales included.

usage: make.py CUBES_FOLDER [OUTPUT_FOLDER]

CUBES_FOLDER holds icio_YEAR.csv.gz, in which exporter, importer, sector and value_musd are the sales of the OECD's
inter-country input-output tables summed over users (intermediate and final use, in million US dollars at basic
prices). The column `tariff` is not the OECD's and is left out. What is summed to what is in flows_regions.csv (parts;
ROW takes the economies that are in no other) and icio_sectors.csv beside this script. flows.csv.gz has a row for each
exporter, importer and sector, and a column for each year, rounded to 0.1 million. The same input always gives the
same bytes. The totals of each year are printed.
"""

import csv
import gzip
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent


def read_list(name):
    with open(HERE / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def region_places(rows):
    """{economy of the source: region that it is part of}."""
    return {part: row["code"] for row in rows for part in (row["parts"] or row["code"]).split("|")}


def flows_of(path, regions, sectors):
    """{(exporter, importer, sector): value} of a year, in the source's order of additions."""
    flows = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            key = (regions.get(row["exporter"], "ROW"), regions.get(row["importer"], "ROW"), sectors[row["sector"]])
            flows[key] = flows.get(key, 0) + float(row["value_musd"])
    return flows


def print_totals(year, flows):
    total = sum(flows.values())
    abroad = sum(value for (exporter, importer, _), value in flows.items() if exporter != importer)
    print(f"{year}: sales of {total:,.0f} million US dollars, of which {abroad:,.0f} million to another region")


def make_flows(cubes, output):
    region_rows, sector_rows = read_list("flows_regions.csv"), read_list("flows_sectors.csv")
    regions, sectors = region_places(region_rows), {row["sector"]: row["to"] for row in read_list("icio_sectors.csv")}
    years = {}
    for path in sorted(cubes.glob("icio_*.csv.gz")):
        year = path.name[len("icio_") :][:4]
        years[year] = flows_of(path, regions, sectors)
        print_totals(year, years[year])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["exporter", "importer", "sector", *years])
    for exporter in region_rows:
        for importer in region_rows:
            for sector in sector_rows:
                key = (exporter["code"], importer["code"], sector["code"])
                writer.writerow([*key, *(f"{flows.get(key, 0):.1f}".removesuffix(".0") for flows in years.values())])
    with open(output / "flows.csv.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.split("\n\n")[1])
    make_flows(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else HERE)


if __name__ == "__main__":
    main()
