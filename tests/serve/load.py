#!/usr/bin/env python3
"""Two hundred clients drag sliders while ten draw and plan; then the server is told to end. Sees that sliders wait for
no draws, that memory stays, that the long ones share fairly, and that every question is answered.

usage: load.py PROGRAM [SECONDS [WORLD]]    SECONDS: 20 by default; WORLD: the sample world by default

The clients are users of a proxy: the server shares its time among them."""

import asyncio
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

SLIDERS, LONG = 200, 10
PAUSE = 2  # seconds on average between an answer and the next movement of a slider
MOST_GROWTH = 1.5  # of memory, from half of the time to the end
MOST_RATIO = 3  # of the median time of a slider's answer with draws beside it to that without,
MOST_MORE = 0.2  # beside so many seconds more


def tariff(rate):
    return {
        "changes": [
            {
                "tariff": {
                    "by": "EU",
                    "on": "CHN",
                    "sectors": "goods",
                    "rate": round(rate % 1, 4),
                }
            }
        ]
    }


class Client:
    """A connection that is kept, and what became of its questions."""

    def __init__(self, load, number, path, body_of, pause=0):
        self.load, self.number, self.path, self.body_of, self.pause = (
            load,
            number,
            path,
            body_of,
            pause,
        )
        self.times, self.asked, self.answered = [], 0, 0

    async def answer(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
        length = int(re.search(r"Content-Length: (\d+)", head, re.I)[1])
        await reader.readexactly(length)
        return int(head.split()[1]), "connection: close" in head.lower()

    async def run(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.load.port)
        while self.load.going:
            await asyncio.sleep(2 * self.pause * random.random())
            body = json.dumps(self.body_of(self.number, self.asked)).encode()
            head = (
                f"POST /api/v1/{self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.load.port}\r\nContent-Type:"
                f" application/json\r\nX-Forwarded-For: 198.51.100.{self.number}\r\nAccept-Encoding:"
                f" gzip\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            start = time.monotonic()
            try:
                writer.write(head.encode() + body)
                await writer.drain()
                self.asked += 1
                status, last = await self.answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError):
                if self.load.stopped is None:
                    self.load.failures.append(f"{self.path}: the connection was lost")
                elif start < self.load.stopped:
                    self.load.failures.append(f"{self.path}: asked before SIGTERM, and not answered")
                else:
                    self.asked -= 1  # it was not taken
                return
            self.answered += 1
            if status == 200:
                self.times.append(time.monotonic() - start)
            elif not (status == 503 and self.load.stopped is not None):
                self.load.failures.append(f"{self.path}: {status}")
            if last:
                return


class Load:
    def __init__(self, program, seconds, world, folder):
        self.seconds, self.failures, self.going, self.stopped = seconds, [], True, None
        if world is None:
            subprocess.run([program, "demo"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        self.server = subprocess.Popen(
            [
                *(program, "serve", world or "sample.world", "--port", "0", "--quiet"),
                *("--origin", "http://localhost", "--behind-proxy"),
            ],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(re.search(r":(\d+)/", self.server.stdout.readline())[1])
        self.sliders = [
            Client(
                self,
                i,
                "simulate",
                lambda i, k: {
                    "scenario": tariff(0.0003 * i + 0.01 * k),
                    "tables": ["regions", "sectors"],
                    "pick": {"sectors": "CHN"},
                },
                PAUSE,
            )
            for i in range(SLIDERS)
        ]
        self.long = [
            (
                Client(
                    self,
                    SLIDERS + i,
                    "draws",
                    lambda i, k: {
                        "scenario": tariff(0.01 * i),
                        "draws": 200,
                        "seed": k,
                        "elasticity-error": 0.2,
                    },
                )
                if i % 2
                else Client(
                    self,
                    SLIDERS + i,
                    "plan",
                    lambda i, k: {
                        "of": "EU",
                        "from": "CHN",
                        "cap": 0.2 + 0.01 * ((i + k) % 20),
                        "levers": "tariff",
                    },
                )
            )
            for i in range(LONG)
        ]

    def megabytes(self):
        pages = int(pathlib.Path(f"/proc/{self.server.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def medians(self):
        times = sorted(time for client in self.sliders for time in client.times)
        for client in self.sliders:
            client.times = []
        return (times[len(times) // 2], times[len(times) * 99 // 100], len(times)) if times else (0, 0, 0)

    async def run(self):
        tasks = [asyncio.create_task(client.run()) for client in self.sliders]
        await asyncio.sleep(self.seconds / 4)
        alone = self.medians()
        tasks += [asyncio.create_task(client.run()) for client in self.long]
        await asyncio.sleep(self.seconds / 4)
        early = self.megabytes()
        await asyncio.sleep(self.seconds / 2)
        beside, late = self.medians(), self.megabytes()
        self.stopped = time.monotonic()
        self.server.send_signal(signal.SIGTERM)
        await asyncio.wait(tasks, timeout=90)
        self.going = False
        for name, (half, most, count) in (
            ("alone", alone),
            ("beside draws and plans", beside),
        ):
            print(f"load: {count} sliders' answers {name}: 50% {1e3 * half:.0f} ms, 99% {1e3 * most:.0f} ms")
        shares = {path: [c.answered for c in self.long if c.path == path] for path in ("draws", "plan")}
        print(f"load: long answers by client: {shares}; memory {early:.0f} MB, in the end {late:.0f} MB")
        self.judge(alone, beside, early, late)

    def judge(self, alone, beside, early, late):
        if self.server.wait(timeout=30) != 0:
            self.failures.append(f"the server ended with {self.server.returncode}")
        if beside[0] > MOST_RATIO * alone[0] + MOST_MORE:
            self.failures.append("sliders wait for draws")
        if late > MOST_GROWTH * early:
            self.failures.append("memory grows")
        lost = sum(client.asked - client.answered for client in self.sliders + self.long)
        if lost:
            self.failures.append(f"{lost} questions were not answered")


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    world = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory() as folder:
        load = Load(os.path.abspath(sys.argv[1]), seconds, world, folder)
        asyncio.run(load.run())
    for failure in sorted(set(load.failures)):
        print(f"load: {failure} ({load.failures.count(failure)} times)", file=sys.stderr)
    sys.exit(bool(load.failures))


if __name__ == "__main__":
    main()
