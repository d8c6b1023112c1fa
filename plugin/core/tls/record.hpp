// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/byte_range.hpp"

namespace seamark {

/// Content type of a TLS record as on the wire (RFC 8446 section 5.1, RFC 6520). In TLS 1.3 every
/// encrypted record says application data, whatever is in it.
enum class RecordType : std::uint8_t {
    kChangeCipherSpec = 20,
    kAlert = 21,
    kHandshake = 22,
    kApplicationData = 23,
    kHeartbeat = 24,
};
/// The word for filters and JSON: lower case, hyphens.
std::string_view to_string(RecordType type);

/// Types of a handshake message (RFC 8446 section 4).
inline constexpr std::uint8_t kClientHello = 1;
inline constexpr std::uint8_t kServerHello = 2;

/// What is wrong with a record header.
enum class TlsFault : std::uint8_t {
    kBadType,     // no content type
    kBadVersion,  // no version of TLS
    kTooLong,     // longer than any version allows
    kLong,        // longer than TLS 1.3 allows
    kEmpty,       // no byte after the header
    kCount,
};
std::string_view to_string(TlsFault fault);
/// A sentence for people, with the RFC section.
std::string_view describe(TlsFault fault);
/// True when the bytes after this fault can no longer be framed.
bool is_fatal(TlsFault fault);

/// One TLS record whose header is whole. 16 bytes. Which segments carry it is not kept: that is the
/// join with the segment lane.
struct TlsRecord {
    static constexpr std::uint64_t kHeader = 5;

    StreamOffset offset;       // of the header
    std::uint16_t length = 0;  // as the header says: bytes after it
    RecordType type = RecordType::kHandshake;
    std::uint8_t minor = 0;  // of the version in the header, 3.minor, which TLS 1.3 freezes

    /// Header and what follows it.
    ByteRange range() const { return {offset, offset + kHeader + length}; }
    ByteRange header() const { return {offset, offset + kHeader}; }
};
static_assert(sizeof(TlsRecord) == 16, "a record costs a compact record");

/// The largest length of a record (RFC 5246 section 6.2.3), and that of TLS 1.3 (RFC 8446
/// section 5.2).
inline constexpr std::uint16_t kMostRecord = (1U << 14) + 2048;
inline constexpr std::uint16_t kMostRecord13 = (1U << 14) + 256;
inline constexpr std::uint16_t kTls13 = 0x0304;

/// Reads a header. offset: where it stands.
TlsRecord parse_record_header(StreamOffset offset,
                              std::span<const std::uint8_t, TlsRecord::kHeader> bytes);
/// Why a header is none that can be framed; empty where it is one.
std::optional<TlsFault> refuse_header(std::span<const std::uint8_t, TlsRecord::kHeader> bytes);
/// What is wrong with a record that was framed all the same. version: what was negotiated, 0 where
/// that is not known.
std::optional<TlsFault> fault_of(const TlsRecord& record, std::uint16_t version);

/// Whether bytes begin a record that holds a ClientHello or a ServerHello.
enum class HelloShape : std::uint8_t { kNo, kNeedMore, kYes };
/// More bytes than this are not needed to know.
inline constexpr std::size_t kHelloShapeBytes = 11;
HelloShape hello_shape(std::span<const std::uint8_t> bytes);
/// Whether bytes that begin a segment begin a record of a connection whose hellos were not
/// captured: application data of a size that encrypted data has, and nothing else after it.
bool looks_like_record(std::span<const std::uint8_t> bytes);

}  // namespace seamark
