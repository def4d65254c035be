#!/usr/bin/env bash
# Proves that `make demo` and `make test` need nothing but a bare Debian and make: builds one with debootstrap in a temporary
# folder, puts the committed files of this repository into it, and runs both there. Takes root, debootstrap and the network.
# How this machine reaches Debian and npm (mirrors, proxies, certificates, name server) is read off it when the script runs.
# usage: tests/fresh-root.sh [SUITE]
set -euo pipefail
suite=${1:-bookworm}
cd "$(dirname "$0")/.."

fail() {
    echo "fresh-root: $*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "needs root, for debootstrap and chroot"
for tool in debootstrap git unshare; do
    command -v $tool >/dev/null || fail "needs $tool"
done

umask 022
root=$(mktemp -d)
chmod 755 "$root"
# What gets mounted lives in a mount namespace that ends with its process, so nothing of the machine is below this folder.
clean_up() {
    trap '' INT TERM HUP # whoever stops the script stops it once
    rm -rf --one-file-system "$root"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
isolated() { unshare --mount --propagation private --pid --fork --kill-child "$@" </dev/null; }

# ---- How this machine reaches the world -------------------------------------------------------------------------------

# "address codename" of each of Debian's own package lists that apt knows here.
debian_sources() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Origin: Debian' "Codename: $1" | sort -u
}

certificates() {
    local file
    for file in "$(npm config get cafile 2>/dev/null || true)" "${NODE_EXTRA_CA_CERTS:-}" "${SSL_CERT_FILE:-}" \
        /etc/ssl/certs/ca-certificates.crt; do
        if [ -s "$file" ]; then
            cat "$file"
            return
        fi
    done
}

# npm's settings without those that name places on this machine.
npm_settings() {
    local level
    for level in globalconfig userconfig; do
        cat "$(npm config get $level 2>/dev/null)" 2>/dev/null || true
    done | grep -vE '^[[:space:]]*(cafile|cache|prefix|nodedir|script-shell|shell)[[:space:]]*=' || true
}

configure_root() {
    local host=$root/etc/host
    mkdir -m 700 "$host"
    certificates >"$host/certificates.pem"
    npm_settings >"$host/npmrc"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -r /etc/apt/auth.conf* "$root/etc/apt/" 2>/dev/null || true
    {
        apt-config dump | grep -E '^Acquire::[^ ]+ "' | grep -v 'CAInfo'
        echo 'Acquire::https::CAInfo "/etc/host/certificates.pem";'
    } >"$root/etc/apt/apt.conf.d/90host"
    {
        debian_sources "$suite"
        debian_sources "$suite-updates"
        debian_sources "$suite-security"
    } | sed 's/^/deb /; s/$/ main/' >"$root/etc/apt/sources.list"
}

proxies() {
    local name
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name:-}" ] || echo "$name=${!name}"
    done
}

# ---- The bare root --------------------------------------------------------------------------------------------------------

in_root() {
    local environment
    mapfile -t environment < <(proxies)
    # shellcheck disable=SC2016 # the inner shell expands these
    isolated bash -c 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
        /usr/bin/env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "${environment[@]}" \
        npm_config_userconfig=/etc/host/npmrc npm_config_cafile=/etc/host/certificates.pem "$@"
}

mirror=$(debian_sources "$suite" | cut -d ' ' -f 1 | head -n 1)
[ -n "$mirror" ] || fail "apt on this machine knows no Debian $suite; try apt-get update"
echo "fresh-root: a bare Debian $suite"
log=$(isolated debootstrap --variant=minbase --include=make "$suite" "$root" "$mirror" 2>&1) ||
    fail "debootstrap failed: $(tail -n 20 <<<"$log")"
configure_root
mkdir "$root/derisk"
git archive HEAD | tar -x -C "$root/derisk"

# ---- The proof ------------------------------------------------------------------------------------------------------------

echo "fresh-root: make demo"
in_root make --no-print-directory -C /derisk demo | tee "$root/demo.txt"
grep -q 'China' "$root/demo.txt" || fail "make demo did not tell the story"

echo "fresh-root: make test"
in_root make --no-print-directory -C /derisk test | tee "$root/test.txt"
tail -n 1 "$root/test.txt" | grep -qE '^[1-9][0-9]* passed, 0 failed' || fail "make test did not pass"

echo "fresh-root: make demo and make test work on a bare Debian $suite"
