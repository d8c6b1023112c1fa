// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/shipped.hpp"

#include "check/shipped_contracts.hpp"

namespace seamark::check {

std::optional<std::string_view> shipped_contract(std::string_view name) {
    for (const auto& [known, text] : kShippedContracts)
        if (known == name) return text;
    return std::nullopt;
}

std::string shipped_names() {
    std::string all;
    for (const auto& [name, text] : kShippedContracts)
        all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
}

}  // namespace seamark::check
