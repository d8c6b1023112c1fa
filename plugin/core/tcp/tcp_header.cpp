// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/tcp_header.hpp"

#include <algorithm>

namespace seamark {
namespace {

constexpr std::size_t kFixedLength = 20;
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kPsh = 0x08;
constexpr std::uint8_t kAck = 0x10;

std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
           std::uint32_t{bytes[at + 2]} << 8 | std::uint32_t{bytes[at + 3]};
}

void read_option(std::uint8_t kind, std::span<const std::uint8_t> value, TcpHeader& header) {
    constexpr std::uint8_t kMss = 2;
    constexpr std::uint8_t kWindowScale = 3;
    constexpr std::uint8_t kSack = 5;
    constexpr std::uint8_t kMultipath = 30;
    constexpr unsigned kDataSequenceSignal = 2;  // subtypes up to it: MP_CAPABLE, MP_JOIN, DSS
    constexpr std::uint8_t kMostScale = 14;
    if (header.syn && kind == kMss && value.size() == 2) {
        header.announced_mss = static_cast<std::uint16_t>(value[0] << 8 | value[1]);
    } else if (header.syn && kind == kWindowScale && value.size() == 1) {
        header.window_scale = std::min(value[0], kMostScale);
    } else if (kind == kMultipath && !value.empty()) {
        header.multipath = header.multipath || value[0] >> 4 <= kDataSequenceSignal;
    } else if (!header.syn && kind == kSack) {
        for (std::size_t at = 0; at + 8 <= value.size(); at += 8) {
            const std::uint32_t length = number_at(value, at + 4) - number_at(value, at);
            // A block below the acknowledgement reports a duplicate (RFC 2883).
            const auto above =
                number_at(value, at) - static_cast<std::uint32_t>(header.acknowledged);
            if (std::max(length, above) < std::uint32_t{1} << 31) header.sacked += length;
        }
    }
}

/// As nearly all segments have them (RFC 7323, appendix A): time stamps alone, which are not kept.
bool is_time_stamp_alone(std::span<const std::uint8_t> options) {
    constexpr std::uint32_t kTimeStamp = 0x0101080a;
    return options.size() == 12 && number_at(options, 0) == kTimeStamp;
}

void read_options(std::span<const std::uint8_t> options, TcpHeader& header) {
    if (is_time_stamp_alone(options)) return;
    constexpr std::uint8_t kEndOfList = 0;
    constexpr std::uint8_t kNoOperation = 1;
    for (std::size_t at = 0; at < options.size() && options[at] != kEndOfList;) {
        if (options[at] == kNoOperation) {
            ++at;
            continue;
        }
        if (at + 1 >= options.size()) break;
        const std::size_t length = options[at + 1];
        if (length < 2 || at + length > options.size()) break;
        read_option(options[at], options.subspan(at + 2, length - 2), header);
        at += length;
    }
}

}  // namespace

std::optional<TcpHeader> parse_tcp_header(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < kFixedLength) return std::nullopt;
    TcpHeader header;
    header.sequence = RawSequence{number_at(bytes, 4)};
    header.acknowledged = RawSequence{number_at(bytes, 8)};
    header.window = static_cast<std::uint16_t>(bytes[14] << 8 | bytes[15]);
    header.length = static_cast<std::uint8_t>((bytes[12] >> 4) * 4);
    if (header.length < kFixedLength) return std::nullopt;
    header.options_length = static_cast<std::uint8_t>(header.length - kFixedLength);
    header.fin = (bytes[13] & kFin) != 0;
    header.syn = (bytes[13] & kSyn) != 0;
    header.rst = (bytes[13] & kRst) != 0;
    header.psh = (bytes[13] & kPsh) != 0;
    header.ack = (bytes[13] & kAck) != 0;
    const std::size_t end = std::min<std::size_t>(header.length, bytes.size());
    read_options(bytes.subspan(kFixedLength, end - kFixedLength), header);
    return header;
}

}  // namespace seamark
