// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace seamark {

/// ASCII that is no control character.
constexpr bool is_printable(char c) {
    return c >= 0x20 && c < 0x7f;
}

/// How many bytes of text fit into a number and are looked at at once.
inline constexpr std::size_t kTextStep = 8;

/// A byte in each of the eight places of a number.
constexpr std::uint64_t in_each_place(unsigned char byte) {
    return 0x0101010101010101 * std::uint64_t{byte};
}
inline constexpr std::uint64_t kHighestBits = in_each_place(0x80);

inline std::uint64_t load_text_step(const char* from) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, from, kTextStep);
    return eight;
}

/// One of kHighestBits is set in it exactly if one of the eight bytes is not printable. A place
/// from which the next one borrows, or to which it carries, has its own bit set.
constexpr std::uint64_t unprintable_bits(std::uint64_t eight) {
    return eight | (eight - in_each_place(0x20)) | (eight + in_each_place(0x01));
}

/// How many bytes at the front are printable.
inline std::size_t printable_run(std::string_view text) {
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= kTextStep; at += kTextStep, left -= kTextStep)
        if ((unprintable_bits(load_text_step(at)) & kHighestBits) != 0) break;
    for (; left > 0 && is_printable(*at); ++at) --left;
    return text.size() - left;
}

/// Text of printable bytes alone, as its type says: nothing needs to look at them again before they
/// are shown. A literal, or what a JsonWriter wrote; borrowed from it.
class PrintableText {
  public:
    template <std::size_t kSize>
    consteval PrintableText(const char (&literal)[kSize]) : text_(literal, kSize - 1) {
        for (const char c : text_)
            if (!is_printable(c)) throw "a literal of printable ASCII";
    }
    operator std::string_view() const { return text_; }

  private:
    friend class JsonWriter;
    explicit PrintableText(std::string_view printable) : text_(printable) {}

    std::string_view text_;
};

}  // namespace seamark
