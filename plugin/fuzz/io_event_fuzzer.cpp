// SPDX-License-Identifier: GPL-2.0-or-later
//
// Event records, each after a byte that says whose it is and two for its length, and a connection
// whose response they describe. What was read must come back when it is written and read again;
// calls of a lane must not overlap, a call that is taken out must leave the lane as it was, and
// each segment and read has a verdict.
#include <algorithm>
#include <string>
#include <utility>

#include "check.hpp"
#include "core/report/chunk_table.hpp"
#include "core/report/lanes_text.hpp"
#include "verdicts.hpp"

using namespace seamark;

static void add_segment(Connection& connection, std::uint32_t frame, std::string_view bytes) {
    static std::uint32_t next = 0;
    CapturedSegment segment;
    segment.time = std::int64_t{frame} * 1'000'000'000;
    segment.header.psh = true;
    segment.header.window = 5;  // bytes
    segment.header.announced_mss = std::uint16_t{8};
    segment.frame = FrameNumber{frame};
    segment.header.syn = bytes.empty();
    segment.header.sequence = RawSequence{bytes.empty() ? 0xffffffc0U : next};
    segment.wire_length = static_cast<std::uint32_t>(bytes.size());
    segment.payload = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    connection.add(Side::kSecond, segment);
    next = bytes.empty() ? 0xffffffc1U : next + segment.wire_length;
}

/// Its calls in words, after a check that none overlaps the next.
static std::string story(const CallLane& lane) {
    std::string text;
    CallOffset end;
    lane.each(kAllCalls, [&](CallRange range, const CallRecord& call) {
        check(range.begin >= end && range.end > range.begin, "calls overlap");
        end = range.end;
        text += std::to_string(range.begin.value) + "+" + std::to_string(call.taken) + " " +
                std::to_string(static_cast<std::uint32_t>(call.event)) + "\n";
    });
    return text;
}

static std::string story(const Connection& connection) {
    std::string text;
    for (const Side side : {Side::kFirst, Side::kSecond})
        text += story(connection.stream(side).writes()) + "reads\n" +
                story(connection.stream(side).reads()) + "\n";
    return text;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    WaitingBudget budget;
    Connection connection(budget);
    CapturedSegment opening;
    opening.header.syn = true;
    opening.header.announced_mss = std::uint16_t{8};
    connection.add(Side::kFirst, opening);
    for (const std::string_view bytes :
         {"", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhe",
          "llo\r\n0\r\n\r\n"})
        add_segment(connection, 1, bytes);
    std::uint32_t frame = 1;
    while (size >= 3) {
        const Side side = data[0] & 1 ? Side::kSecond : Side::kFirst;
        const bool take_out = (data[0] & 2) != 0;
        const std::size_t length = std::min<std::size_t>(data[1] | data[2] << 8, size - 3);
        const auto event = decode({data + 3, length});
        const auto fault = fault_of({data + 3, length});
        check(event.has_value() == (fault == RecordFault::kNone), "refused with no reason");
        check(!describe(fault).empty(), "no reason in words");
        data += 3 + length;
        size -= 3 + length;
        ++frame;
        if (!event) continue;
        std::vector<std::uint8_t> bytes;
        encode(*event, bytes);
        const auto again = decode(bytes);
        check(again && *again == *event, "a record changes when it is written and read");
        check(!describe(*event).empty(), "no words");
        const std::string before = story(connection);
        const bool added = connection.add_event(side, *event, FrameNumber{frame});
        const std::string after = story(connection);
        check(!added || after != before, "added, or not");
        // Bytes of no recorded call, and a contradiction, take calls out that were there.
        check(added || after.size() <= before.size(), "a call that was refused was added");
        if (!take_out || (!added && after != before)) continue;
        connection.remove_event(side, *event, FrameNumber{frame});
        check(story(connection) == before, "a call that is taken out leaves a trace");
    }
    connection.finish();
    check_verdicts(connection);
    const std::vector<CaptureEntry> entries{{0, &connection, {"a", 1}, {"b", 2}}};
    write_chunk_json(
        entries, nullptr, {}, [](std::string_view) {}, [](std::string_view) {});
    write_lanes_text(gather_lanes(entries, {}), [](std::string_view) {});
    return 0;
}
