#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs `./run test` of the last commit on bare Debian releases, each in a chroot made for the purpose
# and removed afterwards (1.5 GB of TMPDIR each), and says how each ended. What was printed stays in
# build/matrix/RELEASE.log.
#
#   matrix.sh RELEASE...          such as: bookworm trixie sid
#
# Needs root, mmdebstrap, and a Debian whose apt sources name a mirror: that mirror is used. A release
# whose chroot cannot be made is reported as not run. Exit status 1 if a release failed or was not run;
# sid, where anything can change any day, is reported and fails nothing.
set -eu

top=$(dirname -- "$(readlink -f -- "$0")")/../../..
[ "$(id -u)" -eq 0 ] || { echo "matrix.sh: making a chroot needs root" >&2; exit 1; }
[ $# -gt 0 ] || { echo "usage: matrix.sh RELEASE..." >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The mirror of this machine for a label of Debian's ("Debian", "Debian-Security").
mirror() {
    # shellcheck disable=SC2016 # apt-get fills these in
    apt-get indextargets --format '$(ORIGIN)/$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        awk -v label="Debian/$1" '$1 == label { print $2; exit }'
}

# Usage: make_chroot RELEASE FOLDER
make_chroot() {
    main=$(mirror Debian) security=$(mirror Debian-Security)
    [ -n "$main" ] || { echo "apt names no Debian mirror on this machine" >&2; return 1; }
    if [ "$1" = sid ]; then
        mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$2" "deb $main $1 main"
    else
        mmdebstrap --variant=apt "$1" "$2" "deb $main $1 main" "deb $main $1-updates main" \
            "deb ${security:-$main-security} $1-security main"
    fi
}

# In a mount namespace of its own, so that nothing stays mounted, however this ends.
# Usage: test_in FOLDER
test_in() {
    mkdir "$1/seamark"
    git -C "$top" archive HEAD | tar -x -C "$1/seamark"
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
        exec chroot "$1" env -i HOME=/root LANG=C.UTF-8 CI="${CI-}" \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /seamark/run test --quiet' sh "$1"
}

summary='' status=0
mkdir -p "$top/build/matrix"
for release in "$@"; do
    echo "== $release"
    log=$top/build/matrix/$release.log
    if ! make_chroot "$release" "$work/$release" >"$log" 2>&1; then
        tail -n 5 "$log"
        verdict='not run: the chroot could not be made'
    elif test_in "$work/$release" </dev/null >"$log" 2>&1; then
        verdict="passed: $(tail -n 1 "$log")"
    else
        tail -n 60 "$log"
        verdict="FAILED: $(tail -n 1 "$log")"
    fi
    # shellcheck disable=SC2016 # dpkg-query fills it in
    wireshark=$(chroot "$work/$release" dpkg-query -W -f '${Version}' tshark 2>/dev/null || echo unknown)
    summary="$summary$release (Wireshark $wireshark): $verdict
"
    case $release,$verdict in sid,* | *,passed*) ;; *) status=1 ;; esac
    rm -rf --one-file-system "${work:?}/$release"
done
printf '%s' "$summary"
exit "$status"
