// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "core/base/json_writer.hpp"
#include "core/picture/delay_band.hpp"
#include "core/picture/page_lane.hpp"

namespace seamark {

/// Where the bytes of an event are on a view's axis.
using DelayAxis = std::function<OnAxis(const DelayRow&)>;

/// Appends the member "delays" of a view, as docs/page.md describes it: nothing where there is no
/// band. What is drawn of a row follows from its shares, so no text of it is written.
void write_page_delays(const std::vector<DelayBand>& bands, const DelayAxis& axis,
                       PageTables& tables, JsonWriter& json);

}  // namespace seamark
