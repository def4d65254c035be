"""docs/python.md as it is read: its examples run in order, and print what the page shows."""

import doctest

from conftest import ROOT


def test_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "python.md").read_text()
    blocks = text.split("```python\n")[1:]
    examples = "\n".join(block.split("```")[0] for block in blocks)
    test = doctest.DocTestParser().get_doctest(examples, {}, "docs/python.md", "docs/python.md", 0)
    report = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test, out=report.append)
    assert test.examples and not "".join(report), "".join(report)
