# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Configures and builds a tree of build/, and the two things that people get.

# As many compilers as there are processors, as long as each has the 1.5 GB that Beast takes.
jobs() {
    cpus=$(getconf _NPROCESSORS_ONLN)
    fit=$(awk '/^MemAvailable:/ { print int($2 / 1500000) }' /proc/meminfo 2>/dev/null)
    [ "${fit:-$cpus}" -ge "$cpus" ] || cpus=$fit
    [ "$cpus" -ge 1 ] || cpus=1
    say "$cpus"
}

# The version of the Wireshark headers that a configured build tree uses, "4.0.17", or nothing.
wireshark_headers() {
    where=$(sed -n 's/^Wireshark_DIR:PATH=//p' "$1/CMakeCache.txt")
    [ -z "$where" ] || sed -n 's/^set(Wireshark_VERSION "\(.*\)")/\1/p' "$where/WiresharkConfig.cmake"
}

# What has CMake take clang, for what is tested with sanitizers: it takes half of GCC's time.
# Nothing where it is not here, or has no runtime that can be loaded into tshark.
sanitizing_compiler() {
    command -v clang++ >/dev/null || return 0
    [ ! -f "$(clang++ -print-file-name="libclang_rt.asan-$(uname -m).so")" ] ||
        say -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
}

# Usage: configure PRESET [CMAKE-OPTION...]
configure() {
    preset=$1 dir=build/$1
    shift
    mkdir -p "$dir" 2>/dev/null || :
    [ -w "$dir" ] || die "$top/$dir is not writable for $(id -un)" \
        "Another user built there (with sudo, perhaps): sudo ./run clean, then try again."
    if [ -f "$dir/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$dir/CMakeCache.txt"; then
        step "the tree has moved since it was built: building anew"
        rm -rf "$dir" && mkdir -p "$dir"
    fi
    # A tree keeps the compiler that it was begun with.
    # shellcheck disable=SC2046 # options
    [ "$preset" != asan ] || [ -f "$dir/CMakeCache.txt" ] || set -- $(sanitizing_compiler) "$@"
    ccache=$(command -v ccache || :)
    step "configuring ($preset)"
    logged "$dir/configure.log" cmake --preset "$preset" "-DCMAKE_C_COMPILER_LAUNCHER=$ccache" \
        "-DCMAKE_CXX_COMPILER_LAUNCHER=$ccache" "$@" ||
        die "cmake could not configure $dir" "What is missing stands above."
}

for_use=no # what is built is for someone who wants to run it, not to change it

# Usage: build PRESET [CMAKE-OPTION...] -- [TARGET...]
build() {
    preset=$1 dir=build/$1
    shift
    options=''
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options="$options $1" && shift; done
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2086 # options is a list
    configure "$preset" $options
    # What uses a precompiled header is cached only where ccache knows that it may.
    if [ -n "$ccache" ]; then
        CCACHE_SLOPPINESS="$(ccache --get-config sloppiness 2>/dev/null || :), pch_defines, time_macros"
        export CCACHE_SLOPPINESS
    fi
    # Headers of a package are older than what was built before it came, so that Ninja sees no change.
    headers=$(wireshark_headers "$dir")
    if [ -f "$dir/headers" ] && [ "$headers" != "$(cat "$dir/headers")" ]; then
        step "Wireshark's headers were $(cat "$dir/headers") and are $headers now: building anew"
        logged "$dir/build.log" cmake --build "$dir" --target clean
    fi
    say "$headers" >"$dir/headers"
    step "building ($preset, $(jobs) at a time)"
    [ $# -eq 0 ] || set -- --target "$@"
    run_ninja "$@" && return
    # A compiler newer than those that this was tried with may warn of more: that is ours to mend, and
    # holds up no one who only wants the programs.
    if [ "$for_use" = yes ] && ! cmake --build "$dir" "$@" >"$dir/build.log" 2>&1 && grep -q Werror "$dir/build.log"; then
        step "this compiler warns of something, as stands above: building again, with warnings allowed"
        # shellcheck disable=SC2086 # options is a list
        configure "$preset" $options -DSEAMARK_WERROR=OFF
        run_ninja "$@" && return
    fi
    die "the build failed" "The compiler's message stands above."
}

# Usage: run_ninja [CMAKE-OPTION...]
run_ninja() { NINJA_STATUS='   [%f/%t, %es] ' long "$dir/build.log" cmake --build "$dir" -j "$(jobs)" "$@"; }

# The two things that people get, and what else is named. Tests are configured where GoogleTest is there
# already, so that going from demo to test and back does not configure anew each time.
# Usage: build_products [TARGET...]
build_products() {
    if [ $# -gt 0 ] || installed libgtest-dev 2>/dev/null; then tests=ON; else tests=OFF; fi
    if [ $# -gt 0 ] || [ -n "${CI-}" ]; then for_use=no; else for_use=yes; fi
    build release "-DSEAMARK_TESTS=$tests" -- seamark seamark_plugin "$@"
    for_use=no
    products
}

# Where the last release build put them.
products() {
    plugin=$(find "$top/build/release" -name seamark.so -type f | head -n 1)
    emitter=$top/build/release/bin/seamark
    # shellcheck disable=SC2034 # for who installs it
    library=$top/build/release/lib/libseamark_trace.so # found beside the emitter: ../lib/seamark
    if [ -z "$plugin" ] || [ ! -x "$emitter" ]; then
        die "the build made no seamark.so or no bin/seamark in build/release"
    fi
    same_wireshark
}

running_wireshark() { tshark --version 2>/dev/null | sed -n '1s/.*(Wireshark) \([0-9]*\.[0-9]*\).*/\1/p'; }

same_wireshark() {
    built=$(wireshark_headers build/release) running=$(running_wireshark)
    built=${built%.*}
    [ -n "$running" ] || die "tshark does not run" "Install the package tshark, or put tshark on the PATH."
    [ "$built" = "$running" ] || die "the plugin was built for Wireshark $built, this is $running ($(command -v tshark))" \
        "A Wireshark loads only plugins of its own version, and ignores others in silence." \
        "Install wireshark-dev of version $running, then run ./run install again: it builds anew."
}
