// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/printable.hpp"

namespace seamark {

/// A key of an object as it stands in the text, quotes and colon included. Made when it is
/// compiled, which fails for one that would have to be escaped.
template <std::size_t kSize>
struct JsonKey {
    consteval JsonKey(const char (&name)[kSize]) {
        char* at = text.data();
        *at++ = '"';
        for (const char c : std::string_view(name, kSize - 1)) {
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') throw "a key of plain ASCII";
            *at++ = c;
        }
        *at++ = '"';
        *at = ':';
    }
    std::array<char, kSize + 2> text{};
};

/// Appends JSON (RFC 8259) to a string of the caller's, which holds it once the writer is gone and
/// anything until then. Commas come by themselves; that what is begun is ended, and that objects
/// have keys, is the caller's matter. No value allocates, but for the string when it grows.
///
/// Text is taken as bytes, each of which becomes U+0000 to U+00FF: what is no printable ASCII is
/// escaped as \u00XX, so that any bytes make valid JSON and can be had back.
class JsonWriter {
  public:
    explicit JsonWriter(std::string& out)
        : out_(&out), begin_(out.size()), at_(out.data() + out.size()) {
        grow(kFirstRoom);
    }
    ~JsonWriter() { out_->resize(length()); }
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    /// What was written, until more is.
    PrintableText written() const {
        return PrintableText(std::string_view(out_->data() + begin_, length() - begin_));
    }
    /// Takes back all that was written; the room stays.
    void clear() {
        at_ = out_->data() + begin_;
        comma_ = false;
    }

    void begin_object() { begin('{'); }
    void end_object() { end('}'); }
    void begin_array() { begin('['); }
    void end_array() { end(']'); }

    template <JsonKey kKey>
    void key() {
        make_room(kKey.text.size() + 1);
        put_key<kKey>();
    }

    template <std::integral Number>
    requires(!std::same_as<Number, bool>) void number(Number value) {
        make_room(kLongestNumber + 1);
        put_comma();
        put_number(value);
    }

    void boolean(bool value) { verbatim(value ? PrintableText("true") : PrintableText("false")); }

    void text(std::string_view bytes) {
        make_room(room_for(bytes) + 1);
        put_comma();
        put_text(bytes);
    }

    template <JsonKey kKey, typename Value>
    void field(const Value& value) {
        if constexpr (std::same_as<Value, bool>) {
            key<kKey>();
            boolean(value);
        } else if constexpr (std::integral<Value>) {
            make_room(kKey.text.size() + 1 + kLongestNumber);
            put_key<kKey>();
            put_number(value);
        } else {
            const std::string_view bytes(value);
            make_room(kKey.text.size() + 1 + room_for(bytes));
            put_key<kKey>();
            put_text(bytes);
        }
    }

    /// An array of unsigned numbers, or of what converts to one.
    template <JsonKey kKey, typename Numbers>
    void numbers(const Numbers& values) {
        key<kKey>();
        begin_array();
        for (const auto& value : values) number(static_cast<std::uint64_t>(value));
        end_array();
    }

    /// An array of texts.
    template <JsonKey kKey, typename Texts>
    void texts(const Texts& values) {
        key<kKey>();
        begin_array();
        for (const auto& value : values) text(value);
        end_array();
    }

    /// JSON that was made before: a value, or some members of an object with commas between them.
    void verbatim(PrintableText made) {
        const std::string_view json = made;
        make_room(json.size() + 1);
        put_comma();
        std::memcpy(at_, json.data(), json.size());
        at_ += json.size();
        comma_ = true;
    }

  private:
    static constexpr std::size_t kFirstRoom = 512;
    static constexpr std::size_t kLongestNumber = 20;  // of 64 bits, with its sign
    static constexpr std::size_t kLongestEscape = 6;

    std::size_t length() const { return static_cast<std::size_t>(at_ - out_->data()); }

    void make_room(std::size_t size) {
        if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
    }
    /// The string is longer than what is written, so that bytes can be put without asking it.
    void grow(std::size_t size) {
        const std::size_t used = length();
        out_->resize(std::max(used + size, 2 * used));
        at_ = out_->data() + used;
        end_ = out_->data() + out_->size();
    }

    void put_comma() {
        *at_ = ',';
        at_ += comma_;
    }
    void begin(char bracket) {
        make_room(2);
        put_comma();
        *at_++ = bracket;
        comma_ = false;
    }
    void end(char bracket) {
        make_room(1);
        *at_++ = bracket;
        comma_ = true;
    }

    template <JsonKey kKey>
    void put_key() {
        put_comma();
        std::memcpy(at_, kKey.text.data(), kKey.text.size());
        at_ += kKey.text.size();
        comma_ = false;
    }
    template <typename Number>
    void put_number(Number value) {
        comma_ = true;
        if (value >= 0 && value < 10) {
            *at_++ = static_cast<char>('0' + static_cast<int>(value));
        } else {
            at_ = std::to_chars(at_, at_ + kLongestNumber, value).ptr;
        }
    }

    static std::size_t room_for(std::string_view bytes) {
        return kLongestEscape * bytes.size() + 2 + kTextStep;
    }
    void put_text(std::string_view bytes) {
        comma_ = true;
        *at_++ = '"';
        const char* from = bytes.data();
        std::size_t left = bytes.size();
        for (; left >= kTextStep; from += kTextStep, left -= kTextStep)
            put_step(from, kTextStep, load_text_step(from));
        if (left > 0) put_step(from, left, load_fewer(from, left));
        *at_++ = '"';
    }
    /// Up to kTextStep bytes, which `eight` has too.
    void put_step(const char* from, std::size_t count, std::uint64_t eight) {
        if (is_plain(eight)) {
            std::memcpy(at_, &eight, kTextStep);
            at_ += count;
        } else {
            for (std::size_t i = 0; i < count; ++i) put_escaped(from[i]);
        }
    }
    /// Fewer than kTextStep, in the order of memory, and plain ones after them.
    static std::uint64_t load_fewer(const char* from, std::size_t count) {
        char bytes[kTextStep] = {'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'};
        char* to = bytes;
        const auto take = [&](auto size) {
            if ((count & size) == 0) return;
            std::memcpy(to, from, size);
            to += size;
            from += size;
        };
        take(std::integral_constant<std::size_t, 4>{});
        take(std::integral_constant<std::size_t, 2>{});
        take(std::integral_constant<std::size_t, 1>{});
        return load_text_step(bytes);
    }
    void put_escaped(char c) {
        constexpr char kDigits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '"' || byte == '\\') {
            *at_++ = '\\';
            *at_++ = c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            std::memcpy(at_, "\\u00", 4);
            at_[4] = kDigits[byte >> 4];
            at_[5] = kDigits[byte & 15];
            at_ += kLongestEscape;
        } else {
            *at_++ = c;
        }
    }
    /// True where none of eight bytes is to be escaped; false may come of any eight.
    static constexpr bool is_plain(std::uint64_t eight) {
        const auto equal = [&](char c) {
            return (eight ^ in_each_place(static_cast<unsigned char>(c))) - in_each_place(1);
        };
        return ((unprintable_bits(eight) | equal('"') | equal('\\')) & kHighestBits) == 0;
    }

    std::string* out_;
    std::size_t begin_;    // of what this writes
    char* at_;             // the end of what is written
    char* end_ = nullptr;  // of the string
    bool comma_ = false;   // before what comes next
};

}  // namespace seamark
