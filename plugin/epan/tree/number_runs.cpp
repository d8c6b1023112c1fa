// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/number_runs.hpp"

#include <algorithm>

namespace seamark {

void NumberRuns::add(std::uint64_t first, std::uint64_t last) {
    if (open_ && first >= first_ && (first <= last_ || first - last_ == 1)) {
        if (!cut_) last_ = std::max(last_, last);
        return;
    }
    if (any_ && text_.size() >= kLongest) {
        cut_ = true;
        return;
    }
    if (any_) text_ += run() + ", ";
    first_ = first;
    last_ = last;
    any_ = true;
    open_ = true;
}

std::string NumberRuns::run() const {
    return std::to_string(first_) +
           (last_ != first_ ? "\xe2\x80\x93" + std::to_string(last_) : std::string());
}

std::string NumberRuns::text() const {
    if (!any_) return {};
    return text_ + run() + (cut_ ? ", \xe2\x80\xa6" : "");
}

}  // namespace seamark
