// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/delay/leg_points.hpp"
#include "core/proxy/leg_pairs.hpp"
#include "core/stream/body_items.hpp"

namespace seamark {

/// One leg of a path.
struct PathLeg {
    Leg leg;
    std::shared_ptr<const BodyMap> map;
    const BodyItems* items = nullptr;  // null: its body has none
    // How its body's positions are found from those of the leg below it: they are the same, or the
    // events of both are. Of the client's leg: neither.
    bool by_items = false;
    // Where it was captured; null: at one place.
    std::shared_ptr<const LegPoints> points = nullptr;
    bool known = true;  // that it and the leg below are legs of one exchange
};

/// An event of a body, or, of a body without events, a chunk with data, as the server cut it.
struct DelayUnit {
    std::uint32_t number = 0;  // of the event or chunk in its message, from 1
    std::size_t item = 0;      // among the body's items; of a chunk: 0
    BodyRange range;           // of the client's body
    bool kept = false;         // by a compressor
};

/// The legs that one response took, from the server whose answer is captured first to the client:
/// as far as pairs show them. Borrows connections.
class ExchangePath {
  public:
    /// client: the leg that no other one in the capture continues. legs: null: nothing is paired.
    ExchangePath(const Leg& client, const LegPairs* legs);

    std::span<const PathLeg> legs() const { return legs_; }
    /// Of the leg's direction.
    void set_points(std::size_t leg, std::shared_ptr<const LegPoints> points) {
        legs_[leg].points = std::move(points);
    }
    const PathLeg& client() const { return legs_.back(); }
    const PathLeg& server() const { return legs_.front(); }
    /// Whether its units are events; else they are chunks.
    bool of_events() const { return client().items != nullptr; }
    /// Another exchange may be the leg above the server's.
    bool doubted() const { return doubted_; }
    /// The body range of a unit on each leg, in the order of legs().
    void ranges(const DelayUnit& unit, std::vector<BodyRange>& out) const;

    /// Calls visit(DelayUnit) for each whole one, in order.
    template <typename Visit>
    void each_unit(Visit visit) const {
        if (client().items != nullptr) {
            const auto& items = client().items->list->items;
            for (std::size_t i = 0; i < items.size(); ++i) {
                const Item& item = items[i];
                if (item.kind != ItemKind::kEvent || !item.ended || item.damaged) continue;
                visit(DelayUnit{item.number, i, BodyItems::in_body(item),
                                item.coded != nullptr &&
                                    item.coded->release == CodedItem::Release::kInsideBlock});
            }
            return;
        }
        const BodyRange all{BodyOffset{}, BodyOffset::max()};
        server().map->each_in_stream(all, [&](BodyRange range, ByteRange, std::uint32_t chunk) {
            if (chunk != BodyMap::kNoChunk) visit(DelayUnit{chunk + 1, 0, range, false});
        });
    }

  private:
    std::vector<PathLeg> legs_;
    bool doubted_ = false;
};

/// A path for each final response that no other one in the capture continues, in the order of the
/// connections given. Those without a body of events or chunks are left out.
std::vector<ExchangePath> exchange_paths(std::span<const Connection* const> connections,
                                         const LegPairs* legs);

}  // namespace seamark
