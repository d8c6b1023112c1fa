// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/event_recorder.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace seamark::record {
namespace {

std::int64_t now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string remedy(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "Make room on that file system, or record to another one with --events";
        case EACCES:
        case EPERM:
        case EROFS:
            return "Choose a folder that you may write to, such as --events /tmp/events.pcapng";
        case ENOENT:
        case ENOTDIR:
            return "Its folder does not exist: create it, or choose another with --events";
        case EISDIR:
            return "Name a file in that folder with --events";
        case EFBIG:
            return "The file has reached its limit (`ulimit -f`); choose another with --events";
        case EPIPE:
            return "Whoever read it has gone";
        default:
            return "Choose another file with --events";
    }
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
    return "cannot record to " + path + ": " + std::strerror(error) + ". " + remedy(error);
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

void EventRecorder::drain() {
    while (const Entry* entry = ring_.front()) {
        write(entry->connection, entry->event);
        ring_.drop();
    }
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
    drain();
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
    file_.flush();
    return count_;
}

}  // namespace seamark::record
