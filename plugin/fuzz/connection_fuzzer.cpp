// SPDX-License-Identifier: GPL-2.0-or-later
//
// Both directions of a connection: records of six bytes and payload (side and flags, begin in two,
// bytes that the snap length cut and a number from 0 to 15, payload length in two). The number is
// the time since the record before, and of a SYN the MSS and the window's scale. A record may be an
// acknowledgement of what begins there, and its payload a recorded call. Nothing may break, the
// tables must come out, and each segment and read has a verdict.
#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "check.hpp"
#include "core/report/chunk_table.hpp"
#include "core/report/explain.hpp"
#include "core/picture/lanes_svg.hpp"
#include "core/report/lanes_text.hpp"
#include "core/base/moment.hpp"
#include "core/picture/timeline_svg.hpp"
#include "support/model.hpp"
#include "verdicts.hpp"

using namespace seamark;

namespace {

struct Record {
    std::uint8_t flags;
    std::uint16_t begin;
    std::uint8_t cut;     // 0 to 15
    std::uint8_t number;  // 0 to 15
    std::span<const std::uint8_t> payload;

    Side side() const { return flags & 1 ? Side::kSecond : Side::kFirst; }
    bool syn() const { return (flags & 0x0e) == 0x02; }
    bool rst() const { return (flags & 0x0e) == 0x04; }
    bool fin() const { return (flags & 0x0e) == 0x06; }
    bool call() const { return (flags & 0x40) != 0; }
    bool acknowledges() const { return (flags & 0x80) != 0; }
    RawSequence at() const {
        const std::uint32_t scale = (flags & 0x30) == 0x30 ? 0x10001u : 1u;  // wild jumps, rarely
        return RawSequence{begin * scale + 0xffffff00u};
    }
};

std::optional<Record> take(std::span<const std::uint8_t>& input) {
    if (input.size() < 6) return std::nullopt;
    const auto pair = [&](std::size_t i) {
        return static_cast<std::uint16_t>(input[i] | input[i + 1] << 8);
    };
    const std::size_t length = std::min<std::size_t>(pair(4), input.size() - 6);
    const Record record{input[0], pair(1), static_cast<std::uint8_t>(input[3] & 15),
                        static_cast<std::uint8_t>(input[3] >> 4), input.subspan(6, length)};
    input = input.subspan(6 + length);
    return record;
}

/// ns, back in time now and then, and for 14 about as far as moments go.
std::int64_t pause(std::uint8_t number) {
    if (number == 15) return -1'000'000;
    if (number == 14) return kLastMoment;
    return number == 0 ? 0 : std::int64_t{1} << (2 * number + 5);
}

void add(Connection& connection, const Record& record, FrameNumber frame, std::int64_t time) {
    if (record.call()) {
        if (const auto event = decode(record.payload))
            connection.add_event(record.side(), *event, frame);
        return;
    }
    CapturedSegment segment;
    segment.frame = frame;
    segment.time = time;
    TcpHeader& header = segment.header;
    header.syn = record.syn();
    header.rst = record.rst();
    header.fin = record.fin();
    header.psh = (record.flags & 0x10) != 0;
    header.ack = record.acknowledges();
    header.sequence = header.acknowledged = record.at();
    header.window = static_cast<std::uint16_t>(record.number * 16);
    header.sacked = header.ack && record.cut == 15 ? record.number * 8u : 0u;
    if (header.syn && record.number > 0) {
        header.announced_mss = static_cast<std::uint16_t>(record.number * 4);
        header.window_scale = static_cast<std::uint8_t>(record.number - 1);
    }
    segment.wire_length = static_cast<std::uint32_t>(record.payload.size());
    segment.payload = record.payload.first(
        record.payload.size() - std::min<std::size_t>(record.cut, record.payload.size()));
    if (segment.wire_length == 0 && !header.syn)
        connection.acknowledge(record.side(), header, time, frame);
    else
        connection.add(record.side(), segment);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    WaitingBudget budget{.each = 500};  // holes are soon given up
    Connection connection(budget);
    std::uint32_t frame = 0;
    std::int64_t time = 1'000'000'000;
    std::span input(data, size);
    while (const auto record = take(input)) {
        time = moment_of(time + pause(record->number));
        add(connection, *record, FrameNumber{++frame}, time);
    }
    connection.finish();
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const std::string broken = test::broken_invariant(std::as_const(connection).stream(side));
        check(broken.empty(), broken);
    }
    check_verdicts(connection);
    const std::vector<CaptureEntry> entries{{0, &connection, {"a", 1}, {"b", 2}}};
    const auto json = [](std::string_view line) {
        check(line.front() == '{' && line.back() == '}', line);
    };
    write_chunk_json(entries, nullptr, {}, json, [](std::string_view) {});
    write_chunk_text(entries, {}, [](std::string_view) {});
    write_explanation(entries, FrameNumber{1 + frame / 2}, NextSteps{}, [](std::string_view) {});
    const std::vector<Lanes> lanes = gather_lanes(entries, {});
    write_lanes_text(lanes, [](std::string_view) {});
    write_lanes_svg(lanes, [](std::string_view) {});
    write_timeline_svg(lanes, [](std::string_view) {});
    return 0;
}
