// SPDX-License-Identifier: GPL-2.0-or-later
//
// The words of docs/schemas/chunks.schema.json are those that rows may have; docs/causes.md has
// each cause.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "core/http1/fault.hpp"
#include "core/report/cause_words.hpp"

namespace seamark::schema_words_test {
namespace {

/// The words between the first '[' after name and its ']'.
std::set<std::string> words_behind(const std::string& schema, const std::string& name) {
    std::set<std::string> words;
    const auto begin =
        schema.find('[', schema.find("\"enum\"", schema.find("\"" + name + "\": {")));
    const auto end = schema.find(']', begin);
    for (auto at = schema.find('"', begin); at < end;) {
        const auto close = schema.find('"', at + 1);
        words.insert(schema.substr(at + 1, close - at - 1));
        at = schema.find('"', close + 1);
    }
    return words;
}

TEST(SchemaWords, AreThoseOfTheRows) {
    std::ifstream file(SEAMARK_SCHEMAS "/chunks.schema.json");
    const std::string schema{std::istreambuf_iterator<char>(file), {}};
    ASSERT_FALSE(schema.empty());
    std::set<std::string> faults;
    for (unsigned i = 0; i < static_cast<unsigned>(Fault::kCount); ++i)
        faults.emplace(to_string(Fault{static_cast<std::uint8_t>(i)}));
    EXPECT_EQ(words_behind(schema, "fault"), faults);

    std::set<std::string> causes;  // of segments: a row has none of reads, and leaves unknown out
    for (unsigned i = 0; i < static_cast<unsigned>(Cause::kWaited); ++i)
        causes.emplace(to_string(Cause{static_cast<std::uint8_t>(i)}));
    // Rows judge a segment by its own leg: leg_arrival_test.cpp.
    causes.erase(std::string(to_string(Cause::kProxy)));
    std::set<std::string> named = words_behind(schema, "cause");
    // Segments that the kernel sent apart may have been joined on the way up.
    causes.emplace(to_string(Cause::kGro));
    EXPECT_EQ(named, causes);
}

/// The words in backticks of the first cells of a document's tables.
std::set<std::string> first_cells(const std::string& path) {
    std::set<std::string> words;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("| `")) continue;
        const auto end = line.find(" |", 2);
        for (auto at = line.find('`'); at < end;) {
            const auto close = line.find('`', at + 1);
            if (close == line.npos) break;
            words.insert(line.substr(at + 1, close - at - 1));
            at = line.find('`', close + 1);
        }
    }
    return words;
}

TEST(CauseWords, HaveARowEachInTheirDocument) {
    const std::set<std::string> rows = first_cells(SEAMARK_DOCS "/causes.md");
    ASSERT_FALSE(rows.empty());
    for (unsigned i = 0; i <= static_cast<unsigned>(Cause::kUnknown); ++i) {
        const std::string word(to_string(Cause{static_cast<std::uint8_t>(i)}));
        EXPECT_TRUE(rows.contains(word)) << word << " has no row in docs/causes.md";
    }
}

}  // namespace
}  // namespace seamark::schema_words_test
