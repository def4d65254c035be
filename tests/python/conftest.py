"""Tests of the Python package: that of build-python/python, or the one that is installed (DERISK_INSTALLED=1)."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = pathlib.Path(os.environ.get("DERISK_PACKAGE", ROOT / "build-python" / "python"))
if "DERISK_INSTALLED" not in os.environ:
    sys.path.insert(0, str(BUILT))
    if not (BUILT / "derisk" / "_commands.py").exists():
        pytest.exit(f"{BUILT} has no package; tools/wheel.sh builds it", returncode=3)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The sample world, in a folder of its own."""
    import derisk

    return derisk.sample(to=tmp_path_factory.mktemp("worlds") / "sample.world")


@pytest.fixture(scope="session")
def trade(tmp_path_factory):
    import derisk

    return derisk.sample("trade", to=tmp_path_factory.mktemp("worlds") / "trade.world")
