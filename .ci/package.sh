# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ./run package: what people install without a compiler, for the Debian that this is run on.

# "0.1.0" for the commit that is tagged v0.1.0, else with the commit after it, which sorts after it.
package_version() {
    version=$(sed -n 's/^set(SEAMARK_VERSION \([0-9.]*\))$/\1/p' plugin/version.cmake)
    if commit=$(git rev-parse --short=8 HEAD 2>/dev/null) && ! git tag --points-at HEAD | grep -qx "v$version"; then
        version=$version+git$(git log -1 --format=%cd --date=format:%Y%m%d).$commit
    fi
    say "$version"
}

# The tree of the last commit, the same bytes wherever it is packed.
# Usage: pack_source FOLDER
pack_source() {
    git rev-parse HEAD >/dev/null 2>&1 || { note "(no git here, so no tarball of the source)" && return; }
    git archive --format=tar --prefix="seamark-$version/" HEAD | gzip -9n >"$1/seamark-$version.tar.gz"
}

# Plugin and emitter with a script that puts them in place: install.sh refuses another Wireshark.
# Usage: pack_programs FOLDER
pack_programs() {
    debian=$(sed -n 's/^VERSION_ID="*\([0-9.]*\)"*/\1/p' /etc/os-release)
    name=seamark-$version-debian${debian:-sid}-wireshark$built-$(uname -m)
    staged=$scratch/$name
    mkdir -p "$staged/.ci" "$staged/plugin" "$staged/bin" "$staged/lib"
    cp -R plugin/profile "$staged/plugin/profile"
    cp .ci/say.sh .ci/install.sh "$staged/.ci/"
    cp -R docs LICENSE README.md CHANGELOG.md "$staged/"
    cp .ci/package/install.sh "$staged/install.sh"
    say "$built" >"$staged/wireshark-series"
    install -s -m 755 "$emitter" "$staged/bin/seamark"
    install -s -m 644 "$plugin" "$staged/plugin/seamark.so"
    install -s -m 644 "$library" "$staged/lib/libseamark_trace.so"
    tar -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$name" |
        gzip -9n >"$1/$name.tar.gz"
}

package() {
    need package
    version=$(package_version)
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
    export SOURCE_DATE_EPOCH
    scratch=$(mktemp -d)
    out=$top/build/packages
    rm -rf "$out" && mkdir -p "$out"
    build release "-DSEAMARK_TESTS=OFF" "-DSEAMARK_PACKAGE_VERSION=$version" -- seamark seamark_plugin seamark_interposer seamark_manual
    products
    step "packing"
    logged build/log/cpack cpack --config build/release/CPackConfig.cmake -B "$scratch/cpack" ||
        die "cpack failed" "Its message stands above."
    cp "$scratch"/cpack/*.deb "$out/"
    pack_programs "$out"
    pack_source "$out"
    (cd "$out" && sha256sum -- * >SHA256SUMS)
    say "in build/packages:"
    (cd "$out" && ls -sh1)
    say "To install the packages: apt install $out/*.deb"
}
