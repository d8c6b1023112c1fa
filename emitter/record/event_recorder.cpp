// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event_recorder.hpp"

#include <unistd.h>

#include <csignal>
#include <limits>
#include <utility>

#include "file/output_words.hpp"

namespace seamark::record {
namespace {

constexpr std::size_t most_held = 65'536;

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// A thread that no signal is delivered to: those are for the program's own.
template <typename Body>
std::thread without_signals(Body body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(body));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace

std::string recording_failure(const std::string& path, int error) {
    return "cannot record to " + path + ": " + file::output_problem(error) + ". " +
           file::output_remedy(error, "--events");
}

EventRecorder::EventRecorder(RecorderSettings settings)
    : settings_(std::move(settings)),
      file_(settings_.path, "seamark", settings_.application),
      ring_(settings_.capacity),
      thread_(without_signals([this] { run(); })) {}

EventRecorder::~EventRecorder() {
    close();
}

void EventRecorder::record(const Connection& connection, const IoEvent& event) noexcept {
    if (!ring_.push({connection, event})) overflowed_.fetch_add(1, std::memory_order_relaxed);
}

void EventRecorder::record_secret(std::string_view line) {
    if (!ring_.push({{}, {}, std::string(line)}))
        overflowed_.fetch_add(1, std::memory_order_relaxed);
}

void EventRecorder::run() {
    std::unique_lock lock(mutex_);
    do {
        lock.unlock();
        drain();
        flush();
        lock.lock();
    } while (!wake_.wait_for(lock, settings_.period, [this] { return stopping_; }));
}

/// As far as the file takes it.
void EventRecorder::drain() {
    autocorking_since_ = autocorking_.look();
    for (const Entry* entry = nullptr; !file_.full() && (entry = ring_.front()) != nullptr;) {
        if (entry->secret.empty() && settings_.hold.count() > 0 && !file_.is_pipe()) {
            held_.push_back(*entry);
            held_.back().event.autocorking = autocorking_since_;
        } else {
            write(*entry, autocorking_since_);
        }
        ring_.drop();
        if (file_.full()) file_.flush();
    }
    if (!held_.empty()) release(now_ns() - std::chrono::nanoseconds(settings_.hold).count());
}

/// Writes the events that were held and begun by then.
void EventRecorder::release(std::int64_t until) {
    for (; !held_.empty() && (held_.front().event.entered <= until || held_.size() > most_held);
         held_.pop_front()) {
        write(held_.front(), held_.front().event.autocorking);
    }
}

/// All of it, unless a pipe's reader has stopped reading.
void EventRecorder::drain_to_the_end() {
    do {
        drain();
        release(std::numeric_limits<std::int64_t>::max());
    } while (ring_.front() != nullptr && file_.finish());
    for (; ring_.front() != nullptr; ring_.drop()) ++refused_;
    file_.finish();
}

/// autocorking: what held when the event was recorded; a verdict asks for it with the kernel's
/// state.
void EventRecorder::write(const Entry& entry, std::optional<std::uint32_t> autocorking) {
    if (!entry.secret.empty()) {
        if (!file_.add_secret(entry.secret)) ++refused_;
        return;
    }
    const IoEvent& event = entry.event;
    IoEvent named = event;
    named.program = settings_.program;
    named.autocorking = event.state ? autocorking : std::nullopt;
    packet_.clear();
    put_event_packet(&entry.connection, named, packet_);
    ++(file_.add(event.entered, packet_, describe(event)) ? added_ : refused_);
}

void EventRecorder::flush() {
    const bool well = file_.flush();
    if (well == !failing_) return;
    failing_ = !well;
    if (!settings_.report) return;
    if (failing_) {
        settings_.report(recording_failure(settings_.path, file_.error()) + "; the " +
                         std::to_string(file_.written()) +
                         " events in it are kept, further ones are dropped and counted until it "
                         "takes them again");
    } else {
        settings_.report("recording to " + settings_.path + " goes on; " +
                         std::to_string(refused_) + " events were dropped meanwhile");
    }
}

EventRecorder::Count EventRecorder::close() {
    if (!thread_.joinable()) return count_;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    drain_to_the_end();
    flush();
    count_.recorded = file_.written();
    count_.dropped = overflowed_.load() + refused_ + (added_ - count_.recorded);

    IoEvent end;
    end.kind = EventKind::kEnd;
    end.recorder = Recorder::kInside;
    end.process = static_cast<std::uint32_t>(::getpid());
    end.requested = count_.recorded;
    end.returned = static_cast<std::int64_t>(count_.dropped);
    end.entered = end.left = now_ns();
    packet_.clear();
    put_event_packet(nullptr, end, packet_);
    file_.add(end.entered, packet_, describe(end));
    file_.finish();
    return count_;
}

}  // namespace seamark::record
