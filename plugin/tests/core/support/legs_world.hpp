// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <initializer_list>
#include <string>
#include <vector>

#include "core/proxy/leg_book.hpp"
#include "core/report/chunk_table.hpp"
#include "support/recorded_call.hpp"
#include "support/text.hpp"

namespace seamark::test {

inline constexpr std::int64_t kMs = 1000000;

/// Connections that share a clock, frame numbers and an index. Hosts are numbers.
class World {
  public:
    /// Without pairing the index is notified of nothing.
    explicit World(bool pairing = true) : pairing_(pairing) {}

    struct Wire {
        Wire(const ConnectionEnds& ends, LegIndex* index) : connection(budget, ends, index) {}
        WaitingBudget budget;
        Connection connection;
        std::uint64_t here[2] = {0, 0};
    };

    /// A connection of a client at one host to a port of another.
    /// client_port: 0: one of its own.
    Wire& connect(std::uint64_t client, std::uint64_t server, std::uint64_t port,
                  std::uint64_t client_port = 0) {
        ConnectionEnds ends;
        ends.stream = static_cast<std::uint32_t>(wires_.size());
        ends.address = {client, server};
        if (client_port == 0) client_port = 40000 + wires_.size();
        ends.port = {client * 100000 + client_port, server * 100000 + port};
        Wire& wire = wires_.emplace_back(ends, pairing_ ? &book_.index() : nullptr);
        for (const Side side : {Side::kFirst, Side::kSecond}) {
            CapturedSegment syn;
            syn.header.syn = true;
            syn.header.sequence = RawSequence{999};
            wire.connection.add(side, syn);
        }
        return wire;
    }
    /// A millisecond later, the client (or the server) sends.
    void asks(Wire& wire, const std::string& bytes) { send(wire, Side::kFirst, bytes); }
    void answers(Wire& wire, const std::string& bytes) { send(wire, Side::kSecond, bytes); }
    /// The handshake ends now, the SYNs being from the beginning of time.
    void shakes_hands(Wire& wire) {
        TcpHeader header;
        header.ack = true;
        header.acknowledged = RawSequence{1000};
        header.window = 65535;
        wire.connection.acknowledge(Side::kFirst, header, now_, FrameNumber{++frames_});
    }
    /// The same bytes on several, one behind the other.
    void asks(std::initializer_list<Wire*> wires, const std::string& bytes) {
        for (Wire* wire : wires) asks(*wire, bytes);
    }
    void answers(std::initializer_list<Wire*> wires, const std::string& bytes) {
        for (Wire* wire : wires) answers(*wire, bytes);
    }
    /// What the capture does not have.
    void loses(Wire& wire, const std::string& bytes) { wire.here[1] += bytes.size(); }
    /// A recorded call on the server's side (or the client's) of a connection, and the frame that
    /// has the record. offset: of its first byte, which is one of the response.
    static void writes(Wire& wire, std::uint64_t index, std::uint64_t offset, std::uint64_t bytes,
                       std::uint32_t frame) {
        record(wire, Side::kSecond, EventKind::kWrite, index, offset, bytes, frame);
    }
    static void reads(Wire& wire, std::uint64_t index, std::uint64_t offset, std::uint64_t bytes,
                      std::uint32_t frame) {
        record(wire, Side::kFirst, EventKind::kRead, index, offset, bytes, frame);
    }
    void wait(std::int64_t milliseconds) { now_ += milliseconds * kMs; }

    /// "0<1 known 10" for each pair: downstream stream, upstream stream, confidence, bytes compared
    /// ("coding", "differ" where they do not match); "2? several" for each doubt.
    std::string told() {
        for (Wire& wire : wires_) wire.connection.finish();
        book_.finish();
        std::string text;
        for (const LegPair& pair : book_.final()->pairs()) {
            text += number(pair.downstream) + "<" + number(pair.upstream) + " " +
                    std::string(to_string(pair.confidence));
            if (pair.match == BodyMatch::kSame) text += " " + std::to_string(pair.compared);
            if (pair.match == BodyMatch::kCoding) text += " coding";
            if (pair.match == BodyMatch::kDiffer) text += " differ";
            text += "\n";
        }
        for (const auto& [leg, doubt] : book_.final()->doubts()) {
            constexpr const char* kWords[] = {"several", "stored", "addresses", "no bytes",
                                              "coding"};
            text += number(leg) + "? " + kWords[static_cast<std::size_t>(doubt)] + "\n";
        }
        return text;
    }
    LegBook& book() { return book_; }
    /// Of all connections, once told() was asked.
    const LegPairs* legs() const { return book_.final(); }
    /// Of all connections, to be asked for after told(). Hosts are named h1, h5 …
    std::vector<CaptureEntry> table() const {
        std::vector<CaptureEntry> entries;
        for (const Wire& wire : wires_) {
            const ConnectionEnds& ends = wire.connection.ends();
            const auto end = [&](std::size_t side) {
                return SocketAddress{"h" + std::to_string(ends.address[side]),
                                     static_cast<std::uint16_t>(ends.port[side] % 100000)};
            };
            entries.push_back({ends.stream, &wire.connection, end(0), end(1)});
        }
        return entries;
    }

  private:
    static std::string number(const Leg& leg) {
        return std::to_string(leg.connection->ends().stream) +
               (leg.message > 0 ? "." + std::to_string(leg.message + 1) : "");
    }
    static void record(Wire& wire, Side side, EventKind kind, std::uint64_t index,
                       std::uint64_t offset, std::uint64_t bytes, std::uint32_t frame) {
        wire.connection.add_event(side, recorded_call(kind, index, offset, bytes),
                                  FrameNumber{frame});
    }
    void send(Wire& wire, Side side, const std::string& bytes) {
        now_ += kMs;
        std::uint64_t& here = wire.here[static_cast<std::size_t>(side)];
        CapturedSegment segment;
        segment.frame = FrameNumber{++frames_};
        segment.time = now_;
        segment.header.sequence = RawSequence{static_cast<std::uint32_t>(1000 + here)};
        segment.wire_length = static_cast<std::uint32_t>(bytes.size());
        segment.payload = bytes_of(bytes);
        wire.connection.add(side, segment);
        here += bytes.size();
    }

    bool pairing_;
    LegBook book_;
    std::deque<Wire> wires_;
    std::int64_t now_ = 0;
    std::uint32_t frames_ = 0;
};

// Hosts and ports: clients 1 and 2, the proxy 5, the server 9.
inline constexpr std::uint64_t kProxyPort = 80;
inline constexpr std::uint64_t kServerPort = 8080;

inline std::string get(const std::string& target = "/a") {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}
inline std::string head(const std::string& fields = "") {
    return "HTTP/1.1 200 OK\r\n" + fields + "Transfer-Encoding: chunked\r\n\r\n";
}
inline std::string with_id(const std::string& id) {
    return head("Seamark: tag=w; id=" + id + "\r\n");
}
inline const std::string kAbc = "3\r\nabc\r\n";
inline const std::string kDef = "3\r\ndef\r\n";
inline const std::string kEnd = "0\r\n\r\n";
inline const std::string kAbcdef = "6\r\nabcdef\r\n";
inline const std::string kLength = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef";

/// Client 1 through the proxy to the server.
struct Proxied {
    explicit Proxied(World& world)
        : down(world.connect(1, 5, kProxyPort)), up(world.connect(5, 9, kServerPort)) {}
    /// With what both have been asked.
    Proxied(World& world, const std::string& request) : Proxied(world) {
        world.asks({&down, &up}, request);
    }
    World::Wire& down;
    World::Wire& up;
};

/// Two tagged chunks that a proxy joins: upstream frame 3 (head of 70 bytes, chunk of 12) at 3 ms
/// and frame 4 (12 and 9) at 4 ms, downstream frame 5 (head of 70, chunk of 11, 5) at 5 ms.
struct Joined : Proxied {
    explicit Joined(World& world) : Proxied(world, get()) {
        world.answers(up, with_id("7f") + "3;w=2\r\nabc\r\n");
        world.answers(up, "3;w=3\r\ndef\r\n0;w=4\r\n\r\n");
        world.answers(down, with_id("7f") + kAbcdef + kEnd);
    }
};

}  // namespace seamark::test
