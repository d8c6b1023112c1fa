# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run fuzz: libFuzzer on the core, mutated captures through the plugin.

# Usage: fuzz_captures PRESET ARGUMENT...
fuzz_captures() {
    from=$1
    shift
    /usr/bin/python3 -B plugin/tests/captures/fuzz_captures.py --work "$top/build/fuzz-captures" \
        --plugin "$top/build/$from/plugin/epan/seamark.so" "$@"
}

# Usage: fuzz captures|coverage|limits|MINUTES
fuzz() {
    case $1 in
    captures)
        need fuzz
        build asan -DSEAMARK_PLUGIN=ON -DSEAMARK_TESTS=OFF -DSEAMARK_EMITTER=OFF -- seamark_plugin
        fuzz_captures asan --captures 5000
        ;;
    coverage)
        need fuzz-coverage
        .ci/coverage --mutated 500 --missed || die "a mutated capture failed" "Which one stands above."
        ;;
    limits)
        need fuzz
        build_products
        /usr/bin/python3 -B plugin/tests/captures/limits.py --plugin "$plugin"
        ;;
    *)
        need fuzz
        build fuzz
        export SEAMARK_FUZZ_MINUTES="$1"
        ctest --preset fuzz --timeout $(($1 * 60 + 300)) --verbose
        ;;
    esac
}
