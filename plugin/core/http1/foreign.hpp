// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace seamark {

/// What bytes that begin no start line look like, by their first bytes. A guess by shape, no parse.
enum class Foreign : std::uint8_t { kOther, kTls, kHttp2 };

/// bytes: from the first that was tried as a start line on, as many as its segment has.
Foreign sniff(std::span<const std::uint8_t> bytes);

}  // namespace seamark
