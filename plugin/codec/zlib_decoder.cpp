// SPDX-License-Identifier: GPL-2.0-or-later
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "codec/codec.hpp"

namespace seamark::codec {
namespace {

/// gzip (RFC 1952), one member or several, and deflate: with the header of zlib (RFC 1950), or, as
/// some servers send it and all browsers take it, without (RFC 1951).
class ZlibDecoder final : public Decoder {
  public:
    explicit ZlibDecoder(bool gzip) : gzip_(gzip) {
        if (gzip) begin(15 + 16);
    }
    ~ZlibDecoder() override {
        if (begun_) inflateEnd(&stream_);
    }
    ZlibDecoder(const ZlibDecoder&) = delete;
    ZlibDecoder& operator=(const ZlibDecoder&) = delete;

    Step decode(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) override {
        if (state_ == Decoding::kBroken) return {};
        Step step;
        if (!begun_ && !read_header(in, step)) return step;
        if (header_used_ < header_size_) {
            const Step first =
                inflate(std::span(header_).subspan(header_used_, header_size_ - header_used_), out);
            header_used_ += first.taken;
            step.given += first.given;
            step.block_end = first.block_end;
            if (header_used_ < header_size_ || state_ != Decoding::kGoesOn || step.block_end)
                return step;
        }
        const Step rest = inflate(in.subspan(step.taken), out.subspan(step.given));
        step.taken += rest.taken;
        step.given += rest.given;
        step.block_end = rest.block_end;
        return step;
    }
    Decoding state() const override { return state_; }
    bool takes_what_it_needs() const override { return true; }
    bool knows_blocks() const override { return true; }
    std::size_t memory() const override { return kMemory; }

  private:
    /// zlib.h, "memory footprint": 32 KiB of window and about 7 KiB of state.
    static constexpr std::size_t kMemory = std::size_t{40} << 10;
    static constexpr std::uint8_t kGzipMagic = 0x1f;

    void begin(int window_bits) {
        begun_ = inflateInit2(&stream_, window_bits) == Z_OK;
        if (!begun_) state_ = Decoding::kBroken;
    }

    /// RFC 1950 section 2.2: the two bytes are a multiple of 31, and the method is 8. True once
    /// it was determined which of both it is.
    bool read_header(std::span<const std::uint8_t> in, Step& step) {
        while (header_size_ < header_.size() && step.taken < in.size())
            header_[header_size_++] = in[step.taken++];
        if (header_size_ < header_.size()) return false;
        constexpr unsigned kMultiple = 31;
        constexpr unsigned kMethod = 8;
        const unsigned value = header_[0] * 256U + header_[1];
        begin(value % kMultiple == 0 && (header_[0] & 0xfU) == kMethod ? 15 : -15);
        return begun_;
    }

    Step inflate(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
        if (state_ == Decoding::kDone && !begin_member(in)) return {in.size(), 0, false};
        constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
        static Bytef nowhere;
        stream_.next_in = const_cast<Bytef*>(in.data());  // zlib's interface: it does not write
        stream_.avail_in = static_cast<uInt>(std::min(in.size(), kMost));
        stream_.next_out = out.empty() ? &nowhere : out.data();
        stream_.avail_out = static_cast<uInt>(std::min(out.size(), kMost));
        const uInt had_in = stream_.avail_in;
        const uInt had_out = stream_.avail_out;
        const bool was_at_end = at_block_end_;
        const int result = ::inflate(&stream_, Z_BLOCK);
        Step step{had_in - stream_.avail_in, had_out - stream_.avail_out, false};
        // zlib.h, inflate(): bit 7, directly after an end-of-block code or a header.
        at_block_end_ = (static_cast<unsigned>(stream_.data_type) & 128U) != 0;
        step.block_end = at_block_end_ && (!was_at_end || step.taken > 0 || step.given > 0);
        if (result == Z_STREAM_END) {
            state_ = Decoding::kDone;
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            state_ = Decoding::kBroken;
        }
        return step;
    }

    /// What follows a whole one is another member of gzip (RFC 1952 section 2.2), or is left alone.
    bool begin_member(std::span<const std::uint8_t> in) {
        if (!gzip_ || left_alone_ || in.empty()) return false;
        left_alone_ = in.front() != kGzipMagic || inflateReset(&stream_) != Z_OK;
        if (!left_alone_) state_ = Decoding::kGoesOn;
        return !left_alone_;
    }

    bool gzip_;
    bool begun_ = false;
    bool left_alone_ = false;
    bool at_block_end_ = false;
    z_stream stream_{};
    Decoding state_ = Decoding::kGoesOn;
    std::array<std::uint8_t, 2> header_{};  // of deflate
    std::size_t header_size_ = 0;
    std::size_t header_used_ = 0;
};

}  // namespace

std::unique_ptr<Decoder> make_zlib_decoder(bool gzip) {
    return std::make_unique<ZlibDecoder>(gzip);
}

}  // namespace seamark::codec
