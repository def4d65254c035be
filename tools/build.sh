#!/usr/bin/env bash
# Configures a build folder on first use (or changes its options), and builds.
# usage: tools/build.sh FOLDER [MESON_OPTION...]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
shift
export PKG_CONFIG_PATH=$PWD/deps/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} # headers that setup.sh took
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

# How far it is: one line that moves on a terminal, else one for each tenth; and whatever compilers have to say.
tell() {
    local line tenth last=0
    while IFS= read -r line; do
        if [[ $line =~ ^build:\ ([0-9]+)\ of\ ([0-9]+):\  ]]; then
            tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
            [ "${BASH_REMATCH[2]}" -lt 20 ] || [ $tenth -le $last ] || echo "build: $((10 * tenth))%"
            last=$tenth
        elif [[ ! $line =~ ^ninja:\ (no\ work|Entering) ]]; then
            printf '%s\n' "$line"
        fi
    done
}
steps=$(ninja -C "$folder" -n 2>/dev/null | grep -c '^\[' || true)
[ "$steps" -lt 20 ] || echo "build: $steps steps in $folder, about two minutes of processor time from scratch"
if [ -t 1 ]; then
    NINJA_STATUS='build: %f of %t: ' ninja -C "$folder"
else
    NINJA_STATUS='build: %f of %t: ' ninja -C "$folder" | tell
fi
