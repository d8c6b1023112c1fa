// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tls/record.hpp"

#include <algorithm>

namespace seamark {
namespace {

struct FaultText {
    std::string_view word;
    std::string_view sentence;
    bool fatal;
};
constexpr std::array<FaultText, static_cast<std::size_t>(TlsFault::kCount)> kFaults{{
    {"tls-bad-type", "A TLS record has no content type (RFC 8446 section 5.1)", true},
    {"tls-bad-version", "A TLS record header names no version of TLS (RFC 8446 section 5.1)", true},
    {"tls-too-long", "A TLS record is longer than 2^14 + 2048 bytes (RFC 5246 section 6.2.3)",
     true},
    {"tls-long", "A TLS 1.3 record is longer than 2^14 + 256 bytes (RFC 8446 section 5.2)", false},
    {"tls-empty", "A TLS record has no byte after its header (RFC 8446 section 5.1)", false},
}};

constexpr std::uint8_t kMajor = 3;
constexpr std::uint8_t kHighestMinor = 4;

bool is_type(std::uint8_t byte) {
    return byte >= static_cast<std::uint8_t>(RecordType::kChangeCipherSpec) &&
           byte <= static_cast<std::uint8_t>(RecordType::kHeartbeat);
}

std::uint16_t length_of(std::span<const std::uint8_t, TlsRecord::kHeader> bytes) {
    return static_cast<std::uint16_t>(bytes[3] << 8 | bytes[4]);
}

}  // namespace

std::string_view to_string(RecordType type) {
    switch (type) {
        case RecordType::kChangeCipherSpec:
            return "change-cipher-spec";
        case RecordType::kAlert:
            return "alert";
        case RecordType::kHandshake:
            return "handshake";
        case RecordType::kApplicationData:
            return "application-data";
        case RecordType::kHeartbeat:
            return "heartbeat";
    }
    return "unknown";
}

std::string_view to_string(TlsFault fault) {
    return kFaults[static_cast<std::size_t>(fault)].word;
}
std::string_view describe(TlsFault fault) {
    return kFaults[static_cast<std::size_t>(fault)].sentence;
}
bool is_fatal(TlsFault fault) {
    return kFaults[static_cast<std::size_t>(fault)].fatal;
}

TlsRecord parse_record_header(StreamOffset offset,
                              std::span<const std::uint8_t, TlsRecord::kHeader> bytes) {
    TlsRecord record;
    record.offset = offset;
    record.type = static_cast<RecordType>(bytes[0]);
    record.minor = bytes[2];
    record.length = length_of(bytes);
    return record;
}

std::optional<TlsFault> refuse_header(std::span<const std::uint8_t, TlsRecord::kHeader> bytes) {
    if (!is_type(bytes[0])) return TlsFault::kBadType;
    if (bytes[1] != kMajor || bytes[2] > kHighestMinor) return TlsFault::kBadVersion;
    if (length_of(bytes) > kMostRecord) return TlsFault::kTooLong;
    return std::nullopt;
}

std::optional<TlsFault> fault_of(const TlsRecord& record, std::uint16_t version) {
    if (record.length == 0) return TlsFault::kEmpty;
    if (version >= kTls13 && record.length > kMostRecord13) return TlsFault::kLong;
    return std::nullopt;
}

HelloShape hello_shape(std::span<const std::uint8_t> bytes) {
    constexpr auto kHandshake = static_cast<std::uint8_t>(RecordType::kHandshake);
    const auto wrong = [&](std::size_t at, auto fits) {
        return at < bytes.size() && !fits(bytes[at]);
    };
    // Header, then the handshake's: its type, its length (3 bytes), the version of the hello.
    if (wrong(0, [](auto b) { return b == kHandshake; }) ||
        wrong(1, [](auto b) { return b == kMajor; }) ||
        wrong(2, [](auto b) { return b <= kHighestMinor; }) ||
        wrong(3, [](auto b) { return b <= 0x40; }))
        return HelloShape::kNo;
    if (bytes.size() < TlsRecord::kHeader) return HelloShape::kNeedMore;
    const std::size_t length = bytes[3] * std::size_t{256} + bytes[4];
    if (length == 0 || length > 1U << 14) return HelloShape::kNo;
    // Of a hello that is cut into several records, what the first has.
    const std::size_t end = std::min(kHelloShapeBytes, TlsRecord::kHeader + length);
    const auto bad = [&](std::size_t at, auto fits) { return at < end && wrong(at, fits); };
    if (bad(5, [](auto b) { return b == kClientHello || b == kServerHello; }) ||
        bad(6, [](auto b) { return b <= 1; }) || bad(9, [](auto b) { return b == kMajor; }) ||
        bad(10, [](auto b) { return b <= kHighestMinor; }))
        return HelloShape::kNo;
    return bytes.size() < end ? HelloShape::kNeedMore : HelloShape::kYes;
}

bool looks_like_record(std::span<const std::uint8_t> bytes) {
    // An authentication tag, and one byte (RFC 8446 section 5.2).
    constexpr std::uint16_t kLeast = 17;
    if (bytes.size() < TlsRecord::kHeader) return false;
    const auto first = bytes.first<TlsRecord::kHeader>();
    if (bytes[0] != static_cast<std::uint8_t>(RecordType::kApplicationData) || bytes[2] == 0 ||
        refuse_header(first) || length_of(first) < kLeast)
        return false;
    const std::size_t next = TlsRecord::kHeader + length_of(first);
    if (bytes.size() < next + TlsRecord::kHeader) return true;
    return !refuse_header(bytes.subspan(next).first<TlsRecord::kHeader>());
}

}  // namespace seamark
