// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/report/ending_words.hpp"

#include "core/base/number_text.hpp"

namespace seamark::words {

std::string ending_frame(const Closing& closing, Fault fault) {
    if (fault == Fault::kCutByFin && closing.fin())
        return "; FIN in frame " + text(closing.fin_frame());
    if (fault == Fault::kCutByReset && closing.reset())
        return std::string("; RST of the ") + (closing.reset_by_sender() ? "sender" : "receiver") +
               " in frame " + text(closing.reset_frame());
    return {};
}

std::string ending(const Stream& stream, Fault fault) {
    const Closing& closing = stream.closing();
    if (stream.carrier() != nullptr && fault == Fault::kCutByFin && closing.fin())
        return std::string(describe(fault)) + "; close_notify or FIN in frame " +
               text(closing.fin_frame());
    return std::string(describe(fault)) + ending_frame(closing, fault);
}

}  // namespace seamark::words
