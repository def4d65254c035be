#!/usr/bin/env bash
# Installs the build into a temporary root and uses it from there: the program, and the library through pkg-config.
# usage: test.sh BUILD_FOLDER PREFIX LIBDIR
set -euo pipefail
build=$1 prefix=$2 libdir=$2/$3
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

meson install -C "$build" --no-rebuild --quiet --destdir "$root"

for file in bin/derisk include/derisk.h share/man/man1/derisk.1 share/bash-completion/completions/derisk \
    share/zsh/site-functions/_derisk share/fish/vendor_completions.d/derisk.fish \
    share/doc/derisk/LICENSE share/derisk/games/eu-china.yaml share/derisk/scenarios/eu-tariff.yaml \
    share/derisk/shocks/energy-stop.yaml; do
    [ -s "$root$prefix/$file" ] || fail "not installed: $file"
done

# Nothing installed may look into the folder it was made in.
if grep -rlF "${here%/tests/install}/" "$root$prefix"; then fail "the files above name the folder they were made in"; fi
# shellcheck disable=SC2016 # the loader expands $ORIGIN
readelf -d "$root$prefix/bin/derisk" "$root$libdir/libderisk.so" | grep -E 'R(UN)?PATH' | grep -v '\[$ORIGIN' &&
    fail "the run paths above are not relative"

"$root$prefix/bin/derisk" --version | grep -q derisk || fail "the installed program does not run"

export PKG_CONFIG_PATH=$root$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
# shellcheck disable=SC2046 # flags are several words
cc -std=c17 "$here/consumer.c" $(pkg-config --cflags --libs derisk) -o "$root/shared"
(cd "$root" && LD_LIBRARY_PATH=$root$libdir ./shared)
# Who links the static library has the -dev packages of what it uses; of two of them this checkout may have the links
# only.
links=$here/../../deps/lib
# shellcheck disable=SC2046
cc -std=c17 "$here/consumer.c" $(pkg-config --cflags derisk) -L"$links" -Wl,--whole-archive "$root$libdir/libderisk.a" \
    -Wl,--no-whole-archive $(pkg-config --libs --static derisk | sed 's/-lderisk//') -o "$root/static"
(cd "$root" && LD_LIBRARY_PATH=$root$libdir/derisk ./static)

# beside it, the option that DuckDB's allocator looks for (src/base/duck.c)
exported=$(nm -D --defined-only "$root$libdir/libderisk.so" | awk '$3 !~ /^duckdb_je_/ { print $3 }' | sort)
declared=$(grep -oE '^DR_API [^(]*\(' "$root$prefix/include/derisk.h" | grep -oE 'dr_[a-z_0-9]+\(' | tr -d '(' | sort)
diff <(echo "$declared") <(echo "$exported") || fail "what the header declares (<) is not what the library exports (>)"
