// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/feeder.hpp"

#include <vector>

#include "core/stream/overlay.hpp"
#include "support/text.hpp"

namespace seamark::test {
namespace {

/// " !bare-lf !obs-fold"
std::string marked(FaultSet faults) {
    std::string text;
    faults.each([&](Fault fault) { text.append(" !").append(to_string(fault)); });
    return text;
}

std::string chunk_line(const Overlay& overlay, const Stream& stream, const Chunk& chunk,
                       bool frames) {
    std::string line = "  " + std::string(chunk.size_line()) + " @" +
                       std::to_string(stream.public_offset(chunk.offset).value);
    std::vector<CarriedRun> runs;
    if (frames) overlay.carriers(chunk.range(), ~std::size_t{0}, runs);
    for (const CarriedRun& run : runs)
        line += " " + std::to_string(static_cast<std::uint32_t>(run.frame)) + ":" +
                std::to_string(run.bytes);
    line += overlay.complete(chunk) ? " complete" : " incomplete";
    return line + marked(chunk.faults) + "\n";
}

}  // namespace

Feeder::Feeder(Options options)
    : options_(options), budget_{.each = options.waiting_limit}, connection_(budget_) {
    if (!options_.syn) return;
    syn(kClient);
    syn(kServer);
}

void Feeder::syn(Side side, std::uint64_t position) {
    CapturedSegment segment;
    segment.header.syn = true;
    segment.header.sequence =
        RawSequence{static_cast<std::uint32_t>(options_.first_sequence + position - 1)};
    connection_.add(side, segment);
}

TcpHeader Feeder::bare(Side side) const {
    TcpHeader header;
    header.sequence = RawSequence{static_cast<std::uint32_t>(
        options_.first_sequence + here_[static_cast<std::size_t>(side)])};
    return header;
}

unsigned Feeder::fin(Side side) {
    TcpHeader header = bare(side);
    header.fin = true;
    connection_.acknowledge(side, header, 0, FrameNumber{++frames_});
    return frames_;
}

unsigned Feeder::reset(Side side) {
    TcpHeader header = bare(side);
    header.rst = true;
    connection_.acknowledge(side, header, 0, FrameNumber{++frames_});
    return frames_;
}

void Feeder::acknowledge(Side side, std::uint64_t position) {
    TcpHeader header = bare(side);
    header.ack = true;
    header.acknowledged =
        RawSequence{static_cast<std::uint32_t>(options_.first_sequence + position)};
    connection_.acknowledge(side, header, 0, FrameNumber{++frames_});
}

unsigned Feeder::send(Side side, std::string_view bytes) {
    const unsigned frame = at(side, here(side), bytes);
    here(side) += bytes.size();
    return frame;
}

unsigned Feeder::at(Side side, std::uint64_t position, std::string_view bytes) {
    return at(side, position, bytes, Flags{});
}

unsigned Feeder::at(Side side, std::uint64_t position, std::string_view bytes, Flags flags) {
    CapturedSegment segment;
    segment.frame = FrameNumber{++frames_};
    segment.header.syn = flags.syn;
    segment.header.rst = flags.rst;
    segment.header.multipath = flags.multipath;
    segment.timed = flags.time.has_value();
    segment.time = flags.time.value_or(0);
    if (flags.acknowledges) {
        segment.header.ack = true;
        segment.header.acknowledged =
            RawSequence{static_cast<std::uint32_t>(options_.first_sequence + *flags.acknowledges)};
    }
    const std::uint64_t syn_takes = flags.syn ? 1 : 0;
    segment.header.sequence =
        RawSequence{static_cast<std::uint32_t>(options_.first_sequence + position - syn_takes)};
    segment.wire_length = static_cast<std::uint32_t>(bytes.size());
    segment.payload = bytes_of(bytes.substr(0, bytes.size() - flags.cut));
    connection_.add(side, segment);
    return frames_;
}

std::string Feeder::found(Side side, bool frames) const {
    const Stream& s = stream(side);
    const Overlay overlay(s);
    std::string text;
    std::uint32_t number = 0;
    for (const Message& m : s.messages()) {
        ++number;
        text += std::to_string(number) + (m.is_request() ? " request x" : " response x") +
                std::to_string(connection_.exchange(side, number - 1));
        if (!m.is_request()) text += " " + std::to_string(m.line.status);
        text.append(" ").append(to_string(m.framing));
        text += " " + std::to_string(s.public_offset(m.head.begin).value) + "+" +
                std::to_string(m.head.length());
        if (m.framing == Framing::kContentLength)
            text += " body " + std::to_string(m.body.length());
        if (!m.ended) text += " open";
        if (m.dropped) text += " dropped";
        if (m.stopped()) text += " at " + std::to_string(s.public_offset(m.stopped_at).value);
        text += marked(m.faults) + "\n";
        for (std::uint32_t i = 0; i < m.chunk_count; ++i)
            text += chunk_line(overlay, s, s.messages().chunk(m, i), frames);
    }
    return text;
}

std::string found_in(Side side, std::initializer_list<std::string_view> segments) {
    Feeder feeder;
    for (const std::string_view segment : segments) feeder.send(side, segment);
    feeder.finish();
    return feeder.found(side);
}

}  // namespace seamark::test
