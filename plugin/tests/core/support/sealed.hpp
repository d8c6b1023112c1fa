// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/report/chunk_table.hpp"
#include "support/feeder.hpp"
#include "support/tls.hpp"

namespace seamark::test {

inline constexpr std::size_t kOverhead = 17;  // content type and tag of TLS 1.3

/// A connection that is fed plaintext, sealed into records.
class Sealed {
  public:
    explicit Sealed(std::uint16_t version = kTls13) {
        feeder.client(client_hello());
        feeder.server(server_hello(version));
    }
    /// A record of its own, cut into segments of at most a size, and decrypted where it ends.
    unsigned send(Side side, const std::string& plaintext, std::size_t size = 65536) {
        const std::string bytes = sealed(plaintext.size() + kOverhead);
        unsigned frame = 0;
        for (std::size_t at = 0; at < bytes.size(); at += size)
            frame = feeder.send(side, bytes.substr(at, size));
        decrypt(side, frame, plaintext);
        return frame;
    }
    void decrypt(Side side, unsigned frame, const std::string& plaintext, std::uint8_t type = 23,
                 std::optional<RawSequence> header = std::nullopt) {
        feeder.connection().add_plaintext(
            side, {FrameNumber{frame},
                   0,
                   true,
                   type,
                   {reinterpret_cast<const std::uint8_t*>(plaintext.data()), plaintext.size()},
                   header});
    }
    std::string rows() {
        feeder.finish();
        const Connection* plain = feeder.connection().plain();
        if (plain == nullptr) return "nothing was decrypted";
        std::string out;
        write_chunk_json(
            {{0, plain, {"10.0.0.1", 1}, {"10.0.0.2", 2}}}, nullptr, {},
            [&](std::string_view line) { out += facts(line) + "\n"; }, [](std::string_view) {});
        return out;
    }
    Feeder feeder;

  private:
    /// "chunk offset frames records complete", of a row.
    static std::string facts(std::string_view line) {
        const auto value = [&](std::string_view key) {
            const std::string name = "\"" + std::string(key) + "\":";
            const auto begin = line.find(name) + name.size();
            const auto end = line.find(",\"", begin);
            return std::string(line.substr(begin, end - begin));
        };
        return value("chunk") + " @" + value("offset") + " " + value("frames") + " in " +
               value("records") + " " + value("complete");
    }
};

inline const std::string kPlainGet = "GET / HTTP/1.1\r\n\r\n";
inline const std::string kPlainHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace seamark::test
