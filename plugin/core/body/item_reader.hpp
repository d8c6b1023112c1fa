// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/body/item.hpp"
#include "core/body/item_format.hpp"

namespace seamark {

/// Cuts a body into events, online: each byte is looked at once, and no more of it is kept than the
/// beginning of a line. Bytes come in order; between them there may be missing ones.
class ItemReader {
  public:
    virtual ~ItemReader() = default;
    virtual void take(DataOffset at, std::span<const std::uint8_t> bytes) = 0;
    /// These bytes are missing, and the next that are taken follow them.
    virtual void miss(DataRange range) = 0;
    /// No more will come. complete: the body has ended here.
    virtual void end(bool complete) = 0;
};

/// A reader for what a media type says, which adds to items, borrowed; null of ItemFormat::kNone.
std::unique_ptr<ItemReader> make_item_reader(const ItemMedia& media, ItemList& items);

}  // namespace seamark
