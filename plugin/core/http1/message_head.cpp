// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/message_head.hpp"

#include <limits>
#include <optional>
#include <string_view>

#include "core/base/characters.hpp"
#include "core/base/hash.hpp"

namespace seamark {
namespace {

/// RFC 9110 section 8.6: 1*DIGIT; empty when it is anything else or 2^64 or more.
std::optional<std::uint64_t> parse_length(std::string_view digits) {
    if (digits.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (!is_digit(static_cast<unsigned char>(c))) return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

void take_content_length(HeadFields& fields, std::string_view value) {
    bool any = false;
    each_list_element(value, [&](std::string_view element) {
        any = true;
        const auto length = parse_length(element);
        if (!length || (fields.has_content_length && *length != fields.content_length)) {
            fields.bad_content_length = true;
        } else {
            if (fields.has_content_length) fields.faults.add(Fault::kRepeatedLength);
            fields.content_length = *length;
        }
        fields.has_content_length = true;
    });
    if (!any) fields.has_content_length = fields.bad_content_length = true;
}

void take_codings(TransferCodings& codings, std::string_view list) {
    codings.given = true;
    each_list_element(list, [&](std::string_view coding) {
        ++codings.named;
        codings.chunked_last = same_word(coding, "chunked");
        if (codings.chunked_last) ++codings.chunked;
    });
}

/// "tag=w" and "id=TEXT", alone or among other parameters.
void take_seamark(HeadFields& fields, std::string_view value) {
    constexpr std::string_view kId = "id=";
    while (true) {
        const auto end = value.find(';');
        const std::string_view parameter = trim(value.substr(0, end));
        if (parameter == "tag=w") fields.tagged = true;
        if (parameter.starts_with(kId) && parameter.size() > kId.size())
            fields.id = hash_text(parameter.substr(kId.size()));
        if (end == std::string_view::npos) return;
        value.remove_prefix(end + 1);
    }
}

/// RFC 9110 section 8.4.1: names of codings do not depend on case; identity is none.
void take_content_codings(std::string& codings, std::string_view list) {
    constexpr std::size_t kMost = 100;
    each_list_element(list, [&](std::string_view coding) {
        if (same_word(coding, "identity") || codings.size() > kMost) return;
        if (!codings.empty()) codings += ", ";
        for (const char c : coding.substr(0, kMost))
            codings += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

}  // namespace

bool HeadParser::feed(unsigned char byte) {
    if (at_line_begin_ && !after_cr_ && byte != '\r' && byte != '\n') {
        // Only the first byte of the next line shows whether the field goes on there.
        if (is_blank(byte)) {
            fields_.faults.add(Fault::kObsFold);
            byte = ' ';
        } else {
            end_line();
        }
        at_line_begin_ = false;
    }
    if (byte == '\n') {
        if (!after_cr_) fields_.faults.add(Fault::kBareLf);
        after_cr_ = false;
        if (line_is_empty_) {
            end_line();
            return true;
        }
        at_line_begin_ = line_is_empty_ = true;
        return false;
    }
    if (after_cr_) {
        fields_.faults.add(Fault::kBareCr);
        if (at_line_begin_) end_line();
        at_line_begin_ = line_is_empty_ = after_cr_ = false;
        if (field_.size() < kLineLimit) field_.push_back('\r');
    }
    if (byte == '\r') {
        after_cr_ = true;
        return false;
    }
    line_is_empty_ = false;
    if (field_.size() < kLineLimit) {
        field_.push_back(static_cast<char>(byte));
    } else {
        fields_.faults.add(Fault::kHeadLineTooLong);
    }
    return false;
}

void HeadParser::end_line() {
    if (field_.empty()) return;
    const std::string_view line = field_;
    const auto colon = line.find(':');
    auto name = line.substr(0, colon);
    if (colon == std::string_view::npos) {
        fields_.faults.add(Fault::kBadFieldLine);
    } else {
        if (!name.empty() && is_blank(static_cast<unsigned char>(name.back()))) {
            fields_.faults.add(Fault::kBlankBeforeColon);
            name = trim(name);
        }
        bool token = !name.empty();
        for (const char c : name) token = token && is_token_char(static_cast<unsigned char>(c));
        if (!token) fields_.faults.add(Fault::kBadFieldLine);
        const auto value = trim(line.substr(colon + 1));
        for (const char c : value)
            if (c != '\r' && is_forbidden_control(static_cast<unsigned char>(c)))
                fields_.faults.add(Fault::kBadFieldValue);
        take_field(name, value);
    }
    field_.clear();
}

void HeadParser::take_field(std::string_view name, std::string_view value) {
    if (same_word(name, "transfer-encoding")) {
        take_codings(fields_.codings, value);
    } else if (same_word(name, "content-length")) {
        take_content_length(fields_, value);
    } else if (same_word(name, "upgrade")) {
        fields_.has_upgrade = true;
        fields_.upgrade = value;
    } else if (same_word(name, "forwarded") || same_word(name, "x-forwarded-for") ||
               same_word(name, "via")) {
        fields_.forwarded = true;
    } else if (same_word(name, "connection")) {
        each_list_element(value, [&](std::string_view option) {
            if (same_word(option, "close")) fields_.connection_close = true;
            if (same_word(option, "keep-alive")) fields_.connection_keep_alive = true;
        });
    } else if (same_word(name, "seamark")) {
        take_seamark(fields_, value);
    } else if (same_word(name, "content-encoding")) {
        take_content_codings(fields_.coding, value);
    } else if (same_word(name, "content-type") && fields_.media.empty()) {
        fields_.media = value.substr(0, HeadFields::kLongestMedia);
    }
}

}  // namespace seamark
