// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/memory_needed.hpp"

#include <algorithm>

#include "plan/chunk_encoder.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t fixed = 4096;                // head, trailer section, state
constexpr std::uint64_t deflate_state = 300 * 1024;  // zlib's own, window and hash table
constexpr std::uint64_t flush = 24;                  // header, trailer and marker of a part

/// What a piece takes in the plan, in the list of ends, and beside its data.
constexpr std::uint64_t per_piece = sizeof(Piece) + sizeof(std::size_t) + longest_line;

}  // namespace

std::uint64_t coded_bound(std::uint64_t raw, std::uint64_t parts, bool made_up) {
    return (made_up ? raw / 32 + 64 : raw + raw / 1000) + parts * flush;
}

std::uint64_t memory_needed(const EmitOptions& options, std::uint64_t length) {
    // A write that is cut at random may be twice as large, and have a chunk in every few bytes.
    const std::uint64_t longest = options.seed ? 2 * options.size : options.size;
    const std::uint64_t data = std::min(longest, length);
    const std::uint64_t chunks =
        options.seed ? std::min<std::uint64_t>(data, 64) : options.chunks_per_write;
    const std::uint64_t sum = fixed + 3 * chunks * per_piece;
    if (options.coding == Coding::none) return sum + data;
    const bool made_up = options.file.empty();
    const std::uint64_t part = coded_bound(data, 1, made_up);
    const std::uint64_t one = sum + deflate_state + 2 * part;
    if (options.framing != Framing::content_length) return one;
    const std::uint64_t parts = (length + options.size - 1) / options.size;
    return one + coded_bound(length, parts, made_up) + parts * sizeof(std::uint32_t);
}

std::uint64_t memory_needed(const Script& script) {
    std::uint64_t sum = fixed + script.steps.capacity() * sizeof(ScriptStep);
    std::uint64_t largest = 0;
    for (const ScriptStep& step : script.steps) {
        std::uint64_t write = 3 * step.items.size() * per_piece;
        sum += step.items.capacity() * sizeof(ScriptItem);
        for (const ScriptItem& item : step.items) {
            if (item.kind != ScriptItem::Kind::size_line) write += item.length;
            sum += item.text.capacity();
        }
        largest = std::max(largest, write);
    }
    return sum + largest;
}

}  // namespace seamark::plan
