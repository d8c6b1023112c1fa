// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/deflate_source.hpp"

#include <zlib.h>

#include <algorithm>

namespace seamark::plan {
namespace {

constexpr int gzip_format = 16;  // added to the window's bits
constexpr int memory_level = 8;
constexpr std::size_t flush_room = 64;  // more than a flush, a header and a trailer take

}  // namespace

DeflateSource::DeflateSource(BodySource& inner, Coding coding)
    : inner_(inner), stream_(std::make_unique<z_stream_s>()), left_(inner.length()) {
    const int bits = MAX_WBITS + (coding == Coding::gzip ? gzip_format : 0);
    if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw BodyError("there is no memory to compress it");
    }
}

DeflateSource::~DeflateSource() {
    deflateEnd(stream_.get());
}

std::uint64_t DeflateSource::prepare(std::uint64_t raw) {
    raw_.resize(raw);
    inner_.put(raw_.data(), raw);
    left_ -= raw;
    // deflateBound() is for a whole stream; a part with what the last one left behind is no longer.
    coded_.resize(deflateBound(stream_.get(), raw) + flush_room);
    stream_->next_in = reinterpret_cast<Bytef*>(raw_.data());
    stream_->avail_in = static_cast<uInt>(raw);
    coded_size_ = put_ = 0;
    for (;;) {
        stream_->next_out = reinterpret_cast<Bytef*>(coded_.data() + coded_size_);
        const auto room = static_cast<uInt>(coded_.size() - coded_size_);
        stream_->avail_out = room;
        const int result = deflate(stream_.get(), left_ == 0 ? Z_FINISH : Z_SYNC_FLUSH);
        coded_size_ += room - stream_->avail_out;
        if (stream_->avail_out > 0 || result == Z_STREAM_END) return coded_size_;
        coded_.resize(2 * coded_.size());
    }
}

char* DeflateSource::put(char* at, std::uint64_t length) {
    at = std::copy_n(coded_.data() + put_, length, at);
    put_ += length;
    return at;
}

StoredSource::StoredSource(BodySource& inner, std::uint64_t size) : raw_(inner.length()) {
    for (std::uint64_t left = raw_; left > 0; left -= std::min(left, size)) {
        const std::uint64_t length = inner.prepare(std::min(left, size));
        sizes_.push_back(length);
        bytes_.resize(bytes_.size() + length);
        inner.put(bytes_.data() + bytes_.size() - length, length);
    }
}

char* StoredSource::put(char* at, std::uint64_t length) {
    at = std::copy_n(bytes_.data() + put_, length, at);
    put_ += length;
    return at;
}

}  // namespace seamark::plan
