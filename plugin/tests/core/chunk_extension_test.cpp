// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/chunk_extension.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/text.hpp"

namespace seamark::chunk_extension_test {
namespace {

/// RFC 9112 section 7.1.1; the text begins with the first semicolon.
TEST(ChunkExtension, ChecksTheGrammar) {
    struct Case {
        std::string_view text;
        std::string_view faults;
    };
    const Case cases[] = {
        {";w=7", ""},
        {";a", ""},
        {";a;b;c", ""},
        {";a=b;c=\"d e\"", ""},
        {"; \ta \t= \tb \t; c", ""},
        {";a=\"\"", ""},
        {";a=\"x;y=z\"", ""},
        {";a=\"\\\"\\\\\"", ""},
        {";a=\"\\\t\xff\"", ""},
        {";!#$%&'*+-.^_`|~=1", ""},
        {";", "empty-extension-name"},
        {"; ", "empty-extension-name"},
        {";;a", "empty-extension-name"},
        {";a;", "empty-extension-name"},
        {";=b", "empty-extension-name"},
        {";a=", "bad-extension"},
        {";a=;b", "bad-extension"},
        {";a=b=c", "bad-extension"},
        {";a b", "bad-extension"},
        {";a=b c", "bad-extension"},
        {";a=\"b", "bad-extension"},
        {";a=\"b\\", "bad-extension"},
        {";a=\"b\"c", "bad-extension"},
        {";a=\"\x01\"", "bad-extension"},
        {";a=\"\\\x7f\"", "bad-extension"},
        {";\xc3\xa9", "bad-extension"},
        {";a=(b)", "bad-extension"},
        {";;a=", "empty-extension-name bad-extension"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.text);
        ExtensionChecker checker;
        for (const int round : {1, 2}) {
            FaultSet faults;
            for (const char byte : c.text) checker.feed(static_cast<unsigned char>(byte), faults);
            checker.end(faults);
            EXPECT_EQ(test::fault_words(faults), c.faults) << "round " << round;
            checker.reset();
        }
    }
}

/// What stands between the size and a semicolon is none; its state is that of any bad extension.
TEST(ChunkExtension, BeginsWithASemicolon) {
    ExtensionChecker checker;
    FaultSet faults;
    for (const char byte : std::string_view("x;a"))
        checker.feed(static_cast<unsigned char>(byte), faults);
    EXPECT_EQ(test::fault_words(faults), "bad-extension");
}

}  // namespace
}  // namespace seamark::chunk_extension_test
