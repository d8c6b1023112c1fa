// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/time_order.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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

[[noreturn]] void fail(const char* call, const std::string& path) {
    throw std::system_error(errno, std::generic_category(), std::string(call) + ' ' + path);
}

/// A whole file, readable as memory.
class Mapped {
  public:
    explicit Mapped(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        struct stat status {};
        if (file_ < 0 || ::fstat(file_, &status) != 0) fail("open", path);
        mode = status.st_mode & 07777;
        size_ = static_cast<std::size_t>(status.st_size);
        if (size_ == 0) return;
        data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_, 0);
        if (data_ == MAP_FAILED) fail("mmap", path);
    }
    ~Mapped() {
        if (size_ != 0 && data_ != MAP_FAILED) ::munmap(data_, size_);
        ::close(file_);
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

    std::span<const std::uint8_t> bytes() const {
        return {static_cast<const std::uint8_t*>(data_), size_};
    }
    mode_t mode = 0;

  private:
    int file_;
    std::size_t size_ = 0;
    void* data_ = nullptr;
};

struct Packet {
    std::uint64_t time = 0;
    std::size_t at = 0;
    std::size_t length = 0;
};

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// The packets in the order of the file; `head` becomes the length of what precedes them.
std::vector<Packet> packets_of(std::span<const std::uint8_t> file, std::size_t& head) {
    std::vector<Packet> packets;
    std::size_t at = 0;
    while (file.size() - at >= 12) {
        const std::size_t length = number(file, at + 4);
        if (length < 12 || length > file.size() - at) break;
        if (number(file, at) == enhanced_packet && length >= 32)
            packets.push_back(
                {std::uint64_t{number(file, at + 12)} << 32 | number(file, at + 16), at, length});
        else if (packets.empty())
            head = at + length;
        at += length;
    }
    return packets;
}

void write_sorted(const std::string& path, mode_t mode, std::span<const std::uint8_t> file,
                  std::size_t head, const std::vector<Packet>& packets) {
    std::FILE* out = std::fopen(path.c_str(), "wbx");
    if (out == nullptr) fail("open", path);
    ::fchmod(::fileno(out), mode);
    bool well = std::fwrite(file.data(), 1, head, out) == head;
    for (const Packet& packet : packets)
        well = well && std::fwrite(file.data() + packet.at, 1, packet.length, out) == packet.length;
    const int error = errno;
    if (std::fclose(out) == 0 && well) return;
    if (!well) errno = error;
    const int kept = errno;
    ::unlink(path.c_str());
    errno = kept;
    fail("write", path);
}

}  // namespace

void put_in_time_order(const std::string& name) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(name, error)) return;
    const std::string path = std::filesystem::canonical(name);  // a link stays a link
    const Mapped file(path);
    std::size_t head = 0;
    auto packets = packets_of(file.bytes(), head);
    const auto earlier = [](const Packet& a, const Packet& b) { return a.time < b.time; };
    if (std::is_sorted(packets.begin(), packets.end(), earlier)) return;
    std::stable_sort(packets.begin(), packets.end(), earlier);
    const std::string sorted = path + ".sorted-" + std::to_string(::getpid());
    write_sorted(sorted, file.mode, file.bytes(), head, packets);
    if (::rename(sorted.c_str(), path.c_str()) != 0) fail("rename", sorted);
}

}  // namespace seamark::trace
