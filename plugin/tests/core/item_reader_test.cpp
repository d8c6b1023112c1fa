// SPDX-License-Identifier: GPL-2.0-or-later
//
// Bodies cut into events, at every split of their bytes, and with every byte missing.
#include "core/body/item_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/text.hpp"

namespace seamark::item_reader_test {
namespace {

using test::bytes_of;

/// "1[0,9) name/id", "comment[9,12)", "2[12,20)!" of one that has not ended, "?" of a damaged one.
std::string text_of(const ItemList& list) {
    std::string out;
    for (const Item& item : list.items) {
        if (!out.empty()) out += ' ';
        out += item.kind == ItemKind::kEvent     ? std::to_string(item.number)
               : item.kind == ItemKind::kComment ? "comment"
                                                 : "fields";
        out += '[' + std::to_string(item.range.begin.value) + ',' +
               std::to_string(item.range.end.value) + ')';
        if (!item.ended) out += '!';
        if (item.damaged) out += '?';
        if (!item.name().empty()) out += ':' + std::string(item.name());
        if (!item.id().empty()) out += '#' + std::string(item.id());
    }
    return out;
}

/// pieces: of the body, "" for what is missing between them (one byte).
std::string read(std::string_view type, const std::vector<std::string_view>& pieces,
                 bool complete = true) {
    ItemList list;
    const auto reader = make_item_reader(item_media(type), list);
    if (!reader) return "none";
    DataOffset at;
    for (const std::string_view piece : pieces) {
        if (piece.empty()) {
            reader->miss({at, at + 1});
            at += 1;
        } else {
            reader->take(at, bytes_of(piece));
            at += piece.size();
        }
    }
    reader->end(complete);
    return text_of(list);
}

struct Case {
    const char* name;
    const char* type;
    std::string body;
    const char* items;
};

const std::vector<Case> kCases{
    {"two events", "text/event-stream", "data: a\n\ndata: b\n\n", "1[0,9) 2[9,18)"},
    {"CRLF", "text/event-stream", "data: a\r\n\r\ndata: b\r\n\r\n", "1[0,11) 2[11,22)"},
    {"CR", "text/event-stream", "data: a\r\rdata: b\r\r", "1[0,9) 2[9,18)"},
    {"line ends mixed", "text/event-stream", "data: a\n\r\ndata: b\r\ndata: c\r\n\ndata\r\r\n",
     "1[0,10) 2[10,29) 3[29,36)"},
    {"several lines are one event", "text/event-stream", "data: a\ndata: b\n\n", "1[0,17)"},
    {"name and id", "text/event-stream; charset=utf-8",
     "event: token\nid:7\ndata: {\"t\":1}\n\nid: 8\ndata\n\n", "1[0,33):token#7 2[33,45)#8"},
    {"no blank after the colon, or two", "TEXT/Event-Stream",
     "event:x\ndata:\n\nevent:  y\ndata:\n\n", "1[0,15):x 2[15,32): y"},
    {"comments keep a connection open", "text/event-stream", ": ping\n\n:\n\ndata: a\n: in it\n\n",
     "comment[0,8) comment[8,11) 1[11,28)"},
    {"fields without data dispatch nothing", "text/event-stream",
     "retry: 100\n\nevent: x\n\ndata: a\n\n", "fields[0,12) fields[12,22):x 1[22,31)"},
    {"an id with NUL is ignored", "text/event-stream", std::string("id: a\0b\ndata: c\n\n", 17),
     "1[0,17)"},
    {"empty lines between events", "text/event-stream", "\n\ndata: a\n\n\n\n\r\n\rdata: b\n\n",
     "1[2,11) 2[16,25)"},
    {"a byte order mark", "text/event-stream",
     "\xef\xbb\xbf"
     "data: a\n\n",
     "1[0,12)"},
    {"a byte order mark in front of an empty line", "text/event-stream",
     "\xef\xbb\xbf\n"
     "data: a\n\n",
     "1[4,13)"},
    {"cut by the end: not dispatched", "text/event-stream", "data: a\n\ndata: b\n",
     "1[0,9) 2[9,17)!"},
    {"cut in a line", "text/event-stream", "data: a\n\ndat", "1[0,9) fields[9,12)!"},
    {"one that is nothing", "text/event-stream", "", ""},
    {"lines", "application/x-ndjson", "{\"a\":1}\n{\"b\":2}\r\n[3]\n", "1[0,8) 2[8,17) 3[17,21)"},
    {"blank lines are none", "application/jsonl", "\n1\n \t\r\n2\n", "1[1,3) 2[7,9)"},
    {"the last line needs no LF", "application/x-ndjson", "1\n22", "1[0,2) 2[2,4)"},
    {"a sequence", "application/json-seq",
     "\x1e{\"a\":\n1}\n\x1e"
     "2\n",
     "1[0,10) 2[10,13)"},
    {"a sequence with a suffix", "application/geo+json-seq",
     "\x1e"
     "1\n",
     "1[0,3)"},
    {"RS twice, and bytes in front of the first", "application/json-seq",
     "x\x1e\x1e"
     "1\n",
     "1[2,5)"},
    {"cut before its LF (RFC 7464 section 2.4)", "application/json-seq",
     "\x1e"
     "1\n\x1e"
     "22",
     "1[0,3) 2[3,6)!"},
    {"parts", "multipart/x-mixed-replace; boundary=frame",
     "--frame\r\nContent-Type: image/jpeg\r\n\r\nJPEG\r\n--frame\r\n\r\n--frame-\r\n--frame--\r\n",
     "1[0,43) 2[43,64)"},
    {"a quoted boundary, after a preamble", "multipart/x-mixed-replace;boundary=\"a b\"",
     "hello\r\n--a b \r\n\r\n1\r\n--a b--", "1[7,20)"},
    {"dashes in the parameter", "multipart/x-mixed-replace; boundary=--frame",
     "--frame\n\n1\n--frame\n\n2\n", "1[0,11) 2[11,22)!"},
    {"no boundary", "multipart/x-mixed-replace", "--\n", "none"},
    {"a page", "text/html", "data: a\n\n", "none"},
};

TEST(ItemReader, CutsAtEverySplit) {
    for (const Case& of : kCases) {
        SCOPED_TRACE(of.name);
        const std::string_view body = of.body;
        EXPECT_EQ(read(of.type, {body}), of.items);
        for (std::size_t first = 1; first < body.size(); ++first) {
            EXPECT_EQ(read(of.type, {body.substr(0, first), body.substr(first)}), of.items)
                << "cut at " << first;
            for (std::size_t second = first + 1; second < body.size(); ++second)
                EXPECT_EQ(read(of.type, {body.substr(0, first), body.substr(first, second - first),
                                         body.substr(second)}),
                          of.items)
                    << "cut at " << first << " and " << second;
        }
        std::vector<std::string_view> single;
        for (std::size_t i = 0; i < body.size(); ++i) single.push_back(body.substr(i, 1));
        EXPECT_EQ(read(of.type, single), of.items) << "a byte at a time";
    }
}

/// Whatever byte is missing: ranges are in order and inside the body, what holds the missing byte
/// is damaged, and what lies apart from it is what it was.
TEST(ItemReader, SaysWhatAMissingByteTook) {
    for (const Case& of : kCases) {
        if (of.items == std::string_view("none")) continue;
        for (std::size_t hole = 0; hole < of.body.size(); ++hole) {
            SCOPED_TRACE(std::string(of.name) + ", without byte " + std::to_string(hole));
            const std::string_view body = of.body;
            ItemList list;
            const auto reader = make_item_reader(item_media(of.type), list);
            if (hole > 0) reader->take(DataOffset{0}, bytes_of(body.substr(0, hole)));
            reader->miss({DataOffset{hole}, DataOffset{hole + 1}});
            if (hole + 1 < body.size())
                reader->take(DataOffset{hole + 1}, bytes_of(body.substr(hole + 1)));
            reader->end(true);
            DataOffset last;
            for (const Item& item : list.items) {
                EXPECT_LE(last, item.range.begin);
                EXPECT_LT(item.range.begin, item.range.end);
                EXPECT_LE(item.range.end.value, body.size());
                last = item.range.end;
                EXPECT_TRUE(item.damaged || !item.range.contains(DataOffset{hole}));
            }
        }
    }
}

TEST(ItemReader, GoesOnAfterMissingBytes) {
    EXPECT_EQ(read("text/event-stream", {"data: a\n\nda", "", "a: b\n\ndata: c\n\n"}),
              "1[0,9) 2[9,18)? 3[18,27)");
    EXPECT_EQ(read("text/event-stream", {"data: a\n\n", "", "ata: b\n\ndata: c\n\n"}),
              "1[0,9) 2[10,18)? 3[18,27)");
    EXPECT_EQ(read("application/x-ndjson", {"1\n2", "", "\n3\n"}), "1[0,2) 2[2,5)? 3[5,7)");
}

TEST(ItemReader, CutsLongNames) {
    ItemList list;
    const auto reader = make_item_reader(item_media("text/event-stream"), list);
    const std::string body = "event: " + std::string(5000, 'x') + "\ndata: a\n\n";
    reader->take(DataOffset{}, bytes_of(body));
    ASSERT_EQ(list.items.size(), 1U);
    EXPECT_EQ(list.items[0].name(), std::string(ItemList::kLongestName, 'x'));
    EXPECT_EQ(list.items[0].range.end.value, body.size());
}

}  // namespace
}  // namespace seamark::item_reader_test
