// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/delay_story.hpp"

#include <algorithm>
#include <string>

#include "core/base/number_text.hpp"
#include "core/report/delay_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

using words::text;

/// Whether a frame carries bytes of the path's message on any leg.
bool carries(const ExchangePath& path, FrameNumber frame) {
    return std::any_of(path.legs().begin(), path.legs().end(), [&](const PathLeg& leg) {
        const Stream& carrying = leg.leg.stream().carrying();
        return !Overlay(carrying).segments_of(frame).empty();
    });
}

std::string name(const EventDelay& delay) {
    return "Event " + text(delay.number) + " took " + words::milliseconds(delay.total);
}

}  // namespace

void tell_delays(const std::vector<CaptureEntry>& entries, FrameNumber frame, const LegPairs* legs,
                 Prose& page) {
    Listing listing(page);
    std::vector<const Connection*> connections;
    connections.reserve(entries.size());
    for (const CaptureEntry& entry : entries) connections.push_back(entry.connection);
    for (const ExchangePath& path : exchange_paths(connections, legs)) {
        if (!path.of_events() || !carries(path, frame)) continue;
        const words::DelayPlaces places(entries, path);
        DelayReader reader(path);
        path.each_unit([&](const DelayUnit& unit) {
            const EventDelay* delay = reader.read(unit);
            if (delay == nullptr ||
                std::find(delay->frames.begin(), delay->frames.end(), frame) == delay->frames.end())
                return;
            const DelayShare* holder = delay->holder();
            if (holder == nullptr) return;
            if (listing.count() == 0) page.heading("Where the time of its events went");
            listing.add(name(*delay) + ": " + words::held(places, *holder, delay->total));
        });
    }
    listing.end();
}

}  // namespace seamark
