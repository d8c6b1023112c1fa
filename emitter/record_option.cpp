// SPDX-License-Identifier: GPL-2.0-or-later
#include "record_option.hpp"

#include <string>

namespace seamark {

Option add_record_option(Command& command, record::RecordMode& to) {
    return command
        .add_option(
            "--record",
            [&to](const std::string& text) {
                const auto mode = record::RecordMode::parse(text);
                if (!mode)
                    refuse("--record", '"' + text + "\" is not one of calls, stamps, state, all");
                to = *mode;
            },
            "What is recorded of each call: calls (default), stamps (also when the kernel queued, "
            "sent and saw acknowledged what was written), state (also the kernel's state after "
            "each call, which shows why data were held or cut), or all; each further look slows "
            "the "
            "calls down")
        .option_text("calls|stamps|state|all");
}

}  // namespace seamark
