#!/usr/bin/env bash
# Configures a build folder on first use (or changes its options), and builds.
# usage: tools/build.sh FOLDER [MESON_OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Meson tells at length what it found; that is of interest when something is wrong only.
quietly() { "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }; }

if [ ! -e "$folder/build.ninja" ]; then
    quietly meson setup "$folder" "$@"
elif [ $# -gt 0 ]; then
    quietly meson configure "$folder" "$@"
fi
quietly ninja -C "$folder" build.ninja
ninja -C "$folder" --quiet | { grep -v '^ninja: no work to do' || true; }
