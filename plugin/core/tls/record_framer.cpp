// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tls/record_framer.hpp"

#include <utility>

namespace seamark {
namespace {

constexpr std::size_t kMessageHeader = 4;                   // of a handshake message: type, length
constexpr std::size_t kMostMessage = std::size_t{1} << 16;  // a longer hello is not read

/// Length of a handshake message with its header; 0 as long as that is not whole.
std::size_t message_length(const std::vector<std::uint8_t>& message) {
    if (message.size() < kMessageHeader) return 0;
    return kMessageHeader +
           (std::size_t{message[1]} << 16 | std::size_t{message[2]} << 8 | message[3]);
}

}  // namespace

void RecordFramer::try_hello(StreamOffset at) {
    state_ = State::kTrial;
    begin_ = cursor_ = at;
    held_count_ = 0;
}

void RecordFramer::resume(StreamOffset at) {
    state_ = State::kHeader;
    begin_ = cursor_ = at;
    held_count_ = 0;
}

void RecordFramer::feed(StreamOffset begin, std::span<const std::uint8_t> bytes,
                        bool begins_segment) {
    const StreamOffset end = begin + bytes.size();
    while (cursor_ < end) {
        const auto rest = bytes.subspan(cursor_ - begin);
        switch (state_) {
            case State::kIdle:
            case State::kRefused:
                return;
            case State::kTrial:
                feed_trial(rest);
                break;
            case State::kHeader:
                feed_header(rest);
                break;
            case State::kHello:
                feed_hello(rest);
                break;
            case State::kSearch:
                if (begins_segment && cursor_ == begin && looks_like_record(rest)) {
                    resume(cursor_);
                } else {
                    cursor_ = end;
                }
                break;
        }
    }
}

/// Takes bytes until it is known whether they are a hello's. Those of a record are read again.
void RecordFramer::feed_trial(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
        held_[held_count_++] = byte;
        ++cursor_;
        const HelloShape shape = hello_shape({held_.data(), held_count_});
        if (shape == HelloShape::kNeedMore) continue;
        if (shape == HelloShape::kNo) {
            state_ = State::kIdle;
            return;
        }
        const auto held = std::exchange(held_, {});
        const std::size_t count = held_count_;
        resume(begin_);
        hello_.reset();
        message_ = std::make_unique<std::vector<std::uint8_t>>();
        feed(begin_, std::span(held).first(count), true);
        return;
    }
}

void RecordFramer::feed_header(std::span<const std::uint8_t> bytes) {
    if (held_count_ == 0) begin_ = cursor_;
    for (const std::uint8_t byte : bytes) {
        held_[held_count_++] = byte;
        ++cursor_;
        if (held_count_ == TlsRecord::kHeader) {
            take_header();
            return;
        }
    }
}

void RecordFramer::take_header() {
    const auto bytes = std::span(held_).first<TlsRecord::kHeader>();
    held_count_ = 0;
    if (const auto fault = refuse_header(bytes)) {
        refusal_ = Refusal{begin_, *fault};
        state_ = State::kRefused;
        cursor_ = kNever;
        return;
    }
    records_.push_back(parse_record_header(begin_, bytes));
    if (records_.back().type != RecordType::kHandshake) message_.reset();
    if (message_ && records_.back().length > 0) {
        state_ = State::kHello;
    } else {
        end_record();
    }
}

void RecordFramer::feed_hello(std::span<const std::uint8_t> bytes) {
    const StreamOffset end = records_.back().range().end;
    const auto part = bytes.first(std::min<std::size_t>(bytes.size(), end - cursor_));
    message_->insert(message_->end(), part.begin(), part.end());
    cursor_ += part.size();
    const std::size_t length = message_length(*message_);
    if (length > kMostMessage) {
        message_.reset();
    } else if (length > 0 && message_->size() >= length) {
        hello_ = parse_hello(message_->front(),
                             std::span(*message_).first(length).subspan(kMessageHeader));
        message_.reset();
    }
    if (!message_ || cursor_ == end) end_record();
}

void RecordFramer::end_record() {
    state_ = State::kHeader;
    cursor_ = records_.back().range().end;
}

void RecordFramer::skip_hole(StreamOffset end) {
    if (end <= cursor_) return;
    if (state_ == State::kTrial) state_ = State::kIdle;
    if (state_ == State::kHello) end_record();
    message_.reset();
    if (!active() || end <= cursor_) return;
    held_count_ = 0;
    state_ = State::kSearch;
    cursor_ = end;
}

void RecordFramer::forget_from(StreamOffset at) {
    const bool all = records_.empty() || records_[0].offset >= at;
    while (!records_.empty() && records_.back().offset >= at) records_.pop_back();
    if (all) hello_.reset();
    if (refusal_ && refusal_->at >= at) refusal_.reset();
    message_.reset();
    held_count_ = 0;
    state_ = State::kIdle;
}

}  // namespace seamark
