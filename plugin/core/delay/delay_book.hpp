// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "core/delay/delay_reader.hpp"

namespace seamark {

/// What held the events of a whole capture, for those who ask for one at a time: paths are found
/// once, and a response is read when it is first asked for. 24 bytes an event of such a response.
/// Borrows the connections and pairs of the last fill(), which must stay as they are until the
/// next.
class DelayBook {
  public:
    struct Entry {
        std::uint32_t number = 0;  // of the event, from 1
        DelayLayer layer = DelayLayer::kSender;
        Confidence confidence = Confidence::kConsistent;
        bool held = false;  // a layer is named
        // Of kHop: of the path, and of the leg's points the one it begins at; both below 16.
        std::uint8_t leg : 4 = 0;
        std::uint8_t point : 4 = 0;
        std::int64_t ns = 0;
        std::int64_t total = 0;
    };

    /// Of all connections of the capture, in order.
    void fill(std::vector<const Connection*> connections, const LegPairs* legs);
    bool filled() const { return filled_; }
    void clear();

    /// An event of a message, which is a leg of its path; null where nothing is known of it. Valid
    /// until the next call.
    const Entry* find(const Leg& leg, std::uint32_t number);
    /// The two interfaces of an event that a hop held, by PacketOrigin::interface. leg: as in
    /// find(), which gave the entry.
    std::pair<std::uint64_t, std::uint64_t> hop(const Leg& leg, const Entry& entry) const;

  private:
    struct Response {
        ExchangePath path;
        bool read = false;
        std::vector<Entry> entries;  // ascending by number
    };
    static void read(Response& response);

    bool filled_ = false;
    std::vector<Response> responses_;
    std::map<Leg, std::size_t> by_leg_;  // places in responses_
};

}  // namespace seamark
