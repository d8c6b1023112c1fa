// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/picture/band_page.hpp"

#include <optional>

#include "core/picture/lanes_svg.hpp"

namespace seamark {
namespace {

constexpr double kLaneGap = 3;
constexpr double kBandGap = 26;
constexpr double kAxis = 18;
constexpr double kHeadingGap = 6;
constexpr std::uint64_t kPiecesABand = 24;  // of the most frequent length
constexpr double kLighter = 0.7;            // of every other piece

/// The first text that a width has room for; none without one. UTF-8 is no wider than its bytes.
std::optional<std::string> fitting(const std::vector<std::string>& texts, double width) {
    for (const std::string& text : texts)
        if (static_cast<double>(text.size() + 1) * SvgPage::kCharacter <= width) return text;
    return std::nullopt;
}

}  // namespace

std::uint64_t band_length(std::vector<std::uint64_t> lengths, std::uint64_t longest) {
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    return std::min(longest, round_step(*middle * kPiecesABand));
}

bool BandPage::full() const {
    return pieces_ >= kMostSvgPieces || bands_ >= kMostSvgBands;
}

void BandPage::say(std::string_view line, std::string_view kind) {
    y_ += kAxis + (kind == "heading" ? kHeadingGap : 0);
    page_.text(SvgPage::kLeft, y_, kind, line);
}

void BandPage::space() {
    y_ += kBandGap;
}

void BandPage::say_left_out(std::uint64_t bytes, std::string_view word, std::uint64_t from) {
    say("… " + std::to_string(bytes) + " bytes from " + std::string(word) + " " +
        std::to_string(from) +
        " on are left out here: the picture is full. A FILTER chooses other bytes.");
}

void BandPage::open(const Band& band, std::string_view word, std::uint64_t first) {
    ++bands_;
    const std::uint64_t step = round_step(std::max<std::uint64_t>(1, band.length / 10));
    y_ += kBandGap / 2 + kAxis;
    const std::string label = std::string(word) + " " + std::to_string(first);
    page_.text(SvgPage::kLeft, y_ - 6, "axis", label);
    page_.tick(SvgPage::kLeft, y_ - 4, 4);
    const std::uint64_t last = first + band.range.length();
    for (std::uint64_t at = (first / step + 1) * step; at <= last; at += step) {
        const double x = band.x(band.range.begin + (at - first));
        page_.tick(x, y_ - 4, 4);
        // Clear of the first label, whose width grows with the offset.
        const double width = static_cast<double>(label.size()) * SvgPage::kCharacter;
        if (x - 20 > SvgPage::kLeft + width) page_.text(x - 8, y_ - 6, "axis", std::to_string(at));
    }
}

void BandPage::close() {
    y_ += kBandGap / 2;
}

void BandPage::name_lane(std::string_view name) {
    page_.text(SvgPage::kLeft - 8, y_ + 14, "lane", name);
}

void BandPage::next_lane(double height) {
    if (unlabelled_ > 0)
        page_.text(SvgPage::kLeft + SvgPage::kDrawn + 4, y_ + height - 6, "axis",
                   "+" + std::to_string(unlabelled_));
    unlabelled_ = 0;
    y_ += height + kLaneGap;
}

void BandPage::piece(const Band& band, AxisRange range, std::string_view kind,
                     const std::string& label, std::string_view title) {
    ++pieces_;
    const AxisRange here = intersect(range, band.range);
    const double x = band.x(here.begin);
    const double width = band.x(here.end) - x;
    // Neighbours are kept apart by a pixel, unless that would eat them up.
    page_.rect(x, y_, width > 3 ? width - 1 : width, kLaneHeight, kind, title,
               shaded_ ? kLighter : 1);
    const std::string_view text_kind = kind == "missing" || kind == "held" ? "gap" : "label";
    const std::string goes_on = here.begin > range.begin ? "… " : "";
    const std::string index = label.substr(0, label.find(' '));
    if (const auto text = fitting({goes_on + label, goes_on + index, index}, width)) {
        page_.text(x + width / 2, y_ + 14, text_kind, *text);
    } else {
        ++unlabelled_;
    }
}

void BandPage::begin_marks(std::string_view name) {
    page_.text(SvgPage::kLeft - 8, y_ + 12, "lane", name);
}

void BandPage::end_marks() {
    next_lane(kMarkHeight);
}

void BandPage::bar(const Band& band, AxisRange range, bool known,
                   const std::vector<std::string>& labels, std::string_view title) {
    ++pieces_;
    const AxisRange here = intersect(range, band.range);
    const double x = band.x(here.begin);
    const double width = band.x(here.end) - x;
    page_.rect(x + 0.5, y_, width > 3 ? width - 2 : width, kMarkHeight, known ? "known" : "open",
               title);
    if (const auto text = fitting(labels, width)) {
        page_.text(x + width / 2, y_ + 12, known ? "why" : "gap", *text);
    } else {
        ++unlabelled_;
    }
}

void BandPage::cut(const Band& band, AxisOffset at, AxisOffset next, bool known,
                   const std::vector<std::string>& labels, std::string_view title) {
    ++pieces_;
    constexpr double kHalf = 6;
    const double x = band.x(at);
    page_.diamond(x, y_ + kMarkHeight / 2, kHalf, known ? "known" : "open", title);
    // The last label of a band may go on into the margin, where a count of the others can stand.
    const double room = band.x(next) - x - 2 * kHalf;
    if (const auto text = fitting(labels, room)) {
        page_.text(x + kHalf + 3, y_ + 12, "note", *text);
    } else {
        ++unlabelled_;
    }
}

void BandPage::foot(const Band& band, AxisRange range) {
    const AxisRange here = intersect(range, band.range);
    if (here.empty()) return;
    page_.rect(band.x(here.begin), y_ + kLaneHeight - 4, band.x(here.end) - band.x(here.begin), 4,
               "frame");
}

void BandPage::write(const std::function<void(std::string_view)>& sink) const {
    page_.write(y_ + kBandGap, sink);
}

}  // namespace seamark
