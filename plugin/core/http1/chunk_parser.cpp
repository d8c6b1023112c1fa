// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/chunk_parser.hpp"

#include <algorithm>
#include <limits>

#include "core/base/characters.hpp"

namespace seamark {

ChunkParser::Step ChunkParser::feed(std::span<const std::uint8_t> bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (state_ == State::kSizeBegin) {
            if (const std::size_t length = usual_size_line(bytes.subspan(at)))
                return {at + length, end_size_line()};
        }
        if (state_ == State::kExtension) {
            at += extension_run(bytes.subspan(at));
            if (at == bytes.size()) break;
        }
        const Event event = take(bytes[at++]);
        if (event != Event::kNeedMore) return {at, event};
    }
    return {at, Event::kNeedMore};
}

/// Nearly every size line is digits, perhaps one ";name=value", and CRLF, and is in one segment.
/// Takes such a line in one go; returns its length, or 0 and takes nothing where it is not of this
/// form.
std::size_t ChunkParser::usual_size_line(std::span<const std::uint8_t> bytes) {
    constexpr std::size_t kMostDigits = 16;
    const std::size_t end = std::min(bytes.size(), kSizeLineLimit);
    const auto token = [&](std::size_t at) {
        while (at < end && is_token_char(bytes[at])) ++at;
        return at;
    };
    std::size_t at = 0;
    std::uint64_t size = 0;
    for (; at < end && at < kMostDigits && hex_value(bytes[at]) >= 0; ++at)
        size = size << 4 | static_cast<std::uint64_t>(hex_value(bytes[at]));
    const std::size_t digits = at;
    if (digits > 0 && at < end && bytes[at] == ';') {
        const std::size_t equals = token(at + 1);
        if (equals == at + 1 || equals == end || bytes[equals] != '=') return 0;
        at = token(equals + 1);
        if (at == equals + 1) return 0;
    }
    if (digits == 0 || at + 1 >= end || bytes[at] != '\r' || bytes[at + 1] != '\n') return 0;
    begin_chunk();
    size_ = size;
    digits_ = digits;
    line_.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    line_length_ = at + 2;
    return line_length_;
}

/// Takes the bytes up to the line end, or to the limit, in one go; returns how many.
std::size_t ChunkParser::extension_run(std::span<const std::uint8_t> bytes) {
    const std::size_t room = std::min(bytes.size(), kSizeLineLimit - line_length_);
    std::size_t length = 0;
    while (length < room && bytes[length] != '\r' && bytes[length] != '\n')
        extension_.feed(bytes[length++], faults_);
    line_.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    line_length_ += length;
    return length;
}

ChunkParser::Event ChunkParser::take(unsigned char byte) {
    switch (state_) {
        case State::kSizeBegin:
            return size_begin(byte);
        case State::kSize:
            return size(byte);
        case State::kBlanks:
            return after_size(byte);
        case State::kExtension:
        case State::kExtensionCr:
            return extension(byte);
        case State::kSizeCr:
            if (++line_length_ > kSizeLineLimit) return refuse(Fault::kSizeLineTooLong);
            return byte == '\n' ? end_size_line() : refuse(Fault::kBadSizeLineEnd);
        case State::kDataEnd:
        case State::kDataEndCr:
            return data_end(byte);
        case State::kTrailer:
            ++tail_length_;
            return trailer_.feed(byte) ? Event::kBodyEnd : Event::kNeedMore;
    }
    return Event::kNeedMore;
}

void ChunkParser::begin_chunk() {
    size_ = 0;
    line_.clear();
    digits_ = line_length_ = 0;
    tail_length_ = 0;
    faults_ = {};
}

ChunkParser::Event ChunkParser::size_begin(unsigned char byte) {
    begin_chunk();
    if (hex_value(byte) < 0) return refuse(Fault::kMissingSize);
    state_ = State::kSize;
    return size(byte);
}

ChunkParser::Event ChunkParser::size(unsigned char byte) {
    const int digit = hex_value(byte);
    if (digit < 0) return after_size(byte);
    if (size_ > std::numeric_limits<std::uint64_t>::max() >> 4) return refuse(Fault::kSizeOverflow);
    if (++line_length_ > kSizeLineLimit) return refuse(Fault::kSizeLineTooLong);
    size_ = size_ << 4 | static_cast<std::uint64_t>(digit);
    line_.push_back(static_cast<char>(byte));
    if (++digits_ > 16) faults_.add(Fault::kLeadingZeros);
    return Event::kNeedMore;
}

ChunkParser::Event ChunkParser::after_size(unsigned char byte) {
    if (++line_length_ > kSizeLineLimit) return refuse(Fault::kSizeLineTooLong);
    if (byte == '\n') {
        faults_.add(Fault::kBareLf);
        return end_size_line();
    }
    if (byte == '\r') {
        state_ = State::kSizeCr;
        return Event::kNeedMore;
    }
    if (byte == ';') {
        state_ = State::kExtension;
        extension_.reset();
        extension_.feed(byte, faults_);
    } else if (is_blank(byte)) {
        state_ = State::kBlanks;
        faults_.add(Fault::kBlankAfterSize);
    } else {
        return refuse(Fault::kBadSize);
    }
    line_.push_back(static_cast<char>(byte));
    return Event::kNeedMore;
}

ChunkParser::Event ChunkParser::extension(unsigned char byte) {
    if (++line_length_ > kSizeLineLimit) return refuse(Fault::kSizeLineTooLong);
    if (byte == '\n') {
        if (state_ == State::kExtension) faults_.add(Fault::kBareLf);
        extension_.end(faults_);
        return end_size_line();
    }
    if (state_ == State::kExtensionCr) {
        faults_.add(Fault::kBareCr);
        line_.push_back('\r');
        state_ = State::kExtension;
    }
    if (byte == '\r') {
        state_ = State::kExtensionCr;
        return Event::kNeedMore;
    }
    extension_.feed(byte, faults_);
    line_.push_back(static_cast<char>(byte));
    return Event::kNeedMore;
}

ChunkParser::Event ChunkParser::data_end(unsigned char byte) {
    if (byte == '\n') {
        ++tail_length_;
        if (state_ == State::kDataEnd) faults_.add(Fault::kBareLf);
        return end_chunk();
    }
    if (state_ == State::kDataEndCr || byte != '\r') return refuse(Fault::kBadChunkEnd);
    ++tail_length_;
    state_ = State::kDataEndCr;
    return Event::kNeedMore;
}

ChunkParser::Event ChunkParser::end_size_line() {
    if (size_ == 0) {
        state_ = State::kTrailer;
        trailer_.reset();
    } else {
        state_ = State::kDataEnd;
    }
    return Event::kSizeLine;
}

ChunkParser::Event ChunkParser::end_chunk() {
    state_ = State::kSizeBegin;
    return Event::kChunkEnd;
}

ChunkParser::Event ChunkParser::refuse(Fault fault) {
    faults_.add(fault);
    return Event::kRefused;
}

}  // namespace seamark
