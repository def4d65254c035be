#!/usr/bin/env bash
# Installs what is missing to build derisk, from Debian and npm; does nothing where all is there.
# usage: tools/setup.sh [build|test|deep]   test: also what the tests need; deep: also checkers and the fuzzer
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-build}
case $mode in build | test | deep) ;; *) echo "usage: tools/setup.sh [build|test|deep]" >&2; exit 1 ;; esac
exec </dev/null

packages=()

say() { echo "setup: $*"; }

# want PACKAGE WHY CHECK...: the Debian package is wanted if the check fails.
want() {
    local package=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    say "missing: $package ($why)"
    packages+=("$package")
}

has() { command -v "$1"; }
has_header() { echo "#include <$1>" | cc -E -; }
clang_has_sanitizers() { echo 'int main(void) { return 0; }' | clang -fsanitize=address,undefined -x c -o /dev/null -; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_pytest() { tools/python.sh -c 'import pytest'; }

want gcc "C compiler" has cc
want libc6-dev "C library headers" has_header stdio.h
want pkg-config "finds libraries" has pkg-config
want meson "build system" has meson
want ninja-build "runs the build" has ninja
want python3 "embeds the data files and the page" has python3
want zlib1g-dev "gzip files" has_header zlib.h
want libcsv-dev "CSV files" has_header csv.h
want libmd-dev "SHA-256 of imported files" has_header sha2.h
want libyaml-dev "YAML scenarios" has_header yaml.h
want libjansson-dev "JSON results" has_header jansson.h
want libsleef-dev "vector exp and log" has_header sleef.h
want libopenblas-dev "linear algebra" pkg-config --exists openblas
want coinor-libipopt-dev "optimisation under constraints" pkg-config --exists ipopt
want libsundials-dev "Newton's method" has_header kinsol/kinsol.h
want libmicrohttpd-dev "HTTP server" has_header microhttpd.h
want gnuplot-nox "pictures" has gnuplot
want ca-certificates "npm checks its connection with them" test -e /etc/ssl/certs/ca-certificates.crt
want nodejs "builds the page" has node
want npm "brings DuckDB and what the page is made of" has npm
if [ "$mode" != build ]; then
    want libcmocka-dev "C tests" has_header cmocka.h
    want python3-pytest "tests of the command line and the data" has_pytest
    want chromium "tests of the page" has_chromium
fi
if [ "$mode" = deep ]; then
    want clang "fuzzing, and a second compiler" has clang
    want libclang-rt-dev "sanitizers and the fuzzer of clang" clang_has_sanitizers
    want clang-tidy "lint" has clang-tidy
    want clang-format "lint" has clang-format
    want g++ "checks that the header is C++ too" has c++
    want shellcheck "lint of the scripts" has shellcheck
    want valgrind "memory checker" has valgrind
fi

# Three tries, each with its time: networks fail now and then. What the command says is shown if it fails.
retry() {
    local try said
    for try in 1 2 3; do
        said=$(timeout 900 "$@" 2>&1) && return
        say "failed (try $try of 3): $*"
        tail -n 15 <<<"$said"
        sleep $((5 * try))
    done
    return 1
}

install_packages() {
    if ! has apt-get >/dev/null; then
        say "there is no apt-get here: install the above by other means and start again" >&2
        return 1
    fi
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q
        -o Acquire::Retries=3 -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=300)
    say "installing ${packages[*]}"
    retry "${apt[@]}" update
    retry "${apt[@]}" install -y --no-install-recommends "${packages[@]}"
}

# DuckDB's library is a small npm package of its own. Its header is in the package of the old Node binding, whose hundred
# dependencies nobody here needs: so that one is fetched alone, checked, and only the header is taken out.
readonly header_package=duckdb-1.4.4.tgz
readonly header_sha512=844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2
readonly header=node_modules/duckdb/src/duckdb/src/include/duckdb.h

fetch_header() {
    local fetched
    fetched=$(mktemp -d)
    retry npm pack duckdb@1.4.4 --ignore-scripts --pack-destination "$fetched"
    if ! echo "$header_sha512  $fetched/$header_package" | sha512sum --check --status; then
        say "duckdb@1.4.4 is not the file it was: its SHA-512 should be $header_sha512" >&2
        rm -rf "$fetched"
        return 1
    fi
    mkdir -p node_modules/duckdb
    tar -xzf "$fetched/$header_package" -C node_modules/duckdb --strip-components=1 \
        package/LICENSE package/src/duckdb/src/include/duckdb.h
    rm -rf "$fetched"
}

install_duckdb() {
    has_header duckdb.h >/dev/null 2>&1 && return
    local stamp=node_modules/.derisk-lock
    cmp -s package-lock.json "$stamp" && [ -e "$header" ] && return
    say "fetching DuckDB (library and header) from npm into node_modules"
    retry npm ci --ignore-scripts
    fetch_header
    cp package-lock.json "$stamp"
}

# What the page is made of is built into it: no Node is needed to run derisk.
install_page_parts() {
    local stamp=web/node_modules/.derisk-lock
    cmp -s web/package-lock.json "$stamp" && return
    say "fetching what the page is made of from npm into web/node_modules"
    retry npm --prefix web ci --ignore-scripts
    cp web/package-lock.json "$stamp"
}

[ ${#packages[@]} = 0 ] || install_packages
install_duckdb
install_page_parts
