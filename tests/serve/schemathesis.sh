#!/usr/bin/env bash
# Asks a server of the sample world what docs/openapi.yaml allows and what it does not: no answer may be a fault of the
# server or differ from the description. Schemathesis comes from PyPI into deps/schemathesis; where it cannot be had,
# the test is skipped with a message.
# usage: tests/serve/schemathesis.sh PROGRAM [EXAMPLES]   for each operation; default: 50
set -euo pipefail
program=$(realpath "$1")
examples=${2:-50}
root=$(cd "$(dirname "$0")/../.." && pwd)
tool=$root/deps/schemathesis
folder=$(mktemp -d)
server=
clean_up() {
    [ -z "$server" ] || kill -INT "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT

if ! cmp -s "$root/tools/schemathesis.txt" "$tool/made-of.txt"; then
    if ! { python3 -m venv --clear "$tool" && "$tool/bin/pip" install --quiet --disable-pip-version-check \
        -r "$root/tools/schemathesis.txt"; } >"$folder/log" 2>&1; then
        echo "schemathesis: skipped, as it cannot be installed: $(tail -n 1 "$folder/log")"
        exit 0
    fi
    cp "$root/tools/schemathesis.txt" "$tool/made-of.txt"
fi

cd "$folder"
"$program" demo >/dev/null
"$program" serve sample.world --port 0 --quiet >address &
server=$!
for _ in $(seq 100); do
    grep -q http: address && break
    sleep 0.1
done
url=$(cat address)
"$tool/bin/schemathesis" run "${url}api/v1/openapi.json" --url "$url" --max-examples "$examples" --seed 1 --no-color \
    --phases examples,coverage,fuzzing --request-timeout 120 --checks \
    not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance >log 2>&1 ||
    { cat log; exit 1; }
grep "generated," log
