// SPDX-License-Identifier: GPL-2.0-or-later
//
// Events of a body, in clear and inside each content coding. The first byte chooses media type and
// coding, the second is the size of the pieces, and where its highest bit is set one byte is
// missing; the rest is the body.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "check.hpp"
#include "codec/codec.hpp"
#include "core/body/coded_reader.hpp"

using namespace seamark;

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr const char* kTypes[] = {"text/event-stream", "application/x-ndjson",
                                  "application/json-seq",
                                  "multipart/x-mixed-replace; boundary=cut"};
constexpr const char* kCodings[] = {"gzip", "deflate", "br", "zstd"};
constexpr DecodingLimits kLimits{.ratio = 20,
                                 .free_bytes = std::uint64_t{1} << 16,
                                 .memory_each = std::uint64_t{4} << 20,
                                 .memory_all = std::uint64_t{4} << 20};

/// Cuts the body and hands it over, to be read by take(at, bytes) and miss(range).
template <typename Offset, typename Reader>
void feed(Reader& reader, Bytes body, std::size_t piece, bool holed) {
    const std::size_t hole = holed ? body.size() / 2 : body.size();
    for (std::size_t at = 0; at < body.size();) {
        if (at == hole) {
            reader.miss({Offset{at}, Offset{at + 1}});
            ++at;
            continue;
        }
        const std::size_t end =
            at < hole ? std::min(at + piece, hole) : std::min(at + piece, body.size());
        reader.take(Offset{at}, body.subspan(at, end - at));
        at = end;
    }
    reader.end(!holed);
}

void check_items(const ItemList& list, std::uint64_t most, std::uint64_t body) {
    DataOffset last;
    BodyOffset coded;
    std::uint32_t number = 0;
    for (const Item& item : list.items) {
        check(item.range.begin >= last, "items overlap");
        check(item.range.begin < item.range.end, "an item is empty");
        check(item.range.end.value <= most, "an item lies after the data");
        if (item.kind == ItemKind::kEvent) check(item.number == ++number, "a number is wrong");
        last = item.range.end;
        if (list.decoding == Decoding::kNone) continue;
        check(item.coded != nullptr, "an item was not located");
        check(item.coded->range.begin < item.coded->range.end, "a place is empty");
        check(item.coded->range.end >= coded, "places are out of order");
        check(item.coded->range.end.value <= body, "a place lies after the body");
        coded = item.coded->range.end;
    }
}

/// With a byte a piece the places are the same.
void check_same(const ItemList& one, const ItemList& other) {
    const std::size_t both = std::min(one.items.size(), other.items.size());
    if (one.decoding == other.decoding && one.decoding == Decoding::kDone)
        check(one.items.size() == other.items.size(), "cuts change how many items there are");
    for (std::size_t i = 0; i + 1 < both; ++i) {
        check(one.items[i].range == other.items[i].range, "cuts change an item");
        check(one.items[i].coded->range == other.items[i].coded->range, "cuts change a place");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const ItemMedia media = item_media(kTypes[data[0] & 3U]);
    const unsigned coding = data[0] >> 2 & 7U;
    const std::size_t piece = (data[1] & 127U) + std::size_t{1};
    const bool holed = (data[1] & 128U) != 0;
    const Bytes body(data + 2, size - 2);
    if (coding >= std::size(kCodings)) {
        ItemList list;
        const auto reader = make_item_reader(media, list);
        feed<DataOffset>(*reader, body, piece, holed);
        check_items(list, body.size(), body.size());
        return 0;
    }
    ItemList lists[2];
    for (const std::size_t cut : {piece, std::size_t{1}}) {
        ItemList& list = lists[cut == 1 ? 1 : 0];
        if (!list.items.empty()) continue;
        DecodingBudget budget{codec::make_decoder, kLimits, 0};
        {
            CodedReader reader(kCodings[coding], make_item_reader(media, list), list, budget);
            feed<BodyOffset>(reader, body, cut, holed);
        }
        check(budget.memory == 0, "memory is not given back");
        check_items(list, kLimits.free_bytes + kLimits.ratio * body.size() + 16384, body.size());
    }
    if (piece > 1) check_same(lists[0], lists[1]);
    return 0;
}
