#!/usr/bin/env bash
# Every header compiles alone: include/derisk.h as C17 and as C++17, those of src/ as the sources see them.
set -euo pipefail
cd "$(dirname "$0")/.."
strict=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Werror -fsyntax-only -Iinclude)
cc -std=c17 "${strict[@]}" -Wstrict-prototypes -x c - <<<'#include "derisk.h"'
c++ -std=c++17 "${strict[@]}" -x c++ - <<<'#include "derisk.h"'

inner=(-std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -Iinclude -Isrc -Ideps/include
    -isystem node_modules/duckdb/src/duckdb/src/include)
export PKG_CONFIG_PATH=$PWD/deps/lib/pkgconfig
read -ra packages <<<"$(pkg-config --cflags openblas ipopt)"
bad=0
for header in src/*/*.h; do
    cc "${inner[@]}" "${packages[@]}" -x c - <<<"#include \"${header#src/}\"" || bad=1
done
[ $bad = 0 ]
