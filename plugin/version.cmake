# SPDX-License-Identifier: GPL-2.0-or-later
# The version of plugin, emitter and packages. It is written here alone, since Wireshark's own build has
# no other file of ours; .ci/package.sh reads this line too.
set(SEAMARK_VERSION 0.1.0)
