# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run demo

# Three responses in a network of their own, in one capture: FOLDER/demo.pcapng. Small writes that
# wait for each other · a corked socket · chunks larger than a segment.
# Usage: demo_lab FOLDER [PREFIX...]
demo_lab() {
    folder=$1
    shift
    # shellcheck disable=SC2016 # for the lab's own shell
    "$@" "$emitter" lab --delay 10ms --server-offloads none -o "$folder/demo.pcapng" --client '
        for query in "writes=12&size=32&gap=4ms" "writes=6&size=32&cork=1" "writes=2&size=100000"; do
            url="http://$SEAMARK_ADDRESS:$SEAMARK_PORT/emit?$query&tag=w"
            echo "GET $url"
            curl -sS --noproxy "*" --max-time 20 -o /dev/null "$url" || exit
        done'
}

# Lines of stream, frame, confidences, sentences, each verdict after a "|": one line for each kind of
# verdict in each stream, with the sentence of its first and the count of the others.
demo_causes() {
    awk -F '\t' '{
        verdicts = split($3, confidence, "|"); split($4, sentence, "|")
        for (i = 1; i <= verdicts; i++) {
            kind = sentence[i]; gsub(/write [0-9]+/, "write", kind); kind = $1 confidence[i] kind
            if (!(kind in count)) {
                order[++kinds] = kind
                first[kind] = "frame " $2 " (stream " $1 "), " confidence[i] ": " sentence[i]
            }
            count[kind]++
        }
    }
    END {
        for (i = 1; i <= kinds; i++) {
            more = count[order[i]] - 1
            print first[order[i]] (more > 0 ? " (and " more " more so)" : "")
        }
    }'
}

# A word as a shell reads it.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# The command line that shows FOLDER/demo.pcapng with plugin and profile. What ./run install put in
# place is used: Wireshark warns of a second plugin at its start. Without it the profile comes from a
# folder of settings of the demo's own.
# Usage: wireshark_line FOLDER
wireshark_line() {
    installed=no
    for place in user system; do [ ! -f "$(list_of "$place")" ] || installed=yes; done
    if [ "$installed" = yes ]; then
        say "wireshark -C Seamark -r $(quoted "$1/demo.pcapng")"
        return
    fi
    mkdir -p "$1/settings/profiles/Seamark"
    cp plugin/profile/Seamark/* "$1/settings/profiles/Seamark/"
    chmod -R a+rX "$1/settings"
    say "WIRESHARK_PLUGIN_DIR=$(quoted "$1/plugins") WIRESHARK_CONFIG_DIR=$(quoted "$1/settings")" \
        "wireshark -C Seamark -r $(quoted "$1/demo.pcapng")"
}

demo() {
    need demo
    build_products
    out=$top/build/demo
    rm -rf "$out" && mkdir -p "$out"
    stage_plugin "$out"

    step "serving, capturing and recording in the lab"
    rc=0
    demo_lab "$out" 2>"$out/lab.log" || rc=$?
    if [ "$rc" -ne 0 ] && ! is_root && can_be_root; then
        note "(this user may make no network of its own, so root does)"
        rc=0
        demo_lab "$out" sudo 2>"$out/lab.log" && as_root chown "$(id -u):$(id -g)" "$out/demo.pcapng" || rc=$?
    fi
    [ "$rc" -eq 0 ] || die "there is no capture to show" "$(cat "$out/lab.log")"
    note "$(sed '/^look at it/,$d' "$out/lab.log")"

    # Read where any user can, since root's tshark runs as nobody.
    scratch=$(mktemp -d)
    chmod 755 "$scratch"
    stage_plugin "$scratch"
    cp "$out/demo.pcapng" "$scratch/" && chmod a+r "$scratch/demo.pcapng"
    step "tshark -q -r demo.pcapng -z seamark,chunks"
    tshark_in "$scratch" -q -r "$scratch/demo.pcapng" -z seamark,chunks
    step "in words"
    tshark_in "$scratch" -q -r "$scratch/demo.pcapng" -z seamark,chunks,json >"$scratch/chunks.json"
    /usr/bin/env python3 emitter/demo/seams.py <"$scratch/chunks.json" ||
        die "the capture does not show what the demo is for; it is kept as $out/demo.pcapng"
    step "and why"
    tshark_in "$scratch" -r "$scratch/demo.pcapng" -Y 'seamark.segment.cause && tcp.srcport == 8080' -T fields \
        -E 'aggregator=|' -e tcp.stream -e frame.number -e seamark.segment.cause.confidence \
        -e seamark.segment.cause.text >"$scratch/causes" || die "tshark could not read the causes from $out/demo.pcapng"
    demo_causes <"$scratch/causes"
    for cause in Nagle TCP_CORK; do
        grep -q "$cause" "$scratch/causes" || die "no segment waited for $cause; the capture is kept as $out/demo.pcapng"
    done
    step "the capture"
    say "$out/demo.pcapng"
    step "in Wireshark"
    wireshark_line "$out"
    ! is_root || say "(as a user who may read that. Wireshark run by root loads plugins from the system's folder only:" \
        "./run install puts it there)"
    command -v wireshark >/dev/null || say "(Wireshark itself is not installed here: apt-get install wireshark)"
}
