// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/framing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/text.hpp"

namespace seamark::framing_test {
namespace {

using test::fault_words;

HeadFields fields_of(std::string_view lines) {
    HeadParser parser;
    for (const char c : std::string(lines) + "\r\n") parser.feed(static_cast<unsigned char>(c));
    return parser.fields();
}

struct Case {
    std::string_view lines;  // of the head
    Framing framing;
    FramingReason reason;
    std::uint64_t length;
    std::string_view faults;
};

void check(const Case& c, const StartLine& line, Method method) {
    SCOPED_TRACE(c.lines);
    const FramingDecision decision = decide_framing(line, fields_of(c.lines), method);
    EXPECT_EQ(to_string(decision.framing), to_string(c.framing));
    EXPECT_EQ(describe(decision.reason), describe(c.reason));
    EXPECT_EQ(decision.length, c.length);
    EXPECT_EQ(fault_words(decision.faults), c.faults);
}

constexpr std::string_view kBoth = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";

/// RFC 9112 section 6.3, items 1 and 2: no field counts.
TEST(Framing, ResponsesThatEndWithTheirHead) {
    struct Bodyless {
        int status;
        Method method;
        Framing framing;
        FramingReason reason;
    };
    const Bodyless cases[] = {
        {200, Method::kHead, Framing::kNone, FramingReason::kAnswersHead},
        {404, Method::kHead, Framing::kNone, FramingReason::kAnswersHead},
        {100, Method::kOther, Framing::kNone, FramingReason::kInformational},
        {103, Method::kUnknown, Framing::kNone, FramingReason::kInformational},
        {101, Method::kOther, Framing::kNone, FramingReason::kSwitchingProtocols},
        {204, Method::kOther, Framing::kNone, FramingReason::kNoContent},
        {304, Method::kOther, Framing::kNone, FramingReason::kNotModified},
        {200, Method::kConnect, Framing::kTunnel, FramingReason::kAnswersConnect},
        {299, Method::kConnect, Framing::kTunnel, FramingReason::kAnswersConnect},
        {100, Method::kConnect, Framing::kNone, FramingReason::kInformational},
        {204, Method::kConnect, Framing::kNone, FramingReason::kNoContent},
    };
    for (const Bodyless& c : cases) {
        SCOPED_TRACE(c.status);
        const StartLine line{MessageKind::kResponse, Method::kUnknown,
                             static_cast<std::uint16_t>(c.status), 1};
        check({kBoth, c.framing, c.reason, 0, ""}, line, c.method);
        check({"", c.framing, c.reason, 0, ""}, line, c.method);
        check({"Content-Length: x\r\n", c.framing, c.reason, 0, ""}, line, c.method);
    }
}

TEST(Framing, OtherResponses) {
    using F = Framing;
    using R = FramingReason;
    const Case cases[] = {
        {"", F::kClose, R::kCloseSilent, 0, ""},
        {"Connection: close\r\n", F::kClose, R::kCloseConnection, 0, ""},
        {"Content-Length: 5\r\n", F::kContentLength, R::kLengthNamed, 5, ""},
        {"Content-Length: 0\r\n", F::kContentLength, R::kLengthNamed, 0, ""},
        {"Content-Length: 5, 5\r\n", F::kContentLength, R::kLengthNamed, 5, "repeated-length"},
        {"Content-Length: 5, 6\r\n", F::kUnknown, R::kBadLength, 0, "bad-length"},
        {"Content-Length: five\r\n", F::kUnknown, R::kBadLength, 0, "bad-length"},
        {"Transfer-Encoding: chunked\r\n", F::kChunked, R::kChunkedNamed, 0, ""},
        {"transfer-encoding:CHUNKED\r\n", F::kChunked, R::kChunkedNamed, 0, ""},
        {"Transfer-Encoding: gzip, chunked\r\n", F::kChunked, R::kChunkedNamed, 0, ""},
        {"Transfer-Encoding: ,chunked,\r\n", F::kChunked, R::kChunkedNamed, 0, ""},
        {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", F::kChunked, R::kChunkedNamed,
         0, ""},
        {"Transfer-Encoding: chunked, chunked\r\n", F::kChunked, R::kChunkedNamed, 0,
         "chunked-twice"},
        {kBoth, F::kChunked, R::kChunkedNamed, 0, "length-beside-chunked"},
        {"Content-Length: x\r\nTransfer-Encoding: chunked\r\n", F::kChunked, R::kChunkedNamed, 0,
         "length-beside-chunked"},
        {"Transfer-Encoding: chunked, gzip\r\n", F::kClose, R::kCloseUnknownCoding, 0,
         "chunked-not-last"},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", F::kClose,
         R::kCloseUnknownCoding, 0, "chunked-not-last"},
        {"Transfer-Encoding: gzip\r\n", F::kClose, R::kCloseUnknownCoding, 0, "unknown-coding"},
        {"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", F::kClose, R::kCloseUnknownCoding,
         0, "length-beside-chunked unknown-coding"},
        {"Transfer-Encoding: bigchunked\r\n", F::kClose, R::kCloseUnknownCoding, 0,
         "unknown-coding"},
        {"Transfer-Encoding: chunked;q=1\r\n", F::kClose, R::kCloseUnknownCoding, 0,
         "unknown-coding"},
        {"Transfer-Encoding: \"chunked\"\r\n", F::kClose, R::kCloseUnknownCoding, 0,
         "unknown-coding"},
        {"Transfer-Encoding:\r\n", F::kClose, R::kCloseSilent, 0, "empty-transfer-encoding"},
        {"Transfer-Encoding: ,\r\nContent-Length: 5\r\n", F::kContentLength, R::kLengthNamed, 5,
         "empty-transfer-encoding"},
    };
    const StartLine line{MessageKind::kResponse, Method::kUnknown, 200, 1};
    for (const Method method : {Method::kUnknown, Method::kOther})
        for (const Case& c : cases) check(c, line, method);
    check({"", F::kClose, R::kCloseSilent, 0, ""},
          {MessageKind::kResponse, Method::kUnknown, 403, 1}, Method::kConnect);
}

TEST(Framing, ResponsesOfHttp10) {
    using F = Framing;
    using R = FramingReason;
    const StartLine line{MessageKind::kResponse, Method::kUnknown, 200, 0};
    check({"", F::kClose, R::kCloseHttp10, 0, ""}, line, Method::kOther);
    check({"Connection: close\r\n", F::kClose, R::kCloseHttp10, 0, ""}, line, Method::kOther);
    check({"Content-Length: 5\r\n", F::kContentLength, R::kLengthNamed, 5, ""}, line,
          Method::kOther);
    check({"Transfer-Encoding: chunked\r\n", F::kChunked, R::kChunkedNamed, 0, "chunked-in-http10"},
          line, Method::kOther);
}

TEST(Framing, Requests) {
    using F = Framing;
    using R = FramingReason;
    const Case cases[] = {
        {"", F::kNone, R::kRequestWithoutBody, 0, ""},
        {"Connection: close\r\n", F::kNone, R::kRequestWithoutBody, 0, ""},
        {"Content-Length: 5\r\n", F::kContentLength, R::kLengthNamed, 5, ""},
        {"Content-Length: -5\r\n", F::kUnknown, R::kBadLength, 0, "bad-length"},
        {"Transfer-Encoding: chunked\r\n", F::kChunked, R::kChunkedNamed, 0, ""},
        {kBoth, F::kChunked, R::kChunkedNamed, 0, "length-beside-chunked"},
        {"Transfer-Encoding: gzip\r\n", F::kUnknown, R::kRequestUnknownCoding, 0, "unknown-coding"},
        {"Transfer-Encoding: chunked, gzip\r\n", F::kUnknown, R::kRequestUnknownCoding, 0,
         "chunked-not-last"},
    };
    for (const Method method : {Method::kOther, Method::kHead, Method::kConnect})
        for (const Case& c : cases)
            check(c, {MessageKind::kRequest, method, 0, 1}, Method::kUnknown);
}

}  // namespace
}  // namespace seamark::framing_test
