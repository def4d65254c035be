#!/usr/bin/env bash
# All checks of the source that run nothing of it. Every one runs, so that one call shows all there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=()

check() {
    local what=$1
    shift
    "$@" || failed+=("$what")
}

c_files() { git ls-files '*.c' '*.h'; }

format() { c_files | xargs -r clang-format --dry-run -Werror; }

# Clang's own warnings are errors here, so that both compilers keep it clean; but not what its optimizer could not do.
compile_with_clang() {
    CC=clang tools/build.sh build-lint -Dwerror=true -Dtests=enabled -Dbuildtype=debugoptimized -Dc_args=-Wno-pass-failed
}

tidy() {
    c_files | grep '\.c$' | grep -v '^tests/fuzz/' |
        xargs -r -n 1 -P "$(nproc)" clang-tidy --quiet -p build-lint 2>/dev/null
}

scripts() { git ls-files -z '*.sh' .ci/run | xargs -0 -r shellcheck; }

page() { (cd web && ../tools/node.sh npm --silent run check); }

check "order of the folders" tools/check-layers.py
check "header alone" tools/check-header.sh
check "machine paths" tools/check-paths.sh
check "numbers that follow the locale" tools/check-numbers.py
check "shell scripts" scripts
check "page (npm --prefix web run format mends its formatting)" page
check "formatting (clang-format -i mends it)" format
check "clang's warnings" compile_with_clang
check "clang-tidy" tidy

for what in "${failed[@]}"; do echo "lint: failed: $what" >&2; done
[ ${#failed[@]} = 0 ] && echo "lint: all clean"
