// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/stream/connection.hpp"

namespace seamark {

/// The plaintext of the records of which a range of one side has bytes, from the first to the last
/// byte; empty where nothing of them was decrypted.
ByteRange plaintext_of(const Connection& carrying, Side side, ByteRange range);

/// Where bytes of the plaintext stand among those of the records that hold them, for lanes: header
/// and what else is not plaintext go with the first and the last byte of the record's plaintext; a
/// byte between them stands as far from the end of the header as from the first one, give or take
/// the few bytes that a cipher may have in front. Empty where there is no record.
ByteRange carried_places(const Stream& plain, ByteRange range);

}  // namespace seamark
