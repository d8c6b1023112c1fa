// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/item_words.hpp"

#include "core/base/number_text.hpp"
#include "core/report/piece_words.hpp"

namespace seamark::words {

std::string_view kind(const Item& item) {
    switch (item.kind) {
        case ItemKind::kEvent:
            return "event";
        case ItemKind::kComment:
            return "comment";
        case ItemKind::kFields:
            return "fields";
    }
    return "";
}

std::string label(const ItemPiece& piece) {
    const Item& item = *piece.item;
    if (item.kind != ItemKind::kEvent) return std::string(kind(item));
    const std::string number = text(item.number);
    return item.name().empty() ? number : number + " " + printable(item.name());
}

std::string title(const ItemPiece& piece) {
    const Item& item = *piece.item;
    std::string out(kind(item));
    if (item.kind == ItemKind::kEvent) out += " " + text(item.number);
    std::string names = printable(item.name());
    if (!item.id().empty()) names += (names.empty() ? "id " : ", id ") + printable(item.id());
    if (!names.empty()) out += " (" + names + ")";
    out += ", " + count(item.range.length(), "byte") + " at offset " +
           text(item.range.begin.value) + " of the body of message " +
           text(std::uint64_t{piece.message} + 1);
    if (!item.ended) out += "; its end was not found";
    if (item.damaged) out += "; bytes of it, or in front of it, are missing";
    return out;
}

}  // namespace seamark::words
