// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace seamark::net {

/// The memory that the responses of a server may take together. Each takes its share before it
/// begins, or is refused: a response that is under way never lacks any. Small ones are not counted
/// and never refused, since the number of connections bounds them. One thread.
class MemoryBudget {
  public:
    /// Bytes; a response that may need no more is not counted.
    static constexpr std::uint64_t uncounted = 64UL * 1024;

    explicit MemoryBudget(std::uint64_t bytes) : left_(bytes) {}
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    /// Gives back what was taken when it ends; the budget must outlive it.
    class Share {
      public:
        Share() = default;
        Share(Share&& other) noexcept
            : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
        Share& operator=(Share&& other) noexcept {
            std::swap(budget_, other.budget_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~Share() {
            if (budget_) budget_->left_ += bytes_;
        }

      private:
        friend class MemoryBudget;
        Share(MemoryBudget* budget, std::uint64_t bytes) : budget_(budget), bytes_(bytes) {}

        MemoryBudget* budget_ = nullptr;
        std::uint64_t bytes_ = 0;
    };

    /// Nothing if there is too little left.
    std::optional<Share> take(std::uint64_t bytes) {
        if (bytes <= uncounted) return Share();
        if (bytes > left_) return std::nullopt;
        left_ -= bytes;
        return Share(this, bytes);
    }

  private:
    std::uint64_t left_;
};

}  // namespace seamark::net
