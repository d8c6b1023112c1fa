// SPDX-License-Identifier: GPL-2.0-or-later
//
// TLS records: the bytes after the first two, cut at one size and at another, with one run of them
// missing. The first byte is a size, the second where the hole begins and how long it is.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "check.hpp"
#include "core/tls/record_framer.hpp"

using namespace seamark;

namespace {

using Bytes = std::span<const std::uint8_t>;

/// What is framed where each byte is there: a loop over headers.
std::vector<TlsRecord> records_of(Bytes stream) {
    std::vector<TlsRecord> records;
    if (hello_shape(stream) != HelloShape::kYes) return records;
    for (std::size_t at = 0; at + TlsRecord::kHeader <= stream.size();) {
        const auto header = stream.subspan(at).first<TlsRecord::kHeader>();
        if (refuse_header(header)) break;
        records.push_back(parse_record_header(StreamOffset{at}, header));
        at = records.back().range().end.value;
    }
    return records;
}

void feed(RecordFramer& framer, Bytes stream, std::size_t begin, std::size_t end,
          std::size_t size) {
    for (std::size_t at = begin; at < end; at += size) {
        const std::size_t length = std::min(size, end - at);
        if (framer.cursor() >= StreamOffset{at} && framer.cursor() < StreamOffset{at + length})
            framer.feed(StreamOffset{at}, stream.subspan(at, length), true);
    }
}

void check_order(const RecordFramer& framer) {
    StreamOffset end;
    for (const TlsRecord& record : framer.records()) {
        check(record.offset >= end, "records overlap");
        check(record.length <= kMostRecord, "a record is too long");
        end = record.range().end;
    }
    std::uint32_t next = 0;
    framer.each({StreamOffset{}, StreamOffset::max()}, [&](std::uint32_t index, const TlsRecord&) {
        check(index == next++, "a record is left out");
    });
    check(next == framer.records().size(), "records are left out");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t piece = std::size_t{data[0]} + 1;
    const Bytes stream(data + 2, size - 2);
    const std::vector<TlsRecord> expected = records_of(stream);
    RecordFramer whole;
    whole.try_hello(StreamOffset{});
    feed(whole, stream, 0, stream.size(), piece);
    check(whole.records().size() == expected.size(), "how many records there are");
    for (std::size_t i = 0; i < expected.size(); ++i)
        check(whole.records()[i].range() == expected[i].range() &&
                  whole.records()[i].type == expected[i].type,
              "a record is another");
    check_order(whole);

    const std::size_t hole = std::min<std::size_t>((data[1] & 15U) * 16, stream.size());
    const std::size_t after = std::min<std::size_t>(hole + (data[1] >> 4), stream.size());
    RecordFramer holed;
    holed.try_hello(StreamOffset{});
    feed(holed, stream, 0, hole, piece);
    if (holed.cursor() >= StreamOffset{hole} && holed.cursor() < StreamOffset{after})
        holed.skip_hole(StreamOffset{after});
    feed(holed, stream, after, stream.size(), piece);
    check_order(holed);
    holed.forget_from(StreamOffset{hole});
    check_order(holed);
    check(holed.records().empty() || holed.records().back().offset < StreamOffset{hole},
          "a record that was to be forgotten");
    return 0;
}
