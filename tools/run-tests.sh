#!/usr/bin/env bash
# Runs the C tests, the pytest ones and those of the page in a browser on a build, and ends with how many cases
# passed, failed and were skipped.
# usage: tools/run-tests.sh [BUILD_FOLDER]
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
c_log=$build/meson-logs/testlog.json
pytest_log=$build/pytest.xml
page_log=$build/page-tests.xml
rm -f "$c_log" "$pytest_log" "$page_log"

meson test -C "$build" --print-errorlogs </dev/null
c_status=$?

folders=()
for folder in tests/cli tests/data tests/r; do
    [ -d "$folder" ] && folders+=("$folder")
done
pytest_status=0
if [ ${#folders[@]} -gt 0 ]; then
    DERISK_PROGRAM=$PWD/$build/derisk tools/python.sh -m pytest -q -rs -p no:cacheprovider \
        --junitxml="$pytest_log" "${folders[@]}" </dev/null
    pytest_status=$?
fi

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

tools/sum-tests.py "$c_log" "$pytest_log" "$page_log"
sum_status=$?
[ $c_status = 0 ] && [ $pytest_status = 0 ] && [ $page_status = 0 ] && [ $sum_status = 0 ]
