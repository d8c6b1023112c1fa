#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What does the emitter cost? Part 1 sends 32-byte writes without a pause, in turn with a bare send()
# loop in C that makes the same writes, and compares writes per second. Part 2 counts the emitter's
# sends with strace and holds them against the number of writes that it says it made.
#
#   compare.sh BUILD_DIR [WRITES] [RUNS]
#
# Exit status 1 if the emitter makes less than 0.8 of the loop's writes, sends other bytes than it, or
# miscounts.
set -eu

if [ $# -lt 1 ]; then
    echo "usage: compare.sh BUILD_DIR [WRITES] [RUNS]" >&2
    exit 2
fi
build=$1
writes=${2:-1000000}
runs=${3:-9}
size=32
status=0
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || :; fi; rm -rf "$work"' EXIT INT TERM

for program in bin/seamark bench/bench_send_loop bench/bench_drain; do
    if [ ! -x "$build/$program" ]; then
        echo "compare.sh: $build/$program is missing; configure with -DSEAMARK_TESTS=ON and build" >&2
        exit 2
    fi
done

# Sender and receiver on CPUs of their own, so that they do not wait for each other.
on_first='' on_second=''
if command -v taskset >/dev/null && taskset -c 0 true 2>/dev/null && taskset -c 1 true 2>/dev/null; then
    on_first='taskset -c 0' on_second='taskset -c 1'
else
    echo "(taskset or a second CPU is missing: not pinned, so expect more scatter)"
fi

# wait_for_line FILE: waits up to 10 s until a line is there.
wait_for_line() {
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 100 ]; then
            echo "compare.sh: no program came up" >&2
            exit 1
        fi
        sleep 0.1
    done
}

median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

target="/emit?writes=$writes&size=$size&gap=0&nodelay=0&cork=0"

$on_first "$build/bin/seamark" serve --port 0 --quiet >"$work/listening" 2>"$work/log" &
server=$!
wait_for_line "$work/listening"
port=$(sed 's|.*:\([0-9]*\)/.*|\1|' "$work/listening")

echo "1. $writes writes of $size data bytes (chunked, tagged, nodelay=0, gap=0) on loopback, $runs runs each"
run=0
while [ $run -lt "$runs" ]; do
    run=$((run + 1))
    : >"$work/port"
    $on_first "$build/bench/bench_send_loop" "$writes" $size 0 0 >"$work/port" &
    wait_for_line "$work/port"
    $on_second "$build/bench/bench_drain" "$(cat "$work/port")" / >"$work/loop.run"
    $on_second "$build/bench/bench_drain" "$port" "$target" >"$work/emitter.run"
    awk -v n="$writes" '{ printf "%.0f\n", n / $1 }' "$work/loop.run" >>"$work/loop"
    awk -v n="$writes" '{ printf "%.0f\n", n / $1 }' "$work/emitter.run" >>"$work/emitter"
    printf '   run %s: bare loop %s, emitter %s writes/s\n' $run \
        "$(tail -n 1 "$work/loop")" "$(tail -n 1 "$work/emitter")"
done
kill "$server"
wait "$server" || :
server=
if [ "$(cut -d ' ' -f 2 "$work/loop.run")" != "$(cut -d ' ' -f 2 "$work/emitter.run")" ]; then
    echo "   the two did not send the same number of bytes:" "$(cat "$work/loop.run" "$work/emitter.run")"
    status=1
fi
# Each run is held against the one next to it, so that other work on the machine hits both alike.
paste "$work/emitter" "$work/loop" | awk '{ print $1 / $2 }' >"$work/ratio"
awk -v loop="$(median "$work/loop")" -v emitter="$(median "$work/emitter")" \
    -v ratio="$(median "$work/ratio")" 'BEGIN {
    printf "   medians: bare loop %d, emitter %d writes/s; of the ratios of neighbouring runs: %.2f (wanted: at least 0.80)\n",
        loop, emitter, ratio
    exit ratio < 0.8
}' || status=1

echo "2. the emitter's sends, counted by the kernel"
if ! command -v strace >/dev/null; then
    echo "   not done: strace is not installed"
    exit $status
fi
: >"$work/listening"
# shellcheck disable=SC2016 # for the inner shell
strace -f -c -o "$work/strace" -e trace=sendto,sendmsg,write,writev \
    sh -c 'echo $$ >"$1"; exec "$2" serve --port 0' - "$work/pid" "$build/bin/seamark" \
    >"$work/listening" 2>"$work/log" &
tracer=$!
wait_for_line "$work/listening"
server=$(cat "$work/pid")
port=$(sed 's|.*:\([0-9]*\)/.*|\1|' "$work/listening")
"$build/bench/bench_drain" "$port" "/emit?writes=20000&size=$size&gap=0" >/dev/null
"$build/bench/bench_drain" "$port" "/emit?writes=3000&size=$size&gap=0&split=parts" >/dev/null
"$build/bench/bench_drain" "$port" "/emit?writes=200&size=1000000&gap=0" >/dev/null
kill "$server"
wait $tracer || :
server=
sed 's/^/   /' "$work/strace"
grep ' writes (' "$work/log" | sed 's/^/   /'
said=$(sed -n 's/.*: \([0-9]*\) writes (.*/\1/p' "$work/log" | awk '{ n += $1 } END { print n + 0 }')
awk -v said="$said" '
    $NF == "sendto" || $NF == "sendmsg" { made += $4 - (NF == 6 ? $5 : 0) }
    END {
        printf "   sends that took bytes: %d; writes it says it made: %d\n", made, said
        print "   (write is its log, its standard output and the wake-up of its event loop; it never goes to a socket)"
        exit made != said || said == 0
    }' "$work/strace" || { echo "   these differ"; status=1; }
exit $status
