// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is said of the events of a body.
#include "core/report/item_words.hpp"

#include <gtest/gtest.h>

#include <string>

namespace seamark::item_words_test {
namespace {

/// An event of 9 bytes from byte 12 of a body on, the first of the second message.
struct OneItem {
    explicit OneItem(std::string_view name = {}, std::string_view id = {},
                     ItemKind kind = ItemKind::kEvent) {
        Item item;
        item.kind = kind;
        item.range = {DataOffset{12}, DataOffset{21}};
        item.ended = true;
        list.add(item, name, id);
        piece.item = &list.items[0];
        piece.message = 1;
    }
    Item& item() { return list.items[0]; }

    ItemList list;
    ItemPiece piece;
};

TEST(ItemWords, LabelIsNumberAndName) {
    EXPECT_EQ(words::label(OneItem().piece), "1");
    EXPECT_EQ(words::label(OneItem("token").piece), "1 token");
    EXPECT_EQ(words::label(OneItem("token").piece, words::Content::kLeftOut), "1");
    EXPECT_EQ(words::label(OneItem("", "", ItemKind::kComment).piece), "comment");
    EXPECT_EQ(words::label(OneItem("", "", ItemKind::kFields).piece), "fields");
}

TEST(ItemWords, TitleNamesEventAndPlace) {
    EXPECT_EQ(words::title(OneItem().piece),
              "event 1, 9 bytes at offset 12 of the body of message 2");
    EXPECT_EQ(words::title(OneItem("token", "7").piece),
              "event 1 (token, id 7), 9 bytes at offset 12 of the body of message 2");
    EXPECT_EQ(words::title(OneItem("", "7").piece),
              "event 1 (id 7), 9 bytes at offset 12 of the body of message 2");
    EXPECT_EQ(words::title(OneItem("token", "7").piece, words::Content::kLeftOut),
              "event 1, 9 bytes at offset 12 of the body of message 2");
    EXPECT_EQ(words::title(OneItem("", "", ItemKind::kComment).piece),
              "comment, 9 bytes at offset 12 of the body of message 2");
}

TEST(ItemWords, TitleSaysWhatIsMissing) {
    OneItem one;
    one.item().ended = false;
    one.item().damaged = true;
    EXPECT_EQ(
        words::title(one.piece),
        "event 1, 9 bytes at offset 12 of the body of message 2; its end was not found; bytes "
        "of it, or in front of it, are missing");
}

TEST(ItemWords, OfACodedBodySayWhenItWasDecodable) {
    OneItem one;
    CodedItem coded;
    coded.range = {BodyOffset{3}, BodyOffset{8}};
    one.item().coded = &coded;
    const std::string decodable =
        "event 1, 9 bytes at offset 12 of the decoded body of message 2; decodable with byte 7 of "
        "the coded body";
    EXPECT_EQ(words::title(one.piece), decodable);
    EXPECT_EQ(words::compressor(one.item(), "gzip"), "") << "whether it was flushed is not known";
    coded.release = CodedItem::Release::kInsideBlock;
    EXPECT_EQ(words::title(one.piece),
              decodable + "; no flush after it: it left the compressor only with what followed");
    EXPECT_EQ(
        words::compressor(one.item(), "gzip"),
        "the compressor: no flush after it, so that gzip released it only with what followed");
}

TEST(ItemWords, WithoutACodingHaveNoCompressor) {
    EXPECT_EQ(words::compressor(OneItem().item(), "gzip"), "");
}

std::string undecoded(Decoding decoding) {
    Message message;
    message.coding = "gzip";
    message.media = "text/event-stream";
    ItemList list;
    list.decoding = decoding;
    list.decoded = BodyOffset{40};
    return words::undecoded(message, &list);
}

TEST(ItemWords, SayWhyEventsAreNotRead) {
    const std::string inside =
        "its events (sse) are inside the content coding gzip, which is not undone";
    EXPECT_EQ(undecoded(Decoding::kUnknown), inside);
    Message message;
    message.coding = "gzip";
    message.media = "text/event-stream";
    EXPECT_EQ(words::undecoded(message, nullptr), inside);
    const std::string up_to = "its events are read up to byte 40 of the body: ";
    EXPECT_EQ(undecoded(Decoding::kBroken), up_to + "what follows is no gzip");
    EXPECT_EQ(undecoded(Decoding::kMissing),
              up_to + "bytes are missing there, and gzip cannot be decoded past them");
    EXPECT_EQ(undecoded(Decoding::kRatio),
              up_to + "it is decoded to far more than was sent (preference seamark.decode_ratio)");
    EXPECT_EQ(undecoded(Decoding::kMemory),
              up_to + "decoding needs more memory than preference seamark.decode_mib allows");
}

TEST(ItemWords, SayNothingOfEventsThatAreRead) {
    EXPECT_EQ(undecoded(Decoding::kGoesOn), "");
    EXPECT_EQ(undecoded(Decoding::kDone), "");
    EXPECT_EQ(undecoded(Decoding::kNone), "");
    EXPECT_EQ(words::undecoded(Message{}, nullptr), "") << "it has no coding";
}

}  // namespace
}  // namespace seamark::item_words_test
