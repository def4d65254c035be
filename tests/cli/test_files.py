"""Files in trouble: pipes where files are meant, signals, limits, locks, and files of somebody else that lie in the
way."""

import fcntl
import os
import re
import resource
import shutil
import signal
import subprocess
import time

import pytest

from conftest import PROGRAM

TARIFF = ("simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:25%")
IMPORT = ("import", "icio", "wiod_2011.csv.gz", "--sectors", "sectors.csv", "--to")


# ---- Pipes and devices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (("info", "pipe"), "pipe: is a pipe or device; expected a world file"),
        (("info", "/dev/zero"), "/dev/zero: is a pipe or device; expected a world file"),
        (("simulate", "pipe", "--ban", "EU:RUS:mining"), "pipe: is a pipe or device; expected a world file"),
        ((*IMPORT, "pipe"), "pipe: is a pipe or device; expected a world file"),
        (
            ("import", "icio", "pipe", "--to", "new.world", "--year", "2011"),
            "pipe: is a pipe or device; expected a file",
        ),
        (
            ("simulate", "sample.world", "pipe"),
            "pipe: not a scenario or game: a pipe or device; expected a YAML file of at most 1 MB",
        ),
        (
            ("simulate", "sample.world", "/dev/zero"),
            "/dev/zero: not a scenario or game: a pipe or device; expected a YAML file of at most 1 MB",
        ),
        (
            ("propagate", "sample.world", "pipe"),
            "pipe: not a shock: a pipe or device; expected a YAML file of at most 1 MB",
        ),
        ((*TARIFF, "--elasticity", "pipe"), "pipe: is a pipe or device; expected a file"),
        (("gravity", "pipe", "--formula", "trade ~ rta"), "pipe: is a pipe or device; expected a file"),
        (
            ("plan", "sample.world", "EU", "--from", "CHN", "--cap-file", "pipe"),
            "pipe: is a pipe or device; expected a file",
        ),
    ],
    ids=lambda value: "-".join(value[:2]).replace("/", "") if isinstance(value, tuple) else "",
)
def test_pipes_are_refused_at_once(refused, here, command, line):
    os.mkfifo(here / "pipe")
    refused(2, line, *command)


def test_a_scenario_from_a_shell(here):
    """What the shell offers as a pipe is refused; a file behind standard input is one."""
    script = f"""'{PROGRAM}' simulate sample.world <(cat eu-tariff.yaml)
cat eu-tariff.yaml | '{PROGRAM}' simulate sample.world /dev/stdin
'{PROGRAM}' simulate sample.world /dev/stdin --format csv < eu-tariff.yaml
"""
    done = subprocess.run(["bash", "-c", script], cwd=here, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr.count("a pipe or device; expected a YAML file of at most 1 MB") == done.stderr.count("\n") == 2
    assert done.stdout.startswith("region,")


def test_output_into_a_pipe(here, derisk):
    os.mkfifo(here / "pipe")
    done = derisk(*TARIFF, "--output", "pipe")
    assert (done.returncode, done.stderr) == (4, "derisk: pipe: cannot be written: no program reads from this pipe\n")
    with subprocess.Popen(["cat", "pipe"], cwd=here, stdout=subprocess.PIPE, text=True) as reader:
        assert derisk(*TARIFF, "--format", "csv", "--output", "pipe").returncode == 0
        assert reader.communicate()[0] == derisk(*TARIFF, "--format", "csv").stdout
    shell = f"'{PROGRAM}' info sample.world --output /dev/stdout | cat; '{PROGRAM}' info sample.world --output >(cat)"
    done = subprocess.run(["bash", "-c", shell], cwd=here, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == (2 * derisk("info", "sample.world").stdout, "")


# ---- Nothing is left ------------------------------------------------------------------------------------------------


def names(folder):
    return {path.name for path in folder.iterdir()}


INTERRUPTED = [
    (*IMPORT, "new.world"),
    (*TARIFF, "--draws", "400", "--elasticity-error", "20%", "--table", "draws", "--output", "new.csv"),
    ("export", "sample.world", "--table", "intermediate", "--output", "new.json"),
    ("exposure", "sample.world", "EU", "--map", "new.svg"),
    (*TARIFF, "--store", "run"),
    ("demo", "--to", "new.world"),
]


@pytest.mark.parametrize("command", INTERRUPTED, ids=lambda command: command[0])
@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda which: which.name)
def test_a_signal_leaves_nothing(here, command, which):
    before = names(here)
    for delay in (0.02, 0.1, 0.25, 0.5):
        with subprocess.Popen(
            [PROGRAM, *command], cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            time.sleep(delay)
            child.send_signal(which)
            assert child.wait(timeout=60) in (-which, 0, 2)
        finished = {f"new.{ending}" for ending in ("world", "csv", "json", "svg")}
        assert names(here) - before - finished == set()
        for name in finished & names(here):
            (here / name).unlink()


def test_a_signal_that_is_ignored_stays_so(here):
    """As nohup and the background of a shell do."""
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with subprocess.Popen(
        [PROGRAM, *IMPORT, "new.world"], cwd=here, preexec_fn=ignore, stdout=subprocess.DEVNULL
    ) as child:
        time.sleep(0.2)
        child.send_signal(signal.SIGHUP)
        assert child.wait(timeout=60) == 0
    assert (here / "new.world").exists()


LIMITED = [
    (
        (*TARIFF, "--draws", "300", "--elasticity-error", "20%", "--table", "draws", "--output", "new.csv"),
        "new.csv: cannot be written: File too large",
    ),
    (
        ("export", "sample.world", "--table", "intermediate", "--output", "new.csv"),
        "new.csv: the file would be larger than files may be here (ulimit -f)",
    ),
    (
        ("export", "sample.world", "--table", "intermediate", "--output", "new.parquet"),
        "new.parquet: the file would be larger than files may be here (ulimit -f)",
    ),
    ((*IMPORT, "new.world"), "new.world: the file would be larger than files may be here (ulimit -f)"),
    ((*TARIFF, "--store", "run"), "sample.world: the file would be larger than files may be here (ulimit -f)"),
]


@pytest.mark.parametrize(("command", "line"), LIMITED, ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_a_limit_on_files(here, derisk, command, line):
    """The limit's signal would end the program without a word."""
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, 100 * 1024))
    done = derisk(*command, preexec_fn=limit)
    assert (done.returncode, done.stderr) == (4, f"derisk: {line}\n")
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_pictures_and_a_full_disk(derisk, here):
    done = derisk("balance", "sample.world", "EU", "CHN", "--by", "sector", "--plot", "full.svg")
    if "not installed" in done.stderr:
        pytest.skip("gnuplot is not installed")
    (here / "full.svg").unlink()
    (here / "full.svg").symlink_to("/dev/full")
    done = derisk("balance", "sample.world", "EU", "CHN", "--by", "sector", "--plot", "full.svg")
    assert (done.returncode, done.stderr) == (4, "derisk: full.svg: cannot be written: No space left on device\n")


NO_TMPFILE = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
static int refuse(const char *name, const char *path, int flags, int mode)
{
    if ((flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
}
#define WRAP(name) int name(const char *path, int flags, ...) \\
    { va_list a; va_start(a, flags); int mode = va_arg(a, int); va_end(a); return refuse(#name, path, flags, mode); }
WRAP(open)
WRAP(open64)
"""


@pytest.fixture(scope="module")
def without_unnamed_files(tmp_path_factory):
    """Settings under which a process can make no file without a name, as on some file systems."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("preload")
    (folder / "a.c").write_text(NO_TMPFILE)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-U_FORTIFY_SOURCE", "-o", folder / "a.so", folder / "a.c", "-ldl"], check=True
    )
    sanitizers = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return {**os.environ, "LD_PRELOAD": str(folder / "a.so"), "ASAN_OPTIONS": sanitizers.lstrip(":")}


def test_file_systems_without_unnamed_files(here, derisk, without_unnamed_files):
    expected = derisk(*TARIFF, "--format", "csv").stdout
    before = names(here)
    for _ in range(2):
        assert derisk(*TARIFF, "--output", "new.csv", env=without_unnamed_files).returncode == 0
        assert (here / "new.csv").read_text() == expected
        assert names(here) - before == {"new.csv"}
    (here / "new.csv").unlink()
    command = (*TARIFF, "--draws", "300", "--elasticity-error", "20%", "--table", "draws", "--output", "new.csv")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100 * 1024, 100 * 1024))
    assert derisk(*command, env=without_unnamed_files, preexec_fn=limit).returncode == 4
    assert names(here) == before
    seen = False
    command = ("export", "sample.world", "--table", "intermediate", "--output", "new.csv")
    for _ in range(20):  # until it is interrupted while the file is there
        with subprocess.Popen(
            [PROGRAM, *command], cwd=here, env=without_unnamed_files, stderr=subprocess.DEVNULL
        ) as child:
            while child.poll() is None and names(here) == before:
                time.sleep(0.001)
            seen |= any(name.endswith(".part") for name in names(here) - before)
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=60)
        assert names(here) - before - {"new.csv"} == set()
        (here / "new.csv").unlink(missing_ok=True)
    assert seen


# ---- What is there already ------------------------------------------------------------------------------------------


def test_files_of_somebody_else_stay(here, derisk):
    """Names that derisk might use for files on their way."""
    mine = ["new.world.part", "new.world.part.wal", "new.csv.part", "new.csv.XXXXXX.part", ".new.world.derisk.part"]
    for name in mine:
        (here / name).write_text("mine\n")
    assert derisk(*IMPORT, "new.world").returncode == 0
    assert derisk(*TARIFF, "--output", "new.csv").returncode == 0
    assert derisk(*TARIFF, "--output", "new.csv").returncode == 0
    assert all((here / name).read_text() == "mine\n" for name in mine)


def test_replacing_keeps_mode_and_links(here, derisk):
    (here / "old.csv").write_text("old")
    (here / "old.csv").chmod(0o640)
    (here / "link.csv").symlink_to("old.csv")
    assert derisk(*TARIFF, "--output", "link.csv").returncode == 0
    assert (here / "link.csv").is_symlink()
    assert (here / "old.csv").read_text().startswith("region,")
    assert (here / "old.csv").stat().st_mode & 0o777 == 0o640


def test_the_usual_mode_of_new_files(here, derisk):
    umask = lambda: os.umask(0o027)
    assert derisk(*TARIFF, "--output", "new.csv", preexec_fn=umask).returncode == 0
    assert derisk(*IMPORT, "new.world", preexec_fn=umask).returncode == 0
    assert (here / "new.csv").stat().st_mode & 0o777 == 0o640
    assert (here / "new.world").stat().st_mode & 0o777 == 0o640


# ---- Locks ----------------------------------------------------------------------------------------------------------


def test_a_locked_folder_holds_nobody_up(here, derisk):
    folder = os.open(here, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    assert derisk(*IMPORT, "new.world").returncode == 0
    os.close(folder)


def test_a_locked_world_is_waited_for_and_named(here, derisk):
    """A lock as DuckDB takes it: first for ever, then for a moment."""
    with open(here / "sample.world", "r+b") as world:
        fcntl.lockf(world, fcntl.LOCK_EX)
        for command, does in ((("info", "sample.world"), "writing"), ((*TARIFF, "--store", "run"), "writing")):
            began = time.monotonic()
            done = derisk(*command)
            assert done.returncode == 4
            line = (
                f"derisk: sample.world: another program (process {os.getpid()}) is still {does} it after three seconds;"
                " try again when it has finished\n"
            )
            assert done.stderr == line
            assert 2 < time.monotonic() - began < 60
        child = subprocess.Popen([PROGRAM, "info", "sample.world"], cwd=here, stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        fcntl.lockf(world, fcntl.LOCK_UN)
        assert child.wait(timeout=60) == 0


def test_two_imports_into_one_new_world(here, derisk):
    children = [
        subprocess.Popen(
            [PROGRAM, *IMPORT, "new.world"], cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    ended = [(child.wait(timeout=120), child.stderr.read()) for child in children]
    assert 0 in [status for status, _ in ended]
    for status, said in ended:
        assert status == 0 or re.fullmatch(
            (
                r"derisk: new\.world: another program( \(process \d+\))? is still (making|using) it after three"
                r" seconds; .*\n"
            ),
            said,
        )
    assert derisk("info", "new.world").returncode == 0
