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
#include <deque>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <tuple>

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

struct Block {
    std::uint64_t time = 0;  // of a packet
    std::uint64_t at = 0;
    std::uint32_t length = 0;
    bool is_packet = false;
};

std::uint32_t number(std::span<const std::uint8_t> bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// The block that begins at `at`, if all of it is there.
std::optional<Block> block_at(Input& file, std::uint64_t at) {
    if (file.size() - at < 12) return std::nullopt;
    const auto begin = file.bytes(at, 12);
    if (begin.empty()) return std::nullopt;
    Block block{0, at, number(begin, 4), false};
    if (block.length < 12 || block.length > file.size() - at) return std::nullopt;
    if (number(begin, 0) != enhanced_packet || block.length < 32) return block;
    const auto packet = file.bytes(at, 20);
    if (packet.empty()) return std::nullopt;
    block.is_packet = true;
    block.time = std::uint64_t{number(packet, 12)} << 32 | number(packet, 16);
    return block;
}

/// What does not stand where it is to stand. The packets of a file are those that are in order
/// among themselves, of which none is remembered, because there may be many millions, and the late.
struct Moved {
    std::deque<Block> late;    // packets with a later one before them; a deque is never there twice
    std::deque<Block> others;  // among the packets: secrets, which are to precede who needs them
    std::uint64_t first = 0;   // begin of the first packet
    std::uint64_t end = 0;     // of what is whole
};

Moved moved_in(Input& file) {
    Moved moved;
    bool has_packets = false;
    std::uint64_t latest = 0;
    while (const auto block = block_at(file, moved.end)) {
        moved.end += block->length;
        if (!block->is_packet) {
            if (has_packets) moved.others.push_back(*block);
        } else if (block->time < latest) {
            moved.late.push_back(*block);
        } else {
            latest = block->time;
        }
        has_packets |= block->is_packet;
        if (!has_packets) moved.first = moved.end;
    }
    std::sort(moved.late.begin(), moved.late.end(), [](const Block& a, const Block& b) {
        return std::tie(a.time, a.at) < std::tie(b.time, b.at);
    });
    return moved;
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

bool copy(const Input& file, const Block& block, std::FILE* out) {
    return copy(file, block.at, block.length, out);
}

/// Each packet in order, after the late ones that precede it.
bool merge(Input& file, const Moved& moved, std::FILE* out) {
    std::uint64_t latest = 0;
    std::uint64_t run = moved.first;  // begin of what is to be copied as it stands
    auto late = moved.late.begin();
    for (std::uint64_t at = moved.first; at < moved.end;) {
        const auto block = block_at(file, at);
        if (!block) return errno = EIO, false;
        const bool stays = block->is_packet && block->time >= latest;
        const bool is_after_late = stays && late != moved.late.end() && late->time < block->time;
        if ((!stays || is_after_late) && !copy(file, run, at - run, out)) return false;
        if (!stays || is_after_late) run = at + (stays ? 0 : block->length);
        if (stays) latest = block->time;
        for (; stays && late != moved.late.end() && late->time < latest; ++late)
            if (!copy(file, *late, out)) return false;
        at += block->length;
    }
    if (!copy(file, run, moved.end - run, out)) return false;
    return std::all_of(late, moved.late.end(),
                       [&](const Block& block) { return copy(file, block, out); });
}

void write_sorted(const std::string& path, Input& file, const Moved& moved) {
    std::FILE* out = std::fopen(path.c_str(), "wbxe");
    if (out == nullptr) fail(errno, "open", path);
    ::fchmod(::fileno(out), file.status().st_mode & 07777);
    const bool well = copy(file, 0, moved.first, out) &&
                      std::all_of(moved.others.begin(), moved.others.end(),
                                  [&](const Block& block) { return copy(file, block, out); }) &&
                      merge(file, moved, out);
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
    const Moved moved = moved_in(file);
    if (moved.others.empty() && moved.late.empty()) return;
    const std::string sorted = path + ".sorted-" + std::to_string(::getpid());
    write_sorted(sorted, file, moved);
    if (::rename(sorted.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(sorted.c_str());
        fail(error, "rename", sorted);
    }
}

}  // namespace seamark::trace
