// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/merged_file.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace seamark::lab {
namespace {

constexpr std::size_t write_size = std::size_t{256} * 1024;
constexpr std::size_t most_waiting = 8 << 20;
constexpr int longest_stall_ms = 3000;

}  // namespace

void MergedFile::begin(std::string_view application, std::string_view comment) {
    record::pcapng::put_section(ready_, application, comment);
}

std::uint32_t MergedFile::add_interface(const record::pcapng::Interface& interface) {
    record::pcapng::put_interface(ready_, interface);
    packets_.push_back(0);
    return static_cast<std::uint32_t>(packets_.size() - 1);
}

void MergedFile::add(const record::pcapng::Packet& packet) {
    Block block;
    record::pcapng::put_packet(block, packet);
    ++packets_[packet.interface];
    order_.push(packet.time, std::move(block));
}

void MergedFile::add_secrets(std::string_view lines) {
    record::pcapng::put_tls_secrets(ready_, lines);
}

bool MergedFile::full() const {
    return ready_.size() >= most_waiting;
}

void MergedFile::take(std::int64_t time, Block block) {
    record::pcapng::set_time(block, time);
    ready_.insert(ready_.end(), block.begin(), block.end());
    if (ready_.size() >= write_size) write();
}

bool MergedFile::write_until(std::int64_t now) {
    if (!full())
        order_.give(now - hold_,
                    [this](std::int64_t time, Block block) { take(time, std::move(block)); });
    return write();
}

bool MergedFile::finish(std::span<const record::pcapng::Statistics> statistics) {
    order_.give_all([this](std::int64_t time, Block block) { take(time, std::move(block)); });
    for (const auto& one : statistics) record::pcapng::put_statistics(ready_, one);
    while (write() && !ready_.empty()) {
        pollfd room{descriptor_, POLLOUT, 0};
        if (::poll(&room, 1, longest_stall_ms) == 0) error_ = EAGAIN;
    }
    return error_ == 0;
}

bool MergedFile::write() {
    std::size_t done = 0;
    while (error_ == 0 && done < ready_.size()) {
        const auto count = ::write(descriptor_, ready_.data() + done, ready_.size() - done);
        if (count >= 0) {
            done += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            error_ = errno;
            if (::ftruncate(descriptor_, static_cast<off_t>(written_)) == 0)
                keep_whole_blocks(descriptor_);
        }
    }
    written_ += error_ == 0 ? done : 0;
    ready_.erase(ready_.begin(),
                 error_ == 0 ? ready_.begin() + static_cast<std::ptrdiff_t>(done) : ready_.end());
    return error_ == 0;
}

void keep_whole_blocks(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
    off_t at = 0;
    std::uint32_t head[2];  // type, length
    while (::pread(descriptor, head, sizeof head, at) == sizeof head && head[1] >= 12 &&
           at + off_t{head[1]} <= status.st_size)
        at += off_t{head[1]};
    if (at < status.st_size && ::ftruncate(descriptor, at) != 0) return;
}

}  // namespace seamark::lab
