// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace seamark::trace {

/// Memory of a fixed size, all zeros at first, that other processes map too: whoever may open its
/// descriptor can write it, and none can make it smaller or larger. Owns memory and descriptor.
class SharedMemory {
  public:
    /// Throws std::runtime_error, with what to do, where the system has no room for it or a limit
    /// for file sizes (`ulimit -f`) forbids it.
    explicit SharedMemory(std::size_t size);
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    void* data() const { return data_; }
    int descriptor() const { return descriptor_; }

  private:
    std::size_t size_;
    int descriptor_ = -1;
    void* data_ = nullptr;
};

// What stands in such memory may change at any moment, to anything: each number is read once, into
// a variable of one's own, and that is what is looked at and used.

template <typename Number>
Number load(const Number& number) {
    return std::atomic_ref(const_cast<Number&>(number)).load(std::memory_order_acquire);
}

template <typename Number>
void store(Number& number, Number value) {
    std::atomic_ref(number).store(value, std::memory_order_release);
}

/// A copy, made by reading each word once.
template <typename Struct>
Struct copy_of(const Struct& shared) {
    using Words = std::array<std::uint64_t, sizeof(Struct) / 8>;
    static_assert(std::is_trivially_copyable_v<Struct> && sizeof(Words) == sizeof(Struct) &&
                  alignof(Struct) >= alignof(std::uint64_t));
    auto* from = reinterpret_cast<std::uint64_t*>(const_cast<Struct*>(&shared));
    Words words;
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = std::atomic_ref(from[i]).load(std::memory_order_relaxed);
    return std::bit_cast<Struct>(words);
}

/// The other way round: each word is written once.
template <typename Struct>
void store_all(Struct& shared, const Struct& value) {
    using Words = std::array<std::uint64_t, sizeof(Struct) / 8>;
    static_assert(std::is_trivially_copyable_v<Struct> && sizeof(Words) == sizeof(Struct));
    const auto words = std::bit_cast<Words>(value);
    auto* to = reinterpret_cast<std::uint64_t*>(&shared);
    for (std::size_t i = 0; i < words.size(); ++i)
        std::atomic_ref(to[i]).store(words[i], std::memory_order_relaxed);
}

}  // namespace seamark::trace
