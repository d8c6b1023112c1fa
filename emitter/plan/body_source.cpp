// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/body_source.hpp"

#include <algorithm>

#include "plan/event_text.hpp"
#include "plan/payload.hpp"

namespace seamark::plan {

char* PayloadSource::put(char* at, std::uint64_t length) {
    while (length > 0) {
        const std::uint64_t now = std::min(length, size_ - offset_);
        const std::string_view number = number_.of(line_);
        at = events_ == EventFormat::none ? put_payload(at, number, size_, offset_, now)
                                          : put_event(at, events_, number, size_, offset_, now);
        length -= now;
        offset_ += now;
        if (offset_ < size_) continue;
        offset_ = 0;
        ++line_;
    }
    return at;
}

}  // namespace seamark::plan
