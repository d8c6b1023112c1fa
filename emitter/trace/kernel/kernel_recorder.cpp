// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/kernel_recorder.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <thread>

#include "plan/escaped.hpp"
#include "trace/kernel/kernel_support.hpp"
#include "trace/kernel/recorder.skel.h"

namespace seamark::trace::kernel {
namespace {

constexpr std::size_t kProgramName = 16;  // bytes, with the final zero

/// What libbpf says last, for a message.
std::string& last_words() {
    static std::string words;
    return words;
}

int keep_words(libbpf_print_level level, const char* format, va_list arguments) {
    if (level != LIBBPF_WARN) return 0;
    char line[512];
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    std::string text(line, static_cast<std::size_t>(std::clamp<int>(length, 0, sizeof line - 1)));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (last_words().empty()) last_words() = text;
    return length;
}

[[noreturn]] void fail(const char* what, int error) {
    std::string text =
        std::string("the kernel refused ") + what + " (" + std::strerror(std::abs(error)) + ")";
    if (!last_words().empty()) text += ": " + plan::printable(last_words());
    throw std::runtime_error(text + ". " + kInstead);
}

template <typename Key>
void put(bpf_map* map, const Key& key, std::uint32_t value) {
    if (bpf_map__update_elem(map, &key, sizeof key, &value, sizeof value, BPF_ANY) != 0)
        fail("what is to be recorded: it takes 16,384 of a kind at most", errno);
}

std::int64_t now(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

/// TAI is ahead of UTC by whole seconds, or, where no one has told the kernel, by none.
std::int64_t ahead() {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::int64_t difference = now(CLOCK_TAI) - now(CLOCK_REALTIME);
    return (difference + kSecond / 2) / kSecond * kSecond;
}

}  // namespace

struct KernelRecorder::Loaded {
    seamark_recorder* program = nullptr;
    ring_buffer* ring = nullptr;
    unsigned hertz = 0;
    std::int64_t ahead = 0;
    const Sink* sink = nullptr;

    Loaded() = default;
    Loaded(const Loaded&) = delete;
    Loaded& operator=(const Loaded&) = delete;
    ~Loaded() {
        ring_buffer__free(ring);
        seamark_recorder__destroy(program);
    }

    static int take(void* context, void* data, std::size_t size) {
        auto& self = *static_cast<Loaded*>(context);
        if (size < sizeof(seamark_kernel_event)) return 0;
        seamark_kernel_event event;
        std::memcpy(&event, data, sizeof event);
        const auto move = [&](__u64& time) {
            if (time != 0) time -= static_cast<std::uint64_t>(self.ahead);
        };
        move(event.entered);
        move(event.left);
        seamark_kernel_state state;
        const bool has_state =
            (event.facts & SEAMARK_KERNEL_HAS_STATE) != 0 && size >= sizeof event + sizeof state;
        if (has_state)
            std::memcpy(&state, static_cast<const char*>(data) + sizeof event, sizeof state);
        (*self.sink)(event, has_state ? &state : nullptr);
        return 0;
    }

    std::uint64_t jiffies() const {
        bpf_test_run_opts options{};
        options.sz = sizeof options;
        const int descriptor = bpf_program__fd(program->progs.count_jiffies);
        return bpf_prog_test_run_opts(descriptor, &options) == 0 ? program->bss->jiffies_now : 0;
    }

    /// The kernel's tick: one of those that it can be configured with.
    unsigned measure_hertz() const {
        constexpr std::chrono::milliseconds kLong{60};
        const auto first_time = now(CLOCK_MONOTONIC);
        const std::uint64_t first = jiffies();
        std::this_thread::sleep_for(kLong);
        const std::uint64_t last = jiffies();
        const auto took = static_cast<double>(now(CLOCK_MONOTONIC) - first_time) / 1e9;
        if (first == 0 || last <= first) return 0;
        const double measured = static_cast<double>(last - first) / took;
        constexpr unsigned kPossible[] = {100, 250, 300, 1000};
        for (const unsigned one : kPossible)
            if (measured > 0.85 * one && measured < 1.15 * one) return one;
        return 0;
    }
};

KernelRecorder::KernelRecorder(const Selection& selection, bool state)
    : loaded_(std::make_unique<Loaded>()) {
    if (const std::string problem = problem_of(this_system()); !problem.empty())
        throw std::runtime_error(problem);
    libbpf_set_print(keep_words);
    Loaded& self = *loaded_;
    self.program = seamark_recorder__open();
    if (self.program == nullptr) fail("the recorder", errno);
    auto& settings = *self.program->rodata;
    settings.own_process = static_cast<__u32>(::getpid());
    settings.looks = state ? 1 : 0;
    const bool by_process = selection.children || !selection.processes.empty();
    const auto select = [&](bool any, unsigned kind) {
        if (any) settings.selects |= kind;
    };
    select(by_process, SEAMARK_KERNEL_BY_PROCESS);
    select(!selection.ports.empty(), SEAMARK_KERNEL_BY_PORT);
    select(!selection.programs.empty(), SEAMARK_KERNEL_BY_PROGRAM);
    select(!selection.networks.empty(), SEAMARK_KERNEL_BY_NETWORK);
    bpf_program__set_autoattach(self.program->progs.count_jiffies, false);
    if (const int error = seamark_recorder__load(self.program); error != 0)
        fail("to load the recorder", error);
    auto& maps = self.program->maps;
    for (const pid_t process : selection.processes)
        put(maps.processes, static_cast<__u32>(process), SEAMARK_KERNEL_RECORDED);
    if (selection.children)
        put(maps.processes, static_cast<__u32>(::getpid()), SEAMARK_KERNEL_CHILDREN);
    for (const std::uint16_t port : selection.ports) put(maps.ports, port, 1);
    for (const std::uint32_t network : selection.networks) put(maps.networks, network, 1);
    for (const std::string& program : selection.programs) {
        std::array<char, kProgramName> name{};
        program.copy(name.data(), name.size() - 1);
        put(maps.programs, name, 1);
    }
    self.ring = ring_buffer__new(bpf_map__fd(maps.events), Loaded::take, &self, nullptr);
    if (self.ring == nullptr) fail("the ring of events", errno);
    if (state) self.hertz = self.measure_hertz();
    if (const int error = seamark_recorder__attach(self.program); error != 0)
        fail("to attach the recorder", error);
}

KernelRecorder::~KernelRecorder() = default;

void KernelRecorder::drain(const Sink& sink) {
    loaded_->ahead = ahead();
    loaded_->sink = &sink;
    ring_buffer__consume(loaded_->ring);
}

std::uint64_t KernelRecorder::dropped() const {
    return __atomic_load_n(&loaded_->program->bss->dropped, __ATOMIC_RELAXED);
}

unsigned KernelRecorder::hertz() const {
    return loaded_->hertz;
}

}  // namespace seamark::trace::kernel
