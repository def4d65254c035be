#!/usr/bin/env bash
# Builds Debian packages of the program, the library and its header into build/deb, and checks them with lintian:
# errors fail. DEBFULLNAME and DEBEMAIL name the maintainer; default: the author of the last commit.
# usage: tools/make-deb.sh
set -euo pipefail
cd "$(dirname "$0")/.."
out=$PWD/build/deb
source=$out/source
version=$(sed -n "s/^  version: '\(.*\)',$/\1/p" meson.build)
maintainer="${DEBFULLNAME:-$(git log -1 --format=%an)} <${DEBEMAIL:-$(git log -1 --format=%ae)}>"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# A copy of the source: the tools write beside it. What came from npm is linked, not copied.
rm -rf "$out"
mkdir -p "$source"
git ls-files -z | xargs -0 cp --parents -t "$source"
for fetched in node_modules web/node_modules deps; do
    [ ! -e "$fetched" ] || cp -al "$fetched" "$source/$(dirname "$fetched")/"
done

# The packages that tools/setup.sh wants for a build.
needs=$(sed -n '/^want gcc/,/^if /s/^want\(_headers\)\? \([a-z][^ ]*\).*/\2/p' tools/setup.sh)
needs=${needs//$'\n'/, }
sed -i "s|@MAINTAINER@|$maintainer|; s|@BUILD_DEPENDS@|debhelper-compat (= 13), $needs|" "$source/debian/control"
cat >"$source/debian/changelog" <<END
derisk ($version) unstable; urgency=medium

  * What has changed is in CHANGELOG.md.

 -- $maintainer  $(git log -1 --format=%cD)
END

echo "deb: building (as long as a build from scratch), into build/deb"
# Without -d, dpkg would want the -dev packages of which tools/setup.sh takes the headers alone.
(cd "$source" && dpkg-buildpackage -b -d -us -uc) >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
rm -rf "$source"
lintian --allow-root --fail-on error --tag-display-limit 0 "$out"/derisk_*.changes
ls -sh "$out"/*.deb
