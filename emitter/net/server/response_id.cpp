// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/response_id.hpp"

#include <atomic>
#include <cstdint>
#include <random>

namespace seamark::net {
namespace {

std::uint64_t random_start() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

}  // namespace

std::string next_response_id() {
    // Another start for each process, then steps of an odd number: all 2^64 come before one recurs.
    static std::atomic<std::uint64_t> next = random_start();
    constexpr std::string_view digits = "0123456789abcdef";
    std::uint64_t number = next.fetch_add(0x9e3779b97f4a7c15U, std::memory_order_relaxed);
    std::string text(16, '0');
    for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4) {
        *digit = digits[number & 15];
    }
    return text;
}

}  // namespace seamark::net
