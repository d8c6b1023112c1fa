// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/own_capture.hpp"

#include <cstdint>
#include <cstring>

#include "record/pcapng_blocks.hpp"

namespace seamark::record {
namespace {

constexpr std::size_t options_at = 24;  // type, length, byte order, version, length of the section
constexpr std::uint32_t own_byte_order = 0x1a2b3c4d;

/// A number in this machine's byte order: what we write has it.
template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
    Number number{};
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

}  // namespace

bool is_own_capture(std::string_view bytes) {
    if (bytes.size() < options_at || number_at<std::uint32_t>(bytes, 0) != pcapng::section_header ||
        number_at<std::uint32_t>(bytes, 8) != own_byte_order)
        return false;
    bytes = bytes.substr(0, number_at<std::uint32_t>(bytes, 4));
    for (std::size_t at = options_at; at + 4 <= bytes.size();) {
        const auto code = number_at<std::uint16_t>(bytes, at);
        const std::size_t size = number_at<std::uint16_t>(bytes, at + 2);
        at += 4;
        if (code == pcapng::application_option) {
            const std::string_view application = bytes.substr(at, size);
            return application.starts_with("seamark ") || application.starts_with("seamark/");
        }
        if (code == pcapng::end_of_options) return false;
        at += (size + 3) / 4 * 4;
    }
    return false;
}

}  // namespace seamark::record
