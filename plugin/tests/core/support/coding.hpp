// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace seamark::test {

enum class Coding : std::uint8_t { kGzip, kDeflate, kRawDeflate, kBrotli, kZstd };

/// As Content-Encoding names it.
const char* name(Coding coding);
/// For the name of a test.
const char* title(Coding coding);

/// Data as a compressor makes coded bytes of it. Of a coding whose library is not there nothing is
/// made.
class Coded {
  public:
    /// level: of the library; 0: its fastest, which for gzip and deflate stores.
    explicit Coded(Coding coding, int level = 6);
    ~Coded();
    Coded(const Coded&) = delete;
    Coded& operator=(const Coded&) = delete;

    void write(std::string_view data);
    /// What was written can be decoded from the bytes so far.
    void flush();
    /// Everything, with the coding's end.
    std::string finish();
    const std::string& bytes() const;

  private:
    struct Compressor;
    std::unique_ptr<Compressor> compressor_;
};

}  // namespace seamark::test
