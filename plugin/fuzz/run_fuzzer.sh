#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One libFuzzer target, for its share of SEAMARK_FUZZ_MINUTES (all targets together; half a minute
# where that is not set). What is found stays in WORK/found, what reaches new code in WORK/corpus.
#
# usage: run_fuzzer.sh PROGRAM WORK TARGETS
set -eu
program=$1 work=$2 targets=$3
target=$(basename "$program" _fuzzer)
if [ -n "${SEAMARK_FUZZ_MINUTES-}" ]; then seconds=$((SEAMARK_FUZZ_MINUTES * 60 / targets)); else seconds=5; fi
mkdir -p "$work/corpus/$target" "$work/found"
exec "$program" "-max_total_time=$seconds" -timeout=30 "-dict=$(dirname "$0")/http.dict" -print_final_stats=1 \
    "-artifact_prefix=$work/found/$target-" "$work/corpus/$target" "$work/seeds/$target"
