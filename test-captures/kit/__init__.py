# SPDX-License-Identifier: GPL-2.0-or-later
"""What recipes are written with: layout (the bytes), wire (the packets), oracle (the truth), files."""
