#!/usr/bin/env bash
# Installs a wheel where there is no compiler and none of the libraries' packages are looked at, and uses it.
# usage: clean.sh WHEEL [PROGRAM]   PROGRAM: derisk, with whose digits those of Python are compared
set -euo pipefail
wheel=$(realpath "$1") program=$(realpath -m "${2:-/nowhere}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap '/bin/rm -rf "$work"' EXIT
unset PYTHONPATH LD_LIBRARY_PATH PKG_CONFIG_PATH

fail() {
    echo "$*" >&2
    exit 1
}

python3 -m venv "$work/venv"
mkdir "$work/bin" # nothing else is on the path: no compiler, no program of this checkout
for tool in env dirname gnuplot; do
    path=$(command -v "$tool") && ln -s "$path" "$work/bin/"
done
export PATH=$work/venv/bin:$work/bin CC=false CXX=false PIP_DISABLE_PIP_VERSION_CHECK=1
python -m pip install --quiet --only-binary :all: "$wheel" pytest polars

# All that is loaded and does not come with Python or the C library is in the wheel.
cd "$work"
system='c|m|resolv|expat|gcc_s|stdc\+\+|pthread|dl|rt|util|z|ffi|crypto|ssl|uuid|bz2|lzma|python[0-9.]*'
loaded=$(python -c 'import derisk, pathlib; print(pathlib.Path("/proc/self/maps").read_text())' |
    /bin/grep -oE '/[^ ]*\.so[^ ]*$' | /bin/grep -vE "^$work/|/lib($system)\.so|/ld-linux|/lib-dynload/" |
    /usr/bin/sort -u || true)
[ -z "$loaded" ] || fail "not from the wheel: $loaded"

licences=$(python -c 'import importlib.metadata, pathlib
files = importlib.metadata.files("derisk")
print(sum("licenses" in str(file) for file in files), sum(".libs/" in str(file) for file in files))')
read -r texts libraries <<<"$licences"
[ "$texts" -gt 5 ] || fail "$libraries libraries, but $texts licences"

derisk --version | /bin/grep -q derisk || fail "the command does not run"
DERISK_INSTALLED=1 DERISK_PROGRAM=$program XDG_CACHE_HOME=$work/cache python -m pytest -q -p no:cacheprovider "$here"
