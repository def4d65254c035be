#!/usr/bin/env bash
# Configures a build folder on first use (or changes its options), and builds.
# usage: tools/build.sh FOLDER [MESON_OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
shift
if [ ! -e "$folder/build.ninja" ]; then
    meson setup "$folder" "$@" >/dev/null || { cat "$folder/meson-logs/meson-log.txt" >&2; exit 1; }
elif [ $# -gt 0 ]; then
    meson configure "$folder" "$@"
fi
ninja -C "$folder" --quiet
