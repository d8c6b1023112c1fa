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
        start_at(begin);
        opening_.close();
        if (!counts) return;
    }
    start_at(begin);

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
              [&](ByteRange part) { take_fresh(part, begin, payload); });
    lane_.note_options(header.options_length);
    if (!waiting_.empty()) read_waiting();
    opening_.count_segment(!framer_.messages().empty());
}

/// The stream begins here, or, as an earlier segment shows only now, has begun here.
void Stream::start_at(StreamOffset begin) {
    if (!start_) {
        start_ = begin;
        framer_.start(begin);
    } else if (begin < *start_ && opening_.open() && framer_.messages().empty()) {
        start_ = begin;
        framer_.start(begin);
        budget_->used -= waiting_.size();
        waiting_ = opening_.bytes().copy();
        budget_->used += waiting_.size();
    }
}

void Stream::take_fresh(ByteRange part, StreamOffset segment_begin,
                        std::span<const std::uint8_t> payload) {
    const auto bytes = payload.subspan(part.begin - segment_begin, part.length());
    const bool begins_segment = part.begin == segment_begin;
    opening_.add(part.begin, bytes, begins_segment);
    if (part.end <= framer_.cursor()) {
        // Stepped over.
    } else if (part.begin <= framer_.cursor()) {
        framer_.feed(part.begin, bytes, begins_segment);
    } else {
        waiting_.add(part.begin, bytes, begins_segment);
        budget_->used += bytes.size();
        return;
    }
    pass(part.begin, bytes);
}

/// Bytes of which the framer knows by now what they are; each captured byte comes here once.
void Stream::pass(StreamOffset begin, std::span<const std::uint8_t> bytes) {
    const auto& messages = framer_.messages();
    for (; listener_ != nullptr && heads_told_ < messages.size(); ++heads_told_) {
        const Message& m = messages[heads_told_];
        const bool may_grow = heads_told_ + 1 == messages.size() && m.stopped_at == 0;
        if (!m.head_whole && may_grow) break;
        if (m.head_whole && !m.dropped)
            listener_->head_whole(*this, static_cast<std::uint32_t>(heads_told_));
    }
    if (!watched_) return;
    const ByteRange part{begin, begin + bytes.size()};
    for (auto body = watched_->rbegin(); body != watched_->rend(); ++body) {
        const StreamOffset head = messages[body->message].head.begin;
        if (head >= part.end) continue;
        body->map.extend();
        body->map.each_in_body(part, [&](BodyRange range, ByteRange where) {
            body->hash.add(range.begin, bytes.subspan(where.begin - begin, where.length()));
        });
        if (head <= part.begin) return;
    }
}

void Stream::watch(std::uint32_t message) {
    if (watched(message) != nullptr) return;
    if (!watched_) watched_ = std::make_unique<WatchedBodies>();
    const auto at = std::partition_point(watched_->begin(), watched_->end(),
                                         [&](const auto& body) { return body.message < message; });
    watched_->insert(at, {message, BodyMap(framer_, message), BodyHash{}})->map.extend();
}

const WatchedBody* Stream::watched(std::uint32_t message) const {
    if (!watched_) return nullptr;
    const auto at = std::partition_point(watched_->begin(), watched_->end(),
                                         [&](const auto& body) { return body.message < message; });
    return at != watched_->end() && at->message == message ? &*at : nullptr;
}

void Stream::read_waiting() {
    while (!waiting_.empty()) {
        if (waiting_.first() > framer_.cursor()) {
            if (waiting_.size() < budget_->each && budget_->used < budget_->all) return;
            lane_.note_limit_met();
            framer_.skip_hole(waiting_.first());
        }
        const StreamOffset begin = waiting_.first();
        const WaitingBytes::Part part = waiting_.take_first();
        budget_->used -= part.bytes.size();
        part.each_stretch([&](std::size_t at, std::span<const std::uint8_t> bytes, bool begins) {
            if (begin + at + bytes.size() > framer_.cursor())
                framer_.feed(begin + at, bytes, begins);
            pass(begin + at, bytes);
        });
    }
}

std::optional<FrameNumber> Stream::first_waiting() const {
    if (waiting_.empty()) return std::nullopt;
    std::optional<FrameNumber> frame;
    lane_.runs().each({waiting_.first(), waiting_.first() + 1},
                      [&](const OwnedRun& run) { frame = run.frame; });
    return frame;
}

void Stream::give_up_hole() {
    if (waiting_.empty()) return;
    framer_.skip_hole(waiting_.first());
    read_waiting();
}

void Stream::finish() {
    while (!waiting_.empty()) give_up_hole();
    framer_.finish(lane_.runs().end());
}

StreamOffset Stream::zero() const {
    if (after_syn_) return *after_syn_;
    return lane_.runs().empty() ? SequenceUnwrapper::kBias : lane_.runs().begin();
}

}  // namespace seamark
