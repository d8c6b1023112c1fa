// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/body/coded_reader.hpp"
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

    /// The bytes of the body that carry an event: its own, or, inside a content coding, those with
    /// which it became decodable.
    static BodyRange in_body(const Item& item) {
        if (item.coded != nullptr) return item.coded->range;
        return {BodyOffset{item.range.begin.value}, BodyOffset{item.range.end.value}};
    }
    /// Calls visit(Item) for each event that has bytes of a range of the body.
    template <typename Visit>
    void each(BodyRange range, Visit visit) const {
        const auto& items = list->items;
        auto at = std::partition_point(items.begin(), items.end(), [&](const Item& item) {
            return in_body(item).end <= range.begin;
        });
        for (; at != items.end() && in_body(*at).begin < range.end; ++at) visit(*at);
    }
    /// From its first to its last byte in the stream, chunk framing between them included; empty
    /// where it has none.
    ByteRange extent(const Item& item) const {
        ByteRange whole;
        map.each_in_stream(in_body(item), [&](BodyRange, ByteRange part, std::uint32_t) {
            if (whole.empty()) whole.begin = part.begin;
            whole.end = part.end;
        });
        return whole;
    }
};

/// Gives a body without a content coding to the reader of its events.
class ItemConsumer final : public BodyConsumer {
  public:
    explicit ItemConsumer(std::unique_ptr<ItemReader> reader) : reader_(std::move(reader)) {}
    void take(BodyOffset at, std::span<const std::uint8_t> bytes) override {
        reader_->take(DataOffset{at.value}, bytes);
    }
    void miss(BodyRange range) override {
        reader_->miss({DataOffset{range.begin.value}, DataOffset{range.end.value}});
    }
    void end(bool complete) override { reader_->end(complete); }

  private:
    std::unique_ptr<ItemReader> reader_;
};

/// Gives one with a coding to what undoes it.
class CodedConsumer final : public BodyConsumer {
  public:
    CodedConsumer(std::string_view coding, std::unique_ptr<ItemReader> reader, ItemList& items,
                  DecodingBudget& budget)
        : reader_(coding, std::move(reader), items, budget) {}
    void take(BodyOffset at, std::span<const std::uint8_t> bytes) override {
        reader_.take(at, bytes);
    }
    void miss(BodyRange range) override { reader_.miss(range); }
    void end(bool complete) override { reader_.end(complete); }

  private:
    CodedReader reader_;
};

}  // namespace seamark
