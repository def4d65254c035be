#!/usr/bin/env bash
# Asks the same questions through every door (tests/same): the program and C of a build, the wheel of Python with the
# tools for assistants, HTTP, and R where there is one; all digits must be the same.
# usage: tools/same.sh BUILD_FOLDER WHEEL
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
wheel=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 DERISK_BUILD=$build

PKG_CONFIG_PATH=$PWD/deps/lib/pkgconfig ninja -C "$build" --quiet tests/same >/dev/null
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --only-binary :all: "${wheel}[mcp]" pytest pyyaml
if command -v R >/dev/null; then
    tools/r-package.sh "$build" "$work/r"
    export DERISK_R_LIBRARY=$work/r
fi
XDG_CACHE_HOME=$work/cache "$work/venv/bin/python" -m pytest -q -rs -p no:cacheprovider tests/same
