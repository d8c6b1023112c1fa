// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/body/item_reader.hpp"
#include "core/stream/body_consumer.hpp"
#include "core/stream/body_map.hpp"

namespace seamark {

/// The events of one message's body, as far as they were read.
struct BodyItems {
    std::uint32_t message;  // index in the direction
    ItemFormat format;
    BodyMap map;
    std::unique_ptr<ItemList> list;  // readers point at it

    /// Calls visit(Item) for each event that has bytes of a range of the body.
    template <typename Visit>
    void each(BodyRange range, Visit visit) const {
        const auto& items = list->items;
        auto at = std::partition_point(items.begin(), items.end(), [&](const Item& item) {
            return item.range.end <= range.begin;
        });
        for (; at != items.end() && (*at).range.begin < range.end; ++at) visit(*at);
    }
    /// From its first to its last byte in the stream, chunk framing between them included; empty
    /// where it has none.
    ByteRange extent(const Item& item) const {
        ByteRange whole;
        map.each_in_stream(item.range, [&](BodyRange, ByteRange part, std::uint32_t) {
            if (whole.empty()) whole.begin = part.begin;
            whole.end = part.end;
        });
        return whole;
    }
};

/// Gives a body to the reader of its events.
class ItemConsumer final : public BodyConsumer {
  public:
    explicit ItemConsumer(std::unique_ptr<ItemReader> reader) : reader_(std::move(reader)) {}
    void take(BodyOffset at, std::span<const std::uint8_t> bytes) override {
        reader_->take(at, bytes);
    }
    void miss(BodyRange range) override { reader_->miss(range); }
    void end(bool complete) override { reader_->end(complete); }

  private:
    std::unique_ptr<ItemReader> reader_;
};

}  // namespace seamark
