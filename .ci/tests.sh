# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run test, and the verbs that run some of its tests. All that is tested is a test of CTest, in one
# of the trees "release", "asan" and "fuzz"; `ctest --preset release -L gui` runs those of one label.

# In minutes of processor time, on one of CI's machines with no cache of the compiler.
full_minutes=75 quick_minutes=6
long_checks='redissect false_passes contracts row_times'

passed=0 failed=0 skipped=0 parts='' failures=''

# Runs tests of a build tree and adds them to the tally.
# Usage: run_ctest PRESET [CTEST-OPTION...]
run_ctest() {
    preset=$1 results=$top/build/$1/ctest.xml
    shift
    rm -f "$results"
    rc=0
    step "testing ($preset)"
    # One more than there are processors, since many of them wait for a clock.
    ctest --preset "$preset" --timeout 900 -j "$(($(jobs) + 1))" --output-junit "$results" --output-on-failure "$@" || rc=$?
    counts=$(python3 -B .ci/count_tests.py "$results") || die "ctest ($preset) ended with status $rc and no results"
    # shellcheck disable=SC2086 # three numbers
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    if [ "$rc" -ne 0 ] && [ "$2" -eq 0 ]; then
        failed=$((failed + 1)) failures="ctest ($preset) ended with status $rc"
    fi
}

# A part of the tests, with the processor time that its commands take.
# Usage: part NAME COMMAND...
part() {
    part=$1
    shift
    times >"$scratch/before" # not in a subshell, whose commands are others
    "$@"
    times >"$scratch/after"
    seconds=$(awk '{ split($1, user, "m"); split($2, kernel, "m")
        spent += (NR > 2 ? 1 : -1) * (60 * (user[1] + kernel[1]) + user[2] + kernel[2]) }
        END { printf "%d", spent + 0.5 }' "$scratch/before" "$scratch/after")
    parts="$parts$seconds $part
"
}

# What took how long, then the tally.
sum_up() {
    note "processor time by part (seconds, user and system):"
    note "$(printf '%s' "$parts" | awk '{ sum += $1; $1 = sprintf("%6d", $1); print } END { printf "%6d in all", sum }')"
    [ -z "$failures" ] || say "$red$failures$plain"
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}

run_tests() {
    note "This builds everything and runs every test: as people get it, with sanitizers, and with fuzzers for half a
minute; in CI Wireshark's windows and the page in a browser too. Without a cache of the compiler that is about
$full_minutes minutes of processor time. Less: ./run test --quick, or ctest --preset release -L LABEL."
    need test
    [ -z "${CI-}" ] || need gui
    scratch=$(mktemp -d)
    part 'build, release' build_products all
    part 'tests, release' run_ctest release
    part 'build, sanitizers' build asan -DSEAMARK_PLUGIN=ON -DSEAMARK_EMITTER=ON -DSEAMARK_TESTS=ON -- \
        core_tests emitter_tests check_tests import_tests tls_tests trace_tests doctor_tests read_records seamark_plugin
    part 'tests, sanitizers' run_ctest asan
    if command -v clang++ >/dev/null; then
        part 'build, fuzzers' build fuzz
        part 'tests, fuzzers' run_ctest fuzz
    else
        say "(libFuzzer needs clang, which is not here: nothing was fuzzed; ./run fuzz installs it)"
    fi
    sum_up
}

run_quick_tests() {
    note "This builds what people get and runs the units and the captures: some $quick_minutes minutes of processor
time from a tree that is built. The four longest checks of captures are left to ./run test: $long_checks."
    need test
    scratch=$(mktemp -d)
    part 'build, release' build_products all
    part 'units and captures' run_ctest release -L 'unit|captures|docs' \
        -E "^captures\\.($(echo "$long_checks" | tr ' ' '|'))\$"
    sum_up
}

# The tests of one label, after what they need is installed and built.
# Usage: run_label LABEL
run_label() {
    need "$1"
    build_products seamark # named, so that tests are configured
    run_ctest release -L "$1"
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
