// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is inside TLS: a connection of its own, whose segments are decrypted records.
#include <algorithm>

#include "core/stream/connection.hpp"

namespace seamark {
namespace {

constexpr auto kAlert = static_cast<std::uint8_t>(RecordType::kAlert);
constexpr auto kApplicationData = static_cast<std::uint8_t>(RecordType::kApplicationData);
constexpr std::uint64_t kLeastOverhead =
    9;  // content type and the shortest tag (RFC 8446, RFC 6655)

bool is_close_notify(const Connection::DecryptedRecord& decrypted) {
    return decrypted.type == kAlert && decrypted.plaintext.size() == 2 &&
           decrypted.plaintext[1] == 0;
}

/// The frame that completed a record; kNone where it is not whole.
FrameNumber completed_by(const Stream& stream, const TlsRecord& record) {
    const RangeIndex& runs = stream.lane().runs();
    if (!runs.covers(record.range())) return FrameNumber::kNone;
    FrameNumber last = FrameNumber::kNone;
    runs.each(record.range(), [&](const OwnedRun& run) { last = std::max(last, run.frame); });
    return last;
}

/// How much longer than its plaintext each record is, where all have the same (AEAD); empty where
/// that is not known: a block cipher pads.
std::optional<std::uint64_t> overhead(const RecordFramer& records, const PlainMap& map,
                                      std::uint16_t version) {
    constexpr std::uint32_t kRecent = 16;
    std::optional<std::uint64_t> common;
    for (std::uint32_t i = 0, at = map.back().record; i < kRecent && i <= at; ++i) {
        const PlainMap::Part* part = map.of_record(at - i);
        if (part == nullptr || part->length == 0) continue;
        const std::uint64_t more = records.records()[at - i].length - part->length;
        if (common && *common != more) return std::nullopt;
        common = more;
    }
    // A tag of 16 bytes, with 8 of the nonce in front or none (RFC 5288, RFC 7905). With a block
    // cipher it is 37 and more.
    const bool aead = version >= kTls13 || common == 16 || common == 24;
    return aead ? common : std::nullopt;
}

/// How long the plaintext of records is that were not decrypted. Where that is not known, so much
/// that no chunk reaches over it: framing must not go on at a guess.
std::uint64_t missing_plaintext(const Stream& carrier, const PlainMap& map, std::uint16_t version,
                                std::uint32_t from, std::uint32_t to) {
    constexpr std::uint64_t kUnknown = std::uint64_t{1} << 24;
    const auto& records = carrier.records()->records();
    // Whole records may be missing from the capture, too.
    StreamOffset at = records[map.back().record].range().end;
    for (std::uint32_t i = map.back().record + 1; i <= to; ++i) {
        if (records[i].offset > at) return kUnknown;
        at = records[i].range().end;
    }
    const auto more = overhead(*carrier.records(), map, version);
    std::uint64_t missing = 0;
    for (std::uint32_t i = from; i < to; ++i) {
        if (records[i].type != RecordType::kApplicationData) continue;
        if (!more || records[i].length < *more) return kUnknown;
        missing += records[i].length - *more;
    }
    return missing;
}

}  // namespace

void Connection::begin_plaintext() {
    if (plain_) return;
    plain_ = std::make_unique<Connection>(*budget_, ends_, listener_);
    plain_->carrier_ = this;
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        plain_->own(side).set_carrier(stream(side));
        plain_->own(side).set_decoding(stream(side).decoding());
        // Offset 0 is the first byte of application data.
        CapturedSegment opening;
        opening.header.syn = true;
        plain_->own(side).add(opening);
    }
}

/// Which record it is: the one with its header; else, of those that are whole and as long as it
/// needs, the first that this frame completed, else the first.
std::optional<std::uint32_t> Connection::find_decrypted(Side side,
                                                        const DecryptedRecord& decrypted) const {
    const Stream& carrier = stream(side);
    const RecordFramer* records = carrier.records();
    if (records == nullptr) return std::nullopt;
    const auto header = decrypted.header ? carrier.position_of(*decrypted.header) : std::nullopt;
    std::optional<std::uint32_t> earlier;
    std::optional<std::uint32_t> here;
    for (std::uint32_t i = next_record_[static_cast<std::size_t>(side)];
         i < records->records().size(); ++i) {
        const TlsRecord& record = records->records()[i];
        // In TLS 1.3 the header of all that is encrypted says application data.
        const bool sealed = record.type == RecordType::kApplicationData;
        if (!sealed && static_cast<std::uint8_t>(record.type) != decrypted.type) continue;
        if (record.length < decrypted.plaintext.size() + kLeastOverhead) continue;
        const FrameNumber frame = completed_by(carrier, record);
        if (frame == FrameNumber::kNone) continue;
        if (header && record.offset == *header) return i;
        if (frame == decrypted.frame && !here) here = i;
        if (frame == decrypted.frame && !header) break;
        if (frame > decrypted.frame) break;
        if (!earlier) earlier = i;
    }
    return here ? here : earlier;
}

/// Where no close_notify was decrypted, what is inside ends with its carrier: many servers send
/// none.
void Connection::finish_plaintext() {
    for (const Side side : {Side::kFirst, Side::kSecond}) {
        Stream& plain = plain_->own(side);
        const Closing& closing = stream(side).closing();
        if (plain.closing().fin() || plain.closing().reset()) continue;
        if (!plain.position(CallRange{})) continue;
        const StreamOffset zero = plain.position(CallRange{})->begin;
        const PlainMap& map = plain.plain_map();
        const StreamOffset end = map.empty() ? zero : map.back().range().end;
        TcpHeader header;
        header.sequence = RawSequence{static_cast<std::uint32_t>(end - zero + 1)};
        header.fin = closing.fin();
        header.rst = closing.reset() && !closing.fin();
        if (header.fin || header.rst)
            plain.note_close(header, 0, header.fin ? closing.fin_frame() : closing.reset_frame());
    }
    plain_->finish();
}

void Connection::add_plaintext(Side side, const DecryptedRecord& decrypted) {
    // In TLS 1.2 a handshake record may be one that was never encrypted.
    const bool data = decrypted.type == kApplicationData;
    if (!data && !is_close_notify(decrypted) && tls_version() < kTls13) return;
    const auto found = find_decrypted(side, decrypted);
    if (!found) return;
    std::uint32_t& next = next_record_[static_cast<std::size_t>(side)];
    begin_plaintext();
    Stream& plain = plain_->own(side);
    const PlainMap& map = plain.plain_map();
    const StreamOffset zero = plain.position({})->begin;
    StreamOffset begin = map.empty() ? zero : map.back().range().end;
    if (!map.empty()) begin += missing_plaintext(stream(side), map, tls_version(), next, *found);
    next = *found + 1;
    const auto sequence = static_cast<std::uint32_t>(begin - zero + 1);
    TcpHeader header;
    header.sequence = RawSequence{sequence};
    if (!data) {
        header.fin = is_close_notify(decrypted);
        if (header.fin) plain_->acknowledge(side, header, decrypted.time, decrypted.frame);
        return;
    }
    plain.plain_map().add({begin, static_cast<std::uint32_t>(decrypted.plaintext.size()), *found});
    CapturedSegment segment;
    segment.frame = decrypted.frame;
    segment.time = decrypted.time;
    segment.timed = decrypted.timed;
    segment.header = header;
    segment.wire_length = static_cast<std::uint32_t>(decrypted.plaintext.size());
    segment.payload = decrypted.plaintext;
    plain_->add(side, segment);
}

}  // namespace seamark
