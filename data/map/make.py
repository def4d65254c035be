#!/usr/bin/env python3
"""Makes countries.csv, the outlines of countries that maps are drawn from, of the npm package world-atlas.

usage: make.py WORLD_ATLAS_FOLDER [OUTPUT_FOLDER]

WORLD_ATLAS_FOLDER is the unpacked package (npm pack world-atlas@2.0.2): its countries-110m.json and
countries-50m.json are TopoJSON made of Natural Earth 4.1, scales 1:110 million and 1:50 million, which is in the
public domain. What becomes of them:

- longitude and latitude are projected with Equal Earth (Savric, Patterson & Jenny 2018, International Journal of
  Geographical Information Science 33(3), 454-465), in which areas keep their sizes, to whole numbers: the map is
  WIDTH wide, y grows upwards;
- rings that cross 180 degrees are cut there;
- Antarctica is left out; rings and points that are smaller than a unit go;
- countries that 1:110 million does not have become a point, the middle of their largest ring in 1:50 million;
- Northern Cyprus counts as CYP, Somaliland as SOM, Crimea as UKR, as statistics of trade have them.

countries.csv has a row a ring or point: iso3, kind (ring or point), path: x and y of the first point, then the steps
from each to the next. A ring is closed by a step from its last point to its first, which is not written.
"""

import csv
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
VERSION = "2.0.2"
WIDTH = 2800
NAMED = {"N. Cyprus": "CYP", "Somaliland": "SOM", "Kosovo": "XKX"}  # what has no number in ISO 3166
CRIMEA = (34.2, 45.3)


def equal_earth(longitude, latitude):
    """The projection's plane, from -1 to 1 in x."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    widest = 2 * math.sqrt(3) * math.pi / (3 * a1)
    return x / widest, (a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t) / widest


def on_grid(point):
    x, y = equal_earth(*point)
    return round((1 + x) * WIDTH / 2), round(y * WIDTH / 2)


def decode(atlas):
    """The arcs of a TopoJSON file in degrees."""
    (kx, ky), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * kx + tx, y * ky + ty))
        arcs.append(points)
    return arcs


def rings_of(geometry, arcs):
    """The outer rings of a geometry; holes are other countries, which are drawn over it."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        ring = []
        for index in polygon[0]:
            ring += arcs[index] if index >= 0 else arcs[~index][::-1]
        yield ring


def contains(ring, point):
    """Whether the point is in the ring: the number of edges that a ray from it crosses is odd."""
    (px, py), inside = point, False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ay > py) != (by > py) and px < ax + (py - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


def twice_area(points):
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1])))


def half(ring, edge, side):
    """The part of a ring whose longitudes are on one side (1: beyond, -1: before) of an edge."""
    kept = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        if (ax - edge) * side >= 0:
            kept.append((ax, ay))
        if (ax - edge) * (bx - edge) < 0:
            kept.append((edge, ay + (edge - ax) * (by - ay) / (bx - ax)))
    return kept


def cut_at_antimeridian(ring):
    """The ring in pieces that lie between -180 and 180 degrees; steps of more than half the world go the other way
    round."""
    unrolled, turn = [ring[0]], 0
    for (ax, _), (bx, by) in zip(ring, ring[1:]):
        turn += 360 * ((ax - bx > 180) - (bx - ax > 180))
        unrolled.append((bx + turn, by))
    for turn in (-360, 0, 360):
        moved = [(x - turn, y) for x, y in unrolled]
        piece = half(half(moved, -180, 1), 180, -1)
        if piece:
            yield piece


def reduce(ring):
    """The ring on the grid, without points that say nothing."""
    points = []
    for point in map(on_grid, ring):
        if points and point == points[-1]:
            continue
        while len(points) > 1 and twice_area([points[-2], points[-1], point]) == 0:
            points.pop()
        points.append(point)
    while len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def path(points):
    steps = [points[0]] + [(bx - ax, by - ay) for (ax, ay), (bx, by) in zip(points, points[1:])]
    return " ".join(f"{x} {y}" for x, y in steps)


def read_atlas(folder, name, numbers):
    """The countries of a file: their code and rings in degrees."""
    atlas = json.loads((folder / name).read_text(encoding="utf-8"))
    arcs = decode(atlas)
    for geometry in atlas["objects"]["countries"]["geometries"]:
        code = numbers.get(geometry.get("id", "").lstrip("0")) or NAMED.get(geometry["properties"]["name"])
        if code and code != "ATA":
            for ring in rings_of(geometry, arcs):
                for piece in cut_at_antimeridian(ring):
                    yield "UKR" if code == "RUS" and contains(piece, CRIMEA) else code, piece


def middle(points):
    return round(sum(x for x, _ in points) / len(points)), round(sum(y for _, y in points) / len(points))


def make(folder, numbers):
    rows, large = [], {}
    for code, ring in read_atlas(folder, "countries-110m.json", numbers):
        points = reduce(ring)
        if len(points) > 2 and twice_area(points) > 2:
            rows.append((twice_area(points), code, "ring", path(points)))
    rows.sort(key=lambda row: (-row[0], row[1:]))  # what lies in a hole of another is drawn after it
    there = {row[1] for row in rows}
    for code, ring in read_atlas(folder, "countries-50m.json", numbers):
        points = [on_grid(point) for point in ring]
        if code not in there and twice_area(points) >= large.get(code, (-1,))[0]:
            large[code] = twice_area(points), path([middle(points)])
    return [row[1:] for row in rows] + [(code, "point", where) for code, (_, where) in sorted(large.items())]


def main(folder, output=HERE):
    folder, output = pathlib.Path(folder), pathlib.Path(output)
    found = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    if found != VERSION:
        sys.exit(f"make.py: world-atlas {found}, {VERSION} was expected")
    with open(HERE.parent / "products" / "countries.csv", newline="", encoding="utf-8") as file:
        numbers = {row["code"]: row["iso3"] for row in csv.DictReader(file)}
    with open(output / "countries.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("iso3", "kind", "path"))
        writer.writerows(make(folder, numbers))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
