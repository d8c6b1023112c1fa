// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

namespace seamark {

/// A value that changes at known moments, to be asked for the one that held at a moment. A note of
/// the value that holds already costs no memory. Notes come in order of time nearly always; each
/// other one costs a step for every note after it.
template <typename T>
class ValueTimeline {
  public:
    /// From this moment on (ns since 1970) the value holds, until the next note.
    void note(std::int64_t time, const T& value) {
        const auto after = first_after(time);
        if (after != notes_.begin() && std::prev(after)->value == value) return;
        notes_.insert(after, {time, value});
    }
    /// The value at a moment; null before the first note.
    const T* at(std::int64_t time) const {
        const auto after = first_after(time);
        return after != notes_.begin() ? &std::prev(after)->value : nullptr;
    }
    /// Whether another value came to hold after `from`, up to `to`.
    bool changes(std::int64_t from, std::int64_t to) const {
        const auto after = first_after(from);
        return after != notes_.end() && after->time <= to;
    }
    /// When, up to `time`, a value that `such` holds for gave way to another last; empty: never.
    template <typename Such>
    std::optional<std::int64_t> last_change_from(std::int64_t time, Such such) const {
        for (auto after = first_after(time); after != notes_.begin(); --after) {
            const auto note = std::prev(after);
            if (note != notes_.begin() && such(std::prev(note)->value)) return note->time;
        }
        return std::nullopt;
    }
    std::optional<std::int64_t> first_time() const {
        return notes_.empty() ? std::nullopt : std::optional(notes_.front().time);
    }
    /// The value of the first note; null where there is none.
    const T* first() const { return notes_.empty() ? nullptr : &notes_.front().value; }

  private:
    struct Note {
        std::int64_t time;
        T value;
    };
    typename std::vector<Note>::const_iterator first_after(std::int64_t time) const {
        return std::upper_bound(notes_.begin(), notes_.end(), time,
                                [](std::int64_t t, const Note& note) { return t < note.time; });
    }

    std::vector<Note> notes_;
};

}  // namespace seamark
