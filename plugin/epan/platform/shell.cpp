// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/shell.hpp"

#include <algorithm>
#include <array>

#include "core/base/display_text.hpp"
#include "platform/fields.hpp"
#include "platform/text.hpp"

namespace seamark {
namespace {

/// Of the data that this protocol keeps with a frame, the only one with the life of the capture.
constexpr std::uint32_t kFailureKey = 0;

bool any_failure = false;

char* noted_failure(packet_info* pinfo) {
    return static_cast<char*>(
        p_get_proto_data(wmem_file_scope(), pinfo, fields::proto, kFailureKey));
}

}  // namespace

const char* failure_text(const char* what) noexcept {
    static std::array<char, 512> text;
    std::size_t length = 0;
    DisplayEscaper escaper(what);
    for (auto piece = escaper.next(); !piece.empty(); piece = escaper.next()) {
        if (piece.size() >= text.size() - length) break;
        std::copy(piece.begin(), piece.end(), text.begin() + length);
        length += piece.size();
    }
    text[length] = '\0';
    return text.data();
}

void report_failure(const char* failure) noexcept {
    report_warning("Seamark: something failed, and what it was to show is missing: %s", failure);
}

void note_failure(packet_info* pinfo, const char* failure) noexcept {
    any_failure = true;
    if (noted_failure(pinfo) != nullptr) return;
    p_add_proto_data(wmem_file_scope(), pinfo, fields::proto, kFailureKey,
                     wmem_strdup(wmem_file_scope(), failure));
}

void show_failure(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree) noexcept {
    if (!any_failure) return;
    const char* failure = noted_failure(pinfo);
    if (failure == nullptr) return;
    proto_item* item = add_protocol(tree, {tvb});
    add_expert(pinfo, item, fields::failed,
               format(pinfo, "Seamark failed on this frame, and its analysis is incomplete: {}",
                      shown(pinfo, failure)));
}

}  // namespace seamark
