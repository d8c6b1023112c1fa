# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Which Debian packages each verb needs, and how they get here.

is_root() { [ "$(id -u)" -eq 0 ]; }

# True if as_root will work; with a terminal, sudo may ask for a password.
can_be_root() {
    is_root && return
    command -v sudo >/dev/null || return 1
    if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

# "package: why", a line each, for the packages that a verb needs. "boost" stands for whichever
# package has Boost 1.81 or newer: the name differs between Debian releases.
packages_for() {
    build='g++: compiles the plugin and the emitter
cmake: configures the build
ninja-build: runs the build
wireshark-dev: the headers that the plugin is built with
libgcrypt20-dev: one of these headers, that of TLS, includes its header
boost: the emitter serves with Boost.Asio and Boost.Beast (1.81 or newer)
libcli11-dev: the options of the emitter
libssl-dev: the emitter speaks TLS with OpenSSL
zlib1g-dev: the emitter compresses bodies with it, the plugin decodes with it
libbrotli-dev: the same, for br
libzstd-dev: the same, for zstd'
    tshark='tshark: reads captures with the plugin'
    case $1 in
    install) printf '%s\n' "$build" "$tshark" ;;
    demo) printf '%s\n' "$build" "$tshark" \
        'curl: sends the requests of the demo' \
        'python3: says in words what the capture shows' ;;
    bench) printf '%s\n' "$build" "$tshark" \
        'python3: runs and times the programs that are compared' \
        'libgtest-dev: what the emitter is compared with is configured with the tests' \
        'strace: counts the sends of the emitter' \
        'valgrind: counts the instructions of tshark' ;;
    fuzz) printf '%s\n' "$build" "$tshark" \
        'clang: compiles for libFuzzer' \
        "libclang-rt-dev: clang's runtime, which has libFuzzer and what counts lines" \
        'python3: makes the mutated captures and the seeds' \
        'python3-scapy: reads the captures that the seeds are taken from' ;;
    proxies) printf '%s\n' "$build" "$tshark" \
        'python3: runs the proxies, and reads the captures without the plugin' \
        'nginx: is one of the proxies' \
        'haproxy: is another' \
        'varnish: is a third' ;;
    hops) printf '%s\n' "$build" "$tshark" \
        'python3: runs the stacks, and is a server' \
        'nodejs: another' \
        'nginx: stands between, and collects' \
        'haproxy: the same' \
        'apache2: the same' \
        'varnish: the same' \
        'squid: the same' ;;
    causes) printf '%s\n' "$build" "$tshark" \
        'curl: a client that is recorded' \
        'python3: runs the lab, and counts' \
        'python3-flask: a server that is recorded' ;;
    events) printf '%s\n' "$build" "$tshark" \
        'python3: asks for the events, and decodes them' \
        'python3-scapy: reads the captures without the plugin' \
        'python3-brotli: decodes br, apart from the plugin' ;;
    contracts) printf '%s\n' "$build" "$tshark" \
        'python3: is the servers, and counts' \
        'nginx: stands between, and collects or does not' ;;
    fuzz-coverage) packages_for fuzz && say 'llvm: says which lines and branches ran (llvm-cov)' ;;
    soak) printf '%s\n' "$build" "$tshark" \
        'python3: is the peers, and counts' ;;
    soak-suites) printf '%s\n' "$build" "$tshark" \
        "$(python3 -c 'import sys; print("libpython%d.%d-testsuite" % sys.version_info[:2])'): the tests" ;;
    soak-lab) printf '%s\n' "$build" "$tshark" 'python3: runs the lab again and again' \
        'iproute2: switches the loopback of a namespace on' ;;
    soak-kernel) printf '%s\n' "$build" "$tshark" \
        'clang: compiles the recorder for the kernel' \
        'bpftool: makes a header of it' \
        'libbpf-dev: loads it' \
        'liburing-dev: a server that is recorded uses it' \
        'curl: a client that is recorded' \
        'strace: is compared' \
        'procps: finds the process in a namespace' \
        'iproute2: switches the loopback of a namespace on' \
        'python3: runs the programs, and reads the files' ;;
    soak-programs) printf '%s\n' "$build" "$tshark" \
        'curl: the client that is recorded' \
        'nginx: a server that is recorded' \
        'nodejs: a server that is recorded' \
        'python3-flask: a server that is recorded' ;;
    gui) printf '%s\n' "$build" "$tshark" \
        'libgtest-dev: it is configured with the other tests' \
        'wireshark: the program under test' \
        'xvfb: a headless screen' \
        'openbox: gives windows their places and the keyboard' \
        'xdotool: presses keys' \
        'xclip: reads the text that was copied from a window' \
        'imagemagick: counts the colours of a window' \
        'chromium: the browser that shows the page of the emitter' \
        'chromium-driver: presses its keys' \
        'python3: runs the tests' ;;
    labs) printf '%s\n' "$build" "$tshark" \
        'libgtest-dev: they are configured with the other tests' \
        'python3: runs the labs' \
        'python3-flask: the server of the first lab' \
        'curl: its client' \
        'nginx: the proxy of the last lab' ;;
    matrix) say 'mmdebstrap: makes the chroots' ;;
    package) printf '%s\n' "$build" "$tshark" \
        'python3: writes the pages of the manual' \
        'clang: compiles the recorder for the kernel' \
        'bpftool: makes a header of it' \
        'libbpf-dev: loads it' \
        'dpkg-dev: finds what the packages depend on' \
        'file: tells cpack which files are programs' ;;
    types) printf '%s\n' "$build" ;;
    lint) packages_for test && printf '%s\n' 'clang-tidy: reads the C++' \
        'cppcheck: reads it too' \
        "perl: runs Wireshark's checkers" \
        "xz-utils: unpacks Wireshark's source, which has them" ;;
    coverage) packages_for fuzz-coverage && packages_for test ;; # clang counts
    same) packages_for test && say 'git: fetches the commit that is compared' ;;
    test) printf '%s\n' "$build" "$tshark" \
        'libgtest-dev: the tests are written with GoogleTest' \
        'curl: sends requests to the emitter under test' \
        'openssl: is a peer of the emitter over TLS' \
        'python3: makes the captures, computes their baselines' \
        'python3-jsonschema: holds the JSON that is printed against docs/schemas' \
        'python3-scapy: writes the packets of the captures' \
        'python3-brotli: compresses and decodes br, apart from the plugin' \
        'python3-flask: the server of the first lab' \
        'strace: its logs are imported' \
        "clang: compiles what is tested with sanitizers, in half of GCC's time, and the fuzzers" \
        "libclang-rt-dev: clang's runtime, which has the sanitizers and libFuzzer" \
        'shellcheck: checks the shell scripts' \
        'python3-pyflakes: checks the Python' ;;
    esac
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

new_boost() { case $1 in [1-9]*) dpkg --compare-versions "$1" ge 1.81 ;; *) false ;; esac; }

boost_installed() {
    for version in $(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' 'libboost*-dev' 2>/dev/null |
        awk '$1 ~ /^libboost(1\.[0-9]+)?-dev$/ && $2 == "installed" { print $3 }'); do
        new_boost "$version" && return
    done
    return 1
}

# libboost-dev where that is new enough, else the newest numbered one.
boost_package() {
    for name in libboost-dev $(apt-cache pkgnames libboost1 | grep -E '^libboost1\.[0-9]+-dev$' | sort -rV); do
        new_boost "$(LC_ALL=C apt-cache policy "$name" | sed -n 's/^ *Candidate: //p')" || continue
        say "$name"
        return
    done
    return 1
}

# Sees to it that the packages of a verb are there.
need() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        if [ "$quiet" = no ]; then
            say "This is no Debian; going on with what is there. What '$1' needs, by Debian's names:"
            packages_for "$1" | sed 's/^/  /'
        fi
        return
    fi
    missing=$(packages_for "$1" | while IFS= read -r line; do
        case $line in
        boost:*) boost_installed || say "$line" ;;
        *) installed "${line%%:*}" || say "$line" ;;
        esac
    done)
    [ -n "$missing" ] || return 0

    step "'$1' needs packages that are not there"
    say "$missing" | sed 's/^/  /'
    can_be_root || die "packages are missing, and this user is neither root nor has sudo" \
        "Ask an administrator to install: $(say "$missing" | sed 's/:.*//' | tr '\n' ' ')" \
        "(boost is libboost-dev if that is 1.81 or newer, else libboost1.81-dev)"

    step "installing them with apt-get"
    logged build/log/apt-update as_root apt-get update -qq </dev/null ||
        say "apt-get update failed; trying with the package lists that are there"
    names=''
    for name in $(say "$missing" | sed 's/:.*//'); do
        [ "$name" != boost ] || name=$(boost_package) || die "no Boost 1.81 or newer in the package sources" \
            "Debian 12 has libboost1.81-dev, Debian 13 libboost-dev: is a source for 'main' configured?"
        names="$names $name"
    done
    # Its question (may every user capture?) is the administrator's, so the answer is Debian's default.
    installed wireshark-common || ! command -v debconf-set-selections >/dev/null ||
        say 'wireshark-common wireshark-common/install-setuid boolean false' | as_root debconf-set-selections
    # shellcheck disable=SC2086 # names is a list
    long build/log/apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends --no-remove $names </dev/null ||
        die "apt-get could not install$names" "Its own message stands above. Install them by hand, then try again."
}
