// SPDX-License-Identifier: GPL-2.0-or-later
//
// Bodies given to a consumer in order, whatever the order and the holes of their segments; and
// messages read from bytes that no TCP segment carried.
#include "core/stream/body_consumer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/stream/message_reader.hpp"
#include "support/text.hpp"

namespace seamark::body_consumer_test {
namespace {

using test::bytes_of;

/// Writes down what it is given: bytes as they are, "[3-5]" for missing ones, "." or "!" at the
/// end.
class Transcript final : public BodyConsumer {
  public:
    explicit Transcript(std::string& text) : text_(&text) {}
    void take(BodyOffset at, std::span<const std::uint8_t> bytes) override {
        EXPECT_EQ(at, next_);
        next_ = at + bytes.size();
        text_->append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    void miss(BodyRange range) override {
        EXPECT_EQ(range.begin, next_);
        next_ = range.end;
        *text_ +=
            "[" + std::to_string(range.begin.value) + "-" + std::to_string(range.end.value) + "]";
    }
    void end(bool complete) override { *text_ += complete ? '.' : '!'; }

  private:
    std::string* text_;
    BodyOffset next_;
};

struct Fed {
    explicit Fed(std::uint64_t limit = BodyFeed::kLimit)
        : feed(std::make_unique<Transcript>(text), limit) {}
    void add(std::uint64_t at, std::string_view bytes) {
        feed.add(BodyOffset{at}, bytes_of(bytes));
    }
    std::string text;
    BodyFeed feed;
};

TEST(BodyFeed, PassesOnInOrderWhatArrivesInOrder) {
    Fed fed;
    fed.add(0, "abc");
    EXPECT_EQ(fed.text, "abc");
    fed.add(3, "de");
    EXPECT_EQ(fed.text, "abcde");
    const std::uint64_t length = 5;
    fed.feed.finish(&length);
    fed.feed.finish(&length);
    EXPECT_EQ(fed.text, "abcde.");
}

TEST(BodyFeed, KeepsWhatArrivesAheadUntilTheGapIsFilled) {
    Fed fed;
    fed.add(4, "ef");
    fed.add(2, "cd");
    EXPECT_EQ(fed.text, "");
    EXPECT_EQ(fed.feed.waiting(), 4U);
    fed.add(0, "ab");
    EXPECT_EQ(fed.text, "abcdef");
    EXPECT_EQ(fed.feed.waiting(), 0U);
}

TEST(BodyFeed, NamesWhatIsMissing) {
    Fed fed;
    fed.add(0, "ab");
    fed.add(5, "f");
    const std::uint64_t length = 8;
    fed.feed.finish(&length);
    EXPECT_EQ(fed.text, "ab[2-5]f[6-8]!");
}

TEST(BodyFeed, HoldsNoMoreThanItsLimit) {
    Fed fed(4);
    fed.add(10, "kl");
    fed.add(14, "op");
    EXPECT_EQ(fed.text, "");
    fed.add(20, "u");  // a fifth byte
    EXPECT_EQ(fed.text, "[0-10]kl");
    EXPECT_LE(fed.feed.waiting(), 4U);
    fed.add(3, "late");
    EXPECT_EQ(fed.text, "[0-10]kl") << "it was taken for missing";
    fed.add(11, "lmn");  // one byte of it was given out already
    EXPECT_EQ(fed.text, "[0-10]klmnop");
    fed.feed.finish(nullptr);
    EXPECT_EQ(fed.text, "[0-10]klmnop[16-20]u!");
}

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kBody = "3\r\nabc\r\n4;x\r\ndefg\r\n0\r\n\r\n";

/// A reader whose bytes come from nowhere but the test, with a consumer for each body.
class Reading final : private HeadListener {
  public:
    Reading() : reader(requests, answered, budget) {
        reader.set_listener(this);
        reader.start_at(kBegin);
        reader.begin_is_known();
    }
    void take(std::uint64_t at, std::string_view bytes) {
        reader.take(kBegin + at, bytes_of(bytes), true);
        reader.end_segment();
    }
    static constexpr StreamOffset kBegin{1000};
    RequestLog requests;
    RequestLog answered;
    WaitingBudget budget;
    MessageReader reader;
    std::string text;

  private:
    void head_whole(std::uint32_t message) override {
        reader.consume(message, std::make_unique<Transcript>(text));
    }
};

TEST(MessageReader, GivesABodyToItsConsumerWithoutItsFraming) {
    const std::string all = std::string(kHead) + std::string(kBody);
    for (std::size_t split = 1; split < all.size(); ++split) {
        Reading reading;
        reading.take(0, std::string_view(all).substr(0, split));
        reading.take(split, std::string_view(all).substr(split));
        EXPECT_EQ(reading.text, "abcdefg.") << split;
        ASSERT_EQ(reading.reader.messages().size(), 1U);
        const Message& message = reading.reader.messages()[0];
        ASSERT_EQ(message.chunk_count, 3U);
        EXPECT_EQ(reading.reader.messages().chunk(message, 1).hex(), "4");
        EXPECT_EQ(reading.reader.messages().chunk(message, 0).offset,
                  Reading::kBegin + kHead.size());
    }
}

TEST(MessageReader, PutsBodyBytesThatComeOutOfOrderInOrder) {
    Reading reading;
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    reading.take(0, head);
    reading.take(head.size() + 6, "ghi");
    reading.take(head.size() + 3, "def");
    EXPECT_EQ(reading.text, "");
    reading.take(head.size(), "abc");
    EXPECT_EQ(reading.text, "abcdefghi.");
}

TEST(MessageReader, SaysOfABodyWhatIsMissingAndThatItBreaksOff) {
    Reading reading;
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    reading.take(0, head + "ab");
    reading.take(head.size() + 4, "ef");
    reading.reader.finish(Reading::kBegin + head.size() + 6);
    EXPECT_EQ(reading.text, "ab[2-4]ef[6-9]!");
}

TEST(MessageReader, EndsABodyWithoutBytesToo) {
    Reading reading;
    reading.take(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    reading.take(38, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(reading.text, ".x.");
}

TEST(MessageReader, ABodyThatLastsToTheCloseEndsWithTheStream) {
    Reading reading;
    const std::string head = "HTTP/1.0 200 OK\r\n\r\n";
    reading.take(0, head + "abc");
    EXPECT_EQ(reading.text, "abc");
    reading.reader.finish(Reading::kBegin + head.size() + 3);
    EXPECT_EQ(reading.text.substr(0, 3), "abc");
    EXPECT_EQ(reading.text.size(), 4U);
}

}  // namespace
}  // namespace seamark::body_consumer_test
