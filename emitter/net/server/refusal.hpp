// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::net {

/// Why a request is not carried out: the status and the text of the answer. After it the connection
/// is closed.
struct Refusal {
    unsigned status = 400;
    std::string reason;
};

/// What no HTTP/1.x request looks like.
inline Refusal malformed(const std::string& why) {
    return {400, "This is not an HTTP/1.1 request: " + why};
}

}  // namespace seamark::net
