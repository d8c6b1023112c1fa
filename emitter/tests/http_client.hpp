// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "chunked_body.hpp"

namespace seamark::testing {

struct Response {
    std::string head;  ///< with its empty line
    int status = 0;
    std::string raw;        ///< body as on the wire
    std::string data;       ///< body without framing
    ReadBody chunked;       ///< if it is chunked
    std::size_t begin = 0;  ///< stream offsets on the connection
    std::size_t end = 0;

    /// Value of a field, "" if it is not there.
    std::string field(std::string_view name) const;
};

/// A client on a plain blocking socket, with a time-out of 10 s. Throws std::runtime_error.
class HttpClient {
  public:
    /// With `receive_buffer` the kernel is asked for one of so many bytes.
    explicit HttpClient(std::uint16_t port, int receive_buffer = 0);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    std::uint16_t port() const { return local_port_; }

    void send(std::string_view bytes) const;

    /// Sends a GET for `target`, with further field lines.
    void get(std::string_view target, std::string_view fields = "") const;

    /// Reads one response; with `head_only`, that to a HEAD.
    Response response(bool head_only = false);

    /// Reads until `size` bytes that no response has taken are there, or the end.
    const std::string& unread(std::size_t size);

    /// Whether the server closed in order with nothing left to read; throws on a reset.
    bool closed();

    /// Closes with a RST.
    void reset();

  private:
    bool more(std::size_t size = 65536);

    int socket_;
    std::uint16_t local_port_ = 0;
    std::string unread_;
    std::size_t taken_ = 0;
};

}  // namespace seamark::testing
