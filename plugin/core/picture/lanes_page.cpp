// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/lanes_page.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/base/json_writer.hpp"
#include "core/picture/page_texts.hpp"
#include "core/picture/page_view.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/piece_words.hpp"

namespace seamark {
namespace {

/// JSON between tags of HTML: "<" begins none, since it stands in strings alone and they may have
/// it as an escape.
std::string inside_html(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

std::int64_t earliest(const std::vector<Lanes>& all, const std::vector<StackedLegs>& stacks) {
    std::optional<std::int64_t> first;
    const auto see = [&](const Lanes& lanes) {
        if (const auto time = words::first_time(lanes))
            first = std::min(first.value_or(*time), *time);
    };
    for (const Lanes& lanes : all) see(lanes);
    for (const StackedLegs& stack : stacks) {
        see(stack.upstream.lanes);
        see(stack.downstream.lanes);
    }
    return first.value_or(0);
}

std::string data_of(const std::vector<Lanes>& all, const std::vector<StackedLegs>& stacks,
                    const PageChoice& choice, LaneTable styles, const DelayBands& delays) {
    std::string made;
    JsonWriter json(made);
    PageTables tables;
    tables.epoch = earliest(all, stacks);
    tables.content = choice.content;
    json.begin_object();
    json.field<"format">(1);
    json.field<"title">(choice.title);
    json.field<"frame">(static_cast<std::uint32_t>(choice.frame));
    json.key<"views">();
    json.begin_array();
    for (const StackedLegs& stack : stacks)
        if (stack.matched()) write_page_view(stack, delays, tables, json, styles);
    for (const bool request : {false, true})
        for (const Lanes& lanes : all)
            if (lanes.request() == request) write_page_view(lanes, delays, tables, json, styles);
    json.end_array();
    json.texts<"shapes">(tables.shapes.all());
    json.texts<"looks">(tables.looks);
    json.texts<"causes">(tables.causes);
    json.texts<"names">(tables.cause_names);
    std::vector<std::string_view> words;
    for (int i = 0; i <= static_cast<int>(Boundary::kNone); ++i)
        words.push_back(to_string(static_cast<Boundary>(i)));
    json.texts<"kinds">(words);
    words.clear();
    for (int i = 0; i <= static_cast<int>(Confidence::kKnown); ++i)
        words.push_back(to_string(static_cast<Confidence>(i)));
    json.texts<"sureness">(words);
    json.end_object();
    return inside_html(json.written());
}

}  // namespace

void write_lanes_page(const std::vector<Lanes>& all, const LineSink& sink,
                      const std::vector<StackedLegs>& stacks, const PageChoice& choice,
                      LaneTable styles, const DelayBands& delays) {
    // The skeleton has a line for each part that is put in.
    std::string_view rest = page::skeleton;
    const auto up_to = [&](std::string_view mark) {
        const std::size_t at = rest.find(mark);
        write_lines(rest.substr(0, at), sink);
        rest.remove_prefix(at + mark.size());
    };
    up_to("@style@");
    for (const std::string_view style : page::styles) write_lines(style, sink);
    up_to("@data@");
    sink(data_of(all, stacks, choice, styles, delays));
    up_to("@script@");
    for (const std::string_view script : page::scripts) write_lines(script, sink);
    write_lines(rest, sink);
}

}  // namespace seamark
