// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/connection_options.hpp"

#include <cstdint>
#include <limits>
#include <utility>

#include "net/socket/socket_options.hpp"

namespace seamark::net {

std::optional<plan::OptionError> ConnectionOptions::apply(const plan::EmitOptions& options) {
    const std::string& wanted =
        options.congestion_control.empty() ? first_control_ : options.congestion_control;
    if (!wanted.empty()) {
        const std::string now = congestion_control(socket_);
        if (set_congestion_control(socket_, wanted, observer_) != 0) {
            return plan::OptionError{
                "cc", wanted,
                congestion_controls() + " (what this kernel has, and lets this server use)"};
        }
        if (first_control_.empty()) first_control_ = now;
    }
    if (options.send_buffer > 0) set_send_buffer(socket_, options.send_buffer, observer_);
    const bool was_paced = std::exchange(paced_, options.pacing > 0);
    if (paced_ || was_paced) {
        set_pacing(socket_, paced_ ? options.pacing : std::numeric_limits<std::uint64_t>::max(),
                   observer_);
    }
    set_nodelay(socket_, options.nodelay, observer_);
    set_cork(socket_, false, observer_);
    return std::nullopt;
}

}  // namespace seamark::net
