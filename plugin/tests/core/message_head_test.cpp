// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/message_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/text.hpp"

namespace seamark::message_head_test {
namespace {

using test::fault_words;

/// Feeds the field lines and the empty line; says where the head ended.
HeadFields read(std::string_view text, std::size_t& taken) {
    HeadParser parser;
    taken = 0;
    for (const char c : text) {
        ++taken;
        if (parser.feed(static_cast<unsigned char>(c))) return parser.fields();
    }
    taken = std::string_view::npos;
    return parser.fields();
}

HeadFields read(std::string_view text) {
    std::size_t taken = 0;
    HeadFields fields = read(text, taken);
    EXPECT_EQ(taken, text.size()) << text;
    return fields;
}

TEST(MessageHead, EndsAtTheEmptyLine) {
    struct Case {
        std::string_view text;
        std::size_t taken;
        std::string_view faults;
    };
    const Case cases[] = {
        {"\r\n", 2, ""},
        {"\n", 1, "bare-lf"},
        {"A: b\r\n\r\nbody", 8, ""},
        {"A: b\n\nbody", 6, "bare-lf"},
        {"A: b\r\n\nbody", 7, "bare-lf"},
        {"A: b\r\nC: d\r\n\r\n", 14, ""},
        {"A: b\r\n c\r\n\r\n", 12, "obs-fold"},
        {"A: b\r\n \r\n\r\n", 11, "obs-fold"},
        {"A : b\r\n\r\n", 9, "blank-before-colon"},
        {"A b\r\n\r\n", 7, "bad-field-line"},
        {": b\r\n\r\n", 7, "bad-field-line"},
        {"A(: b\r\n\r\n", 9, "bad-field-line"},
        {"A: b\rc\r\n\r\n", 10, "bare-cr"},
        {"A: b\r\r\n\r\n", 9, "bare-cr"},
        {"A: b\r\n\rc: d\r\n\r\n", 15, "bare-cr bad-field-line"},
        {"A: \x01\r\n\r\n", 8, "bad-field-value"},
        {"A: \t b \xff\r\n\r\n", 12, ""},
        {"A:\r\n\r\n", 6, ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.text);
        std::size_t taken = 0;
        const HeadFields fields = read(c.text, taken);
        EXPECT_EQ(taken, c.taken);
        EXPECT_EQ(fault_words(fields.faults), c.faults);
    }
}

TEST(MessageHead, ReadsContentLength) {
    struct Case {
        std::string_view lines;
        bool given;
        bool bad;
        std::uint64_t length;
        std::string_view faults;
    };
    const Case cases[] = {
        {"Host: a\r\n", false, false, 0, ""},
        {"Content-Length: 42\r\n", true, false, 42, ""},
        {"content-LENGTH:42 \t\r\n", true, false, 42, ""},
        {"Content-Length: 0042\r\n", true, false, 42, ""},
        {"Content-Length: 18446744073709551615\r\n", true, false, 18446744073709551615u, ""},
        {"Content-Length: 18446744073709551616\r\n", true, true, 0, ""},
        {"Content-Length: 42\r\nContent-Length: 42\r\n", true, false, 42, "repeated-length"},
        {"Content-Length: 42, 42\r\n", true, false, 42, "repeated-length"},
        {"Content-Length: 42\r\nContent-Length: 43\r\n", true, true, 42, ""},
        {"Content-Length: 42, 43\r\n", true, true, 42, ""},
        {"Content-Length:\r\n", true, true, 0, ""},
        {"Content-Length: +42\r\n", true, true, 0, ""},
        {"Content-Length: -1\r\n", true, true, 0, ""},
        {"Content-Length: 0x2a\r\n", true, true, 0, ""},
        {"Content-Length: 4 2\r\n", true, true, 0, ""},
        {"Content-Length: 42\r\n 7\r\n", true, true, 0, "obs-fold"},
        {"Content-Length-X: 42\r\n", false, false, 0, ""},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.lines);
        const HeadFields fields = read(std::string(c.lines) + "\r\n");
        EXPECT_EQ(fields.has_content_length, c.given);
        EXPECT_EQ(fields.bad_content_length, c.bad);
        if (!c.bad) {
            EXPECT_EQ(fields.content_length, c.length);
        }
        EXPECT_EQ(fault_words(fields.faults), c.faults);
    }
}

TEST(MessageHead, CountsTransferCodings) {
    struct Case {
        std::string_view lines;
        bool given;
        std::uint32_t named;
        std::uint32_t chunked;
        bool chunked_last;
    };
    const Case cases[] = {
        {"Host: a\r\n", false, 0, 0, false},
        {"Transfer-Encoding:\r\n", true, 0, 0, false},
        {"Transfer-Encoding: chunked\r\n", true, 1, 1, true},
        {"transfer-encoding: gzip,Chunked ,\r\n", true, 2, 1, true},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n", true, 2, 1, false},
        {"Transfer-Encoding: chunked,\r\n chunked\r\n", true, 2, 2, true},
        {"Transfer-Encoding: chunked\r\n chunked\r\n", true, 1, 0, false},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.lines);
        const TransferCodings codings = read(std::string(c.lines) + "\r\n").codings;
        EXPECT_EQ(codings.given, c.given);
        EXPECT_EQ(codings.named, c.named);
        EXPECT_EQ(codings.chunked, c.chunked);
        EXPECT_EQ(codings.chunked_last, c.chunked_last);
    }
}

TEST(MessageHead, KnowsTheTagHeader) {
    struct Case {
        std::string_view line;
        bool tagged;
    };
    const Case cases[] = {
        {"Seamark: tag=w", true},      {"seamark:tag=w", true},      {"Seamark: tag=w; id=7", true},
        {"Seamark: id=7;tag=w", true}, {"Seamark: tag=none", false}, {"Seamark: tag=ww", false},
        {"Seamark: w", false},         {"X-Seamark: tag=w", false},  {"Seamark:", false},
    };
    for (const Case& c : cases)
        EXPECT_EQ(read(std::string(c.line) + "\r\n\r\n").tagged, c.tagged) << c.line;
}

TEST(MessageHead, ReadsConnectionOptions) {
    EXPECT_TRUE(read("Connection: close\r\n\r\n").connection_close);
    EXPECT_TRUE(read("Connection: x, CLOSE\r\n\r\n").connection_close);
    EXPECT_FALSE(read("Connection: closed\r\n\r\n").connection_close);
    EXPECT_TRUE(read("Connection: Keep-Alive\r\n\r\n").connection_keep_alive);
    EXPECT_TRUE(read("Upgrade: websocket\r\n\r\n").has_upgrade);
}

TEST(MessageHead, DropsTheRestOfALineThatIsTooLong) {
    const std::string filler(HeadParser::kLineLimit, 'x');
    const HeadFields fields = read("A: " + filler + "\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(fault_words(fields.faults), "head-line-too-long");
    EXPECT_EQ(fields.content_length, 5u) << "the next line is read as ever";
}

/// RFC 9110 section 8.4: in the order of coding; names do not depend on case, identity is none.
TEST(MessageHead, KeepsContentCodingsForComparison) {
    const auto coding = [](const std::string& lines) { return read(lines + "\r\n").coding; };
    EXPECT_EQ(coding("Host: a\r\n"), "");
    EXPECT_EQ(coding("Content-Encoding: GZip\r\n"), "gzip");
    EXPECT_EQ(coding("Content-Encoding: x-gzip2, identity, BR\r\n"), "x-gzip2, br");
    EXPECT_EQ(coding("Content-Encoding: gzip\r\nContent-Encoding: br\r\n"), "gzip, br");
    EXPECT_EQ(coding("Content-Encoding: IDENTITY\r\n"), "");
    const std::string longest(101, 'a');
    EXPECT_EQ(coding("Content-Encoding: " + longest + ", gzip\r\n"),
              longest.substr(0, 100) + ", gzip")
        << "of a name 100 bytes";
    EXPECT_EQ(coding("Content-Encoding: " + longest + ", br, gzip, br\r\n"),
              longest.substr(0, 100) + ", br")
        << "none behind 100 bytes";
}

TEST(MessageHead, AnEmptyIdIsNone) {
    EXPECT_EQ(read("Seamark: tag=w; id=\r\n\r\n").id, 0u);
    EXPECT_NE(read("Seamark: id=7f\r\n\r\n").id, 0u);
    EXPECT_NE(read("Seamark: id=7f\r\n\r\n").id, read("Seamark: id=7e\r\n\r\n").id);
}

/// A CR at the limit of what is kept of a line changes neither the limit nor where the head ends.
TEST(MessageHead, ABareCrBehindTheLimitIsCountedAndDropped) {
    const std::string filler(HeadParser::kLineLimit, 'x');
    const HeadFields fields = read("A: " + filler + "\rx\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(fault_words(fields.faults), "bare-cr head-line-too-long");
    EXPECT_EQ(fields.content_length, 5u);
}

}  // namespace
}  // namespace seamark::message_head_test
