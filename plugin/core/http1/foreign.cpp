// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/foreign.hpp"

#include <algorithm>
#include <string_view>

namespace seamark {

Foreign sniff(std::span<const std::uint8_t> bytes) {
    // A TLS record: content type 20 to 24, version 3.0 to 3.4 (RFC 8446 section 5.1).
    if (bytes.size() >= 3 && bytes[0] >= 20 && bytes[0] <= 24 && bytes[1] == 3 && bytes[2] <= 4)
        return Foreign::kTls;
    // The client's connection preface of HTTP/2 (RFC 9113 section 3.4).
    constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n";
    const auto length = std::min(bytes.size(), kPreface.size());
    if (length >= 4 &&
        std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length),
                   kPreface.begin()))
        return Foreign::kHttp2;
    return Foreign::kOther;
}

}  // namespace seamark
