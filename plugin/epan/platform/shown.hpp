// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "platform/wireshark.hpp"

namespace seamark {

/// Text that libwireshark may be given: valid UTF-8 without control characters, with a NUL at its
/// end, which lives as long as the packet (or the program). There are two ways to it: a literal of
/// the source, or text.cpp, which escapes whatever comes from outside as DisplayText does. The
/// functions of libwireshark that take text are called from text.cpp alone; wireshark.hpp sees to
/// it that no other file can name them.
class Shown {
  public:
    template <std::size_t kSize>
    consteval Shown(const char (&literal)[kSize]) : text_(literal) {}

    const char* c_str() const { return text_; }
    bool empty() const { return *text_ == '\0'; }

  private:
    friend Shown shown(packet_info* pinfo, std::string_view bytes, std::size_t most);
    friend Shown filled(packet_info* pinfo, const char* pattern,
                        std::span<const class Argument> arguments);
    struct Escaped {};
    Shown(const char* text, Escaped /*it is*/) : text_(text) {}

    const char* text_;
};

/// Any bytes, fit to be shown. most: of more bytes only so many, and "…" after them.
Shown shown(packet_info* pinfo, std::string_view bytes, std::size_t most = std::string_view::npos);
/// A number with so many decimal places.
Shown decimal(packet_info* pinfo, double number, int places);

/// What stands for a "{}" of a pattern: an integer or a text that is fit to be shown.
class Argument {
  public:
    template <std::unsigned_integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Argument(Integer number)
        : number_(number) {}
    template <std::signed_integral Integer>
    requires(!std::same_as<Integer, char>) Argument(Integer number)
        : number_(number < 0 ? -static_cast<std::uint64_t>(number)
                             : static_cast<std::uint64_t>(number)),
          negative_(number < 0) {}
    Argument(Shown text) : text_(text.c_str()) {}

    /// Appends it.
    void put(wmem_strbuf_t* out) const;

  private:
    const char* text_ = nullptr;
    std::uint64_t number_ = 0;
    bool negative_ = false;
};

namespace detail {
/// Not constexpr: a pattern with another number of places than arguments does not compile.
void places_and_arguments_differ();
}  // namespace detail

/// A literal with a place, "{}", for each of the arguments.
template <typename... Arguments>
class Pattern {
  public:
    template <std::size_t kSize>
    consteval Pattern(const char (&literal)[kSize]) : text_(literal) {
        std::size_t places = 0;
        for (std::size_t i = 0; i + 1 < kSize; ++i)
            places += literal[i] == '{' && literal[i + 1] == '}' ? 1 : 0;
        if (places != sizeof...(Arguments)) detail::places_and_arguments_differ();
    }
    const char* text() const { return text_; }

  private:
    const char* text_;
};

Shown filled(packet_info* pinfo, const char* pattern, std::span<const Argument> arguments);

/// The pattern with its places filled, in order.
template <typename... Arguments>
requires(sizeof...(Arguments) > 0) Shown
    format(packet_info* pinfo, Pattern<std::type_identity_t<Arguments>...> pattern,
           Arguments... arguments) {
    const Argument all[]{Argument(arguments)...};
    return filled(pinfo, pattern.text(), all);
}

}  // namespace seamark
