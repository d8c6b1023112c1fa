// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/block_vector.hpp"
#include "core/base/offset.hpp"
#include "core/base/text_pool.hpp"

namespace seamark {

enum class ItemKind : std::uint8_t {
    kEvent,    // a server-sent event, a line, a sequence element, a part
    kComment,  // server-sent: comment lines alone, as servers send to keep a connection open
    kFields,   // server-sent: fields without data (retry, id), which dispatch no event
};

/// One event of a streamed body: a range of the body, and its names. Its data is not kept.
struct Item {
    BodyRange range;             // with what ends it; of one that has no end, as far as it goes
    const char* text = nullptr;  // name and id as written, one after the other, in the list's pool
    std::uint8_t name_length = 0;
    std::uint8_t id_length = 0;
    ItemKind kind = ItemKind::kEvent;
    bool ended = false;        // the format's end of an event was found
    bool damaged = false;      // bytes of it, or in front of it, are missing: it may be several
    std::uint32_t number = 0;  // among the events of its body, from 1; 0 of what is no event

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
