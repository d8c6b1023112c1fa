// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/lanes/lane.hpp"

namespace seamark::words {

/// "event", "comment", "fields": what one of a body's events is.
std::string_view kind(const Item& item);
/// "3 token" of an event with a name, "3" without; "comment".
std::string label(const ItemPiece& piece);
/// "event 3 (token, id 7), 73 bytes at offset 120 of the body of message 1".
std::string title(const ItemPiece& piece);

}  // namespace seamark::words
