// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "core/stream/connection.hpp"

namespace seamark {

/// A final response, and with it its exchange.
struct Leg {
    const Connection* connection = nullptr;
    Side sender = Side::kFirst;
    std::uint32_t message = 0;  // index in the direction

    const Stream& stream() const { return connection->stream(sender); }
    const Message& response() const { return stream().messages()[message]; }
    /// Null where its body is not watched.
    const WatchedBody* body() const { return stream().watched(message); }
    friend bool operator==(const Leg&, const Leg&) = default;
    /// By stream, so that what is said does not depend on where things lie in memory.
    friend std::strong_ordering operator<=>(const Leg& a, const Leg& b) {
        if (a.connection == b.connection)
            return std::tie(a.sender, a.message) <=> std::tie(b.sender, b.message);
        const auto by_stream = a.connection->ends().stream <=> b.connection->ends().stream;
        return by_stream != 0 ? by_stream : std::compare_three_way{}(a.connection, b.connection);
    }
};

/// While a capture is read: which exchanges may be legs of one, by what is cheap to know. Those are
/// exchanges that the emitter numbered, and those that ask for the same target of different servers
/// while both are open, unless one client asked both itself. Only their bodies are watched, so a
/// capture without proxies pays a look-up for each request, and nothing for a body.
class LegIndex final : public ExchangeListener {
  public:
    void request(Connection& connection, Side sender, std::uint32_t message) override;
    void response(Connection& connection, Side sender, std::uint32_t message) override;
    void forget(Connection& connection, Side sender, std::uint32_t first) override;

    /// All of them, in order of the responses' heads.
    const std::vector<Leg>& legs() const { return legs_; }
    /// Those whose response has this id (not 0).
    const std::vector<Leg>& with_id(std::uint64_t id) const;

  private:
    /// Requests of one target that are open at a time: of more, the oldest are forgotten. So many
    /// at once are never distinguished without ids.
    static constexpr std::size_t kMostOpen = 32;
    struct Request {
        Connection* connection;
        Side sender;
        std::uint32_t message;
    };
    void watch(const Request& request);
    void add(Connection& connection, Side sender, std::uint32_t message);

    std::unordered_map<std::uint64_t, std::vector<Request>> open_;  // by the request's key
    std::unordered_map<std::uint64_t, std::vector<Leg>> by_id_;
    std::vector<Leg> legs_;
};

}  // namespace seamark
