// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/lab.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "lab/isolation.hpp"
#include "lab/lab_run.hpp"
#include "lab/netlink.hpp"
#include "lab/output.hpp"

namespace seamark::lab {
namespace {

constexpr char ready[] = "ready";
constexpr char refused[] = "!";  ///< what follows is wrong in any network

/// SIGINT, SIGTERM, SIGHUP and SIGCHLD wait for sigwaitinfo() from now on.
sigset_t block_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, number);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_IGN);
    return set;
}

void answer(int to, const std::string& text) {
    (void)!::write(to, text.data(), text.size());
}

/// In the isolated process, from here to its end.
int inside(const LabOptions& options, const Isolation& isolation, const CaptureOutput& output,
           const int (&parent)[2], int reply) {
    ::close(parent[1]);  // so that it is closed once our parent is gone
    std::unique_ptr<Network> network;
    std::unique_ptr<LabRun> run;
    try {
        network = isolation.network == Isolation::Network::none
                      ? std::make_unique<Network>(Network::ThisHost{})
                      : std::make_unique<Network>(options.settings);
        run = std::make_unique<LabRun>(options, isolation, *network, output.descriptor(), parent[0]);
        output.begin();
    } catch (const SettingRefused& error) {
        answer(reply, std::string(refused) + error.what());
        return 1;
    } catch (const std::exception& error) {
        answer(reply, error.what());
        return 1;
    }
    answer(reply, ready);
    ::close(reply);
    int status = 1;
    try {
        status = run->run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "seamark lab: %s\n", error.what());
    }
    if (!isolation.processes) kill_descendants();
    return status;
}

std::string read_all(int from) {
    std::string text;
    std::array<char, 512> piece;
    for (ssize_t count = 0; (count = ::read(from, piece.data(), piece.size())) > 0;)
        text.append(piece.data(), static_cast<std::size_t>(count));
    return text;
}

struct Started {
    pid_t process = -1;
    std::string refused;  ///< why there is none
};

/// Starts the isolated process and waits until its network is there, or cannot be.
Started start(const LabOptions& options, const Isolation& isolation, const CaptureOutput& output,
              const int (&parent)[2]) {
    int reply[2];
    if (::pipe2(reply, O_CLOEXEC) != 0) return {-1, std::strerror(errno)};
    const pid_t process = start_isolated(
        isolation, reply[1], [&] { return inside(options, isolation, output, parent, reply[1]); });
    const int error = errno;
    ::close(reply[1]);
    const std::string said = process < 0 ? std::strerror(error) : read_all(reply[0]);
    ::close(reply[0]);
    if (said.starts_with(ready)) return {process, ""};
    if (process > 0) ::waitpid(process, nullptr, 0);
    return {-1, said.empty() ? "it ended at once" : said};
}

/// Passes signals on until it has ended.
int supervise(pid_t process, const sigset_t& signals) {
    bool asked = false;
    while (true) {
        siginfo_t info{};
        const int number = ::sigwaitinfo(&signals, &info);
        int status = 0;
        if (number == SIGCHLD && ::waitpid(process, &status, WNOHANG) == process)
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if (number <= 0 || number == SIGCHLD) continue;
        ::kill(process, asked ? SIGKILL : number == SIGINT ? SIGINT : SIGTERM);
        asked = true;
    }
}

/// On this machine's own loopback another program may have the port that the settings name.
std::uint16_t free_port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    const bool found = ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
    ::close(socket);
    return found ? ntohs(address.sin_port) : 8080;
}

constexpr const char* remedies =
    "To let users make network namespaces, as root, whichever the system has:\n"
    "  sysctl user.max_user_namespaces=10000\n"
    "  sysctl kernel.unprivileged_userns_clone=1\n"
    "  sysctl kernel.apparmor_restrict_unprivileged_userns=0\n"
    "In a container: give it the capability SYS_ADMIN (a namespace as root) or NET_RAW (a capture "
    "on "
    "its loopback).\n"
    "Or run it as root: sudo seamark lab …\n";

}  // namespace

int run_lab(const LabOptions& asked) {
    LabOptions options = asked;
    // A signal may end the wait for Wireshark's pipe, but must not leave a file that was just made.
    if (!options.live) block_signals();
    CaptureOutput output(options.output, options.live);
    const sigset_t signals = block_signals();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    int parent[2];  // its write end is open as long as this process lives
    if (::pipe2(parent, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");

    std::string refusals;
    for (const Isolation& isolation : isolations_to_try()) {
        if (options.host_loopback && isolation.network != Isolation::Network::none) continue;
        if (isolation.network == Isolation::Network::none && options.settings.server.empty())
            options.settings.port = free_port();
        if (isolation.network == Isolation::Network::none && !options.settings.proxy.empty())
            options.settings.proxy_port = free_port();
        const Started started = start(options, isolation, output, parent);
        if (started.process < 0) {
            if (started.refused.starts_with(refused))
                throw std::runtime_error(started.refused.substr(std::strlen(refused)));
            refusals += "  " + isolation.words() + ": " + started.refused + '\n';
            continue;
        }
        const int status = supervise(started.process, signals);
        kill_descendants();
        keep_whole_blocks(output.descriptor());
        if (status == 128 + SIGKILL)
            std::fprintf(stderr,
                         "seamark lab: it was killed; %s holds what was recorded until then\n",
                         options.output.c_str());
        return status;
    }
    std::fprintf(stderr, "seamark lab: there can be no lab here. What was tried:\n%s%s",
                 refusals.c_str(), remedies);
    return 1;
}

}  // namespace seamark::lab
