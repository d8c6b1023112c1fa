// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/recording.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include "record/kernel_state.h"
#include "trace/process_stat.hpp"

namespace seamark::trace {
namespace {

/// Events between two news of the tail, for which every processor that records asks.
constexpr std::uint64_t batch = 1024;
constexpr std::uint64_t most_at_once = 4096;   // places in one drain()
constexpr unsigned most_processes_asked = 64;  // in one drain(), each a file of /proc

constexpr std::chrono::milliseconds between_marks{250};
constexpr std::chrono::seconds patience_with_dead{1};
constexpr std::chrono::seconds patience_with_living{10};
constexpr std::int64_t day = 86'400'000'000'000;  // ns, by which a clock may be set anew

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// What the sockets of this process's network namespace say of it.
std::uint64_t own_network() {
    std::uint64_t cookie = 0;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return 0;
    if (seamark_read_network(socket, &cookie) == 0) cookie = 0;
    ::close(socket);
    return cookie;
}

bool is_gone(std::uint32_t process) {
    const auto stat = stat_of(static_cast<pid_t>(process));
    return !stat || stat->ended;
}

}  // namespace

Recording::Recording(bool state, SecretSink secrets)
    : memory_(sizeof(seamark_trace)),
      trace_(static_cast<seamark_trace*>(memory_.data())),
      secrets_(std::move(secrets)),
      period_{now_ns() - day, 0} {
    trace_->magic = SEAMARK_TRACE_MAGIC;
    trace_->look_behind_calls = state ? 1 : 0;
    trace_->take_secrets = secrets_ ? 1 : 0;
    trace_->network = own_network();
    // The pages of the ring are made here and now, not in the middle of the command's calls.
    ::madvise(trace_->slot, sizeof trace_->slot, MADV_POPULATE_WRITE);
}

Recording::~Recording() {
    close();
}

std::string Recording::name() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(memory_.descriptor());
}

void Recording::close() {
    store(trace_->closed, 1U);
}

std::vector<Recording::Process> Recording::processes() const {
    const std::uint32_t count = std::min(load(trace_->processes), SEAMARK_PROCESS_SLOTS);
    std::vector<Process> all;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t place = load(trace_->process[i]);
        const std::uint32_t number = place & ~SEAMARK_PROCESS_IS_GO;
        if (number != 0)
            all.push_back({static_cast<pid_t>(number), (place & SEAMARK_PROCESS_IS_GO) != 0});
    }
    return all;
}

std::uint32_t Recording::images() const {
    return load(trace_->processes);
}

std::uint64_t Recording::dropped() const {
    const std::uint64_t said = load(trace_->dropped);
    constexpr auto most = std::numeric_limits<std::uint64_t>::max() / 2;
    return std::min(said, most) + skipped_;
}

/// The head, if it can be one. Else the places that are filled without a gap are all that is to be
/// had, and those who record go on after them.
std::uint64_t Recording::trusted_head() {
    std::uint64_t head = load(trace_->head);
    if (head - tail_ <= SEAMARK_RING_SLOTS) return head;
    damaged_ = true;
    marks_.clear();
    std::uint64_t filled = tail_;
    while (filled - tail_ < most_at_once &&
           load(trace_->slot[filled % SEAMARK_RING_SLOTS].state) == SEAMARK_FILLED(filled))
        ++filled;
    std::atomic_ref(trace_->head).compare_exchange_strong(head, filled);
    return filled;
}

/// Remembers when the head was there, for at most `patience_with_living`.
void Recording::mark(std::uint64_t head) {
    while (!marks_.empty() && marks_.front().head <= tail_) marks_.pop_front();
    if (head == tail_) return;
    const auto now = Clock::now();
    if (marks_.empty() || (marks_.back().head < head && now - marks_.back().time > between_marks))
        marks_.push_back({head, now});
}

/// For how long, at least, the place at tail_ has been taken.
Recording::Clock::duration Recording::age() const {
    const auto mark = std::find_if(marks_.begin(), marks_.end(),
                                   [this](const Mark& one) { return one.head > tail_; });
    return mark == marks_.end() ? Clock::duration::zero() : Clock::now() - mark->time;
}

/// Whether the slot at tail_, which no one has filled, was skipped.
bool Recording::give_up(const seamark_slot& slot, std::uint64_t state, bool last) {
    if (!last) {
        const auto taken_for = age();
        if (taken_for < patience_with_dead) return false;
        if (taken_for < patience_with_living && state == SEAMARK_CLAIMED(tail_)) {
            if (++processes_asked_ > most_processes_asked) return false;
            if (!is_gone(load(slot.event.process))) return false;
        }
    }
    ++skipped_;
    ++tail_;
    return true;
}

/// The line is made here, of numbers: nothing that a process wrote goes into the file as text.
void Recording::take_secret(const seamark_slot& slot) {
    seamark_look& look = trace_->look[tail_ % SEAMARK_RING_SLOTS];
    const seamark_look copy = copy_of(look);
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool is_still_there = load(slot.state) == SEAMARK_FILLED(tail_);
    store_all(look, seamark_look{});  // every traced process can read it
    seamark_secret secret;
    std::memcpy(&secret, &copy, sizeof secret);
    const auto line = is_still_there && secrets_ ? key_log_line(secret) : std::nullopt;
    if (line)
        secrets_(*line);
    else
        ++malformed_;
}

/// Gives on the event of a filled slot, unless it changes meanwhile: then it is overwritten.
void Recording::take(const seamark_slot& slot, const Sink& sink) {
    const seamark_event copy = copy_of(slot.event);
    if (copy.kind == SEAMARK_KIND_SECRET) {
        take_secret(slot);
        return;
    }
    seamark_look look{};
    if (copy.looked != 0) look = copy_of(trace_->look[tail_ % SEAMARK_RING_SLOTS]);
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool is_still_there = load(slot.state) == SEAMARK_FILLED(tail_);
    auto event = is_still_there ? checked(copy, period_) : std::nullopt;
    if (!event) {
        ++malformed_;
        return;
    }
    add_look(copy.looked, look, *event);
    if (event->state && (copy.looked & SEAMARK_LOOKED_HERE) != 0)
        event->autocorking = autocorking_since_;
    sink(*event, copy.addresses);
}

bool Recording::drain(const Sink& sink, bool last) {
    const std::uint64_t head = trusted_head();
    const std::uint64_t end = tail_ + std::min(head - tail_, most_at_once);
    processes_asked_ = 0;
    autocorking_since_ = autocorking_.look();
    period_.end = now_ns() + day;
    mark(head);
    while (tail_ != end) {
        const seamark_slot& slot = trace_->slot[tail_ % SEAMARK_RING_SLOTS];
        const std::uint64_t state = load(slot.state);
        if (state != SEAMARK_FILLED(tail_)) {
            if (!give_up(slot, state, last)) break;
            continue;
        }
        take(slot, sink);
        if (++tail_ % batch == 0) store(trace_->tail, tail_);
    }
    const bool more = tail_ == end && end != head;
    if (tail_ == head) rewind();
    store(trace_->tail, tail_);
    return more;
}

void Recording::drop_the_rest() {
    const std::uint64_t head = trusted_head();
    skipped_ += head - tail_;
    tail_ = head;
}

/// Moves head and tail to slot 0 of the next lap, if all is drained.
void Recording::rewind() {
    if (tail_ % SEAMARK_RING_SLOTS < SEAMARK_RING_WINDOW) return;
    std::uint64_t head = tail_;
    const std::uint64_t next = (tail_ / SEAMARK_RING_SLOTS + 1) * SEAMARK_RING_SLOTS;
    if (std::atomic_ref(trace_->head).compare_exchange_strong(head, next)) tail_ = next;
}

}  // namespace seamark::trace
