// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/coded_source.hpp"

#include <algorithm>
#include <array>

#include "plan/memory_needed.hpp"

namespace seamark::plan {

CodedSource::CodedSource(BodySource& inner, Coding coding, std::uint64_t flush_every)
    : inner_(inner),
      coding_(coding),
      cost_(cost_of(coding)),
      flush_every_(flush_every),
      left_(inner.length()) {}

/// Compresses the next `raw` bytes of the part.
void CodedSource::feed(std::uint64_t raw) {
    std::array<char, 32UL * 1024> in;
    while (raw > 0) {
        const auto now = std::min<std::uint64_t>(raw, in.size());
        inner_.put(in.data(), now);
        raw -= now;
        to_feed_ -= now;
        left_ -= now;
        const bool flush = to_feed_ == 0 && flush_every_ != 0 && parts_ % flush_every_ == 0;
        const auto then = left_ == 0 ? Compressor::Then::kFinish
                          : flush    ? Compressor::Then::kFlush
                                     : Compressor::Then::kGoesOn;
        compressor_->compress(std::span(in).first(now), then, coded_);
    }
}

bool CodedSource::advance(std::uint64_t raw, std::uint64_t& work) {
    if (!begun_) {
        if (work < cost_.part_work) return false;
        if (!compressor_) compressor_ = make_compressor(coding_);
        work -= cost_.part_work;
        begun_ = true;
        ++parts_;
        to_feed_ = raw;
        coded_.clear();
        coded_.reserve(coded_bound(raw, 1, false));
        put_ = 0;
    }
    const std::uint64_t now = std::min(to_feed_, work / cost_.byte_work);
    feed(now);
    work -= now * cost_.byte_work;
    return to_feed_ == 0;
}

std::uint64_t CodedSource::prepare(std::uint64_t raw) {
    std::uint64_t all = cost_.part_work + raw * cost_.byte_work;
    advance(raw, all);
    begun_ = false;
    return coded_.size();
}

char* CodedSource::put(char* at, std::uint64_t length) {
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
