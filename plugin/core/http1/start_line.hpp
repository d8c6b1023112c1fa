// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace seamark {

enum class MessageKind : std::uint8_t { kRequest, kResponse };

/// What the framing of a message and of its answer hangs on.
enum class Method : std::uint8_t { kUnknown, kHead, kConnect, kOther };

/// Recognises one HTTP/1.x start line (RFC 9112 sections 3 and 4), a byte at a time.
///
///     request-line = method SP request-target SP HTTP-version
///     status-line  = HTTP-version SP status-code SP [ reason-phrase ]
///
/// A blank inside the target is taken as part of it, where the target begins as one in origin or
/// absolute form does (section 3.2: not allowed, seen all the same).
/// Empty lines in front are skipped (RFC 9112 section 2.2). Runs of blanks count as one separator
/// and a line may end with LF alone, as section 3 allows a recipient. A line longer than kLimit is
/// no start line. Each byte is looked at once; nothing is kept but the method's first letters.
class StartLineParser {
  public:
    enum class Verdict : std::uint8_t { kNeedMore, kImpossible, kTooLong, kWhole };
    static constexpr std::size_t kLimit = std::size_t{64} * 1024;

    /// Takes the next byte. After any verdict but kNeedMore, call reset() before feeding again.
    Verdict feed(unsigned char byte);
    void reset() { *this = StartLineParser{}; }

    /// True when nothing came so far but whole empty lines.
    bool at_begin() const { return state_ == State::kBegin; }

    // Valid once feed() said kWhole.
    MessageKind kind() const { return kind_; }
    Method method() const;
    std::uint16_t status() const { return status_; }
    std::uint8_t minor_version() const { return minor_; }
    bool bare_lf() const { return bare_lf_; }
    bool blank_in_target() const { return blank_in_target_; }

  private:
    enum class State : std::uint8_t {
        kBegin,
        kEmptyCr,
        kMethod,
        kBeforeTarget,
        kTarget,
        kBeforeVersion,
        kVersion,
        kAfterVersion,
        kAfterVersionBlank,
        kAfterStatusVersion,
        kBeforeStatus,
        kStatus,
        kReason,
        kLineCr,
    };
    Verdict first_word(unsigned char byte);
    Verdict version(unsigned char byte);
    Verdict target(unsigned char byte);
    Verdict back_to_target(unsigned char byte);
    Verdict line_end(unsigned char byte);

    State state_ = State::kBegin;
    MessageKind kind_ = MessageKind::kRequest;
    std::uint8_t minor_ = 0;
    std::uint8_t matched_ = 0;  // bytes of "HTTP/1." seen, then digits of the status code
    bool bare_lf_ = false;
    bool blank_in_target_ = false;
    bool may_hold_blanks_ = false;  // the target, by its first byte
    std::uint16_t status_ = 0;
    std::size_t length_ = 0;
    std::string word_;  // the method, at most kMethodLimit bytes
};

}  // namespace seamark
