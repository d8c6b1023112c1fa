#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tries the packages of `./run package` on a Debian that is thrown away afterwards (a chroot, a container):
# installed for root and for users, an upgrade from 0.1.0, the lab as a user where namespaces are allowed,
# and a purge that leaves no file. Says each step; exit status 1 if one is not as it should be.
#
#   packages.sh SEAMARK.deb WIRESHARK-PLUGIN-SEAMARK.deb     as root; it installs tshark, and what the packages depend on
set -eu

[ "$(id -u)" -eq 0 ] || { echo "packages.sh: installing packages needs root" >&2; exit 2; }
[ $# -eq 2 ] || { echo "usage: packages.sh seamark_….deb wireshark-plugin-seamark_….deb" >&2; exit 2; }
export DEBIAN_FRONTEND=noninteractive

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
step() { echo "== $*"; }
wrong() { echo "packages.sh: $*" >&2 && failed=1; }
apt() { apt-get "$@" -y -qq >"$scratch/apt" 2>&1 || { cat "$scratch/apt" >&2 && exit 1; }; }

# All that stands in the file system but what changes by itself.
every_file() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /home -o \
        -path /var/lib/apt -o -path /var/cache -o -path /var/log \) -prune -o -print | sort
}

# Usage: seen_by USER
seen_by() {
    found=$(su "$1" -s /bin/sh -c 'cd && tshark -G plugins 2>/dev/null' | awk '$1 ~ /^seamark/ { print $1 }' | sort | xargs)
    [ "$found" = 'seamark-lab seamark.so' ] || wrong "$1 sees '$found' among tshark's plugins"
}

step "tshark, and a user"
apt update
apt install --no-install-recommends tshark passwd
id student >/dev/null 2>&1 || useradd -m student
every_file >"$scratch/before"

step "0.1.0: these packages under that number"
for package; do
    dpkg-deb -R "$package" "$scratch/old"
    sed -i 's/^Version: .*/Version: 0.1.0/' "$scratch/old/DEBIAN/control"
    dpkg-deb -b "$scratch/old" "$scratch/old-$(basename "$package")" >/dev/null
    rm -rf "$scratch/old"
done
chmod a+rx "$scratch"
apt install "$scratch"/old-*.deb
seen_by student

step "the upgrade"
apt install "$@"
for package; do
    name=$(dpkg-deb -f "$package" Package) version=$(dpkg-deb -f "$package" Version)
    # shellcheck disable=SC2016 # dpkg-query fills it in
    [ "$(dpkg-query -W -f '${Version}' "$name")" = "$version" ] || wrong "$name is not $version"
    changed=$(dpkg -V "$name") || :
    [ -z "$changed" ] || wrong "files of $name changed: $changed"
done
seen_by root
seen_by student

step "the captures and links of the documents"
documents=/usr/share/doc/wireshark-plugin-seamark
su student -s /bin/sh -c "tshark -r $documents/test-captures/labs/nagle.pcapng -q -z seamark,lanes 2>/dev/null" | grep -q 'nagle (known)' ||
    wrong "the capture nagle.pcapng of the documents shows no Nagle"
broken=$(find "$documents" -xtype l)
[ -z "$broken" ] || wrong "links to nothing: $broken"

step "a lab, by a user"
# shellcheck disable=SC2016 # for the inner shell
su student -s /bin/sh -c 'cd && seamark lab nagle 2>said && tshark -r nagle.pcapng -q -z seamark,lanes 2>/dev/null >lanes' || :
home=$(getent passwd student | cut -d: -f6)
if grep -q 'there can be no lab here' "$home/said"; then
    echo "   (no namespaces here: no lab)"
elif ! grep -q 'nagle (known)' "$home/lanes"; then
    wrong "the lab shows no Nagle: $(tail -n 3 "$home/said")"
fi

step "the purge"
apt purge seamark wireshark-plugin-seamark
apt autoremove --purge
every_file >"$scratch/after"
left=$(comm -13 "$scratch/before" "$scratch/after")
[ -z "$left" ] || wrong "left behind:" "$left"
[ "$failed" -eq 0 ] && echo "installed, upgraded, used and purged; nothing is left"
exit "$failed"
