// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/line_sink.hpp"

namespace seamark {

/// Headings and paragraphs as lines of text, of at most so many columns (code points): a longer
/// paragraph is broken at blanks, a longer word is not.
class Prose {
  public:
    static constexpr std::size_t kColumns = 100;
    explicit Prose(const LineSink& sink, std::size_t columns = kColumns)
        : sink_(&sink), columns_(columns) {}

    /// A heading, with an empty line above it unless it is the first line.
    void heading(std::string_view text);
    /// A paragraph, indented.
    void say(std::string_view text);
    /// A paragraph after a dash.
    void item(std::string_view text);

  private:
    void wrap(std::string_view first_indent, std::string_view text);

    const LineSink* sink_;
    std::size_t columns_;
    bool begun_ = false;
};

/// Items of which, where they are many, only the first is reported, and the rest is counted: a
/// page about an ordinary frame has to fit a screen.
class Listing {
  public:
    explicit Listing(Prose& page) : page_(&page) {}
    void add(const std::string& item) {
        if (++count_ <= kMost) items_.push_back(item);
    }
    /// Once, after all were added. Says how many were left out.
    void end() {
        if (count_ > kMost) {
            page_->item(items_.front() + "; " + std::to_string(count_ - 1) + " more");
        } else {
            for (const std::string& item : items_) page_->item(item);
        }
    }
    std::size_t count() const { return count_; }

  private:
    static constexpr std::size_t kMost = 4;  // all are reported; of more, the first

    Prose* page_;
    std::size_t count_ = 0;
    std::vector<std::string> items_;
};

}  // namespace seamark
