// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "plan/emit_options.hpp"

namespace seamark::plan {

/// What a query said, before defaults that depend on each other are filled in.
struct GivenOptions {
    EmitOptions options;
    std::optional<Framing> framing;
    std::optional<HttpVersion> http;
    std::optional<bool> tag;
};

/// One row for each parameter: what users read about it, and what reads it.
struct ParameterRow {
    Parameter parameter;
    bool (*read)(std::string_view text, GivenOptions& given);  ///< false: not an allowed value
};

std::span<const ParameterRow> parameter_table();

/// Null if there is no such parameter.
const ParameterRow* find_parameter(std::string_view name);

}  // namespace seamark::plan
