// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/attach_failures.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "trace/process_stat.hpp"
#include "trace/shared_trace.h"

namespace seamark::trace {
namespace {

constexpr std::size_t most_at_once = 64;
constexpr std::size_t most_kept = 1000;

std::string reason_of(const seamark_failure& failure, const ucred& who) {
    const int error = failure.error;
    if (failure.step == SEAMARK_FAILED_TO_OPEN && (error == EACCES || error == EPERM)) {
        if (who.uid != ::geteuid())
            return "it ran as another user (" + std::to_string(who.uid) +
                   ") when it was started, who may not open the recording. Run seamark trace as "
                   "that user";
        return "it may not open the recording, as in a sandbox. Run seamark trace inside of it";
    }
    if (failure.step == SEAMARK_FAILED_TO_OPEN && (error == ENOENT || error == ENOTDIR))
        return "there is no /proc of ours for it (another root directory or process namespace, as "
               "in a container or sandbox). Run seamark trace inside of it";
    if (error == ENOMEM || error == EAGAIN)
        return "its limit of memory has no room for the recording. Raise it (`ulimit -v`) by " +
               std::to_string((sizeof(seamark_trace) >> 10) + (1U << 14)) + " at least";
    const char* what = failure.step == SEAMARK_FAILED_TO_OPEN ? "open" : "map";
    return std::string("it cannot ") + what + " the recording: " + std::strerror(error);
}

std::optional<ucred> sender_of(msghdr& message) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_CREDENTIALS) continue;
        ucred who{};
        std::memcpy(&who, CMSG_DATA(part), sizeof who);
        return who;
    }
    return std::nullopt;
}

}  // namespace

AttachFailures::AttachFailures(const std::string& recording)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (socket_ < 0) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length =
        seamark_failure_address(recording.c_str(), address.sun_path, sizeof address.sun_path);
    const int on = 1;
    const bool well = length > 0 &&
                      ::setsockopt(socket_, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
                      ::bind(socket_, reinterpret_cast<const sockaddr*>(&address),
                             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length)) == 0;
    if (well) return;
    ::close(socket_);
    socket_ = -1;
}

AttachFailures::~AttachFailures() {
    if (socket_ >= 0) ::close(socket_);
}

void AttachFailures::take() {
    for (std::size_t i = 0; socket_ >= 0 && i < most_at_once; ++i) {
        seamark_failure failure{};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
        iovec part{&failure, sizeof failure};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const auto length = ::recvmsg(socket_, &message, MSG_DONTWAIT);
        if (length < 0) return;
        const auto who = sender_of(message);
        if (length != sizeof failure || failure.magic != SEAMARK_TRACE_MAGIC || !who ||
            who->pid <= 0 || all_.size() >= most_kept)
            continue;
        const auto stat = stat_of(who->pid);
        const std::string name = stat ? stat->name + " " : "";
        all_.try_emplace(who->pid, Failure{name + "(process " + std::to_string(who->pid) + ")",
                                           reason_of(failure, *who)});
    }
}

}  // namespace seamark::trace
