#!/usr/bin/env python3
"""Commands that are interrupted on their way: by signals, by kill -9, by a full disk and by a limit on the size of
files. Nothing may be left but what was there before or a finished file, and a world holds the old or the new, whole.
usage: tests/interrupt.py [PROGRAM [ROUNDS]]"""

import pathlib
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "derisk").resolve())
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 20

IMPORT = ["import", "icio", "table_2011.csv.gz", "--sectors", "sectors.csv", "--quiet", "--to"]
SIMULATE = ["simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%", "--quiet"]
DRAWS = [*SIMULATE, "--draws", "200", "--elasticity-error", "20%", "--table", "draws"]
COMMANDS = {  # and the file that each makes, or the world that it changes
    "a new world": ([*IMPORT, "new.world"], "new.world"),
    "a year replaced": ([*IMPORT, "sample.world"], "sample.world"),
    "a run stored": ([*SIMULATE, "--store", "run"], "sample.world"),
    "a table": ([*DRAWS, "--output", "new.csv"], "new.csv"),
    "Parquet": ([*DRAWS, "--output", "new.parquet"], "new.parquet"),
    "an export": (["export", "sample.world", "--table", "intermediate", "--output", "new.json"], "new.json"),
    "a map": (["exposure", "sample.world", "EU", "--map", "new.svg", "--quiet"], "new.svg"),
    "the demonstration": (["demo", "--to", "new.world"], "new.world"),
}
LOGS = {"sample.world.wal"}  # after kill -9 DuckDB's log may stay: it belongs to the world
failures = []


def run(arguments, folder, **settings):
    return subprocess.run(
        [PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=300, check=False, **settings
    )


def prepare(folder):
    """The sample world and its data files."""
    made = run(["demo", "--to", "sample.world"], folder)
    if made.returncode != 0:
        sys.exit(f"the demonstration failed: {made.stderr}")
    shutil.copy(ROOT / "data" / "sample" / "sample_2011.csv.gz", folder / "table_2011.csv.gz")
    shutil.copy(ROOT / "data" / "sample" / "sample_sectors.csv", folder / "sectors.csv")


def contents(folder, world):
    """What a world holds, as text; what the program says of it where it cannot be read."""
    texts = []
    for table in ("intermediate", "final", "output", "run_regions"):
        done = run(["export", world, "--table", table, "--format", "csv"], folder)
        if done.returncode == 0:
            texts.append(sorted(done.stdout.splitlines()))
        elif table != "run_regions":
            return done.stderr
    return texts


def fresh(folder, clean):
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    for path in clean.iterdir():
        shutil.copy(path, folder)


def fail(what, how, said):
    failures.append(what)
    print(f"FAILED: {what}, {how}: {said}")


def check_left(what, how, folder, clean, allowed):
    left = {path.name for path in folder.iterdir()} - {path.name for path in clean.iterdir()} - allowed
    if left:
        fail(what, how, f"left {', '.join(sorted(left))}")


def check_world(what, how, folder, before, after):
    now = contents(folder, "sample.world")
    if now not in (before, after):
        fail(
            what,
            how,
            f"the world is neither the old nor the new: {now if isinstance(now, str) else [len(text) for text in now]}",
        )


def duration(command, folder):
    began = time.monotonic()
    done = run(command, folder)
    return time.monotonic() - began, done


def interrupt(work, clean, what, signals, leaves):
    command, made = COMMANDS[what]
    fresh(work, clean)
    before = contents(work, "sample.world")
    whole, done = duration(command, work)
    if done.returncode != 0:
        if "gnuplot" in done.stderr:
            print(f"{what}: skipped: {done.stderr.strip()}")
            return
        fail(what, "undisturbed", done.stderr)
    after = contents(work, "sample.world")
    ended = 0
    for _ in range(ROUNDS):
        fresh(work, clean)
        which = random.choice(signals)
        delay = random.uniform(0, whole)
        how = f"{which.name} after {delay:.2f} s"
        with subprocess.Popen(
            [PROGRAM, *command], cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            time.sleep(delay)
            child.send_signal(which)
            ended += child.wait(timeout=300) == -which
        check_left(what, how, work, clean, {made} | leaves)
        check_world(what, how, work, before, after)
        if (
            made.startswith("new.")
            and made.endswith(".world")
            and (work / made).exists()
            and isinstance(contents(work, made), str)
        ):
            fail(what, how, contents(work, made))
        if leaves and "--store" not in command and run(command, work).returncode != 0:
            fail(what, how, "the same command fails afterwards")
        if leaves:
            check_left(what, f"{how} and once more", work, clean, {made})
    print(f"{what}: {ended} of {ROUNDS} times ended by {', '.join(which.name for which in signals)}")


def confine(work, clean, what, sizes, confined):
    """Runs the command in ever more space; `confined` gives the folder and settings of a size, and puts it away."""
    command, made = COMMANDS[what]
    fresh(work, clean)
    before = contents(work, "sample.world")
    run(command, work)
    after = contents(work, "sample.world")
    full = 0
    for size in sizes:
        fresh(work, clean)
        with confined(work, clean, size) as (folder, settings):
            done = run(command, folder, **settings)
            how = f"{size >> 10} KB"
            if done.returncode == 4 and done.stderr.count("\n") == 1:
                full += 1
                check_left(what, how, folder, clean, set())
            elif done.returncode != 0:
                fail(what, how, f"exit {done.returncode}, {done.stderr}")
            else:
                check_left(what, how, folder, clean, {made})
            check_world(what, how, folder, before, after)
    print(f"{what}: {full} of {len(sizes)} times there was no room")


class Limit:
    """A limit on the size of files."""

    def __init__(self, work, _clean, size):
        self.result = work, {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))}

    def __enter__(self):
        return self.result

    def __exit__(self, *_):
        pass


class Disk:
    """A small disk with the files on it and `size` bytes of room."""

    def __init__(self, work, clean, size):
        self.folder = work / "disk"
        used = sum(-(-path.stat().st_size // 4096) * 4096 for path in clean.iterdir())
        self.folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={used + size}", "none", self.folder], check=True)
        for path in clean.iterdir():
            shutil.copy(path, self.folder)

    def __enter__(self):
        return self.folder, {}

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], check=True)


def can_mount(folder):
    try:
        (folder / "none").mkdir()
        with Disk(folder, folder / "none", 1 << 20):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        shutil.rmtree(folder / "none", ignore_errors=True)
        shutil.rmtree(folder / "disk", ignore_errors=True)


def main():
    random.seed(1)
    with tempfile.TemporaryDirectory() as name:
        clean, work = pathlib.Path(name, "clean"), pathlib.Path(name, "work")
        clean.mkdir()
        work.mkdir()
        prepare(clean)
        print(f"== signals, {ROUNDS} of each")
        for what in COMMANDS:
            interrupt(work, clean, what, [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], set())
        print(f"== kill -9, {ROUNDS} of each")
        for what in ("a new world", "a year replaced", "a run stored"):
            interrupt(work, clean, what, [signal.SIGKILL], LOGS | {".new.world.derisk"})
        print("== a limit on the size of files")
        for what in COMMANDS:
            if what not in ("a map", "the demonstration"):  # small files
                confine(work, clean, what, [1 << shift for shift in range(10, 24)], Limit)
        print("== a full disk")
        fresh(work, clean)
        if not can_mount(work):
            print("skipped: no right to mount a small disk")
        else:
            for what in COMMANDS:
                if what != "the demonstration":  # which writes in /tmp, too
                    confine(work, clean, what, [1 << shift for shift in range(12, 24)], Disk)
    print(f"interrupt: {len(failures)} failures" if failures else "interrupt: nothing was left, no world was spoilt")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
