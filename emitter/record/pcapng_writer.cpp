// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/pcapng_writer.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "file/output_file.hpp"
#include "record/own_capture.hpp"
#include "record/pcapng_blocks.hpp"

namespace seamark::record {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t longest_comment = 4000;
constexpr std::size_t most_waiting = std::size_t{256} * 1024;  // for a pipe
constexpr int longest_stall_ms = 2000;

[[noreturn]] void fail(int error, const char* call, const std::string& path) {
    throw std::system_error(error, std::generic_category(), std::string(call) + ' ' + path);
}

}  // namespace

PcapngWriter::PcapngWriter(const std::string& path, std::string_view interface_name,
                           std::string_view application)
    : file_(file::open_output(path, {.replaceable = {.looked_at = own_capture_beginning,
                                                     .begins_so = is_own_capture}})) {
    struct stat status {};
    is_pipe_ = ::fstat(file_, &status) == 0 && S_ISFIFO(status.st_mode);
    pcapng::put_section(memory_, application);
    pcapng::put_interface(memory_, {.name = interface_name});
    last_block_ = memory_.size();
    if (flush()) return;
    ::close(file_);
    fail(error_, "write", path);
}

PcapngWriter::~PcapngWriter() {
    finish();
    ::close(file_);
}

/// Bytes up to the end of the page that the next block will begin in.
std::size_t PcapngWriter::room() const {
    return page - (size_ + memory_.size()) % page;
}

bool PcapngWriter::add(std::int64_t time_ns, std::span<const std::uint8_t> packet,
                       std::string_view comment) {
    if (error_ != 0) return false;
    last_block_ = memory_.size();
    pcapng::put_packet(memory_, {.time = time_ns,
                                 .bytes = packet,
                                 .original_size = packet.size(),
                                 .comment = comment.substr(0, longest_comment)});
    ++waiting_;
    end_block();
    return true;
}

bool PcapngWriter::add_secret(std::string_view line) {
    if (error_ != 0) return false;
    if (!std::exchange(holds_secrets_, true)) ::fchmod(file_, S_IRUSR | S_IWUSR);
    last_block_ = memory_.size();
    pcapng::put_tls_secrets(memory_, std::string(line) + '\n');
    end_block();
    return true;
}

/// Sees to it that pages end with a block.
void PcapngWriter::end_block() {
    largest_ = std::max(largest_, memory_.size() - last_block_);
    // Only a block that is larger than all before it can go over the end of a page.
    if (room() < largest_) pcapng::pad(memory_, last_block_, room());
    if ((size_ + memory_.size()) % page == 0 || memory_.size() >= page) flush();
}

bool PcapngWriter::flush() {
    std::size_t done = 0;
    error_ = 0;
    while (done < memory_.size()) {
        const auto count = ::write(file_, memory_.data() + done, memory_.size() - done);
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (count < 0 && errno == EAGAIN) {
            size_ += done;
            memory_.erase(memory_.begin(), memory_.begin() + static_cast<std::ptrdiff_t>(done));
            return true;
        } else if (count < 0 && errno != EINTR) {
            error_ = errno;
            break;
        }
    }
    if (error_ != 0) {
        // A pipe cannot be cut back; but there a failed write means that no one reads it any more.
        const auto size = static_cast<off_t>(size_);
        if (done > 0 && ::ftruncate(file_, size) == 0) ::lseek(file_, size, SEEK_SET);
        return false;
    }
    size_ += memory_.size();
    written_ += waiting_;
    waiting_ = 0;
    memory_.clear();
    return true;
}

bool PcapngWriter::finish() {
    while (flush()) {
        if (memory_.empty()) return true;
        pollfd room_there{file_, POLLOUT, 0};
        if (!stalled_ && ::poll(&room_there, 1, longest_stall_ms) > 0) continue;
        stalled_ = true;
        error_ = EAGAIN;
        break;
    }
    return false;
}

bool PcapngWriter::full() const {
    return is_pipe_ && error_ == 0 && memory_.size() >= most_waiting;
}

bool PcapngWriter::is_same_file(const struct stat& status) const {
    struct stat own {};
    return ::fstat(file_, &own) == 0 && own.st_dev == status.st_dev && own.st_ino == status.st_ino;
}

}  // namespace seamark::record
