#!/usr/bin/env bash
# All tests under the address and undefined-behaviour sanitizers, every command with memory refused, and 100,000
# requests to the server; 200 clients of it at once, and all that its description allows; what uses threads, and the
# server, under the thread sanitizer; the C tests under valgrind; commands interrupted by signals, kill -9 and full
# disks; clang's static analyzer; parts of a run on a Slurm of one node; every fuzzer over its corpus.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=()

sanitizers() {
    tools/build.sh build-asan -Db_sanitize=address,undefined -Dbuildtype=debugoptimized -Dwerror=true -Dtests=enabled &&
        ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
            UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
            tools/run-tests.sh build-asan
}

# What is freed waits in quarantine, and would look like growth: a small one is full soon.
soak() {
    ASAN_OPTIONS=quarantine_size_mb=8 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
        tests/serve/soak.py build-asan/derisk
}

# Many at once, as fast as the program is: without sanitizers.
load() {
    tools/build.sh build && tests/serve/load.py build/derisk 60
}

description() {
    tools/build.sh build && tests/serve/schemathesis.sh build/derisk
}

refuse_memory() {
    tools/refuse-memory.py build-asan
}

# All threads but those of DuckDB and OpenBLAS are derisk's own (src/base/parallel.c, src/serve). Those two are built
# without the sanitizer, which would see their memory and not how they order it: what is called from them is left out.
threads_run() {
    export TSAN_OPTIONS="exitcode=66:ignore_noninstrumented_modules=1"
    tools/build.sh build-tsan -Db_sanitize=thread -Db_lundef=false -Dbuildtype=debugoptimized -Dwerror=true \
        -Dtests=enabled &&
        meson test -C build-tsan --print-errorlogs --timeout-multiplier 5 base-parallel play-threads result-draws \
            result-cut dynamics-propagate equilibrium-cancel plan-plan plan-cutoff play-play play-trials \
            estimate-regression serve-parts serve-queue </dev/null &&
        tests/serve/soak.py build-tsan/derisk 2000
}

analyze() {
    tools/lint.sh build-asan --analyze
}

valgrind_run() {
    local log=build-valgrind/meson-logs/testlog-valgrind.json
    rm -f "$log"
    tools/build.sh build-valgrind -Dbuildtype=debugoptimized -Dwerror=true -Dtests=enabled || return
    meson test -C build-valgrind --print-errorlogs --no-suite install --timeout-multiplier 20 \
        --wrapper "valgrind --quiet --error-exitcode=99 \
        --leak-check=full --errors-for-leak-kinds=definite --suppressions=$PWD/tools/valgrind.supp" </dev/null
    tools/sum-tests.py "$log"
}

# Exit status 77: what it needs is not here, as it says.
slurm() {
    tools/build.sh build && tests/cluster/slurm.sh build/derisk
    local status=$?
    [ $status = 0 ] || [ $status = 77 ]
}

echo "== sanitizers" && sanitizers || failed+=("tests under sanitizers")
echo "== 100,000 requests under sanitizers" && soak || failed+=("100,000 requests under sanitizers")
echo "== every command with memory refused" && refuse_memory || failed+=("every command with memory refused")
echo "== 200 clients at once" && load || failed+=("200 clients at once")
echo "== the description of the server" && description || failed+=("the description of the server")
echo "== threads" && (threads_run) || failed+=("threads under the thread sanitizer")
echo "== valgrind" && valgrind_run || failed+=("C tests under valgrind")
echo "== interrupted on the way" && tests/interrupt.py build-asan/derisk 10 || failed+=("interrupted on the way")
echo "== static analyzer" && analyze || failed+=("static analyzer")
echo "== parts on Slurm" && slurm || failed+=("parts on Slurm")
echo "== fuzzers over their corpus" && tools/fuzz.sh 0 || failed+=("fuzzers over their corpus")

for what in "${failed[@]}"; do echo "check-deep: failed: $what" >&2; done
[ ${#failed[@]} = 0 ] && echo "check-deep: all passed"
