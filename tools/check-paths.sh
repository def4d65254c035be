#!/usr/bin/env bash
# No tracked file may know the machine it was written on, or where packages are fetched from. Brackets keep the patterns
# from finding themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
folders='(^|[^A-Za-z0-9_.~$}*])/(h[o]me|r[o]ot|w[o]rk|U[s]ers|m[n]t)(/|$|[^A-Za-z0-9_/])'
hosts='regi[s]try\.|np[m]js\.|py[p]i\.org|deb\.d[e]bian\.org'
found=0
git grep -nIE -e "$folders" -e "$hosts" -- . ':!LICENSE' && found=1
git grep -nIF -e "$PWD/" -- . && found=1
[ $found = 0 ] || { echo "the lines above name a folder of a machine or a package registry" >&2; exit 1; }
