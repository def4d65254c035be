#!/usr/bin/env python3
"""Tests the tests: changes one line of the C sources at a time, at random, and reports which changes no test notices.

usage: tools/mutate.py [--count 40] [--seed N] [--list] [FOLDER...]

Each change is compiled with the address sanitizer in a copy of the tree (build-mutate/, two of them) and run against
the C tests of the folder and of those that build on it, then against the pytest files of its commands, until one
fails. A change that does not compile, or that compiles to the same code, is replaced by another. With FOLDERs (plan,
serve) only those of src/ are changed;
--list prints the changes alone. The exit status is 1 where more than one change in twenty survives."""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPIES = ROOT / "build-mutate"
CORES = os.cpu_count() or 1

# For each folder of src/ the folders of tests/ whose C tests concern it, and the files of tests/cli/ that do; but for
# src/wasm, which emscripten alone builds, and the tests of the page without a server try.
CONCERNS = {
    "base": ("base report api world", "output text usage files locale"),
    "cli": ("", "help usage completion output text files"),
    "derivative": ("derivative plan", "simulate exposure plan"),
    "dynamics": ("dynamics", "propagate"),
    "equilibrium": ("equilibrium result model scenario replication", "simulate"),
    "estimate": ("estimate replication", "gravity"),
    "import": ("import world", "world products"),
    "measure": ("measure replication", "balance exposure hidden ties products"),
    "minimal": ("", "minimal"),
    "model": ("model equilibrium replication", "simulate"),
    "options": ("options api", "help usage completion"),
    "partial": ("partial", "partial"),
    "plan": ("plan", "plan"),
    "play": ("play", "play"),
    "report": ("report", "output text balance"),
    "result": ("result equilibrium", "simulate draws"),
    "scenario": ("scenario equilibrium", "simulate groups"),
    "serve": ("serve", "openapi serve"),
    "update": ("update", "update"),
    "world": ("world import", "world groups"),
}

Mutant = collections.namedtuple("Mutant", "file line before after")


# ---- Changes ---------------------------------------------------------------------------------------------------------


def masked(text):
    """The text with comments, strings and characters as blanks, so that positions stay."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


OPERATORS = [
    (r"<=", "<"), (r">=", ">"), (r"(?<![<\->])<(?![<=])", "<="), (r"(?<![\->])>(?![>=])", ">="), (r"==", "!="),
    (r"!=", "=="), (r"&&", "||"), (r"\|\|", "&&"), (r"(?<=[(\s&|])!(?=[\w(])", ""), (r"(?<= )\+(?= )", "-"),
    (r"(?<= )-(?= )", "+"),
    (r"(?<= )\*(?= )", "/"), (r"(?<= )/(?= )", "*"), (r"\+=", "-="), (r"-=", "+="), (r"\*=", "/="), (r"/=", "*="),
    (r"\bfmax\b", "fmin"), (r"\bfmin\b", "fmax"), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\bbreak;", "continue;"), (r"\bcontinue;", "break;"),
]  # fmt: skip


def number_changed(found):
    text = found[0]
    if re.fullmatch(r"\d+", text):
        return str(int(text) + 1)
    return f"{float(text) * 1000:.12g}" if "e" in text else f"{float(text) + 1:.12g}"


def changes_of(line, mask):
    """Every way in which the line can be changed, once each."""
    found = []

    def replace(start, end, text):
        found.append(line[:start] + text + line[end:])

    for pattern, other in OPERATORS:
        for at in re.finditer(pattern, mask):
            replace(*at.span(), other)
    for at in re.finditer(r"(?<![\w.])\d+(?:\.\d*)?(?:e-?\d+)?(?![\w.])", mask):
        replace(*at.span(), number_changed(at))
    for at in re.finditer(r"\[(\w+)\](?=[^{]*[;,)&|])", mask):
        replace(*at.span(), f"[{at[1]} + 1]")
    for at in re.finditer(r"\b(\w+)\((\w+), (\w+)\)", mask):
        if at[2] != at[3]:
            replace(*at.span(), f"{at[1]}({at[3]}, {at[2]})")
    for at in re.finditer(r"\b(if|while) \((.+)\)(?=$| [^|&])", mask):
        replace(*at.span(2), f"!({line[at.start(2):at.end(2)]})")
    for at in re.finditer(r"^\s+([\w>.\[\]-]+ [-+*/]?= |\w+\()[^;]*;$", mask):  # a statement dropped
        if not re.match(r"\s+(return|static|const|struct)\b", mask):
            replace(at.start(), at.end(), ";")
    return found


def may_change(line):
    """Whether these tests are to notice a change of the line. Refused allocations are tested by
    tools/refuse-memory.py, leaks by the sanitizers of make check-deep; a buffer that is one byte longer changes
    nothing."""
    elsewhere = r"dr_fail_memory|\bfree\(|_free\(|_decref\(|\bf?close\(|^\s*char \w+\["
    return line[:1] in " \t" and not re.search(elsewhere, line)


def sites(folders):
    """All lines that can be changed, with their changes."""
    found = []
    for file in sorted((ROOT / "src").glob("*/*.c")):
        if file.parent.name not in (folders or CONCERNS):
            continue
        text = file.read_text()
        for number, (line, mask) in enumerate(zip(text.split("\n"), masked(text).split("\n")), 1):
            changes = changes_of(line, mask) if may_change(line) else []
            if changes:
                found.append((file.relative_to(ROOT), number, line, changes))
    return found


def drawn(folders, seed):
    """Changes without end, each line once."""
    chance = random.Random(seed)
    lines = sites(folders)
    chance.shuffle(lines)
    for file, number, line, changes in lines:
        yield Mutant(file, number, line, chance.choice(changes))


# ---- Copies of the tree, and tests in them ---------------------------------------------------------------------------


class Copy:
    """A copy of the tree with a build of its own. Files that are the same keep their times, so that little is built
    again."""

    def __init__(self, number):
        self.folder = COPIES / str(number)
        self.build = self.folder / "build"
        self.objects = {}
        listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, text=True)
        files = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
        for old in self.folder.rglob("*") if self.folder.exists() else []:
            name = old.relative_to(self.folder).as_posix()
            if old.is_file() and not old.is_symlink() and not name.startswith("build/") and name not in files:
                old.unlink()
        for name in files:
            self.take(name)
        for name in ("node_modules", "web/node_modules", "deps"):
            if (ROOT / name).exists() and not (self.folder / name).exists():
                (self.folder / name).symlink_to(ROOT / name)

    def take(self, name):
        source, target = ROOT / name, self.folder / name
        if target.exists() and target.read_bytes() == source.read_bytes():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)

    def run(self, *command, seconds=3600):
        """Exit status (None: it took too long) and output; processes that it started end with it."""
        with subprocess.Popen(
            list(map(str, command)), cwd=self.folder, env=self.environment(), text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as child:  # fmt: skip
            try:
                output, _ = child.communicate(timeout=seconds)
                return child.returncode, output
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, 9)
                return None, child.communicate()[0]

    def environment(self):
        path = str(ROOT / "deps/lib/pkgconfig") + ":" + os.environ.get("PKG_CONFIG_PATH", "")
        return os.environ | {"PKG_CONFIG_PATH": path, "DERISK_PROGRAM": str(self.build / "derisk")}

    def set_up(self):
        if not (self.build / "build.ninja").exists():
            status, output = self.run("meson", "setup", self.build, "-Dtests=enabled", "-Db_sanitize=address")
            if status != 0:
                sys.exit(output)
        status, output = self.make("derisk")
        if status != 0:
            sys.exit(output)
        for unit in json.loads((self.build / "compile_commands.json").read_text()):
            source = (self.build / unit["file"]).resolve()
            if source.is_relative_to(self.folder / "src"):
                self.objects.setdefault(source.relative_to(self.folder), self.build / unit["output"])

    def make(self, *targets):
        return self.run("ninja", "-j1" if CORES > 1 else "-j2", "-C", self.build, *targets)

    def code_of(self, file):
        return hashlib.sha256(self.objects[file].read_bytes()).digest()


def c_tests(folder):
    """The names of the C tests that concern a folder, its own first."""
    names = re.findall(r"^  '(\w+)/test_(\w+)',$", (ROOT / "tests/meson.build").read_text(), re.M)
    return [f"{of}-{name}" for wanted in CONCERNS[folder][0].split() for of, name in names if of == wanted]


def pytest_files(file):
    """Of a command's file those of the command first."""
    stems = CONCERNS[file.parent.name][1].split()
    own = re.match(r"cmd_(\w+)", file.stem)
    if own and (ROOT / f"tests/cli/test_{own[1]}.py").exists():
        stems.insert(0, own[1])
    return [f"tests/cli/test_{stem}.py" for stem in dict.fromkeys(stems)]


class Tests:
    """The tests as they are without a change: how long each takes, and that it passes."""

    def __init__(self):
        self.seconds = {}
        self.lock = threading.Lock()

    def run(self, copy, name, seconds=3600):
        if name.endswith(".py"):
            python = ["tools/python.sh", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", name]
            return copy.run(*python, seconds=seconds)
        return copy.run("meson", "test", "-C", copy.build, "--no-rebuild", "--print-errorlogs", name, seconds=seconds)

    def measure(self, copy, names):
        """Runs those that have not run yet. Tests that fail anyway would notice every change: they end the run."""
        for name in names:
            with self.lock:
                if name in self.seconds:
                    continue
                self.seconds[name] = 600  # until it is known
            start = time.monotonic()
            status, output = self.run(copy, name)
            if status != 0:
                print(f"{output[-3000:]}\nmutate: {name} fails without any change", flush=True)
                os._exit(2)  # from a thread: sys.exit would end only that
            self.seconds[name] = time.monotonic() - start

    def notice(self, copy, names):
        """The first test that fails, the quickest first; or None."""
        for name in sorted(names, key=lambda name: (name.endswith(".py"), self.seconds[name])):
            status, _ = self.run(copy, name, seconds=20 + 10 * self.seconds[name])
            if status != 0:
                return name if status is not None else f"{name} (took too long)"
        return None


def judge(copy, tests, mutant):
    """(the test that noticed it or None, why it does not count or None)."""
    path = copy.folder / mutant.file
    text = path.read_text()
    own = c_tests(mutant.file.parent.name)
    names = own + pytest_files(mutant.file)
    copy.make("derisk", *(f"tests/test-{name}" for name in own))
    tests.measure(copy, names)
    before = copy.code_of(mutant.file) if mutant.file in copy.objects else None
    lines = text.split("\n")
    lines[mutant.line - 1] = mutant.after
    try:
        path.write_text("\n".join(lines))
        status, _ = copy.make("derisk")
        if status != 0:
            return None, "does not compile"
        if before and copy.code_of(mutant.file) == before:
            return None, "compiles to the same code"
        copy.make(*(f"tests/test-{name}" for name in own))
        return tests.notice(copy, names), None
    finally:
        path.write_text(text)


# ---- The run ---------------------------------------------------------------------------------------------------------


class Run:
    def __init__(self, mutants, count):
        self.mutants, self.count = mutants, count
        self.tests, self.lock = Tests(), threading.Lock()
        self.begun = self.judged = 0
        self.survivors = []

    def next(self):
        with self.lock:
            if self.begun >= self.count:
                return None
            self.begun += 1
            return next(self.mutants, None)

    def report(self, mutant, noticed, skipped):
        with self.lock:
            if skipped:
                self.begun -= 1
                return
            self.judged += 1
            how = f"killed by {noticed}" if noticed else "SURVIVED"
            print(f"{self.judged:3}/{self.count} {mutant.file}:{mutant.line} {how}")
            if not noticed:
                self.survivors.append(mutant)
                print(f"    - {mutant.before.strip()}\n    + {mutant.after.strip()}")
            sys.stdout.flush()

    def work(self, copy):
        while mutant := self.next():
            self.report(mutant, *judge(copy, self.tests, mutant))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=40, help="number of changes (default: 40)")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="for the same changes again (default: the time)"
    )
    parser.add_argument("--list", action="store_true", help="print the changes and test nothing")
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="of src/ (default: all)")
    options = parser.parse_args()
    for folder in options.folders:
        if folder not in CONCERNS:
            parser.error(f"'{folder}' is no folder of src/ with tests: {' '.join(CONCERNS)}")
    mutants = drawn(options.folders, options.seed)
    print(f"mutate: {options.count} changes, seed {options.seed}", flush=True)
    if options.list:
        for mutant, _ in zip(mutants, range(options.count)):
            print(f"{mutant.file}:{mutant.line}\n    - {mutant.before.strip()}\n    + {mutant.after.strip()}")
        return 0
    run = Run(mutants, options.count)
    copies = [Copy(i) for i in range(min(CORES, 2))]
    for copy in copies:
        copy.set_up()
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        list(pool.map(run.work, copies))
    print(f"mutate: {len(run.survivors)} of {run.judged} changes survived (seed {options.seed})")
    return 1 if len(run.survivors) > run.judged / 20 else 0


if __name__ == "__main__":
    sys.exit(main())
