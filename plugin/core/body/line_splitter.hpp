// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/offset.hpp"

namespace seamark {

/// A line of a body, of which only the beginning is kept.
class LineSplitter {
  public:
    explicit LineSplitter(std::size_t kept) : kept_(kept) {}

    /// Calls line_end(end, c) at each LF, and at each CR where that ends lines, too, end being the
    /// position after it; clear() is for who was called. begin() and text() are those of the line
    /// then.
    template <typename LineEnd>
    void take(DataOffset at, std::span<const std::uint8_t> bytes, bool cr_ends, LineEnd line_end) {
        // Most lines are long, and most bodies have no CR: the library looks for both faster than a
        // loop over the bytes.
        const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        std::size_t first = 0;
        std::size_t lf = all.find('\n');
        std::size_t cr = cr_ends ? all.find('\r') : all.npos;
        while (true) {
            const std::size_t i = std::min(lf, cr);
            if (i == all.npos) break;
            keep(at + first, all.substr(first, i - first));
            line_end(at + i + 1, bytes[i]);
            first = i + 1;
            if (i == lf) {
                lf = all.find('\n', first);
            } else {
                cr = all.find('\r', first);
            }
        }
        keep(at + first, all.substr(first));
    }

    void clear() {
        text_.clear();
        length_ = 0;
        broken_ = false;
    }
    /// Bytes of the line are missing.
    void set_broken() { broken_ = true; }
    bool broken() const { return broken_; }
    bool empty() const { return length_ == 0 && !broken_; }
    std::uint64_t length() const { return length_; }
    DataOffset begin() const { return begin_; }  // of a line that is not empty
    std::string_view text() const { return text_; }

  private:
    void keep(DataOffset at, std::string_view bytes) {
        if (bytes.empty()) return;
        if (length_ == 0) begin_ = at;
        length_ += bytes.size();
        if (text_.size() < kept_) text_.append(bytes.substr(0, kept_ - text_.size()));
    }

    std::size_t kept_;
    std::string text_;
    std::uint64_t length_ = 0;
    DataOffset begin_;
    bool broken_ = false;
};

}  // namespace seamark
