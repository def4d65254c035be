#!/usr/bin/env bash
# The folders of src/ stand in an order, and a file may include what is in its own folder or to the left of it, no more.
# usage: tools/check-layers.sh [SOURCE_FOLDER]
set -euo pipefail
cd "${1:-$(dirname "$0")/../src}"

order=(base world import measure estimate solve plan play report serve cli)
declare -A rank
for i in "${!order[@]}"; do rank[${order[$i]}]=$i; done

violations=0
complain() {
    echo "src/$1: $2" >&2
    violations=$((violations + 1))
}

for folder in */; do
    [ -n "${rank[${folder%/}]:-}" ] || complain "$folder" "not in the order of folders (${order[*]})"
done

while IFS=: read -r file line text; do
    included=$(sed -E 's/^[^"]*"([^"]*)".*/\1/' <<<"$text")
    from=${file%%/*}
    to=${included%%/*}
    if [ "$included" = derisk.h ] || [ "$to" = "$from" ]; then continue; fi
    if [ -z "${rank[$to]:-}" ] || [ "$to" = "$included" ]; then
        complain "$file:$line" "include \"$included\": own headers are named from src/, as \"folder/header.h\""
    elif [ "${rank[$to]}" -ge "${rank[$from]:--1}" ]; then
        complain "$file:$line" "include \"$included\": $from may not use $to"
    fi
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' --include='*.c' --include='*.h' . | sed 's,^\./,,')

[ $violations = 0 ]
