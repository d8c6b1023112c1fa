# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run types: what people get compiles with each of CMake's build types without a warning, and with
# no precompiled header, so that each file includes what it uses.

each_build_type() {
    failed=''
    for type in Release MinSizeRel Debug RelWithDebInfo ''; do
        step "CMAKE_BUILD_TYPE=$type"
        dir=$top/build/types/${type:-none}
        mkdir -p "$dir"
        logged "$dir/build.log" cmake -G Ninja -S "$top" -B "$dir" "-DCMAKE_BUILD_TYPE=$type" \
            -DSEAMARK_WERROR=ON -DSEAMARK_TESTS=OFF -DSEAMARK_PRECOMPILE=OFF &&
            logged "$dir/build.log" cmake --build "$dir" -j "$(jobs)" -- -k 0 ||
            failed="$failed '$type'"
    done
    [ -z "$failed" ] || die "not compiled without warnings:$failed" "The compiler's messages stand above."
    note "each build type compiles without a warning"
}
