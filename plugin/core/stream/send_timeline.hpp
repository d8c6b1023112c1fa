// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/display_text.hpp"
#include "core/base/value_timeline.hpp"
#include "core/event/io_event.hpp"

namespace seamark {

/// What held at a sending socket at one moment, as far as events tell.
struct SendOptions {
    std::uint32_t congestion = 0;   // number of the congestion control; 0: not known
    bool control_paces = false;     // that one spaces packets out by itself, as BBR does
    bool paced = false;             // SO_MAX_PACING_RATE was set: TCP paces with any of them
    std::optional<bool> nodelay = {};  // TCP_NODELAY, as it was set; empty: no event set it
    std::optional<bool> cork = {};     // TCP_CORK, likewise
};

/// Options, congestion control and pacing of a sending socket over time. A fact counts at its own
/// moment: what is set later says nothing of a call before it.
class SendTimeline {
  public:
    /// Whether an event has something to note.
    static bool tells(const IoEvent& event) {
        return !event.congestion.empty() || event.kind == EventKind::kOption;
    }
    void note(const IoEvent& event);
    SendOptions at(std::int64_t time) const;
    /// Fit to be shown; empty where there is none with this number.
    std::string_view congestion_name(std::uint64_t number) const {
        if (number == 0 || number > names_.size()) return {};
        return names_[number - 1].string();
    }

  private:
    std::uint32_t number_of(std::string_view recorded);

    ValueTimeline<std::uint32_t> congestion_;
    ValueTimeline<bool> paced_;
    ValueTimeline<bool> nodelay_;
    ValueTimeline<bool> cork_;
    std::vector<DisplayText> names_;
    bool congestion_was_read_ = false;  // the first note is what a call found, not what one set
};

}  // namespace seamark
