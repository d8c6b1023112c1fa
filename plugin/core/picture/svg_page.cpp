// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/svg_page.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "core/base/line_sink.hpp"

namespace seamark {
namespace {

/// Two decimals are finer than a screen; not printf, which writes a comma in some languages.
std::string number(double value) {
    const auto rounded = static_cast<std::int64_t>(std::llround(value * 100));
    const std::int64_t hundredths = std::abs(rounded);
    std::string text = (rounded < 0 ? "-" : "") + std::to_string(hundredths / 100);
    if (const auto rest = hundredths % 100; rest != 0) {
        text += '.';
        if (rest < 10) text += '0';
        text += std::to_string(rest);
    }
    return text;
}

// Okabe and Ito's colours, which colour-blind people can distinguish; black is legible on each of
// them, so the labels need no second colour for the dark.
constexpr std::string_view kStyle = R"(<style>
.page{fill:#fff}
text{font:11px "DejaVu Sans",Verdana,sans-serif;fill:#222}
.heading{font-size:14px;font-weight:bold}
.lane{text-anchor:end}
.axis{font-size:10px;fill:#555}
.label{fill:#000;text-anchor:middle;pointer-events:none}
.tick{stroke:#999;stroke-width:1}
.write{fill:#56b4e9;stroke:#56b4e9;stroke-width:0}
.record{fill:#d9a6c2;stroke:#d9a6c2;stroke-width:0}
.chunk{fill:#e69f00}
.item{fill:#cfa9e0}
.other{fill:#f0e442}
.segment{fill:#009e73;stroke:#009e73;stroke-width:0}
.packet{fill:#8fd3bf;stroke:#8fd3bf;stroke-width:0}
.read{fill:#cc79a7;stroke:#cc79a7;stroke-width:0}
.held{fill:#0072b2;fill-opacity:.3}
.sender{fill:#999;stroke:#999;stroke-width:0}
.proxy{fill:#0072b2;stroke:#0072b2;stroke-width:0}
.share{fill-opacity:.3;stroke-width:1.5}
.event{fill:#888;fill-opacity:0;stroke:#888;stroke-width:.5}
.what{text-anchor:middle;pointer-events:none}
.frame{fill:#000;fill-opacity:.3;pointer-events:none}
.missing{fill:#d55e00;fill-opacity:.15;stroke:#d55e00;stroke-dasharray:4 3}
.link{stroke:#555;stroke-opacity:.6;stroke-width:1}
.known{fill:#333}
.open{fill:#fff;stroke:#333}
.why{fill:#fff;text-anchor:middle;pointer-events:none}
.idle{fill:#888;fill-opacity:.2}
.gap{text-anchor:middle;pointer-events:none}
@media (prefers-color-scheme:dark){
.page{fill:#16181c}
text{fill:#e6e6e6}
.axis{fill:#aaa}
.tick{stroke:#777}
.link{stroke:#bbb}
.label{fill:#000}
.known{fill:#ddd}
.open{fill:#16181c;stroke:#ddd}
.why{fill:#000}
}
</style>)";

}  // namespace

std::uint64_t round_step(std::uint64_t number) {
    for (std::uint64_t power = 1; power < std::uint64_t{1} << 59; power *= 10)
        for (const std::uint64_t digit : {1, 2, 5})
            if (power * digit >= number) return power * digit;
    return number;
}

std::string xml_escaped(std::string_view utf8) {
    std::string out;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += '?';
        } else {
            out += c;
        }
    }
    return out;
}

void SvgPage::text(double x, double y, std::string_view kind, std::string_view content) {
    body_ += "<text class=\"";
    body_ += kind;
    body_ +=
        "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\">" + xml_escaped(content) + "</text>\n";
}

void SvgPage::rect(double x, double y, double width, double height, std::string_view kind,
                   std::string_view title, double opacity) {
    body_ += "<rect class=\"";
    body_ += kind;
    body_ += "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
             "\" height=\"" + number(height) + "\"";
    if (opacity < 1) body_ += " opacity=\"" + number(opacity) + "\"";
    body_ += title.empty() ? "/>\n" : "><title>" + xml_escaped(title) + "</title></rect>\n";
}

void SvgPage::diamond(double x, double y, double half, std::string_view kind,
                      std::string_view title) {
    const std::string step = number(half);
    body_ += "<path class=\"";
    body_ += kind;
    body_ += "\" d=\"M" + number(x) + " " + number(y - half) + "l" + step + " " + step + "l-" +
             step + " " + step + "l-" + step + " -" + step + "z\"><title>" + xml_escaped(title) +
             "</title></path>\n";
}

void SvgPage::line(double x, double y, double to_x, double to_y, std::string_view kind) {
    body_ += "<path class=\"";
    body_ += kind;
    body_ += "\" d=\"M" + number(x) + " " + number(y) + "L" + number(to_x) + " " + number(to_y) +
             "\"/>\n";
}

void SvgPage::tick(double x, double y, double length) {
    body_ += "<path class=\"tick\" d=\"M" + number(x) + " " + number(y) + "v" + number(length) +
             "\"/>\n";
}

void SvgPage::write(double height, const std::function<void(std::string_view)>& sink) const {
    const std::string size = "width=\"" + number(kWidth) + "\" height=\"" + number(height) + "\"";
    sink("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    sink("<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + number(kWidth) +
         " " + number(height) + "\">");
    sink("<title>Seamark: the lanes of HTTP streams</title>");
    write_lines(kStyle, sink);
    sink("<rect class=\"page\" " + size + "/>");
    write_lines(body_, sink);
    sink("</svg>");
}

}  // namespace seamark
