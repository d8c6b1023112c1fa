// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/xml.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <set>

namespace seamark::test {
namespace {

class Parser {
  public:
    explicit Parser(std::string_view document) : text_(document) {}

    std::optional<XmlElement> run() {
        if (text_.starts_with("<?xml ")) at_ = text_.find("?>") + 2;
        skip_blanks();
        XmlElement root;
        if (!element(root)) return std::nullopt;
        skip_blanks();
        if (at_ != text_.size()) return fail("something after the root element"), std::nullopt;
        return root;
    }

  private:
    bool fail(const char* what) {
        ADD_FAILURE() << "not well-formed: " << what << " at " << at_ << ": "
                      << text_.substr(std::min(at_, text_.size()), 80);
        return false;
    }
    bool take(std::string_view expected) {
        if (!text_.substr(std::min(at_, text_.size())).starts_with(expected)) return false;
        at_ += expected.size();
        return true;
    }
    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == ' ')) ++at_;
    }
    std::string name() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                      text_[at_] == '-' || text_[at_] == ':'))
            ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }
    /// Character data up to one of the two stops.
    bool characters(char stop, std::string& out) {
        while (at_ < text_.size() && text_[at_] != stop) {
            const char c = text_[at_];
            if (c == '<' || (static_cast<unsigned char>(c) < 0x20 && c != '\n'))
                return fail("a character that must be escaped");
            if (c != '&') {
                out += c;
                ++at_;
            } else if (take("&amp;")) {
                out += '&';
            } else if (take("&lt;")) {
                out += '<';
            } else if (take("&gt;")) {
                out += '>';
            } else if (take("&quot;")) {
                out += '"';
            } else {
                return fail("an entity that is not known");
            }
        }
        return at_ < text_.size() || fail("the end is missing");
    }
    bool element(XmlElement& out) {
        if (!take("<")) return fail("no element");
        out.name = name();
        if (out.name.empty()) return fail("an element without a name");
        while (true) {
            skip_blanks();
            if (take("/>")) return true;
            if (take(">")) return content(out);
            const std::string key = name();
            std::string value;
            if (key.empty() || !take("=\"") || !characters('"', value) || !take("\""))
                return fail("a bad attribute");
            if (!out.attributes.emplace(key, value).second) return fail("an attribute twice");
        }
    }
    bool content(XmlElement& out) {
        while (true) {
            if (!characters('<', out.text)) return false;
            if (take("</")) {
                if (name() != out.name || !take(">")) return fail("the wrong end tag");
                return true;
            }
            out.children.emplace_back();
            if (!element(out.children.back())) return false;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

double XmlElement::number(const std::string& key) const {
    const std::string given = attribute(key);
    double value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (given.empty() || error != std::errc{} || end != given.data() + given.size())
        ADD_FAILURE() << name << " has " << key << "=\"" << given << "\", which is no number";
    return value;
}

std::vector<const XmlElement*> XmlElement::all(std::string_view child,
                                               std::string_view kind) const {
    std::vector<const XmlElement*> found;
    for (const XmlElement& one : children)
        if (one.name == child && (kind.empty() || one.attribute("class") == kind))
            found.push_back(&one);
    return found;
}

std::string XmlElement::title() const {
    const auto found = all("title");
    return found.empty() ? std::string() : found.front()->text;
}

std::optional<XmlElement> parse_xml(std::string_view document) {
    return Parser(document).run();
}

std::vector<std::string> titles(const XmlElement& svg, std::string_view kind) {
    std::vector<std::string> found;
    for (const XmlElement* rect : svg.all("rect", kind)) found.push_back(rect->title());
    return found;
}

void expect_sound_picture(const XmlElement& svg) {
    EXPECT_EQ(svg.name, "svg");
    EXPECT_EQ(svg.attribute("xmlns"), "http://www.w3.org/2000/svg");
    const double width = svg.number("width");
    const double height = svg.number("height");
    EXPECT_EQ(svg.attribute("viewBox"),
              "0 0 " + svg.attribute("width") + " " + svg.attribute("height"));
    ASSERT_FALSE(svg.all("rect", "page").empty());
    EXPECT_EQ(svg.all("rect", "page").front()->number("height"), height);
    const std::set<std::string> drawn{"rect", "text", "path", "title", "style"};
    for (const XmlElement& one : svg.children) {
        EXPECT_TRUE(drawn.contains(one.name)) << one.name;
        if (one.name == "text") {
            EXPECT_GE(one.number("x"), 0);
            EXPECT_LE(one.number("y"), height) << one.text;
            EXPECT_FALSE(one.text.empty());
        }
        if (one.name != "rect" || one.attribute("class") == "page") continue;
        EXPECT_GE(one.number("width"), 0) << one.title();
        EXPECT_GE(one.number("x"), 0) << one.title();
        EXPECT_LE(one.number("x") + one.number("width"), width) << one.title();
        EXPECT_LE(one.number("y") + one.number("height"), height) << one.title();
    }
}

}  // namespace seamark::test
