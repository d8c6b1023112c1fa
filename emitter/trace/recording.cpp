// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/recording.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

namespace seamark::trace {
namespace {

template <typename Number>
Number load(const Number& number) {
    return std::atomic_ref(const_cast<Number&>(number)).load(std::memory_order_acquire);
}

template <typename Number>
void store(Number& number, Number value) {
    std::atomic_ref(number).store(value, std::memory_order_release);
}

/// Events between two news of the tail, for which every processor that records asks.
constexpr std::uint64_t batch = 1024;

/// A zombie is gone as well: it makes no more calls.
bool is_gone(std::uint32_t process) {
    if (process == 0) return true;
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return true;
    const auto name_end = line.rfind(')');
    return name_end != std::string::npos && name_end + 2 < line.size() &&
           (line[name_end + 2] == 'Z' || line[name_end + 2] == 'X');
}

IoEvent to_event(const seamark_event& from) {
    IoEvent event;
    event.kind = static_cast<EventKind>(from.kind);
    event.call = static_cast<Call>(from.call);
    event.recorder = Recorder::kInterposed;
    event.flags = from.flags;
    event.index = from.index;
    event.offset = from.offset;
    event.requested = from.requested;
    event.returned = from.returned;
    event.error = from.error;
    event.descriptor = from.descriptor;
    event.process = from.process;
    event.thread = from.thread;
    event.connection = from.connection;
    event.option_level = from.option_level;
    event.option_name = from.option_name;
    event.entered = from.entered;
    event.left = from.left;
    return event;
}

void add_look(std::uint8_t looked, const seamark_look& look, IoEvent& event) {
    if (looked == SEAMARK_LOOKED_SENDER) {
        static_assert(sizeof(KernelState) == sizeof look.numbers);
        event.state = std::bit_cast<KernelState>(std::to_array(look.numbers));
        event.congestion.assign(look.congestion,
                                ::strnlen(look.congestion, sizeof look.congestion));
    } else if (looked == SEAMARK_LOOKED_RECEIVER) {
        event.receive_state = {look.numbers[0], look.numbers[1], look.numbers[2], look.numbers[3]};
    }
}

}  // namespace

Recording::Recording(bool state) : fd_(::memfd_create("seamark-trace", MFD_CLOEXEC)) {
    const auto fail = [](const char* call) {
        throw std::system_error(errno, std::generic_category(),
                                std::string(call) + ", for the memory shared with the command");
    };
    if (fd_ < 0) fail("memfd_create");
    if (::ftruncate(fd_, sizeof(seamark_trace)) != 0) fail("ftruncate");
    void* memory =
        ::mmap(nullptr, sizeof(seamark_trace), PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
    if (memory == MAP_FAILED) fail("mmap");
    memory_ = static_cast<seamark_trace*>(memory);
    memory_->magic = SEAMARK_TRACE_MAGIC;
    memory_->look_behind_calls = state ? 1 : 0;
    // The pages of the ring are made here and now, not in the middle of the command's calls.
    ::madvise(memory_->slot, sizeof memory_->slot, MADV_POPULATE_WRITE);
}

Recording::~Recording() {
    if (memory_ != nullptr) {
        close();
        ::munmap(memory_, sizeof *memory_);
    }
    ::close(fd_);
}

std::string Recording::name() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd_);
}

void Recording::close() {
    store(memory_->closed, 1U);
}

std::vector<pid_t> Recording::processes() const {
    const std::uint32_t count = std::min(load(memory_->processes), SEAMARK_PROCESS_SLOTS);
    std::vector<pid_t> all;
    for (std::uint32_t i = 0; i < count; ++i)
        if (const std::uint32_t process = load(memory_->process[i]); process != 0)
            all.push_back(static_cast<pid_t>(process));
    return all;
}

std::uint64_t Recording::dropped() const {
    return load(memory_->dropped) + skipped_;
}

/// Whether the slot at tail_, which nobody has filled, was skipped.
bool Recording::give_up(const seamark_slot& slot, std::uint64_t state, bool last) {
    const auto now = std::chrono::steady_clock::now();
    if (stuck_at_ != tail_) {
        stuck_at_ = tail_;
        stuck_since_ = now;
    }
    if (!last) {
        if (now - stuck_since_ < std::chrono::seconds(1)) return false;
        if (state == SEAMARK_CLAIMED(tail_) && !is_gone(load(slot.event.process))) return false;
    }
    ++skipped_;
    ++tail_;
    return true;
}

void Recording::drain(const Sink& sink, bool last) {
    const std::uint64_t head = load(memory_->head);
    while (tail_ != head) {
        const seamark_slot& slot = memory_->slot[tail_ % SEAMARK_RING_SLOTS];
        const std::uint64_t state = load(slot.state);
        if (state != SEAMARK_FILLED(tail_)) {
            if (!give_up(slot, state, last)) break;
            continue;
        }
        const seamark_addresses addresses = slot.event.addresses;
        IoEvent event = to_event(slot.event);
        add_look(slot.event.looked, memory_->look[tail_ % SEAMARK_RING_SLOTS], event);
        sink(event, addresses);
        if (++tail_ % batch == 0) store(memory_->tail, tail_);
    }
    rewind();
    store(memory_->tail, tail_);
}

/// Moves head and tail to slot 0 of the next lap, if all is drained.
void Recording::rewind() {
    if (tail_ % SEAMARK_RING_SLOTS < SEAMARK_RING_WINDOW) return;
    std::uint64_t head = tail_;
    const std::uint64_t next = (tail_ / SEAMARK_RING_SLOTS + 1) * SEAMARK_RING_SLOTS;
    if (std::atomic_ref(memory_->head).compare_exchange_strong(head, next)) tail_ = next;
}

}  // namespace seamark::trace
