// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/help_page.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "page_texts.hpp"
#include "plan/emit_options.hpp"

namespace seamark::plan {
namespace {

/// Only what the table can hold; a query has '&', which must not stand bare in an attribute.
std::string html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// text: the address itself where it is empty.
std::string link(std::string_view query, std::string_view text = {}) {
    const std::string target = html("/emit?" + std::string(query));
    return "<a href=\"" + target + "\">" + (text.empty() ? target : html(text)) + "</a>";
}

template <std::size_t N>
std::string joined(const std::string_view (&texts)[N]) {
    std::string all;
    for (const std::string_view text : texts) all += text;
    return all;
}

/// Indented lines of at most 80 columns.
void append_wrapped(std::string& out, std::string_view text) {
    constexpr std::size_t width = 74;
    while (!text.empty()) {
        const std::size_t cut = text.size() <= width ? text.size() : text.rfind(' ', width);
        out.append("      ").append(text.substr(0, cut)).append("\n");
        text.remove_prefix(std::min(cut + 1, text.size()));
    }
}

struct Example {
    std::string_view query;
    std::string_view what;
};

constexpr Example examples[] = {
    {"writes=20&size=32&gap=200ms", "Does each small write arrive alone?"},
    {"writes=200&size=32&gap=0", "And without a pause: which are merged?"},
    {"writes=200&size=32&gap=0&nodelay=1", "And with Nagle's algorithm off?"},
    {"writes=4&size=100000&gap=100ms", "What becomes of chunks larger than a segment?"},
    {"writes=12&writes-per-chunk=3&gap=200ms",
     "Three writes a chunk: does a piece end with a chunk?"},
    {"writes=20&gap=200ms&events=sse", "Server-sent events: does each come at once?"},
    {"writes=20&gap=200ms&events=sse&coding=gzip&flush=none",
     "And out of a compressor that is not flushed?"},
    {"writes=20&gap=200ms&framing=length", "With a Content-Length and no chunks: does it stream?"},
};

// What the questions are mostly about; the others are folded.
constexpr std::string_view knobs[] = {"writes",           "size",    "gap",
                                      "writes-per-chunk", "nodelay", "events"};

/// A form's field for a parameter: empty stands for the default.
std::string field(const Parameter& p) {
    if (p.control == Control::hidden) return {};
    const std::string name = html(p.name);
    const std::string attributes =
        " id=\"f-" + name + "\" name=\"" + name + "\" aria-describedby=\"d-" + name + "\"";
    std::string text = "<div class=\"field\"><label for=\"f-" + name + "\">" + name + "</label>\n";
    if (p.control == Control::choice || p.control == Control::toggle) {
        text += "<select" + attributes + "><option value=\"\">" + html(p.standard) +
                " (default)</option>";
        for (std::string_view rest = p.allowed; !rest.empty();) {
            const std::string_view choice = rest.substr(0, rest.find(", "));
            text += "<option>" + html(choice) + "</option>";
            rest.remove_prefix(std::min(choice.size() + 2, rest.size()));
        }
        text += "</select>";
    } else {
        const bool number = p.control == Control::number;
        text += "<input" + attributes + (number ? " inputmode=\"numeric\"" : "") +
                " placeholder=\"" + html(p.standard) + "\">";
    }
    return text + "\n<small id=\"d-" + name + "\">" + html(p.meaning) + "</small></div>\n";
}

void put_in(std::string& page, std::string_view mark, std::string_view text) {
    page.replace(page.find(mark), mark.size(), text);
}

}  // namespace

std::string_view page_style() {
    static const std::string style = joined(style_texts);
    return style;
}

std::string_view page_script() {
    static const std::string script = joined(script_texts);
    return script;
}

std::string help_page(bool tls) {
    std::string first;
    std::string fields;
    std::string rows;
    std::string links;
    for (const auto& p : emit_parameters()) {
        const bool works = p.channel == Channel::any || (p.channel == Channel::tls) == tls;
        const bool knob = std::ranges::find(knobs, p.name) != std::end(knobs);
        if (works) (knob ? first : fields) += field(p);
        rows += "<tr><td><code>" + html(p.name) + "</code></td><td>" + html(p.standard) +
                "</td><td>" + html(p.allowed) + "</td><td>" + html(p.meaning) +
                (works ? "<br>" + link(p.example) : "") + "</td></tr>\n";
    }
    for (const auto& example : examples) {
        links += "<li>" + link(example.query, example.what) + "</li>\n";
    }
    std::string page(page_text);
    put_in(page, "<!--knobs-->", first);
    put_in(page, "<!--fields-->", fields);
    put_in(page, "<!--examples-->", links);
    put_in(page, "<!--parameters-->", rows);
    return page;
}

std::string parameter_help() {
    std::string text;
    for (const auto& p : emit_parameters()) {
        text.append("  ").append(p.name).append("=   default: ").append(p.standard).append("\n");
        append_wrapped(text, p.meaning);
        append_wrapped(text, "Allowed: " + std::string(p.allowed) + ".");
    }
    return text;
}

}  // namespace seamark::plan
