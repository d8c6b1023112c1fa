// SPDX-License-Identifier: GPL-2.0-or-later
#include "chunked_body.hpp"

#include <regex>

namespace seamark::testing {

std::string ReadBody::data() const {
    std::string all;
    for (const auto& chunk : chunks) all += chunk.data;
    return all;
}

ReadBody read_chunked(std::string_view text, std::size_t offset) {
    ReadBody body;
    body.end = offset;
    for (;;) {
        const auto line_end = text.find("\r\n", body.end);
        if (line_end == std::string_view::npos) {
            body.fault = "no whole size line";
            return body;
        }
        const std::string line(text.substr(body.end, line_end - body.end));
        ReadChunk chunk{.hex = line.substr(0, line.find(';')),
                        .extension = {},
                        .data = {},
                        .begin = body.end,
                        .end = 0};
        chunk.extension = line.substr(chunk.hex.size());
        if (chunk.hex.empty() ||
            chunk.hex.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
            body.fault = "not a size line: " + line;
            return body;
        }
        const std::size_t size = std::stoull(chunk.hex, nullptr, 16);
        std::size_t data = line_end + 2;
        while (size == 0) {  // the trailer section
            const auto field_end = text.find("\r\n", data);
            if (field_end == data || field_end == std::string_view::npos) break;
            if (text.substr(data, field_end - data).find(':') == std::string_view::npos) {
                body.fault = "a trailer line without a colon";
                return body;
            }
            data = field_end + 2;
        }
        if (text.size() < data + size + 2) {
            body.fault = "chunk is cut";
            return body;
        }
        if (text.substr(data + size, 2) != "\r\n") {
            body.fault = "no CRLF behind the data of chunk " + line;
            return body;
        }
        chunk.data = text.substr(data, size);
        chunk.end = data + size + 2;
        body.end = chunk.end;
        body.chunks.push_back(chunk);
        if (size == 0) {
            body.complete = true;
            return body;
        }
    }
}

std::optional<Tag> read_tag(const std::string& extension) {
    static const std::regex form(";w=([1-9][0-9]*)(-([1-9][0-9]*))?");
    std::smatch parts;
    if (!std::regex_match(extension, parts, form)) return std::nullopt;
    const std::uint64_t first = std::stoull(parts[1]);
    if (!parts[2].matched) return Tag{first, first};
    const std::uint64_t last = std::stoull(parts[3]);
    if (last <= first) return std::nullopt;
    return Tag{first, last};
}

}  // namespace seamark::testing
