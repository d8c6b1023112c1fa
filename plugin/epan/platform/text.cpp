// SPDX-License-Identifier: GPL-2.0-or-later
#define SEAMARK_WRAPS_LIBWIRESHARK  // wireshark.hpp
#include "platform/text.hpp"

#include "core/base/display_text.hpp"

namespace seamark {

proto_item* add_text(proto_tree* tree, fields::Text field, Place place, Shown value) {
    return proto_tree_add_string(tree, field.id, place.tvb, place.at, place.length, value.c_str());
}

proto_tree* add_subtree(proto_tree* tree, Place place, int kind, proto_item** item, Shown label) {
    return proto_tree_add_subtree(tree, place.tvb, place.at, place.length, kind, item,
                                  label.c_str());
}

void set_label(proto_item* item, Shown label) {
    proto_item_set_text(item, "%s", label.c_str());
}

void append_label(proto_item* item, Shown more) {
    proto_item_append_text(item, "%s", more.c_str());
}

void add_expert(packet_info* pinfo, proto_item* item, expert_field& kind, Shown message) {
    expert_add_info_format(pinfo, item, &kind, "%s", message.c_str());
}

void add_expert(packet_info* pinfo, proto_item* item, expert_field& kind) {
    expert_add_info(pinfo, item, &kind);
}

void set_protocol_column(packet_info* pinfo, Shown text) {
    col_set_str(pinfo->cinfo, COL_PROTOCOL, text.c_str());
}

void set_info_column(packet_info* pinfo, Shown text) {
    col_set_str(pinfo->cinfo, COL_INFO, text.c_str());
}

void replace_info_column(packet_info* pinfo, Shown text) {
    col_clear_fence(pinfo->cinfo, COL_INFO);
    set_info_column(pinfo, text);
}

void append_info_column(packet_info* pinfo, Shown more) {
    col_append_str(pinfo->cinfo, COL_INFO, more.c_str());
}

void prepend_info_column(packet_info* pinfo, Shown more) {
    col_prepend_fstr(pinfo->cinfo, COL_INFO, "%s", more.c_str());
}

std::optional<std::string_view> info_column_behind(packet_info* pinfo, std::string_view word) {
    const char* const there = col_get_text(pinfo->cinfo, COL_INFO);
    if (there == nullptr) return std::nullopt;
    std::string_view words(there);
    if (!words.starts_with(word)) return std::nullopt;
    words.remove_prefix(word.size());
    if (!words.empty() && words.front() != ' ' && words.front() != '[') return std::nullopt;
    while (words.starts_with(' ')) words.remove_prefix(1);
    while (words.ends_with(' ')) words.remove_suffix(1);
    return words;
}

std::string shown_text(std::string_view bytes) {
    return DisplayText::of(bytes).string();
}

std::string shown_lines(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        text += DisplayText::of(lines.substr(0, end)).string();
        if (end == std::string_view::npos) break;
        text += '\n';
        lines.remove_prefix(end + 1);
    }
    return text;
}

std::string shown_unwrapped(std::string_view lines) {
    std::string text = "<pre>";
    for (const char c : shown_lines(lines)) {
        if (c == '&')
            text += "&amp;";
        else if (c == '<')
            text += "&lt;";
        else
            text += c;
    }
    return text + "</pre>";
}

void put_line(std::FILE* out, std::string_view line) {
    DisplayEscaper escaper(line);
    for (auto piece = escaper.next(); !piece.empty(); piece = escaper.next())
        std::fwrite(piece.data(), 1, piece.size(), out);
    std::fputc('\n', out);
}

void put_printable_line(std::FILE* out, PrintableText line) {
    const std::string_view text = line;
    std::fwrite(text.data(), 1, text.size(), out);
    std::fputc('\n', out);
}

void complain(std::string_view line) {
    put_line(stderr, line);
}

}  // namespace seamark
