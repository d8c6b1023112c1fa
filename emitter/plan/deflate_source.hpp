// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "plan/body_source.hpp"
#include "plan/emit_options.hpp"

struct z_stream_s;

namespace seamark::plan {

/// Another source's body, compressed (RFC 9110 section 8.4.1). Each data write's part is flushed
/// (Z_SYNC_FLUSH), so that each write has bytes which a client can take apart at once; the last one
/// ends the compressed stream.
class DeflateSource : public BodySource {
  public:
    /// `coding` is gzip or deflate (zlib's format). Borrows `inner`.
    DeflateSource(BodySource& inner, Coding coding);
    ~DeflateSource() override;
    DeflateSource(const DeflateSource&) = delete;
    DeflateSource& operator=(const DeflateSource&) = delete;

    std::uint64_t length() const override { return inner_.length(); }
    std::uint64_t prepare(std::uint64_t raw) override;
    char* put(char* at, std::uint64_t length) override;

  private:
    BodySource& inner_;
    std::unique_ptr<z_stream_s> stream_;
    std::uint64_t left_;       ///< of the inner body
    std::vector<char> raw_;    ///< one write's part
    std::vector<char> coded_;  ///< what became of it
    std::uint64_t coded_size_ = 0;
    std::uint64_t put_ = 0;  ///< of these, put
};

/// Another source's body with all of it made ready beforehand, so that its length on the connection
/// is known: in memory, so for small bodies only.
class StoredSource : public BodySource {
  public:
    /// Reads `inner` to its end, in data writes of `size` bytes, as they will be asked for.
    StoredSource(BodySource& inner, std::uint64_t size);

    std::uint64_t length() const override { return raw_; }
    std::uint64_t prepare(std::uint64_t) override { return sizes_[next_++]; }
    char* put(char* at, std::uint64_t length) override;

    std::uint64_t stored() const { return bytes_.size(); }

  private:
    std::uint64_t raw_;
    std::vector<std::uint64_t> sizes_;  ///< of each data write
    std::vector<char> bytes_;
    std::size_t next_ = 0;
    std::size_t put_ = 0;
};

}  // namespace seamark::plan
