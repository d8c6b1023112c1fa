// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace seamark::trace::kernel {

/// What decides whether this system lets us record in its kernel.
struct System {
    bool built = false;   ///< this seamark has the recorder
    bool x86_64 = false;  ///< the numbers of system calls that it knows
    unsigned major = 0;   ///< version of the kernel
    unsigned minor = 0;
    bool has_types = false;          ///< /sys/kernel/btf/vmlinux
    bool is_locked_down = false;     ///< confidentiality: the kernel's memory is not shown
    std::uint64_t capabilities = 0;  ///< effective ones, by Linux's numbers
};

/// This one. root: in place of /, for tests.
System this_system(const std::string& root = "");

/// Why it does not work, and what works instead; empty where nothing is known against it.
std::string problem_of(const System& system);

/// Whether processes have the same numbers here as in the kernel: not in a process namespace, that
/// is, in a container.
bool has_kernels_process_numbers(const std::string& root = "");

/// What works instead, as the end of a message.
extern const char* const kInstead;

}  // namespace seamark::trace::kernel
