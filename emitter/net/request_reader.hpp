// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <string>
#include <variant>

#include "net/read_port.hpp"
#include "net/write_port.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// A request, read to the end of its body. The body is dropped where the method is not POST.
struct Request {
    std::string method;
    std::string target;
    plan::HttpVersion http = plan::HttpVersion::http_1_1;
    bool keep_alive = true;        ///< the client would go on using the connection
    bool keep_alive_said = false;  ///< and says so in the Connection field
    std::string host;              ///< the Host field
    std::string origin;            ///< the Origin field
    std::string body;              ///< no more of it than the longest plan and a byte
};

/// Why there is no request. With a status, the client is owed an answer before the connection
/// closes; without (0), it has gone or the read was cancelled.
struct ReadEnd {
    unsigned status = 0;
    std::string reason;
    bool in_request = false;  ///< part of a request had come
};

/// Reads requests off one connection, one at a time; what a client pipelines waits in the buffer. A
/// head may have 16 KiB, a body 1 MiB. Borrows the ports; through the one out it answers
/// "Expect: 100-continue".
class RequestReader {
  public:
    RequestReader(ReadPort& in, WritePort& out) : in_(in), out_(out) {}

    boost::asio::awaitable<std::variant<Request, ReadEnd>> next();

  private:
    ReadPort& in_;
    WritePort& out_;
    boost::beast::flat_buffer buffer_{64UL * 1024};
};

}  // namespace seamark::net
