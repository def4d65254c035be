"""tools/setup.sh as somebody who is not root meets it: sudo with a password, without rights, without a terminal, not
there.

Nothing is installed: the script runs in a copy of tools/ beside links to the rest, on a PATH where gnuplot is missing
and sudo, apt-get and id are stand-ins. The stand-in of sudo opens the terminal, turns its echo off and asks, as the
real one does.
"""

import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = b"tell nobody"

SUDO = f"""#!{sys.executable}
import os, sys, termios
words, cached = sys.argv[1:], os.path.join(os.environ["SCRATCH"], "cached")
if not os.path.exists(cached):
    if "-n" in words:
        sys.exit("sudo: a password is required")
    terminal = os.open("/dev/tty", os.O_RDWR)
    quiet = termios.tcgetattr(terminal)
    quiet[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSAFLUSH, quiet)
    os.write(terminal, b"password: ")
    said = b""
    while not said.endswith(b"\\n"):
        said += os.read(terminal, 100)
    if os.environ.get("NO_RIGHTS") or said.strip() != {PASSWORD!r}:
        sys.exit("sudo: you may not")
    open(cached, "w").close()
words = [word for word in words if word not in ("-n", "-v")]
if words:
    os.execvp(words[0], words)
"""
APT = """#!/bin/sh
echo "$@" >>"$SCRATCH/apt"
case " $* " in *" -y "*) printf '#!/bin/sh\\n' >"$SCRATCH/bin/gnuplot"; chmod +x "$SCRATCH/bin/gnuplot" ;; esac
"""


def write_program(path, text):
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def scratch(tmp_path):
    if not (ROOT / "web/node_modules").is_dir():
        pytest.skip("needs what tools/setup.sh has fetched")
    copy, programs = tmp_path / "copy", tmp_path / "bin"
    copy.mkdir()
    programs.mkdir()
    shutil.copytree(ROOT / "tools", copy / "tools")
    for entry in ROOT.iterdir():
        if entry.name not in ("tools", ".git") and not entry.name.startswith("build"):
            (copy / entry.name).symlink_to(entry)
    write_program(programs / "sudo", SUDO)
    write_program(programs / "apt-get", APT)
    write_program(programs / "npm", '#!/bin/sh\n[ "$1" = --version ]\n')  # all that npm brings is there
    write_program(programs / "id", '#!/bin/sh\n[ "$1" = -u ] && echo 1000 || echo somebody\n')
    for folder in map(pathlib.Path, os.environ["PATH"].split(os.pathsep)):
        for program in folder.iterdir() if folder.is_dir() else []:
            link = programs / program.name
            if not program.name.startswith("gnuplot") and not os.path.lexists(link):
                link.symlink_to(program)
    return tmp_path


def environment(scratch, **more):
    return {**os.environ, "PATH": str(scratch / "bin"), "SCRATCH": str(scratch), **more}


def on_a_terminal(scratch, typed=PASSWORD, seconds=60, **more):
    """Exit status and what was shown; `typed` is typed when a password is asked for."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(scratch / "copy")
        os.execvpe("bash", ["bash", "tools/setup.sh", "build"], environment(scratch, **more))
    shown, end, asked = b"", time.monotonic() + seconds, 0
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            part = os.read(terminal, 4096)
        except OSError:
            part = b""
        if not part:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()
        shown += part
        if shown.count(b"password: ") > asked:
            asked += 1
            os.write(terminal, typed + b"\n")
    os.kill(child, 9)
    os.waitpid(child, 0)
    pytest.fail(f"no end after {seconds} s: {shown.decode()}")


def check_handed_over(status, shown, scratch):
    assert status == 1
    lines = [line.strip() for line in shown.splitlines()]
    assert "apt install --no-install-recommends gnuplot-nox" in lines
    assert not (scratch / "apt").exists()


def test_the_password_is_asked_for_once_and_not_shown(scratch):
    status, shown = on_a_terminal(scratch)
    assert status == 0, shown
    assert shown.count("password: ") == 1 and PASSWORD.decode() not in shown
    assert " install " in (scratch / "apt").read_text()


def test_who_may_not_install_gets_the_line_for_an_administrator(scratch):
    status, shown = on_a_terminal(scratch, NO_RIGHTS="1")
    check_handed_over(status, shown, scratch)


def test_without_a_terminal_nothing_waits(scratch):
    done = subprocess.run(
        ["setsid", "bash", "tools/setup.sh", "build"],
        cwd=scratch / "copy",
        env=environment(scratch),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    check_handed_over(done.returncode, done.stdout + done.stderr, scratch)


def test_without_sudo(scratch):
    (scratch / "bin/sudo").unlink()
    status, shown = on_a_terminal(scratch)
    check_handed_over(status, shown, scratch)
