#!/usr/bin/env bash
# Runs the C tests, the pytest ones and those of the page in a browser on a build, and ends with how many cases
# passed, failed and were skipped.
# usage: tools/run-tests.sh [BUILD_FOLDER]
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
c_log=$build/meson-logs/testlog.json
page_log=$build/page-tests.xml
rm -f "$c_log" "$build"/pytest*.xml "$page_log"

meson test -C "$build" --print-errorlogs </dev/null
c_status=$?

# The files of pytest are dealt out to as many processes as there are processors, 4 at most; most of what they run has
# one thread. The first shows how far it is, the others say at the end what they found.
parts=$(($(nproc) < 4 ? $(nproc) : 4))
mapfile -t files < <(ls tests/cli/test_*.py tests/data/test_*.py tests/r/test_*.py)
pytest_part() {
    local part=$1 i own=()
    for ((i = part; i < ${#files[@]}; i += parts)); do own+=("${files[i]}"); done
    DERISK_PROGRAM=$PWD/$build/derisk tools/python.sh -m pytest -q -rs -p no:cacheprovider \
        --junitxml="$build/pytest-$part.xml" "${own[@]}" </dev/null
}
pytest_status=0
pytest_logs=()
processes=()
for ((part = parts - 1; part > 0; part--)); do
    pytest_part "$part" >"$build/pytest-$part.txt" 2>&1 &
    processes+=("$part:$!")
done
pytest_part 0 || pytest_status=1
for process in "${processes[@]}"; do
    wait "${process#*:}" || pytest_status=1
    cat "$build/pytest-${process%%:*}.txt"
done
for ((part = 0; part < parts; part++)); do pytest_logs+=("$build/pytest-$part.xml"); done

# Ubuntu has a chromium-browser that only says where the snap is.
browser_works() {
    local browser
    for browser in chromium chromium-browser google-chrome; do
        "$browser" --version >/dev/null 2>&1 && return
    done
    return 1
}

page_status=0
if browser_works; then
    DERISK_PROGRAM=$PWD/$build/derisk DERISK_PAGE_LOG=$PWD/$page_log \
        tools/node.sh web/node_modules/.bin/playwright test -c web/tests </dev/null
    page_status=$?
else
    reason="there is no Chromium; on Ubuntu it is a snap: snap install chromium"
    echo "the tests of the page are skipped: $reason"
    printf '<testsuite>%s<skipped message="%s"/></testcase></testsuite>\n' \
        '<testcase classname="web" name="tests of the page">' "$reason" >"$page_log"
fi

tools/sum-tests.py "$c_log" "${pytest_logs[@]}" "$page_log"
sum_status=$?
[ $c_status = 0 ] && [ $pytest_status = 0 ] && [ $page_status = 0 ] && [ $sum_status = 0 ]
