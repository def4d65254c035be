#!/usr/bin/env bash
# Runs the Python that has pytest: the one that tools/setup.sh fetched, else the first on the path, else Debian's.
own=$(cd "$(dirname "$0")/.." && pwd)/deps/tests/bin/python
for python in "$own" python3 /usr/bin/python3; do
    "$python" -c 'import pytest' 2>/dev/null && exec "$python" "$@"
done
exec python3 "$@"
