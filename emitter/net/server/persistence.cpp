// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/persistence.hpp"

namespace seamark::net {

using plan::HttpVersion;
using plan::Persistence;

Future future(const Request& request, HttpVersion http, bool end_is_close, bool stopping) {
    const bool old = http == HttpVersion::http_1_0 || request.http == HttpVersion::http_1_0;
    const bool stays =
        !end_is_close && !stopping && request.keep_alive && (!old || request.keep_alive_said);
    if (stays) return {true, old ? Persistence::keep_alive : Persistence::unsaid};
    return {false, http == HttpVersion::http_1_0 ? Persistence::unsaid : Persistence::close};
}

}  // namespace seamark::net
