// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

namespace seamark {

/// A sequence that grows at its end, in blocks that never move: no copy and no second allocation of
/// what is there when it grows long, and next to nothing where it stays short. Elements keep their
/// addresses.
///
/// The first block holds kFirst elements, each further one twice as many up to kMost, then kMost.
/// At most 2^32-1 elements.
template <typename T>
class BlockVector {
  public:
    class const_iterator {
      public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;

        const_iterator() = default;
        const_iterator(const BlockVector* of, std::size_t at) : of_(of), at_(at) {}
        reference operator*() const { return (*of_)[at_]; }
        pointer operator->() const { return &(*of_)[at_]; }
        reference operator[](difference_type n) const { return *(*this + n); }
        const_iterator& operator+=(difference_type n) {
            at_ = static_cast<std::size_t>(static_cast<difference_type>(at_) + n);
            return *this;
        }
        const_iterator& operator-=(difference_type n) { return *this += -n; }
        const_iterator& operator++() { return *this += 1; }
        const_iterator& operator--() { return *this -= 1; }
        const_iterator operator++(int) { return std::exchange(*this, *this + 1); }
        const_iterator operator--(int) { return std::exchange(*this, *this - 1); }
        friend const_iterator operator+(const_iterator i, difference_type n) { return i += n; }
        friend const_iterator operator+(difference_type n, const_iterator i) { return i += n; }
        friend const_iterator operator-(const_iterator i, difference_type n) { return i -= n; }
        friend difference_type operator-(const_iterator a, const_iterator b) {
            return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
        }
        friend bool operator==(const_iterator a, const_iterator b) { return a.at_ == b.at_; }
        friend auto operator<=>(const_iterator a, const_iterator b) { return a.at_ <=> b.at_; }

      private:
        const BlockVector* of_ = nullptr;
        std::size_t at_ = 0;
    };

    void push_back(const T& value) {
        const Place place = place_of(size_);
        if (place.block == blocks_) add_block();
        at(place) = value;
        ++size_;
    }

    /// Precondition: not empty().
    void pop_back() { --size_; }
    /// Drops what follows the first count; their room stays.
    void truncate(std::size_t count) {
        size_ = static_cast<std::uint32_t>(std::min<std::size_t>(size_, count));
    }

    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return at(place_of(i)); }
    T& operator[](std::size_t i) { return at(place_of(i)); }
    const T& back() const { return (*this)[size_ - 1]; }
    T& back() { return (*this)[size_ - 1]; }
    const T& front() const { return (*this)[0]; }
    const_iterator begin() const { return {this, 0}; }
    const_iterator end() const { return {this, size_}; }

  private:
    static constexpr std::size_t kFirst = 1;
    static constexpr std::size_t kMost = 1024;
    static constexpr std::size_t kDoublings = std::bit_width(kMost / kFirst);  // blocks that double
    static constexpr std::size_t kDoubled = kFirst * ((1U << kDoublings) - 1);  // what they hold

    struct Place {
        std::size_t block;
        std::size_t offset;
    };
    static constexpr Place place_of(std::size_t i) {
        if (i >= kDoubled) return {kDoublings + (i - kDoubled) / kMost, (i - kDoubled) % kMost};
        const std::size_t block = std::bit_width(i / kFirst + 1) - std::size_t{1};
        return {block, i - kFirst * ((std::size_t{1} << block) - 1)};
    }
    static constexpr std::size_t block_size(std::size_t block) {
        return block < kDoublings ? kFirst << block : kMost;
    }

    T& at(Place place) const {
        return place.block == 0 ? first_[place.offset] : more_[place.block - 1][place.offset];
    }
    void add_block() {
        auto block = std::make_unique<T[]>(block_size(blocks_));
        if (blocks_ == 0) {
            first_ = std::move(block);
        } else {
            const std::size_t more = blocks_ - std::size_t{1};
            // Room for a power of two of them, as a vector has it, for less than a vector takes.
            if (std::has_single_bit(more) || more == 0) {
                auto grown =
                    std::make_unique<std::unique_ptr<T[]>[]>(std::max<std::size_t>(2 * more, 1));
                std::move(more_.get(), more_.get() + more, grown.get());
                more_ = std::move(grown);
            }
            more_[more] = std::move(block);
        }
        ++blocks_;
    }

    std::unique_ptr<T[]> first_;  // most stay so short
    std::unique_ptr<std::unique_ptr<T[]>[]> more_;
    std::uint32_t size_ = 0;
    std::uint32_t blocks_ = 0;
};

}  // namespace seamark
