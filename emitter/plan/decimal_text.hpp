// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace seamark::plan {

/// A number with its decimal text. Write indices and the numbers of data writes mostly go up by
/// one, and then only the last digit is touched: with small writes, the making of digits would
/// otherwise be a fourth of what a write costs here.
class DecimalText {
  public:
    /// Valid until the next call.
    std::string_view of(std::uint64_t value) {
        if (size_ > 0 && value != 0 && value - 1 == value_ && text_[size_ - 1] != '9') {
            ++text_[size_ - 1];
        } else if (size_ == 0 || value != value_) {
            const char* const end =
                std::to_chars(text_.data(), text_.data() + text_.size(), value).ptr;
            size_ = static_cast<std::size_t>(end - text_.data());
        }
        value_ = value;
        return {text_.data(), size_};
    }

  private:
    std::uint64_t value_ = 0;
    std::size_t size_ = 0;         ///< 0: no value yet
    std::array<char, 20> text_{};  ///< 2^64 - 1 fits
};

}  // namespace seamark::plan
