// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/vantage.hpp"

#include <algorithm>

namespace seamark {
namespace {

constexpr std::uint32_t kMany = 1U << 20;

void count(std::uint32_t& number) {
    number = std::min(number + 1, kMany);
}

}  // namespace

bool HandshakeTimes::note_syn(std::size_t side, std::int64_t time) {
    if (syn_[side] != kNever) {
        repeated_ = repeated_ || end_ == kNever;
        return false;
    }
    syn_[side] = time;
    return true;
}

void HandshakeTimes::note_segment(std::size_t side, std::int64_t time, bool has_payload) {
    if (end_ != kNever || !both_syns() || side != opener()) return;
    end_ = time;
    waited_for_data_ = has_payload;
}

std::optional<std::int64_t> HandshakeTimes::duration() const {
    if (end_ == kNever) return std::nullopt;
    return end_ - syn_[opener()];
}

Vantage HandshakeTimes::suggested(std::size_t sender) const {
    const auto whole = duration();
    constexpr std::int64_t kOneMachine = 500'000;  // ns
    constexpr std::int64_t kMuch = 4;
    // Times that go back say nothing.
    if (!whole || *whole < 0 || repeated_ || waited_for_data_) return Vantage::kUnknown;
    if (*whole < kOneMachine) return Vantage::kAtBoth;
    const std::int64_t answer = end_ - syn_[1 - opener()];
    const std::int64_t way = syn_[1 - opener()] - syn_[opener()];
    // At the opener its own acknowledgement follows at once; at the other end the second SYN does.
    if (answer < way / kMuch) return sender == opener() ? Vantage::kAtSender : Vantage::kAtReceiver;
    if (way < answer / kMuch) return sender == opener() ? Vantage::kAtReceiver : Vantage::kAtSender;
    return Vantage::kMiddle;
}

void CallTimes::note(std::int64_t captured, std::int64_t entered, std::int64_t left, bool all_sent,
                     std::int64_t round_trip) {
    // Within a long call a clock that is a little off may put anything.
    constexpr std::int64_t kShortCall = 1'000'000;
    constexpr std::int64_t kLeastWay = 1'000'000;
    if (captured < entered) {
        count(before_);
    } else if (captured <= left) {
        if (left - entered <= kShortCall) count(during_);
    } else if (all_sent && round_trip > 0) {
        count(captured - left >= std::max(kLeastWay, round_trip / 4) ? late_ : soon_);
    }
}

bool CallTimes::away_from_sender() const {
    constexpr std::uint32_t kEnough = 4;
    return during_ == 0 && before_ == 0 && soon_ == 0 && late_ >= kEnough;
}

}  // namespace seamark
