# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tshark with the plugin that was just built.

# A folder that any user can read, with the plugin in the shape that WIRESHARK_PLUGIN_DIR asks for.
# Usage: stage_plugin FOLDER
stage_plugin() {
    mkdir -p "$1/plugins/$built/epan" "$1/home"
    cp "$plugin" "$1/plugins/$built/epan/seamark.so"
    chmod -R a+rX "$1"
}

# tshark with the plugin of a staged folder and nobody's settings. Run by root, Debian's tshark
# ignores WIRESHARK_PLUGIN_DIR, so root becomes nobody first.
# Usage: tshark_in FOLDER ARGUMENT...
tshark_in() {
    folder=$1
    shift
    set -- env HOME="$folder/home" WIRESHARK_CONFIG_DIR="$folder/home" XDG_RUNTIME_DIR="$folder/home" \
        WIRESHARK_PLUGIN_DIR="$folder/plugins" tshark "$@"
    if is_root; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"
    else
        "$@"
    fi
}
