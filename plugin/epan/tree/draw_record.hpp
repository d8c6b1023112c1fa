// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tree/canvas.hpp"

namespace seamark {

/// The TLS records of which this segment carried bytes first, and what is wrong with them.
void draw_records(const Canvas& canvas, proto_tree* root);

}  // namespace seamark
