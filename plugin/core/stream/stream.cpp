// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/stream.hpp"

#include <algorithm>

namespace seamark {

void Stream::add(const CapturedSegment& segment) {
    const TcpHeader& header = segment.header;
    const bool counts = segment.wire_length > 0 && !header.rst;
    if (!counts && !header.syn) return;

    StreamOffset begin = unwrapper_.unwrap(header.sequence);
    if (header.syn) {
        ++begin;  // the SYN itself takes one number
        // One behind bytes that were captured before is another connection's on the same ports.
        const RangeIndex& runs = lane_.runs();
        if (!after_syn_ && (runs.empty() || begin <= runs.begin())) after_syn_ = begin;
        if (header.announced_mss) announced_mss_ = header.announced_mss;
        reader_.start_at(begin);
        reader_.begin_is_known();
        if (!counts) return;
    }
    reader_.start_at(begin);

    std::span<const std::uint8_t> payload = segment.payload;
    std::uint32_t wire_length = segment.wire_length;
    if (after_syn_ && begin < *after_syn_) {
        const std::uint64_t before = *after_syn_ - begin;
        if (before >= wire_length) return;
        wire_length -= static_cast<std::uint32_t>(before);
        payload = payload.subspan(std::min<std::size_t>(before, payload.size()));
        begin = *after_syn_;
    }
    const auto captured =
        static_cast<std::uint32_t>(std::min<std::size_t>(payload.size(), wire_length));
    lane_.add(begin, wire_length, captured, segment.frame, segment.time,
              [&](ByteRange part) {
                  reader_.take(part.begin, payload.subspan(part.begin - begin, part.length()),
                               part.begin == begin);
              });
    lane_.note_options(header.options_length);
    if (reader_.end_segment()) lane_.note_limit_met();
}

std::optional<FrameNumber> Stream::first_waiting() const {
    const auto waits = reader_.first_waiting();
    if (!waits) return std::nullopt;
    std::optional<FrameNumber> frame;
    lane_.runs().each({*waits, *waits + 1}, [&](const OwnedRun& run) { frame = run.frame; });
    return frame;
}

StreamOffset Stream::zero() const {
    if (after_syn_) return *after_syn_;
    return lane_.runs().empty() ? SequenceUnwrapper::kBias : lane_.runs().begin();
}

}  // namespace seamark
