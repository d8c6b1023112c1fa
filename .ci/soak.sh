# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run soak, causes, events, proxies, hops, bench: long looks at what ./run test only touches.

# Usage: soak suites|lab|programs|inputs|kernel|peers [COUNT]
soak() {
    case $1 in
    inputs)
        need soak
        build asan -DSEAMARK_PLUGIN=ON -DSEAMARK_EMITTER=ON -DSEAMARK_TESTS=ON -- seamark read_records
        faults=''
        mkdir -p build/figures
        table=build/figures/inputs.txt
        printf '| mutated inputs | what came of them |\n|---|---|\n' >"$table"
        for script in $(grep -l -e '"--count"' emitter/tests/mutated/*.py); do
            name=$(basename "$script" .py)
            step "$name, $2 times"
            sanitized='' program=$top/build/asan/bin/seamark
            ! grep -q -e '"--sanitized"' "$script" || sanitized=--sanitized
            [ "$name" != records ] || program=$(find build/asan -name read_records -type f | head -n 1)
            said=$(python3 -B "$script" "$program" --count "$2" $sanitized) || faults="$faults $script"
            say "$said"
            say "| $name | $(say "$said" | tail -n 1) |" >>"$table"
        done
        [ -z "$faults" ] || die "mutated inputs found something:$faults" "Which, and its seed, stands above."
        ;;
    suites)
        need soak-suites
        build_products
        python3 -B emitter/tests/trace/socket_suites.py "$emitter"
        ;;
    lab)
        is_root || die "./run soak lab becomes several users, for which it must be root" "sudo ./run soak lab"
        need soak-lab
        build_products
        # Where every user may run it.
        scratch=$(mktemp -d)
        mkdir "$scratch/bin" "$scratch/lib" && cp "$emitter" "$scratch/bin/" && cp "$library" "$scratch/lib/"
        chmod -R a+rX "$scratch"
        python3 -B emitter/tests/lab/soak.py --program "$scratch/bin/seamark"
        ;;
    kernel)
        need soak-kernel
        build_products kernel_peer trace_send_cost
        rc=0
        PLUGIN=$plugin /usr/bin/python3 -B emitter/tests/trace/kernel_soak.py "$emitter" "$top/build/release" "$top/build/kernel" || rc=$?
        [ "$rc" -eq 77 ] || return "$rc"
        ;;
    programs)
        need soak-programs
        build_products
        python3 -B emitter/tests/trace/real_programs.py "$emitter" "$top/build/programs" "$plugin"
        ;;
    *)
        need soak
        build_products
        step "the emitter among misbehaving clients"
        python3 -B emitter/tests/soak/soak.py "$emitter"
        step "requests that ask for much work or memory"
        python3 -B emitter/tests/soak/greedy.py "$emitter"
        step "a million events through both recorders"
        python3 -B emitter/tests/soak/million.py "$emitter"
        ;;
    esac
}

# Usage: causes RUNS [--kernel]
causes() {
    need causes
    build_products
    step "each scenario of the lab $1 times, and with one parameter changed"
    python3 -B plugin/tests/causes/causes.py --plugin "$plugin" --seamark "$emitter" --runs "$1" ${2:+"$2"}
}

proxies() {
    need proxies
    build_products
    step "20 responses through each proxy, between seamark serve and seamark get"
    rc=0
    python3 -B plugin/tests/proxies/proxies.py --plugin "$plugin" --seamark "$emitter" ||
        rc=$?
    [ "$rc" -eq 77 ] || return "$rc"
}

hops() {
    need hops
    build_products
    step "each stack $1 times, half of them with recorded calls"
    rc=0
    python3 -B plugin/tests/hops/hops.py --plugin "$plugin" --seamark "$emitter" --runs "$1" || rc=$?
    [ "$rc" -eq 77 ] || return "$rc"
}

bench() {
    need bench
    build_products bench_send_loop bench_drain trace_send_cost
    step "making the large captures, timing tshark (some minutes)"
    python3 plugin/tests/bench/bench.py --plugin "$plugin" --work "$top/build/bench"
    step "counting the instructions of tshark with callgrind (some minutes)"
    python3 -B plugin/tests/bench/instructions.py --plugin "$plugin"
    step "the emitter against a bare send() loop"
    emitter/bench/compare.sh "$top/build/release" || say "(compare.sh: a bar was not met, see above)"
    step "what recording costs"
    python3 -B emitter/tests/trace/cost.py "$top/build/release" || say "(cost.py: a bar was not met, see above)"
}

# Usage: contracts RUNS
contracts() {
    need contracts
    build_products
    for how in '' --busy; do
        step "the contracts of seamark check, $1 runs${how:+, two busy loops on each processor}"
        # shellcheck disable=SC2086 # an option or nothing
        python3 -B emitter/tests/check/live.py "$emitter" "$plugin" "$top/build/contracts" --runs "$1" $how
    done
}

# Usage: events COUNT
events() {
    need events
    build_products
    step "$1 events of each format, against decoders of others"
    rc=0
    python3 -B plugin/tests/captures/check_emitted.py --plugin "$plugin" --seamark "$emitter" --all --events $(($1 / 78 + 1)) || rc=$?
    [ "$rc" -eq 77 ] || return "$rc"
}
