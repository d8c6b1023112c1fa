// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/response_head.hpp"

#include "plan/compressor.hpp"

namespace seamark::plan {
namespace {

std::string_view reason(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 431:
            return "Request Header Fields Too Large";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "";
    }
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string_view server_name() {
    return "seamark/" SEAMARK_VERSION;
}

std::string to_bytes(const ResponseHead& head) {
    std::string out = head.http == HttpVersion::http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
    out.append(std::to_string(head.status)).append(" ").append(reason(head.status)).append("\r\n");
    append_field(out, "Server", server_name());
    append_field(out, "Content-Type", head.content_type);
    append_field(out, "X-Content-Type-Options", "nosniff");
    append_field(out, "Cache-Control", "no-store, no-transform");
    append_field(out, "X-Accel-Buffering", "no");
    if (!head.allow.empty()) append_field(out, "Allow", head.allow);
    if (head.retry_after > 0) append_field(out, "Retry-After", std::to_string(head.retry_after));
    if (head.content_length) {
        append_field(out, "Content-Length", std::to_string(*head.content_length));
    }
    if (head.chunked) append_field(out, "Transfer-Encoding", "chunked");
    if (head.coding != Coding::none) {
        append_field(out, "Content-Encoding", coding_name(head.coding));
    }
    if (!head.policy.empty()) append_field(out, "Content-Security-Policy", head.policy);
    for (const auto& field : head.fields) append_field(out, field.name, field.value);
    if (!head.trailer.empty()) append_field(out, "Trailer", head.trailer);
    if (head.tagged) {
        append_field(out, "Seamark",
                     head.id.empty() ? "tag=w" : "tag=w; id=" + std::string(head.id));
    }
    if (head.persistence == Persistence::close) append_field(out, "Connection", "close");
    if (head.persistence == Persistence::keep_alive) append_field(out, "Connection", "keep-alive");
    out += "\r\n";
    return out;
}

}  // namespace seamark::plan
