// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event_recorder.hpp"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "file/output_words.hpp"

namespace seamark::record {
namespace {

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
    for (const Entry* entry = nullptr; !file_.full() && (entry = ring_.front()) != nullptr;) {
        write(entry->connection, entry->event);
        ring_.drop();
        if (file_.full()) file_.flush();
    }
}

/// All of it, unless a pipe's reader has stopped reading.
void EventRecorder::drain_to_the_end() {
    do drain();
    while (ring_.front() != nullptr && file_.finish());
    for (; ring_.front() != nullptr; ring_.drop()) ++refused_;
    file_.finish();
}

void EventRecorder::write(const Connection& connection, const IoEvent& event) {
    IoEvent named = event;
    named.program = settings_.program;
    packet_.clear();
    put_event_packet(&connection, named, packet_);
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
