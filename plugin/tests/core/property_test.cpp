// SPDX-License-Identifier: GPL-2.0-or-later
//
// Made-up streams, cut, lost, repeated and mixed up at random, but the same in every run: the core
// must come to what in-order delivery comes to, and with loss to what the naive model says.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "support/model.hpp"

namespace seamark::property_test {
namespace {

using namespace test;

class Maker {
  public:
    enum Kind { kAnything, kSound };
    explicit Maker(unsigned seed, Kind kind = kAnything) : random_(seed), kind_(kind) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }
    bool one_in(std::size_t n) { return below(n) == 0; }

    /// Responses, one behind the other, most of them sound. methods: of the requests they answer.
    std::string responses(std::vector<Method>& methods) {
        std::string stream;
        for (std::size_t left = 1 + below(6); left > 0; --left) stream += response(methods);
        if (kind_ == kAnything && one_in(8)) stream += "HTTP/1.1 101 x\r\n\r\n\x81\x05hello";
        if (one_in(8)) stream += "HTTP/1.0 200 OK\r\n\r\n" + data(below(50));
        return stream;
    }

    /// Segments of at most that many bytes, in stream order; frames count from 1.
    std::vector<MadeSegment> cut(const std::string& stream, std::size_t longest) {
        std::vector<MadeSegment> segments;
        for (std::size_t at = 0; at < stream.size();) {
            const std::size_t length = std::min(1 + below(longest), stream.size() - at);
            segments.push_back({at, stream.substr(at, length), 0});
            at += length;
        }
        return number(std::move(segments));
    }

    /// Swaps within a window, repeats, and sends overlapping pieces of the same stream.
    std::vector<MadeSegment> mix(std::vector<MadeSegment> segments, const std::string& stream) {
        for (std::size_t i = 0; i < segments.size(); ++i)
            if (one_in(3))
                std::swap(segments[i], segments[std::min(i + below(6), segments.size() - 1)]);
        for (std::size_t repeats = below(segments.size() + 1); repeats > 0; --repeats) {
            const std::size_t begin = below(stream.size());
            segments.insert(segments.begin() + static_cast<std::ptrdiff_t>(below(segments.size())),
                            {begin, stream.substr(begin, 1 + below(30)), 0});
        }
        return number(std::move(segments));
    }

    std::vector<MadeSegment> lose(std::vector<MadeSegment> segments, std::size_t one_of) {
        std::erase_if(segments, [&](const MadeSegment&) { return one_in(one_of); });
        return segments;
    }

  private:
    static std::vector<MadeSegment> number(std::vector<MadeSegment> segments) {
        unsigned frame = 0;
        for (MadeSegment& segment : segments) segment.frame = ++frame;
        return segments;
    }

    std::string pick(std::initializer_list<const char*> choices) {
        return *(choices.begin() + below(choices.size()));
    }

    /// Data may look like anything, size lines and start lines included.
    std::string data(std::size_t length) {
        std::string text;
        while (text.size() < length)
            text += pick({"x", "hello", "\r\n", "5\r\nworld\r\n", "0\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "\n", "\r"});
        text.resize(length);
        return text;
    }

    std::string chunks() {
        std::string body;
        char digits[20];
        for (std::size_t left = below(6); left > 0; --left) {
            const std::size_t size = 1 + below(one_in(5) ? 200 : 20);
            std::snprintf(digits, sizeof digits, one_in(4) ? "%03zX" : "%zx", size);
            body += digits + pick({"", "", "", ";w=7-9", ";a=\"b;\\\"c\"", " ", " ;x", ";a\rb"}) +
                    line_end() + data(size) + line_end();
        }
        if (kind_ == kAnything && one_in(12))
            return body + pick({"x\r\n", "5 6\r\n", "5\rx", "3\r\nabcd", "10000000000000000\r\n"});
        body += pick({"0", "000", "0;w=3"}) + line_end();
        for (std::size_t left = one_in(3) ? below(3) : 0; left > 0; --left)
            body += pick({"Seam: 1", "no colon", "A: b\rc", "Seam : 2"}) + line_end();
        return body + line_end();
    }

    std::string line_end() { return one_in(15) ? "\n" : "\r\n"; }

    std::string response(std::vector<Method>& methods) {
        if (one_in(6)) return pick({"HTTP/1.1 100 x\r\n\r\n", "HTTP/1.1 103 x\r\nA: b\r\n\r\n"});
        const bool head = one_in(8);
        methods.push_back(head ? Method::kHead : Method::kOther);
        const std::string left_over = one_in(8) ? "\r\n" : "";
        const std::string extra =
            pick({"", "", "A: b\r\n", "Seamark: tag=w\r\n", "A: b\r\n c\r\n"});
        switch (below(8)) {
            case 0:
                return "HTTP/1.1 204 No Content\r\n" + extra + "\r\n" + left_over;
            case 1:
            case 2: {
                const std::size_t length = below(100);
                return "HTTP/1.1 200 OK\r\n" + extra + "Content-Length: " + std::to_string(length) +
                       "\r\n\r\n" + (head ? "" : data(length)) + left_over;
            }
            case 3:
                if (kind_ == kAnything) return data(1 + below(40));  // garbage, or not
                [[fallthrough]];
            default:
                return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + extra + "\r\n" +
                       (head ? "" : chunks()) + left_over;
        }
    }

    std::mt19937 random_;
    Kind kind_;
};

/// Without " 12:34", who carried how many bytes.
std::string without_frames(const std::string& reading) {
    std::string text;
    for (std::size_t at = 0; at < reading.size();) {
        const std::size_t end = std::min(reading.find_first_of(" \n", at + 1), reading.size());
        const std::string word = reading.substr(at, end - at);
        const bool carrier = word.find(':') != std::string::npos &&
                             word.find_first_not_of("0123456789:", 1) == std::string::npos;
        if (!carrier) text += word;
        at = end;
    }
    return text;
}

std::string list(const std::vector<MadeSegment>& segments) {
    std::string text;
    for (const MadeSegment& segment : segments)
        text += std::to_string(segment.frame) + ": " + std::to_string(segment.begin) + " " +
                testing::PrintToString(segment.bytes) + "\n";
    return text;
}

/// More of them where time is no matter: SEAMARK_PROPERTY_SEEDS in the environment.
unsigned seeds() {
    const char* text = std::getenv("SEAMARK_PROPERTY_SEEDS");
    return text != nullptr ? static_cast<unsigned>(std::atoi(text)) : 1500;
}

TEST(Property, AgreesWithTheModelInOrder) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
        Maker maker(seed);
        std::vector<Method> methods;
        const std::string stream = maker.responses(methods);
        const auto segments = maker.cut(stream, 1 + maker.below(60));
        ASSERT_EQ(core_reading(segments, methods), model_reading(segments, methods))
            << "seed " << seed << "\n"
            << list(segments);
    }
}

TEST(Property, OrderAndRepetitionChangeNothing) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
        Maker maker(seed);
        std::vector<Method> methods;
        const std::string stream = maker.responses(methods);
        const auto in_order = maker.cut(stream, 1 + maker.below(60));
        const auto mixed = maker.mix(in_order, stream);
        const std::string reading = core_reading(mixed, methods);
        ASSERT_EQ(reading, model_reading(mixed, methods)) << "seed " << seed << "\n" << list(mixed);
    }
}

/// Where every message ends properly nothing depends on where segments begin.
TEST(Property, TheCutChangesNothing) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
        Maker maker(seed, Maker::kSound);
        std::vector<Method> methods;
        const std::string stream = maker.responses(methods);
        const std::string whole = without_frames(core_reading({{0, stream, 1}}, methods));
        ASSERT_EQ(without_frames(core_reading(maker.cut(stream, 1), methods)), whole);
        const auto mixed = maker.mix(maker.cut(stream, 1 + maker.below(60)), stream);
        ASSERT_EQ(without_frames(core_reading(mixed, methods)), whole) << "seed " << seed << "\n"
                                                                       << list(mixed);
    }
}

TEST(Property, AgreesWithTheModelWhereBytesAreLost) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
        Maker maker(seed);
        std::vector<Method> methods;
        const std::string stream = maker.responses(methods);
        auto segments = maker.cut(stream, 1 + maker.below(60));
        if (maker.one_in(2)) segments = maker.mix(std::move(segments), stream);
        segments = maker.lose(std::move(segments), 2 + maker.below(10));
        ASSERT_EQ(core_reading(segments, methods), model_reading(segments, methods))
            << "seed " << seed << "\n"
            << list(segments);
    }
}

}  // namespace
}  // namespace seamark::property_test
