// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/record_words.hpp"

#include <algorithm>
#include <set>

#include "core/base/number_text.hpp"
#include "core/report/piece_words.hpp"
#include "core/stream/unread.hpp"

namespace seamark::words {
namespace {

constexpr std::string_view kHttp2 = "h2";

const TlsHello* hello_of(const Connection& connection, bool client) {
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        const RecordFramer* records = connection.stream(side).records();
        if (records != nullptr && records->hello() != nullptr && records->hello()->client == client)
            return records->hello();
    }
    return nullptr;
}

std::string_view brief(RecordType type) {
    switch (type) {
        case RecordType::kApplicationData:
            return "data";
        case RecordType::kChangeCipherSpec:
            return "ccs";
        default:
            return to_string(type);
    }
}

/// A protocol's name as a peer wrote it.
std::string named(std::string_view protocol) {
    constexpr std::size_t kMost = 20;
    std::string out;
    for (const char c : protocol.substr(0, kMost)) out += c > 0x20 && c < 0x7f ? c : '.';
    return protocol.size() > kMost ? out + "…" : out;
}

std::string list(const std::vector<std::string>& protocols) {
    constexpr std::size_t kMost = 4;
    std::string out;
    for (std::size_t i = 0; i < protocols.size() && i < kMost; ++i)
        out += (i == 0 ? "" : ", ") + named(protocols[i]);
    return protocols.size() > kMost ? out + " …" : out;
}

bool any_kept_byte(const Stream& stream, const FrameFilter& keep) {
    const auto& segments = stream.lane().segments();
    return std::any_of(segments.begin(), segments.end(), [&](const Segment& segment) {
        bool found = false;
        if (keep(segment.frame))
            stream.records()->each(segment.range(),
                                   [&](std::uint32_t, const TlsRecord&) { found = true; });
        return found;
    });
}

/// A server that chose HTTP/2, or a client that offers it.
bool may_be_http2(const Connection& connection) {
    const TlsHello* server = hello_of(connection, false);
    if (server != nullptr && !server->protocols.empty()) return server->names(kHttp2);
    const TlsHello* client = hello_of(connection, true);
    return client != nullptr && client->names(kHttp2) &&
           (server == nullptr || server->version >= kTls13);
}

}  // namespace

std::string label(const RecordPiece& piece) {
    return text(piece.index) + " " + std::string(brief(piece.record->type)) + " " +
           text(piece.record->length);
}

std::string title(const Lanes& lanes, const RecordPiece& piece) {
    const TlsRecord& record = *piece.record;
    std::string out = "record " + text(piece.index) + ": " + std::string(to_string(record.type)) +
                      ", " + count(record.length, "byte") + " after its header, at offset " +
                      text(lanes.offset(record.offset));
    if (const auto fault = fault_of(record, lanes.entry->connection->tls_version()))
        out += "; " + std::string(describe(*fault));
    return out;
}

std::string readable(const Stream& stream, const TlsRecord& record) {
    constexpr std::size_t kMost = 4096;
    std::vector<FrameNumber> listed;
    const Carriage carriage = Overlay(stream).carriage(record.range(), kMost, listed);
    if (carriage.frames < 2 || !carriage.all_listed || !stream.lane().runs().covers(record.range()))
        return {};
    return "; readable only when frame " + text(carriage.last) +
           " was captured: a record is decrypted as a whole";
}

std::string tls(const Connection& connection) {
    return std::string(version_name(connection.tls_version()));
}

std::string tls_part(const Connection& connection, Side side, ByteRange range) {
    std::uint64_t records = 0;
    if (const RecordFramer* framer = connection.stream(side).records())
        framer->each(range, [&](std::uint32_t, const TlsRecord&) { ++records; });
    return tls(connection) + ", " + count(records, "record");
}

std::string protocol_inside(const Connection& connection) {
    if (connection.plain() != nullptr && is_http2(*connection.plain()))
        return "HTTP/2, by the client's preface";
    const TlsHello* server = hello_of(connection, false);
    if (server != nullptr && !server->protocols.empty()) {
        const std::string& chosen = server->protocols.front();
        return (chosen == kHttp2 ? "HTTP/2 (h2)" : named(chosen)) +
               ", which the server chose (ALPN)";
    }
    const TlsHello* client = hello_of(connection, true);
    if (client == nullptr || client->protocols.empty()) return {};
    std::string out = list(client->protocols) + " offered by the client (ALPN)";
    if (server == nullptr) return out;
    return out + (server->version >= kTls13 ? "; the server's choice is encrypted"
                                            : "; the server chose none");
}

std::string refused(const Stream& stream) {
    const RecordFramer* records = stream.records();
    if (records == nullptr || !records->refusal()) return {};
    return std::string(describe(records->refusal()->fault)) + ", at offset " +
           text(stream.public_offset(records->refusal()->at)) +
           ": no record is framed from there on";
}

std::string in_records(const Stream& plain, ByteRange range) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    const Overlay overlay(plain);
    overlay.each_record(range, [&](std::uint32_t index) {
        if (first == 0) first = index;
        last = index;
    });
    if (first == 0) return {};
    return (first == last ? "; in record " + text(first)
                          : "; in records " + text(first) + " to " + text(last)) +
           ", carried by " + frames(overlay, range);
}

std::vector<std::string> unjoined_calls(const Connection& connection) {
    const auto calls = connection.unjoined_calls();
    std::vector<std::string> out;
    if (calls.sealed > 0)
        out.push_back(count(calls.sealed, "recorded call") +
                      " of the application into TLS cannot be placed: its records were not "
                      "decrypted");
    if (calls.kernel_tls > 0)
        out.push_back(count(calls.kernel_tls, "recorded call") +
                      " cannot be placed: the kernel does TLS on this socket (kTLS), and calls "
                      "count plaintext");
    return out;
}

std::vector<std::string> how_to_read(const Connection& connection, const NextSteps& steps) {
    std::vector<std::string> out;
    if (!connection.has_record()) return out;
    std::string secrets =
        "What is inside TLS is read where Wireshark decrypts it, for which it needs the secrets of "
        "the session";
    if (!steps.give_secrets().empty()) secrets += ": " + std::string(steps.give_secrets());
    if (connection.plain() == nullptr) out.push_back(secrets + ".");
    const Connection* inside = connection.plain();
    const bool read = inside != nullptr && inside->has_message();
    if (!read && (may_be_http2(connection) || (inside != nullptr && is_http2(*inside)))) {
        std::string ask = "HTTP/2 has no chunks. For HTTP/1.1, let the client offer nothing else";
        if (!steps.ask_for_http1().empty()) ask += ": " + std::string(steps.ask_for_http1());
        out.push_back(ask + ".");
    }
    return out;
}

void write_how_to_read(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                       const NextSteps& steps, const LineSink& sink) {
    std::vector<std::string> said;
    for (const CaptureEntry& entry : entries) {
        bool kept = !keep;
        for (const Side side : {Side::kFirst, Side::kSecond})
            if (const Stream& stream = entry.connection->stream(side);
                !kept && stream.records() != nullptr)
                kept = any_kept_byte(stream, keep);
        if (!kept) continue;
        for (std::string& line : how_to_read(*entry.connection, steps))
            if (std::find(said.begin(), said.end(), line) == said.end())
                said.push_back(std::move(line));
    }
    for (const std::string& line : said) sink(line);
}

}  // namespace seamark::words
