// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/unread.hpp"

#include <algorithm>

namespace seamark {
namespace {

using Trial = MessageFramer::Trial;

/// Without those dropped: what an upgrade made of pipelined requests is no HTTP/1, and no message.
std::uint32_t kept_messages(const Stream& stream) {
    const MessageIndex messages = stream.messages();
    std::uint32_t kept = messages.size();
    while (kept > 0 && messages[kept - 1].dropped) --kept;
    return kept;
}

/// Where the first captured byte of a range stands that has one.
StreamOffset first_captured(const RangeIndex& runs, ByteRange range) {
    StreamOffset first = range.end;
    runs.each_until(range, [&](const OwnedRun& run) {
        first = run.begin;
        return false;
    });
    return first;
}

bool is_http2(const Stream& stream) {
    const auto& trials = stream.messages().failed_trials();
    return !trials.empty() && trials.front().looks_like == Foreign::kHttp2;
}

/// Why what follows this message up to the next was not read, by the message alone.
UnreadReason behind(const Message& message) {
    if (message.line.status == 101) return UnreadReason::kSwitched;
    if (message.framing == Framing::kTunnel || message.line.method == Method::kConnect)
        return UnreadReason::kTunnel;
    if (message.cut() == Fault::kMissingBytes) return UnreadReason::kHole;
    if (message.stopped()) return UnreadReason::kFault;
    return UnreadReason::kBehind;
}

/// The other direction's 101 response ended HTTP/1 here, too; null: there is none.
const Message* switched_by_other(const Connection& connection, Side side) {
    const MessageIndex messages = connection.stream(other(side)).messages();
    if (messages.empty() || messages[messages.size() - 1].line.status != 101) return nullptr;
    return &messages[messages.size() - 1];
}

/// Why a part was not read. trial: what failed in it first; null: nothing was tried, or nothing
/// failed so far.
UnreadReason reason_of(const Connection& connection, Side side, std::uint32_t messages,
                       const Trial* trial) {
    const Stream& stream = connection.stream(side);
    const Message* before = messages > 0 ? &stream.messages()[messages - 1] : nullptr;
    const UnreadReason context = before != nullptr           ? behind(*before)
                                 : connection.multipath()    ? UnreadReason::kSubflow
                                 : !stream.begins_with_syn() ? UnreadReason::kMidStream
                                                             : UnreadReason::kOther;
    if (before != nullptr && before->is_request() && messages == kept_messages(stream) &&
        switched_by_other(connection, side) != nullptr)
        return UnreadReason::kSwitched;
    if (context == UnreadReason::kSwitched || context == UnreadReason::kFault) return context;
    if (trial != nullptr && trial->looks_like == Foreign::kTls) return UnreadReason::kTls;
    if (before == nullptr && (is_http2(stream) || is_http2(connection.stream(other(side)))))
        return UnreadReason::kHttp2;
    if (trial == nullptr && context == UnreadReason::kOther) return UnreadReason::kCutLine;
    if (trial == nullptr && context == UnreadReason::kBehind) return UnreadReason::kCutLine;
    return context;
}

bool has_record(const Stream& stream, ByteRange range) {
    bool found = false;
    if (const RecordFramer* records = stream.records())
        records->each(range, [&](std::uint32_t, const TlsRecord&) { found = true; });
    return found;
}

/// Only line ends: empty lines in front of a start line (RFC 9112 section 2.2).
constexpr std::uint64_t kMostEmptyLines = 4;

}  // namespace

bool is_http2(const Connection& connection) {
    return is_http2(connection.stream(Side::kFirst)) || is_http2(connection.stream(Side::kSecond));
}

std::vector<Unread> find_unread(const Connection& connection, Side side) {
    std::vector<Unread> found;
    const Stream& stream = connection.stream(side);
    const RangeIndex& runs = stream.lane().runs();
    if (runs.empty()) return found;
    const MessageIndex messages = stream.messages();
    const auto& trials = messages.failed_trials();
    auto trial = trials.begin();
    StreamOffset at = runs.begin();
    if (const ProxyHeader* header = messages.proxy_header()) at = header->range.end;
    const std::uint32_t kept = kept_messages(stream);
    for (std::uint32_t i = 0; i <= kept; ++i) {
        const StreamOffset end = i < kept ? messages[i].head.begin : runs.end();
        while (trial != trials.end() && trial->messages < i) ++trial;
        const bool tried = trial != trials.end() && trial->messages == i;
        const std::uint64_t bytes = at < end ? runs.covered({at, end}) : 0;
        const bool empty_lines =
            !tried && i > 0 && i < kept && bytes <= kMostEmptyLines && !messages[i - 1].stopped();
        if (bytes > 0 && !empty_lines) {
            const ByteRange part{first_captured(runs, {at, end}), end};
            const bool tls = has_record(stream, part);
            // What was decrypted is read in a stream of its own.
            if (!tls || connection.plain() == nullptr)
                found.push_back({part, bytes, i,
                                 tls ? UnreadReason::kTls
                                     : reason_of(connection, side, i, tried ? &*trial : nullptr)});
        }
        if (i < kept) at = std::max(at, messages.extent(messages[i]).end);
    }
    return found;
}

}  // namespace seamark
