"""derisk serve behind nginx and Caddy, as docs/serve.md describes it: with TLS, below a path, with the addresses and
names of users."""

import functools
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from test_serve import API, TARIFF, Server

NAME = "derisk.example.org"

# Each with the configuration that docs/serve.md shows. The client's own X-Forwarded-* are lies.
NGINX = """daemon off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path .; proxy_temp_path .; fastcgi_temp_path .; uwsgi_temp_path .; scgi_temp_path .;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {name};
        ssl_certificate cert.pem;
        ssl_certificate_key key.pem;
        location {path}/ {{
            proxy_pass http://127.0.0.1:{to}{strip};
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-User ann;
            proxy_buffering off;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""
CADDY = """{{
    admin off
    auto_https off
}}
https://{name}:{port} {{
    bind 127.0.0.1
    tls cert.pem key.pem
    {handle} {path}/* {{
        reverse_proxy 127.0.0.1:{to} {{
            header_up X-Forwarded-User ann
        }}
    }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    def __init__(self, kind, folder, to, path, strip):
        self.port = free_port()
        program = shutil.which(kind) or shutil.which(f"/usr/sbin/{kind}")
        fields = {"port": self.port, "to": to, "name": NAME, "path": path}
        if kind == "nginx":
            (folder / "proxy.conf").write_text(NGINX.format(strip="/" if strip else "", **fields))
            command = [program, "-p", str(folder), "-c", "proxy.conf"]
        else:
            (folder / "proxy.conf").write_text(CADDY.format(handle="handle_path" if strip else "handle", **fields))
            command = [
                program,
                "run",
                "--config",
                "proxy.conf",
                "--adapter",
                "caddyfile",
            ]
        with open(folder / "said", "w") as said:
            environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}
            self.child = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, env=environment)
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            except ConnectionRefusedError:
                assert time.monotonic() < end and self.child.poll() is None, (folder / "said").read_text()
                time.sleep(0.05)

    def ask(self, path, body=None, accept="application/json"):
        """As a browser: by TLS, with the name and origin of the page."""
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPConnection(NAME, timeout=60)
        connection.sock = trusting.wrap_socket(raw, server_hostname=NAME)
        headers = {
            "X-Forwarded-For": "192.0.2.66",
            "X-Forwarded-User": "eve",
            "Accept": accept,
        }
        if body is not None:
            headers |= {"Origin": f"https://{NAME}", "Content-Type": "application/json"}
            body = json.dumps(body)
        connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def stop(self):
        self.child.terminate()
        self.child.wait(timeout=30)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return functools.cache(lambda: make_certificate(tmp_path_factory.mktemp("certificate")))


def make_certificate(folder):
    made = [
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-subj",
        f"/CN={NAME}",
        "-days",
        "2",
    ]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        *made,
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("path, strip", [("", False), ("/tools/derisk", True), ("/tools/derisk", False)])
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_the_page_works_behind(kind, path, strip, here, certificate):
    if not shutil.which(kind) and not shutil.which(f"/usr/sbin/{kind}"):
        pytest.skip(f"{kind} is not installed: Debian's package {kind}{'-light' if kind == 'nginx' else ''} has it")
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    for file in certificate().iterdir():
        shutil.copy(file, here)
    options = [
        "--behind-proxy",
        "--user-header",
        "X-Forwarded-User",
        "--log",
        "access.log",
        "--quiet",
    ]
    server = Server(here, "--origin", f"https://{NAME}{path}", *options)
    proxy = Proxy(kind, here, server.port, path, strip)
    try:
        status, text = proxy.ask(f"{path}/")
        assert (status, text[:15]) == (200, "<!doctype html>")
        assert proxy.ask(f"{path}/page.js")[0] == 200
        assert json.loads(proxy.ask(f"{path}{API}world")[1])["title"] == "sample.world"
        status, text = proxy.ask(f"{path}{API}simulate", {"scenario": TARIFF})
        assert (status, list(json.loads(text))) == (200, ["regions"])
        draws = {"scenario": TARIFF, "draws": 30, "elasticity-error": 0.2}
        status, text = proxy.ask(f"{path}{API}draws", draws, "application/x-ndjson")
        lines = text.splitlines()
        assert (status, bool(lines)) == (200, True), (here / "said").read_text()
        assert list(json.loads(lines[-1])) == ["result"] and len(lines) > 1
    finally:
        proxy.stop()
        assert server.stop() == (0, "")
    log = (here / "access.log").read_text().splitlines()
    assert len(log) == 5
    assert all(line.startswith("127.0.0.1 - ann [") for line in log), log
