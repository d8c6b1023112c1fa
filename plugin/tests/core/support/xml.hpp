// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seamark::test {

/// An element of an XML document, with its content in UTF-8 and entities resolved.
struct XmlElement {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string text;  // of the element itself, children left out
    std::vector<XmlElement> children;

    /// Empty where there is none.
    std::string attribute(const std::string& key) const {
        const auto found = attributes.find(key);
        return found == attributes.end() ? std::string() : found->second;
    }
    /// Of an attribute that is a plain decimal number; ADD_FAILURE and 0 where it is none.
    double number(const std::string& key) const;
    /// Children of that name, and of that class unless kind is empty.
    std::vector<const XmlElement*> all(std::string_view child, std::string_view kind = {}) const;
    /// The text of its <title>; empty where it has none.
    std::string title() const;
};

/// Reads the part of XML 1.0 that the pictures may use: a declaration, elements, attributes in
/// double quotes, character data, the five entities. Anything else, and what is not well-formed, is
/// an ADD_FAILURE that says where, and gives nothing.
std::optional<XmlElement> parse_xml(std::string_view document);

/// The marks of a picture as "CLASS x..end@y: title" lines would be too wide: this gives the
/// titles of all <rect> of a class, in document order.
std::vector<std::string> titles(const XmlElement& svg, std::string_view kind);

/// What must hold for each picture: an <svg> with a size and a viewBox that agree, a page after
/// everything, only elements that a viewer without script draws, nothing wider or higher than the
/// page, no negative size. Fails the test otherwise.
void expect_sound_picture(const XmlElement& svg);

}  // namespace seamark::test
