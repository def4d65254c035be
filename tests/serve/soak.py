#!/usr/bin/env python3
"""Asks a server 100,000 things, good and malformed, and sees that its memory stays and that it ends well.

usage: soak.py PROGRAM [REQUESTS]

The server is a program under the address sanitizer (tools/check-deep.sh), whose report of leaks is its exit status."""

import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TABLE = """V1,DEU_C26,DEU_C29,CHN_C26,CHN_C29,DEU_FD,CHN_FD,OUT
DEU_C26,10,5,2,1,40,8,66
DEU_C29,4,12,1,2,50,9,78
CHN_C26,3,2,20,6,7,60,98
CHN_C29,2,3,5,15,6,55,86
VA,47,56,70,62,0,0,235
OUT,66,78,98,86,0,0,328
"""
CLIENTS = 4
MOST_SECONDS = 1200
MOST_GROWTH = 1.1  # of memory, from a tenth of the requests to the last


def scenario(chance):
    settings = {"elasticity": chance.choice([3, 4, "5"]), "closure": chance.choice(["fixed", "income-share"])}
    changes = [{"tariff": {"by": "DEU", "on": "CHN", "rate": chance.random()}}]
    return {**settings, "changes": changes, "horizon": chance.choice(["short", "medium", "long"])}


def good(chance):
    """Method, path, body, what it is to be answered with."""
    return chance.choice(
        [
            lambda: ("GET", "world", None, {200}),
            lambda: ("GET", "status", None, {200}),
            lambda: ("GET", "runs", None, {200}),
            lambda: ("GET", f"balance?of=DEU&with=CHN&by={chance.choice(['total', 'sector', 'year'])}", None, {200}),
            lambda: (
                "GET",
                (
                    f"ties?measure={chance.choice(['gross', 'value-added'])}"
                    f"&sectors={chance.choice(['C26', 'C29', 'all'])}"
                ),
                None,
                {200},
            ),
            lambda: (
                "GET",
                f"exposure?of=DEU&to=CHN&table={chance.choice(['direct', 'hidden', 'routes'])}",
                None,
                {200},
            ),
            lambda: (
                "POST",
                "simulate",
                {"scenario": scenario(chance), "tables": ["regions", "sectors", "flows"]},
                {200, 422},
            ),
            lambda: (
                "POST",
                "simulate",
                {"scenario": scenario(chance), "tables": ["ties"], "sensitivity": "welfare:DEU"},
                {200, 422},
            ),
            lambda: ("POST", "draws", {"scenario": scenario(chance), "draws": 5, "elasticity-error": 0.1}, {200, 422}),
        ]
    )()


def bad(chance):
    body = json.dumps(good(random.Random(7))[2] or scenario(chance))
    broken = bytearray(body.encode())
    for _ in range(chance.randrange(1, 5)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return chance.choice(
        [
            lambda: (
                "GET",
                "".join(chance.choice("abc/?&=%41") for _ in range(chance.randrange(40))),
                None,
                {200, 400, 404, 405},
            ),
            lambda: ("GET", f"balance?of={chance.choice(['XXX', 'DE', '', '%00', 'DEU,'])}", None, {200, 400}),
            lambda: ("POST", "simulate", bytes(broken), {200, 400, 422}),
            lambda: ("POST", "simulate", bytes(chance.randrange(256) for _ in range(chance.randrange(200))), {400}),
            lambda: ("POST", "simulate", b"[" * chance.randrange(1, 5000), {400}),
            lambda: (
                "POST",
                chance.choice(["plan", "curve", "play", "draws"]),
                {"of": chance.choice(["DEU", 1, None]), "game": {"play": "nsh"}},
                {400},
            ),
            lambda: ("DELETE", "world", None, {405}),
            lambda: ("POST", "simulate", b" " * (2 << 20), {413}),
        ]
    )()


def hang_up(port, chance):
    """Leaves in the middle of something."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        body = json.dumps({"scenario": scenario(chance), "draws": 10000, "elasticity-error": 0.1})
        head = (
            f"POST /api/v1/draws HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type:"
            f" application/json\r\nContent-Length: {len(body)}\r\n"
        )
        whole = head + chance.choice(["", "Accept: application/x-ndjson\r\n"]) + "\r\n" + body
        raw.sendall(whole[: chance.choice([len(whole), chance.randrange(1, len(whole))])].encode())
        time.sleep(0.02 * chance.random())


class Client(threading.Thread):
    def __init__(self, port, seed, count, soak):
        super().__init__()
        self.port, self.chance, self.count, self.soak = port, random.Random(seed), count, soak

    def ask(self, connection, method, path, body, expected):
        text = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Content-Type": "application/json"} if text is not None else {}
        if self.chance.random() < 0.1 and text is not None and expected != {413}:
            headers["Accept"] = "application/x-ndjson"
            expected = expected | {200}
        connection.request(method, f"/api/v1/{path}", body=text, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in expected | {429}:
            raise AssertionError(f"{method} {path}: {answer.status}, not one of {sorted(expected)}")

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(self.count):
            kind = self.chance.random()
            try:
                if kind < 0.02:
                    hang_up(self.port, self.chance)
                else:
                    self.ask(connection, *(good(self.chance) if kind < 0.6 else bad(self.chance)))
            except (http.client.HTTPException, ConnectionError):  # it closes where it does not read to the end
                connection.close()
            except Exception as error:  # pylint: disable=broad-except
                self.soak.failures.append(str(error))
                return
            self.soak.done += 1
        connection.close()


class Soak:
    def __init__(self, program, requests, folder):
        self.requests, self.done, self.failures = requests, 0, []
        (folder / "t_2011.csv").write_text(TABLE)
        subprocess.run(
            [program, "import", "icio", "t_2011.csv", "--to", "t.world", "--quiet"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.server = subprocess.Popen(
            [program, "serve", "t.world", "--port", "0", "--quiet"], cwd=folder, stdout=subprocess.PIPE, text=True
        )
        self.port = int(re.search(r":(\d+)/", self.server.stdout.readline())[1])

    def megabytes(self):
        pages = int(pathlib.Path(f"/proc/{self.server.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def run(self):
        clients = [Client(self.port, seed, self.requests // CLIENTS, self) for seed in range(CLIENTS)]
        start, early = time.monotonic(), None
        for client in clients:
            client.start()
        while any(client.is_alive() for client in clients) and not self.failures:
            if early is None and self.done >= self.requests / 10:
                early = self.megabytes()
            if time.monotonic() - start > MOST_SECONDS:
                self.failures.append(f"not done in {MOST_SECONDS} seconds: {self.done} of {self.requests}")
            time.sleep(0.05)
        late, seconds = self.megabytes(), time.monotonic() - start
        self.server.send_signal(signal.SIGTERM)
        status = self.server.wait(timeout=120)
        print(
            f"soak: {self.done} requests in {seconds:.0f} s; memory {early:.1f} MB after a tenth of them, {late:.1f} MB"
            f" in the end; exit status {status}"
        )
        if late > MOST_GROWTH * early:
            self.failures.append("memory grows")
        if status != 0:
            self.failures.append(f"the server ended with {status}")
        return self.failures


def main():
    with tempfile.TemporaryDirectory() as folder:
        failures = Soak(
            os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100000, pathlib.Path(folder)
        ).run()
    for failure in failures:
        print(f"soak: {failure}", file=sys.stderr)
    os._exit(1 if failures else 0)  # clients that still wait are left


if __name__ == "__main__":
    main()
