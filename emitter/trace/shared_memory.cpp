// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace seamark::trace {
namespace {

/// The limit for file sizes counts for a memfd too: lifted, as far as that is allowed, while this
/// lives.
class LiftedFileLimit {
  public:
    LiftedFileLimit() {
        if (::getrlimit(RLIMIT_FSIZE, &before_) != 0 || before_.rlim_cur == RLIM_INFINITY) return;
        const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
        const rlimit most{before_.rlim_max, before_.rlim_max};
        lifted_ = ::setrlimit(RLIMIT_FSIZE, &all) == 0 || ::setrlimit(RLIMIT_FSIZE, &most) == 0;
    }
    ~LiftedFileLimit() {
        if (lifted_) ::setrlimit(RLIMIT_FSIZE, &before_);
    }
    LiftedFileLimit(const LiftedFileLimit&) = delete;
    LiftedFileLimit& operator=(const LiftedFileLimit&) = delete;

  private:
    rlimit before_{};
    bool lifted_ = false;
};

/// What stands in the way, as far as it is known, and what to do.
std::string remedy(const std::string& call, int error, std::size_t size) {
    const std::string kib = std::to_string((size >> 10) + 1);
    if (error == EFBIG)
        return ". The limit for file sizes counts for it: raise `ulimit -f` to " + kib +
               " at least";
    rlimit limit{};
    if (error == ENOMEM && ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        return ". The limit of memory is " + std::to_string(limit.rlim_cur >> 10) +
               " KiB: raise `ulimit -v` by " + kib + " at least";
    if (call == "memfd_create" && (error == EPERM || error == EACCES || error == ENOSYS))
        return ". A sandbox (seccomp) forbids it: allow memfd_create, or run seamark trace "
               "outside of it";
    return ". Let this process have as much";
}

[[noreturn]] void fail(const char* call, int error, std::size_t size) {
    const std::string room = std::to_string((size >> 20) + 1) + " MiB";
    throw std::runtime_error("there is no memory to share with the command (" + room + ", " + call +
                             "): " + std::strerror(error) + remedy(call, error, size));
}

}  // namespace

SharedMemory::SharedMemory(std::size_t size)
    : size_(size), descriptor_(::memfd_create("seamark-trace", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
    const char* call = "memfd_create";
    int error = errno;
    if (descriptor_ >= 0) {
        const LiftedFileLimit lifted;
        const auto refused = [&](const char* name, bool well) {
            call = name;
            error = errno;
            return !well;
        };
        if (!refused("ftruncate", ::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0) &&
            !refused("F_ADD_SEALS", ::fcntl(descriptor_, F_ADD_SEALS,
                                            F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)) {
            void* at = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
            if (!refused("mmap", at != MAP_FAILED)) data_ = at;
        }
    }
    if (data_ != nullptr) return;
    if (descriptor_ >= 0) ::close(descriptor_);
    fail(call, error, size);
}

SharedMemory::~SharedMemory() {
    ::munmap(data_, size_);
    ::close(descriptor_);
}

}  // namespace seamark::trace
