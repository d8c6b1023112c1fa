// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/body/item_reader.hpp"
#include "core/body/line_splitter.hpp"

namespace seamark {

/// text/event-stream (WHATWG HTML, section "Interpreting an event stream"): lines end with CR, LF
/// or CRLF, a byte order mark may begin the body, an empty line ends an event. An event's range is
/// from its first line to the end of the empty line; one that the body's end cuts is not
/// dispatched, and has not ended.
class EventStreamReader final : public ItemReader {
  public:
    explicit EventStreamReader(ItemList& items) : items_(&items) {}
    void take(DataOffset at, std::span<const std::uint8_t> bytes) override;
    void miss(DataRange range) override;
    void end(bool complete) override;

  private:
    void end_line(DataOffset end, bool cr);
    void take_field(std::string_view line);
    void add(DataOffset end, bool ended);

    ItemList* items_;
    LineSplitter line_{ItemList::kLongestName + 10};  // "event: " and a name
    std::optional<DataOffset> begin_;                 // of the block
    DataOffset next_;
    std::string name_;
    std::string id_;
    bool has_data_ = false;
    bool has_field_ = false;  // one that is no comment
    bool damaged_ = false;    // the block
    bool after_cr_ = false;   // an LF at after_cr_at_ belongs to the line end
    DataOffset after_cr_at_;
    bool ended_there_ = false;  // … which ended the last item
};

}  // namespace seamark
