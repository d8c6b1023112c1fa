// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "core/http1/message_head.hpp"

namespace seamark {

/// How the end of a message is found (RFC 9112 section 6.3).
enum class Framing : std::uint8_t {
    kUnknown,  // the head is not whole, or contradicts itself
    kChunked,
    kContentLength,
    kClose,
    kNone,
    kTunnel,
};

/// Why it is found so.
enum class FramingReason : std::uint8_t {
    kHeadNotWhole,
    kChunkedNamed,
    kLengthNamed,
    kAnswersHead,
    kInformational,
    kSwitchingProtocols,
    kNoContent,
    kNotModified,
    kAnswersConnect,
    kRequestWithoutBody,
    kCloseHttp10,
    kCloseConnection,
    kCloseSilent,
    kCloseUnknownCoding,
    kBadLength,
    kRequestUnknownCoding,
};

/// chunked, content-length, close, none, tunnel; "unknown" where it cannot be known.
std::string_view to_string(Framing framing);
/// A sentence that answers "why is there no Content-Length and no Transfer-Encoding?".
std::string_view describe(FramingReason reason);

/// The start line's part in the decision.
struct StartLine {
    MessageKind kind = MessageKind::kRequest;
    Method method = Method::kUnknown;
    std::uint16_t status = 0;        // of a response
    std::uint8_t minor_version = 0;  // of HTTP/1.x
};

struct FramingDecision {
    Framing framing = Framing::kUnknown;
    FramingReason reason = FramingReason::kHeadNotWhole;
    std::uint64_t length = 0;  // with kContentLength
    FaultSet faults;
};

/// Applies RFC 9112 section 6.3 in its order. request_method: of the request that a response
/// answers, kUnknown where that was not seen.
FramingDecision decide_framing(const StartLine& line, const HeadFields& head,
                               Method request_method);

}  // namespace seamark
