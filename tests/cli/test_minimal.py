"""The build without database, Newton's method and optimiser: it compiles without warnings, passes its test, and needs
no more than it says."""

import os
import shutil
import subprocess

import pytest
from conftest import ROOT

LIBRARIES = {"libz", "libyaml-0", "libjansson", "libcmocka", "libm", "libc", "linux-vdso", "ld-linux-x86-64"}


@pytest.mark.skipif(not shutil.which("meson"), reason="meson is not installed")
def test_the_minimal_library(tmp_path):
    def step(*command):
        settings = {"capture_output": True, "text": True, "cwd": ROOT, "env": os.environ | {"NINJA_STATUS": ""}}
        done = subprocess.run(command, timeout=600, check=False, **settings)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    step("meson", "setup", tmp_path / "build", "-Dminimal=true", "-Dwerror=true")
    step("ninja", "-C", tmp_path / "build")
    program = tmp_path / "build" / "src" / "minimal" / "test-minimal"
    assert "not ok" not in step(program)
    linked = {line.split()[0].rpartition("/")[2].split(".")[0] for line in step("ldd", program).splitlines()}
    assert linked <= LIBRARIES
