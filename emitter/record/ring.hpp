// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>

namespace seamark::record {

/// A bounded queue from one thread to another, in which neither ever waits. One thread pushes, one
/// takes. Memory is touched only as far as it was ever filled.
template <typename Value>
class Ring {
  public:
    /// Room for at least `capacity` values.
    explicit Ring(std::size_t capacity)
        : mask_(std::bit_ceil(capacity) - 1), slots_(std::allocator<Value>().allocate(mask_ + 1)) {}
    ~Ring() {
        while (front()) drop();
        std::allocator<Value>().deallocate(slots_, mask_ + 1);
    }
    Ring(const Ring&) = delete;
    Ring& operator=(const Ring&) = delete;

    /// False, and nothing done, if there is no room.
    bool push(const Value& value) {
        const std::size_t at = pushed_.load(std::memory_order_relaxed);
        if (at - seen_taken_ > mask_) {
            seen_taken_ = taken_.load(std::memory_order_acquire);
            if (at - seen_taken_ > mask_) return false;
        }
        std::construct_at(slots_ + (at & mask_), value);
        pushed_.store(at + 1, std::memory_order_release);
        return true;
    }

    /// The oldest value, which stays valid until drop(); null if there is none.
    const Value* front() {
        const std::size_t at = taken_.load(std::memory_order_relaxed);
        if (at == pushed_.load(std::memory_order_acquire)) return nullptr;
        return &slots_[at & mask_];
    }

    /// Gives the oldest value's room back. There is one.
    void drop() {
        const std::size_t at = taken_.load(std::memory_order_relaxed);
        std::destroy_at(slots_ + (at & mask_));
        taken_.store(at + 1, std::memory_order_release);
    }

  private:
    std::size_t mask_;
    Value* slots_;                                    // those from taken_ to pushed_ hold a value
    alignas(64) std::atomic<std::size_t> pushed_{0};  // apart, so that the threads share no line
    std::size_t seen_taken_ = 0;                      // the pusher's last look at taken_
    alignas(64) std::atomic<std::size_t> taken_{0};
};

}  // namespace seamark::record
