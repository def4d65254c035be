#!/usr/bin/env bash
# Runs the Python that has pytest: the first on the path, else Debian's.
for python in python3 /usr/bin/python3; do
    "$python" -c 'import pytest' 2>/dev/null && exec "$python" "$@"
done
exec python3 "$@"
