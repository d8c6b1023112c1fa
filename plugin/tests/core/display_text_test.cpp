// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/display_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

#include "core/event/io_event.hpp"

namespace seamark::display_text_test {
namespace {

std::string shown(std::string_view bytes) {
    return DisplayText::of(bytes).string();
}

std::string encoded(std::uint32_t code) {
    const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
    if (code < 0x80) return {byte(code)};
    if (code < 0x800) return {byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f))};
    if (code < 0x10000)
        return {byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)),
                byte(0x80 | (code & 0x3f))};
    return {byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)),
            byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f))};
}

TEST(DisplayText, LeavesHarmlessTextAsItIs) {
    for (const std::string text :
         {"", "bbr", ";a=\"b\\c\" & <d>", "na\u00efve", "\u30c1\u30e3\u30f3\u30af", "\U0001f6a2",
          "\u00a0", "\u2026", "\u200d"})
        EXPECT_EQ(shown(text), text);
}

TEST(DisplayText, EscapesBytesThatAreNoUtf8) {
    EXPECT_EQ(shown("bbr\xff\xfe"), "bbr\\xff\\xfe");
    EXPECT_EQ(shown("\xe9t\xe9"), "\\xe9t\\xe9");                  // Latin-1
    EXPECT_EQ(shown("\xc0\x80"), "\\xc0\\x80");                    // an overlong NUL
    EXPECT_EQ(shown("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");           // an overlong slash
    EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
    EXPECT_EQ(shown("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
    EXPECT_EQ(shown("\xf0\x90\x80\x80"), "\xf0\x90\x80\x80");      // U+10000
    EXPECT_EQ(shown("\xe2\x82"), "\\xe2\\x82");                    // cut in a character
    EXPECT_EQ(shown("\x80"), "\\x80");
}

TEST(DisplayText, EscapesWhatControlsATerminalALineOrTheDirection) {
    EXPECT_EQ(shown({"a\0b", 3}), "a\\x00b");
    EXPECT_EQ(shown("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
    EXPECT_EQ(shown("\t\r\n\x7f"), "\\t\\r\\n\\x7f");
    EXPECT_EQ(shown("\u009b31m"), "\\u009b31m");
    EXPECT_EQ(shown("\u202egpj.exe\u2069"), "\\u202egpj.exe\\u2069");
    EXPECT_EQ(shown("\u2028\u2029\u200e\ufeff"), "\\u2028\\u2029\\u200e\\ufeff");
    EXPECT_EQ(shown(encoded(0xffff)), "\\uffff");
    EXPECT_EQ(shown(encoded(0x1fffe)), "\\U0001fffe");
}

TEST(DisplayText, CutsBetweenCharacters) {
    EXPECT_EQ(DisplayText::of("reno", 4).string(), "reno");
    EXPECT_EQ(DisplayText::of("renos", 4).string(), "reno…");
    for (std::size_t most = 0; most <= 4; ++most)
        EXPECT_EQ(DisplayText::of("\U0001f6a2!", most).string(), most < 4 ? "…" : "\U0001f6a2…");
    EXPECT_EQ(DisplayText::of("a\xffzz", 2).string(), "a\\xff…");
    EXPECT_EQ(DisplayText::of("a\xe2\x82zz", 2).string(), "a\\xe2…");
}

// Every character of Unicode, in one walk.
TEST(DisplayText, IsTheSameWhenAppliedTwice) {
    for (std::uint32_t code = 0; code <= 0x10ffff; ++code) {
        if (code == 0xd800) code = 0xe000;
        const std::string once = shown(encoded(code));
        ASSERT_EQ(shown(once), once) << code;
        if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
            ASSERT_NE(once, encoded(code)) << code;
        }
    }
    std::mt19937 random(14);  // NOLINT(cert-msc51-cpp): the same bytes each time
    for (int i = 0; i < 20000; ++i) {
        std::string bytes(random() % 12, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        const std::string once = shown(bytes);
        ASSERT_EQ(shown(once), once);
    }
}

TEST(DisplayText, IsWhatAnEventSaysOfItself) {
    IoEvent event;
    event.kind = EventKind::kOption;
    event.option_level = 6;
    event.option_name = 13;
    event.congestion = "bbr\xff\x1b";
    EXPECT_EQ(describe(event), "TCP_CONGESTION set to bbr\\xff\\x1b");
    event.congestion = std::string(300, 'x');
    EXPECT_EQ(describe(event), "TCP_CONGESTION set to " + std::string(32, 'x') + "…");
}

}  // namespace
}  // namespace seamark::display_text_test
