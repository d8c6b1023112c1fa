// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

// Words are strings here, not numbers with words for each: `tshark -T fields` and JSON print the
// word then, and filters compare it.

// libwireshark keeps pointers to these for as long as it runs.
// clang-format off
hf_register_info rows[] = {
    // Why a segment or a read is as it is.
    row(segment_cause, "Segment cause", "seamark.segment.cause", "Why this segment begins and ends where it does, or merges writes; docs/causes.md lists the words"),
    row(segment_cause_kind, "Boundary", "seamark.segment.cause.kind", "What is explained: whole, held, merge, cut, rest (of the write that is cut) or none (no boundary)"),
    row(segment_cause_confidence, "Segment cause confidence", "seamark.segment.cause.confidence", "known, consistent or unknown"),
    row(segment_cause_text, "Segment verdict", "seamark.segment.cause.text", "The verdict as a sentence"),
    row(segment_cause_evidence, "Segment cause evidence", "seamark.segment.cause.evidence", "Evidence of the verdict"),
    row(read_cause, "Read cause", "seamark.read.cause", "Why this read took what it took; docs/causes.md lists the words"),
    row(read_cause_confidence, "Read cause confidence", "seamark.read.cause.confidence", "known, consistent or unknown"),
    row(read_cause_text, "Read verdict", "seamark.read.cause.text", "The verdict as a sentence"),
    row(read_cause_evidence, "Read cause evidence", "seamark.read.cause.evidence", "Evidence of the verdict"),
};
// clang-format on

}  // namespace

void register_cause_fields() {
    proto_register_field_array(proto, rows, array_length(rows));
}

}  // namespace seamark::fields
