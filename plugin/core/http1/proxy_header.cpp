// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace seamark {
namespace {

constexpr std::string_view kWord = "PROXY ";
constexpr std::array<std::string_view, 3> kFamilies{"TCP4 ", "TCP6 ", "UNKNOWN"};
constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kFixed = 16;  // signature, command, family, length
constexpr unsigned kIpv4 = 1;
constexpr unsigned kIpv6 = 2;

unsigned octet(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}
unsigned word(std::string_view text, std::size_t at) {
    return octet(text, at) << 8 | octet(text, at + 1);
}

std::string ipv4(std::string_view text, std::size_t at) {
    std::string out;
    for (std::size_t i = 0; i < 4; ++i)
        out += (i > 0 ? "." : "") + std::to_string(octet(text, at + i));
    return out;
}

std::string ipv6(std::string_view text, std::size_t at) {
    std::string out;
    for (std::size_t i = 0; i < 16; i += 2) {
        std::array<char, 4> digits{};
        const auto [end, error] =
            std::to_chars(digits.data(), digits.data() + digits.size(), word(text, at + i), 16);
        out += (i > 0 ? ":" : "") + std::string(digits.data(), end);
    }
    return out;
}

bool begins_alike(std::string_view text, std::string_view whole) {
    const auto length = std::min(text.size(), whole.size());
    return text.substr(0, length) == whole.substr(0, length);
}

}  // namespace

ProxyHeaderParser::Verdict ProxyHeaderParser::feed(unsigned char byte) {
    ++length_;
    if (text_.size() < kMostText) text_.push_back(static_cast<char>(byte));
    return text_.front() == kSignature.front() ? binary(byte) : line(byte);
}

ProxyHeaderParser::Verdict ProxyHeaderParser::line(unsigned char byte) {
    const std::string_view text = text_;
    if (length_ > kMostText || !begins_alike(text, kWord)) return Verdict::kImpossible;
    const std::string_view family = text.substr(std::min(kWord.size(), text.size()));
    if (std::none_of(kFamilies.begin(), kFamilies.end(),
                     [&](std::string_view known) { return begins_alike(family, known); }))
        return Verdict::kImpossible;
    if (byte == '\n')
        return text.ends_with("\r\n") && family.size() > kFamilies[0].size() ? Verdict::kWhole
                                                                             : Verdict::kImpossible;
    if (text.size() > 1 && text[text.size() - 2] == '\r') return Verdict::kImpossible;
    const bool printable = byte >= 0x20 && byte < 0x7f;
    return printable || byte == '\r' ? Verdict::kNeedMore : Verdict::kImpossible;
}

ProxyHeaderParser::Verdict ProxyHeaderParser::binary(unsigned char byte) {
    version_ = 2;
    if (!begins_alike(text_, kSignature)) return Verdict::kImpossible;
    // Version 2; the command is LOCAL or PROXY.
    if (length_ == kSignature.size() + 1 && byte != 0x20 && byte != 0x21)
        return Verdict::kImpossible;
    if (length_ < kFixed) return Verdict::kNeedMore;
    return length_ == kFixed + word(text_, kFixed - 2) ? Verdict::kWhole : Verdict::kNeedMore;
}

std::string ProxyHeaderParser::says() const {
    const std::string_view text = text_;
    if (version_ == 1)
        return std::string(text.substr(kWord.size(), text.size() - kWord.size() - 2));
    if ((octet(text, kSignature.size()) & 15U) == 0) return "LOCAL";
    const unsigned family = octet(text, kSignature.size() + 1) >> 4;
    const unsigned length = word(text, kFixed - 2);
    if (family == kIpv4 && length >= 12)
        return "TCP4 " + ipv4(text, kFixed) + " " + ipv4(text, kFixed + 4) + " " +
               std::to_string(word(text, kFixed + 8)) + " " +
               std::to_string(word(text, kFixed + 10));
    if (family == kIpv6 && length >= 36)
        return "TCP6 " + ipv6(text, kFixed) + " " + ipv6(text, kFixed + 16) + " " +
               std::to_string(word(text, kFixed + 32)) + " " +
               std::to_string(word(text, kFixed + 34));
    return "UNKNOWN";
}

}  // namespace seamark
