// SPDX-License-Identifier: GPL-2.0-or-later
#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

// libwireshark keeps pointers to these for as long as it runs.
// clang-format off
hf_register_info rows[] = {
    // A TLS record.
    row(record, "TLS record", "seamark.record", "Index of the record in its direction"),
    row(record_type, "Record type", "seamark.record.type", "Content type as its header says; in TLS 1.3 all that is encrypted says application-data"),
    row(record_len, "Record length", "seamark.record.len", "Bytes after the record's header, as the header says", kBytes),
    row(record_offset, "Record stream offset", "seamark.record.offset", "Position of the record's header in the stream"),
    row(record_here, "Bytes of the record in this frame", "seamark.record.here", "Bytes of the record in this frame, header included", kBytes),
    row(record_frame, "Record carried by frame", "seamark.record.frame", "Frame that carries a piece of the record"),
    row(record_frames, "Frames of the record", "seamark.record.frames", "How many frames carry a piece of the record"),
    row(plaintext, "Plaintext", "seamark.plaintext", "Bytes of a chunk inside TLS that this record holds, as Wireshark decrypted them; in the frame that completes the record"),
};
// clang-format on

}  // namespace

void register_record_fields() {
    proto_register_field_array(proto, rows, array_length(rows));
}

}  // namespace seamark::fields
