#!/usr/bin/env bash
# Builds the page from web/ and writes the C file that holds it, with the list of what it was made from.
# usage: tools/page.sh OUTPUT.c DEPFILE FOLDER   FOLDER: where the built page goes
set -euo pipefail
output=$(realpath "$1")
depfile=$(realpath "$2")
page=$(realpath "$3")
root=$(realpath "$(dirname "$0")/..")
log=$(mktemp)
trap 'rm -f "$log"' EXIT

cd "$root/web"
[ -d node_modules ] || { echo "web/node_modules is missing: tools/setup.sh brings it" >&2; exit 1; }

# What the tools have to say is of interest when something is wrong only.
quietly() { "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }; }
# The types are checked where the checker is: it comes with what the tests need.
[ ! -e node_modules/.bin/tsc ] || quietly ../tools/node.sh node_modules/.bin/tsc --noEmit
quietly ../tools/node.sh node_modules/.bin/vite build --outDir "$page" --emptyOutDir

"$root/tools/embed.py" files "$output" "$depfile" "$page" dr_page serve/page.h
# Not what was built is the source, but what it was built from. The folders are there for files that come or go.
{
    printf '%s:' "$1"
    find "$root/web" \( -name node_modules -o -path "$root/web/tests" \) -prune -o -printf ' %p'
    printf ' %s' "$root/data/map/countries.csv" "$root/docs/glossary.md" "$root/tools/embed.py"
} >"$depfile"
