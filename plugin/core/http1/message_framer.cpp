// SPDX-License-Identifier: GPL-2.0-or-later
//
// Long, for it is one machine: each state hands on to others, and all share what was read so far.
#include "core/http1/message_framer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/characters.hpp"
#include "core/base/hash.hpp"
#include "core/http1/write_tag.hpp"

namespace seamark {
namespace {

/// Hash of the method and the target in origin form (RFC 9112 section 3.2), so that what a client
/// asks of a proxy in absolute form is the same as what the proxy asks of the server.
std::uint64_t request_key(std::string_view start_line) {
    const auto begin = start_line.find_first_not_of("\r\n");
    if (begin == std::string_view::npos) return 0;
    start_line.remove_prefix(begin);
    const auto method = start_line.find_first_of(" \t");
    const auto target = start_line.find_first_not_of(" \t", method);
    if (target == std::string_view::npos) return 0;
    std::string_view form = start_line.substr(target);
    form = trim(form.substr(0, form.find_first_of("\r\n")));
    form =
        trim(form.substr(0, form.find_last_of(" \t")));  // the version; the target may hold blanks
    constexpr std::string_view kAuthority = "://";
    if (const auto authority = form.find(kAuthority);
        !form.starts_with('/') && authority != std::string_view::npos) {
        const auto path = form.find('/', authority + kAuthority.size());
        form = path == std::string_view::npos ? "/" : form.substr(path);
    }
    return hash_text(form, hash_text(start_line.substr(0, method)));
}

/// After garbage, a line with blanks in its target may be more of it with a start line after,
/// where a segment begins: then that is what is read, and where it begins is given back.
template <typename Reading>
std::optional<StreamOffset> inner_line(Reading& reading, StreamOffset candidate) {
    using Verdict = StartLineParser::Verdict;
    if (!reading.start_line.blank_in_target()) return std::nullopt;
    for (const StreamOffset boundary : reading.boundaries) {
        StartLineParser parser;
        auto verdict = Verdict::kNeedMore;
        for (auto i = boundary - candidate;
             i < reading.held.size() && verdict == Verdict::kNeedMore; ++i)
            verdict = parser.feed(static_cast<unsigned char>(reading.held[i]));
        if (verdict != Verdict::kWhole || parser.blank_in_target()) continue;
        reading.held.erase(0, boundary - candidate);
        reading.start_line = parser;
        return boundary;
    }
    return std::nullopt;
}

}  // namespace

void MessageFramer::start(StreamOffset at) {
    if (state_ == State::kSwallow) return;
    search();
    cursor_ = start_ = at;
    intact_ = true;
    proxy_.reset();
    proxy_header_.reset();
    failed_.clear();
}

bool MessageFramer::restart(StreamOffset at) {
    if (stop_after_ || switched_ever_) return false;
    messages_.truncate(0);
    chunks_.truncate(0);
    requests_->clear();
    answered_->unanswer(0);
    final_responses_ = 0;
    blind_.reset();
    state_ = State::kSearch;
    start(at);
    return true;
}

void MessageFramer::end_connection(StreamOffset end) {
    if (!messages_.empty() && messages_.back().framing == Framing::kClose)
        messages_.back().body.end = std::max(messages_.back().body.begin, end);
}

void MessageFramer::start_over(StreamOffset at) {
    ++epochs_;
    requests_->start_over();
    stop_after_.reset();
    switched_.reset();
    blind_.reset();
    switched_ever_ = false;
    intact_ = true;
    proxy_.reset();
    search();
    cursor_ = start_ = at;
}

bool MessageFramer::settle() {
    while (blind_) {
        Message& message = messages_[*blind_];
        if (message.answer >= answered_->size()) return false;
        message.blind = false;
        const Method method = answered_->method(message.answer);
        const bool success = message.line.status < 300;
        if (method == Method::kHead || (method == Method::kConnect && success)) {
            const std::uint32_t response = *blind_;
            blind_.reset();
            if (switched_ever_) return false;
            const bool head = method == Method::kHead;
            reframe(response, head ? Framing::kNone : Framing::kTunnel,
                    head ? FramingReason::kAnswersHead : FramingReason::kAnswersConnect);
            return true;
        }
        std::uint32_t next = *blind_ + 1;
        while (next < messages_.size() && !messages_[next].blind) ++next;
        blind_ = next < messages_.size() ? std::optional(next) : std::nullopt;
    }
    return false;
}

/// The response ends with its head after all.
void MessageFramer::reframe(std::uint32_t response, Framing framing, FramingReason reason) {
    messages_.truncate(response + std::size_t{1});
    Message& message = messages_.back();
    chunks_.truncate(message.first_chunk);
    while (!failed_.empty() && failed_.back().messages > response) failed_.pop_back();
    final_responses_ = message.answer + 1;
    answered_->unanswer(final_responses_);
    message.framing = framing;
    message.reason = reason;
    message.faults = message.head_faults;
    message.body = {message.head.end, message.head.end};
    message.chunk_count = 0;
    message.stopped_at = {};
    end_message(message.head.end);
}

void MessageFramer::feed(StreamOffset begin, std::span<const std::uint8_t> bytes,
                         bool begins_segment) {
    const StreamOffset end = begin + bytes.size();
    while (cursor_ < end) {
        const auto rest = bytes.subspan(cursor_ - begin);
        const bool at_boundary = begins_segment && cursor_ == begin;
        switch (state_) {
            case State::kSearch:
                // After garbage or a hole a start line must begin a segment.
                if (at_boundary) {
                    if (cursor_ == start_ && intact_ && ProxyHeaderParser::may_begin(rest.front()))
                        proxy_ = std::make_unique<ProxyHeaderParser>();
                    expect_start_line(cursor_);
                } else {
                    cursor_ = end;
                }
                break;
            case State::kStartLine:
                feed_start_line(rest, at_boundary);
                break;
            case State::kHead:
                feed_head(rest);
                break;
            case State::kChunks:
                feed_chunks(rest);
                break;
            case State::kSwallow:
                return;
        }
    }
}

void MessageFramer::expect_start_line(StreamOffset at) {
    state_ = State::kStartLine;
    candidate_ = at;
    if (!reading_) return;
    reading_->start_line.reset();
    reading_->held.clear();
    reading_->boundaries.clear();
    reading_->no_start_line = false;
}

MessageFramer::Reading& MessageFramer::reading() {
    if (!reading_) reading_ = std::make_unique<Reading>();
    return *reading_;
}

void MessageFramer::feed_start_line(std::span<const std::uint8_t> bytes, bool begins_segment) {
    using Verdict = StartLineParser::Verdict;
    if (begins_segment && cursor_ != candidate_) reading().boundaries.push_back(cursor_);
    if (cursor_ == candidate_) reading().looks_like = sniff(bytes);
    for (const std::uint8_t byte : bytes) {
        ++cursor_;
        reading().held.push_back(static_cast<char>(byte));
        if (proxy_ && feed_proxy_header(byte)) {
            if (state_ != State::kStartLine || reading_->held.empty()) return;
            continue;
        }
        switch (reading_->start_line.feed(byte)) {
            case Verdict::kNeedMore:
                if (reading_->start_line.at_begin()) expect_start_line(cursor_);
                break;
            case Verdict::kWhole:
                take_start_line();
                return;
            case Verdict::kTooLong:
                note_failed_trial(candidate_);
                search();
                return;
            case Verdict::kImpossible:
                reading_->no_start_line = true;
                if (!proxy_) retry_start_line();
                break;
        }
        if (state_ != State::kStartLine) return;
    }
}

/// The first bytes of a stream may be a PROXY header. True where there is nothing more to do with
/// this byte: it ended the header, or belongs to one if to anything.
bool MessageFramer::feed_proxy_header(std::uint8_t byte) {
    using Verdict = ProxyHeaderParser::Verdict;
    switch (proxy_->feed(byte)) {
        case Verdict::kNeedMore:
            return reading_->no_start_line;
        case Verdict::kImpossible:
            proxy_.reset();
            if (!reading_->no_start_line) return false;
            retry_start_line();
            return true;
        case Verdict::kWhole:
            break;
    }
    proxy_header_ = std::make_unique<ProxyHeader>(
        ProxyHeader{{start_, cursor_}, proxy_->version(), proxy_->says()});
    proxy_.reset();
    expect_start_line(cursor_);
    return true;
}

void MessageFramer::note_failed_trial(StreamOffset at) {
    intact_ = false;
    const auto messages = static_cast<std::uint32_t>(messages_.size());
    if (failed_.empty() || failed_.back().messages != messages)
        failed_.push_back({at, messages, reading_->looks_like});
}

/// What was tried is no start line: tries again where the next segment begins. No trial reaches
/// past a line end, so little is looked at twice.
void MessageFramer::retry_start_line() {
    using Verdict = StartLineParser::Verdict;
    const std::string held = std::exchange(reading_->held, {});
    const std::vector<StreamOffset> boundaries = std::exchange(reading_->boundaries, {});
    const StreamOffset first = candidate_;
    note_failed_trial(first);
    for (auto boundary = boundaries.begin(); boundary != boundaries.end(); ++boundary) {
        expect_start_line(*boundary);
        auto verdict = Verdict::kNeedMore;
        for (StreamOffset at = *boundary; at < cursor_ && verdict == Verdict::kNeedMore; ++at) {
            const char byte = held[at - first];
            reading_->held.push_back(byte);
            verdict = reading_->start_line.feed(static_cast<unsigned char>(byte));
            if (reading_->start_line.at_begin()) expect_start_line(at + 1);
        }
        if (verdict == Verdict::kWhole) {
            std::copy_if(boundary + 1, boundaries.end(), std::back_inserter(reading_->boundaries),
                         [&](StreamOffset later) { return later > candidate_; });
            take_start_line();
            return;
        }
        if (verdict == Verdict::kNeedMore) {
            reading_->boundaries.assign(boundary + 1, boundaries.end());
            return;
        }
    }
    search();
}

void MessageFramer::take_start_line() {
    // With no garbage in front of it the line is what its sender made of it.
    if (!failed_.empty() && failed_.back().messages == messages_.size())
        if (const auto inner = inner_line(*reading_, candidate_)) candidate_ = *inner;
    begin_message();
}

void MessageFramer::begin_message() {
    // Responses of a connection that began later answer its requests alone.
    if (epochs_ > 0 && epochs_ >= answered_->epochs())
        final_responses_ =
            std::max(final_responses_, static_cast<std::uint32_t>(answered_->epoch()));
    Message message;
    message.head = {candidate_, cursor_};
    const StartLineParser& line = reading_->start_line;
    message.line = {line.kind(), line.method(), line.status(), line.minor_version()};
    message.first_chunk = static_cast<std::uint32_t>(chunks_.size());
    message.answer = final_responses_;
    if (message.is_request()) message.key = request_key(reading_->held);
    const bool final = !message.is_request() && message.line.status >= 200;
    message.unsolicited = final && answered_->unsolicited(final_responses_);
    messages_.push_back(message);
    if ((final && !message.unsolicited) || message.line.status == 101)
        answered_->answered(final_responses_++);
    if (message.is_request())
        requests_->add(static_cast<std::uint32_t>(messages_.size() - 1), message.line.method,
                       candidate_);
    reading_->head.reset();
    if (line.bare_lf()) reading_->head.fields().faults.add(Fault::kBareLf);
    if (line.blank_in_target()) reading_->head.fields().faults.add(Fault::kBlankInTarget);
    reading_->held.clear();
    reading_->boundaries.clear();
    state_ = State::kHead;
}

void MessageFramer::feed_head(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
        ++cursor_;
        if (reading_->head.feed(byte)) {
            end_head();
            return;
        }
    }
    messages_.back().head.end = cursor_;
}

/// Most messages of a connection are of the same type: then the text is there.
void MessageFramer::keep_media(Message& message, std::string_view media) {
    const std::size_t others = messages_.size() - 1;
    if (others > 0 && messages_[others - 1].media == media) {
        message.media = messages_[others - 1].media;
    } else if (!media.empty()) {
        message.media = {texts_.add(media), media.size()};
    }
}

void MessageFramer::end_head() {
    Message& message = messages_.back();
    const bool response = !message.is_request();
    const Method request_method =
        response && !message.unsolicited ? answered_->method(message.answer) : Method::kUnknown;
    const HeadFields& fields = reading_->head.fields();
    const FramingDecision decision = decide_framing(message.line, fields, request_method);
    message.head.end = cursor_;
    message.head_whole = true;
    message.framing = decision.framing;
    message.reason = decision.reason;
    message.faults = message.head_faults = decision.faults;
    message.tagged = fields.tagged;
    message.forwarded = fields.forwarded;
    if (response) message.key = fields.id;
    message.blind = response && !message.unsolicited && message.line.status >= 200 &&
                    decision.framing != Framing::kNone && message.answer >= answered_->size();
    if (message.blind && !blind_) blind_ = static_cast<std::uint32_t>(messages_.size() - 1);
    if (!fields.coding.empty()) message.coding = {texts_.add(fields.coding), fields.coding.size()};
    keep_media(message, fields.media);
    message.body = {cursor_, cursor_};
    const bool switches = message.line.status == 101;
    if (switches) message.upgrade = {texts_.add(fields.upgrade), fields.upgrade.size()};

    switch (decision.framing) {
        case Framing::kUnknown:
            message.stopped_at = cursor_;
            swallow();
            return;
        case Framing::kClose:
            message.body.end = kNever;
            swallow();
            return;
        case Framing::kChunked:
            state_ = State::kChunks;
            reading_->chunk.reset();
            return;
        case Framing::kContentLength:
            message.body.end = saturating_add(cursor_, decision.length);
            end_message(message.body.end);
            return;
        case Framing::kNone:
        case Framing::kTunnel:
            end_message(cursor_);
            if (switches) {
                switched_ = final_responses_;
                switched_ever_ = true;
                swallow();
            }
            return;
    }
}

void MessageFramer::feed_chunks(std::span<const std::uint8_t> bytes) {
    const auto step = reading_->chunk.feed(bytes);
    cursor_ += step.consumed;
    switch (step.event) {
        case ChunkParser::Event::kSizeLine:
            take_size_line();
            cursor_ = saturating_add(cursor_, reading_->chunk.size());
            return;
        case ChunkParser::Event::kNeedMore:
            update_chunk();
            return;
        case ChunkParser::Event::kChunkEnd:
            update_chunk();
            chunks_.back().ended = true;
            return;
        case ChunkParser::Event::kBodyEnd:
            update_chunk();
            chunks_.back().ended = true;
            chunks_.back().final_line_length = reading_->chunk.final_line_length();
            end_message(cursor_);
            return;
        case ChunkParser::Event::kRefused:
            refuse();
            return;
    }
}

void MessageFramer::take_size_line() {
    Chunk chunk;
    const std::string& line = reading_->chunk.line();
    chunk.offset = cursor_ - reading_->chunk.line_length();
    chunk.size = reading_->chunk.size();
    chunk.text = texts_.add(line);
    chunk.text_length = static_cast<std::uint32_t>(line.size());
    chunk.digits = static_cast<std::uint32_t>(reading_->chunk.digits());
    chunk.line_end_length = static_cast<std::uint8_t>(reading_->chunk.line_length() - line.size());
    chunk.faults = reading_->chunk.faults();
    if (messages_.back().tagged &&
        parse_write_tag(std::string_view(line).substr(chunk.digits)).faulty)
        chunk.faults.add(Fault::kBadTag);
    chunks_.push_back(chunk);
    ++messages_.back().chunk_count;
}

/// Updates the record of a chunk whose tail is being read.
void MessageFramer::update_chunk() {
    if (reading_->chunk.in_size_line() && reading_->chunk.tail_length() == 0) return;
    Chunk& chunk = chunks_.back();
    chunk.tail_length = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(reading_->chunk.tail_length(), ~std::uint32_t{0}));
    reading_->chunk.faults().each([&](Fault fault) {
        chunk.faults.add(subflow_ && is_fatal(fault) ? Fault::kSubflow : fault);
    });
}

/// What cannot be framed ends recognition in this direction.
void MessageFramer::refuse() {
    Message& message = messages_.back();
    // A size line has no record of its own that could show what was tolerated in it.
    const bool no_record = reading_->chunk.in_size_line();
    reading_->chunk.faults().each([&](Fault fault) {
        const Fault shown = subflow_ && is_fatal(fault) ? Fault::kSubflow : fault;
        if (no_record || is_fatal(fault)) message.faults.add(shown);
    });
    message.stopped_at = cursor_ - 1;
    if (!no_record) update_chunk();
    swallow();
}

/// The message's end is known: a start line may follow at once.
void MessageFramer::end_message(StreamOffset end) {
    messages_.back().ended = true;
    cursor_ = end;
    reading_.reset();
    expect_start_line(end);
    stop_where_due();
}

void MessageFramer::break_message(Fault fault) {
    Message& message = messages_.back();
    message.faults.add(fault);
    message.stopped_at = cursor_;
    if (message.framing == Framing::kChunked && !reading_->chunk.in_size_line())
        chunks_.back().faults.add(fault);
}

void MessageFramer::skip_hole(StreamOffset end) {
    if (end <= cursor_) return;
    if (state_ == State::kHead || state_ == State::kChunks) break_message(Fault::kMissingBytes);
    intact_ = false;
    proxy_.reset();
    if (state_ != State::kSwallow) {
        search();
        cursor_ = end;
        stop_where_due();
    }
}

Fault MessageFramer::ending(const StreamEnd& end, StreamOffset needed) const {
    const Fault fault = end.cut(needed);
    return subflow_ && fault == Fault::kCutByFin ? Fault::kSubflow : fault;
}

std::optional<Fault> MessageFramer::cut(const StreamEnd& end) const {
    if (messages_.empty()) return std::nullopt;
    const Message& message = messages_.back();
    if (state_ == State::kHead || state_ == State::kChunks) return ending(end, cursor_);
    if (message.framing == Framing::kContentLength && message.body.end > end.captured)
        return ending(end, message.body.end - 1);
    if (message.framing == Framing::kClose) {
        // The FIN is the end that the framing asks for, if nothing in front of it is missing.
        const Fault fault = ending(end, end.captured);
        if (fault != Fault::kCutByFin) return fault;
    }
    return std::nullopt;
}

void MessageFramer::finish(const StreamEnd& end) {
    const auto fault = cut(end);
    if (!fault) return;
    Message& message = messages_.back();
    message.faults.add(*fault);
    // A chunk that is not complete at the end of the capture has no fault of its own.
    const bool in_chunk = state_ == State::kChunks && !reading_->chunk.in_size_line();
    if (in_chunk && *fault != Fault::kUnfinished) chunks_.back().faults.add(*fault);
}

void MessageFramer::stop_after(std::uint32_t keep_requests) {
    if (requests_->size() > keep_requests) {
        for (std::size_t m = requests_->message_behind(keep_requests); m < messages_.size(); ++m)
            messages_[m].dropped = true;
        requests_->keep(keep_requests);
        swallow();
        return;
    }
    stop_after_ = keep_requests;
    if (state_ != State::kHead && state_ != State::kChunks) stop_where_due();
}

/// Between two messages: is the next one no HTTP/1 any more?
void MessageFramer::stop_where_due() {
    if (stop_after_ && requests_->size() >= *stop_after_) swallow();
}

std::optional<std::uint32_t> MessageFramer::take_switch() {
    return std::exchange(switched_, {});
}

void MessageFramer::search() {
    state_ = State::kSearch;
    reading_.reset();
}

void MessageFramer::swallow() {
    state_ = State::kSwallow;
    cursor_ = kNever;
    reading_.reset();
}

}  // namespace seamark
