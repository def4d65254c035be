#!/usr/bin/env bash
# Installs Debian packages and says how far it is. Runs as root; tools/setup.sh calls it, through sudo where it must.
# usage: tools/apt-install.sh [--names] PACKAGE...   DEV/PATTERN: those packages among the dependencies of DEV that
# match the pattern (an extended regular expression); DEV itself where none is known. --names: only prints which they
# are.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
exec 4>&2 # progress goes there while apt's own words are kept in the log
trap 'rm -f "$log"' EXIT

apt() {
    timeout --foreground 3600 apt-get -q -o Acquire::Retries=3 -o Acquire::http::Timeout=60 \
        -o DPkg::Lock::Timeout=300 -o APT::Status-Fd=3 "$@" </dev/null >"$log" 2>&1 3> >(tell_progress "$1")
}

# apt's status lines are "dlstatus:NUMBER:PERCENT:..." while it downloads and "pmstatus:PACKAGE:PERCENT:..." while it
# installs.
tell_progress() {
    local kind percent step last=
    while IFS=: read -r kind _ percent _; do
        percent=${percent%%.*}
        if [ "$1" != install ] || [[ ! $percent =~ ^[0-9]+$ ]]; then continue; fi
        case $kind in dlstatus) step=downloaded ;; pmstatus) step=installed ;; *) continue ;; esac
        step+=" $((percent / 20 * 20))%"
        [ "$percent" -lt 20 ] || [ "$step" = "$last" ] || echo "setup: $step" >&4
        last=$step
    done
}

# Three tries: networks fail now and then. What apt says is shown if it fails.
try() {
    local count
    for count in 1 2 3; do
        if apt "$@"; then return; fi
        echo "setup: apt-get $1 failed (try $count of 3)" >&2
        tail -n 15 "$log" >&2
        sleep $((5 * count))
    done
    return 1
}

names() {
    local package found
    for package in "$@"; do
        found=${package%%/*}
        if [[ $package == */* ]]; then
            found=$(apt-cache depends "$found" 2>/dev/null | sed -n 's/^ *Depends: //p' | grep -xE "${package#*/}") ||
                found=${package%%/*}
        fi
        echo "$found"
    done | sort -u
}

if [ "$1" = --names ]; then
    shift
    names "$@" | xargs
    exit
fi

try update
mapfile -t packages < <(names "$@")
# The lists of a new machine are there now, so this says how much is coming.
apt-get -q --assume-no install --no-install-recommends "${packages[@]}" 2>/dev/null </dev/null |
    sed -n -e 's/^Need to get \(.*\) of archives\.$/setup: \1 to download/p' \
        -e 's/^.* \([0-9]* newly installed\).*$/setup: \1 packages/p' |
    sed 's/ newly installed//' || true
try install -y --no-install-recommends "${packages[@]}"
