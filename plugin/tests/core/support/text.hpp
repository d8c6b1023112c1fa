// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/http1/fault.hpp"

namespace seamark::test {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The words of the faults, in the order of the enumeration, a blank between them.
inline std::string fault_words(FaultSet faults) {
    std::string text;
    faults.each([&](Fault fault) {
        if (!text.empty()) text += ' ';
        text += to_string(fault);
    });
    return text;
}

}  // namespace seamark::test
