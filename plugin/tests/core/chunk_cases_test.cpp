// SPDX-License-Identifier: GPL-2.0-or-later
//
// The cases of other people's test suites (../shared/chunk-cases.tsv), each at every split: in two
// parts at every byte, and in fragments of every size.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "chunk_case_faults.hpp"
#include "core/base/characters.hpp"
#include "core/stream/overlay.hpp"
#include "support/feeder.hpp"
#include "support/text.hpp"

namespace seamark::chunk_cases_test {
namespace {

using namespace test;

struct Case {
    std::string name;
    std::string raw;
    std::string verdict;  // accept, reject, incomplete, not-chunked
    std::string body;
};

/// The rows that go against the RFC, or against what DESIGN.md says Seamark tolerates, and the
/// verdict that stands instead. Suites disagree with each other; the RFC decides.
const std::map<std::string_view, std::string_view> kExceptions{
    // RFC 9112 section 7.1: chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF, and section 2.2:
    // a
    // bare CR is not a line end. Rows of a parser that is lenient about just that.
    {"llhttp: Chunk header not terminated by CRLF (lenient)", "reject"},
    {"llhttp: Chunk data not terminated by CRLF (lenient)", "reject"},
};

/// The bytes of a Python bytes literal's text.
std::string unescape(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
            continue;
        }
        switch (text[++i]) {
            case 'r':
                bytes += '\r';
                break;
            case 'n':
                bytes += '\n';
                break;
            case 't':
                bytes += '\t';
                break;
            case 'x':
                bytes += static_cast<char>(hex_value(static_cast<unsigned char>(text[i + 1])) << 4 |
                                           hex_value(static_cast<unsigned char>(text[i + 2])));
                i += 2;
                break;
            default:
                bytes += text[i];
        }
    }
    return bytes;
}

std::vector<Case> read_cases(const std::string& path) {
    std::vector<Case> cases;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);  // the names of the columns
    while (std::getline(file, line)) {
        std::vector<std::string> cells;
        for (std::size_t at = 0; at <= line.size();) {
            const auto tab = std::min(line.find('\t', at), line.size());
            cells.push_back(line.substr(at, tab - at));
            at = tab + 1;
        }
        cells.resize(std::max<std::size_t>(cells.size(), 4));
        cases.push_back({cells[0], unescape(cells[1]), cells[2], unescape(cells[3])});
    }
    return cases;
}

/// What one way of cutting the bytes comes to.
struct Reading {
    std::string found;
    std::uint64_t body = 0;  // bytes of chunk data
    bool complete = false;   // the last chunk of the last message is, and is the last chunk
    bool chunked = false;    // any message is
    bool fatal = false;      // what follows cannot be framed
    FaultSet faults;
};

Reading read(Side side, const std::vector<std::string_view>& segments) {
    Feeder feeder;
    for (const std::string_view segment : segments) feeder.send(side, segment);
    feeder.finish();
    const Stream& stream = feeder.stream(side);
    const Overlay overlay(stream);
    Reading reading;
    reading.found = feeder.found_uncut(side);
    FaultSet& faults = reading.faults;
    for (const Message& m : stream.messages()) {
        reading.chunked = reading.chunked || m.framing == Framing::kChunked;
        faults.add(m.faults);
    }
    for (const Chunk& chunk : stream.messages().chunks()) {
        reading.body += stream.lane().runs().covered(chunk.data());
        reading.complete = chunk.last() && overlay.complete(chunk);
        faults.add(chunk.faults);
    }
    faults.each([&](Fault fault) { reading.fatal = reading.fatal || is_fatal(fault); });
    return reading;
}

/// What is wrong about the reading; nothing when the verdict holds.
std::string judge(const Case& c, const Reading& reading) {
    const auto exception = kExceptions.find(c.name);
    const std::string_view verdict =
        exception == kExceptions.end() ? std::string_view(c.verdict) : exception->second;
    if (verdict == "accept") {
        if (reading.body != c.body.size())
            return std::to_string(reading.body) + " bytes of data, not " +
                   std::to_string(c.body.size());
        return reading.complete ? "" : "the last chunk is not complete";
    }
    if (verdict == "reject") {
        const auto refusal = kRefusalOf.find(c.name);
        if (refusal == kRefusalOf.end()) return "no fault is known for this row";
        const bool named = (" " + fault_words(reading.faults) + " ")
                               .find(" " + std::string(refusal->second) + " ") != std::string::npos;
        return named ? "" : "not refused for " + std::string(refusal->second);
    }
    if (verdict == "incomplete") {
        if (reading.complete) return "the last chunk is complete";
        return reading.fatal ? "a fatal fault" : "";
    }
    if (verdict == "not-chunked") return reading.chunked ? "taken for chunked" : "";
    return "no such verdict";
}

std::vector<std::string_view> fragments(std::string_view raw, std::size_t size) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at < raw.size(); at += size) parts.push_back(raw.substr(at, size));
    return parts;
}

TEST(ChunkCases, EveryRowAtEverySplit) {
    const char* elsewhere = std::getenv("SEAMARK_SHARED");
    const std::string path =
        std::string(elsewhere != nullptr ? elsewhere : SEAMARK_SHARED) + "/chunk-cases.tsv";
    const std::vector<Case> cases = read_cases(path);
    if (cases.empty()) GTEST_SKIP() << "no cases at " << path << "; SEAMARK_SHARED says where";

    std::size_t judged = 0;
    std::size_t splits = 0;
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name + " (" + c.verdict + ")");
        const Side side = c.raw.starts_with("HTTP/") ? kServer : kClient;
        const std::string_view raw = c.raw;
        const Reading whole = read(side, {raw});
        EXPECT_EQ(judge(c, whole), "") << c.raw << "\n---\n" << whole.found;
        for (std::size_t cut = 1; cut < raw.size(); ++cut, ++splits)
            ASSERT_EQ(read(side, {raw.substr(0, cut), raw.substr(cut)}).found, whole.found)
                << "cut at " << cut;
        for (std::size_t size = 1; size < raw.size(); ++size, ++splits)
            ASSERT_EQ(read(side, fragments(raw, size)).found, whole.found)
                << "in fragments of " << size;
        ++judged;
    }
    RecordProperty("cases", std::to_string(judged));
    RecordProperty("splits", std::to_string(splits));
}

}  // namespace
}  // namespace seamark::chunk_cases_test
