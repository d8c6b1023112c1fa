// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace seamark {

/// Text that is fit to be shown on a terminal, in a line, and in XML or JSON: valid UTF-8 without
/// control characters. `of` is the only way from the bytes of a capture or of a record to a value
/// of this type, so that a function that takes it cannot be given raw bytes.
///
/// `of` leaves text that does no harm as it is, a backslash too. It writes
///
///     a byte that is no part of valid UTF-8 (RFC 3629)             as \xff
///     C0 and DEL                                                   as \t, \n, \r, or \x1b
///     C1, marks, embeddings, overrides and isolates of the
///     direction of writing, line and paragraph separator, the
///     byte order mark, and code points that are no characters      as \u202e, or \U0001ffff
///
/// so that to apply it twice is the same as to apply it once.
class DisplayText {
  public:
    DisplayText() = default;
    /// most: of longer text only so many bytes are shown, whole characters, and "…" after them.
    static DisplayText of(std::string_view bytes, std::size_t most = std::string_view::npos);

    const std::string& string() const { return text_; }
    bool empty() const { return text_.empty(); }
    friend bool operator==(const DisplayText&, const DisplayText&) = default;

  private:
    explicit DisplayText(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// What DisplayText::of makes of some bytes, piece by piece: for those who keep text in memory of
/// another kind. The bytes must outlive it.
class DisplayEscaper {
  public:
    explicit DisplayEscaper(std::string_view bytes, std::size_t most = std::string_view::npos);

    /// The next piece of the text: a run of bytes that stays as it is, or one escape. Empty at the
    /// end. Valid until the next call.
    std::string_view next();

  private:
    std::string_view rest_;
    bool cut_;
    char escape_[10]{};  // "\U0001ffff"
};

}  // namespace seamark
