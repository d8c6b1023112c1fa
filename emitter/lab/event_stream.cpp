// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/event_stream.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/moment.hpp"
#include "record/pcapng_blocks.hpp"

namespace seamark::lab {
namespace {

namespace pcapng = record::pcapng;

constexpr std::uint32_t largest_block = 16 << 20;
constexpr std::uint16_t comment_option = 1;
constexpr std::uint16_t resolution_option = 9;

template <typename Number>
Number number(std::span<const std::uint8_t> bytes, std::size_t at) {
    Number value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

std::size_t padded(std::size_t size) {
    return (size + 3) / 4 * 4;
}

/// The value of the first such option in the options from `at` on.
std::span<const std::uint8_t> option(std::span<const std::uint8_t> block, std::size_t at,
                                     std::uint16_t code) {
    while (at + 4 <= block.size()) {
        const auto found = number<std::uint16_t>(block, at);
        const std::size_t size = number<std::uint16_t>(block, at + 2);
        if (found == 0 || at + 4 + size > block.size()) break;
        if (found == code) return block.subspan(at + 4, size);
        at += 4 + padded(size);
    }
    return {};
}

std::uint16_t big_16(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

}  // namespace

bool PcapngStream::read_block(std::span<const std::uint8_t> block,
                              const std::function<void(const Packet&)>& take,
                              const TakeSecrets& secrets) {
    const auto body = block.first(block.size() - 4);
    switch (number<std::uint32_t>(block, 0)) {
        case pcapng::interface_description: {
            if (body.size() < 16) return false;
            const auto resolution = option(body, 16, resolution_option);
            if (!resolution.empty() && resolution[0] != 9 && resolution[0] != 6) return false;
            tick_ = !resolution.empty() && resolution[0] == 9 ? 1 : 1000;
            return true;
        }
        case pcapng::enhanced_packet: {
            if (block.size() < 32) return false;
            const auto size = number<std::uint32_t>(block, 20);
            if (size > body.size() - 28) return false;
            const auto comment = option(body, 28 + padded(size), comment_option);
            const auto ticks = std::uint64_t{number<std::uint32_t>(block, 12)} << 32 |
                               number<std::uint32_t>(block, 16);
            constexpr auto last = static_cast<std::uint64_t>(kLastMoment);
            take({.time = static_cast<std::int64_t>(std::min(ticks, last / tick_) * tick_),
                  .bytes = block.subspan(28, size),
                  .original_size = number<std::uint32_t>(block, 24),
                  .comment = {reinterpret_cast<const char*>(comment.data()), comment.size()}});
            return true;
        }
        case pcapng::decryption_secrets: {
            if (block.size() < 20) return false;
            const auto size = number<std::uint32_t>(block, 12);
            if (size > body.size() - 16) return false;
            const auto lines = block.subspan(16, size);
            if (secrets && number<std::uint32_t>(block, 8) == pcapng::tls_key_log)
                secrets({reinterpret_cast<const char*>(lines.data()), lines.size()});
            return true;
        }
        default:
            return true;
    }
}

bool PcapngStream::feed(std::span<const std::uint8_t> bytes,
                        const std::function<void(const Packet&)>& take,
                        const TakeSecrets& secrets) {
    if (broken_) return false;
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    std::span<const std::uint8_t> rest(waiting_);
    while (rest.size() >= 12) {
        const auto size = number<std::uint32_t>(rest, 4);
        if (size < 12 || size % 4 != 0 || size > largest_block) {
            broken_ = true;
            return false;
        }
        if (size > rest.size()) break;
        if (!read_block(rest.first(size), take, secrets)) {
            broken_ = true;
            return false;
        }
        rest = rest.subspan(size);
    }
    waiting_.erase(waiting_.begin(),
                   waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_.size() - rest.size()));
    return true;
}

std::optional<IoEvent> event_in(std::span<const std::uint8_t> packet) {
    while (packet.size() >= 4) {
        const auto tag = big_16(packet, 0);
        const std::size_t size = std::size_t{4} + big_16(packet, 2);
        if (size > packet.size()) return std::nullopt;
        packet = packet.subspan(size);
        if (tag == 0) return decode(packet);
    }
    return std::nullopt;
}

std::int64_t time_in_capture(const IoEvent& event, std::int64_t hold) {
    return event.left - event.entered > hold / 2 ? event.left : event.entered;
}

}  // namespace seamark::lab
