"""The notebooks of python/notebooks, files in the percent format, run from their first cell to their last."""

import runpy

import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "python" / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(notebook, tmp_path, monkeypatch, capsys):
    if notebook.stem == "gravity":
        pytest.importorskip("polars")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(notebook))
    assert len(capsys.readouterr().out.splitlines()) > 5
    assert not list(tmp_path.iterdir())


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 5
