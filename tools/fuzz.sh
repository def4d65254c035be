#!/usr/bin/env bash
# Builds the fuzzers (tests/fuzz, libFuzzer) and runs each for SECONDS from its corpus, tests/fuzz/corpus/NAME; 0
# seconds: only over what is in the corpus. What it finds is kept in build-fuzz/findings; a crash belongs in the
# corpus once it is mended.
# usage: tools/fuzz.sh SECONDS [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
shift
CC=clang tools/build.sh build-fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
    -Dbuildtype=debugoptimized \
    -Dtests=disabled
findings=$PWD/build-fuzz/findings
mkdir -p "$findings"
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# librdata asks for as much memory as a file claims, before it reads on: more than there is is refused, as by malloc,
# and what it never touches does not count towards the limit of the resident set.
export ASAN_OPTIONS=allocator_may_return_null=1
fuzz() {
    local name=$1 corpus=$PWD/tests/fuzz/corpus/$1 grown=$PWD/build-fuzz/corpus/$1
    mkdir -p "$grown"
    local limits=(-max_total_time="$seconds")
    if [ "$seconds" = 0 ]; then
        limits=(-runs=0)
        export DERISK_FUZZ_IMPORT=1 # also what is done with only some of a fuzzer's inputs, as it is slow
    fi
    local folders=("$grown")
    [ ! -d "$corpus" ] || folders+=("$corpus")
    "build-fuzz/tests/fuzz/fuzz-$name" "${limits[@]}" -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=40000 \
        -artifact_prefix="$findings/$name-" -verbosity=0 -print_final_stats=1 "${folders[@]}"
}

names=("$@")
if [ $# = 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        source=${source##*/fuzz_}
        names+=("${source%.c}")
    done
fi
for name in "${names[@]}"; do
    echo "== fuzz $name"
    fuzz "$name"
done
