// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <string>
#include <variant>

#include "net/server/host_names.hpp"
#include "net/server/request_head.hpp"
#include "net/socket/inlet.hpp"
#include "net/socket/outlet.hpp"
#include "plan/emit_options.hpp"

namespace seamark::net {

/// A request, read to the end of its body. The body is dropped where the method is not POST.
struct Request {
    std::string method;
    std::string target;
    plan::HttpVersion http = plan::HttpVersion::http_1_1;
    bool keep_alive = true;        ///< the client would go on using the connection
    bool keep_alive_said = false;  ///< and says so in the Connection field
    std::string host;              ///< of an absolute target, else the Host field
    std::string origin;            ///< the Origin field
    bool waits = false;            ///< for "100 Continue", before it sends the body
    std::string body;              ///< no more of it than the longest plan and a byte
};

/// Why there is no request. With a status, the client is owed an answer before the connection
/// closes; without (0), it has gone or the read was cancelled.
struct ReadEnd {
    unsigned status = 0;
    std::string reason;
    bool in_request = false;  ///< part of a request had come
    bool head_only = false;   ///< the answer has no body: it is one to HEAD
};

/// Reads requests off one connection, one at a time; what a client pipelines waits in the buffer. A
/// head may have 16 KiB, a body 1 MiB. After a ReadEnd it is not asked again: where the next
/// request begins is not known then. Borrows both ways; through the one out it answers "Expect:
/// 100-continue".
class RequestReader {
  public:
    /// With `names`, which are borrowed, a request for another host is refused (421).
    RequestReader(Inlet& in, Outlet& out, const HostNames* names)
        : in_(in), out_(out), names_(names) {}

    boost::asio::awaitable<std::variant<Request, ReadEnd>> next();

  private:
    boost::asio::awaitable<std::variant<RequestHead, ReadEnd>> head();

    Inlet& in_;
    Outlet& out_;
    const HostNames* names_;
    boost::beast::flat_buffer buffer_{64UL * 1024};
};

}  // namespace seamark::net
