// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace seamark::net {

/// 16 hexadecimal digits that no other response of this process has, nor, as good as certainly, one
/// of any other. Proxies hand it on in the Seamark field, so that both legs of a response can be
/// declared to be one.
std::string next_response_id();

}  // namespace seamark::net
