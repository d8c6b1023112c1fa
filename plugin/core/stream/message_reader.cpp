// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/stream/message_reader.hpp"

#include <algorithm>
#include <utility>

namespace seamark {
namespace {

/// Calls visit(body, body range, its bytes) for each body that has bytes of a part of the stream.
/// bodies: in order of messages.
template <typename Bodies, typename Visit>
void each_body(Bodies& bodies, const MessageIndex& messages, StreamOffset begin,
               std::span<const std::uint8_t> bytes, Visit visit) {
    const ByteRange part{begin, begin + bytes.size()};
    for (auto body = bodies.rbegin(); body != bodies.rend(); ++body) {
        const StreamOffset head = messages[body->message].head.begin;
        if (head >= part.end) continue;
        body->map.extend();
        body->map.each_in_body(part, [&](BodyRange range, ByteRange where) {
            visit(*body, range, bytes.subspan(where.begin - begin, where.length()));
        });
        if (head <= part.begin) return;
    }
}

}  // namespace

void MessageReader::start_at(StreamOffset begin) {
    if (!start_) {
        start_ = begin;
        framer_.start(begin);
    } else if (begin < *start_ && opening_.open()) {
        if (!messages().empty() && !framer_.restart(begin)) return;
        forget_bodies(0);
        forget_records({});
        drop_kept();
        start_ = begin;
        framer_.start(begin);
        budget_->used -= waiting_.size();
        waiting_ = opening_.bytes().copy();
        budget_->used += waiting_.size();
    }
}

void MessageReader::take(StreamOffset begin, std::span<const std::uint8_t> bytes,
                         bool begins_segment) {
    opening_.add(begin, bytes, begins_segment);
    if (begin + bytes.size() <= cursor()) {
        // Stepped over.
    } else if (begin <= cursor()) {
        feed(begin, bytes, begins_segment);
    } else {
        waiting_.add(begin, bytes, begins_segment);
        budget_->used += bytes.size();
        return;
    }
    pass(begin, bytes, begins_segment);
}

void MessageReader::feed(StreamOffset begin, std::span<const std::uint8_t> bytes,
                         bool begins_segment) {
    if (tls()) {
        records_->feed(begin, bytes, begins_segment);
        return;
    }
    const bool open = begins_segment && framer_.may_begin(begin);
    framer_.feed(begin, bytes, begins_segment);
    look_for_records(begin, bytes, open);
}

/// A hello may stand where a segment begins, or where a start line was tried in mid-segment. open:
/// these bytes begin a segment, and none of them belongs to a message.
void MessageReader::look_for_records(StreamOffset begin, std::span<const std::uint8_t> bytes,
                                     bool open) {
    constexpr auto kHandshake = static_cast<std::uint8_t>(RecordType::kHandshake);
    if (!records_ || !records_->trying()) {
        const auto& failed = framer_.failed_trials();
        StreamOffset at = begin;
        bool hello = open && bytes.front() == kHandshake;
        if (!hello && !failed.empty() && failed.back().looks_like == Foreign::kTls &&
            failed.back().at > begin) {
            at = failed.back().at;
            hello = at < begin + bytes.size() && bytes[at - begin] == kHandshake;
        }
        const bool record = open && !hello && may_resume_ && looks_like_record(bytes);
        if (!hello && !record) return;
        if (!records_) records_ = std::make_unique<RecordFramer>();
        if (hello)
            records_->try_hello(at);
        else
            records_->resume(at);
    }
    records_->feed(begin, bytes, false);
}

void MessageReader::skip_hole(StreamOffset end) {
    if (!tls()) {
        framer_.skip_hole(end);
        may_resume_ = true;
    }
    if (records_) records_->skip_hole(end);
}

void MessageReader::forget_records(StreamOffset from) {
    if (records_) records_->forget_from(from);
}

bool MessageReader::end_segment() {
    const bool gave_up = !waiting_.empty() && read_waiting();
    opening_.count_segment();
    return gave_up;
}

bool MessageReader::read_waiting() {
    bool gave_up = false;
    while (!waiting_.empty()) {
        if (waiting_.first() > cursor()) {
            if (waiting_.size() < budget_->each && budget_->used < budget_->all) return gave_up;
            gave_up = true;
            skip_hole(waiting_.first());
        }
        const StreamOffset begin = waiting_.first();
        const WaitingBytes::Part part = waiting_.take_first();
        budget_->used -= part.bytes.size();
        part.each_stretch([&](std::size_t at, std::span<const std::uint8_t> bytes, bool begins) {
            if (begin + at + bytes.size() > cursor()) feed(begin + at, bytes, begins);
            pass(begin + at, bytes, begins);
        });
    }
    return gave_up;
}

void MessageReader::tell_heads() {
    const MessageIndex all = messages();
    for (; heads_told_ < all.size(); ++heads_told_) {
        const auto index = static_cast<std::uint32_t>(heads_told_);
        const Message& m = all[index];
        const bool may_grow = heads_told_ + 1 == all.size() && !m.stopped();
        if (!m.head_whole && may_grow) break;
        if (!m.head_whole || m.dropped) continue;
        if (!m.media.empty()) read_items(index);
        if (listener_ != nullptr) listener_->head_whole(index);
    }
}

void MessageReader::read_items(std::uint32_t message) {
    const Message& m = messages()[message];
    const bool has_body = m.framing == Framing::kChunked || m.framing == Framing::kContentLength ||
                          m.framing == Framing::kClose;
    if (!has_body) return;
    const bool coded = !m.coding.empty();
    if (coded && (decoding_ == nullptr || decoding_->make == nullptr)) return;
    const ItemMedia media = item_media(m.media);
    if (media.format == ItemFormat::kNone) return;
    if (!items_) items_ = std::make_unique<ItemBodies>();
    items_->push_back(
        {message, media.format, BodyMap(messages(), message), std::make_unique<ItemList>()});
    ItemList& list = *items_->back().list;
    auto reader = make_item_reader(media, list);
    if (coded) {
        consume(message,
                std::make_unique<CodedConsumer>(m.coding, std::move(reader), list, *decoding_));
    } else {
        consume(message, std::make_unique<ItemConsumer>(std::move(reader)));
    }
}

/// Of the last body alone: those before it had all their chunks when its head was read.
void MessageReader::extend_items() {
    if (items_ && !items_->empty()) items_->back().map.extend();
}

const BodyItems* MessageReader::items(std::uint32_t message) const {
    if (!items_) return nullptr;
    const auto at = std::partition_point(items_->begin(), items_->end(),
                                         [&](const auto& body) { return body.message < message; });
    return at != items_->end() && at->message == message ? &*at : nullptr;
}

/// Bytes of which the framer knows by now what they are; each captured byte comes here once.
void MessageReader::pass(StreamOffset begin, std::span<const std::uint8_t> bytes,
                         bool begins_segment) {
    extend_items();
    tell_heads();
    if (framer_.blind()) keep(begin, bytes, begins_segment);
    if (watched_)
        each_body(*watched_, messages(), begin, bytes,
                  [](WatchedBody& body, BodyRange range, std::span<const std::uint8_t> part) {
                      body.hash.add(range.begin, part);
                  });
    if (!consumed_) return;
    each_body(*consumed_, messages(), begin, bytes,
              [](ConsumedBody& body, BodyRange range, std::span<const std::uint8_t> part) {
                  body.feed.add(range.begin, part);
              });
    extend_items();
    finish_bodies();
}

/// Of bytes that may have to be read again: those after the head of the first blind response.
/// Where they are too many it stays as it is.
void MessageReader::keep(StreamOffset begin, std::span<const std::uint8_t> bytes,
                         bool begins_segment) {
    if (!keeping_) return;
    const StreamOffset from = messages()[*framer_.blind()].head.end;
    const StreamOffset end = begin + bytes.size();
    if (end <= from) return;
    const StreamOffset first = std::max(begin, from);
    kept_.add(first, bytes.subspan(first - begin), begins_segment && first == begin);
    budget_->used += end - first;
    if (kept_.size() > budget_->each || budget_->used > budget_->all) {
        drop_kept();
        keeping_ = false;
    }
}

void MessageReader::drop_kept() {
    budget_->used -= kept_.size();
    kept_ = {};
}

void MessageReader::settle() {
    if (!keeping_ && framer_.requests_seen() > 0) {
        // Bytes after the head of the blind response are gone: it stays as it is.
        framer_.forget_blind();
        keeping_ = true;
    }
    if (!keeping_ || !framer_.blind()) return;
    if (!framer_.settle()) {
        if (!framer_.blind()) drop_kept();
        return;
    }
    const auto first = messages().size() - 1;
    forget_bodies(first);
    forget_records(messages()[first].head.end);
    WaitingBytes again = std::exchange(kept_, {});
    budget_->used -= again.size();
    while (!again.empty()) {
        const StreamOffset begin = again.first();
        const WaitingBytes::Part part = again.take_first();
        part.each_stretch([&](std::size_t at, std::span<const std::uint8_t> bytes, bool begins) {
            waiting_.add(begin + at, bytes, begins);
            budget_->used += bytes.size();
        });
    }
    read_waiting();
    settle();
}

/// What was made of the bodies of this message and those after it.
void MessageReader::forget_bodies(std::uint32_t first) {
    heads_told_ = std::min<std::size_t>(heads_told_, first);
    const auto later = [first](const auto& body) { return body.message >= first; };
    if (watched_) std::erase_if(*watched_, later);
    if (consumed_) std::erase_if(*consumed_, later);
    if (items_) std::erase_if(*items_, later);
    if (listener_ != nullptr) listener_->forget_from(first);
}

/// Those that have all their bytes.
void MessageReader::finish_bodies() {
    std::erase_if(*consumed_, [](ConsumedBody& body) {
        const auto length = body.map.length();
        if (!body.map.message().ended || !length || body.feed.next().value != *length) return false;
        body.feed.finish(&*length);
        return true;
    });
}

void MessageReader::watch(std::uint32_t message) {
    if (watched(message) != nullptr) return;
    if (!watched_) watched_ = std::make_unique<WatchedBodies>();
    const auto at = std::partition_point(watched_->begin(), watched_->end(),
                                         [&](const auto& body) { return body.message < message; });
    watched_->insert(at, {message, BodyMap(messages(), message), BodyHash{}})->map.extend();
}

const WatchedBody* MessageReader::watched(std::uint32_t message) const {
    if (!watched_) return nullptr;
    const auto at = std::partition_point(watched_->begin(), watched_->end(),
                                         [&](const auto& body) { return body.message < message; });
    return at != watched_->end() && at->message == message ? &*at : nullptr;
}

void MessageReader::consume(std::uint32_t message, std::unique_ptr<BodyConsumer> consumer) {
    if (!consumed_) consumed_ = std::make_unique<ConsumedBodies>();
    consumed_->push_back({message, BodyMap(messages(), message), BodyFeed(std::move(consumer))});
}

void MessageReader::give_up_hole() {
    if (waiting_.empty()) return;
    skip_hole(waiting_.first());
    read_waiting();
}

StreamOffset MessageReader::end_connection(const StreamEnd& end) {
    finish(end);
    framer_.end_connection(end.captured);
    const StreamOffset reached =
        messages().empty() ? end.sent : messages().extent(messages()[messages().size() - 1]).end;
    // What a size says that no one sends is not stepped over.
    constexpr StreamOffset kMost{std::uint64_t{1} << 62};
    return std::max(end.sent, reached < kMost ? reached : StreamOffset{});
}

void MessageReader::start_over(StreamOffset at) {
    drop_kept();
    keeping_ = true;
    framer_.start_over(at);
    forget_records(at);
    start_ = at;
    opening_.close();
}

void MessageReader::finish(const StreamEnd& end) {
    while (!waiting_.empty()) give_up_hole();
    framer_.finish(end);
    extend_items();
    if (!consumed_) return;
    for (ConsumedBody& body : *consumed_) {
        body.map.extend();
        const auto length = body.map.length();
        body.feed.finish(length ? &*length : nullptr);
    }
    consumed_->clear();
}

}  // namespace seamark
