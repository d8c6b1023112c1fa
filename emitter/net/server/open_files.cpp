// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/open_files.hpp"

#include <sys/resource.h>

namespace seamark::net {

std::uint64_t raise_open_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlimit wanted{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &wanted) == 0 ? wanted.rlim_cur : limit.rlim_cur;
}

}  // namespace seamark::net
