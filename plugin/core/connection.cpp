// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/connection.hpp"

#include <algorithm>

namespace seamark {

void Connection::add(Side side, const CapturedSegment& segment) {
    stream(side).add(segment);
    if (const auto answered = stream(side).take_switch()) stream(other(side)).stop_after(*answered);
}

void Connection::finish() {
    // Requests first: a response may be framed by the request it answers.
    const Side first = requests_[0].size() >= requests_[1].size() ? Side::kFirst : Side::kSecond;
    for (const Side side : {first, other(first)}) {
        stream(side).finish();
        if (const auto answered = stream(side).take_switch())
            stream(other(side)).stop_after(*answered);
    }
}

std::uint32_t Connection::exchange(Side side, std::uint32_t message) const {
    const Message& m = stream(side).framer().messages()[message];
    if (m.is_request()) return message + 1;
    const RequestLog& answered = requests_[static_cast<std::size_t>(other(side))];
    return m.answer < answered.size() ? answered.message(m.answer) + 1 : m.answer + 1;
}

std::optional<std::uint32_t> Connection::max_payload(Side side, std::uint8_t options_length) const {
    const auto peers = stream(other(side)).announced_mss();
    if (!peers) return std::nullopt;
    const std::uint32_t mss = std::min(*peers, stream(side).announced_mss().value_or(*peers));
    if (mss <= options_length) return std::nullopt;
    return mss - options_length;
}

}  // namespace seamark
