// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/deflate_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "plan/memory_needed.hpp"

namespace seamark::plan {
namespace {

constexpr int gzip_format = 16;  // added to the window's bits
constexpr int memory_level = 8;

// What it costs, measured in bytes that are copied.
constexpr std::uint64_t byte_work = 4;
constexpr std::uint64_t part_work = 256;

}  // namespace

DeflateSource::DeflateSource(BodySource& inner, Coding coding)
    : inner_(inner), coding_(coding), left_(inner.length()) {}

DeflateSource::~DeflateSource() {
    if (stream_) deflateEnd(stream_.get());
}

void DeflateSource::begin_stream() {
    auto stream = std::make_unique<z_stream_s>();
    const int bits = MAX_WBITS + (coding_ == Coding::gzip ? gzip_format : 0);
    if (deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        throw BodyError("there is no memory to compress it");
    }
    stream_ = std::move(stream);
}

/// Compresses the next `raw` bytes of the part.
void DeflateSource::feed(std::uint64_t raw) {
    std::array<char, 32UL * 1024> in;
    std::array<char, 32UL * 1024> out;
    while (raw > 0) {
        const auto now = std::min<std::uint64_t>(raw, in.size());
        inner_.put(in.data(), now);
        raw -= now;
        to_feed_ -= now;
        left_ -= now;
        const int flush = to_feed_ > 0 ? Z_NO_FLUSH : left_ > 0 ? Z_SYNC_FLUSH : Z_FINISH;
        stream_->next_in = reinterpret_cast<Bytef*>(in.data());
        stream_->avail_in = static_cast<uInt>(now);
        do {
            stream_->next_out = reinterpret_cast<Bytef*>(out.data());
            stream_->avail_out = static_cast<uInt>(out.size());
            deflate(stream_.get(), flush);
            coded_.insert(coded_.end(), out.data(), out.data() + out.size() - stream_->avail_out);
        } while (stream_->avail_out == 0);
    }
}

bool DeflateSource::advance(std::uint64_t raw, std::uint64_t& work) {
    if (!begun_) {
        if (work < part_work) return false;
        if (!stream_) begin_stream();
        work -= part_work;
        begun_ = true;
        to_feed_ = raw;
        coded_.clear();
        coded_.reserve(coded_bound(raw, 1, false));
        put_ = 0;
    }
    const std::uint64_t now = std::min(to_feed_, work / byte_work);
    feed(now);
    work -= now * byte_work;
    return to_feed_ == 0;
}

std::uint64_t DeflateSource::prepare(std::uint64_t raw) {
    std::uint64_t all = part_work + raw * byte_work;
    advance(raw, all);
    begun_ = false;
    return coded_.size();
}

char* DeflateSource::put(char* at, std::uint64_t length) {
    at = std::copy_n(coded_.data() + put_, length, at);
    put_ += length;
    return at;
}

bool StoredSource::store(std::uint64_t& work) {
    // Untouched room costs nothing; to grow bit by bit would take up to three times as much.
    bytes_.reserve(bound_);
    while (left_ > 0) {
        const std::uint64_t raw = std::min(left_, size_);
        if (!inner_.advance(raw, work)) return false;
        const std::uint64_t length = inner_.prepare(raw);
        left_ -= raw;
        sizes_.push_back(static_cast<std::uint32_t>(length));
        bytes_.resize(bytes_.size() + length);
        inner_.put(bytes_.data() + bytes_.size() - length, length);
    }
    return true;
}

char* StoredSource::put(char* at, std::uint64_t length) {
    at = std::copy_n(bytes_.data() + put_, length, at);
    put_ += length;
    return at;
}

}  // namespace seamark::plan
