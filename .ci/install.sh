# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run install and uninstall

# The list of what was put there: files, then the folders that were made for them.
# Usage: list_of system|user
list_of() {
    case $1 in
    system) say /usr/local/share/seamark/installed ;;
    user) say "${XDG_DATA_HOME:-$HOME/.local/share}/seamark/installed" ;;
    esac
}

# Where things go: sets scope (if the caller did not), where and settings (tshark's names for them), bindir, list.
places() {
    is_root && default=system || default=user
    case ${scope:=$default} in
    system) where='Global Plugins' settings='Global configuration' bindir=/usr/local/bin ;;
    user) where='Personal Plugins' settings='Personal configuration' bindir=$HOME/.local/bin ;;
    esac
    list=$(list_of "$scope")
}

# What tshark -G folders calls NAME, without a caller's WIRESHARK_PLUGIN_DIR, which would take the
# place of the global folder.
# Usage: folder_of NAME
folder_of() {
    found=$(env -u WIRESHARK_PLUGIN_DIR tshark -G folders 2>/dev/null | sed -n "s/^$1:[[:space:]]*//p")
    [ -n "$found" ] || die "tshark -G folders does not name its folder '$1'"
    say "$found"
}

# The files of the profile "Seamark", and beside the list a copy of each as it was put there, which
# shows whether it has been changed since: what a user changed is neither overwritten nor removed.
# "recent" has the widths of columns; Wireshark writes it anew whenever it ends.
profile_files='preferences colorfilters dfilter_buttons recent'
profile_copy() { say "$(dirname "$list")/profile/$(basename "$1")"; }

# Usage: install_profile FOLDER
install_profile() {
    for file in $profile_files; do
        source=plugin/profile/Seamark/$file
        if [ -e "$1/$file" ] && ! cmp -s "$1/$file" "$(profile_copy "$file")" && ! cmp -s "$1/$file" "$source"; then
            [ "$file" = recent ] || say "kept:    $1/$file (it was changed there; $top/$source is the new one)"
            continue
        fi
        writing install -D -m 644 "$source" "$1/$file"
        writing install -D -m 644 "$source" "$(profile_copy "$file")"
    done
    say "profile: $1 (in Wireshark: Edit > Configuration Profiles; or -C Seamark)"
}

# Where Wireshark looks for programs that capture. A user's own folder is among the settings of Wireshark
# 4.0, beside the plugins of 4.4, whose list names both; that of 4.0 names the system's alone.
extcap_folder() {
    case $scope in
    system) listed='(Global )?' ;;
    user) listed='Personal ' ;;
    esac
    found=$(env -u WIRESHARK_EXTCAP_DIR tshark -G folders 2>/dev/null |
        sed -n -E "s/^${listed}Extcap path:[[:space:]]*//p" | head -n 1)
    if [ -n "$found" ] || [ "$scope" = system ]; then say "$found"; else say "$(folder_of "$settings")/extcap"; fi
}

# Only the system's folders ask for another user.
writing() { if [ "$scope" = system ]; then as_root "$@"; else "$@"; fi; }

# The folders above a path that do not exist yet, the deepest first.
missing_folders() {
    folder=$(dirname "$1")
    while [ ! -d "$folder" ]; do say "$folder" && folder=$(dirname "$folder"); done
}

# May this user put things there? Says where that is (places).
may_install() {
    places
    [ "$scope" = system ] || ! is_root ||
        die "Wireshark run by root ignores personal plugins" \
            "Install as the user who runs Wireshark, or with --system."
    [ "$scope" = user ] || can_be_root || die "--system needs root or sudo" "For this user alone: --user"
}

install_products() {
    may_install # before it takes minutes
    need install
    build_products
    put_products
}

# Puts in place what is there already: the files that $plugin, $emitter and $library name.
put_products() {
    may_install
    plugins=$(folder_of "$where")
    profile=$(folder_of "$settings")/profiles/Seamark
    extcap=$(extcap_folder)/seamark-lab

    # Two copies would be one too many for Wireshark, which warns of it at each start.
    ! dpkg -s wireshark-plugin-seamark >/dev/null 2>&1 ||
        die "Seamark is installed as a package already" "To take that away: apt remove seamark wireshark-plugin-seamark"
    for other in system user; do
        [ "$other" = "$scope" ] || [ ! -f "$(list_of "$other")" ] ||
            die "Seamark is installed for the $other already" "./run uninstall --$other takes it away."
    done
    [ ! -e "$bindir/seamark" ] || grep -qxF "$bindir/seamark" "$list" 2>/dev/null ||
        die "$bindir/seamark is there already, and not from ./run install" "Move it away, then try again."
    entries=$(
        say "$plugins/epan/seamark.so"
        say "$bindir/seamark"
        say "${bindir%/bin}/lib/seamark/libseamark_trace.so"
        say "$extcap"
        missing_folders "$extcap"
        for file in $profile_files; do say "$profile/$file"; done
        for file in $profile_files; do profile_copy "$file"; done
        missing_folders "$profile/preferences"
        [ -d "$(dirname "$list")/profile" ] || say "$(dirname "$list")/profile"
        missing_folders "$plugins/epan/seamark.so"
        missing_folders "${bindir%/bin}/lib/seamark/libseamark_trace.so"
        missing_folders "$bindir/seamark"
        missing_folders "$list"
        [ ! -f "$list" ] || cat "$list"
    )
    writing mkdir -p "$(dirname "$list")"
    say "$entries" | awk '!seen[$0]++' | writing tee "$list.new" >/dev/null
    writing mv "$list.new" "$list"
    writing install -D -m 644 "$plugin" "$plugins/epan/seamark.so"
    writing install -D -m 755 "$emitter" "$bindir/seamark"
    writing install -D -m 644 "$library" "${bindir%/bin}/lib/seamark/libseamark_trace.so"
    writing mkdir -p "$(dirname "$extcap")"
    # shellcheck disable=SC2016 # for the script that is written
    printf '#!/bin/sh\n# Wireshark asks this for its interfaces; put here by Seamark.\nexec "%s" extcap "$@"\n' \
        "$bindir/seamark" | writing tee "$extcap" >/dev/null
    writing chmod 755 "$extcap"
    install_profile "$profile"
    say "plugin:  $plugins/epan/seamark.so"
    say "lab:     $extcap (an interface in Wireshark's list)"
    say "emitter: $bindir/seamark"

    loaded=$(env -u WIRESHARK_PLUGIN_DIR tshark -G plugins 2>&1 | grep '^seamark' || :)
    case $loaded in
    *"$plugins"*) say "loaded:  $loaded" ;;
    *) die "Wireshark $running does not load the plugin" "tshark -G plugins says: ${loaded:-nothing of seamark}" ;;
    esac
    say "To check it yourself: tshark -G plugins | grep seamark"
    say "In the GUI: Help > About Wireshark > Plugins. A Wireshark that is open now must be started anew."
    case :$PATH: in *:"$bindir":*) ;; *) say "$bindir is not on your PATH. In this shell: export PATH=\"$bindir:\$PATH\"" ;; esac
}

uninstall_products() {
    places
    [ -f "$list" ] || die "nothing of ./run install is there for $scope ($list does not exist)"
    [ "$scope" = user ] || can_be_root || die "--system needs root or sudo"
    while IFS= read -r entry; do
        if [ -d "$entry" ]; then
            continue
        elif case $entry in */profiles/Seamark/*) [ -e "$entry" ] && ! cmp -s "$entry" "$(profile_copy "$entry")" ;; *) false ;; esac; then
            say "kept:    $entry (it was changed since)"
        elif [ -e "$entry" ]; then
            writing rm -f "$entry" && say "removed: $entry"
        fi
    done <"$list"
    folders=$(while IFS= read -r entry; do [ ! -d "$entry" ] || say "$entry"; done <"$list" | sort -r)
    writing rm -f "$list"
    # What others have put into such a folder since keeps it.
    say "$folders" | while IFS= read -r folder; do
        [ -z "$folder" ] || writing rmdir "$folder" 2>/dev/null || :
    done
}
