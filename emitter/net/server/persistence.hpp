// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/server/request_reader.hpp"
#include "plan/response_head.hpp"

namespace seamark::net {

/// What becomes of the connection after a response, and what the Connection field says of it.
struct Future {
    bool stays = false;
    plan::Persistence said = plan::Persistence::unsaid;
};

/// RFC 9112 section 9.3, for a response in version `http` whose body ends, or does not, where the
/// connection does. Where either side speaks HTTP/1.0, the connection stays only if both say so.
Future future(const Request& request, plan::HttpVersion http, bool end_is_close, bool stopping);

}  // namespace seamark::net
