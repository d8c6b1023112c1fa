// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp_header.hpp"

#include <algorithm>

namespace seamark {
namespace {

constexpr std::size_t kFixedLength = 20;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;

std::optional<std::uint16_t> find_mss(std::span<const std::uint8_t> options) {
    constexpr std::uint8_t kEndOfList = 0;
    constexpr std::uint8_t kNoOperation = 1;
    constexpr std::uint8_t kMss = 2;
    for (std::size_t at = 0; at < options.size() && options[at] != kEndOfList;) {
        if (options[at] == kNoOperation) {
            ++at;
            continue;
        }
        if (at + 1 >= options.size()) break;
        const std::size_t length = options[at + 1];
        if (length < 2 || at + length > options.size()) break;
        if (options[at] == kMss && length == 4)
            return static_cast<std::uint16_t>(options[at + 2] << 8 | options[at + 3]);
        at += length;
    }
    return std::nullopt;
}

}  // namespace

std::optional<TcpHeader> parse_tcp_header(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < kFixedLength) return std::nullopt;
    TcpHeader header;
    header.sequence = RawSequence{std::uint32_t{bytes[4]} << 24 | std::uint32_t{bytes[5]} << 16 |
                                  std::uint32_t{bytes[6]} << 8 | std::uint32_t{bytes[7]}};
    header.length = static_cast<std::uint8_t>((bytes[12] >> 4) * 4);
    if (header.length < kFixedLength) return std::nullopt;
    header.options_length = static_cast<std::uint8_t>(header.length - kFixedLength);
    header.fin = (bytes[13] & kFin) != 0;
    header.syn = (bytes[13] & kSyn) != 0;
    header.rst = (bytes[13] & kRst) != 0;
    if (header.syn) {
        const std::size_t end = std::min<std::size_t>(header.length, bytes.size());
        header.announced_mss = find_mss(bytes.subspan(kFixedLength, end - kFixedLength));
    }
    return header;
}

}  // namespace seamark
