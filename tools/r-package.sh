#!/usr/bin/env bash
# The R package from r/ and the data that it carries: installed from a build of the library, or as a source tarball
# that R CMD check has gone through, whose errors and warnings fail.
# usage: tools/r-package.sh BUILD_FOLDER             makes and checks BUILD_FOLDER/r/derisk_VERSION.tar.gz
#        tools/r-package.sh BUILD_FOLDER LIBRARY     only installs the package into the R library LIBRARY
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
library=${2:+$(mkdir -p "$2" && cd "$2" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$work/derisk
extdata=$package/inst/extdata

cp -r r "$package"
mkdir -p "$extdata/examples"
cp data/sample/{sample_2011.csv.gz,sample_sectors.csv,sample_regions.csv,source.csv,README.md} "$extdata"
cp data/trade/goods.csv.gz "$extdata"
cp data/trade/README.md "$extdata/README-goods.md"
cp data/games/*.yaml data/scenarios/*.yaml data/shocks/*.yaml "$extdata/examples"
export DERISK_BUILD=$build

if [ -n "$library" ]; then
    R CMD INSTALL --no-docs --no-test-load --library="$library" "$package" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
    exit
fi

# One version for all: the library's.
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
grep -qx "Version: $version" r/DESCRIPTION ||
    { echo "r/DESCRIPTION: expected version $version, that of meson.build" >&2; exit 1; }

# R CMD check asks repositories about the packages that this one suggests: an empty one stands for them all.
mkdir -p "$work/none/src/contrib"
touch "$work/none/src/contrib/PACKAGES"
echo "none <- 'file://$work/none'; options(repos = c(CRAN = none, BioCsoft = none, BioCann = none, BioCexp = none))" \
    >"$work/profile"
export R_PROFILE_USER=$work/profile

# Checked in the folder of the build, where the log stays.
export DERISK_PROGRAM=$build/derisk
mkdir -p "$build/r"
cd "$build/r"
R CMD build "$package"
R CMD check --no-manual "derisk_$version.tar.gz" ||
    { tail -n 40 derisk.Rcheck/00install.out derisk.Rcheck/tests/*.fail >&2; exit 1; }
if grep -q '^Status:.*WARNING' derisk.Rcheck/00check.log; then
    echo "R CMD check has warnings, see $build/r/derisk.Rcheck/00check.log" >&2
    exit 1
fi
echo "the R package is $build/r/derisk_$version.tar.gz"
