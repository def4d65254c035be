"""derisk serve: every answer is what the command prints, and nothing that a client does holds up or breaks the
server."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

import openapi
from conftest import PROGRAM, ROOT

TARIFF = {
    "title": "A tariff",
    "changes": [{"tariff": {"by": "EU", "on": "CHN", "sectors": ["transport-equipment"], "rate": "25%"}}],
}
LONG = {"scenario": TARIFF, "draws": 10000, "elasticity-error": 0.2}
API = "/api/v1/"


class Server:
    def __init__(self, folder, *options, world="sample.world"):
        self.child = subprocess.Popen(
            [PROGRAM, "serve", world, "--port", "0", *options],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self.child.stdout.readline().strip()
        found = re.match(r"http://\S+?:(\d+)/", self.url)
        assert found, self.child.stderr.read()
        self.port = int(found[1])

    def ask(self, path, body=None, method=None, timeout=60, **headers):
        """Status, headers and text of a request; `headers` with underscores for hyphens. Every exchange with the API
        must be as docs/openapi.yaml describes it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        connection.request(method or ("GET" if body is None else "POST"), path, body=body, headers=fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if path.startswith(API):
            assert openapi.complaints_of(method or ("GET" if body is None else "POST"), path, body, answer, text) == []
        return answer.status, answer.headers, text

    def get(self, path, **settings):
        status, _, text = self.ask(API + path, **settings)
        assert status == 200, text
        return json.loads(text)

    def post(self, path, body, **settings):
        return self.get(path, body=body, **settings)

    def fails(self, status, path, message, body=None, what=None, **settings):
        found, headers, text = self.ask(API + path, body=body, **settings)
        error = json.loads(text)["error"]
        assert (found, error["message"]) == (status, message)
        assert what is None or error["status"] == what
        return headers

    def status(self):
        return self.get("status")

    def wait_until(self, good, seconds=30):
        end = time.monotonic() + seconds
        while not good(self.status()):
            assert time.monotonic() < end, self.status()
            time.sleep(0.01)

    def stop(self, sign=signal.SIGTERM):
        if self.child.poll() is None:
            self.child.send_signal(sign)
        out, err = self.child.communicate(timeout=60)
        return self.child.returncode, err


@pytest.fixture(scope="module")
def server(story):
    server = Server(story[0])
    yield server
    assert server.stop() == (0, "derisk: serving sample.world; stop with Ctrl-C\n")


def drop_times(value):
    """Without what differs between two runs of the same thing."""
    if isinstance(value, dict):
        return {key: drop_times(entry) for key, entry in value.items() if key != "solve_seconds"}
    return [drop_times(entry) for entry in value] if isinstance(value, list) else value


@pytest.fixture
def printed(derisk):
    def run(*arguments):
        done = derisk(*arguments, "--format", "json", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
        return drop_times(json.loads(done.stdout))

    return run


# ---- Answers are what the commands print -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query, arguments",
    [
        ("balance?of=EU&with=CHN", ["balance", "sample.world", "EU", "CHN"]),
        (
            "balance?of=EU&with=CHN&by=sector&value-added=true",
            ["balance", "sample.world", "EU", "CHN", "--by", "sector", "--value-added"],
        ),
        ("balance?of=DEU,FRA&by=year", ["balance", "sample.world", "DEU,FRA", "--by", "year"]),
        ("exposure?of=EU&to=CHN", ["exposure", "sample.world", "EU", "--to", "CHN"]),
        ("exposure?of=EU", ["exposure", "sample.world", "EU"]),
        ("exposure?of=EU&table=partners", ["exposure", "sample.world", "EU", "--partners"]),
        (
            "exposure?of=EU&to=CHN&table=hidden&year=2011",
            ["exposure", "sample.world", "EU", "--to", "CHN", "--hidden", "--year", "2011"],
        ),
        (
            "exposure?of=EU&to=CHN&table=routes&routes=7",
            ["exposure", "sample.world", "EU", "--to", "CHN", "--routes", "7"],
        ),
        ("ties", ["ties", "sample.world"]),
        ("check", ["check", "sample.world"]),
        ("ties?measure=value-added&sectors=goods", ["ties", "sample.world", "--value-added", "--sectors", "goods"]),
        ("position?of=CHN", ["position", "sample.world", "CHN"]),
        ("position?by=region", ["position", "sample.world", "--by", "region"]),
        ("runs", ["results", "sample.world"]),
    ],
)
def test_a_measure(server, printed, query, arguments):
    expected = printed(*arguments)
    assert server.get(query) == expected
    assert server.get(query) == expected  # kept


SETTINGS = {"year": 2011, "horizon": "short", "elasticity": 4, "closure": "income-share", "rigid-wages": "EU:97%"}
OPTIONS = [
    "--year",
    "2011",
    "--horizon",
    "short",
    "--elasticity",
    "4",
    "--closure",
    "income-share",
    "--rigid-wages",
    "EU:97%",
]


@pytest.mark.parametrize(
    "settings, options", [({}, []), (SETTINGS, OPTIONS), ({"model": "armington"}, ["--model", "armington"])]
)
def test_a_scenario(server, printed, here, settings, options):
    scenario = {**TARIFF, "changes": [{"tariff": {"by": "EU", "on": "CHN", "rate": 0.25}}], **settings}
    (here / "given.yaml").write_text(json.dumps({key: scenario[key] for key in ("title", "changes")}))
    (here / "whole.yaml").write_text(json.dumps(scenario))
    tables = ["regions", "sectors", "flows", "decomposition", "factors", "ties"]
    answer = drop_times(server.post("simulate", {"scenario": scenario, "tables": tables}))
    assert list(answer) == tables
    for table in tables:
        assert answer[table] == printed("simulate", "sample.world", "given.yaml", "--table", table, *options)
        assert answer[table] == printed("simulate", "sample.world", "whole.yaml", "--table", table)


def test_a_baseline(server, printed, here):
    first = [{"tariff": {"by": "USA", "on": "CHN", "sectors": "goods", "add": "20%"}}]
    scenario = {**TARIFF, "baseline": first, "horizon": "medium"}
    (here / "given.yaml").write_text(json.dumps(scenario))
    answer = drop_times(server.post("simulate", {"scenario": scenario}))
    assert answer["regions"] == printed("simulate", "sample.world", "given.yaml")
    assert (
        answer["regions"]
        != drop_times(server.post("simulate", {"scenario": {**TARIFF, "horizon": "medium"}}))["regions"]
    )
    message = "scenario:15:15: 'first.yaml': only a document that is a file itself names other files"
    server.fails(400, "simulate", message, body={"scenario": {**TARIFF, "baseline": "first.yaml"}})


def test_curbs_and_sensitivity(server, printed, here):
    scenario = {
        "changes": [{"export-curb": {"by": "CHN", "to": ["EU", "USA"], "sectors": "electrical-optical", "cut": "50%"}}]
    }
    (here / "curb.yaml").write_text(json.dumps(scenario))
    order = {"scenario": scenario, "tables": ["curbs"], "sensitivity": "welfare:EU", "why": "EU"}
    answer = drop_times(server.post("simulate", order))
    assert answer["curbs"] == printed("simulate", "sample.world", "curb.yaml", "--table", "curbs")
    assert answer["sensitivity"] == printed("simulate", "sample.world", "curb.yaml", "--sensitivity", "welfare:EU")
    assert answer["why"] == printed("simulate", "sample.world", "curb.yaml", "--why", "EU")


def test_rows_that_are_picked(server, printed, here):
    (here / "given.yaml").write_text(json.dumps(TARIFF))
    order = {"scenario": TARIFF, "tables": ["regions", "sectors"], "pick": {"sectors": ["DEU", "CHN"]}}
    answer = drop_times(server.post("simulate", order))
    assert answer["regions"] == printed("simulate", "sample.world", "given.yaml")
    sectors = printed("simulate", "sample.world", "given.yaml", "--table", "sectors", "--of", "DEU,CHN")
    assert answer["sectors"]["rows"] == sectors["rows"]
    assert {row["region"] for row in sectors["rows"]} == {"DEU", "CHN"}
    fails = server.fails
    fails(
        400,
        "simulate",
        "pick: 'flows' is not among the tables of the answer",
        body={**order, "pick": {"flows": "EU"}},
    )
    message = 'pick: expected an object such as {"sectors": "EU"}'
    fails(400, "simulate", message, body={**order, "pick": ["EU"]})
    message = "pick: expected regions or groups, as a text or a list of texts"
    fails(400, "simulate", message, body={**order, "pick": {"sectors": 3}})
    status, _, text = server.ask(API + "simulate", body={**order, "pick": {"sectors": "DEUU"}})
    assert status == 400
    assert "'DEUU'" in json.loads(text)["error"]["message"]


def test_a_tie_after_the_levers(server, printed, here):
    (here / "given.yaml").write_text(json.dumps(TARIFF))
    answer = drop_times(
        server.post("simulate", {"scenario": TARIFF, "tables": ["ties"], "tie": {"of": "EU", "with": "CHN"}})
    )
    assert list(answer) == ["ties", "tie"]
    assert answer["tie"] == printed("simulate", "sample.world", "given.yaml", "--tie", "EU:CHN")
    fails = server.fails
    fails(400, "simulate", "tie: the key 'with' is missing", body={"scenario": TARIFF, "tie": {"of": "EU"}})
    fails(400, "simulate", "tie: unknown key 'to'", body={"scenario": TARIFF, "tie": {"of": "EU", "to": "CHN"}})


def test_draws(server, printed, here):
    (here / "given.yaml").write_text(json.dumps(TARIFF))
    answer = server.post(
        "draws", {"scenario": TARIFF, "draws": 20, "seed": 7, "elasticity-error": "20%", "share-error": 0.05}
    )
    options = ["--draws", "20", "--seed", "7", "--elasticity-error", "20%", "--share-error", "5%"]
    assert drop_times(answer) == {"draws": printed("simulate", "sample.world", "given.yaml", *options)}


DRAWS = {"draws": 8, "seed": 7, "elasticity-error": "20%"}
DRAW_OPTIONS = ("--draws", "8", "--seed", "7", "--elasticity-error", "20%")


def test_draws_of_a_plan_under_changes(server, printed, here):
    curb = {"changes": [{"export-curb": {"by": "CHN", "to": "EU", "sectors": "electrical-optical", "cut": "20%"}}]}
    (here / "curb.yaml").write_text(json.dumps(curb))
    plan = {"of": "EU", "from": "CHN", "cap": "35%", "sectors": "electrical-optical", **curb}
    command = ("plan", "sample.world", "EU", "--from", "CHN", "--cap", "35%", "--sectors", "electrical-optical")
    command += ("--changes", "curb.yaml")
    assert drop_times(server.post("plan", {**plan, "tables": ["sectors"]})) == {"sectors": printed(*command)}
    answer = drop_times(server.post("plan", {**plan, **DRAWS, "tables": ["sectors", "costs"]}))
    assert answer == {table: printed(*command, "--table", table, *DRAW_OPTIONS) for table in ("sectors", "costs")}
    message = "no bands of the table 'flows' of a plan; expected sectors, costs, regions or draws"
    server.fails(400, "plan", message, body={**plan, **DRAWS, "tables": ["flows"]})
    wrong = [{"tarif": {"by": "EU", "on": "CHN", "rate": "5%"}}]
    status, _, text = server.ask(API + "plan", body={**plan, "changes": wrong})
    assert status == 400 and "unknown key 'tarif'" in json.loads(text)["error"]["message"]


def test_draws_of_a_game(server, printed, here):
    players = [{"player": "EU", "tariff": {"on": "CHN", "uniform": True}}]
    game = {"play": "best-response", "responds": "EU", "players": players}
    (here / "game.yaml").write_text(json.dumps(game))
    answer = drop_times(server.post("play", {"game": game, "starts": 1, **DRAWS}))
    command = ("play", "sample.world", "game.yaml", "--starts", "1")
    assert answer == {
        "outcome": printed(*command, *DRAW_OPTIONS),
        "settings": printed(*command, "--table", "settings"),
        "regions": printed(*command, "--table", "regions", *DRAW_OPTIONS),
    }


def test_a_plan_and_a_frontier(server, printed):
    answer = drop_times(
        server.post("plan", {"of": "EU", "from": "CHN", "cap": "30%", "sectors": ["electrical-optical", "machinery"]})
    )
    options = ["plan", "sample.world", "EU", "--from", "CHN", "--sectors", "electrical-optical,machinery"]
    assert answer == {
        "sectors": printed(*options, "--cap", "30%"),
        "regions": printed(*options, "--cap", "30%", "--table", "regions"),
    }
    curve = drop_times(server.post("curve", {"of": "EU", "from": ["CHN"], "sectors": "electrical-optical"}))
    assert curve == {
        "curve": printed("plan", "sample.world", "EU", "--from", "CHN", "--sectors", "electrical-optical", "--curve")
    }


def test_caps_by_sector_and_settings(server, printed, here):
    (here / "caps.csv").write_text("sector,cap\nelectrical-optical,30%\nmachinery,0.25\n")
    caps = {"electrical-optical": "30%", "machinery": 0.25}
    body = {
        "of": "EU",
        "from": "CHN",
        "caps": caps,
        "levers": "tariff,others",
        "tables": ["sectors"],
        "settings": {"elasticity": "4"},
    }
    options = ["--cap-file", "caps.csv", "--levers", "tariff,others", "--elasticity", "4"]
    assert drop_times(server.post("plan", body)) == {
        "sectors": printed("plan", "sample.world", "EU", "--from", "CHN", *options)
    }


def test_a_game(server, printed, here):
    sides = [
        {"player": by, "tariff": {"on": on, "sectors": "electrical-optical"}}
        for by, on in (("EU", "CHN"), ("CHN", "EU"))
    ]
    game = {"play": "nash", "horizon": "medium", "players": sides}
    (here / "game.yaml").write_text(json.dumps(game))
    answer = drop_times(server.post("play", {"game": game, "starts": 1}))
    assert list(answer) == ["outcome", "settings", "regions"]
    for table, found in answer.items():
        assert found == printed("play", "sample.world", "game.yaml", "--table", table, "--starts", "1")


def test_a_game_without_players(server, printed, here):
    game = {"play": "coercion", "by": "CHN", "of": "EU", "sectors": "electrical-optical"}
    (here / "game.yaml").write_text(json.dumps(game))
    assert drop_times(server.post("play", {"game": game})) == {"outcome": printed("play", "sample.world", "game.yaml")}


def test_the_world(server, derisk):
    world = server.get("world")
    info = json.loads(derisk("info", "sample.world", "--format", "json").stdout)["rows"]
    assert [[entry["code"], entry["name"]] for entry in world["regions"]] == [
        [row["name"], row["title"]] for row in info if row["what"] == "region"
    ]
    assert [entry["code"] for entry in world["sectors"]] == [row["name"] for row in info if row["what"] == "sector"]
    assert (world["title"], world["year"], world["years"], world["store"], world["runs"]) == (
        "sample.world",
        2011,
        [2011],
        False,
        [],
    )
    assert {"code": "G7", "name": world["groups"][0]["name"]}.keys() <= world["groups"][0].keys()
    members = {group["code"]: group["members"] for group in world["groups"]}
    assert members["EU"] == ["DEU", "FRA", "ITA", "ESP", "NLD", "POL", "GBR", "XEU"]
    assert server.get("world?year=2011") == world
    assert world["sources"][0].keys() == {"id", "title", "publisher", "licence", "url"}
    assert world["emissions"] is None


# ---- Streams ---------------------------------------------------------------------------------------------------------


def test_a_stream_tells_how_far_it_is_and_ends_with_the_result(server):
    body = {"scenario": TARIFF, "draws": 30, "elasticity-error": 0.2}
    status, headers, text = server.ask(API + "draws", body=body, Accept="application/x-ndjson")
    lines = [json.loads(line) for line in text.splitlines()]
    assert (status, headers["Content-Type"]) == (200, "application/x-ndjson")
    assert lines[-2]["progress"] == {"what": "drawing", "done": 30, "all": 30}
    assert drop_times(lines[-1]["result"]) == drop_times(server.post("draws", body))
    assert all(list(line) == ["progress"] for line in lines[:-1])


def test_a_stream_ends_with_its_error(server):
    body = {"scenario": {"changes": [{"ban": {"by": "EU", "on": "XYZ"}}]}}
    status, _, text = server.ask(API + "simulate", body=body, Accept="application/x-ndjson")
    assert status == 200
    assert json.loads(text)["error"]["status"] == "bad-input"


# ---- Errors ----------------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_a_request(server):
    fails = server.fails
    fails(404, "wurld", "there is no '/api/v1/wurld'; /api/v1/openapi.json lists the endpoints", what="not-found")
    fails(404, "runs/none", "sample.world: there is no run 'none'; it has none")
    headers = fails(405, "simulate", "/api/v1/simulate: expected the method POST, not GET")
    assert headers["Allow"] == "POST"
    fails(405, "world", "/api/v1/world: expected the method GET, not DELETE", method="DELETE")
    fails(415, "simulate", "expected a body of Content-Type application/json", body={}, Content_Type="text/plain")
    fails(400, "world?yeer=2011", "unknown parameter 'yeer'; did you mean 'year'?", what="usage")
    fails(400, "world?year=2011&year=2011", "parameter 'year' is given twice")
    fails(400, "world?year=x", "year 'x': expected a whole number from 1 to 9999, such as 2011")
    fails(400, "world?year=1999", "sample.world: has no year 1999, only 2011", what="bad-input")
    fails(400, "balance", "'of' is missing: regions and groups, separated by commas")
    fails(400, "balance?of=EU&by=secto", "by 'secto': expected total, sector or year; did you mean 'sector'?")
    fails(
        400,
        "balance?of=EUU",
        "'EUU' is neither a region of this world nor a group with a member in it in 2011; did you mean 'EU'?",
    )


def test_what_is_no_text(server):
    server.fails(
        404, "wurld%ff", "there is no '/api/v1/wurld?'; /api/v1/openapi.json lists the endpoints", what="not-found"
    )


def test_what_is_wrong_with_a_body(server):
    fails = server.fails
    fails(400, "simulate", "the body:1:0: not JSON: '[' or '{' expected near end of file", body="")
    fails(400, "simulate", "the body:1:5: not JSON: ']' expected near end of file", body="[1, 2")
    fails(400, "simulate", 'the body: expected an object such as {"scenario": ...}', body="[]")
    fails(400, "simulate", "'scenario' is missing: document of a scenario", body={})
    fails(400, "simulate", "the body: unknown key 'table'; did you mean 'tables'?", body={"scenario": {}, "table": []})
    fails(
        400, "simulate", "the body: nested more than 32 levels deep", body='{"scenario": ' + "[" * 40 + "]" * 40 + "}"
    )
    fails(400, "simulate", "scenario: expected an object", body={"scenario": 3})
    fails(400, "simulate", "scenario:1:1: the key 'changes' is missing in 'a scenario'", body={"scenario": {}})
    fails(400, "draws", "draws '10001': this server takes at most 10000", body={"scenario": TARIFF, "draws": 10001})
    fails(
        400,
        "plan",
        "one of 'cap', 'caps', 'max-concentration', 'budget', 'max-loss' and 'risk' is needed",
        body={"of": "EU", "from": "CHN"},
    )
    fails(400, "curve", "the body: unknown key 'cap'", body={"of": "EU", "from": "CHN", "cap": 0.3})
    fails(400, "play", "'game' is missing: document of a game", body={})
    fails(
        400,
        "simulate",
        "store: this server only reads its world; 'derisk serve --store' allows it to store runs",
        body={"scenario": TARIFF, "store": "a"},
    )


def test_places_are_those_of_the_indented_document(server):
    scenario = {"title": "x", "changes": [{"tariff": {"by": "EU", "on": "CHM", "rate": "25%"}}]}
    lines = json.dumps(scenario, indent=2).splitlines()
    line = next(i for i, text in enumerate(lines) if "CHM" in text)
    column = lines[line].index('"CHM"')
    status, _, text = server.ask(API + "simulate", body={"scenario": scenario})
    assert status == 400
    assert json.loads(text)["error"]["message"].startswith(
        f"scenario:{line + 1}:{column + 1}: 'CHM' is neither a region"
    )


def test_what_has_no_solution(server):
    everyone = {
        "changes": [{"ban": {"by": "all", "on": "CHN"}}, {"ban": {"by": "CHN", "on": "all"}}],
        "closure": "fixed",
    }
    status, _, text = server.ask(API + "simulate", body={"scenario": everyone})
    assert status == 422
    assert json.loads(text)["error"]["status"] == "no-solution"


@pytest.mark.parametrize(
    "scenario",
    [
        {"changes": [{"tariff": {"file": "/etc/passwd"}}]},
        {"changes": [{"leave": {"region": "DEU", "group": "EU", "trade-cost": {"file": "wedges.csv"}}}]},
        {"changes": [], "elasticity": "/etc/passwd"},
        {"changes": [], "elasticity": "sectors.csv"},
    ],
)
def test_no_path_is_followed(server, scenario):
    status, _, text = server.ask(API + "simulate", body={"scenario": scenario})
    assert status == 400
    message = json.loads(text)["error"]["message"]
    assert (
        "only a document that is a file itself names other files" in message
        or "is not a number or elasticity set" in message
    )


def test_errors_do_not_tell_where_the_world_is(story):
    path = story[0] / "sample.world"
    server = Server(story[0], world=str(path))
    try:
        for answer in (
            server.ask(API + "world?year=1999")[2],
            server.ask(API + "world")[2],
            server.ask(API + "runs/x")[2],
        ):
            assert str(story[0]) not in answer
            assert "sample.world" in answer
    finally:
        assert server.stop()[0] == 0


# ---- Who may ask -----------------------------------------------------------------------------------------------------


def test_only_this_machine_by_its_own_names(server):
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert server.ask(API + "status", Host=f"{host}:{server.port}")[0] == 200
    for host in (
        "evil.example",
        f"evil.example:{server.port}",
        "127.0.0.1",
        f"127.0.0.1:{server.port + 1}",
        "localhost.evil.example",
        "",
    ):
        status, _, text = server.ask(API + "status", Host=host)
        assert (status, json.loads(text)["error"]["status"]) == (403, "forbidden")
        assert server.ask("/", Host=host)[0] == 403


def test_pages_of_other_origins_may_not(server):
    here = f"http://127.0.0.1:{server.port}"
    body = {"scenario": TARIFF}
    assert server.ask(API + "simulate", body=body, Origin=here)[0] == 200
    for origin in (
        "http://evil.example",
        "null",
        f"https://127.0.0.1:{server.port}",
        f"http://localhost:{server.port}",
    ):
        server.fails(403, "simulate", "requests from pages of other origins are not allowed", body=body, Origin=origin)
        server.fails(403, "status", "requests from pages of other origins are not allowed", Origin=origin)


def test_a_proxy_is_named(story):
    """Its users' browsers send the origin of the page as the proxy shows it, with the Host of either."""
    server = Server(story[0], "--origin", "https://Derisk.Example.org:443")
    body = {"scenario": TARIFF}
    origin = "https://derisk.example.org"
    try:
        for host in ("derisk.example.org", f"127.0.0.1:{server.port}"):
            assert server.ask("/", Host=host)[0] == 200
            assert server.ask(API + "simulate", body=body, Host=host, Origin=origin)[0] == 200
            for other in (
                "https://evil.example",
                "http://derisk.example.org:8080",
                "https://derisk.example.org.evil",
                "null",
            ):
                server.fails(
                    403,
                    "simulate",
                    "requests from pages of other origins are not allowed",
                    body=body,
                    Host=host,
                    Origin=other,
                )
        line = (
            f"this server answers only to 127.0.0.1:{server.port} and localhost:{server.port}, and through a proxy at"
            f" {origin}"
        )
        server.fails(403, "status", line.replace("derisk.example.org", "Derisk.Example.org"), Host="evil.example")
        assert server.ask(API + "simulate", body=body, Origin=f"http://127.0.0.1:{server.port}")[0] == 200
    finally:
        assert server.stop()[0] == 0


def test_a_proxy_and_the_token(story):
    server = Server(story[0], "--origin", "https://derisk.example.org:8443", "--listen", "127.0.0.1")
    try:
        token = server.url.rsplit("=", 1)[1]
        given = {"Host": "derisk.example.org:8443", "Origin": "https://derisk.example.org:8443"}
        assert server.ask(API + "status", **given)[0] == 401
        assert server.ask(API + "status", **given, Authorization=f"Bearer {token}")[0] == 200
    finally:
        assert server.stop()[0] == 0


def test_a_proxy_shows_the_page_below_a_path(story):
    """Whether it removes the path or not."""
    server = Server(story[0], "--origin", "https://example.org/tools/derisk", "--quiet")
    try:
        given = {"Host": "example.org", "Origin": "https://example.org"}
        for base in ("", "/tools/derisk"):
            assert server.ask(f"{base}/", **given)[2].startswith("<!doctype html>")
            assert server.ask(f"{base}/page.js", **given)[0] == 200
            status, _, text = server.ask(f"{base}{API}simulate", body={"scenario": TARIFF}, **given)
            assert (status, list(json.loads(text))) == (200, ["regions"])
        status, headers, _ = server.ask("/tools/derisk", **given)
        assert (status, headers["Location"]) == (308, "derisk/")
        for path in ("/tools/", "/tools/deriskapi/v1/status", "/tools/derisk/tools/derisk/"):
            assert server.ask(path, **given)[0] == 404
    finally:
        assert server.stop()[0] == 0


def test_a_proxy_names_the_user(story):
    options = ["--origin", "https://derisk.example.org", "--behind-proxy", "--user-header", "X-Forwarded-User"]
    server = Server(story[0], *options, "--quiet")
    try:
        message = "the header X-Forwarded-User is missing, in which the proxy names the user"
        server.fails(401, "status", message, what="forbidden")
        assert server.ask("/")[0] == 200
        assert server.ask(API + "status", X_Forwarded_User="ann@example.org")[0] == 200
        message = "the header X-Forwarded-User is not the name of a user"
        server.fails(400, "status", message, X_Forwarded_User="a" * 201)
        both = "".join(f"x-forwarded-user: {name}\r\n" for name in ("ann", "bob"))
        raw = f"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{both}\r\n"
        assert answers_to(server, raw) == ([(400, "the header X-Forwarded-User is given several times")], True)
    finally:
        assert server.stop()[0] == 0


def test_what_a_proxy_needs(refused):
    refused(1, "serve: --behind-proxy needs --origin", "serve", "sample.world", "--behind-proxy")
    line = "serve: --user-header needs --behind-proxy"
    refused(1, line, "serve", "sample.world", "--origin", "https://x", "--user-header", "X-User")


def test_named_sites_may_frame_the_page(story, refused):
    server = Server(story[0], "--embed-hosts", "https://news.example.org, http://a.example:8080")
    policy = server.ask("/")[1]["Content-Security-Policy"]
    assert policy.endswith("; frame-ancestors https://news.example.org http://a.example:8080")
    assert server.ask(API + "status")[1]["Content-Security-Policy"].endswith("; frame-ancestors 'none'")
    server.stop()
    for wrong in ("*", "news.example.org", "https://news.example.org/path"):
        line = f"serve: --embed-hosts '{wrong}': expected origins such as https://news.example.org"
        refused(1, line, "serve", "sample.world", "--port", "0", "--embed-hosts", wrong)


@pytest.mark.parametrize(
    "origin",
    [
        "derisk.example.org",
        "https://",
        "ftp://x",
        "https://x/tools/",
        "https://x/../tools",
        "https://x/",
        "https://a b",
        "https://x:",
        "https://x:123456",
        "https://[::1",
    ],
)
def test_what_is_no_origin(refused, origin):
    refused(1, "serve: --origin is empty: expected a text", "serve", "sample.world", "--port", "0", "--origin", "")
    refused(
        1,
        (
            f"serve: --origin '{origin}': expected an origin such as https://derisk.example.org, perhaps with a path"
            " such as /derisk"
        ),
        "serve",
        "sample.world",
        "--port",
        "0",
        "--origin",
        origin,
    )


def test_others_need_the_token(story):
    server = Server(story[0], "--listen", "0.0.0.0")
    try:
        token = re.fullmatch(r"http://0\.0\.0\.0:\d+/#token=([0-9a-f]{64})", server.url)[1]
        assert server.ask("/")[0] == 200
        headers = server.fails(
            401, "status", "the token is missing or wrong: expected the header 'Authorization: Bearer TOKEN'"
        )
        assert headers["WWW-Authenticate"] == "Bearer"
        for wrong in (
            f"Bearer {token[:-1]}",
            f"Bearer {token}0",
            "Bearer ",
            token,
            f"Basic {token}",
            f"Bearer {token[:-1]}x",
        ):
            assert server.ask(API + "status", Authorization=wrong)[0] == 401
        assert server.ask(API + "status", Authorization=f"Bearer {token}")[0] == 200
        assert server.ask(API + "status", Authorization=f"Bearer {token}", Host="elsewhere.example:1")[0] == 200
        assert server.ask(API + "status", Authorization=f"Bearer {token}", Origin="http://evil.example")[0] == 403
    finally:
        assert server.stop()[0] == 0


# ---- The page --------------------------------------------------------------------------------------------------------


def test_the_page_and_what_guards_it(server):
    status, headers, text = server.ask("/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert text.startswith("<!doctype html>")
    assert server.ask("/index.html")[2] == text
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    status, again, text = server.ask("/", If_None_Match=headers["ETag"])
    assert (status, text, again["ETag"]) == (304, "", headers["ETag"])
    status, head, text = server.ask("/", method="HEAD")
    assert (status, text, head["Content-Length"]) == (200, "", headers["Content-Length"])
    assert server.ask("/", method="POST", body="{}")[0] == 405


def test_its_files_have_their_types(server):
    page = server.ask("/")[2]
    for name in re.findall(r'(?:src|href)="\./([^"]+)"', page):
        status, headers, _ = server.ask(f"/{name}")
        ending = name.rsplit(".", 1)[1]
        expected = {
            "js": "text/javascript",
            "css": "text/css",
            "svg": "image/svg+xml",
            "png": "image/png",
            "webmanifest": "application/manifest+json",
        }
        assert (status, headers["Content-Type"].split(";")[0]) == (200, expected[ending])


@pytest.mark.parametrize(
    "path",
    ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/sample.world", "/index.html/", "/.", "/apix"],
)
def test_no_path_leaves_the_bundle(server, path):
    status, _, text = server.ask(path)
    assert status == 404, text


# ---- Limits ----------------------------------------------------------------------------------------------------------


def test_a_body_has_a_limit(server):
    most = server.get("world")["limits"]["body"]
    message = f"body too large: at most {most} bytes are allowed"
    fill = json.dumps({"scenario": TARIFF, "fill": ""})
    assert server.ask(API + "simulate", body=fill.replace('""', '"' + "x" * (most - len(fill)) + '"'))[0] == 400
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:  # by its own account
        raw.sendall(
            f"POST {API}simulate HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type:"
            f" application/json\r\nContent-Length: {most + 1}\r\n\r\n".encode()
        )
        answer = raw.recv(65536).decode()
        assert answer.startswith("HTTP/1.1 413 ") and message in answer
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:  # in chunks, unannounced
        raw.sendall(
            f"POST {API}simulate HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type:"
            " application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        for _ in range(most // 65536 + 1):
            raw.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        raw.sendall(b"0\r\n\r\n")
        answer = raw.recv(65536).decode()
        assert answer.startswith("HTTP/1.1 413 ") and message in answer


def start_long(server, body=LONG, stream=False, path="draws", client=None):
    """A connection on which a long solve has been asked for."""
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    text = json.dumps(body)
    accept = "Accept: application/x-ndjson\r\n" if stream else ""
    accept += f"X-Forwarded-For: {client}\r\n" if client else ""
    raw.sendall(
        f"POST {API}{path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type:"
        f" application/json\r\n{accept}Content-Length: {len(text)}\r\n\r\n{text}".encode()
    )
    return raw


def read_progress(raw, least):
    """Reads a stream until its draws have come to `least`."""
    text, done = b"", 0
    while done < least:
        part = raw.recv(65536)
        assert part, text
        text += part
        done = max((int(n) for n in re.findall(rb'"done": (\d+)', text)), default=0)
    return done


@pytest.fixture
def busy(server):
    """A server all of whose workers solve."""
    cores = os.cpu_count()
    server.wait_until(lambda status: status["running"] == 0 and status["queue"] == 0)
    clients = [start_long(server) for _ in range(cores)]
    server.wait_until(lambda status: status["running"] == cores)
    yield server, clients
    for client in clients:
        client.close()
    server.wait_until(lambda status: status["running"] == 0 and status["queue"] == 0)


def test_the_page_and_the_world_do_not_wait_for_solves(busy):
    server, _ = busy
    for path in ("/", API + "status", API + "world", API + "runs", API + "openapi.json"):
        assert server.ask(path, timeout=5)[0] == 200
    assert server.status()["running"] == os.cpu_count()


def test_too_many_are_sent_away(busy):
    server, clients = busy
    most = server.get("world")["limits"]["queue"]
    begun = max(16, os.cpu_count()) - os.cpu_count()  # and pause
    pausing = [start_long(server, stream=True) for _ in range(begun)]
    assert all(read_progress(raw, 1) for raw in pausing)
    clients += pausing + [start_long(server, stream=i % 2 == 1) for i in range(most)]
    server.wait_until(lambda status: status["queue"] == begun + most)
    for accept in ("application/json", "application/x-ndjson"):
        headers = server.fails(
            429,
            "draws",
            "too many requests are waiting; try again",
            body=LONG,
            what="busy",
            Accept=accept,
        )
        assert headers["Retry-After"] == "1"
    assert server.ask("/")[0] == 200


def test_a_slider_waits_for_no_draws(busy):
    """All places are taken by draws; each of these solves gets one of them, and the draws go on."""
    server, _ = busy
    before = server.status()
    for i in range(20):
        scenario = {"changes": [{"tariff": {"by": "EU", "on": "CHN", "rate": 0.01 * i}}]}
        assert server.post("simulate", {"scenario": scenario})["regions"]["rows"]
    after = server.status()
    assert (after["solves"] - before["solves"], after["running"]) == (20, before["running"])


def test_draws_of_two_clients_share_the_places(story):
    """One client draws on more connections than there are places, and the draws of another go on beside them."""
    server = Server(story[0], "--origin", "https://derisk.example.org", "--behind-proxy", "--quiet")
    many = [start_long(server, stream=True, client="198.51.100.1") for _ in range(3 * os.cpu_count())]
    server.wait_until(lambda status: status["running"] == os.cpu_count())
    one = start_long(server, stream=True, client="198.51.100.2")
    assert read_progress(one, 200) < LONG["draws"]
    theirs = [read_progress(raw, 1) for raw in many]  # all have begun
    assert max(theirs) < LONG["draws"]
    for raw in [one, *many]:
        raw.close()
    assert server.stop()[0] == 0


def test_who_leaves_frees_the_worker(busy):
    server, clients = busy
    waiting = start_long(server, {**LONG, "draws": 30})
    start = time.monotonic()
    for client in clients:
        client.close()
    answer = waiting.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert time.monotonic() - start < 10  # what was cancelled would take minutes
    waiting.close()


@pytest.mark.parametrize(
    "path, body",
    [
        ("draws", LONG),
        ("curve", {"of": "EU", "from": "CHN", "points": 1000, "levers": "tariff,others,home"}),
        (
            "play",
            {
                "game": {
                    "play": "nash",
                    "players": [{"player": p, "tariff": {"on": "all", "sectors": "all"}} for p in ("EU", "CHN", "USA")],
                },
                "starts": 50,
            },
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_everything_long_can_be_left(server, path, body, stream):
    server.wait_until(lambda status: status["running"] == 0)
    client = start_long(server, body, stream, path)
    server.wait_until(lambda status: status["running"] == 1)
    time.sleep(0.2)
    assert server.status()["running"] == 1
    client.close()
    server.wait_until(lambda status: status["running"] == 0, seconds=15)


def test_who_leaves_while_waiting_is_forgotten(busy):
    server, _ = busy
    client = start_long(server)
    server.wait_until(lambda status: status["queue"] == 1)
    client.close()
    server.wait_until(lambda status: status["queue"] == 0)


def test_slow_clients_hold_up_nobody(server):
    slow = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(50)]
    for raw in slow:
        raw.sendall(
            f"POST {API}simulate HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type:"
            " application/json\r\nContent-Length: 100\r\n\r\n{".encode()
        )
    assert server.post("simulate", {"scenario": TARIFF})["regions"]["rows"]
    for raw in slow:
        raw.close()


def answers_to(server, raw):
    """What comes back for these bytes, and whether the connection ended: status and message of each answer."""
    text, ended = b"", False
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(raw.encode("latin1"))
        line.settimeout(1)
        try:
            while part := line.recv(65536):
                text += part
            ended = True
        except TimeoutError:
            pass
    found = re.findall(
        r'HTTP/1\.1 (\d+) .*?\r\n\r\n(?:\{"error": \{"status": "\w+", "message": "(.*?)"\}\})?',
        text.decode("latin1"),
        re.S,
    )
    return [(int(status), message) for status, message in found], ended


BODY = json.dumps({"scenario": {"changes": []}})
CHUNKS = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "headers, message",
    [
        (["Host: elsewhere.example"], "the header Host is given several times"),
        (["HOST: 127.0.0.1:{port}"], "the header Host is given several times"),
        (
            ["Origin: http://127.0.0.1:{port}", "Origin: http://evil.example"],
            "the header Origin is given several times",
        ),
        (
            [f"Content-Length: {len(BODY)}", "Transfer-Encoding: chunked"],
            "Content-Length and Transfer-Encoding cannot be combined",
        ),
        (
            ["Transfer-Encoding: chunked", f"content-length: {len(CHUNKS)}"],
            "Content-Length and Transfer-Encoding cannot be combined",
        ),
        (
            ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
            "unsupported Transfer-Encoding: expected chunked",
        ),
        (["Transfer-Encoding: gzip, chunked"], "unsupported Transfer-Encoding: expected chunked"),
        (["Transfer-Encoding: xchunked"], "unsupported Transfer-Encoding: expected chunked"),
        (["Transfer-Encoding: identity"], "unsupported Transfer-Encoding: expected chunked"),
        ([f"Content-Length: {len(CHUNKS)}", "Content-Length: 3"], "the header Content-Length is given several times"),
        (["Content-Type: text/plain"], "the header Content-Type is given several times"),
        (["Authorization: Bearer a", "authorization: Bearer b"], "the header Authorization is given several times"),
        ([f"Content-Length : {len(CHUNKS)}"], "malformed header: expected 'Name: value'"),
        (["Transfer-Encoding : chunked"], "malformed header: expected 'Name: value'"),
        (["X" * 20000 + ": 1"], "headers too large: at most 16384 bytes are allowed"),
    ],
)
@pytest.mark.parametrize("line", ["POST /api/v1/simulate", "GET /api/v1/status", "GET /"])
def test_what_proxies_may_read_in_another_way(server, line, headers, message):
    """Refused, and the connection closed: what follows is not run as a request."""
    own = [
        f"Host: 127.0.0.1:{server.port}",
        "Content-Type: application/json",
        *(h.replace("{port}", str(server.port)) for h in headers),
    ]
    raw = f"{line} HTTP/1.1\r\n" + "".join(f"{h}\r\n" for h in own) + "\r\n" + CHUNKS
    raw += f"GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    assert answers_to(server, raw) == ([(431 if "bytes" in message else 400, message)], True)


def test_chunks_alone_are_a_body(server):
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    raw = (
        f"POST /api/v1/simulate HTTP/1.1\r\n{host}Content-Type: application/json\r\nTransfer-Encoding:"
        f" chunked\r\n\r\n{CHUNKS}"
    )
    found, _ = answers_to(server, raw + f"GET /api/v1/status HTTP/1.1\r\n{host}\r\n")
    assert [status for status, _ in found] == [200, 200]


@pytest.mark.parametrize(
    "target, message",
    [
        ("/page.js%00.txt", "the path contains the character NUL"),
        ("/%00", "the path contains the character NUL"),
        ("/api/v1/status%00x", "the path contains the character NUL"),
        ("/api/v1/runs/a%00b", "the path contains the character NUL"),
        ("/api/v1/world?year=2011%00", "a parameter contains the character NUL"),
        ("/api/v1/world?year%00=2011", "a parameter contains the character NUL"),
        ("/?" + "&".join(f"p{i}=1" for i in range(33)), "33 parameters: at most 32 are allowed"),
        ("/api/v1/world?" + "&".join(f"p{i}" for i in range(40)), "40 parameters: at most 32 are allowed"),
        ("/api/v1/world?" + "&".join("p" for i in range(2500)), "2500 parameters: at most 32 are allowed"),
    ],
)
def test_paths_and_queries_that_are_none(server, target, message):
    raw = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
    assert answers_to(server, raw) == ([(400, message)], True)


@pytest.mark.parametrize(
    "bytes_sent",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /api/v1/simulate HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 100000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_malformed_requests(server, bytes_sent):
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.5) as raw:
        try:
            raw.sendall(bytes_sent)
            while raw.recv(65536):
                pass
        except (ConnectionError, TimeoutError):  # it hangs up, or waits for more
            pass
    assert server.status()["queue"] == 0


def test_many_at_once_get_their_own_answers(server):
    rates = [i / 100 for i in range(1, 25)]
    answers = {}

    def ask(rate):
        scenario = {"changes": [{"tariff": {"by": "EU", "on": "CHN", "rate": rate}}]}
        answers[rate] = server.post("simulate", {"scenario": scenario})["regions"]["rows"]

    threads = [threading.Thread(target=ask, args=(rate,)) for rate in rates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    exports = [next(row["imports"] for row in answers[rate] if row["region"] == "EU") for rate in rates]
    assert exports == sorted(exports, reverse=True) and len(set(exports)) == len(rates)


# ---- Storing ---------------------------------------------------------------------------------------------------------


def test_runs_are_stored_with_store_only(here, printed):
    server = Server(here, "--store")
    try:
        assert server.get("world")["store"] is True
        answer = server.post("simulate", {"scenario": TARIFF, "store": "tariff"})
        assert server.get("world")["runs"] == ["tariff"]
        kept = server.get("runs/tariff?table=regions")
        assert kept["rows"] == answer["regions"]["rows"]
        server.fails(
            409,
            "simulate",
            "store: the run 'tariff' already exists; choose another name",
            body={"scenario": TARIFF, "store": "tariff"},
        )
        server.fails(
            400,
            "runs/tariff?table=region",
            (
                "table 'region': expected regions, money, sectors, flows, decomposition, factors or curbs; did you mean"
                " 'regions'?"
            ),
        )
        assert server.get("balance?of=EU&with=CHN")["rows"]
        threads = [
            threading.Thread(target=server.post, args=("simulate", {"scenario": TARIFF, "store": f"run {i}"}))
            for i in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(server.get("world")["runs"]) == [f"run {i}" for i in range(6)] + ["tariff"]
    finally:
        assert server.stop()[0] == 0
    assert printed("results", "sample.world", "tariff")["rows"] == kept["rows"]


# ---- Starting and stopping -------------------------------------------------------------------------------------------


def test_a_port_in_use(server, refused):
    line = f"port {server.port}: it is used by another program; choose another one with --port"
    refused(4, line, "serve", "sample.world", "--port", server.port)


def test_what_it_refuses_to_start_with(refused):
    refused(
        1, "serve: --port '70000': expected a whole number from 0 to 65535", "serve", "sample.world", "--port", "70000"
    )
    refused(
        1, "serve: 'nowhere' is not a local address; 0.0.0.0 is one", "serve", "sample.world", "--listen", "nowhere"
    )
    refused(2, "none.world: no such file; expected a world file", "serve", "none.world")


def test_open_starts_the_browser(story, tmp_path):
    seen = tmp_path / "seen"
    browser = tmp_path / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$1" >"{seen}"\n')
    browser.chmod(0o755)
    child = subprocess.Popen(
        [PROGRAM, "serve", "sample.world", "--port", "0", "--open", "--quiet"],
        cwd=story[0],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )
    url = child.stdout.readline()
    end = time.monotonic() + 20
    while not (seen.exists() and seen.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    child.terminate()
    child.communicate(timeout=30)
    assert seen.read_text() == url
