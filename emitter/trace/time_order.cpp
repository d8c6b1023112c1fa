// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/time_order.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <span>
#include <system_error>
#include <vector>

namespace seamark::trace {
namespace {

constexpr std::uint32_t enhanced_packet = 6;  // pcapng, section 4.3

[[noreturn]] void fail(int error, const char* call, const std::string& path) {
    throw std::system_error(error, std::generic_category(), std::string(call) + ' ' + path);
}

/// A file that is read piece by piece: it is not mapped, because whoever made it shorter meanwhile
/// would end us.
class Input {
  public:
    explicit Input(const std::string& path)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
        if (file_ < 0) fail(errno, "open", path);
        if (::fstat(file_, &status_) != 0) fail(errno, "stat", path);
    }
    ~Input() { ::close(file_); }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    const struct stat& status() const { return status_; }
    std::uint64_t size() const { return static_cast<std::uint64_t>(status_.st_size); }

    /// What is there from `at` on: at least so many bytes, or empty.
    std::span<const std::uint8_t> bytes(std::uint64_t at, std::size_t least) {
        if (at < begin_ || at + least > begin_ + held_) {
            const auto count =
                ::pread(file_, window_.data(), window_.size(), static_cast<off_t>(at));
            begin_ = at;
            held_ = count > 0 ? static_cast<std::size_t>(count) : 0;
        }
        const std::size_t skip = at - begin_;
        if (held_ - skip < least) return {};
        return std::span(window_).subspan(skip, held_ - skip);
    }

    bool read(std::uint64_t at, std::span<std::uint8_t> to) const {
        return ::pread(file_, to.data(), to.size(), static_cast<off_t>(at)) ==
               static_cast<ssize_t>(to.size());
    }

  private:
    int file_;
    struct stat status_ {};
    std::uint64_t begin_ = 0;
    std::size_t held_ = 0;
    std::array<std::uint8_t, 65536> window_;
};

struct Packet {
    std::uint64_t time = 0;
    std::uint64_t at = 0;
    std::uint32_t length = 0;
};

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// The packets in the order of the file; `head` becomes the length of what precedes them, `others`
/// the blocks between them: secrets, which are to precede the packets that need them.
std::vector<Packet> packets_of(Input& file, std::uint64_t& head, std::vector<Packet>& others) {
    std::vector<Packet> packets;
    for (std::uint64_t at = 0; file.size() - at >= 12;) {
        const auto begin = file.bytes(at, 12);
        if (begin.empty()) break;
        const std::uint32_t length = number(begin, 4);
        if (length < 12 || length > file.size() - at) break;
        if (number(begin, 0) == enhanced_packet && length >= 32) {
            const auto block = file.bytes(at, 20);
            if (block.empty()) break;
            packets.push_back(
                {std::uint64_t{number(block, 12)} << 32 | number(block, 16), at, length});
        } else if (packets.empty()) {
            head = at + length;
        } else {
            others.push_back({0, at, length});
        }
        at += length;
    }
    return packets;
}

bool copy(const Input& file, std::uint64_t at, std::uint64_t size, std::FILE* out) {
    std::array<std::uint8_t, 65536> piece;
    while (size > 0) {
        const std::size_t count = std::min<std::uint64_t>(size, piece.size());
        if (!file.read(at, std::span(piece).first(count))) return errno = EIO, false;
        if (std::fwrite(piece.data(), 1, count, out) != count) return false;
        at += count;
        size -= count;
    }
    return true;
}

/// Each run of packets that follow each other at once.
bool copy(const Input& file, const std::vector<Packet>& packets, std::FILE* out) {
    for (std::size_t i = 0; i < packets.size();) {
        std::uint64_t end = packets[i].at + packets[i].length;
        std::size_t next = i + 1;
        for (; next < packets.size() && packets[next].at == end; ++next)
            end += packets[next].length;
        if (!copy(file, packets[i].at, end - packets[i].at, out)) return false;
        i = next;
    }
    return true;
}

void write_sorted(const std::string& path, const Input& file, std::uint64_t head,
                  const std::vector<Packet>& others, const std::vector<Packet>& packets) {
    std::FILE* out = std::fopen(path.c_str(), "wbxe");
    if (out == nullptr) fail(errno, "open", path);
    ::fchmod(::fileno(out), file.status().st_mode & 07777);
    const bool well =
        copy(file, 0, head, out) && copy(file, others, out) && copy(file, packets, out);
    int error = errno;
    if (std::fclose(out) == 0 && well) return;
    if (well) error = errno;
    ::unlink(path.c_str());
    fail(error, "write", path);
}

}  // namespace

void put_in_time_order(const std::string& name, const record::PcapngWriter& writer) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(name, none)) return;
    const std::string path = std::filesystem::canonical(name);  // a link stays a link
    Input file(path);
    if (!writer.is_same_file(file.status())) return;
    std::uint64_t head = 0;
    std::vector<Packet> others;
    auto packets = packets_of(file, head, others);
    const auto earlier = [](const Packet& a, const Packet& b) { return a.time < b.time; };
    if (others.empty() && std::is_sorted(packets.begin(), packets.end(), earlier)) return;
    std::stable_sort(packets.begin(), packets.end(), earlier);
    const std::string sorted = path + ".sorted-" + std::to_string(::getpid());
    write_sorted(sorted, file, head, others, packets);
    if (::rename(sorted.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(sorted.c_str());
        fail(error, "rename", sorted);
    }
}

}  // namespace seamark::trace
