// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "plan/decimal_text.hpp"
#include "plan/emit_options.hpp"

namespace seamark::plan {

/// The body ended where it must not: its file could not be read, or is shorter than it was. what()
/// goes into the log.
struct BodyError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Where the bytes of one body come from: in order, each once.
class BodySource {
  public:
    virtual ~BodySource() = default;

    /// Bytes of the body in all, before any content coding.
    virtual std::uint64_t length() const = 0;

    /// Does in advance a part of what prepare(raw) would have to do, as far as `work` goes, and
    /// takes it off: a unit is about what it costs to copy a byte. Whether prepare(raw) is now
    /// quick. Throws BodyError.
    virtual bool advance(std::uint64_t /*raw*/, std::uint64_t& /*work*/) { return true; }

    /// Begins the next data write, which the next `raw` bytes of the body are for: how many bytes
    /// that makes on the connection. Without a content coding, the same number; and then it need
    /// not be called.
    virtual std::uint64_t prepare(std::uint64_t raw) { return raw; }

    /// Puts the next `length` of these bytes at `at`; returns the end of them. Throws BodyError.
    virtual char* put(char* at, std::uint64_t length) = 0;
};

/// `writes` lines of `size` bytes that can be recognised in a bytes pane (see payload.hpp), or as
/// many events (see event_text.hpp).
class PayloadSource : public BodySource {
  public:
    /// Both at least 1, and their product fits; of events, size is at least least_event().
    PayloadSource(std::uint64_t writes, std::uint64_t size, EventFormat events = EventFormat::none)
        : writes_(writes), size_(size), events_(events) {}

    std::uint64_t length() const override { return writes_ * size_; }
    char* put(char* at, std::uint64_t length) override;

  private:
    std::uint64_t writes_;
    std::uint64_t size_;
    EventFormat events_;
    std::uint64_t line_ = 1;    ///< number of the line that is next
    std::uint64_t offset_ = 0;  ///< in it
    DecimalText number_;
};

}  // namespace seamark::plan
