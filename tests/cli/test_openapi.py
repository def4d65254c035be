"""docs/openapi.yaml is a valid description, is what the server tells of itself, and every answer keeps to it."""

import copy
import json
import shutil

import pytest

import openapi
from conftest import run
from test_serve import API, TARIFF, Server

WELFARE = {"rows": [{"region": "EU", "welfare": -0.5}], "notes": [], "title": "A table", "command": "simulate"}


@pytest.fixture(scope="module")
def server(story, tmp_path_factory):
    """Of the sample world with an account."""
    folder = tmp_path_factory.mktemp("openapi")
    shutil.copy(story[0] / "sample.world", folder)
    (folder / "co2.csv").write_text("region,sector,year,account,unit,value\nCHN,utilities,2011,CO2,kt,4000000\n")
    assert run("import", "account", "co2.csv", "--to", "sample.world", "--quiet", cwd=folder).returncode == 0
    server = Server(folder)
    yield server
    assert server.stop()[0] == 0


@pytest.fixture(scope="module")
def description(server):
    return server.get("openapi.json")


def test_the_description_is_valid(description):
    assert openapi.complaints({"document": None}) == []
    assert openapi.complaints({"document": description}) == []


def test_the_server_tells_what_the_file_says(description):
    """To the type of each value: the server reads YAML by its own rules, the checker by those of a library."""
    assert openapi.complaints({"served": description}) == []


@pytest.mark.parametrize("value", ["true", "false"])
def test_a_boolean_as_a_string_is_seen(description, value):
    wrong = copy.deepcopy(description)
    wrong["paths"]["/api/v1/balance"]["get"]["parameters"][0]["required"] = value
    assert openapi.complaints({"document": wrong}) != []
    assert openapi.complaints({"served": wrong}) != []


def test_a_schema_of_no_known_type_is_seen(description):
    wrong = copy.deepcopy(description)
    wrong["components"]["schemas"]["Table"]["properties"]["title"]["type"] = "text"
    assert openapi.complaints({"document": wrong}) != []


@pytest.mark.parametrize(
    "path, status, kind, answer",
    [
        ("world", 200, "application/json", {"store": "false"}),
        ("status", 200, "application/json", {"queue": "0", "running": 0, "solves": 0, "uptime": 1.5}),
        ("status", 200, "application/json", {"queue": 0, "running": 0, "solves": 0}),
        ("status", 200, "text/html", {"queue": 0, "running": 0, "solves": 0, "uptime": 1.5}),
        ("balance?of=EU", 200, "application/json", {**WELFARE, "notes": "none"}),
        ("balance?of=EU", 200, "application/json", {**WELFARE, "sums": {"group": ["22"]}}),
        ("balance?of=EU", 200, "application/json", {**WELFARE, "certificate": {"worst_residual": "1e-12"}}),
        ("balance?of=EU", 200, "application/json", {**WELFARE, "rows": [{"region": ["EU"]}]}),
        ("balance?of=EU&by=sectors", 200, "application/json", WELFARE),
        ("balance?of=EU&value-added=yes", 200, "application/json", WELFARE),
        ("balance?of=EU&colour=red", 200, "application/json", WELFARE),
        ("balance", 200, "application/json", WELFARE),
        ("balance", 400, "application/json", {"error": {"status": "unknown", "message": "x"}}),
        ("nowhere", 404, "application/json", {"error": {"status": "not-found"}}),
        ("nowhere", 200, "application/json", {"error": {"status": "not-found", "message": "x"}}),
    ],
)
def test_what_is_not_as_described_is_seen(path, status, kind, answer):
    assert openapi.exchange("GET", API + path, None, status, kind, json.dumps(answer)) != []


@pytest.mark.parametrize(
    "lines",
    [
        [{"progress": {"what": "solving", "done": "1", "all": 3}}, {"result": {"regions": WELFARE}}],
        [{"result": {"regions": {"rows": []}}}],
        [{"result": WELFARE}],
        [{"error": {"status": "bad-input"}}],
    ],
)
def test_a_line_of_a_stream_that_is_not_as_described_is_seen(lines):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    body = {"scenario": TARIFF}
    assert openapi.exchange("POST", API + "simulate", body, 200, "application/x-ndjson", text) != []


ELECTRONICS = "electrical-optical"
SIDES = [{"player": by, "tariff": {"on": on, "sectors": ELECTRONICS}} for by, on in (("EU", "CHN"), ("CHN", "EU"))]
CURB = {"changes": [{"export-curb": {"by": "CHN", "to": ["EU"], "sectors": ELECTRONICS, "cut": "50%"}}]}
SETTINGS = {"year": 2011, "horizon": "short", "elasticity": 4, "closure": "zero", "rigid-wages": "EU:97%"}
CARBON = {"changes": [{"carbon-price": {"in": "CHN", "price": 50, "abatement": 0.5}}]}
BAN = {"changes": [{"ban": {"by": "EU", "on": "CHN"}}], "model": "armington"}
RATES = {2013: "10%", 2015: "25%"}
PHASED = {"changes": [{"tariff": {"by": "EU", "on": "CHN", "rate": RATES}, "from": 2012, "until": 2016}]}
CAP = {"of": "EU", "from": ["CHN"], "cap": "30%", "sectors": ["machinery"], "starts": 1}
CAPS = {"of": "EU", "from": "CHN", "caps": {"machinery": 0.3}, "risk": 0.05, "share": "use"}
QUESTIONS = [
    ("world", None),
    ("world?year=2011", None),
    ("check", None),
    ("status", None),
    ("openapi.json", None),
    ("schema", None),
    ("balance?of=EU&with=CHN", None),
    ("balance?of=EU&by=sector&value-added=true&year=2011", None),
    ("balance?of=EU&by=year", None),
    ("balance?of=EU&account=CO2", None),
    ("footprint?of=EU&account=CO2&by=pair&year=2011", None),
    ("footprint?of=EU&account=CO2&by=year", None),
    ("exposure?of=EU&to=CHN&account=CO2", None),
    ("exposure?of=EU&to=CHN&table=direct", None),
    ("exposure?of=EU&table=partners", None),
    ("exposure?of=EU&table=hidden", None),
    ("exposure?of=EU&to=CHN&table=routes&routes=3&year=2011", None),
    ("ties?measure=gross", None),
    ("position?of=CHN&by=sector&year=2011", None),
    ("ties?measure=value-added&sectors=goods&year=2011", None),
    ("runs", None),
    ("simulate", {"scenario": TARIFF, "tables": ["regions", "sectors", "flows", "decomposition", "factors", "ties"]}),
    ("simulate", {"scenario": CURB, "tables": ["curbs"], "why": "EU", "sensitivity": "welfare:EU"}),
    ("simulate", {"scenario": {**TARIFF, **SETTINGS}, "tie": {"of": "EU", "with": "CHN"}}),
    ("simulate", {"scenario": BAN}),
    ("simulate", {"scenario": PHASED, "years": 6, "announced": 2012, "tables": ["lifetime", "years", "horizons"]}),
    ("simulate", {"scenario": TARIFF, "years": 2, "mobility": "95%", "capital": "33%", "discount": "5%"}),
    ("simulate", {"scenario": TARIFF, "years": 2, "capital": "33%", "steps-per-year": 2}),
    ("simulate", {"scenario": CARBON, "tables": ["emissions"], "social-cost": 156.2}),
    ("draws", {"scenario": TARIFF, "draws": 3, "seed": 2, "elasticity-error": 0.2, "share-error": "5%"}),
    ("plan", {**CAP, "tables": ["sectors", "regions", "flows"]}),
    ("plan", {**CAPS, "settings": {"horizon": "long"}}),
    ("plan", {**CAP, **CURB, "draws": 3, "elasticity-error": "20%", "tables": ["costs", "regions"]}),
    ("curve", {"of": "EU", "from": "CHN", "sectors": "machinery", "points": 3, **CURB}),
    ("play", {"game": {"play": "nash", "horizon": "medium", "players": SIDES}, "starts": 1}),
    ("play", {"game": {"play": "nash", "players": SIDES}, "starts": 1, "draws": 3, "seed": 2, "share-error": 0.05}),
    (
        "play",
        {
            "game": {
                "play": "nash",
                "baseline": [{"tariff": {"by": "USA", "on": "CHN", "rate": "10%"}}],
                "players": SIDES,
            },
            "starts": 1,
        },
    ),
    ("play", {"game": {"play": "coercion", "by": "CHN", "of": "EU", "sectors": ELECTRONICS}, "most": 2}),
]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("path, body", QUESTIONS)
def test_every_endpoint_answers_as_described(server, path, body, accept):
    """Server.ask checks each exchange against the description; here the list of endpoints and formats is complete. Only
    endpoints that solve or measure send their progress as a stream."""
    status, headers, text = server.ask(API + path, body=body, Accept=accept)
    at_once = path.partition("?")[0] in ("world", "status", "openapi.json", "schema", "runs")
    streams = accept == "application/x-ndjson" and not at_once
    assert (status, headers["Content-Type"]) == (200, "application/x-ndjson" if streams else "application/json")
    assert not streams or "result" in json.loads(text.splitlines()[-1])


def test_every_operation_and_parameter_is_asked(description):
    for path, operations in description["paths"].items():
        name = path.removeprefix(API)
        split = [(*question.partition("?")[::2], body) for question, body in QUESTIONS]
        asked = [(query, body) for address, query, body in split if address == name]
        for method, operation in operations.items():
            assert asked or name == "runs/{name}", path
            for parameter in operation.get("parameters", []):
                known = parameter["in"] == "path" or any(f"{parameter['name']}=" in query for query, _ in asked)
                assert known or name == "runs/{name}", (path, parameter["name"])
            assert method == "get" or all(body is not None for _, body in asked)


@pytest.mark.parametrize("table", ["regions", "sectors", "flows", "decomposition", "factors"])
def test_a_stored_run_is_as_described(here, table):
    server = Server(here, "--store")
    try:
        server.post("simulate", {"scenario": TARIFF, "store": "kept"})
        assert server.get(f"runs/kept?table={table}")["rows"]
        assert server.get("runs")["rows"]
        assert server.ask(API + "simulate", body={"scenario": TARIFF, "store": "kept"})[0] == 409
    finally:
        assert server.stop()[0] == 0
