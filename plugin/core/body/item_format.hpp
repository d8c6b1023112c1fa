// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace seamark {

/// How a body is cut into events.
enum class ItemFormat : std::uint8_t {
    kNone,          // it is not, as far as its media type says
    kServerSent,    // text/event-stream (WHATWG HTML, "Server-sent events")
    kLines,         // application/x-ndjson, application/jsonl: a JSON text a line
    kJsonSequence,  // application/json-seq and +json-seq (RFC 7464, RFC 8091)
    kMultipart,     // multipart/x-mixed-replace with a boundary (RFC 2046 section 5.1)
};

/// What a Content-Type field says (RFC 9110 section 8.3).
struct ItemMedia {
    ItemFormat format = ItemFormat::kNone;
    std::string_view boundary;  // of kMultipart: 1 to 70 characters, borrowed from the field
};
ItemMedia item_media(std::string_view content_type);

/// "sse", "ndjson", "json-seq", "multipart"; "" of kNone.
std::string_view to_string(ItemFormat format);

}  // namespace seamark
