// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/body/coded_reader.hpp"

#include <algorithm>
#include <array>

namespace seamark {

CodedReader::CodedReader(std::string_view coding, std::unique_ptr<ItemReader> reader,
                         ItemList& items, DecodingBudget& budget)
    : reader_(std::move(reader)),
      items_(&items),
      budget_(&budget),
      decoder_(budget.make(coding, static_cast<std::size_t>(budget.limits.memory_each))) {
    auto second = budget.make(coding, static_cast<std::size_t>(budget.limits.memory_each));
    if (!decoder_ || !second) {
        decoder_.reset();
        items.decoding = Decoding::kUnknown;
        return;
    }
    knows_blocks_ = decoder_->knows_blocks();
    bytes_ = std::make_unique<ByteDecoder>(std::move(second));
    items.decoding = Decoding::kGoesOn;
    if (!within_limits()) stop(Decoding::kMemory);
}

CodedReader::~CodedReader() {
    budget_->memory -= memory_;
}

void CodedReader::take(BodyOffset at, std::span<const std::uint8_t> bytes) {
    if (!decoder_) return;
    bytes_->add(bytes);
    decode(bytes);
    if (decoder_) items_->decoded = at + bytes.size();
}

void CodedReader::decode(std::span<const std::uint8_t> bytes) {
    static constexpr std::size_t kPiece = std::size_t{16} << 10;
    std::array<std::uint8_t, kPiece> data;
    const DecodingLimits& limits = budget_->limits;
    const BodyOffset before = items_->decoded;
    std::size_t taken = 0;
    while (true) {
        const Decoder::Step step = decoder_->decode(bytes.subspan(taken), data);
        taken += step.taken;
        if (step.given > 0) {
            reader_->take(given_, std::span(data).first(step.given));
            given_ += step.given;
        }
        if (!step.progress()) break;
        if (given_.value > limits.free_bytes &&
            given_.value - limits.free_bytes > limits.ratio * (before.value + taken)) {
            items_->decoded = before + taken;
            stop(Decoding::kRatio);
            return;
        }
    }
    const Decoding state = decoder_->state();
    if (state == Decoding::kBroken || state == Decoding::kMemory) {
        items_->decoded = before + taken;
        stop(state);
        return;
    }
    items_->decoding = state;
    locate();
    if (!within_limits()) stop(Decoding::kMemory);
}

bool CodedReader::within_limits() {
    const std::uint64_t used = decoder_->memory() + bytes_->memory();
    budget_->memory += used - memory_;
    memory_ = used;
    return used <= budget_->limits.memory_each && budget_->memory <= budget_->limits.memory_all;
}

/// Of the items that were found since.
void CodedReader::locate() {
    auto& items = items_->items;
    auto& coded = items_->coded;
    const auto note_block_end = [&] {
        CodedItem& last = coded.back();
        if (!knows_blocks_ || last.release != CodedItem::Release::kUnknown) return;
        const auto end = bytes_->block_end();
        if (end == ByteDecoder::BlockEnd::kNotYetKnown) return;
        last.release = end == ByteDecoder::BlockEnd::kYes ? CodedItem::Release::kFlushed
                                                          : CodedItem::Release::kInsideBlock;
    };
    if (!coded.empty()) {
        // A line end of two characters was found to be one.
        if (const DataOffset end = items[coded.size() - 1].range.end; end > located_) {
            coded.back().range.end = bytes_->decodable(end);
            coded.back().release = CodedItem::Release::kUnknown;
            located_ = end;
        }
        note_block_end();
    }
    while (coded.size() < items.size()) {
        Item& item = items[coded.size()];
        const BodyOffset first = bytes_->decodable(item.range.begin + 1);
        coded.push_back({{first - 1, bytes_->decodable(item.range.end)}});
        item.coded = &coded.back();
        located_ = item.range.end;
        note_block_end();
    }
}

void CodedReader::miss(BodyRange) {
    if (decoder_) stop(Decoding::kMissing);
}

void CodedReader::end(bool complete) {
    if (!decoder_) return;
    reader_->end(complete && decoder_->state() == Decoding::kDone);
    locate();
    decoder_.reset();
    bytes_.reset();
}

void CodedReader::stop(Decoding why) {
    reader_->end(false);
    locate();
    items_->decoding = why;
    decoder_.reset();
    bytes_.reset();
    budget_->memory -= memory_;
    memory_ = 0;
}

}  // namespace seamark
