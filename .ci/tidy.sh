# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a verb leaves behind goes away when it ends, however it ends.

scratch=''
tidy() {
    rc=$?
    trap - EXIT
    wait
    [ -z "$scratch" ] || rm -rf "$scratch"
    exit "$rc"
}
trap tidy EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
