#!/usr/bin/env python3
"""Runs every command on the sample world with allocations refused, one after the other, and demands of each run that
it ends as derisk promises: exit status 4 and one line, or the same output as with enough memory. A crash, a leak (of
a build with the address sanitizer), a wrong number and a half-written file are failures.

usage: tools/refuse-memory.py BUILD_FOLDER [COMMAND...]

Of the allocations of a command 8 are tried, spread over all of them, each refused alone and with all that come after
it. With DERISK_REFUSE_ALL=1 each is tried; with DERISK_REFUSE_SAMPLE=N, N of them. With COMMANDs (balance, "play
coalition.yaml") only these."""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PANEL = "trade ~ rta | exporter^year + importer^year"
COMMANDS = [
    "demo --to new.world",
    "import icio wiod_2011.csv.gz --sectors sectors.csv --regions regions.csv --to new.world",
    "info sample.world",
    "export sample.world --table region --output o.csv",
    "aggregate sample.world --regions map.csv --to new.world",
    "update sample.world --flows trade.world --to new.world",
    "balance sample.world EU CHN --by sector",
    "balance sample.world EU CHN --value-added --format json",
    "ties sample.world",
    "exposure sample.world EU --to CHN --plot o.svg",
    "exposure sample.world EU --to CHN --hidden",
    "exposure sample.world EU --to CHN --routes 5",
    "exposure sample.world EU --to CHN --cut --sectors transport-equipment",
    f"gravity flows.csv --formula '{PANEL}' --format csv",
    f"gravity flows.csv --formula '{PANEL}' --cluster pair --output o.md --format text",
    "simulate sample.world eu-tariff.yaml",
    "simulate sample.world --tariff EU:CHN:all:10% --table decomposition --output o.tex",
    "simulate sample.world curb.yaml --horizon short --table curbs",
    "simulate sample.world eu-tariff.yaml --draws 3 --elasticity-error 20%",
    "simulate sample.world --tariff EU:CHN:all:10% --sensitivity welfare:EU",
    "simulate sample.world eu-tariff.yaml --store run",
    "propagate sample.world {shock} --steps 5",
    "plan sample.world EU --from CHN --cap 20% --sectors transport-equipment",
    "plan sample.world EU --from CHN --cap 20% --sectors transport-equipment --max-loss 2%",
    "play sample.world eu-china.yaml --starts 1",
    "play sample.world china-withholds.yaml --horizon short --most 3",
    "play sample.world coalition.yaml",
    "play sample.world china-delays.yaml",
    "results sample.world",
    "completion bash",
    "help simulate",
]


def words(command, shock):
    out = []
    for i, part in enumerate(
        command.format(shock=shock).split("'") if "'" in command else [command.format(shock=shock)]
    ):
        out += part.split() if i % 2 == 0 else [part]
    return out


def furnish(folder):
    """The sample world, and what the commands name."""
    sample = ROOT / "data" / "sample"
    for name, copy in (
        ("sample_2011.csv.gz", "wiod_2011.csv.gz"),
        ("sample_sectors.csv", "sectors.csv"),
        ("sample_regions.csv", "regions.csv"),
    ):
        shutil.copy(sample / name, folder / copy)
    for kind in ("scenarios", "shocks", "games"):
        for file in (ROOT / "data" / kind).glob("*.yaml"):
            shutil.copy(file, folder)
    rows = ["exporter,importer,year,trade,rta"]
    numbers = random.Random(1)
    for year in (2000, 2001):
        rows += [
            f"C{i},C{n},{year},{1 + numbers.random() * 100:.3f},{int((i + n + year) % 3 == 0)}"
            for i in range(8)
            for n in range(8)
        ]
    (folder / "flows.csv").write_text("\n".join(rows) + "\n")
    (folder / "curb.yaml").write_text(
        "changes:\n  - export-curb: {by: CHN, to: EU, sectors: electrical-optical, cut: 50%}\n"
    )
    (folder / "map.csv").write_text(
        "region,to\n" + "".join(f"{code},{'EUR' if code in ('DEU', 'FRA') else code}\n" for code in regions())
    )
    return sorted(file.name for file in (ROOT / "data" / "shocks").glob("*.yaml"))[0]


def regions():
    lines = (ROOT / "data" / "sample" / "sample_regions.csv").read_text().splitlines()
    return [line.split(",")[0] for line in lines[1:]]


class Trials:
    def __init__(self, program, folder, shock):
        self.program, self.folder, self.shock = program, folder, shock
        self.runs = 0
        self.failed = []

    def run(self, command, refuse=None):
        """Exit status, output, errors and the files there are, of a run in a folder of its own."""
        here = self.folder / "run"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(self.folder / "start", here)
        environment = os.environ | {
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "DERISK_COUNT": str(self.folder / "count"),
        }
        environment["ASAN_OPTIONS"] = "exitcode=99:allocator_may_return_null=1"
        environment["LSAN_OPTIONS"] = f"exitcode=98:suppressions={ROOT}/tools/lsan.supp:print_suppressions=0"
        environment["UBSAN_OPTIONS"] = "halt_on_error=1"
        if refuse:
            environment["DERISK_REFUSE"] = refuse
        done = subprocess.run(
            [self.program, *words(command, self.shock)],
            cwd=here,
            env=environment,
            capture_output=True,
            timeout=600,
            stdin=subprocess.DEVNULL,
        )
        files = {path.name for path in here.iterdir()}
        outputs = {name: (here / name).read_bytes() for name in sorted(files) if name.startswith("o.")}
        return done.returncode, done.stdout, done.stderr.decode(errors="replace"), files, outputs

    def check(self, command, refuse, right):
        status, out, errors, files, outputs = self.run(command, refuse)
        self.runs += 1
        if status == 0 and (out, files, outputs) == (right[1], right[3], right[4]):
            return
        lines = errors.rstrip("\n").split("\n")
        kept = {"new.world"} if command.startswith("demo") else set()  # it is whole before the demonstration begins
        if (
            status == 4
            and len(lines) == 1
            and lines[0].startswith("derisk: ")
            and self.start <= files <= self.start | kept
        ):
            return
        self.failed.append(
            f"{command}: refusing {refuse}: status {status}: {errors.strip()[:2000] or '(nothing)'}"
            + (f"; files {sorted(files - self.start)}" if status == 4 and files != self.start else "")
        )
        print(self.failed[-1], flush=True)

    def try_command(self, command, sample):
        right = self.run(command)
        if right[0] != 0:
            self.failed.append(f"{command}: status {right[0]} with enough memory: {right[2].strip()}")
            print(self.failed[-1], flush=True)
            return
        count = int((self.folder / "count").read_text())
        numbers = range(1, count + 1)
        if sample and sample < count:
            numbers = sorted(random.Random(command).sample(numbers, sample))
        before = len(self.failed)
        for k in numbers:
            for refuse in (str(k), f"{k}+"):
                self.check(command, refuse, right)
        print(
            f"{command}: {count} allocations, {len(numbers)} refused, {len(self.failed) - before} failures", flush=True
        )


def main(build, *chosen):
    program = pathlib.Path(build).resolve() / "tests" / "derisk-refused"
    sample = 0 if os.environ.get("DERISK_REFUSE_ALL") else int(os.environ.get("DERISK_REFUSE_SAMPLE", "8"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "start").mkdir()
        shock = furnish(folder / "start")
        subprocess.run(
            [program, "demo"],
            cwd=folder / "start",
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"ASAN_OPTIONS": "detect_leaks=0"},
        )
        trials = Trials(program, folder, shock)
        trials.start = {path.name for path in (folder / "start").iterdir()}
        for command in COMMANDS:
            if not chosen or any(command.startswith(word) for word in chosen):
                trials.try_command(command, sample)
        print(f"{trials.runs} runs with memory refused, {len(trials.failed)} failures")
        return 1 if trials.failed or not trials.runs else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
