#!/usr/bin/env bash
# Proves that `make demo` and `make test` need nothing but a bare Debian or Ubuntu and make: builds each with
# debootstrap in a temporary folder, puts the committed files of this repository into it, and runs both there: as
# root; as a user whose sudo asks for a password, on a terminal; and as a user without sudo, who gets a line for an
# administrator, who runs it. Takes root, debootstrap and the network. How this machine reaches it (mirrors, proxies,
# certificates, name server) is read off it when the script runs.
# usage: tests/fresh-root.sh [--demo] [SUITE[:WHO]]...   SUITE: bookworm, trixie or noble; WHO: root, asks or none.
#        Default: all three, each as all three. --demo: make demo alone.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly password=opensesame
commands=(demo test)
[ "${1:-}" != --demo ] || { commands=(demo); shift; }
[ $# -gt 0 ] || set -- bookworm trixie noble

fail() {
    echo "fresh-root: $*" >&2
    exit 1
}

[ "$(id -u)" = 0 ] || fail "needs root, for debootstrap and chroot"
for tool in debootstrap git unshare python3; do
    command -v $tool >/dev/null || fail "needs $tool"
done

umask 022
work=$(mktemp -d)
chmod 755 "$work"
# What gets mounted lives in a mount namespace that ends with its process, so nothing of the machine is below this
# folder.
clean_up() {
    trap '' INT TERM HUP # whoever stops the script stops it once
    rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP
isolated() { unshare --mount --propagation private --pid --fork --kill-child "$@"; }

# ---- How this machine reaches the world ------------------------------------------------------------------------------

# The address of Debian's package lists that apt knows here: the archive's, or with -security that of its updates.
debian_mirror() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Origin: Debian' |
        awk -v security="$1" '($2 ~ /-security$/) == (security != "") && $2 !~ /-updates$/ { print $1; exit }'
}

# debootstrap knows Ubuntu's archive.
ubuntu_mirror() {
    sed -n 's/^[[:space:]]*default_mirror *//p' /usr/share/debootstrap/scripts/gutsy | grep -v 'old-\|ports' | head -n 1
}

# The keys of Ubuntu's archive: this machine's, or those of Debian 13's package.
ubuntu_keyring() {
    local installed=/usr/share/keyrings/ubuntu-archive-keyring.gpg state=$work/keyring
    if [ ! -e $installed ] && [ ! -e "$state/usr" ]; then
        mkdir -p "$state/lists/partial"
        echo "deb $(debian_mirror "") trixie main" >"$state/list"
        local apt=(apt-get -q -o "Dir::Etc::SourceList=$state/list" -o Dir::Etc::SourceParts=/dev/null
            -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state" -o APT::Sandbox::User=root)
        (cd "$state" && "${apt[@]}" update && "${apt[@]}" download ubuntu-keyring) >"$state/log" 2>&1 ||
            fail "Ubuntu's keyring is not to be had: $(tail -n 5 "$state/log")"
        dpkg-deb -x "$state"/ubuntu-keyring_*.deb "$state"
    fi
    [ -e $installed ] && echo $installed || echo "$state$installed"
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

proxies() {
    local name index
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name:-}" ] || echo "$name=${!name}"
    done
    index=${PIP_INDEX_URL:-$(python3 -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || echo "PIP_INDEX_URL=$index"
}

# ---- The bare roots --------------------------------------------------------------------------------------------------

# make_root SUITE: a bare root with make, sudo and two users, in $work/SUITE.
make_root() {
    local suite=$1 root=$work/$1 mirror log more=()
    case $suite in
        noble)
            mirror=$(ubuntu_mirror)
            more=("--components=main,universe" "--keyring=$(ubuntu_keyring)")
            ;;
        *) mirror=$(debian_mirror "") ;;
    esac
    [ -n "$mirror" ] || fail "apt on this machine knows no archive of Debian; try apt-get update"
    echo "fresh-root: a bare $suite"
    local script=/usr/share/debootstrap/scripts/$suite
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/$([ "$suite" = noble ] && echo gutsy || echo sid)
    log=$(isolated debootstrap --variant=minbase --include=make,sudo "${more[@]}" "$suite" "$root" "$mirror" "$script" \
        </dev/null 2>&1) || fail "debootstrap failed: $(tail -n 20 <<<"$log")"
    configure "$suite" "$root" "$mirror"
}

configure() {
    local suite=$1 root=$2 mirror=$3 host=$2/etc/host security=$3 components=main
    mkdir -m 755 "$host"
    certificates >"$host/certificates.pem"
    npm_settings >"$host/npmrc"
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    cp -r /etc/apt/auth.conf* "$root/etc/apt/" 2>/dev/null || true
    {
        apt-config dump | grep -E '^Acquire::[^ ]+ "' | grep -v 'CAInfo'
        echo 'Acquire::https::CAInfo "/etc/host/certificates.pem";'
    } >"$root/etc/apt/apt.conf.d/90host"
    [ "$suite" = noble ] && components="main universe" || security=$(debian_mirror -security)
    printf 'deb %s %s %s\n' "$mirror" "$suite" "$components" "$mirror" "$suite-updates" "$components" \
        "${security:-$mirror}" "$suite-security" "$components" >"$root/etc/apt/sources.list"
    in_root "$root" root /usr/sbin/useradd --create-home asks
    in_root "$root" root /usr/sbin/useradd --create-home none
    in_root "$root" root /bin/sh -c "echo asks:$password | /usr/sbin/chpasswd"
    echo 'asks ALL=(ALL) ALL' >"$root/etc/sudoers.d/asks"
}

# in_root ROOT USER COMMAND...
in_root() {
    local environment root=$1 user=$2
    shift 2
    mapfile -t environment < <(proxies)
    # shellcheck disable=SC2016 # the inner shell expands these
    isolated bash -c 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$@"' "$root" \
        --userspec="$user:$user" --groups= "$root" /usr/bin/env -i HOME="/tmp/$user" USER="$user" TERM=dumb \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "${environment[@]}" npm_config_userconfig=/etc/host/npmrc \
        npm_config_cafile=/etc/host/certificates.pem PIP_CERT=/etc/host/certificates.pem "$@"
}

# Runs it on a terminal of its own, and types the password each time that sudo asks for it.
on_terminal() {
    python3 -c '
import os, pty, sys
password, asked = sys.argv[1].encode() + b"\n", 0
def read(terminal):
    global asked
    part = os.read(terminal, 4096)
    if b"password for" in part:
        asked += 1
        os.write(terminal, password)
    return part
status = os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read, lambda fd: b""))
print(f"fresh-root: sudo asked {asked} times", flush=True)
sys.exit(status or asked > 1)' "$password" "$@"
}

# ---- The proof -------------------------------------------------------------------------------------------------------

# What the command should have said in the end.
check() {
    case $1 in
        demo) grep -q 'China' "$2" || fail "make demo did not tell the story" ;;
        test)
            grep -qE '^[1-9][0-9]* passed, 0 failed' <(tail -n 1 "$2" | tr -d '\r') || fail "make test did not pass"
            ;;
    esac
}

# prove SUITE WHO: in a copy of the suite's root.
prove() {
    local suite=$1 who=$2 root=$work/$1-$2 command run line
    [ -d "$work/$suite" ] || make_root "$suite"
    cp -a "$work/$suite" "$root"
    mkdir "$root/derisk" "$root/tmp/$who"
    git archive HEAD | tar -x -C "$root/derisk"
    in_root "$root" root chown -R "$who:$who" /derisk "/tmp/$who" </dev/null
    run=(in_root "$root" "$who" make --no-print-directory -C /derisk)
    if [ "$who" = none ]; then
        echo "fresh-root: make test on $suite without sudo: a line for an administrator, and the administrator"
        if "${run[@]}" "${commands[-1]}" </dev/null >"$root/out.txt" 2>&1; then fail "nothing was missing"; fi
        line=$(grep -E '^ *apt install ' "$root/out.txt") || fail "no line for an administrator: $(cat "$root/out.txt")"
        in_root "$root" root \
            sh -c "apt-get -q update && DEBIAN_FRONTEND=noninteractive ${line/apt install/apt-get -qy install}" \
            </dev/null >"$root/out.txt" 2>&1 || fail "$line: $(tail -n 5 "$root/out.txt")"
    fi
    for command in "${commands[@]}"; do
        echo "fresh-root: make $command on $suite as $who"
        if [ "$who" = asks ]; then
            export -f in_root isolated proxies
            on_terminal bash -c 'in_root "$@"' bash "${run[@]:1}" "$command"
        else
            "${run[@]}" "$command" </dev/null
        fi | tee "$root/out.txt"
        check "$command" "$root/out.txt"
    done
    echo "fresh-root: ${commands[*]/#/make } work on a bare $suite as $who"
    rm -rf --one-file-system "$root"
}

for wanted in "$@"; do
    for who in root asks none; do
        case $wanted in *:*) [ "${wanted#*:}" = $who ] || continue ;; esac
        prove "${wanted%%:*}" $who
    done
done
echo "fresh-root: all done"
