// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/item_reader.hpp"

#include "core/body/event_stream_reader.hpp"
#include "core/body/json_lines_reader.hpp"
#include "core/body/multipart_reader.hpp"

namespace seamark {

std::unique_ptr<ItemReader> make_item_reader(const ItemMedia& media, ItemList& items) {
    switch (media.format) {
        case ItemFormat::kNone:
            return nullptr;
        case ItemFormat::kServerSent:
            return std::make_unique<EventStreamReader>(items);
        case ItemFormat::kLines:
            return std::make_unique<JsonLinesReader>(items);
        case ItemFormat::kJsonSequence:
            return std::make_unique<JsonSequenceReader>(items);
        case ItemFormat::kMultipart:
            return std::make_unique<MultipartReader>(media.boundary, items);
    }
    return nullptr;
}

}  // namespace seamark
