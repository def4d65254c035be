#!/usr/bin/env bash
# include/derisk.h must compile alone, as C17 and as C++17, without a warning.
set -euo pipefail
cd "$(dirname "$0")/.."
strict=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Werror -fsyntax-only -Iinclude)
cc -std=c17 "${strict[@]}" -Wstrict-prototypes -x c - <<<'#include "derisk.h"'
c++ -std=c++17 "${strict[@]}" -x c++ - <<<'#include "derisk.h"'
