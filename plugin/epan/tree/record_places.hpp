// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event/event_layout.h"
#include "platform/items.hpp"

namespace seamark {

/// Where the numbers of an event packet stand in it: event_layout.h as places of a tvb.
class RecordPlaces {
  public:
    explicit RecordPlaces(tvbuff_t* tvb) : tvb_(tvb) {}

    // One for each number of the fixed part.
#define SEAMARK_PLACE(name, offset, bytes) \
    Place name() const {                   \
        return {tvb_, offset, bytes};      \
    }
    SEAMARK_EVENT_FIELDS(SEAMARK_PLACE)
#undef SEAMARK_PLACE

    /// From the entry of the call to its return.
    Place times() const {
        return {tvb_, entered().at, left().at + left().length - entered().at};
    }

    /// The value after this tag; an empty place at 0 where there is none. Precondition: the record
    /// was read, so that its lengths hold.
    Place value(std::uint16_t tag) const {
        constexpr int kHeader = sizeof(seamark_event_tag);
        constexpr int kLength = offsetof(seamark_event_tag, length);
        const int end = static_cast<int>(tvb_captured_length(tvb_));
        for (int at = tvb_get_ntohs(tvb_, fixed_length().at); at + kHeader <= end;) {
            const int length = tvb_get_ntohs(tvb_, at + kLength);
            if (tvb_get_ntohs(tvb_, at) == tag && length <= end - at - kHeader)
                return {tvb_, at + kHeader, length};
            at += kHeader + length + static_cast<int>(seamark_padding(length));
        }
        return {tvb_};
    }

  private:
    tvbuff_t* tvb_;
};

}  // namespace seamark
