#!/usr/bin/env bash
# apt without root and without touching the system: everything is kept below WORK.
#   private_apt.sh download SUITE WORK DEBS  package[=version]...
#   private_apt.sh install  SUITE WORK ROOT  package...
#   private_apt.sh mirror   SUITE WORK
# SUITE is "own" (this machine's release and sources) or a suite of Debian such as sid.
# `download` fetches just the packages named into the folder DEBS; `install` fetches them
# with the libraries this machine lacks and unpacks all below ROOT (no maintainer
# scripts). Signatures are verified: by the machine's own configuration for "own", by
# Debian's archive keyring for a Debian suite. JXC_DEBIAN_MIRROR names the mirror for
# the latter; by default it is read from the machine's apt configuration.
set -euo pipefail

fail() {
    echo "private apt: $*" >&2
    exit 1
}

command=$1 suite=$2 work=$3
shift 3
command -v apt-get >/dev/null || fail "apt-get is missing (only Debian and Ubuntu have it)"
state=$work/$suite
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/trusted"
options=(
    -o Dir::State="$state" -o Dir::State::lists="$state/lists"
    -o Dir::Cache="$state/cache" -o Dir::Cache::archives="$state/cache/archives"
    -o APT::Sandbox::User="$(id -un 2>/dev/null || id -u)"
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=true
    -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false
    -o APT::Update::Pre-Invoke::= -o APT::Update::Post-Invoke::=
    -o APT::Update::Post-Invoke-Success::= -o DPkg::Post-Invoke::=
)

# The archive's address as the machine's own apt knows it; needs neither lists nor root.
debian_mirror() {
    local codename
    codename=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-stable}") ||
        return 0
    mkdir -p "$work/mirror/lists/partial"
    apt-get -o Dir::State="$work/mirror" -o Dir::State::lists="$work/mirror/lists" \
        -o Debug::NoLocking=true --print-uris update 2>/dev/null |
        sed -n "s#^'\(.*\)/dists/$codename/\(In\)\?Release'.*#\1#p" | head -1
}

# Elsewhere (Ubuntu) the package debootstrap knows Debian's archive.
mirror_of_debootstrap() {
    local tool=$work/debootstrap
    [ -d "$tool" ] || "$0" install own "$work" "$tool" debootstrap >&2 || return 0
    sed -n 's#^DEF_MIRROR="\(.*/debian/*\)"#\1#p' "$tool/usr/sbin/debootstrap"
}

use_debian_suite() {
    local mirror keyring=${JXC_DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
    mirror=${JXC_DEBIAN_MIRROR:-$(debian_mirror)}
    [ -n "$mirror" ] || mirror=$(mirror_of_debootstrap)
    [ -n "$mirror" ] ||
        fail "no Debian mirror in this machine's apt configuration; set JXC_DEBIAN_MIRROR"
    if [ ! -r "$keyring" ]; then
        "$0" install own "$work" "$work/keyring" debian-archive-keyring >&2
        keyring=$work/keyring/usr/share/keyrings/debian-archive-keyring.gpg
    fi
    : >"$state/status"
    cat >"$state/debian.sources" <<END
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Architectures: $(dpkg --print-architecture)
Signed-By: $keyring
END
    options+=(
        -o Dir::Etc::sourcelist="$state/debian.sources" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::trusted=/dev/null -o Dir::Etc::trustedparts="$state/trusted"
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o Dir::State::status="$state/status"
    )
}

update() {
    local log=$state/update.log
    # apt-get ends well with "W: Failed to fetch": an error all the same without lists
    LC_ALL=C apt-get "${options[@]}" -q update >"$log" 2>&1 ||
        fail "$(grep -m1 '^E:' "$log" || echo "apt-get update failed ($log)")"
    # of several sources of the machine one may be gone; a suite of Debian has just one
    [ "$suite" = own ] || ! grep -q '^W: Failed to fetch' "$log" ||
        fail "$(grep -m1 '^W: Failed to fetch' "$log")"
    compgen -G "$state/lists/*_Packages*" >/dev/null ||
        fail "$(grep -m1 '^[WE]:' "$log" || echo "no package lists could be fetched")"
}

download() {
    local debs=$1
    shift
    mkdir -p "$debs"
    (cd "$debs" && LC_ALL=C apt-get "${options[@]}" -q download "$@")
}

# Packages of another release must go with this machine's own C library.
closure() {
    local own_libc='libc6|libc-bin|libgcc-s1|libcrypt1|libstdc\+\+6'
    [ "$suite" != own ] || own_libc='-'
    LC_ALL=C apt-get "${options[@]}" -q -s --no-install-recommends install "$@" |
        sed -n 's/^Inst \([^ ]*\).*/\1/p' | grep -vxE "$own_libc"
}

install_below() {
    local target=$1 debs=$work/debs-$suite names deb
    shift
    names=$(closure "$@") || fail "cannot resolve: $*"
    [ -n "$names" ] || fail "nothing to unpack for: $*"
    rm -rf "$debs"
    # shellcheck disable=SC2086  # one word a package
    download "$debs" $names
    rm -rf "$target.new"
    mkdir -p "$target.new"
    for deb in "$debs"/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$target.new" --no-same-owner
    done
    rm -rf "$debs" "$target"
    mv "$target.new" "$target"
}

if [ "$suite" != own ]; then
    use_debian_suite
else
    options+=(-o Dir::State::status=/var/lib/dpkg/status)
fi
case $command in
    mirror) debian_mirror ;;
    download) update && download "$@" ;;
    install) update && install_below "$@" ;;
    *) fail "unknown command $command" ;;
esac
