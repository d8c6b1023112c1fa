// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <linux/types.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "trace/kernel/kernel_event.h"

namespace seamark::trace::kernel {

/// Whose calls are recorded: of each list that is not empty one has to fit, and of all lists.
struct Selection {
    std::vector<pid_t> processes;         ///< with their threads, and the children that they start
    bool children = false;                ///< what this process starts from now on
    std::vector<std::uint16_t> ports;     ///< of either end
    std::vector<std::string> programs;    ///< names of threads, as in /proc/PID/comm
    std::vector<std::uint32_t> networks;  ///< inode numbers of network namespaces
};

/// The program in the kernel, from its loading to its removal. It is attached by descriptors of
/// this process, so the kernel takes it away when that ends, however it ends.
class KernelRecorder {
  public:
    using Sink =
        std::function<void(const seamark_kernel_event&, const seamark_kernel_state* state)>;

    /// Loads and attaches it. state: the socket's state with each call. Throws std::runtime_error,
    /// with what works instead.
    KernelRecorder(const Selection& selection, bool state);
    ~KernelRecorder();
    KernelRecorder(const KernelRecorder&) = delete;
    KernelRecorder& operator=(const KernelRecorder&) = delete;

    /// Gives on what is there. Times in it are made ns since 1970.
    void drain(const Sink& sink);
    /// Records that found no room in the ring.
    std::uint64_t dropped() const;
    /// Jiffies a second; 0: not known.
    unsigned hertz() const;

  private:
    struct Loaded;
    std::unique_ptr<Loaded> loaded_;
};

}  // namespace seamark::trace::kernel
