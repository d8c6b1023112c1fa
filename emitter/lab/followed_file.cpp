// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/followed_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace seamark::lab {
namespace {

constexpr int most_rounds = 64;  // of reading, in one drain()

IoEvent unread(const PcapngStream::Packet& packet) {
    return {.kind = EventKind{}, .entered = packet.time, .left = packet.time};
}

}  // namespace

FollowedFile::~FollowedFile() {
    if (file_ >= 0) ::close(file_);
}

/// False if there is no file. Begins anew where it is another one, or was emptied.
bool FollowedFile::open_what_is_there() {
    struct stat status {};
    if (::stat(path_.c_str(), &status) != 0) return file_ >= 0;
    // Neither a device, which may never end, nor a pipe, whose bytes another may be waiting for.
    if (!S_ISREG(status.st_mode)) return false;
    const bool other = file_ < 0 || status.st_ino != inode_;
    if (!other && status.st_size >= read_) return true;
    if (file_ >= 0 && other) {
        // A recorder that sorts its events at its end puts the same ones into a new file.
        since_ = std::chrono::duration_cast<std::chrono::nanoseconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count();
    }
    if (file_ >= 0) ::close(file_);
    file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    inode_ = status.st_ino;
    read_ = 0;
    stream_ = {};
    return file_ >= 0;
}

void FollowedFile::drain(
    const std::function<void(const PcapngStream::Packet&, const IoEvent&)>& take) {
    if (!open_what_is_there()) return;
    std::array<std::uint8_t, 65536> bytes;
    // Bounded, so that a torrent from one recorder keeps no one else waiting.
    for (int round = 0; round < most_rounds; ++round) {
        const auto count = ::read(file_, bytes.data(), bytes.size());
        if (count <= 0) return;
        read_ += count;
        stream_.feed({bytes.data(), static_cast<std::size_t>(count)}, [&](const auto& packet) {
            const IoEvent event = event_in(packet.bytes).value_or(unread(packet));
            if (event.left >= since_) take(packet, event);
        });
    }
}

}  // namespace seamark::lab
