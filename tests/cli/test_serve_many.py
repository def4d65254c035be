"""derisk serve for many: what it tells of itself, compressed answers, crowds of connections, and its end."""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import threading
import time

import pytest

from conftest import run
from test_serve import API, LONG, TARIFF, Server, read_progress, start_long


@pytest.fixture(scope="module")
def server(story):
    server = Server(story[0], "--quiet")
    yield server
    assert server.stop() == (0, "")


# ---- Health, measurements and the log --------------------------------------------------------------------------------


def test_its_health_needs_no_name_and_no_token(story, server):
    status, headers, text = server.ask("/healthz", Host="10.0.0.1")
    assert (status, headers["Content-Type"], text) == (
        200,
        "text/plain; charset=utf-8",
        "ok\n",
    )
    far = Server(story[0], "--listen", "127.0.0.1", "--quiet")
    assert far.ask("/healthz")[0] == 200
    assert far.ask("/metrics")[0] == 401
    assert far.ask("/metrics", Authorization=f"Bearer {far.url.rsplit('=', 1)[1]}")[0] == 200
    assert far.stop() == (0, "")


def metrics(server):
    status, headers, text = server.ask("/metrics")
    assert (status, headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line[0] != "#"}


def test_what_prometheus_reads(server):
    before = metrics(server)
    server.post("simulate", {"scenario": TARIFF})
    server.post("draws", {**LONG, "draws": 2})
    assert server.ask("/nothing")[0] == 404
    end = time.monotonic() + 10
    while (after := metrics(server))['derisk_requests_total{status="404"}'] == before.get(
        'derisk_requests_total{status="404"}', 0
    ):
        assert time.monotonic() < end
    for name, more in (
        ('derisk_request_seconds_count{kind="short"}', 1),
        ('derisk_request_seconds_count{kind="long"}', 1),
        ("derisk_solves_total", 2),
        ('derisk_request_seconds_bucket{kind="long",le="+Inf"}', 1),
    ):
        assert after[name] == before[name] + more, name
    assert after["derisk_sent_bytes_total"] > before["derisk_sent_bytes_total"]
    assert after["process_resident_memory_bytes"] > 1e6
    buckets = [value for name, value in after.items() if 'bucket{kind="short"' in name]
    assert buckets == sorted(buckets) and len(buckets) == 15


def test_every_request_has_a_line_in_the_log(here):
    options = [
        "--origin",
        "https://derisk.example.org",
        "--behind-proxy",
        "--user-header",
        "X-User",
    ]
    server = Server(here, *options, "--log", "access.log", "--quiet")
    status, _, text = server.ask(API + "status", X_User="ann b", X_Forwarded_For="198.51.100.7, 203.0.113.9")
    assert status == 200
    size = len(text)
    assert server.ask(API + "world?year=1999", X_User="bob", X_Forwarded_For="not an address")[0] == 400
    raw = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    raw.sendall(b'GET /a"b\x1b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n' % server.port)
    raw.recv(65536)
    raw.close()
    assert server.stop() == (0, "")
    time_of = r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]"
    lines = (here / "access.log").read_text().splitlines()
    expected = [
        rf'203\.0\.113\.9 - ann\\x20b {time_of} "GET /api/v1/status HTTP/1\.1" 200 {size}',
        rf'127\.0\.0\.1 - bob {time_of} "GET /api/v1/world\?year=1999 HTTP/1\.1" 400 \d+',
        rf'127\.0\.0\.1 - - {time_of} "GET /a\\x22b\\x1b HTTP/1\.1" 404 \d+',
    ]
    assert len(lines) == 3
    for line, pattern in zip(lines, expected):
        assert re.fullmatch(pattern, line), line


def test_a_log_that_cannot_be_written(refused):
    line = "nowhere/access.log: cannot be written: No such file or directory"
    refused(4, line, "serve", "sample.world", "--port", "0", "--log", "nowhere/access.log")


# ---- Compression -----------------------------------------------------------------------------------------------------


def fetch(server, path, body=None, **headers):
    """An answer as it came."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        fields["Content-Type"] = "application/json"
    connection.request("GET" if body is None else "POST", path, body=body, headers=fields)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.headers["Vary"] == "Accept-Encoding"
    return answer, content


@pytest.mark.parametrize(
    "accepts, coding",
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("deflate, gzip ;q=1.0", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.0, br", None),
        ("xgzip", None),
        ("gzipped", None),
        ("", None),
    ],
)
def test_who_accepts_it_gets_gzip(server, accepts, coding):
    body = json.dumps({"scenario": TARIFF, "tables": ["regions", "sectors"]})
    for path, content in (
        (API + "simulate", body),
        ("/page.js", None),
        (API + "ties", None),
    ):
        plain = fetch(server, path, content)[1]
        answer, packed = fetch(server, path, content, Accept_Encoding=accepts)
        assert answer.headers["Content-Encoding"] == coding
        if coding:
            assert len(packed) < 0.5 * len(plain)
            packed = gzip.decompress(packed)
        assert len(packed) == len(plain) if "simulate" not in path else abs(len(packed) - len(plain)) < 100


def test_a_packed_page_has_a_tag_of_its_own(server):
    plain, packed = (fetch(server, "/page.js", Accept_Encoding=a)[0] for a in ("", "gzip"))
    assert plain.headers["ETag"] != packed.headers["ETag"]
    again, content = fetch(server, "/page.js", Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert (again.status, content) == (304, b"")


def test_what_is_short_stays_as_it_is(server):
    assert fetch(server, API + "status", Accept_Encoding="gzip")[0].headers["Content-Encoding"] is None


# ---- Crowds ----------------------------------------------------------------------------------------------------------


def connect_from(address, port):
    raw = socket.socket()
    raw.bind((address, 0))
    raw.settimeout(30)
    raw.connect(("127.0.0.1", port))
    return raw


@pytest.mark.parametrize("count", [600, 1200])
def test_idle_connections_keep_nobody_out(story, count):
    """Of many from one address, the oldest make room for others, and for more of their own."""
    server = Server(story[0], "--quiet")
    crowd = [connect_from("127.0.0.2", server.port) for _ in range(count)]
    for address in ("127.0.0.3", "127.0.0.2"):
        start = time.monotonic()
        raw = connect_from(address, server.port)
        raw.sendall(f"GET {API}status HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert raw.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert time.monotonic() - start < 10
        raw.close()
    crowd[-1].sendall(f"GET {API}status HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
    assert crowd[-1].recv(65536).startswith(b"HTTP/1.1 200 ")  # the youngest was kept
    for raw in crowd:
        raw.close()
    assert server.stop() == (0, "")


def test_requests_that_wait_are_not_cut(story):
    server = Server(story[0], "--quiet")
    busy = start_long(server, stream=True)
    read_progress(busy, 1)
    crowd = [connect_from("127.0.0.2", server.port) for _ in range(1100)]
    assert read_progress(busy, 20) < LONG["draws"]
    for raw in [busy, *crowd]:
        raw.close()
    assert server.stop() == (0, "")


# ---- The end ---------------------------------------------------------------------------------------------------------


def test_what_was_asked_is_answered_before_the_end(story):
    """SIGTERM: requests that are there are answered, others are not taken."""
    server = Server(story[0], "--quiet")
    answers = {}

    def ask(i):
        answers[i] = server.ask(API + "draws", {**LONG, "draws": 20, "seed": i})

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(40)]
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    kept.request("GET", API + "status")
    kept.getresponse().read()
    for thread in threads:
        thread.start()
    server.wait_until(lambda status: status["queue"] + status["running"] + status["solves"] == 40)
    server.child.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    try:
        kept.request(
            "POST",
            API + "simulate",
            json.dumps({"scenario": TARIFF}),
            {"Content-Type": "application/json"},
        )
        answer = kept.getresponse()
        assert (answer.status, json.loads(answer.read())["error"]["message"]) == (
            503,
            "the server is stopping",
        )
        assert answer.headers["Connection"] == "close"
    except ConnectionError:  # it was faster
        pass
    for thread in threads:
        thread.join()
    server.child.wait(timeout=60)
    assert server.stop() == (0, "")
    assert {status for status, _, _ in answers.values()} == {200}
    assert len(answers) == 40


@pytest.mark.parametrize(
    "signs",
    [
        [signal.SIGINT],
        [signal.SIGTERM, signal.SIGTERM],
        [signal.SIGTERM, signal.SIGINT],
    ],
)
def test_it_ends_at_once_where_it_is_told_to(story, signs):
    server = Server(story[0], "--quiet")
    clients = [start_long(server, stream=i % 2 == 1) for i in range(6)]
    server.wait_until(lambda status: status["running"] == os.cpu_count())
    start = time.monotonic()
    for sign in signs:
        server.child.send_signal(sign)
        time.sleep(0.3)
    assert server.stop() == (0, "")
    assert time.monotonic() - start < 10
    for i, client in enumerate(clients):
        text = client.recv(65536)
        assert i % 2 == 1 or b'"message": "cancelled"' in text
        client.close()


# ---- Worlds ----------------------------------------------------------------------------------------------------------

TABLE = """V1,DEU_C26,DEU_C29,CHN_C26,CHN_C29,DEU_FD,CHN_FD,OUT
DEU_C26,10,5,2,1,40,8,66
DEU_C29,4,12,1,2,50,9,78
CHN_C26,3,2,20,6,7,60,98
CHN_C29,2,3,5,15,6,55,86
VA,47,56,70,62,0,0,235
OUT,66,78,98,86,0,0,328
"""


def small_world(folder, name, year=2011):
    (folder / f"t_{year}.csv").write_text(TABLE)
    done = run(
        "import",
        "icio",
        f"t_{year}.csv",
        "--to",
        f"{name}.world",
        "--quiet",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr


def test_several_worlds(here):
    small_world(here, "small one")
    server = Server(here, "small one.world", "--origin", "https://example.org/derisk")
    try:
        first, second = server.get("world"), json.loads(server.ask("/worlds/small%20one/api/v1/world")[2])
        assert (first["world"], second["world"]) == ("sample", "small one")
        assert first["worlds"] == second["worlds"] == ["sample", "small one"]
        assert json.loads(server.ask("/worlds/sample/api/v1/world")[2]) == first
        assert [region["code"] for region in second["regions"]] == ["DEU", "CHN"]
        for path in (
            "/",
            "/worlds/sample/",
            "/worlds/small%20one/",
            "/derisk/worlds/small%20one/",
        ):
            status, headers, text = server.ask(path)
            assert (status, headers["Content-Type"]) == (
                200,
                "text/html; charset=utf-8",
            )
            assert text.startswith("<!doctype html>")
        body = {"scenario": {"changes": [{"tariff": {"by": "DEU", "on": "CHN", "rate": 0.1}}]}}
        answers = [json.loads(server.ask(f"{at}/api/v1/simulate", body)[2]) for at in ("", "/worlds/small%20one")]
        assert [row["region"] for row in answers[1]["regions"]["rows"]][:2] == [
            "DEU",
            "CHN",
        ]
        assert [row["region"] for row in answers[0]["regions"]["rows"]][:2] == [
            "DEU",
            "FRA",
        ]
        status, headers, _ = server.ask("/worlds/small%20one")
        assert (status, headers["Location"]) == (308, "small%20one/")
        message = "there is no world 'none'; GET /api/v1/world lists them"
        for path in ("/worlds/none/", "/worlds/none/api/v1/world", "/worlds/none"):
            status, _, text = server.ask(path)
            assert (status, json.loads(text)["error"]["message"]) == (404, message)
        for path in (
            "/worlds",
            "/worlds/",
            "/worlds//",
            "/worlds/sample/worlds/sample/",
        ):
            assert server.ask(path)[0] == 404
    finally:
        out, err = server.stop()
    assert (out, err) == (
        0,
        "derisk: serving sample.world\nderisk: serving small one.world; stop with Ctrl-C\n",
    )


def test_two_worlds_of_one_name(here, refused):
    (here / "other").mkdir()
    small_world(here / "other", "sample")
    line = "serve: 'sample.world' and 'other/sample.world' have the same name, by which the page calls them"
    refused(1, line, "serve", "sample.world", "other/sample.world")


def test_a_world_that_is_replaced_is_taken_up(here):
    """While solves run; what has begun goes on with what it has read."""
    for year in (2011, 2012):
        small_world(here, "new", year)
    small_world(here, "old")
    server = Server(here, world="old.world")
    try:
        assert server.get("world")["years"] == [2011]
        body = {"scenario": {"changes": [{"tariff": {"by": "DEU", "on": "CHN", "rate": 0.1}}]}}
        assert server.post("simulate", body)["regions"]["year"] == 2011
        draws = start_long(server, {**body, "draws": 10000, "elasticity-error": 0.2}, stream=True)
        read_progress(draws, 1)
        (here / "new.world").rename(here / "old.world")
        assert server.get("world")["years"] == [2011, 2012]
        assert server.post("simulate", body)["regions"]["year"] == 2012
        assert server.get("ties?year=2012")["rows"]
        read_progress(draws, 50)
        draws.close()
        (here / "broken").write_text("no world")
        (here / "broken").rename(here / "old.world")
        assert server.post("simulate", body)["regions"]["year"] == 2012
        assert server.get("world")["years"] == [2011, 2012]
    finally:
        status, err = server.stop()
    lines = err.splitlines()
    assert status == 0
    assert lines[1] == "derisk: old.world was replaced; the new file is served from now on"
    assert lines[2] == "derisk: old.world was replaced by a file that is no world; the one before is served"
    assert len(lines) == 3


def test_a_run_that_is_stored_is_no_other_file(here):
    server = Server(here, "--store")
    server.post("simulate", {"scenario": TARIFF, "store": "a"})
    assert server.get("world")["runs"] == ["a"]
    server.post("simulate", {"scenario": TARIFF, "store": "b"})
    assert server.get("world")["runs"] == ["a", "b"]
    assert server.stop() == (0, "derisk: serving sample.world; stop with Ctrl-C\n")
