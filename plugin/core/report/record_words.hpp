// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/line_sink.hpp"
#include "core/lanes/lanes.hpp"
#include "core/report/next_steps.hpp"

/// What is said of TLS records, all of it from what is in clear: record headers and hellos.
namespace seamark::words {

/// "3 data 1205": index, what the header says that it is, bytes after the header.
std::string label(const RecordPiece& piece);
/// "record 3: application-data, 1205 bytes after its header, at offset 300".
std::string title(const Lanes& lanes, const RecordPiece& piece);
/// "; readable only when frame 31 was captured, for its last bytes are there": of a record that
/// several frames carry. It is decrypted as a whole, since its authentication tag stands at its end
/// (RFC 8446 section 5.2). Empty of one that one frame carries, or that was not captured whole.
std::string readable(const Stream& stream, const TlsRecord& record);

/// "TLS 1.3"; "TLS" where the server's hello was not captured.
std::string tls(const Connection& connection);
/// "TLS 1.3, 12 records": those of one direction that have bytes of a range.
std::string tls_part(const Connection& connection, Side side, ByteRange range);
/// "HTTP/2 (h2), which the server chose (ALPN)": what is spoken inside, as far as the hellos show
/// it. Empty where they show nothing.
std::string protocol_inside(const Connection& connection);
/// Why the records of a direction end where they do, where a header could not be framed.
std::string refused(const Stream& stream);

/// "; in record 4, carried by frame 31", "; in records 4 to 6, carried by …": where a range of the
/// plaintext is. Empty of one that is in none.
std::string in_records(const Stream& plain, ByteRange range);
/// Why calls above TLS are joined with nothing, a sentence each.
std::vector<std::string> unjoined_calls(const Connection& connection);

/// How to see what is inside the TLS of these connections, a sentence each; none where there is no
/// TLS. keep: as for the chunk table.
std::vector<std::string> how_to_read(const Connection& connection, const NextSteps& steps);
void write_how_to_read(const std::vector<CaptureEntry>& entries, const FrameFilter& keep,
                       const NextSteps& steps, const LineSink& sink);

}  // namespace seamark::words
