// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/unread_words.hpp"

#include <map>

#include "core/base/display_text.hpp"
#include "core/base/number_text.hpp"
#include "core/report/chunk_rows.hpp"
#include "core/report/piece_words.hpp"
#include "core/report/record_words.hpp"

namespace seamark {
namespace {

using words::text;

constexpr std::size_t kMostLines = 20;

std::string switched(const Message& message) {
    std::string what;
    for (const char c : message.upgrade.substr(0, 40)) what += c >= 0x20 && c < 0x7f ? c : '.';
    return "after 101 (Switching Protocols) to " + (what.empty() ? "another protocol" : what) +
           ": no longer HTTP/1";
}

std::string fault_of(const Message& message) {
    std::string words;
    message.faults.each([&](Fault fault) {
        if (is_fatal(fault) || fault == Fault::kSubflow)
            words.append(words.empty() ? "" : ", ").append(to_string(fault));
    });
    return words.empty() ? std::string(describe(message.reason)) : words;
}

bool kept(const Stream& stream, ByteRange range, const FrameFilter& keep) {
    if (!keep) return true;
    std::vector<CarriedRun> runs;
    Overlay(stream).carriers(range, kAllRuns, runs);
    return any_kept(runs, keep);
}

/// Which way the bytes go, where that is known.
std::string direction(const CaptureEntry& entry, Side side) {
    if (const auto request = entry.connection->sends_requests(side))
        return *request ? "request" : "response";
    return "from " + words::end_point(entry.source(side));
}

}  // namespace

std::string words::why_unread(const Connection& connection, Side side, const Unread& part) {
    const MessageIndex messages = connection.stream(side).messages();
    const Message* before = part.messages > 0 ? &messages[part.messages - 1] : nullptr;
    switch (part.reason) {
        case UnreadReason::kTls: {
            if (connection.stream(side).records() == nullptr) return "TLS, by its first bytes";
            std::string out = tls_part(connection, side, part.range);
            if (const std::string inside = protocol_inside(connection); !inside.empty())
                out += "; inside, " + inside;
            return out;
        }
        case UnreadReason::kHttp2:
            return "HTTP/2, by the client's preface";
        case UnreadReason::kSwitched:
            if (before->line.status == 101) return switched(*before);
            {
                const MessageIndex theirs = connection.stream(other(side)).messages();
                return switched(theirs[theirs.size() - 1]);
            }
        case UnreadReason::kTunnel:
            return "inside a tunnel that CONNECT opened, and no HTTP/1 start line";
        case UnreadReason::kMidStream:
            return std::string("the capture begins inside the connection (no SYN), and ") +
                   (messages.empty() ? "no start line of HTTP/1 was captured"
                                     : "they lie in front of the first start line that was read");
        case UnreadReason::kSubflow:
            return "a subflow of a Multipath TCP connection, which is not the whole stream";
        case UnreadReason::kFault:
            return "after what cannot be framed (" + fault_of(*before) + ")";
        case UnreadReason::kHole:
            return "after missing bytes, which took the framing with them";
        case UnreadReason::kBehind:
            return "after the end of message " + text(part.messages) + ", and no HTTP/1 start line";
        case UnreadReason::kCutLine:
            return "a start line that is not whole";
        case UnreadReason::kOther:
            return "they begin no HTTP/1 start line";
    }
    return {};
}

void write_unread(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                  const LineSink& sink) {
    std::size_t lines = 0;
    std::uint64_t more = 0;
    for (const CaptureEntry& entry : entries) {
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            const Stream& stream = entry.connection->stream(side);
            for (const Unread& part : find_unread(*entry.connection, side)) {
                if (!kept(stream, part.range, keep)) continue;
                if (++lines > kMostLines) {
                    ++more;
                    continue;
                }
                sink("stream " + text(entry.stream) + " " + direction(entry, side) + ": " +
                     words::count(part.bytes, "byte") + " at offset " +
                     text(stream.public_offset(part.range.begin)) +
                     (stream.carrier() != nullptr ? " of the plaintext" : "") +
                     (part.bytes == 1 ? " is no HTTP/1 message: " : " are no HTTP/1 message: ") +
                     words::why_unread(*entry.connection, side, part));
            }
        }
    }
    if (more > 0) sink("and " + text(more) + " more such parts of streams");
}

}  // namespace seamark
