"""Hidden exposure and its routes against power series and paths written out, on a world small enough for that."""

import csv
import io
import json

import pytest

# The small world: of the EU, Germany and France, and all others as EUR; outside it three, and all others as OTH.
REGIONS = {"DEU": "DEU", "FRA": "FRA", "CHN": "CHN", "USA": "USA", "KOR": "KOR"}
SECTORS = {
    "mining": "primary",
    "agriculture": "primary",
    "electrical-optical": "electronics",
    "transport-equipment": "vehicles",
}


class Table:
    """The input-output table of a world: nodes (region, sector), inputs[user][supplier] a unit of output, and
    output."""

    def __init__(self, world):
        self.output = {}
        bought = {}
        for row in world("final"):
            node = row["origin"], row["supplier"]
            self.output[node] = self.output.get(node, 0) + float(row["value"])
        for row in world("intermediate"):
            supplier, user = (row["origin"], row["supplier"]), (row["destination"], row["user"])
            self.output[supplier] = self.output.get(supplier, 0) + float(row["value"])
            bought.setdefault(user, {})[supplier] = max(0, float(row["value"]))
        self.inputs = {
            user: {supplier: value / self.output[user] for supplier, value in bought.get(user, {}).items()}
            for user in self.output
        }

    def content(self, origins, through=None):
        """What nodes of the regions `origins` make for a unit of each node's output, by the power series; `through`:
        regions that it may pass."""
        content = dict.fromkeys(self.output, 0.0)
        for _ in range(400):
            content = {
                user: sum(
                    share * ((supplier[0] in origins) + content[supplier])
                    for supplier, share in inputs.items()
                    if through is None or supplier[0] in through
                )
                for user, inputs in self.inputs.items()
            }
        return content


@pytest.fixture(scope="module")
def small(story, tmp_path_factory):
    """run("exposure", "small.world", ...) on the sample world in fewer regions and sectors; small.table is its
    table."""
    from conftest import run

    folder = tmp_path_factory.mktemp("small")
    rows = {}
    for table in ("region", "sector"):
        text = run("export", story[0] / "sample.world", "--table", table, "--format", "csv", cwd=folder).stdout
        rows[table] = list(csv.DictReader(io.StringIO(text)))
    eu = set()
    text = run("export", story[0] / "sample.world", "--table", "membership", "--format", "csv", cwd=folder).stdout
    for row in csv.DictReader(io.StringIO(text)):
        if row["group_code"] == "EU":
            eu.add(row["region"])
    with open(folder / "regions.csv", "w") as file:
        print("region,to", file=file)
        for row in rows["region"]:
            print(row["code"], REGIONS.get(row["code"], "EUR" if row["code"] in eu else "OTH"), sep=",", file=file)
    with open(folder / "sectors.csv", "w") as file:
        print("sector,to,slug", file=file)
        for row in rows["sector"]:
            sector = SECTORS.get(row["slug"], "other")
            print(row["code"], sector, sector, sep=",", file=file)
    done = run(
        *("aggregate", story[0] / "sample.world", "--regions", "regions.csv", "--sectors", "sectors.csv"),
        *("--to", "small.world"),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr

    def call(*arguments, **settings):
        return run(*arguments, cwd=folder, **settings)

    def stored(table):
        return csv.DictReader(io.StringIO(call("export", "small.world", "--table", table, "--format", "csv").stdout))

    call.table = Table(stored)
    return call


def rows_of(small, *arguments):
    done = small("exposure", "small.world", *arguments, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert result["certificate"]["worst_residual"] < 1e-9
    return result["rows"]


EU = {"DEU", "FRA", "EUR"}
SHARES = ("direct_share_of_inputs", *(f"{part}_share_of_upstream_output" for part in ("direct", "indirect", "total")))
TOTAL = "total_share_of_upstream_output"


@pytest.mark.parametrize("of, to", [("EU", {"CHN"}), ("DEU", {"CHN", "KOR"}), ("CHN,KOR", {"OTH"})])
def test_by_sector(small, of, to):
    table, members = small.table, EU if of == "EU" else set(of.split(","))
    content, everything = table.content(to), table.content({node[0] for node in table.output})
    between = table.content(to, members | to)
    rows = rows_of(small, of, "--hidden", "--to", ",".join(sorted(to)))
    assert rows[-1]["sector"] == "all" and len(rows) == 5
    assert [row[TOTAL] for row in rows[:-1]] == sorted((row[TOTAL] for row in rows[:-1]), reverse=True)
    for row in rows:
        users = [node for node in table.output if node[0] in members and row["sector"] in ("all", node[1])]
        bought = sum(table.output[user] * share for user in users for share in table.inputs[user].values())
        bought_to = sum(
            table.output[user] * share
            for user in users
            for supplier, share in table.inputs[user].items()
            if supplier[0] in to
        )
        through, through_to, through_sides = (
            sum(table.output[user] * what[user] for user in users) for what in (everything, content, between)
        )
        expected = {
            "inputs": bought,
            "direct_share_of_inputs": bought_to / bought,
            "direct_share_of_upstream_output": bought_to / through,
            "indirect_share_of_upstream_output": (through_to - bought_to) / through,
            "total_share_of_upstream_output": through_to / through,
            "total_over_direct": through_to / bought_to,
            "third_country_share_of_total": 1 - through_sides / through_to,
        }
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9)
        assert row["indirect_share_of_upstream_output"] > 0


def test_by_supplier(small):
    """Each supplier's row is what the table by sector says of it, and all of them add up."""
    rows = rows_of(small, "EU", "--hidden")
    assert {row["supplier"] for row in rows} == {"CHN", "USA", "KOR", "OTH", "all"}
    for row in rows[:-1]:
        alone = rows_of(small, "EU", "--hidden", "--to", row["supplier"])[-1]
        for column in ("inputs", *SHARES, "total_over_direct"):
            assert row[column] == pytest.approx(alone[column], rel=1e-9)
    for column in SHARES:
        assert rows[-1][column] == pytest.approx(sum(row[column] for row in rows[:-1]), rel=1e-9)
    assert [row[TOTAL] for row in rows[:-1]] == sorted((row[TOTAL] for row in rows[:-1]), reverse=True)


def paths(table, of, to, least):
    """Every route worth at least that much, with its value."""
    found, open_ends = [], [((user,), output) for user, output in table.output.items() if user[0] in of]
    while open_ends:
        path, value = open_ends.pop()
        for supplier, share in table.inputs[path[0]].items():
            if value * share >= least:
                longer = (supplier, *path), value * share
                open_ends.append(longer)
                if supplier[0] in to:
                    found.append(longer)
    return sorted(found, key=lambda item: -item[1])


@pytest.mark.parametrize("count", [12, 120])
def test_routes(small, count):
    """The largest of all, then the largest through third countries; some of these are among the first 120."""
    table = small.table
    rows = rows_of(small, "EU", "--to", "CHN", "--routes", count)
    all_of_it = sum(table.output[node] * value for node, value in table.content({"CHN"}).items() if node[0] in EU)
    expected = paths(table, EU, {"CHN"}, rows[-1]["value"] / 1.01)
    third = [path for path in expected if any(node[0] not in EU | {"CHN"} for node in path[0])]
    both = expected[:count] + [path for path in third[:count] if path not in expected[:count]]
    assert [row["route"] for row in rows] == [" > ".join(" ".join(node) for node in path) for path, _ in both]
    assert len(rows) == 2 * count if count == 12 else count < len(rows) < 2 * count
    for row, (path, value) in zip(rows, both):
        assert row["value"] == pytest.approx(value, rel=1e-9)
        assert row["share_of_total"] == pytest.approx(value / all_of_it, rel=1e-9)
        assert row["links"] == len(path) - 1
        assert row["third_countries"] == " ".join(node[0] for node in path if node[0] not in EU | {"CHN"})


def test_routes_from_everywhere(small):
    rows = rows_of(small, "DEU", "--routes", "5")
    expected = paths(small.table, {"DEU"}, {node[0] for node in small.table.output} - {"DEU"}, rows[-1]["value"] / 1.01)
    assert [row["route"] for row in rows] == [" > ".join(" ".join(node) for node in path) for path, _ in expected[:5]]
    assert {row["third_countries"] for row in rows} == {""}


def test_what_is_refused(refused):
    for text in ("0", "1001", "2.5", "many", "-1"):
        line = f"exposure: --routes '{text}': expected a whole number from 1 to 1000"
        refused(1, line, "exposure", "sample.world", "EU", f"--routes={text}")
    refused(1, "exposure: --hidden cannot be combined with --cut", *"exposure sample.world EU --cut --hidden".split())
    refused(
        2,
        "'DEU' has no region outside 'EU': name another partner",
        *"exposure sample.world EU --to DEU --hidden".split(),
    )
    refused(
        2,
        "sample.world: has no year 1999, only 2011",
        *"exposure sample.world EU --hidden --year 1999".split(),
    )


@pytest.mark.parametrize(
    "view", ["", "--to CHN", "--partners", "--hidden", "--hidden --to CHN", "--routes 5", "--cut --to CHN"]
)
@pytest.mark.parametrize("kind", ["svg", "png"])
def test_pictures(derisk, here, view, kind):
    plain = derisk(*f"exposure sample.world EU {view} --format csv".split())
    done = derisk(*f"exposure sample.world EU {view} --format csv --plot bars.{kind}".split())
    assert (done.returncode, done.stderr, done.stdout) == (0, "", plain.stdout)
    picture = (here / f"bars.{kind}").read_bytes()
    assert picture.startswith(b"\x89PNG" if kind == "png" else b"<?xml")
    if kind == "svg":
        assert b"Source: derisk sample world" in picture


def test_what_is_no_picture(refused):
    refused(
        1,
        "exposure: --plot 'bars.jpg': expected a name that ends with .svg, .png or .pdf",
        *"exposure sample.world EU --plot bars.jpg".split(),
    )
