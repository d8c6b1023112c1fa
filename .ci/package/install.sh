#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Puts Seamark in place, for Wireshark of the series that it was built for.
set -eu

top=$(dirname -- "$(readlink -f -- "$0")")
cd "$top"
# shellcheck source=.ci/say.sh
. .ci/say.sh
# shellcheck source=.ci/install.sh
. .ci/install.sh

usage() {
    cat <<'TEXT'
usage: ./install.sh [--user|--system]      put plugin, profile, emitter and "Seamark lab" in place
       ./install.sh --remove [--user|--system]
A user installs for themselves, root for the system, where nothing else is said.
TEXT
}

is_root() { [ "$(id -u)" -eq 0 ]; }
can_be_root() { is_root || sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

scope='' remove=no
for option in "$@"; do
    case $option in
    --user | --system) scope=${option#--} ;;
    --remove) remove=yes ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
    esac
done
[ "$remove" = no ] || { uninstall_products && exit 0; }

built=$(cat wireshark-series)
running=$(tshark --version 2>/dev/null | sed -n '1s/.*(Wireshark) \([0-9]*\.[0-9]*\).*/\1/p')
[ -n "$running" ] || die "there is no tshark, or it does not run" "Install the package tshark, then try again."
[ "$built" = "$running" ] || die "this plugin is for Wireshark $built, and here is Wireshark $running" \
    "A Wireshark loads only plugins of its own series. Take the archive for $running, or build the source."
# shellcheck disable=SC2034 # for put_products
plugin=$top/plugin/seamark.so emitter=$top/bin/seamark library=$top/lib/libseamark_trace.so
put_products
