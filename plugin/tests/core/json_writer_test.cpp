// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace seamark::json_writer_test {
namespace {

template <typename Write>
std::string written(Write write) {
    std::string out;
    {
        JsonWriter json(out);
        write(json);
    }
    return out;
}

std::string text(std::string_view bytes) {
    return written([&](JsonWriter& json) { json.text(bytes); });
}

TEST(JsonWriter, PutsCommasBetweenValuesAndMembers) {
    EXPECT_EQ(written([](JsonWriter& json) {
                  json.begin_object();
                  json.field<"a">(1);
                  json.key<"b">();
                  json.begin_array();
                  json.begin_array();
                  json.end_array();
                  json.number(-2);
                  json.begin_object();
                  json.field<"c">("d");
                  json.field<"e">(std::string("f"));
                  json.end_object();
                  json.boolean(true);
                  json.end_array();
                  json.field<"g">(false);
                  json.end_object();
              }),
              R"({"a":1,"b":[[],-2,{"c":"d","e":"f"},true],"g":false})");
}

TEST(JsonWriter, WritesAllNumbersOf64Bits) {
    EXPECT_EQ(written([](JsonWriter& json) {
                  json.begin_array();
                  for (const std::uint64_t value :
                       {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{10}, ~std::uint64_t{0}})
                      json.number(value);
                  json.number(std::numeric_limits<std::int64_t>::min());
                  json.number(std::numeric_limits<std::int64_t>::max());
                  json.number(std::int64_t{-1});
                  json.number(std::uint8_t{200});
                  json.end_array();
              }),
              "[0,9,10,18446744073709551615,-9223372036854775808,9223372036854775807,-1,200]");
}

/// One byte at each place of a text that is longer than what is looked at in one piece.
TEST(JsonWriter, EscapesEachByteWhereverItStands) {
    constexpr char kDigits[] = "0123456789abcdef";
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        std::string escaped(1, c);
        if (c == '"' || c == '\\') {
            escaped = std::string("\\") + c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            escaped = std::string("\\u00") + kDigits[byte / 16] + kDigits[byte % 16];
        }
        for (std::size_t size = 1; size < 20; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string bytes(size, 'x');
                bytes[at] = c;
                std::string expected(size, 'x');
                expected.replace(at, 1, escaped);
                EXPECT_EQ(text(bytes), '"' + expected + '"') << byte << ' ' << size << ' ' << at;
            }
        }
    }
}

TEST(JsonWriter, TellsNeighboursOfEscapedBytesApart) {
    // Bytes that a subtraction over eight at once borrows from or carries to.
    EXPECT_EQ(text(std::string("\x1f\x20\x21\x22\x23\x5b\x5d\x7e\x7f\x80\xff\x00", 12)),
              R"("\u001f !\"#[]~\u007f\u0080\u00ff\u0000")");
    EXPECT_EQ(text(" !#[]^~}|{`a"), R"(" !#[]^~}|{`a")");
}

TEST(JsonWriter, GrowsWithWhatIsWritten) {
    const std::string plain(100'000, 'y');
    EXPECT_EQ(text(plain), '"' + plain + '"');
    std::string expected;
    for (int i = 0; i < 50'000; ++i) expected += "\\u0001";
    EXPECT_EQ(text(std::string(50'000, '\1')), '"' + expected + '"');
    const std::string many = written([](JsonWriter& json) {
        json.begin_array();
        for (int i = 0; i < 100'000; ++i) json.number(1);
        json.end_array();
    });
    EXPECT_EQ(many.size(), 200'001U);
    EXPECT_EQ(many.substr(0, 6), "[1,1,1");
    EXPECT_TRUE(many.ends_with("1,1]"));
}

TEST(JsonWriter, AppendsToWhatIsThere) {
    std::string out = "before ";
    { JsonWriter(out).text("x"); }
    { JsonWriter(out).number(2); }
    EXPECT_EQ(out, "before \"x\"2");
    std::string empty = "as it was";
    { JsonWriter json(empty); }
    EXPECT_EQ(empty, "as it was");
}

TEST(JsonWriter, BeginsAnewInTheSameRoom) {
    std::string out = "before";
    {
        JsonWriter json(out);
        json.begin_array();
        json.text(std::string(1000, 'x'));
        json.end_array();
        EXPECT_EQ(std::string_view(json.written()).size(), 1004U);
        json.clear();
        EXPECT_EQ(std::string_view(json.written()), "");
        json.begin_array();
        json.number(1);
        json.end_array();
        EXPECT_EQ(std::string_view(json.written()), "[1]");
    }
    EXPECT_EQ(out, "before[1]");
}

/// What PrintableText promises of it.
TEST(JsonWriter, WritesPrintableBytesAlone) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field<"a">(all + all.substr(3) + all.substr(6));
    json.field<"b">(std::numeric_limits<std::int64_t>::min());
    json.field<"c">(true);
    json.end_object();
    const std::string_view written = json.written();
    EXPECT_EQ(printable_run(written), written.size());
}

TEST(JsonWriter, TakesMembersThatWereMadeBefore) {
    std::string text;
    JsonWriter members(text);
    members.field<"a">(1);
    members.field<"b">("c");
    EXPECT_EQ(written([&](JsonWriter& json) {
                  json.begin_object();
                  json.verbatim(members.written());
                  json.field<"d">(2);
                  json.end_object();
              }),
              R"({"a":1,"b":"c","d":2})");
}

}  // namespace
}  // namespace seamark::json_writer_test
