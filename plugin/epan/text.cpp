// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.hpp"

#include <algorithm>

namespace seamark {

const char* to_display(packet_info* pinfo, std::string_view bytes) {
    auto* out = static_cast<char*>(wmem_alloc(pinfo->pool, bytes.size() * 3 + 1));
    char* at = out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0) {
            at = std::copy_n("\xe2\x90\x80", 3, at);
        } else if (byte < 0x80) {
            *at++ = c;
        } else {
            *at++ = static_cast<char>(0xc0 | byte >> 6);
            *at++ = static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    *at = '\0';
    return out;
}

const char* keep(packet_info* pinfo, std::string_view text) {
    return wmem_strndup(pinfo->pool, text.data(), text.size());
}

void NumberRuns::add(std::uint64_t first, std::uint64_t last) {
    if (any_ && first >= first_ && (first <= last_ || first - last_ == 1)) {
        if (!cut_) last_ = std::max(last_, last);
        return;
    }
    if (any_ && text_.size() >= kLongest) {
        cut_ = true;
        return;
    }
    if (any_) text_ += run() + ", ";
    first_ = first;
    last_ = last;
    any_ = true;
}

std::string NumberRuns::run() const {
    return std::to_string(first_) +
           (last_ != first_ ? "\xe2\x80\x93" + std::to_string(last_) : std::string());
}

std::string NumberRuns::text() const {
    if (!any_) return {};
    return text_ + run() + (cut_ ? ", \xe2\x80\xa6" : "");
}

}  // namespace seamark
