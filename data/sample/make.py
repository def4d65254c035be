#!/usr/bin/env python3
"""Makes the sample world: the table of 2011 of the World Input-Output Database, summed to fewer regions and sectors.

usage: make.py WIOD_FOLDER [OUTPUT_FOLDER]

WIOD_FOLDER holds wiod_2011.csv.gz in the layout of the OECD's inter-country tables. What is summed to what is in
regions.csv and sectors.csv beside this script; the output (default: beside this script) is

    sample_2011.csv.gz   the table, in the same layout
    sample_regions.csv   code, name, parts: the ISO 3166 codes a region stands for, "|" between; empty: its own code
    sample_sectors.csv   code, name, isic_rev3, kind, slug

Every cell of the result is the sum of the cells it stands for, negative ones included; nothing else is changed, so that
every total is kept. The cells are whole numbers, so the sums are exact and the same input always gives the same output.
"""

import csv
import gzip
import io
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
YEAR = 2011
FINAL_USES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")


def read_map(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def first_rows(rows):
    """The first row of each new code, in the order of the map."""
    found = {}
    for row in rows:
        found.setdefault(row["to"], row)
    return found


def relabel(label, region_to, sector_to):
    """The new label of a row or column: "DEU_c14" is "DEU_ELE"; totals keep theirs."""
    if label in ("VA", "OUT"):
        return label
    region, item = label.split("_", 1)
    return f"{region_to[region]}_{item if item in FINAL_USES else sector_to[item]}"


def aggregate(table, rename):
    """Sums the rows of an open CSV table; returns {new row: {new column: value}}."""
    reader = csv.reader(table)
    columns = [rename(label) for label in next(reader)[1:]]
    result = {}
    for row in reader:
        sums = result.setdefault(rename(row[0]), dict.fromkeys(columns, 0))
        for column, cell in zip(columns, row[1:], strict=True):
            sums[column] += int(cell)
    return result


def write_table(path, cells, regions, sectors):
    industries = [f"{region}_{sector}" for region in regions for sector in sectors]
    columns = industries + [f"{region}_{use}" for region in regions for use in FINAL_USES] + ["OUT"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["V1"] + columns)
    for label in industries + ["VA", "OUT"]:
        writer.writerow([label] + [cells[label][column] for column in columns])
    with open(path, "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def write_rows(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def parts(code, rows):
    members = [row["region"] for row in rows if row["to"] == code]
    return "" if members == [code] else "|".join(members)


def make_sample(wiod, output):
    region_rows, sector_rows = read_map(HERE / "regions.csv"), read_map(HERE / "sectors.csv")
    regions, sectors = first_rows(region_rows), first_rows(sector_rows)
    region_to = {row["region"]: row["to"] for row in region_rows}
    sector_to = {row["sector"]: row["to"] for row in sector_rows}
    with gzip.open(wiod / f"wiod_{YEAR}.csv.gz", "rt", newline="") as table:
        cells = aggregate(table, lambda label: relabel(label, region_to, sector_to))
    write_table(output / f"sample_{YEAR}.csv.gz", cells, regions, sectors)
    write_rows(
        output / "sample_regions.csv",
        ["code", "name", "parts"],
        [[code, row["name"], parts(code, region_rows)] for code, row in regions.items()],
    )
    keys = ["name", "isic_rev3", "kind", "slug"]
    write_rows(
        output / "sample_sectors.csv",
        ["code"] + keys,
        [[code] + [row[key] for key in keys] for code, row in sectors.items()],
    )


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__.split("\n\n")[1])
    make_sample(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else HERE)


if __name__ == "__main__":
    main()
