// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/cause/segment_judge.hpp"
#include "core/delay/event_delay.hpp"
#include "core/delay/exchange_path.hpp"
#include "core/delay/leg_clock.hpp"

namespace seamark {

/// Reads where the time of each event of a path went. Units are asked for in order. Borrows the
/// path, which must stay as it is.
///
/// A share is known only by what was recorded or what packets exclude: the pace of an application
/// by its calls, while nothing shows that the kernel made it wait; the time from a write to the
/// wire where the capture surely was taken at the sender; a proxy's by its calls and by the
/// acknowledgement of what it had received; a receiver's read likewise. It has to be more than half
/// of the time, so that nothing that is not known could be the larger share.
class DelayReader {
  public:
    explicit DelayReader(const ExchangePath& path);

    /// Null where a byte of it was not captured on every leg, or there are no times. Valid until
    /// the next call.
    const EventDelay* read(const DelayUnit& unit);

    /// Layers of the path whose calls were never recorded, by leg.
    bool has_writes(std::size_t leg) const { return !clocks_[leg].stream().writes().empty(); }
    bool has_reads(std::size_t leg) const { return !clocks_[leg].stream().reads().empty(); }
    /// Units of a leg that were captured, but not at each of its points: they have no times.
    std::size_t missed(std::size_t leg) const { return clocks_[leg].missed(); }
    /// Segments that carried a unit's last byte to the client, each counted once.
    std::uint32_t segments() const { return segments_; }

  private:
    void server_shares(const DelayUnit& unit);
    void stack_share(std::size_t leg, std::int64_t inside);
    void find_cause(std::size_t leg, DelayShare& share);
    void add(DelayLayer layer, std::size_t leg, std::int64_t ns, bool known = false);
    void proxy_shares(std::size_t above);
    void wire_shares(std::size_t leg);
    void receiver_share();
    void conclude();
    bool application_known(const Passage& from, const Passage& to);

    const ExchangePath* path_;
    std::vector<LegClock> clocks_;
    std::vector<BodyRange> ranges_;
    std::vector<Passage> now_;             // by leg
    std::vector<Passage> before_;          // of the unit before; empty: not known
    std::optional<std::int64_t> request_;  // when the server's leg had it whole
    std::optional<std::int64_t> last_ready_;
    bool kept_before_ = false;
    bool first_ = true;
    bool steady_ = true;  // no clock of a leg steps back, or differs from that of another point
    EventDelay delay_;
    SegmentJudge judge_;
    std::uint32_t segments_ = 0;
    FrameNumber last_frame_ = FrameNumber::kNone;
};

}  // namespace seamark
