// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/block_vector.hpp"
#include "core/base/offset.hpp"
#include "core/base/text_pool.hpp"
#include "core/body/decoding.hpp"

namespace seamark {

enum class ItemKind : std::uint8_t {
    kEvent,    // a server-sent event, a line, a sequence element, a part
    kComment,  // server-sent: comment lines alone, as servers send to keep a connection open
    kFields,   // server-sent: fields without data (retry, id), which dispatch no event
};

/// Where one of a coded body's events lies in the body: from the byte with which its first byte
/// became decodable to the one with which its last did, decoders being given a byte after the
/// other. Events in a row may share a byte.
struct CodedItem {
    BodyRange range;
    /// Whether the compressor ended a block after the event's last byte, as it does to flush. Where
    /// it did not, the event left the compressor only with what followed.
    enum class Release : std::uint8_t { kUnknown, kFlushed, kInsideBlock };
    Release release = Release::kUnknown;
};

/// One event of a streamed body: a range of its data, and its names. The data itself is not kept.
struct Item {
    DataRange range;             // with what ends it; of one that has no end, as far as it goes
    const char* text = nullptr;  // name and id as written, one after the other, in the list's pool
    std::uint8_t name_length = 0;
    std::uint8_t id_length = 0;
    ItemKind kind = ItemKind::kEvent;
    bool ended = false;        // the format's end of an event was found
    bool damaged = false;      // bytes of it, or in front of it, are missing: it may be several
    std::uint32_t number = 0;  // among the events of its body, from 1; 0 of what is no event
    const CodedItem* coded = nullptr;  // the list's; null: the body has no content coding

    /// The value of `event:`, and that of `id:`. The list owns the bytes.
    std::string_view name() const { return {text, name_length}; }
    std::string_view id() const { return {text + name_length, id_length}; }
};
static_assert(sizeof(Item) <= 48, "an event costs a compact record");

/// The events of one body, in order. Ranges do not overlap.
struct ItemList {
    /// A longer name or id is cut.
    static constexpr std::size_t kLongestName = 100;

    BlockVector<Item> items;
    TextPool names;
    std::uint32_t events = 0;
    BlockVector<CodedItem> coded;  // of a coded body, one for each item
    Decoding decoding = Decoding::kNone;
    BodyOffset decoded;  // of a coded body: how much of it was decoded

    void add(Item item, std::string_view name = {}, std::string_view id = {}) {
        name = name.substr(0, kLongestName);
        id = id.substr(0, kLongestName);
        if (!name.empty() || !id.empty()) {
            name_and_id_.assign(name).append(id);
            item.text = names.add(name_and_id_);
        }
        item.name_length = static_cast<std::uint8_t>(name.size());
        item.id_length = static_cast<std::uint8_t>(id.size());
        if (item.kind == ItemKind::kEvent) item.number = ++events;
        items.push_back(item);
    }

  private:
    std::string name_and_id_;
};

}  // namespace seamark
