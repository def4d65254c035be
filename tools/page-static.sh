#!/usr/bin/env bash
# Builds the page without a server: static files, with the solver as WebAssembly and the sample world in them. Skips it,
# with a message, where what it needs is missing, which `tools/setup.sh page` installs.
# usage: tools/page-static.sh BUILD OUTPUT   BUILD: the folder with the program derisk; OUTPUT: where the page goes
set -euo pipefail
build=$(realpath "$1")
output=$(realpath -m "$2")
cd "$(dirname "$0")/.."
root=$PWD
parts=$build/page-parts
module=$build/page-module
log=$build/page-static.log
export NODE_PATH=/usr/share/nodejs # where Debian's Node finds what emcc needs

say() { echo "page without a server: $*"; }
# What the tools have to say is of interest when something is wrong only.
quietly() { "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }; }

for tool in emcc cmake dpkg-source; do
    command -v "$tool" >/dev/null || { say "skipped, as there is no $tool; tools/setup.sh page installs it"; exit 0; }
done
if [ ! -e /usr/include/eigen3/Eigen/Dense ]; then
    say "skipped, as there is no Eigen; tools/setup.sh page installs it"
    exit 0
fi

# ---- The libraries, from Debian's sources ----------------------------------------------------------------------------

# Sources come from where this system's packages come from, with lists of their own.
fetch_sources() {
    local sources=$parts/sources
    mkdir -p "$sources/lists/partial" "$sources/from"
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] || continue
        sed 's/^Types: deb$/Types: deb-src/; s/^deb /deb-src /' "$file" >"$sources/from/$(basename "$file")"
    done
    cat >"$sources/apt.conf" <<EOF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$sources/from";
Dir::State::lists "$sources/lists";
EOF
    (
        cd "$sources"
        export APT_CONFIG=$sources/apt.conf
        apt-get -q update
        apt-get -q source --download-only zlib libyaml jansson nlopt
        for file in *.dsc; do
            rm -rf "${file%%_*}"
            dpkg-source -x "$file" "${file%%_*}"
        done
    )
}

# make_library NAME OPTION...: with CMake, without its tests and documentation.
make_library() {
    local name=$1
    shift
    emcmake cmake -S "$parts/sources/$name" -B "$parts/made/$name" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$parts" -DBUILD_SHARED_LIBS=OFF "$@"
    cmake --build "$parts/made/$name" -j "$(nproc)"
    cmake --install "$parts/made/$name"
}

make_libraries() {
    fetch_sources
    mkdir -p "$parts/lib" "$parts/include"
    (
        cd "$parts/sources/zlib"
        CFLAGS=-O2 emconfigure ./configure --static
        emmake make libz.a
        cp libz.a "$parts/lib"
        cp zlib.h zconf.h "$parts/include"
    )
    make_library libyaml -DBUILD_TESTING=OFF
    make_library jansson -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON -DJANSSON_BUILD_DOCS=OFF
    make_library nlopt -DNLOPT_CXX=OFF -DNLOPT_PYTHON=OFF -DNLOPT_OCTAVE=OFF -DNLOPT_MATLAB=OFF -DNLOPT_GUILE=OFF \
        -DNLOPT_SWIG=OFF -DNLOPT_TESTS=OFF
}

if [ ! -e "$parts/lib/libnlopt.a" ]; then
    say "making zlib, libyaml, jansson and NLopt of Debian's sources"
    quietly make_libraries
fi

# ---- The world, as the answers to all queries of it ------------------------------------------------------------------

quietly "$build/derisk" demo --to "$parts/sample.world" --trade "$parts/trade.world"
quietly ninja -C "$build" src/wasm/record-queries
quietly "$build/src/wasm/record-queries" "$parts/sample.world" "$parts/queries.new"
cmp -s "$parts/queries.new" "$parts/queries.bin" || mv "$parts/queries.new" "$parts/queries.bin"
for name in classifications countries.csv elasticities groups; do
    ln -sfn "$root/data/$name" "$parts/$name"
done
for name in world measure; do
    mkdir -p "$parts/sql/$name"
    tools/embed.py sql "$parts/sql/$name/${name}_sql.h" "$parts/sql/$name/${name}_sql.c" "$parts/sql/$name.d" \
        "src/$name/sql" "dr_${name}_sql" "$name/${name}_sql.h"
done

# ---- The module, and the page around it ------------------------------------------------------------------------------

if [ -e "$module/build.ninja" ]; then
    quietly meson setup --reconfigure "$module" # files may have come
else
    quietly meson setup "$module" --cross-file tools/emscripten.ini -Dpage_parts="$parts" -Db_staticpic=false \
        -Dc_std=none -Dc_args=-std=gnu17
fi
say "compiling the solver"
quietly ninja -C "$module"
quietly emcc -O3 -o "$module/solver.js" "$module/src/wasm/libderisk-page.a" "$module/src/wasm/libkernels-plain.a" \
    "$parts"/lib/lib{z,yaml,jansson,nlopt}.a --no-entry -sENVIRONMENT=worker -sMODULARIZE -sEXPORT_ES6 \
    -sUSE_ES6_IMPORT_META=0 -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=64MB -sTOTAL_STACK=4MB \
    -sEXPORTED_RUNTIME_METHODS=ccall -sEXPORTED_FUNCTIONS=_wasm_open,_wasm_ask,_wasm_status
cd web
export DERISK_SOLVER=$module
quietly ../tools/node.sh node_modules/.bin/vite build --mode alone --outDir "$output" --emptyOutDir
size=$(cat "$output"/page.js "$output"/page.css "$output"/index.html | gzip -9 | wc -c)
say "$output ($((size / 1000)) kB compressed)"
