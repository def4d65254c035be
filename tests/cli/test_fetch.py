"""derisk fetch against a server on this machine, which serves a table in all the ways in which servers are right and
wrong."""

import hashlib
import http.server
import io
import os
import re
import signal
import socket
import subprocess
import threading
import time
import zipfile

import pytest
from conftest import PROGRAM, run

TABLE = "V1,AAA_x,BBB_x,AAA_C,BBB_C,OUT\nAAA_x,1,2,3,4,10\nBBB_x,5,6,7,8,26\nVA,4,18,0,0,22\n"


def archive(year=2022, padding=0):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(f"{year}_SML.csv", TABLE)
        if padding:
            file.writestr("ReadMe.pdf", b"%PDF-1.7\n" + os.urandom(padding))
    return content.getvalue()


class Server(http.server.ThreadingHTTPServer):
    """Serves `files` by path. What it does wrong: `status`, `redirect`, `ranges` off, `cut` (bytes after which the
    connection breaks, this many times), `slow` (seconds for each kilobyte), `etag`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked = {}, []
        self.status = self.redirect = self.cut = None
        self.ranges, self.cuts, self.slow, self.etag, self.length, self.modified = True, 0, 0, '"one"', True, None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def headers_of(self, server, size):
        if server.length:
            self.send_header("Content-Length", str(size))
        if server.etag:
            self.send_header("ETag", server.etag)
        if server.modified:
            self.send_header("Last-Modified", server.modified)
        self.end_headers()

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        path = re.sub("^http://[^/]*", "", self.path)
        if server.redirect and not path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", server.redirect)
            self.end_headers()
            return
        if server.status or path not in server.files:
            self.send_error(server.status or 404)
            return
        content, first = server.files[path], 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        valid = self.headers.get("If-Range") in (None, server.etag, server.modified)
        if asked and server.ranges and valid:
            first = int(asked[1])
            if first >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.headers_of(server, len(content) - first)
        for at in range(first, len(content), 1024):
            if server.cut is not None and server.cuts > 0 and at - first >= server.cut:
                server.cuts -= 1
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.wfile.write(content[at : at + 1024])
            self.wfile.flush()
            time.sleep(server.slow)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def offer(server, tmp_path):
    """offer(content, ...) puts a file on the server and into mirror.csv as the ICIO's 2022."""

    def put(content, name="2016-2022_SML.zip", digest="", size="", address=None, source="icio"):
        server.files[f"/{name}"] = content
        address = address or f"{server.address}/{name}"
        (tmp_path / "mirror.csv").write_text(
            "source,edition,first,last,file,address,digest,bytes\n"
            f"{source},test,2016,2022,{name},{address},{digest},{size}\n"
        )
        return content

    return put


@pytest.fixture
def fetch(tmp_path):
    """fetch(...) runs derisk fetch icio from the mirror, with a cache of its own and without a proxy."""

    def call(*arguments, source="icio", **settings):
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache")} | settings.pop("environment", {})
        return run("fetch", source, "--mirror", "mirror.csv", *arguments, cwd=tmp_path, env=environment, **settings)

    return call


def cached(tmp_path, name="2016-2022_SML.zip", source="icio"):
    return tmp_path / "cache" / "derisk" / source / "test" / name


def failed(done, status, *words):
    assert done.returncode == status, done.stderr
    assert done.stderr.startswith("derisk: ") and done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr, done.stderr


# ---- The list ----


def test_the_list_of_sources(rows, here):
    listed = rows("fetch", "--cache", "downloads")
    sources = {row["source"] for row in listed}
    assert sources == {
        "icio",
        "wiod2013",
        "wiod2016",
        "figaro",
        "exiobase",
        "eora26",
        "gloria",
        "adb",
        "emerging",
        "baci",
        "gravity",
        "itpd-e",
        "teti",
        "macmap",
        "wits",
    }
    assert all(row["licence"] and row["access"] and int(row["files"]) > 0 and row["there"] == "0" for row in listed)
    exiobase = {row["edition"]: row for row in listed if row["source"] == "exiobase"}
    assert exiobase["3.8.2-ixi"]["licence"] == "CC BY-SA 4.0"
    assert "non-commercial" in exiobase["3.10.2-ixi"]["licence"]
    assert exiobase["3.8.2-ixi"]["files"] == "28"  # one a year, with 2019 in two rows of the list
    assert not (here / "downloads").exists()


def test_the_list_says_what_is_there(fetch, offer, tmp_path):
    offer(archive())
    assert fetch().returncode == 0
    done = run("fetch", "--mirror", "mirror.csv", "--cache", "cache/derisk", "--format", "csv", cwd=tmp_path)
    assert done.stdout.splitlines()[1].startswith("icio,test,2016,2022,1,1,")


# ---- Files that come ----


def test_a_table_comes_in(fetch, offer, server, tmp_path):
    content = offer(archive())
    digest = hashlib.sha256(content).hexdigest()
    done = fetch("--to", "w.world", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"SHA-256 {digest}" in done.stdout and "downloaded" in done.stdout
    assert cached(tmp_path).read_bytes() == content
    assert cached(tmp_path, "2016-2022_SML.zip.sha256").read_text() == f"{digest}  2016-2022_SML.zip\n"
    assert (
        subprocess.run(
            ["sha256sum", "-c", "--quiet", "2016-2022_SML.zip.sha256"], cwd=cached(tmp_path).parent
        ).returncode
        == 0
    )
    source = run("export", "w.world", "--table", "source", cwd=tmp_path).stdout
    assert (
        "Inter-Country Input-Output Tables, edition test" in source
        and "CC BY 4.0" in source
        and server.address in source
    )
    assert [request[0] for request in server.asked] == ["/2016-2022_SML.zip"]


def test_the_second_time_it_is_there(fetch, offer, server):
    offer(archive())
    assert fetch("--to", "w.world").returncode == 0
    done = fetch("--to", "w.world")
    assert done.returncode == 0, done.stderr
    assert "taken from the cache" in done.stdout and len(server.asked) == 1


def test_a_file_damaged_in_the_cache(fetch, offer, tmp_path):
    offer(archive())
    assert fetch().returncode == 0
    cached(tmp_path).write_bytes(archive(2021))
    failed(fetch(), 2, "no longer the file that it was when it came; delete it and try again")


def test_a_copy_of_the_file(fetch, offer, tmp_path):
    content = offer(archive())
    assert fetch("--to", "copy.zip", "--quiet").stdout == ""
    assert (tmp_path / "copy.zip").read_bytes() == content


def test_the_digest_of_an_edition(fetch, offer, tmp_path):
    content = archive()
    offer(content, digest="sha256:" + hashlib.sha256(content).hexdigest(), size=len(content))
    assert "that of the edition test" in fetch().stdout
    for kind in ("md5", "sha1"):
        cached(tmp_path).unlink()
        offer(content, digest=f"{kind}:{hashlib.new(kind, content).hexdigest()}")
        assert fetch().returncode == 0


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_another_digest(fetch, offer, tmp_path, kind):
    content = offer(archive(), digest=f"{kind}:{hashlib.new(kind, b'').hexdigest()}")
    words = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}[kind]
    done = fetch("--to", "w.world")
    failed(
        done,
        2,
        (
            f"has the {words} {hashlib.new(kind, content).hexdigest()}; expected"
            f" {words} {hashlib.new(kind, b'').hexdigest()}"
        ),
    )
    failed(
        done,
        2,
        "'derisk import FILE' takes a file without comparing it",
        "damaged on the way, or replaced by its publisher",
    )
    assert list(cached(tmp_path).parent.iterdir()) == [] and not (tmp_path / "w.world").exists()


def test_another_size(fetch, offer, tmp_path):
    content = offer(archive(), size=12)
    failed(fetch(), 2, f"the server's file has {len(content)} bytes; expected 12")
    assert list(cached(tmp_path).parent.iterdir()) == []


# ---- Transfers that break ----


def part(tmp_path, content, etag='"one"', size=3000, address=None):
    """What an earlier call has left: the beginning of the file."""
    cached(tmp_path).parent.mkdir(parents=True)
    cached(tmp_path, "2016-2022_SML.zip.part").write_bytes(content[:size])
    cached(tmp_path, "2016-2022_SML.zip.part.tag").write_text(f"{address}\n{etag}\n")


def test_a_broken_transfer_goes_on(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    server.cut, server.cuts = 8192, 1
    assert fetch("--to", "w.world").returncode == 0
    assert server.asked == [("/2016-2022_SML.zip", None, None), ("/2016-2022_SML.zip", "bytes=8192-", '"one"')]
    assert cached(tmp_path).read_bytes() == content


def test_a_transfer_that_breaks_too_often_is_kept(fetch, offer, server, tmp_path):
    content = offer(archive(padding=2000000))
    server.cut, server.cuts = 102400, 3
    failed(fetch("--to", "w.world"), 4, "the first 0.3 million bytes are kept, and the same command goes on from there")
    assert cached(tmp_path, "2016-2022_SML.zip.part").read_bytes() == content[: 3 * 102400]
    assert not cached(tmp_path).exists() and not (tmp_path / "w.world").exists()
    server.asked.clear()
    assert fetch("--to", "w.world").returncode == 0
    assert server.asked == [("/2016-2022_SML.zip", "bytes=307200-", '"one"')]
    assert cached(tmp_path).read_bytes() == content
    assert (
        not cached(tmp_path, "2016-2022_SML.zip.part").exists()
        and not cached(tmp_path, "2016-2022_SML.zip.part.tag").exists()
    )


def test_a_server_without_ranges_starts_over(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    part(tmp_path, content, address=f"{server.address}/2016-2022_SML.zip")
    server.ranges = False
    assert fetch().returncode == 0
    assert cached(tmp_path).read_bytes() == content


def test_a_changed_file_starts_over(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    part(tmp_path, archive(2021, 20000), etag='"before"', address=f"{server.address}/2016-2022_SML.zip")
    assert fetch().returncode == 0
    assert server.asked == [("/2016-2022_SML.zip", "bytes=3000-", '"before"')]
    assert cached(tmp_path).read_bytes() == content


def test_a_date_in_place_of_a_weak_etag(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    server.etag, server.modified = 'W/"one"', "Mon, 18 May 2026 14:52:17 GMT"
    server.cut, server.cuts = 8192, 1
    assert fetch().returncode == 0
    assert server.asked[1] == ("/2016-2022_SML.zip", "bytes=8192-", server.modified)
    assert cached(tmp_path).read_bytes() == content


def test_without_etag_and_date_nothing_is_continued(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    server.etag = None
    server.cut, server.cuts = 8192, 1
    assert fetch().returncode == 0
    assert [request[1] for request in server.asked] == [None, None]
    assert cached(tmp_path).read_bytes() == content


def test_a_known_digest_allows_to_go_on_and_finds_a_changed_beginning(fetch, offer, server, tmp_path):
    content = archive(padding=20000)
    offer(content, digest="sha256:" + hashlib.sha256(content).hexdigest())
    server.etag = None
    part(tmp_path, archive(2021, 20000), etag="", address=f"{server.address}/2016-2022_SML.zip")
    assert fetch().returncode == 0
    assert [request[1] for request in server.asked] == ["bytes=3000-", None]
    assert cached(tmp_path).read_bytes() == content


def test_a_part_of_another_address_is_not_used(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    part(tmp_path, archive(2021, 20000), address="https://elsewhere.example/t.zip")
    assert fetch().returncode == 0
    assert server.asked == [("/2016-2022_SML.zip", None, None)]
    assert cached(tmp_path).read_bytes() == content


def test_a_part_that_is_whole(fetch, offer, server, tmp_path):
    content = offer(archive(padding=20000))
    part(tmp_path, content, size=len(content), address=f"{server.address}/2016-2022_SML.zip")
    assert fetch().returncode == 0
    assert cached(tmp_path).read_bytes() == content


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_download_is_kept(fetch, offer, server, tmp_path, how):
    content = offer(archive(padding=400000))
    server.slow = 0.01
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    child = subprocess.Popen(
        [PROGRAM, "fetch", "icio", "--mirror", "mirror.csv"],
        cwd=tmp_path,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    file = cached(tmp_path, "2016-2022_SML.zip.part")
    deadline = time.monotonic() + 30
    while not (file.exists() and file.stat().st_size > 20000) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(how)
    assert child.wait(timeout=30) == -how
    size = file.stat().st_size
    assert 20000 < size < len(content) and file.read_bytes() == content[:size]
    server.slow = 0
    server.asked.clear()
    assert fetch("--to", "w.world").returncode == 0
    assert server.asked == [("/2016-2022_SML.zip", f"bytes={size}-", '"one"')]
    assert cached(tmp_path).read_bytes() == content


def test_two_at_once(fetch, offer, server, tmp_path):
    offer(archive(padding=200000))
    server.slow = 0.01
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    first = subprocess.Popen(
        [PROGRAM, "fetch", "icio", "--mirror", "mirror.csv", "--quiet"], cwd=tmp_path, env=environment
    )
    file = cached(tmp_path, "2016-2022_SML.zip.part")
    while not (file.exists() and file.stat().st_size > 0) and first.poll() is None:
        time.sleep(0.02)
    failed(fetch(), 4, "another process is downloading this file; wait until it has ended")
    assert first.wait(timeout=60) == 0


# ---- Servers that refuse ----


@pytest.mark.parametrize(
    "status, expected, words",
    [
        (404, 2, "the server has no such file (HTTP status 404)"),
        (403, 2, "the server refuses access (HTTP status 403)"),
        (401, 2, "the server refuses access (HTTP status 401)"),
        (418, 2, "the server answers with the HTTP status 418"),
        (503, 4, "the server answers with the HTTP status 503"),
    ],
)
def test_refusals(fetch, offer, server, tmp_path, status, expected, words):
    offer(archive())
    server.status = status
    done = fetch("--to", "w.world")
    failed(done, expected, f"{server.address}/2016-2022_SML.zip: ", words)
    if expected == 2:  # the way by hand
        failed(
            done,
            2,
            (
                "open https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html in a browser,"
                " download 2016-2022_SML.zip"
            ),
        )
        failed(done, 2, "'derisk fetch icio --edition test --year 2022 --file FILE'")
    assert len(server.asked) == (3 if status == 503 else 1)
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_a_page_in_place_of_the_file(fetch, offer, tmp_path):
    offer(b"\xef\xbb\xbf \n<!DOCTYPE HTML><html>Are you a robot?</html>")
    failed(fetch(), 2, "a page of the web, not the file", "in a browser")
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_an_empty_file(fetch, offer, tmp_path):
    offer(b"")
    failed(fetch(), 2, "empty")
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_redirections(fetch, offer, server, tmp_path):
    content = offer(archive())
    server.files["/moved/t.zip"] = content
    server.redirect = "/moved/t.zip"
    assert fetch().returncode == 0
    assert cached(tmp_path).read_bytes() == content


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "http://localhost/t.zip",
        "http://example.org/t.zip",
        "ftp://127.0.0.1/t.zip",
        "https://name:word@127.0.0.1/t",
    ],
)
def test_redirections_that_are_refused(fetch, offer, server, tmp_path, to):
    offer(archive())
    server.redirect = to
    failed(fetch(), 2, f"the server redirects to {to}, which is not https")
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_redirections_without_end(fetch, offer, server):
    offer(archive())
    server.redirect = "/again"
    failed(fetch(), 2, "more than 5 redirections")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/t.zip",
        "file:///etc/passwd",
        "ftp://example.org/t.zip",
        "t.zip",
        "https://name@example.org/t.zip",
    ],
)
def test_addresses_that_are_refused(fetch, offer, address):
    offer(archive(), address=address)
    failed(fetch(), 2, f"{address}: the address is not allowed; expected https://")


def test_a_silent_server(fetch, offer, server):
    offer(archive(padding=5000))
    server.slow = 30
    started = time.monotonic()
    failed(fetch("--silence", "1"), 4, "the server has sent nothing for too long")
    assert time.monotonic() - started < 20


def test_no_server(fetch, offer, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    offer(archive(), address=f"http://127.0.0.1:{port}/t.zip")
    failed(fetch(), 4, f"http://127.0.0.1:{port}/t.zip: ")
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_a_proxy_is_used(fetch, offer, server, tmp_path):
    content = offer(archive(), address="http://127.0.0.1:9/2016-2022_SML.zip")
    assert fetch(environment={"http_proxy": server.address}).returncode == 0
    assert server.asked[0][0] == "http://127.0.0.1:9/2016-2022_SML.zip"
    assert cached(tmp_path).read_bytes() == content


def test_a_file_that_is_no_table(fetch, offer, tmp_path):
    offer(b"%PDF-1.7\n", name="t.pdf")
    failed(fetch("--to", "w.world"), 2, "a PDF document")
    assert cached(tmp_path, "t.pdf").exists() and not (tmp_path / "w.world").exists()


# ---- By hand ----


def test_where_a_login_is_wanted(derisk, here):
    done = derisk("fetch", "eora26", "--year", "2015", "--cache", "c")
    failed(
        done,
        2,
        (
            "eora26 is not given out to programs: log in at https://worldmrio.com/eora26/ in a browser, download"
            " Eora26_2015_bp.zip"
        ),
    )
    failed(done, 2, "'derisk fetch eora26 --edition current --year 2015 --file FILE'")


def test_a_file_by_hand(fetch, offer, server, tmp_path):
    content = archive()
    offer(content, digest="sha256:" + hashlib.sha256(content).hexdigest(), address="")
    (tmp_path / "2016-2022_SML (1).zip").write_bytes(content)
    done = fetch("--file", "2016-2022_SML (1).zip", "--to", "w.world")
    assert (done.returncode, done.stderr) == (0, "")
    assert "checked and copied to the cache" in done.stdout
    assert cached(tmp_path).read_bytes() == content and server.asked == []
    assert "taken from the cache" in fetch().stdout
    assert fetch("--file", str(cached(tmp_path))).returncode == 0  # itself
    assert cached(tmp_path).read_bytes() == content


def test_a_wrong_file_by_hand(fetch, offer, tmp_path):
    content = archive()
    offer(content, digest="sha256:" + hashlib.sha256(b"").hexdigest())
    (tmp_path / "2016-2022_SML.zip").write_bytes(content)
    failed(
        fetch("--file", "2016-2022_SML.zip"), 2, "2016-2022_SML.zip: has the SHA-256", "; expected SHA-256 e3b0c44298fc"
    )
    offer(content)
    (tmp_path / "2016-2022_SML.zip").write_bytes(content[:-30])
    failed(fetch("--file", "2016-2022_SML.zip"), 2, "2016-2022_SML.zip: a zip archive that is cut off")
    (tmp_path / "2016-2022_SML.zip").write_bytes(b"<html>")
    failed(fetch("--file", "2016-2022_SML.zip"), 2, "2016-2022_SML.zip: a page of the web, not the file")
    failed(fetch("--file", "none.zip"), 2, "none.zip: no file of icio has this name; they are 2016-2022_SML.zip")
    failed(fetch("--file", "none.zip", "--edition", "test"), 2, "none.zip: cannot be read: No such file or directory")
    (tmp_path / "2016-2022_SML.zip").unlink()
    (tmp_path / "2016-2022_SML.zip").mkdir()
    failed(fetch("--file", "2016-2022_SML.zip"), 2, "a folder or device; expected a file")
    assert list(cached(tmp_path).parent.iterdir()) == []


def test_the_useful_file_of_an_archive(fetch, offer, server, tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("Gravity_V202211.csv", "year,trade\n2019,1\n")
        file.writestr("Countries_V202211.csv", "x\n")
    offer(content.getvalue(), name="g.zip", source="gravity")
    mirror = tmp_path / "mirror.csv"
    header, row = mirror.read_text().splitlines()
    mirror.write_text(f"{header},member\n{row},Gravity_V202211.csv\n")
    assert fetch("--to", "gravity.csv", source="gravity").returncode == 0
    assert (tmp_path / "gravity.csv").read_text() == "year,trade\n2019,1\n"
    failed(
        fetch("--to", "w.world", source="gravity"),
        2,
        "gravity is no table for a world: derisk gravity reads it by itself; give a name that ends in .csv",
    )


# ---- Wrong words ----


def test_wrong_words(derisk, here):
    failed(derisk("fetch", "icoi"), 2, "unknown source 'icoi'; did you mean 'icio'?; 'derisk fetch' lists the sources")
    failed(
        derisk("fetch", "icio", "--edition", "2025-smal"),
        2,
        "icio has no edition '2025-smal'; it has 2025-small, 2025-extended",
        "did you mean '2025-small'?",
    )
    failed(
        derisk("fetch", "icio", "--year", "1990"),
        2,
        "icio, edition 2025-small, has no year 1990; it has years from 1995 to 2022",
    )
    failed(derisk("fetch", "--year", "2020"), 1, "--year")
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    failed(
        run("fetch", "icio", cwd=here, env=environment),
        2,
        "neither XDG_CACHE_HOME nor HOME is set; name one with --cache",
    )


@pytest.mark.parametrize(
    "row, words",
    [
        ("icoi,a,2000,2001,t.zip,https://x/t,,", "mirror.csv:2:1: unknown source 'icoi'; did you mean 'icio'?"),
        ("icio,a/b,2000,2001,t.zip,https://x/t,,", "mirror.csv:2:2: 'a/b' is no name of an edition"),
        (
            "icio,a,2000,2001,../t.zip,https://x/t,,",
            "mirror.csv:2:5: '../t.zip' is no name of a file; expected one without a folder",
        ),
        (
            "icio,a,2002,2001,t.zip,https://x/t,,",
            "mirror.csv:2:3: expected the first and the last year, from 1800 to 2200",
        ),
        (
            "icio,a,2000,2001,t.zip,https://x/t,crc:1,",
            "mirror.csv:2:7: expected md5:, sha1: or sha256: and hexadecimal digits",
        ),
        ("icio,a,2000,2001,t.zip,https://x/t,,-3", "mirror.csv:2:8: out of range"),
        ("icio,a,2000,2001,t.zip", "mirror.csv:2: "),
    ],
)
def test_wrong_mirrors(fetch, tmp_path, row, words):
    (tmp_path / "mirror.csv").write_text(f"source,edition,first,last,file,address,digest,bytes\n{row}\n")
    failed(fetch(), 2, words)


def test_a_progress_bar(server, offer, on_terminal, here, monkeypatch):
    offer(archive(padding=200000))
    server.slow = 0.01
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    seen = on_terminal("fetch", "icio", "--mirror", "mirror.csv")
    assert b"2016-2022_SML.zip" in seen and b"%" in seen
