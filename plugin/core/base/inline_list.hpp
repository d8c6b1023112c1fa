// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

namespace seamark {

/// A list of at most N values that lie in the object itself, so that filling and copying it
/// allocates nothing. A value beyond the N-th is not taken.
template <typename T, std::size_t N>
class InlineList {
  public:
    InlineList() = default;
    InlineList(std::initializer_list<T> values) {
        for (const T& value : values) push_back(value);
    }

    void push_back(const T& value) {
        if (count_ < N) values_[count_++] = value;
    }
    /// Puts a value in front of the others; of a full list the last one goes.
    void push_front(const T& value) {
        count_ = std::min(count_ + 1, N);
        std::move_backward(values_.begin(), values_.begin() + (count_ - 1),
                           values_.begin() + count_);
        values_.front() = value;
    }

    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    static constexpr std::size_t capacity() { return N; }
    const T& front() const { return values_.front(); }
    const T& operator[](std::size_t i) const { return values_[i]; }
    T* begin() { return values_.data(); }
    T* end() { return values_.data() + count_; }
    const T* begin() const { return values_.data(); }
    const T* end() const { return values_.data() + count_; }

    friend bool operator==(const InlineList& a, const InlineList& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    std::array<T, N> values_{};
    std::size_t count_ = 0;
};

}  // namespace seamark
