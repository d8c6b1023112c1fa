// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace seamark {

/// Keeps texts, each in one piece, at an address that does not change. Nothing is ever taken out.
class TextPool {
  public:
    /// Copies text. The copy lives as long as the pool.
    const char* add(std::string_view text) {
        if (text.size() > room_) {
            room_ = std::max(next_size_, text.size());
            next_size_ = std::min(next_size_ * 2, kLargest);
            blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
            next_ = blocks_.back().get();
        }
        char* const copy = next_;
        next_ = std::copy(text.begin(), text.end(), next_);
        room_ -= text.size();
        return copy;
    }

  private:
    static constexpr std::size_t kLargest = std::size_t{1} << 15;

    std::vector<std::unique_ptr<char[]>> blocks_;
    char* next_ = nullptr;
    std::size_t room_ = 0;
    std::size_t next_size_ = 24;
};

}  // namespace seamark
