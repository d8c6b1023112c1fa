// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/kernel/kernel_support.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string_view>

#include "plan/number_text.hpp"

namespace seamark::trace::kernel {
namespace {

constexpr unsigned kLeastMajor = 6;
constexpr unsigned kLeastMinor = 3;  // sock_send_length
// linux/capability.h
constexpr int kSysAdmin = 21;
constexpr int kPerfmon = 38;
constexpr int kBpf = 39;

bool has(std::uint64_t capabilities, int number) {
    return (capabilities >> number & 1) != 0;
}

std::uint64_t effective_capabilities(const std::string& root) {
    std::ifstream lines(root + "/proc/self/status");
    constexpr std::string_view kName = "CapEff:\t";
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(kName)) return std::strtoull(line.c_str() + kName.size(), nullptr, 16);
    return 0;
}

bool is_confidential(const std::string& root) {
    std::ifstream file(root + "/sys/kernel/security/lockdown");
    std::string text;
    std::getline(file, text);
    return text.find("[confidentiality]") != std::string::npos;
}

}  // namespace

const char* const kInstead =
    "Without it: `seamark trace -- COMMAND` records what goes through the C library, and `seamark "
    "import strace` reads a log of strace, which sees every program";

System this_system(const std::string& root) {
    System system;
#ifdef SEAMARK_HAS_KERNEL_RECORDER
    system.built = true;
#endif
#ifdef __x86_64__
    system.x86_64 = true;
#endif
    utsname name{};
    if (::uname(&name) == 0) {
        std::string_view release = name.release;
        system.major = plan::take_number<unsigned>(release).value_or(0);
        if (release.starts_with('.')) release.remove_prefix(1);
        system.minor = plan::take_number<unsigned>(release).value_or(0);
    }
    system.has_types = ::access((root + "/sys/kernel/btf/vmlinux").c_str(), R_OK) == 0;
    system.is_locked_down = is_confidential(root);
    system.capabilities = effective_capabilities(root);
    return system;
}

bool has_kernels_process_numbers(const std::string& root) {
    constexpr ino_t kFirst = 0xefff'fffc;  // PROC_PID_INIT_INO, of the first process namespace
    struct stat found {};
    return ::stat((root + "/proc/self/ns/pid").c_str(), &found) != 0 || found.st_ino == kFirst;
}

std::string problem_of(const System& system) {
    const std::string kernel = std::to_string(system.major) + '.' + std::to_string(system.minor);
    std::string why;
    if (!system.built)
        why =
            "this seamark was built without the kernel recorder: install clang, bpftool and "
            "libbpf-dev, and build it again";
    else if (!system.x86_64)
        why = "the kernel recorder knows the system calls of x86-64 alone";
    else if (system.major < kLeastMajor ||
             (system.major == kLeastMajor && system.minor < kLeastMinor))
        why = "this kernel (" + kernel +
              ") does not show calls on sockets: that takes Linux 6.3 (sock_send_length)";
    else if (!system.has_types)
        why =
            "this kernel does not describe its types: /sys/kernel/btf/vmlinux is missing "
            "(CONFIG_DEBUG_INFO_BTF)";
    else if (system.is_locked_down)
        why = "this kernel is locked down (confidentiality, /sys/kernel/security/lockdown)";
    else if (!has(system.capabilities, kSysAdmin) &&
             !(has(system.capabilities, kBpf) && has(system.capabilities, kPerfmon)))
        why =
            "the kernel recorder takes root, or the capabilities CAP_BPF and CAP_PERFMON: start "
            "it with sudo";
    return why.empty() ? why : why + ". " + kInstead;
}

}  // namespace seamark::trace::kernel
