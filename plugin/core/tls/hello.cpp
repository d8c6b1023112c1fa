// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tls/hello.hpp"

#include <algorithm>

#include "core/tls/record.hpp"

namespace seamark {
namespace {

constexpr std::uint16_t kAlpn = 16;               // RFC 7301
constexpr std::uint16_t kSupportedVersions = 43;  // RFC 8446 section 4.2.1
constexpr std::size_t kRandom = 32;

/// Takes numbers and vectors off the front; once there is too little, nothing more.
class Reader {
  public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    bool failed() const { return failed_; }
    bool empty() const { return failed_ || rest_.empty(); }
    std::span<const std::uint8_t> bytes(std::size_t count) {
        if (failed_ || count > rest_.size()) {
            failed_ = true;
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::uint16_t number(std::size_t length) {
        std::uint16_t value = 0;
        for (const std::uint8_t byte : bytes(length))
            value = static_cast<std::uint16_t>(value << 8 | byte);
        return value;
    }
    /// A vector with its length in front.
    Reader vector(std::size_t length_of_length) {
        const std::size_t length = number(length_of_length);
        return Reader(bytes(length));
    }

  private:
    std::span<const std::uint8_t> rest_;
    bool failed_ = false;
};

bool is_version(std::uint16_t number) {
    return number >= 0x0300 &&
           number <= 0x0304;  // others are reserved to test tolerance (RFC 8701)
}

void read_versions(TlsHello& hello, Reader data) {
    if (!hello.client) {
        hello.version = data.number(2);
        return;
    }
    for (Reader list = data.vector(1); !list.empty();)
        if (const std::uint16_t number = list.number(2); is_version(number))
            hello.version = std::max(hello.version, number);
}

void read_protocols(TlsHello& hello, Reader data) {
    constexpr std::size_t kMost = 16;
    for (Reader list = data.vector(2); !list.empty() && hello.protocols.size() < kMost;) {
        const std::size_t length = list.number(1);
        const auto name = list.bytes(length);
        if (!name.empty()) hello.protocols.emplace_back(name.begin(), name.end());
    }
}

}  // namespace

bool TlsHello::names(std::string_view protocol) const {
    return std::find(protocols.begin(), protocols.end(), protocol) != protocols.end();
}

std::string_view version_name(std::uint16_t version) {
    switch (version) {
        case 0x0300:
            return "SSL 3.0";
        case 0x0301:
            return "TLS 1.0";
        case 0x0302:
            return "TLS 1.1";
        case 0x0303:
            return "TLS 1.2";
        case 0x0304:
            return "TLS 1.3";
        default:
            return "TLS";
    }
}

std::optional<TlsHello> parse_hello(std::uint8_t type, std::span<const std::uint8_t> body) {
    if (type != kClientHello && type != kServerHello) return std::nullopt;
    TlsHello hello;
    hello.client = type == kClientHello;
    Reader reader(body);
    hello.version = reader.number(2);
    reader.bytes(kRandom);
    reader.vector(1);  // session id
    if (hello.client) {
        reader.vector(2);  // cipher suites
        reader.vector(1);  // compression methods
    } else {
        reader.bytes(3);  // those that were chosen
    }
    if (reader.failed()) return std::nullopt;
    if (reader.empty()) return hello;
    Reader extensions = reader.vector(2);
    while (!extensions.empty()) {
        const std::uint16_t extension = extensions.number(2);
        const Reader data = extensions.vector(2);
        if (extension == kSupportedVersions) read_versions(hello, data);
        if (extension == kAlpn) read_protocols(hello, data);
    }
    if (reader.failed() || extensions.failed()) return std::nullopt;
    return hello;
}

}  // namespace seamark
