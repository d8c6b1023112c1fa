// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

/// What to write, as data. A plan is a sequence of planned writes; each of them is meant to leave
/// in one call. It says nothing about write indices: those are known only when it is a write's
/// turn, because an earlier write may have taken more calls than planned.
namespace seamark::plan {

enum class PieceKind : std::uint8_t {
    size_line,   ///< chunk size, extension, CRLF
    data,        ///< bytes of the body
    line_end,    ///< the CRLF after a chunk's data
    last_chunk,  ///< "0", extension, CRLF, the trailer section, and the empty line that ends it
};

struct Piece {
    PieceKind kind;
    std::uint32_t writes;  ///< size_line, last_chunk: how many writes carry the chunk, this one
                           ///< included; 0: it is to have no tag
    std::uint64_t length;  ///< size_line: data bytes of the whole chunk; data: bytes here; else 0
    const char* text = nullptr;  ///< data: where its bytes are; null: the body's source has them
};

/// What is done at a step of a plan.
enum class Action : std::uint8_t {
    write,
    nodelay,  ///< TCP_NODELAY `on` or off
    cork,     ///< TCP_CORK
    close,    ///< the body ends here, and the connection with it
    reset,    ///< the same by a RST
};

struct PlannedWrite {
    std::chrono::microseconds pause{0};  ///< wait so long first
    std::uint64_t number = 0;            ///< of the data write, from 1; 0 if it has no data piece
    std::uint64_t size = 0;              ///< sum of its data pieces
    bool more = false;                   ///< with MSG_MORE
    Action action = Action::write;       ///< of any other, only `pause` and `on` say something
    bool on = false;
    std::vector<Piece> pieces;  ///< in stream order
};

/// The writes of one body, one at a time: memory does not grow with their number. The head is not
/// part of it.
class WriteSequence {
  public:
    virtual ~WriteSequence() = default;

    /// Does in advance a part of what next() would have to do, as far as `work` goes (see
    /// BodySource::advance()), and takes it off. Whether next() is now quick; if not, the caller
    /// lets others run and asks again. next() may be called either way.
    virtual bool ready(std::uint64_t& /*work*/) { return true; }

    /// Fills in the next write; false, and `write` untouched, when the body is complete. The caller
    /// passes the same object again and again, so that its memory is reused.
    virtual bool next(PlannedWrite& write) = 0;
};

}  // namespace seamark::plan
