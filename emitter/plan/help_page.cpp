// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/help_page.hpp"

#include <algorithm>
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

std::string link(std::string_view query) {
    const std::string target = html("/emit?" + std::string(query));
    return "<a href=\"" + target + "\">" + target + "</a>";
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
    {"writes=20&size=32&gap=200ms", "twenty writes of 32 bytes, one chunk each"},
    {"writes=200&size=32&gap=0", "the same without a pause: which of them share a segment?"},
    {"writes=200&size=32&gap=0&nodelay=1", "and with Nagle's algorithm off"},
    {"writes=4&size=100000&gap=100ms", "chunks larger than a segment"},
    {"writes=12&writes-per-chunk=3&gap=200ms", "three writes a chunk"},
    {"writes=5&chunks-per-write=4&size=128&gap=200ms", "four chunks a write"},
    {"writes=5&split=parts&gap=200ms", "size line, data and CRLF in writes of their own"},
    {"writes=20&gap=200ms&framing=length",
     "the same writes with a Content-Length: no chunk at all"},
    {"writes=20&gap=200ms&framing=close&http=1.0",
     "HTTP/1.0: neither length nor chunks, ends at close"},
};

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
    return style_text;
}

std::string_view page_script() {
    return script_text;
}

std::string help_page(bool tls) {
    std::string fields;
    std::string rows;
    std::string links;
    for (const auto& p : emit_parameters()) {
        const bool works = p.channel == Channel::any || (p.channel == Channel::tls) == tls;
        if (works) fields += field(p);
        rows += "<tr><td><code>" + html(p.name) + "</code></td><td>" + html(p.standard) +
                "</td><td>" + html(p.allowed) + "</td><td>" + html(p.meaning) +
                (works ? "<br>" + link(p.example) : "") + "</td></tr>\n";
    }
    for (const auto& example : examples) {
        links += "<li>" + link(example.query) + "<br>" + html(example.what) + "</li>\n";
    }
    std::string page(page_text);
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
