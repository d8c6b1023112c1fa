// SPDX-License-Identifier: GPL-2.0-or-later
//
// In place of kernel_recorder.cpp, where it was not built.
#include <stdexcept>

#include "trace/kernel/kernel_recorder.hpp"
#include "trace/kernel/kernel_support.hpp"

namespace seamark::trace::kernel {

struct KernelRecorder::Loaded {};

KernelRecorder::KernelRecorder(const Selection&, bool) {
    throw std::runtime_error(problem_of(this_system()));
}
KernelRecorder::~KernelRecorder() = default;
void KernelRecorder::drain(const Sink&) {}
std::uint64_t KernelRecorder::dropped() const {
    return 0;
}
unsigned KernelRecorder::hertz() const {
    return 0;
}

}  // namespace seamark::trace::kernel
