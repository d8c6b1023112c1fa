// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/row_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "plan/number_text.hpp"

namespace seamark::check {
namespace {

struct Named {
    RowField field;
    const char* name;
    const char* alias;  // another name; "" where there is none
    Dimension dimension;
};
constexpr std::array<Named, kRowFields> kFields{{
    {RowField::kSize, "chunk.size", "", Dimension::kBytes},
    {RowField::kFrames, "chunk.frames", "segments per chunk", Dimension::kCount},
    {RowField::kWrites, "chunk.writes", "writes per chunk", Dimension::kCount},
    {RowField::kSpread, "chunk.spread", "", Dimension::kTime},
    {RowField::kGap, "chunk.gap", "gap", Dimension::kTime},
    {RowField::kFirst, "chunk.first", "first chunk", Dimension::kTime},
    {RowField::kAfterRequest, "chunk.after_request", "", Dimension::kTime},
    {RowField::kDelay, "chunk.delay", "delay", Dimension::kTime},
    {RowField::kHeld, "held", "chunk.held", Dimension::kTime},
    {RowField::kHeldOver, "held.over", "chunk.held.over", Dimension::kCount},
    {RowField::kPerSegment, "segment.chunks", "chunks per segment", Dimension::kCount},
    {RowField::kBurst, "burst", "chunk.burst", Dimension::kPercent},
    {RowField::kEventSize, "event.size", "", Dimension::kBytes},
    {RowField::kEventFrames, "event.frames", "segments per event", Dimension::kCount},
    {RowField::kEventGap, "event.gap", "", Dimension::kTime},
    {RowField::kEventFirst, "event.first", "first event", Dimension::kTime},
    {RowField::kEventAfterRequest, "event.after_request", "", Dimension::kTime},
    {RowField::kEventBurst, "event.burst", "", Dimension::kPercent},
    {RowField::kEventKept, "event.kept", "", Dimension::kPercent},
    {RowField::kLatency, "latency", "latency.time", Dimension::kTime},
    {RowField::kLatencyApplication, "latency.application", "", Dimension::kTime},
    {RowField::kLatencySender, "latency.sender", "", Dimension::kTime},
    {RowField::kLatencyStack, "latency.stack", "", Dimension::kTime},
    {RowField::kLatencyWire, "latency.wire", "", Dimension::kTime},
    {RowField::kLatencyHop, "latency.hop", "", Dimension::kTime},
    {RowField::kLatencyRest, "latency.rest", "", Dimension::kTime},
    {RowField::kLatencyReceiver, "latency.receiver", "", Dimension::kTime},
    {RowField::kLatencyProxy, "latency.proxy", "", Dimension::kTime},
}};

const Named& entry(RowField field) {
    return kFields[static_cast<std::size_t>(field)];
}

struct Unit {
    Dimension dimension;
    const char* name;
    Quantity size;
};
constexpr Unit kUnits[] = {
    {Dimension::kTime, "ns", 1},     {Dimension::kTime, "us", 1e3L},
    {Dimension::kTime, "µs", 1e3L},  {Dimension::kTime, "ms", 1e6L},
    {Dimension::kTime, "s", 1e9L},   {Dimension::kTime, "min", 60e9L},
    {Dimension::kBytes, "B", 1},     {Dimension::kBytes, "bytes", 1},
    {Dimension::kBytes, "kB", 1e3L}, {Dimension::kBytes, "KiB", 1024},
    {Dimension::kBytes, "MB", 1e6L}, {Dimension::kBytes, "MiB", 1024 * 1024},
    {Dimension::kPercent, "%", 1},
};

/// Of a number without a unit: Wireshark counts times in seconds.
Quantity plain_unit(Dimension dimension) {
    return dimension == Dimension::kTime ? 1e9L : 1;
}

std::string units_of(Dimension dimension) {
    std::string all;
    for (const Unit& unit : kUnits)
        if (unit.dimension == dimension) all += (all.empty() ? "" : ", ") + std::string(unit.name);
    return all.empty() ? "a plain number" : "a number with one of " + all;
}

}  // namespace

std::optional<RowField> field_of(std::string_view name) {
    const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const Named& one) {
        return name == one.name || (!name.empty() && name == one.alias);
    });
    return found == kFields.end() ? std::nullopt : std::optional(found->field);
}

std::string_view name_of(RowField field) {
    return entry(field).name;
}

std::string_view layer_of(RowField field) {
    constexpr std::string_view kPrefix = "latency.";
    const std::string_view name = name_of(field);
    return name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : std::string_view{};
}

Dimension dimension_of(RowField field) {
    return entry(field).dimension;
}

std::string all_field_names() {
    std::string all;
    for (const Named& one : kFields) all += (all.empty() ? "" : ", ") + std::string(one.name);
    return all;
}

std::optional<QuantityError> read_quantity(std::string_view text, Dimension dimension,
                                           Quantity& quantity) {
    const std::string written(text);
    const std::string_view whole_text = text;
    const auto number = plan::take_number<double>(text);
    if (!number || !std::isfinite(*number)) return QuantityError{'"' + written + "\" is no number"};
    if (*number < 0) return QuantityError{'"' + written + "\" is less than any row can have"};
    // A double holds no 64 bits.
    const auto whole =
        plan::read_number<std::uint64_t>(whole_text.substr(0, whole_text.size() - text.size()));
    quantity = whole ? static_cast<Quantity>(*whole) : static_cast<Quantity>(*number);
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    if (text.empty()) {
        quantity *= plain_unit(dimension);
        return std::nullopt;
    }
    for (const Unit& unit : kUnits) {
        if (unit.dimension != dimension || text != unit.name) continue;
        quantity *= unit.size;
        return std::nullopt;
    }
    return QuantityError{"\"" + written + "\" is not " + units_of(dimension)};
}

std::string shown(Quantity quantity, Dimension dimension) {
    std::array<char, 64> text{};
    const auto print = [&](const char* format, Quantity value) {
        std::snprintf(text.data(), text.size(), format, value);
        return std::string(text.data());
    };
    switch (dimension) {
        case Dimension::kCount:
            return print("%.0Lf", quantity);
        case Dimension::kBytes:
            return print("%.0Lf", quantity) + (quantity == 1 ? " byte" : " bytes");
        case Dimension::kPercent:
            return print("%.4Lg", quantity) + " %";
        case Dimension::kTime:
            break;
    }
    const Quantity size = std::fabs(quantity);
    if (size < 1e3L) return print("%.0Lf", quantity) + " ns";
    if (size < 1e6L) return print("%.4Lg", quantity / 1e3L) + " us";
    if (size < 1e9L) return print("%.4Lg", quantity / 1e6L) + " ms";
    return print("%.4Lg", quantity / 1e9L) + " s";
}

}  // namespace seamark::check
