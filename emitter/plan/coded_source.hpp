// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "plan/body_source.hpp"
#include "plan/compressor.hpp"
#include "plan/emit_options.hpp"

namespace seamark::plan {

/// Another source's body, compressed (RFC 9110 section 8.4.1). After every so many data writes the
/// compressor is flushed, so that a client can decode all that was written so far; the last one
/// ends the compressed stream. Without a flush a data write may have no bytes at all. Nothing is
/// compressed before the first part is asked for.
class CodedSource : public BodySource {
  public:
    /// Flushes after each `flush_every` data writes; 0: at the end alone. Borrows `inner`.
    CodedSource(BodySource& inner, Coding coding, std::uint64_t flush_every = 1);

    std::uint64_t length() const override { return inner_.length(); }
    bool advance(std::uint64_t raw, std::uint64_t& work) override;
    std::uint64_t prepare(std::uint64_t raw) override;
    char* put(char* at, std::uint64_t length) override;

  private:
    void feed(std::uint64_t raw);

    BodySource& inner_;
    Coding coding_;
    CompressorCost cost_;
    std::uint64_t flush_every_;
    std::unique_ptr<Compressor> compressor_;  ///< null before the first part
    std::uint64_t parts_ = 0;                 ///< begun
    std::uint64_t left_;                      ///< of the inner body
    std::uint64_t to_feed_ = 0;               ///< of it, in the part that is under way
    bool begun_ = false;                      ///< a part is under way, which prepare() ends
    std::vector<char> coded_;                 ///< what became of it
    std::uint64_t put_ = 0;                   ///< of these, put
};

/// Another source's body with all of it made ready beforehand, so that its length on the connection
/// is known: in memory, so for small bodies only.
class StoredSource : public BodySource {
  public:
    /// Reads `inner` in data writes of `size` bytes, as they will be asked for. `bound` bytes are
    /// enough for all that comes of it.
    StoredSource(BodySource& inner, std::uint64_t size, std::uint64_t bound)
        : inner_(inner), size_(size), bound_(bound), left_(inner.length()) {}

    /// Makes a part of it ready, as far as `work` goes, and takes it off. Whether all is. Throws
    /// BodyError.
    bool store(std::uint64_t& work);

    /// Bytes on the connection, once all is ready.
    std::uint64_t stored() const { return bytes_.size(); }

    std::uint64_t length() const override { return inner_.length(); }
    std::uint64_t prepare(std::uint64_t) override { return sizes_[next_++]; }
    char* put(char* at, std::uint64_t length) override;

  private:
    BodySource& inner_;
    std::uint64_t size_;
    std::uint64_t bound_;
    std::uint64_t left_;                ///< of the inner body, not yet ready
    std::vector<std::uint32_t> sizes_;  ///< of each data write
    std::vector<char> bytes_;
    std::size_t next_ = 0;
    std::size_t put_ = 0;
};

}  // namespace seamark::plan
