// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/shown.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "core/base/display_text.hpp"

namespace seamark {
namespace {

constexpr std::size_t kNumberLength = 32;

}  // namespace

Shown shown(packet_info* pinfo, std::string_view bytes, std::size_t most) {
    wmem_strbuf_t* out = wmem_strbuf_new(pinfo->pool, "");
    DisplayEscaper escaper(bytes, most);
    for (auto piece = escaper.next(); !piece.empty(); piece = escaper.next())
        wmem_strbuf_append_len(out, piece.data(), piece.size());
    return {wmem_strbuf_get_str(out), Shown::Escaped{}};
}

Shown decimal(packet_info* pinfo, double number, int places) {
    std::array<char, kNumberLength + 310> digits;  // of the largest double
    const int length = std::snprintf(digits.data(), digits.size(), "%.*f", places, number);
    return shown(pinfo, {digits.data(), static_cast<std::size_t>(length)});
}

void Argument::put(wmem_strbuf_t* out) const {
    if (text_ != nullptr) {
        wmem_strbuf_append(out, text_);
        return;
    }
    std::array<char, kNumberLength> digits;
    char* at = digits.data();
    if (negative_) *at++ = '-';
    const auto end = std::to_chars(at, digits.data() + digits.size(), number_).ptr;
    wmem_strbuf_append_len(out, digits.data(), static_cast<std::size_t>(end - digits.data()));
}

Shown filled(packet_info* pinfo, const char* pattern, std::span<const Argument> arguments) {
    wmem_strbuf_t* out = wmem_strbuf_new(pinfo->pool, "");
    std::string_view rest = pattern;
    for (const Argument& argument : arguments) {
        const std::size_t place = rest.find("{}");
        wmem_strbuf_append_len(out, rest.data(), place);
        argument.put(out);
        rest.remove_prefix(place + 2);
    }
    wmem_strbuf_append_len(out, rest.data(), rest.size());
    return {wmem_strbuf_get_str(out), Shown::Escaped{}};
}

}  // namespace seamark
