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

std::string label(const ItemPiece& piece, Content content) {
    const Item& item = *piece.item;
    if (item.kind != ItemKind::kEvent) return std::string(kind(item));
    const std::string number = text(item.number);
    return item.name().empty() || content == Content::kLeftOut
               ? number
               : number + " " + printable(item.name());
}

bool kept_by_compressor(const Item& item) {
    return item.coded != nullptr && item.coded->release == CodedItem::Release::kInsideBlock;
}

std::string compressor(const Item& item, std::string_view coding) {
    if (!kept_by_compressor(item)) return {};
    return "the compressor: no flush after it, so that " + printable(coding) +
           " released it only with what followed";
}

std::string undecoded(const Message& message, const ItemList* items) {
    if (message.coding.empty()) return {};
    const std::string coding = printable(message.coding);
    if (items == nullptr || items->decoding == Decoding::kUnknown)
        return "its events (" + std::string(to_string(item_media(message.media).format)) +
               ") are inside the content coding " + coding + ", which is not undone";
    const auto stopped = [&](const char* why) {
        return "its events are read up to byte " + text(items->decoded.value) +
               " of the body: " + why;
    };
    switch (items->decoding) {
        case Decoding::kNone:
        case Decoding::kUnknown:
        case Decoding::kGoesOn:
        case Decoding::kDone:
            return {};
        case Decoding::kBroken:
            return stopped(("what follows is no " + coding).c_str());
        case Decoding::kMissing:
            return stopped(
                ("bytes are missing there, and " + coding + " cannot be decoded past them")
                    .c_str());
        case Decoding::kRatio:
            return stopped(
                ("it is decoded to far more than was sent (preference seamark.decode_ratio)"));
        case Decoding::kMemory:
            return stopped("decoding needs more memory than preference seamark.decode_mib allows");
    }
    return {};
}

std::string title(const ItemPiece& piece, Content content) {
    const Item& item = *piece.item;
    std::string out(kind(item));
    if (item.kind == ItemKind::kEvent) out += " " + text(item.number);
    std::string names = printable(item.name());
    if (!item.id().empty()) names += (names.empty() ? "id " : ", id ") + printable(item.id());
    if (!names.empty() && content == Content::kShown) out += " (" + names + ")";
    out += ", " + count(item.range.length(), "byte") + " at offset " +
           text(item.range.begin.value) + " of the " + (item.coded != nullptr ? "decoded " : "") +
           "body of message " + text(std::uint64_t{piece.message} + 1);
    if (item.coded != nullptr)
        out +=
            "; decodable with byte " + text(item.coded->range.end.value - 1) + " of the coded body";
    if (kept_by_compressor(item))
        out += "; no flush after it: it left the compressor only with what followed";
    if (!item.ended) out += "; its end was not found";
    if (item.damaged) out += "; bytes of it, or in front of it, are missing";
    return out;
}

}  // namespace seamark::words
