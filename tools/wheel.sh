#!/usr/bin/env bash
# Builds the Python package as one wheel that brings its libraries with it, and tests it where there is no compiler.
# usage: tools/wheel.sh [FOLDER]   the wheel lands in FOLDER/wheel; default: build-wheel
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-build-wheel}
export PKG_CONFIG_PATH=$PWD/deps/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} # headers that setup.sh took
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { echo "wheel: $*"; }

# The tools, in an environment of their own.
tools=$folder-tools
if ! cmp -s tools/wheel.txt "$tools/made-of.txt"; then
    say "fetching the build tools into $tools"
    python3 -m venv --clear "$tools"
    "$tools/bin/python" -m pip install --quiet -r tools/wheel.txt
    cp tools/wheel.txt "$tools/made-of.txt"
fi
export PATH=$PWD/$tools/bin:$PATH

# DuckDB's library, where it is not the system's, lies in node_modules.
export LD_LIBRARY_PATH=$PWD/node_modules/@duckdb/node-bindings-linux-x64:$PWD/deps/lib

say "compiling"
rm -rf "$folder/raw" "$folder/repaired" "$folder/unpacked" "$folder/wheel"
mkdir -p "$folder"
python -m pip wheel --quiet . --no-deps --no-build-isolation --wheel-dir "$folder/raw" "-Cbuild-dir=$folder"

say "adding the libraries"
if ! auditwheel repair --wheel-dir "$folder/repaired" "$folder"/raw/*.whl >"$folder/auditwheel.txt" 2>&1; then
    cat "$folder/auditwheel.txt" >&2
    exit 1
fi

# auditwheel takes libraries without their licences.
say "adding the licences of the libraries"
python -m wheel unpack --dest "$folder/unpacked" "$folder"/repaired/*.whl >/dev/null
python tools/wheel_licences.py "$folder"/unpacked/* "$folder"/python/derisk/_derisk.abi3.so
python -m wheel pack --dest-dir "$folder" "$folder"/unpacked/* >/dev/null
mkdir -p "$folder/wheel"
mv "$folder"/derisk-*.whl "$folder/wheel"
ls -l "$folder"/wheel/*.whl

say "testing it where there is no compiler"
tests/python/clean.sh "$folder"/wheel/*.whl build/derisk
