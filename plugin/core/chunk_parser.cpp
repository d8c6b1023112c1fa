// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/chunk_parser.hpp"

#include <limits>

#include "core/characters.hpp"

namespace seamark {

ChunkParser::Step ChunkParser::feed(std::span<const std::uint8_t> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const Event event = take(bytes[i]);
        if (event != Event::kNeedMore) return {i + 1, event};
    }
    return {bytes.size(), Event::kNeedMore};
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

ChunkParser::Event ChunkParser::size_begin(unsigned char byte) {
    size_ = 0;
    line_.clear();
    digits_ = line_length_ = 0;
    tail_length_ = 0;
    faults_ = {};
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
