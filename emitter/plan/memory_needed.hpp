// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "plan/emit_options.hpp"
#include "plan/script.hpp"

namespace seamark::plan {

/// At most how many bytes `raw` bytes of a body become in a content coding, cut into `parts` that
/// are each flushed. Made-up data repeats the alphabet, and shrinks; of a file's nothing is known.
std::uint64_t coded_bound(std::uint64_t raw, std::uint64_t parts, bool made_up);

/// Bytes of memory that a response takes at most while it is written: its largest write as it is
/// handed to the kernel, and what is kept to make it. `length` is that of the body, before coding.
std::uint64_t memory_needed(const EmitOptions& options, std::uint64_t length);

/// The same for a plan, which is kept itself.
std::uint64_t memory_needed(const Script& script);

/// Bytes that the largest write has at most, head and framing included.
std::uint64_t largest_write(const EmitOptions& options, std::uint64_t length);
std::uint64_t largest_write(const Script& script);

/// What encrypting a write in records of at most `record` bytes takes on top.
std::uint64_t memory_for_records(std::uint64_t write, std::uint64_t record);

}  // namespace seamark::plan
