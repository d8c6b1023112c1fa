// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/help_page.hpp"

#include <algorithm>
#include <string_view>

#include "plan/emit_options.hpp"
#include "plan/response_head.hpp"

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

constexpr std::string_view page_front = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Seamark: where was this stream cut?</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
       color: #1a1a1a; background: #fff; }
code, pre, a[href^="/emit"] { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { background: #f2f2f2; padding: 0.7rem 1rem; overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1rem 0.35rem 0;
         border-bottom: 1px solid #ccc; }
a { color: #0645ad; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e6e6; background: #1b1b1b; } pre { background: #2a2a2a; } a { color: #8ab4f8; }
}
</style></head><body>
<h1>Seamark</h1>
<p>This server writes a response in just the pieces that you ask for: how many writes, of what size, how
far apart, and how they relate to the chunks of HTTP. Capture one, open it in Wireshark with the Seamark
plugin, and see what the layers below made of the pieces. The address says it all; nothing has to be
set up or started again.</p>
<h2>Try</h2>
<ul>
)";

constexpr std::string_view page_middle = R"(</ul>
<p>To see chunk sizes and tags as they are on the wire, have curl leave them alone:</p>
<pre>curl --raw -i 'http://HOST:PORT/emit?writes=3'</pre>
<h2>Parameters of <code>/emit</code></h2>
<table>
<tr><th>parameter</th><th>default</th><th>allowed</th><th>what</th></tr>
)";

constexpr std::string_view page_back = R"(</table>
<p>Writes times size is at most 16 GiB, writes times gap at most an hour. Anything else is answered
with a 400 that names the parameter, its value, and what is allowed.</p>
<h2>How writes are counted</h2>
<p>A write is a call that handed at least one byte to the kernel. The index counts on one connection,
from 1, and goes on over all its responses. The head is a write too: in the first response on a
connection the head is write 1, and the first chunk is carried by write 2. The last chunk (size 0) is
always a write of its own.</p>
<p>A tagged response has the header <code>Seamark: tag=w</code>, and each chunk names the writes that
carry it: <code>20;w=7</code>, or <code>60;w=7-9</code> for three of them. If the kernel takes only part
of a write, the rest is a further write with an index of its own. Chunks encoded later are right
again; one that is already out cannot be changed, and the server's log says so.</p>
</body></html>
)";

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

}  // namespace

std::string help_page() {
    std::string page(page_front);
    for (const auto& example : examples) {
        page += "<li>" + link(example.query) + "<br>" + html(example.what) + "</li>\n";
    }
    page += page_middle;
    for (const auto& p : emit_parameters()) {
        page += "<tr><td><code>" + html(p.name) + "</code></td><td>" + html(p.standard) +
                "</td><td>" + html(p.allowed) + "</td><td>" + html(p.meaning) + "<br>" +
                link(p.example) + "</td></tr>\n";
    }
    page += page_back;
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
