#!/usr/bin/env bash
# All checks of the source that run nothing of it. Every one runs, so that one call shows all there is to mend.
# usage: tools/lint.sh BUILD_FOLDER [--analyze]   --analyze: only clang-tidy, with its static analyzer, which is slow
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
build=$1
failed=()

check() {
    local what=$1
    shift
    "$@" || failed+=("$what")
}

c_files() { git ls-files '*.c' '*.h'; }

format() { c_files | xargs -r clang-format --dry-run -Werror; }

# Clang's own warnings are errors here too, so that both compilers keep it clean. src/wasm is built by emscripten alone,
# with its headers.
tidy() {
    c_files | grep '\.c$' | grep -Ev '^(tests/fuzz|python|r|src/wasm)/' |
        xargs -r -n 4 -P "$(nproc)" clang-tidy --quiet -p "$build" --checks="$1" 2>/dev/null
}

# Black splits no long strings and comments: tools/check-lines.py finds them.
python() { git ls-files '*.py' | xargs black --quiet --check --line-length 120; }

scripts() { git ls-files -z '*.sh' .ci/run | xargs -0 -r shellcheck; }

# Tests misspell names on purpose. The words are codes, a label of old tables, a part of a pattern, and groups of
# states.
spelling() {
    git ls-files '*.md' '*.c' '*.h' '*.py' '*.sh' '*.ts' '*.tsx' '*.yaml' '*.1' Makefile | grep -v '^tests/' |
        xargs codespell --ignore-words-list=ot,som,valu,bloc,blocs,tha,ser,autor
}

page() { (cd web && ../tools/node.sh npm --silent run check); }

if [ "${2:-}" = --analyze ]; then
    tidy ''
    exit
fi
check "order of the folders" tools/check-layers.py
check "header alone" tools/check-header.sh
check "calls of one system" tools/check-portable.py
check "machine paths" tools/check-paths.sh
check "numbers that follow the locale" tools/check-numbers.py
check "shell scripts" scripts
check "lines within 120 columns" tools/check-lines.py
check "links of the documentation" tools/check-links.py
check "Python (black --line-length 120 mends its formatting)" python
check "spelling" spelling
check "page (npm --prefix web run format mends its formatting)" page
check "formatting (clang-format -i mends it)" format
check "clang-tidy and clang's warnings" tidy 'clang-diagnostic-*,-clang-analyzer-*'

for what in "${failed[@]}"; do echo "lint: failed: $what" >&2; done
[ ${#failed[@]} = 0 ] && echo "lint: all clean"
