// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "core/base/offset.hpp"

namespace seamark {

/// Is given the bytes of one message's body in order, each once. Body offsets count from 0, with
/// chunk framing taken off.
class BodyConsumer {
  public:
    virtual ~BodyConsumer() = default;
    /// The bytes from this body offset on. They are borrowed for the call.
    virtual void take(BodyOffset at, std::span<const std::uint8_t> bytes) = 0;
    /// These bytes were not captured, or came too late; what follows is behind them.
    virtual void miss(BodyRange range) = 0;
    /// No more will come. complete: the framing found the body's end, and nothing is missing there.
    virtual void end(bool complete) = 0;
};

/// Puts the captured bytes of a body in order for its consumer. Bytes that arrive ahead of others
/// wait, at most limit of them; then what is in front of them is taken for missing.
class BodyFeed {
  public:
    static constexpr std::uint64_t kLimit = std::uint64_t{256} * 1024;

    explicit BodyFeed(std::unique_ptr<BodyConsumer> consumer, std::uint64_t limit = kLimit)
        : consumer_(std::move(consumer)), limit_(limit) {}

    /// Captured bytes; no byte may be added twice. What lies in front of bytes that were taken for
    /// missing is dropped.
    void add(BodyOffset at, std::span<const std::uint8_t> bytes);
    /// The capture, or the message, has ended. length: of the body where it is known. Calling it
    /// again changes nothing.
    void finish(const std::uint64_t* length);
    /// One past the last byte that the consumer was notified of.
    BodyOffset next() const { return next_; }
    /// Bytes that wait.
    std::uint64_t waiting() const { return waiting_bytes_; }
    bool finished() const { return finished_; }

  private:
    void pass_on(BodyOffset at, std::span<const std::uint8_t> bytes);
    void pass_on_waiting();
    void skip_to(BodyOffset at);

    std::unique_ptr<BodyConsumer> consumer_;
    std::uint64_t limit_;
    std::map<BodyOffset, std::vector<std::uint8_t>> waiting_;
    std::uint64_t waiting_bytes_ = 0;
    BodyOffset next_;
    bool finished_ = false;
};

}  // namespace seamark
