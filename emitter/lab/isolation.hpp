// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace seamark::lab {

/// How the lab is kept apart from the machine's own network.
struct Isolation {
    enum class Network {
        as_root,  ///< a network namespace, by the right of root
        as_user,  ///< one in a user namespace, with no one's permission
        none,     ///< the machine's own loopback
    };
    Network network = Network::none;
    bool processes = false;  ///< in a process namespace: the kernel ends what is left in it

    std::string words() const;
};

/// What there is to try on this machine, the best first.
std::vector<Isolation> isolations_to_try();

/// Starts a process that is so isolated, and `body` in it; its result is the exit status. Where
/// that is refused the process ends before `body`, with what was refused written to `refusal`.
/// -1 and errno where there cannot be such a process. For a process with one thread.
pid_t start_isolated(const Isolation& isolation, int refusal, const std::function<int()>& body);

/// Kills the processes that this one started, and theirs, until there is none. For where there is
/// no process namespace; this process is to be their reaper (PR_SET_CHILD_SUBREAPER).
void kill_descendants();

}  // namespace seamark::lab
