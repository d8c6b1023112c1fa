# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What ./run says, and what it keeps to itself.

quiet=no
bold='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi

say() { printf '%s\n' "$*"; }
note() { [ "$quiet" = yes ] || say "$*"; }
step() { [ "$quiet" = yes ] || printf '%s\n' "$bold== $*$plain"; }
die() {
    printf '%s\n' "${red}run: $1$plain" >&2
    shift
    for line in "$@"; do printf '     %s\n' "$line" >&2; done
    exit 1
}

# A command whose output matters only if it fails.
# Usage: logged LOG COMMAND...
logged() {
    log=$1
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 || { rc=$?; tail -n 40 "$log" >&2; return "$rc"; }
}

# A long command, whose output is progress for those who wait.
# Usage: long LOG COMMAND...
long() {
    if [ "$quiet" = yes ]; then logged "$@"; else shift && "$@"; fi
}
