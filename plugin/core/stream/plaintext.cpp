// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is inside TLS: a connection of its own, whose segments are decrypted records.
#include <algorithm>
#include <utility>

#include "core/stream/connection.hpp"
#include "core/stream/contradiction.hpp"

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
    std::uint64_t owned = 0;
    FrameNumber last = FrameNumber::kNone;
    stream.lane().runs().each(record.range(), [&](const OwnedRun& run) {
        owned += run.length;
        last = std::max(last, run.frame);
    });
    return owned == record.range().length() ? last : FrameNumber::kNone;
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

/// Whether a record that was not decrypted can be one without data. In TLS 1.0 many put one in front
/// of each record, since a block cipher's vector can be predicted there (OpenSSL; RFC 4346 section
/// F.3), and Wireshark does not list it.
bool is_empty_by_size(const RecordFramer& records, const PlainMap& map, std::uint16_t version,
                      const TlsRecord& record) {
    constexpr std::uint16_t kTls10 = 0x0301;
    constexpr std::uint32_t kRecent = 16;
    constexpr std::uint64_t kMostPadding = 15;  // more than the least, of a cipher of 16 bytes
    if (version > kTls10) return false;
    std::uint64_t least = ~std::uint64_t{0} - kMostPadding;
    for (std::uint32_t i = 0, at = map.back().record; i < kRecent && i <= at; ++i)
        if (const PlainMap::Part* part = map.of_record(at - i))
            least = std::min<std::uint64_t>(least,
                                            records.records()[at - i].length - part->length);
    return record.length <= least + kMostPadding;
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
    if (from == to) return 0;  // nearly always
    const auto more = overhead(*carrier.records(), map, version);
    std::uint64_t missing = 0;
    for (std::uint32_t i = from; i < to; ++i) {
        if (records[i].type != RecordType::kApplicationData) continue;
        if (!more && is_empty_by_size(*carrier.records(), map, version, records[i])) continue;
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
        if (!upper_) continue;
        plain_->own(side).writes() = std::move(upper_->writes[static_cast<std::size_t>(side)]);
        plain_->own(side).reads() = std::move(upper_->reads[static_cast<std::size_t>(side)]);
    }
    upper_.reset();
}

CallLane& Connection::upper_lane(Side sender, bool writes) {
    if (plain_) return writes ? plain_->own(sender).writes() : plain_->own(sender).reads();
    if (!upper_) upper_ = std::make_unique<UpperCalls>();
    return (writes ? upper_->writes : upper_->reads)[static_cast<std::size_t>(sender)];
}

/// In the lanes it is as a call on a socket, whose stream is the plaintext.
bool Connection::add_upper(Side recorded, const IoEvent& event, FrameNumber frame) {
    IoEvent placed = event;
    const bool writes = event.kind == EventKind::kUpperWrite;
    placed.kind = writes ? EventKind::kWrite : EventKind::kRead;
    placed.flags |= EventFlags::kOffsetKnown;
    const Side sender = writes ? recorded : other(recorded);
    CallLane& lane = upper_lane(sender, writes);
    lane.note_refused(placed, frame);
    // A write that is tried again may have left in part at the first try, which took its bytes and
    // did not report that.
    if (const RefusedWrite* first = lane.refused_at(CallOffset{placed.offset}))
        placed.entered = std::min(placed.entered, first->entered);
    if (!lane.add(placed, frame)) return false;
    if (!writes || !plain_ || clock_.missing() || points_.several_clocks()) return true;
    const auto found =
        find_contradiction(plain_->stream(sender), placed.range(), *lane.first(placed.range()));
    if (found) lane.contradict(*found);
    return !found;
}

Connection::UnjoinedCalls Connection::unjoined_calls() const {
    UnjoinedCalls calls{0, kernel_tls_calls_};
    if (!upper_) return calls;
    for (const auto* lanes : {&upper_->writes, &upper_->reads})
        for (const CallLane& lane : *lanes) calls.sealed += lane.size();
    return calls;
}

/// Which record it is: the one with its header; else, of those that are whole and as long as it
/// needs, the first that this frame completed, else the first.
std::optional<std::uint32_t> Connection::find_decrypted(Side side,
                                                        const DecryptedRecord& decrypted) const {
    const Stream& carrier = stream(side);
    const RecordFramer* records = carrier.records();
    if (records == nullptr) return std::nullopt;
    const std::uint32_t next = next_record_[static_cast<std::size_t>(side)];
    const auto header = decrypted.header ? carrier.position_of(*decrypted.header) : std::nullopt;
    // In TLS 1.3 the header of all that is encrypted says application data.
    const auto fits = [&](const TlsRecord& record) {
        const bool sealed = record.type == RecordType::kApplicationData;
        return sealed || static_cast<std::uint8_t>(record.type) == decrypted.type;
    };
    if (header) {
        std::optional<std::uint32_t> found;
        const auto look = [&](std::uint32_t index, const TlsRecord& record) {
            if (index >= next && record.offset == *header && fits(record) &&
                completed_by(carrier, record) != FrameNumber::kNone)
                found = index;
        };
        const auto& all = records->records();
        if (next < all.size() && all[next].offset == *header) {
            look(next, all[next]);
        } else {
            records->each({*header, *header + 1}, look);
        }
        if (found) return found;
    }
    std::optional<std::uint32_t> earlier;
    std::optional<std::uint32_t> here;
    for (std::uint32_t i = next; i < records->records().size(); ++i) {
        const TlsRecord& record = records->records()[i];
        if (!fits(record)) continue;
        if (record.length < decrypted.plaintext.size() + kLeastOverhead) continue;
        const FrameNumber frame = completed_by(carrier, record);
        if (frame == FrameNumber::kNone) continue;
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
    plain_->add_inside(side, segment);
}

/// No packet is added: none of it is lost, repeated, acknowledged or held by a window. Only its
/// order and time count.
void Connection::add_inside(Side side, const CapturedSegment& segment) {
    const SegmentLane& lane = stream(side).lane();
    const std::size_t before = lane.segments().size();
    own(side).add(segment);
    if (segment.timed && lane.segments().size() > before && !stream(side).writes().empty())
        contradict(side, find_contradiction(stream(side), lane.segments().back()));
    pass_on_switch(side);
    own(other(side)).settle();
    pass_on_switch(other(side));
}

}  // namespace seamark
