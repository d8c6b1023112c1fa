// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::net {

/// What OpenSSL's queue of errors says first, in words, and empties the queue: "the peer sent the
/// alert \"unknown CA\"". "unknown error" where it is empty.
std::string take_tls_error();

}  // namespace seamark::net
