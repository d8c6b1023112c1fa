// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/memory_needed.hpp"

#include <algorithm>

#include "plan/chunk_encoder.hpp"
#include "plan/compressor.hpp"
#include "plan/write_plan.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t fixed = 4096;  // head, trailer section, state
constexpr std::uint64_t head_and_trailer = 1024;
constexpr std::uint64_t per_record = 32;  // header, nonce and tag
constexpr std::uint64_t flush = 40;       // header, trailer and marker of a part

/// What a piece takes in the plan, in the list of ends, and beside its data.
constexpr std::uint64_t per_piece = sizeof(Piece) + sizeof(std::size_t) + longest_line;

/// Data of the largest write before coding, and its chunks. One that is cut at random may be twice
/// as large, and have a chunk in every few bytes.
struct Largest {
    Largest(const EmitOptions& options, std::uint64_t length)
        : data(std::min(options.seed ? 2 * options.size : options.size, length)),
          chunks(options.seed ? std::min<std::uint64_t>(data, 64) : options.chunks_per_write) {}

    std::uint64_t data;
    std::uint64_t chunks;
};

/// What a data write has at most of `data` bytes in a content coding.
std::uint64_t largest_part(const EmitOptions& options, std::uint64_t data) {
    const std::uint64_t kept_back =
        options.flush_every == 1 ? 0 : cost_of(options.coding).kept_back;
    return coded_bound(data, 1, options.file.empty()) + kept_back;
}

}  // namespace

std::uint64_t coded_bound(std::uint64_t raw, std::uint64_t parts, bool made_up) {
    return (made_up ? raw / 32 + 64 : raw + raw / 1000) + parts * flush;
}

std::uint64_t memory_needed(const EmitOptions& options, std::uint64_t length) {
    const auto [data, chunks] = Largest(options, length);
    const std::uint64_t sum = fixed + 3 * chunks * per_piece;
    if (options.coding == Coding::none) return sum + data;
    const std::uint64_t one = sum + cost_of(options.coding).state + 2 * largest_part(options, data);
    if (options.framing != Framing::content_length) return one;
    const std::uint64_t parts = (length + options.size - 1) / options.size;
    return one + coded_bound(length, parts, options.file.empty()) + parts * sizeof(std::uint32_t);
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

std::uint64_t largest_write(const EmitOptions& options, std::uint64_t length) {
    const auto [data, chunks] = Largest(options, length);
    const std::uint64_t body = options.coding == Coding::none ? data : largest_part(options, data);
    return body + chunks * longest_line + head_and_trailer;
}

std::uint64_t largest_write(const Script& script) {
    std::uint64_t largest = 0;
    for (const ScriptStep& step : script.steps) {
        std::uint64_t write = step.items.size() * longest_line;
        for (const ScriptItem& item : step.items) {
            if (item.kind != ScriptItem::Kind::size_line) write += item.length;
        }
        largest = std::max(largest, write);
    }
    return largest + head_and_trailer;
}

std::uint64_t memory_for_records(std::uint64_t write, std::uint64_t record) {
    // Twice: the memory that it is encrypted into grows by copying.
    return 2 * (write + (write / record + 1) * per_record);
}

}  // namespace seamark::plan
