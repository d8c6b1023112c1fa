// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/client/wait_limits.hpp"

#include "plan/duration_text.hpp"

namespace seamark::net {

void WaitLimits::fail(const std::string& what) const {
    if (Clock::now() >= end_) {
        throw std::runtime_error(what + " when the " + plan::to_text(longest_) +
                                 " of --max-time were over");
    }
    const auto idle = std::chrono::duration_cast<std::chrono::microseconds>(idle_);
    throw std::runtime_error(what + " within " + plan::to_text(idle) +
                             ". --timeout sets how long it waits");
}

}  // namespace seamark::net
