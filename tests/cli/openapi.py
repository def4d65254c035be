"""Checks exchanges with derisk serve against docs/openapi.yaml. The work is done by web/tests/openapi.mjs, with a
validator from npm."""

import atexit
import functools
import json
import subprocess
import threading

import pytest

from conftest import ROOT

LOCK = threading.Lock()


@functools.cache
def checker():
    if not (ROOT / "web" / "node_modules" / "ajv").exists():
        pytest.fail("web/node_modules has no ajv: tools/setup.sh test installs it", pytrace=False)
    child = subprocess.Popen(
        [ROOT / "tools" / "node.sh", "node", ROOT / "web" / "tests" / "openapi.mjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(child.communicate)
    return child


def complaints(question):
    """The differences found for a question of openapi.mjs, as a list of lines."""
    with LOCK:
        child = checker()
        child.stdin.write(json.dumps(question) + "\n")
        child.stdin.flush()
        return json.loads(child.stdout.readline())


def exchange(method, path, body, status, kind, text):
    """How an answer, and a request that was answered, differ from the description."""
    return complaints({"method": method, "path": path, "body": body, "status": status, "type": kind, "text": text})


def complaints_of(method, path, body, answer, text):
    """The same for an http.client answer; `body` is JSON text or None."""
    parsed = json.loads(body) if body and answer.status == 200 else None
    return exchange(method, path, parsed, answer.status, answer.headers["Content-Type"], text)
