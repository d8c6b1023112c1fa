// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/isolation.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace seamark::lab {
namespace {

/// "" if it was written, else why not.
std::string write_file(const char* path, const std::string& text) {
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    const bool well =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    std::string why = well ? "" : std::string(path) + ": " + std::strerror(errno);
    if (file >= 0) ::close(file);
    return why;
}

/// Everybody stays who they are: a user namespace gives rights over what is made in it, no other
/// name.
std::string keep_identity(uid_t user, gid_t group) {
    // Absent before Linux 3.19; where it is and cannot be written, the next line says so.
    write_file("/proc/self/setgroups", "deny");
    std::string why =
        write_file("/proc/self/uid_map", std::to_string(user) + ' ' + std::to_string(user) + " 1");
    if (why.empty())
        why = write_file("/proc/self/gid_map",
                         std::to_string(group) + ' ' + std::to_string(group) + " 1");
    return why;
}

/// /proc is to show the processes of the new namespace, by the numbers that they have in it.
std::string mount_proc() {
    if (::mount(nullptr, "/proc", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
        return std::string("mount /proc: ") + std::strerror(errno);
    return "";
}

unsigned long flags_of(const Isolation& isolation) {
    unsigned long flags = SIGCHLD;
    if (isolation.network != Isolation::Network::none) flags |= CLONE_NEWNET;
    if (isolation.network == Isolation::Network::as_user) flags |= CLONE_NEWUSER;
    if (isolation.processes) flags |= CLONE_NEWPID | CLONE_NEWNS;
    return flags;
}

std::vector<pid_t> children_of(pid_t process) {
    std::vector<pid_t> children;
    std::error_code error;
    const auto tasks = "/proc/" + std::to_string(process) + "/task";
    for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
        std::ifstream file(task.path() / "children");
        for (pid_t child = 0; file >> child;) children.push_back(child);
    }
    return children;
}

}  // namespace

std::string Isolation::words() const {
    std::string text = network == Network::as_root   ? "a network namespace, made as root"
                       : network == Network::as_user ? "a user and network namespace"
                                                     : "no namespace";
    if (network != Network::none && !processes) text += " (without one for processes)";
    return text;
}

std::vector<Isolation> isolations_to_try() {
    using Network = Isolation::Network;
    std::vector<Isolation> all;
    if (::geteuid() == 0)
        all.insert(all.end(), {{Network::as_root, true}, {Network::as_root, false}});
    all.insert(all.end(),
               {{Network::as_user, true}, {Network::as_user, false}, {Network::none, false}});
    return all;
}

pid_t start_isolated(const Isolation& isolation, int refusal, const std::function<int()>& body) {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    // fork() with namespaces; in a process with one thread there is nothing that it would miss.
    const auto process = static_cast<pid_t>(::syscall(SYS_clone, flags_of(isolation), 0, 0, 0, 0));
    if (process != 0) return process;

    ::setsid();  // what a terminal sends goes to the parent, which passes it on
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::string why;
    if (isolation.network == Isolation::Network::as_user) why = keep_identity(user, group);
    if (why.empty() && isolation.processes) why = mount_proc();
    if (!why.empty()) {
        (void)!::write(refusal, why.data(), why.size());
        ::_exit(1);
    }
    ::_exit(body());
}

void kill_descendants() {
    while (true) {
        const auto children = children_of(::getpid());
        if (children.empty()) return;
        for (const pid_t child : children) ::kill(child, SIGKILL);
        // Theirs come to us as they go.
        for (const pid_t child : children) ::waitpid(child, nullptr, 0);
    }
}

}  // namespace seamark::lab
