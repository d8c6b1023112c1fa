// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/pcapng_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace seamark::record {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t longest_comment = 4000;

// Block and option codes of the pcapng specification, sections 4.1 to 4.3.
constexpr std::uint32_t section_header = 0x0a0d0d0a;
constexpr std::uint32_t interface_description = 1;
constexpr std::uint32_t enhanced_packet = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t end_of_options = 0;
constexpr std::uint16_t comment_option = 1;
constexpr std::uint16_t application_option = 4;   // of a section
constexpr std::uint16_t name_option = 2;          // of an interface
constexpr std::uint16_t resolution_option = 9;    // of an interface
constexpr std::uint16_t padding_option = 0x8000;  // the range for local use
constexpr std::uint16_t upper_pdu_link_type = 252;

/// A block at the end of `out`, in the machine's byte order; the destructor puts its two lengths.
class Block {
  public:
    Block(std::vector<std::uint8_t>& out, std::uint32_t type) : out_(out), begin_(out.size()) {
        put(type);
        put(std::uint32_t{0});
    }
    ~Block() {
        const auto length = static_cast<std::uint32_t>(out_.size() - begin_ + 4);
        put(length);
        std::memcpy(out_.data() + begin_ + 4, &length, sizeof length);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    template <typename Integer>
    void put(Integer value) {
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
        out_.insert(out_.end(), bytes, bytes + sizeof value);
    }
    void put_padded(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        out_.insert(out_.end(), bytes, bytes + size);
        out_.insert(out_.end(), (4 - size % 4) % 4, 0);
    }
    void put_option(std::uint16_t code, const void* data, std::size_t size) {
        put(code);
        put(static_cast<std::uint16_t>(size));
        put_padded(data, size);
    }
    void put_option(std::uint16_t code, std::string_view text) {
        put_option(code, text.data(), text.size());
    }
    void end_options() { put_option(end_of_options, {}); }

  private:
    std::vector<std::uint8_t>& out_;
    std::size_t begin_;
};

[[noreturn]] void fail(int error, const char* call, const std::string& path) {
    throw std::system_error(error, std::generic_category(), std::string(call) + ' ' + path);
}

}  // namespace

PcapngWriter::PcapngWriter(const std::string& path, std::string_view interface_name,
                           std::string_view application)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
    if (file_ < 0) fail(errno, "open", path);
    {
        Block block(memory_, section_header);
        block.put(byte_order_magic);
        block.put(std::uint16_t{1});  // version 1.0
        block.put(std::uint16_t{0});
        block.put(std::int64_t{-1});  // length of the section: not known
        block.put_option(application_option, application);
        block.end_options();
    }
    {
        Block block(memory_, interface_description);
        block.put(upper_pdu_link_type);
        block.put(std::uint16_t{0});
        block.put(std::uint32_t{0});  // no snap length
        block.put_option(name_option, interface_name);
        const std::uint8_t nanoseconds = 9;
        block.put_option(resolution_option, &nanoseconds, 1);
        block.end_options();
    }
    last_block_ = memory_.size();
    if (flush()) return;
    ::close(file_);
    fail(error_, "write", path);
}

PcapngWriter::~PcapngWriter() {
    flush();
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
    put_packet(time_ns, packet, comment.substr(0, longest_comment));
    ++waiting_;
    largest_ = std::max(largest_, memory_.size() - last_block_);
    // Only a block that is larger than all before it can go over the end of a page.
    if (room() < largest_) pad_to_page();
    if ((size_ + memory_.size()) % page == 0 || memory_.size() >= page) flush();
    return true;
}

void PcapngWriter::put_packet(std::int64_t time_ns, std::span<const std::uint8_t> packet,
                              std::string_view comment) {
    Block block(memory_, enhanced_packet);
    block.put(std::uint32_t{0});  // the only interface
    block.put(static_cast<std::uint32_t>(static_cast<std::uint64_t>(time_ns) >> 32));
    block.put(static_cast<std::uint32_t>(time_ns));
    block.put(static_cast<std::uint32_t>(packet.size()));  // captured
    block.put(static_cast<std::uint32_t>(packet.size()));  // on the wire
    block.put_padded(packet.data(), packet.size());
    block.put_option(comment_option, comment);
    block.end_options();
}

/// Makes the last block reach the end of its page, by an option that readers skip.
void PcapngWriter::pad_to_page() {
    const std::size_t wanted = room();
    std::uint32_t length = 0;
    std::memcpy(&length, memory_.data() + memory_.size() - 4, sizeof length);
    memory_.resize(memory_.size() - 8);  // the end of its options, and its length

    const auto option = static_cast<std::uint16_t>(wanted - 4);
    const std::array<std::uint16_t, 2> header{padding_option, option};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(header.data());
    memory_.insert(memory_.end(), bytes, bytes + 4);
    memory_.resize(memory_.size() + option + 4);  // and the end of options, zeros too
    length += static_cast<std::uint32_t>(wanted);
    bytes = reinterpret_cast<const std::uint8_t*>(&length);
    memory_.insert(memory_.end(), bytes, bytes + 4);
    std::memcpy(memory_.data() + last_block_ + 4, &length, sizeof length);
}

bool PcapngWriter::flush() {
    std::size_t done = 0;
    error_ = 0;
    while (done < memory_.size()) {
        const auto count = ::write(file_, memory_.data() + done, memory_.size() - done);
        if (count > 0) {
            done += static_cast<std::size_t>(count);
        } else if (count < 0 && errno != EINTR) {
            error_ = errno;
            break;
        }
    }
    if (error_ != 0) {
        // A pipe cannot be cut back; but there a failed write means that nobody reads it any more.
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

}  // namespace seamark::record
