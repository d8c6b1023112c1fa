// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a Content-Type says of the events of a body.
#include "core/body/item_format.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::item_format_test {
namespace {

/// "multipart x": the format and the boundary, as a Content-Type has them.
std::string media(const std::string& type) {
    const ItemMedia found = item_media(type);
    return std::string(to_string(found.format)) +
           (found.boundary.empty() ? "" : " " + std::string(found.boundary));
}

TEST(ItemFormat, IsThatOfTheMediaTypeWithoutItsParameters) {
    EXPECT_EQ(media("text/event-stream"), "sse");
    EXPECT_EQ(media(" Text/Event-Stream ;charset=utf-8"), "sse");
    for (const char* type :
         {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
          "application/jsonlines", "application/x-jsonlines"})
        EXPECT_EQ(media(type), "ndjson") << type;
    EXPECT_EQ(media("application/json-seq"), "json-seq");
    EXPECT_EQ(media("application/geo+json-seq"), "json-seq");
    for (const char* type :
         {"", "text/plain", "application/json", "+json-seq", "text/event-streams"})
        EXPECT_EQ(media(type), "") << type;
}

TEST(ItemFormat, OfPartsNeedsABoundary) {
    const std::string type = "multipart/x-mixed-replace";
    EXPECT_EQ(media(type + "; boundary=x"), "multipart x");
    EXPECT_EQ(media(type + "; Boundary = x "), "multipart x");
    EXPECT_EQ(media(type + "; boundary=--x"), "multipart x") << "cameras write the dashes here";
    EXPECT_EQ(media(type), "");
    EXPECT_EQ(media(type + ";"), "");
    EXPECT_EQ(media(type + "; charset=x"), "");
    EXPECT_EQ(media(type + "; boundary"), "");
    EXPECT_EQ(media(type + "; boundary="), "");
    EXPECT_EQ(media("multipart/mixed; boundary=x"), "") << "its parts are no events";
}

TEST(ItemFormat, BoundaryMayBeQuotedAndBehindOtherParameters) {
    const std::string type = "multipart/x-mixed-replace";
    EXPECT_EQ(media(type + "; boundary=\"a;b\""), "multipart a;b");
    EXPECT_EQ(media(type + "; a=\"boundary=x;\"; boundary=y; b=z"), "multipart y");
    EXPECT_EQ(media(type + "; boundary=\""), "multipart \"") << "a quote alone quotes nothing";
    EXPECT_EQ(media(type + "; boundary=\"a"), "multipart \"a");
}

TEST(ItemFormat, BoundaryHasAtMostSeventyCharacters) {
    const std::string type = "multipart/x-mixed-replace; boundary=";
    EXPECT_EQ(media(type + std::string(70, 'x')), "multipart " + std::string(70, 'x'));
    EXPECT_EQ(media(type + std::string(71, 'x')), "");
}

}  // namespace
}  // namespace seamark::item_format_test
