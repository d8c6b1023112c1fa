// SPDX-License-Identifier: GPL-2.0-or-later
//
// The rows of cases/chunks.tsv, each whole, cut in two at every byte, and byte by byte.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/stream/overlay.hpp"
#include "support/case_file.hpp"
#include "support/feeder.hpp"
#include "support/text.hpp"

namespace seamark::own_cases_test {
namespace {

using namespace test;

struct Row {
    std::string name;
    std::string asked;
    MarkedBytes input;
    std::string messages;
    std::string chunks;

    Side side() const { return input.bytes.starts_with("HTTP/") ? kServer : kClient; }
};

std::vector<Row> read_rows() {
    std::vector<Row> rows;
    for (const auto& cells : read_case_file(SEAMARK_CASES "/chunks.tsv"))
        rows.push_back(
            {cells[0], cells[2], expand(cells[3]), expand(cells[4]).bytes, expand(cells[5]).bytes});
    return rows;
}

/// What one way of cutting the bytes comes to, as the file writes it.
struct Found {
    std::string messages;
    std::string chunks;
    FaultSet faults;
    friend bool operator==(const Found&, const Found&) = default;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
    return out << found.messages.substr(0, 300) << "\n" << found.chunks.substr(0, 300);
}

class Reading {
  public:
    Reading(const Row& row, const Feeder& feeder)
        : row_(row), stream_(feeder.stream(row.side())), overlay_(stream_) {}

    Found found() {
        for (const Message& message : stream_.messages()) add(message);
        if (found_.messages.empty()) found_.messages = "-";
        // A mark that no message used was put there for one that did not end as expected.
        if (next_mark_ != row_.input.marks.size()) found_.messages += " + a mark is left";
        return found_;
    }

  private:
    void add(const Message& message) {
        std::string& text = found_.messages;
        if (!text.empty()) text += " + ";
        text += message.is_request() ? "request" : std::to_string(message.line.status);
        text.append(" ").append(to_string(message.framing));
        text += ending(message) + faults(message.faults);
        for (std::uint32_t i = 0; i < message.chunk_count; ++i)
            add(stream_.messages().chunk(message, i));
    }
    std::string ending(const Message& message) {
        if (message.ended) return " ended" + marked(end_of(message));
        if (message.stopped()) return " stopped" + marked(message.stopped_at);
        return " open";
    }
    StreamOffset end_of(const Message& message) const {
        if (message.framing != Framing::kChunked) return message.body.end;
        return stream_.messages().chunk(message, message.chunk_count - 1).range().end;
    }
    /// Nothing when the next mark stands there.
    std::string marked(StreamOffset offset) {
        const std::uint64_t position = stream_.public_offset(offset).value;
        const auto& marks = row_.input.marks;
        if (next_mark_ == marks.size()) return " at " + std::to_string(position) + " (no mark)";
        const std::size_t mark = marks[next_mark_++];
        if (position == mark) return "";
        return " at " + std::to_string(position) + " (marked: " + std::to_string(mark) + ")";
    }
    void add(const Chunk& chunk) {
        std::string& text = found_.chunks;
        if (!text.empty()) text += " / ";
        text.append(chunk.size_line()).append(" =").append(std::to_string(chunk.size));
        text += chunk.last() ? " {" + captured(chunk.trailer()) + "}"
                             : " [" + captured(chunk.data()) + "]";
        text += overlay_.complete(chunk) ? " complete" : " cut";
        text += faults(chunk.faults);
    }
    std::string captured(ByteRange range) const {
        std::string text;
        stream_.lane().runs().each(range, [&](const OwnedRun& run) {
            text.append(row_.input.bytes, stream_.public_offset(run.begin).value, run.length);
        });
        return text;
    }
    std::string faults(FaultSet set) {
        found_.faults.add(set);
        return set.empty() ? "" : " " + fault_words(set);
    }

    const Row& row_;
    const Stream& stream_;
    Overlay overlay_;
    std::size_t next_mark_ = 0;
    Found found_;
};

/// The row's bytes in segments that begin at the cuts, and where bytes begin or cease to miss.
Found read(const Row& row, const std::vector<bool>& cuts) {
    Feeder feeder;
    for (std::string_view rest = row.asked; !rest.empty();) {
        const std::string method(rest.substr(0, rest.find(' ')));
        rest.remove_prefix(std::min(rest.size(), method.size() + 1));
        feeder.client(method + " pier.example:80 HTTP/1.1\r\nHost: pier.example\r\n\r\n");
    }
    const std::string_view bytes = row.input.bytes;
    const auto& missing = row.input.missing;
    for (std::size_t begin = 0, end = 0; begin < bytes.size(); begin = end) {
        do ++end;
        while (end < bytes.size() && !cuts[end] && missing[end] == missing[begin]);
        const std::string_view part = bytes.substr(begin, end - begin);
        if (missing[begin]) {
            feeder.lose(row.side(), part);
        } else {
            feeder.send(row.side(), part);
        }
    }
    feeder.finish();
    return Reading(row, feeder).found();
}

TEST(OwnCases, EveryRowAtEverySplit) {
    const std::vector<Row> rows = read_rows();
    std::size_t splits = 0;
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const std::size_t size = row.input.bytes.size();
        std::vector<bool> cuts(size + 1, false);
        const Found whole = read(row, cuts);
        EXPECT_EQ(whole.messages, row.messages);
        EXPECT_EQ(whole.chunks, row.chunks);
        for (std::size_t cut = 1; cut < size; ++cut) {
            if (row.input.dull[cut]) continue;
            cuts[cut] = true;
            ASSERT_EQ(read(row, cuts), whole) << "cut at " << cut;
            cuts[cut] = false;
            ++splits;
        }
        ASSERT_EQ(read(row, std::vector<bool>(size + 1, true)), whole) << "byte by byte";
        ++splits;
    }
    std::cout << rows.size() << " rows, " << splits << " splits\n";
    RecordProperty("rows", std::to_string(rows.size()));
    RecordProperty("splits", std::to_string(splits));
}

TEST(OwnCases, HaveEachFault) {
    std::map<Fault, std::string> first;
    for (const Row& row : read_rows())
        read(row, std::vector<bool>(row.input.bytes.size() + 1, false)).faults.each([&](Fault f) {
            first.emplace(f, row.name);
        });
    for (unsigned i = 0; i < static_cast<unsigned>(Fault::kCount); ++i) {
        const Fault fault{static_cast<std::uint8_t>(i)};
        // Those of how a connection ends and of subflows: endings_test.cpp, subflow_test.cpp.
        if (fault == Fault::kCutByFin || fault == Fault::kCutByReset || fault == Fault::kSubflow)
            continue;
        EXPECT_TRUE(first.contains(fault)) << "no row raises " << to_string(fault);
    }
}

TEST(OwnCases, AreNamedOnceAndSayWhichRuleTheyHold) {
    std::set<std::string> names;
    for (const auto& cells : read_case_file(SEAMARK_CASES "/chunks.tsv")) {
        EXPECT_TRUE(names.insert(cells[0]).second) << cells[0];
        EXPECT_TRUE(cells[1].starts_with("RFC 91") || cells[1].starts_with("rule: "))
            << cells[0] << ": " << cells[1];
    }
}

}  // namespace
}  // namespace seamark::own_cases_test
