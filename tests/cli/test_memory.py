"""Memory that is refused: a few commands, a few allocations. make check-deep tries them all, under the address
sanitizer."""

import os
import subprocess

import pytest
from conftest import PROGRAM, ROOT

REFUSED = PROGRAM.parent / "tests" / "derisk-refused"


@pytest.mark.skipif(not REFUSED.exists(), reason=f"{REFUSED} is not built")
def test_a_command_without_memory_ends_with_4_and_one_line_or_is_right():
    chosen = ["balance sample.world EU CHN --by", "simulate sample.world eu-tariff.yaml", "completion"]
    environment = os.environ | {"DERISK_REFUSE_SAMPLE": "3"}
    done = subprocess.run(
        [ROOT / "tools" / "refuse-memory.py", PROGRAM.parent, *chosen], env=environment, text=True, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "0 failures" in done.stdout
