// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/lanes/lane.hpp"
#include "core/report/piece_words.hpp"

namespace seamark::words {

/// "event", "comment", "fields": what one of a body's events is.
std::string_view kind(const Item& item);
/// "3 token" of an event with a name, "3" without; "comment".
std::string label(const ItemPiece& piece, Content content = Content::kShown);
/// Whether an event of a coded body was kept by its compressor until it was given what followed.
bool kept_by_compressor(const Item& item);
/// The same as a sentence: "no flush after it: gzip released it only with what followed, at byte
/// 400 of the body"; "" of one that was not kept, or of which it is not known.
std::string compressor(const Item& item, std::string_view coding);
/// Why the events of a body are not read, or not to its end: "" where they are.
std::string undecoded(const Message& message, const ItemList* items);
/// "event 3 (token, id 7), 73 bytes at offset 120 of the body of message 1".
std::string title(const ItemPiece& piece, Content content = Content::kShown);

}  // namespace seamark::words
