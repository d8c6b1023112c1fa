// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/system_probe.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "doctor/search_path.hpp"
#include "lab/isolation.hpp"
#include "trace/kernel/kernel_support.hpp"
#include "trace/own_library.hpp"

namespace seamark::doctor {
namespace {

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// In the group by the list of groups, which the next session reads, but not in this session.
bool in_group_later(const char* name) {
    const group* entry = ::getgrnam(name);
    const passwd* user = ::getpwuid(::getuid());
    if (entry == nullptr || user == nullptr) return false;
    std::vector<gid_t> now(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int count = ::getgroups(static_cast<int>(now.size()), now.data());
    for (int i = 0; i < count; ++i)
        if (now[static_cast<std::size_t>(i)] == entry->gr_gid) return false;
    for (char** member = entry->gr_mem; *member != nullptr; ++member)
        if (std::strcmp(*member, user->pw_name) == 0) return true;
    return false;
}

void ask_dumpcap(SystemFacts& facts) {
    facts.dumpcap = found_on_path("dumpcap");
    if (facts.dumpcap.empty()) return;
    facts.dumpcap_may_run = ::access(facts.dumpcap.c_str(), X_OK) == 0;
    struct stat status {};
    std::array<char, 64> rights{};
    facts.dumpcap_has_rights = ::getxattr(facts.dumpcap.c_str(), "security.capability",
                                          rights.data(), rights.size()) > 0 ||
                               (::stat(facts.dumpcap.c_str(), &status) == 0 && status.st_uid == 0 &&
                                (status.st_mode & S_ISUID) != 0);
    facts.wireshark_group_later = in_group_later("wireshark");
}

/// Settings that forbid it are known by name on Debian, Ubuntu and elsewhere.
std::string namespace_remedy() {
    if (first_line("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        return "sudo sysctl kernel.unprivileged_userns_clone=1";
    if (first_line("/proc/sys/user/max_user_namespaces") == "0")
        return "sudo sysctl user.max_user_namespaces=10000";
    if (first_line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        return "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0";
    return {};
}

/// Why a network namespace cannot be made; empty: it was made.
std::string refusal_of(const lab::Isolation& isolation) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::string("a pipe: ") + std::strerror(errno);
    const pid_t process = lab::start_isolated(isolation, ends[1], [] { return 0; });
    std::string why = process < 0 ? std::strerror(errno) : "";
    ::close(ends[1]);
    std::array<char, 256> said{};
    if (process > 0) {
        const auto length = ::read(ends[0], said.data(), said.size());
        if (length > 0) why.assign(said.data(), static_cast<std::size_t>(length));
        int status = 0;
        while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
        }
        if (why.empty() && status != 0) why = "the process in it ended early";
    }
    ::close(ends[0]);
    return why;
}

void ask_namespaces(SystemFacts& facts) {
    for (const lab::Isolation& isolation : lab::isolations_to_try()) {
        if (isolation.network == lab::Isolation::Network::none) continue;
        facts.namespace_refusal = refusal_of(isolation);
        if (facts.namespace_refusal.empty()) return;
    }
    facts.namespace_remedy = namespace_remedy();
}

/// What Wireshark opens pages with: the desktop's way, or a browser by name.
std::string find_browser() {
    for (const char* name : {"xdg-open", "x-www-browser", "firefox", "chromium", "google-chrome"})
        if (std::string found = found_on_path(name); !found.empty()) return found;
    return {};
}

}  // namespace

SystemFacts ask_system() {
    SystemFacts facts;
    facts.root = ::geteuid() == 0 || ::getegid() == 0;
    if (const char* user = std::getenv("SUDO_USER"); facts.root && user != nullptr)
        facts.other_user = user;
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    facts.packaged = self.parent_path() == "/usr/bin";
    try {
        trace::find_own_library();
    } catch (const std::runtime_error& refusal) {
        facts.library_refusal = refusal.what();
    }
    const trace::kernel::System kernel = trace::kernel::this_system();
    facts.may_capture = (kernel.capabilities >> CAP_NET_RAW & 1) != 0;
    ask_dumpcap(facts);
    ask_namespaces(facts);
    facts.kernel_refusal = trace::kernel::problem_of(kernel);
    facts.browser = find_browser();
    return facts;
}

}  // namespace seamark::doctor
