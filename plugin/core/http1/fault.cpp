// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/fault.hpp"

namespace seamark {
namespace {

struct Text {
    Fault fault;
    std::string_view word;
    std::string_view sentence;
    bool fatal;
};

constexpr std::array kTexts{
    Text{Fault::kBareLf, "bare-lf", "A line ends with LF alone (RFC 9112 section 2.2)", false},
    Text{Fault::kBareCr, "bare-cr", "A CR without LF stands inside a line (RFC 9112 section 2.2)",
         false},
    Text{Fault::kObsFold, "obs-fold",
         "A field value goes on in a further line (obs-fold, RFC 9112 section 5.2)", false},
    Text{Fault::kBlankBeforeColon, "blank-before-colon",
         "A blank stands between field name and colon (RFC 9112 section 5.1)", false},
    Text{Fault::kBadFieldLine, "bad-field-line",
         "A line of the head is no field line (RFC 9112 section 5)", false},
    Text{Fault::kBadFieldValue, "bad-field-value",
         "A control character stands in a field value (RFC 9110 section 5.5)", false},
    Text{Fault::kLengthBesideChunked, "length-beside-chunked",
         "Content-Length beside Transfer-Encoding, which wins (RFC 9112 section 6.3)", false},
    Text{Fault::kChunkedTwice, "chunked-twice",
         "Transfer-Encoding names chunked more than once (RFC 9112 section 6.1)", false},
    Text{Fault::kChunkedNotLast, "chunked-not-last",
         "chunked is not the final transfer coding (RFC 9112 section 6.3)", false},
    Text{Fault::kUnknownCoding, "unknown-coding",
         "Transfer-Encoding without chunked: the length of the body is not known from the head "
         "(RFC 9112 section 6.3)",
         false},
    Text{Fault::kChunkedInHttp10, "chunked-in-http10",
         "Transfer-Encoding in an HTTP/1.0 message (RFC 9112 section 6.1)", false},
    Text{Fault::kEmptyTransferEncoding, "empty-transfer-encoding",
         "Transfer-Encoding names no coding (RFC 9112 section 6.1)", false},
    Text{Fault::kRepeatedLength, "repeated-length",
         "Content-Length is given more than once, with one value (RFC 9110 section 8.6)", false},
    Text{Fault::kBadLength, "bad-length",
         "Content-Length is not one decimal number below 2^64: the body cannot be framed (RFC 9112 "
         "section 6.3)",
         true},
    Text{Fault::kHeadLineTooLong, "head-line-too-long",
         "A line of the head is longer than 64 KiB; the rest of it was not read", false},
    Text{Fault::kMissingSize, "missing-size",
         "A chunk does not begin with a hexadecimal digit (RFC 9112 section 7.1)", true},
    Text{Fault::kBadSize, "bad-size",
         "A character that is no hexadecimal digit stands in a chunk size (RFC 9112 section 7.1)",
         true},
    Text{Fault::kSizeOverflow, "size-overflow", "A chunk size is 2^64 or more", true},
    Text{Fault::kSizeLineTooLong, "size-line-too-long", "A chunk-size line is longer than 64 KiB",
         true},
    Text{Fault::kLeadingZeros, "leading-zeros", "A chunk size has more than 16 digits", false},
    Text{Fault::kBlankAfterSize, "blank-after-size", "A blank follows the chunk size", false},
    Text{Fault::kEmptyExtensionName, "empty-extension-name",
         "A chunk extension has no name (RFC 9112 section 7.1.1)", false},
    Text{Fault::kBadExtension, "bad-extension",
         "A chunk extension is malformed (RFC 9112 section 7.1.1)", false},
    Text{Fault::kBadSizeLineEnd, "bad-size-line-end",
         "The CR after a chunk size is not followed by LF (RFC 9112 section 7.1)", true},
    Text{Fault::kBadChunkEnd, "bad-chunk-end",
         "Chunk data is not followed by a line end (RFC 9112 section 7.1)", true},
    Text{Fault::kBadTrailerLine, "bad-trailer-line",
         "A line of the trailer section is no field line (RFC 9112 section 7.1.2)", false},
    Text{Fault::kForbiddenTrailerField, "forbidden-trailer-field",
         "A field stands in the trailer section that must not (RFC 9110 section 6.5.1)", false},
    Text{Fault::kMissingBytes, "missing-bytes", "Bytes are missing from the capture", false},
    Text{Fault::kUnfinished, "unfinished", "The capture ends before the message does", false},
    Text{Fault::kBadTag, "bad-tag",
         "The write tag is no range of at most 1024 writes, counted from 1; it is not used", false},
    Text{Fault::kCutByFin, "cut-by-fin",
         "The sender closed the connection (FIN) before the message was whole (RFC 9112 section 8)",
         false},
    Text{Fault::kCutByReset, "cut-by-reset",
         "The connection was reset (RST) before the message was whole (RFC 9112 section 8)", false},
    Text{Fault::kBlankInTarget, "blank-in-target",
         "A blank stands inside the request target (RFC 9112 section 3.2)", false},
    Text{Fault::kSubflow, "subflow",
         "This is one subflow of a Multipath TCP connection, which is not the whole stream: the "
         "rest "
         "may be in another (RFC 8684)",
         false},
};
static_assert(kTexts.size() == static_cast<std::size_t>(Fault::kCount));

const Text& text(Fault fault) {
    return kTexts[static_cast<std::size_t>(fault)];
}

}  // namespace

std::string_view to_string(Fault fault) {
    return text(fault).word;
}
std::string_view describe(Fault fault) {
    return text(fault).sentence;
}
bool is_fatal(Fault fault) {
    return text(fault).fatal;
}

}  // namespace seamark
