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

/// Whether TCP itself spaces packets out, as far as events show.
enum class Paced : std::uint8_t {
    kUnknown,    // not recorded
    kNo,         // not by SO_MAX_PACING_RATE, nor by what was in force before
    kPerhaps,    // it did, and Linux does not end it with what began it
    kByControl,  // the congestion control does, as BBR
    kByLimit,    // SO_MAX_PACING_RATE is set
};

/// What held at a sending socket at one moment, as far as events show.
struct SendOptions {
    std::uint32_t congestion = 0;  // number of the congestion control; 0: not known
    Paced paced = Paced::kUnknown;
    std::int64_t paced_since = 0;        // of kPerhaps and kUnknown: ns since 1970, since when
    std::optional<bool> nodelay = {};    // TCP_NODELAY, as it was set; empty: no event set it
    std::optional<bool> cork = {};       // TCP_CORK, likewise
    std::optional<bool> autocorks = {};  // tcp_autocorking of the system
};

/// Options, congestion control and pacing of a sending socket over time. A fact counts at its own
/// moment: what is set later says nothing of a call before it.
class SendTimeline {
  public:
    /// Whether an event has something to note.
    static bool tells(const IoEvent& event) {
        return !event.congestion.empty() || event.kind == EventKind::kOption || event.pacing ||
               event.pacing_limit || event.autocorking;
    }
    void note(const IoEvent& event);
    SendOptions at(std::int64_t time) const;
    /// Whether an event changed the option after `from`, up to `to`, or may have: of a change that
    /// a recorder found only the moments are known between which it lies.
    bool cork_changes(std::int64_t from, std::int64_t to) const {
        return cork_.changes(from, to) || meets(cork_found_, from, to);
    }
    bool nodelay_changes(std::int64_t from, std::int64_t to) const {
        return nodelay_.changes(from, to) || meets(nodelay_found_, from, to);
    }
    /// Fit to be shown; empty where there is none with this number.
    std::string_view congestion_name(std::uint64_t number) const {
        if (number == 0 || number > names_.size()) return {};
        return names_[number - 1].string();
    }

  private:
    struct Period {
        std::int64_t begin;
        std::int64_t end;
    };
    static bool meets(const std::vector<Period>& periods, std::int64_t from, std::int64_t to);
    void note_found(const IoEvent& event);
    std::uint32_t number_of(std::string_view recorded);

    bool paces(std::uint32_t congestion) const {
        return congestion_name(congestion).starts_with("bbr");
    }
    void note_paced(std::int64_t time, SendOptions& options) const;
    /// Since when what made TCP pace does no more; empty where nothing did.
    std::optional<std::int64_t> pacing_left(std::int64_t time) const;
    void note_congestion(const IoEvent& event, std::int64_t time);
    void note_pacing(const IoEvent& event, std::int64_t time);

    ValueTimeline<std::uint32_t> congestion_;
    ValueTimeline<bool> limited_;  // SO_MAX_PACING_RATE
    ValueTimeline<bool> status_;   // what the kernel said: TCP paces
    ValueTimeline<bool> nodelay_;
    ValueTimeline<bool> cork_;
    ValueTimeline<bool> autocorks_;
    // In each of these periods another process changed something, which was found at its end:
    std::vector<Period> nodelay_found_;
    std::vector<Period> cork_found_;
    std::vector<Period> pacing_found_;  // pacing rate or congestion control
    std::vector<DisplayText> names_;
    bool congestion_was_read_ = false;  // the first note is what a call found, not what one set
};

}  // namespace seamark
