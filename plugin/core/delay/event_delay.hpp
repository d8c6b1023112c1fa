// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/byte_range.hpp"
#include "core/cause/verdict.hpp"

namespace seamark {

/// Where the time of an event went, from the application down to the receiver.
enum class DelayLayer : std::uint8_t {
    kApplication,  // between the writes of the event before and of this one, time in calls aside
    kSender,       // no writes were recorded: application and kernel as one, between their packets
    kStack,        // from the write to the capture of its last byte, and in the writes before it
    kWire,         // bytes in front of it, or its own, were missing or sent again
    kHop,          // between two points of capture of one leg
    kRest,         // for the rest of a TLS record, or for what a compressor gave out later
    kReceiver,     // from there to the return of the read that took it out
    kProxy,        // between two legs; with its kernel where its calls are not recorded
};
inline constexpr std::size_t kDelayLayers = 8;

/// A share of the time of one event.
struct DelayShare {
    DelayLayer layer = DelayLayer::kSender;
    std::uint32_t leg = 0;  // in the path, from 0, the server's first; of kProxy the one above it
    std::int64_t ns = 0;    // >= 0
    bool since_request = false;  // of the first event: it counts from the request
    Confidence confidence = Confidence::kConsistent;  // that the time was spent there
    CauseList causes = {};                            // of kStack; may be empty
    Confidence cause_confidence = Confidence::kUnknown;
    std::uint32_t point = 0;  // of kHop: of the leg's points the one it begins at, from 0
};

/// The time of one event of a body, or of one chunk: from when the event before it was written (or
/// captured) to when this one could be read, or was.
struct EventDelay {
    std::uint32_t number = 0;         // of the event or chunk in its message, from 1
    std::vector<FrameNumber> frames;  // that carried its last byte, by leg
    // When the event before it was written (captured), of the first one when the request was there;
    // where that is not known, its own write. ns since 1970, by the clock of the server's leg.
    std::int64_t begin = 0;
    std::int64_t ready = 0;           // at the client's leg, ns since 1970, by capture
    std::optional<std::int64_t> gap;  // from the event before it, ready to ready
    std::vector<DelayShare> shares;   // in the order of the path
    std::int64_t total = 0;           // of the shares
    bool comparable = true;  // false: times run back between two places; there is no holder
    bool kept = false;       // a compressor kept it until it was given what followed

    /// That carried its last byte to the client.
    FrameNumber frame() const { return frames.back(); }
    /// The largest share; null where nothing is comparable, or nothing took time.
    const DelayShare* holder() const {
        const DelayShare* most = nullptr;
        for (const DelayShare& share : shares)
            if (comparable && share.ns > 0 && (most == nullptr || share.ns > most->ns))
                most = &share;
        return most;
    }
};

}  // namespace seamark
