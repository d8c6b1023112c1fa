// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace seamark {

/// Text for XML 1.0, in content and in attributes. Characters that XML does not allow become "?".
std::string xml_escaped(std::string_view utf8);

/// A step for an axis: the next of 1, 2, 5, 10, 20 … that is not smaller.
std::uint64_t round_step(std::uint64_t number);

/// A picture in SVG 1.1 that grows downwards: one fixed width, a style sheet, no script. Lengths
/// are pixels, from the top left corner; texts are UTF-8 and are escaped here.
class SvgPage {
  public:
    static constexpr double kWidth = 1270;
    static constexpr double kLeft = 130;  // names of the lanes end here
    static constexpr double kDrawn = kWidth - kLeft - 40;
    /// Width of a character of the labels, on the safe side.
    static constexpr double kCharacter = 6.6;
    /// That a line of text has room for, from kLeft on, on the safe side.
    static constexpr std::size_t kMostCharacters = 170;

    /// kind: a class of the style sheet.
    void text(double x, double y, std::string_view kind, std::string_view content);
    /// title: shown on hover; none where it is empty.
    void rect(double x, double y, double width, double height, std::string_view kind,
              std::string_view title = {}, double opacity = 1);
    /// A square on its corner, around a point.
    void diamond(double x, double y, double half, std::string_view kind, std::string_view title);
    /// A straight line between two points.
    void line(double x, double y, double to_x, double to_y, std::string_view kind);
    /// A vertical line.
    void tick(double x, double y, double length);

    /// Hands the whole picture on, line by line. height: of everything that was drawn.
    void write(double height, const std::function<void(std::string_view)>& sink) const;

  private:
    std::string body_;
};

}  // namespace seamark
