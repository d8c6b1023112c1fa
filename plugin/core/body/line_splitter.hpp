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

    /// Calls line_end(end, c) at each byte that is_end(c) says ends a line, end being the position
    /// after it; clear() is for who was called. begin() and text() are those of the line then.
    template <typename IsEnd, typename LineEnd>
    void take(DataOffset at, std::span<const std::uint8_t> bytes, IsEnd is_end, LineEnd line_end) {
        std::size_t first = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (!is_end(bytes[i])) continue;
            keep(at + first, bytes.subspan(first, i - first));
            line_end(at + i + 1, bytes[i]);
            first = i + 1;
        }
        keep(at + first, bytes.subspan(first));
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
    void keep(DataOffset at, std::span<const std::uint8_t> bytes) {
        if (bytes.empty()) return;
        if (length_ == 0) begin_ = at;
        length_ += bytes.size();
        if (text_.size() < kept_) {
            const auto room = bytes.first(std::min(bytes.size(), kept_ - text_.size()));
            text_.append(room.begin(), room.end());
        }
    }

    std::size_t kept_;
    std::string text_;
    std::uint64_t length_ = 0;
    DataOffset begin_;
    bool broken_ = false;
};

}  // namespace seamark
