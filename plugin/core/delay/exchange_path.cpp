// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/delay/exchange_path.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace seamark {
namespace {

PathLeg make(const Leg& leg) {
    PathLeg made;
    made.leg = leg;
    const auto map = std::make_shared<BodyMap>(leg.stream().messages(), leg.message);
    map->extend();
    made.map = map;
    made.items = leg.stream().items(leg.message);
    return made;
}

/// The events of both bodies are the same ones, by where they lie in the data and by their names.
bool same_items(const PathLeg& a, const PathLeg& b) {
    if (a.items == nullptr || b.items == nullptr) return false;
    const auto& first = a.items->list->items;
    const auto& second = b.items->list->items;
    const std::size_t both = std::min(first.size(), second.size());
    if (both == 0 || a.items->format != b.items->format) return false;
    for (std::size_t i = 0; i < both; ++i)
        if (first[i].kind != second[i].kind ||
            (first[i].ended && second[i].ended && first[i].range != second[i].range) ||
            first[i].name() != second[i].name() || first[i].id() != second[i].id())
            return false;
    return true;
}

/// Gives each leg the points of its direction, which are the same for all messages of that.
void find_points(std::vector<ExchangePath>& paths) {
    std::map<std::pair<const Connection*, Side>, std::shared_ptr<const LegPoints>> found;
    for (ExchangePath& path : paths) {
        for (std::size_t i = 0; i < path.legs().size(); ++i) {
            const Leg& leg = path.legs()[i].leg;
            const Connection& carrying = leg.connection->carrying();
            if (carrying.capture_points().count() < 2) continue;
            auto& points = found[{&carrying, leg.sender}];
            if (!points) points = std::make_shared<LegPoints>(carrying, leg.sender);
            if (points->several()) path.set_points(i, points);
        }
    }
}

}  // namespace

ExchangePath::ExchangePath(const Leg& client, const LegPairs* legs) {
    legs_.push_back(make(client));
    // No more legs than an exchange can have; each is of another connection.
    constexpr std::size_t kMostLegs = 16;
    while (legs != nullptr && legs_.size() < kMostLegs) {
        const Leg at = legs_.back().leg;
        const LegPair* pair = legs->by_downstream(at);
        const auto doubt = legs->doubts().find(at);
        const Leg* candidate =
            pair == nullptr && doubt != legs->doubts().end() && doubt->second == LegDoubt::kCoding
                ? legs->candidate(at)
                : nullptr;
        if (pair == nullptr && candidate == nullptr) {
            doubted_ = doubt != legs->doubts().end();
            break;
        }
        PathLeg above = make(pair != nullptr ? pair->upstream : *candidate);
        above.by_items = pair == nullptr || pair->match != BodyMatch::kSame;
        above.known = pair != nullptr && pair->confidence == LegConfidence::kKnown;
        if (above.by_items && !same_items(above, legs_.back())) {
            doubted_ = true;
            break;
        }
        legs_.push_back(std::move(above));
    }
    std::reverse(legs_.begin(), legs_.end());
}

void ExchangePath::ranges(const DelayUnit& unit, std::vector<BodyRange>& out) const {
    out.assign(legs_.size(), unit.range);
    for (std::size_t i = legs_.size() - 1; i-- > 0;) {
        out[i] = out[i + 1];
        if (!legs_[i].by_items) continue;
        const auto& items = legs_[i].items->list->items;
        out[i] = unit.item < items.size() && items[unit.item].ended
                     ? BodyItems::in_body(items[unit.item])
                     : BodyRange{};
    }
}

std::vector<ExchangePath> exchange_paths(std::span<const Connection* const> connections,
                                         const LegPairs* legs) {
    std::vector<ExchangePath> paths;
    std::set<Leg> above;  // legs that another one continues
    for (const Connection* connection : connections) {
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            const MessageIndex messages = connection->stream(side).messages();
            for (std::uint32_t i = 0; i < messages.size(); ++i) {
                const Message& m = messages[i];
                if (m.dropped || m.is_request() || m.line.status < 200 || !m.head_whole) continue;
                const Leg leg{connection, side, i};
                ExchangePath path(leg, legs);
                if (!path.of_events() && path.server().leg.response().chunk_count == 0) continue;
                const auto taken = path.legs();
                for (std::size_t k = 0; k + 1 < taken.size(); ++k) above.insert(taken[k].leg);
                paths.push_back(std::move(path));
            }
        }
    }
    std::erase_if(paths,
                  [&](const ExchangePath& path) { return above.contains(path.client().leg); });
    find_points(paths);
    return paths;
}

}  // namespace seamark
