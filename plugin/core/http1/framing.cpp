// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/framing.hpp"

namespace seamark {
namespace {

FramingReason why_close(const StartLine& line, const HeadFields& head) {
    if (line.minor_version == 0) return FramingReason::kCloseHttp10;
    return head.connection_close ? FramingReason::kCloseConnection : FramingReason::kCloseSilent;
}

/// Section 6.3 items 1 and 2: what ends with its head whatever the fields say.
FramingReason why_no_body(const StartLine& line, Method request_method) {
    if (line.status == 101) return FramingReason::kSwitchingProtocols;
    if (line.status < 200) return FramingReason::kInformational;
    if (line.status == 204) return FramingReason::kNoContent;
    if (line.status == 304) return FramingReason::kNotModified;
    if (request_method == Method::kHead) return FramingReason::kAnswersHead;
    if (request_method == Method::kConnect && line.status < 300)
        return FramingReason::kAnswersConnect;
    return FramingReason::kHeadNotWhole;
}

}  // namespace

FramingDecision decide_framing(const StartLine& line, const HeadFields& head,
                               Method request_method) {
    FramingDecision decision;
    decision.faults = head.faults;
    const auto conclude = [&](Framing framing, FramingReason reason) {
        decision.framing = framing;
        decision.reason = reason;
        return decision;
    };
    const bool response = line.kind == MessageKind::kResponse;
    if (response) {
        const FramingReason bodyless = why_no_body(line, request_method);
        if (bodyless == FramingReason::kAnswersConnect) return conclude(Framing::kTunnel, bodyless);
        if (bodyless != FramingReason::kHeadNotWhole) return conclude(Framing::kNone, bodyless);
    }
    if (head.codings.given) {
        const TransferCodings& codings = head.codings;
        if (line.minor_version == 0) decision.faults.add(Fault::kChunkedInHttp10);
        if (codings.chunked > 1) decision.faults.add(Fault::kChunkedTwice);
        if (codings.named > 0 && head.has_content_length)
            decision.faults.add(Fault::kLengthBesideChunked);
        if (codings.chunked_last) return conclude(Framing::kChunked, FramingReason::kChunkedNamed);
        if (codings.named > 0) {
            decision.faults.add(codings.chunked > 0 ? Fault::kChunkedNotLast
                                                    : Fault::kUnknownCoding);
            return response ? conclude(Framing::kClose, FramingReason::kCloseUnknownCoding)
                            : conclude(Framing::kUnknown, FramingReason::kRequestUnknownCoding);
        }
        decision.faults.add(Fault::kEmptyTransferEncoding);
    }
    if (head.bad_content_length) {
        decision.faults.add(Fault::kBadLength);
        return conclude(Framing::kUnknown, FramingReason::kBadLength);
    }
    if (head.has_content_length) {
        decision.length = head.content_length;
        return conclude(Framing::kContentLength, FramingReason::kLengthNamed);
    }
    if (!response) return conclude(Framing::kNone, FramingReason::kRequestWithoutBody);
    return conclude(Framing::kClose, why_close(line, head));
}

std::string_view to_string(Framing framing) {
    switch (framing) {
        case Framing::kUnknown:
            return "unknown";
        case Framing::kChunked:
            return "chunked";
        case Framing::kContentLength:
            return "content-length";
        case Framing::kClose:
            return "close";
        case Framing::kNone:
            return "none";
        case Framing::kTunnel:
            return "tunnel";
    }
    return "unknown";
}

std::string_view describe(FramingReason reason) {
    switch (reason) {
        case FramingReason::kHeadNotWhole:
            return "its head was not captured whole";
        case FramingReason::kChunkedNamed:
            return "Transfer-Encoding names chunked as the final coding (RFC 9112 section 6.3)";
        case FramingReason::kLengthNamed:
            return "Content-Length gives the length of the body (RFC 9112 section 6.3)";
        case FramingReason::kAnswersHead:
            return "it answers HEAD, so no body follows";
        case FramingReason::kInformational:
            return "an informational (1xx) response has no body";
        case FramingReason::kSwitchingProtocols:
            return "101 (Switching Protocols): what follows is no longer HTTP/1";
        case FramingReason::kNoContent:
            return "204 (No Content) has no body";
        case FramingReason::kNotModified:
            return "304 (Not Modified) has no body";
        case FramingReason::kAnswersConnect:
            return "a 2xx answer to CONNECT: what follows is a tunnel";
        case FramingReason::kRequestWithoutBody:
            return "a request with neither Content-Length nor Transfer-Encoding has no body";
        case FramingReason::kCloseHttp10:
            return "ends at connection close: an HTTP/1.0 response without Content-Length, and "
                   "HTTP/1.0 knows no chunked coding";
        case FramingReason::kCloseConnection:
            return "ends at connection close: neither Content-Length nor Transfer-Encoding, and "
                   "Connection: close says so";
        case FramingReason::kCloseSilent:
            return "ends at connection close: neither Content-Length nor Transfer-Encoding (RFC "
                   "9112 section 6.3)";
        case FramingReason::kCloseUnknownCoding:
            return "ends at connection close: Transfer-Encoding does not end with chunked (RFC "
                   "9112 section 6.3)";
        case FramingReason::kBadLength:
            return "Content-Length is not one decimal number below 2^64, so the end cannot be "
                   "known";
        case FramingReason::kRequestUnknownCoding:
            return "Transfer-Encoding of a request does not end with chunked, so the end cannot be "
                   "known (RFC 9112 section 6.3)";
    }
    return "";
}

}  // namespace seamark
