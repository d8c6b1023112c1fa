// SPDX-License-Identifier: GPL-2.0-or-later
//
// Both directions of a connection: records of six bytes and payload (side and flags, begin in two,
// bytes that the snap length cut, payload length in two). Nothing may break, and the tables must
// come out.
#include <algorithm>
#include <utility>

#include "check.hpp"
#include "core/chunk_table.hpp"
#include "support/model.hpp"

using namespace seamark;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    WaitingBudget budget{.each = 500};  // holes are soon given up
    Connection connection(budget);
    std::uint32_t frame = 0;
    while (size >= 6) {
        const std::uint8_t flags = data[0];
        CapturedSegment segment;
        segment.frame = FrameNumber{++frame};
        segment.header.syn = (flags & 0x0e) == 0x02;
        segment.header.rst = (flags & 0x0e) == 0x04;
        const std::uint32_t scale = (flags & 0x30) == 0x30 ? 0x10001u : 1u;  // wild jumps, rarely
        segment.header.sequence = RawSequence{(data[1] | data[2] << 8) * scale + 0xffffff00u};
        const std::size_t length = std::min<std::size_t>(data[4] | data[5] << 8, size - 6);
        segment.wire_length = static_cast<std::uint32_t>(length);
        segment.payload = {data + 6, length - std::min<std::size_t>(data[3] & 15, length)};
        connection.add(flags & 1 ? Side::kSecond : Side::kFirst, segment);
        data += 6 + length;
        size -= 6 + length;
    }
    connection.finish();
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const std::string broken = test::broken_invariant(std::as_const(connection).stream(side));
        check(broken.empty(), broken);
    }
    const std::vector<TableEntry> entries{{0, &connection, {"a", 1}, {"b", 2}}};
    const auto json = [](std::string_view line) {
        check(line.front() == '{' && line.back() == '}', line);
    };
    write_chunk_json(entries, {}, json, [](std::string_view) {});
    write_chunk_text(entries, {}, [](std::string_view) {});
    return 0;
}
