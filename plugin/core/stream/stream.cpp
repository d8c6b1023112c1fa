// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/stream.hpp"

#include <algorithm>

namespace seamark {

void Stream::add(const CapturedSegment& segment) {
    const TcpHeader& header = segment.header;
    const bool counts = segment.wire_length > 0 && !header.rst;
    if (!counts && !header.syn) return;

    if (is_of_another(segment)) start_over(header);
    StreamOffset begin = unwrapper_.unwrap(header.sequence);
    if (header.syn) {
        ++begin;  // the SYN itself takes one number
        const RangeIndex& runs = lane_.runs();
        if (!after_syn_ && (runs.empty() || begin <= runs.begin())) after_syn_ = floor_ = begin;
        if (header.announced_mss) announced_mss_ = header.announced_mss;
        reader_.start_at(begin);
        reader_.begin_is_known();
        if (!counts) return;
    }
    reader_.start_at(begin);

    std::span<const std::uint8_t> payload = segment.payload;
    std::uint32_t wire_length = segment.wire_length;
    if (begin < floor_) {
        const std::uint64_t before = floor_ - begin;
        if (before >= wire_length) return;
        wire_length -= static_cast<std::uint32_t>(before);
        payload = payload.subspan(std::min<std::size_t>(before, payload.size()));
        begin = floor_;
    }
    sent_ = std::max(sent_, begin + wire_length);
    const auto captured =
        static_cast<std::uint32_t>(std::min<std::size_t>(payload.size(), wire_length));
    lane_.add(begin, wire_length, captured, segment.frame, segment.time, [&](ByteRange part) {
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

void Stream::note_close(const TcpHeader& header, std::uint32_t wire_length, FrameNumber frame) {
    if (header.rst) closing_.note_reset(true, frame);
    if (!header.fin || header.rst) return;
    // Of a FIN with the first byte of all the segment itself was placed before.
    if (const auto begin = unwrapper_.place(header.sequence))
        closing_.note_fin(*begin + header.syn + wire_length, frame);
}

void Stream::note_answer(const TcpHeader& header, FrameNumber frame) {
    if (header.rst) closing_.note_reset(false, frame);
    if (header.fin) closing_.note_peer_fin();
    if (!header.ack || header.rst) return;
    if (const auto end = unwrapper_.place(header.acknowledged)) closing_.note_acknowledged(*end);
}

StreamEnd Stream::end() const {
    using Close = StreamEnd::Close;
    const StreamOffset captured = lane_.runs().end();
    const Close close = closing_.fin()     ? Close::kFin
                        : closing_.reset() ? Close::kReset
                                           : Close::kNone;
    return {captured, std::max(sent_, closing_.sent(captured)), close};
}

/// Wireshark begins a conversation anew at a SYN. Where that of one side was not captured, or
/// neither, the segments of two connections come as those of one.
bool Stream::is_of_another(const CapturedSegment& segment) const {
    const auto place = unwrapper_.place(segment.header.sequence);
    if (!place) return false;
    const RangeIndex& runs = lane_.runs();
    if (runs.empty()) return false;
    if (segment.header.syn) {
        // After a close it may even have the number of the one before.
        if (closing_.closed()) return true;
        const StreamOffset begin = *place + 1;
        if (later_connections() > 0) return begin != epochs_->back();
        return after_syn_ && begin != *after_syn_;
    }
    // After a close nothing comes from far away.
    constexpr std::uint64_t kFar = std::uint64_t{1} << 20;
    if (!closing_.closed()) return false;
    const StreamOffset first = later_connections() > 0 ? epochs_->back() : runs.begin();
    return *place > std::max(runs.end(), sent_) + kFar || *place + kFar < first;
}

void Stream::start_over(const TcpHeader& header) {
    const StreamOffset at = std::max(reader_.end_connection(end()), SequenceUnwrapper::kBias) + 2;
    reader_.start_over(at);
    unwrapper_.rebase(header.sequence, header.syn ? at - 1 : at);
    if (!epochs_) epochs_ = std::make_unique<std::vector<StreamOffset>>();
    epochs_->push_back(at);
    floor_ = sent_ = at;
    closing_ = {};
}

void Stream::place(IoEvent& event, FrameNumber frame) {
    std::optional<StreamOffset> at;
    if (CallPlaces::uses_sequence(event, after_syn_.has_value())) {
        const RawSequence sequence{*event.sequence};
        at = unwrapper_.place(sequence);
        // No segment of this direction was captured yet: this is the first number that is known.
        if (!at) at = unwrapper_.unwrap(sequence);
    }
    places_.place(event, frame, at, after_syn_, writes_.empty() && reads_.empty());
}

StreamOffset Stream::zero(StreamOffset at) const {
    if (epochs_ && at >= epochs_->front()) {
        const auto behind = std::upper_bound(epochs_->begin(), epochs_->end(), at);
        return *(behind - 1);
    }
    if (after_syn_) return *after_syn_;
    return lane_.runs().empty() ? SequenceUnwrapper::kBias : lane_.runs().begin();
}

}  // namespace seamark
