// SPDX-License-Identifier: GPL-2.0-or-later
#include "record/pcapng_blocks.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace seamark::record::pcapng {
namespace {

constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;

// Option codes, sections 3.5 and 4.1 to 4.6.
constexpr std::uint16_t comment_option = 1;
constexpr std::uint16_t name_option = 2;          // of an interface
constexpr std::uint16_t description_option = 3;   // of an interface
constexpr std::uint16_t resolution_option = 9;    // of an interface
constexpr std::uint16_t flags_option = 2;         // of a packet
constexpr std::uint16_t received_option = 4;      // of statistics
constexpr std::uint16_t dropped_option = 5;       // of statistics
constexpr std::uint16_t padding_option = 0x8000;  // the range for local use

/// A block at the end of `out`; the destructor puts its two lengths.
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
    void put_time(std::int64_t time) {
        put(static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) >> 32));
        put(static_cast<std::uint32_t>(time));
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
    void put_text(std::uint16_t code, std::string_view text) {
        text = text.substr(0, std::numeric_limits<std::uint16_t>::max());
        if (!text.empty()) put_option(code, text.data(), text.size());
    }
    void end_options() { put_option(end_of_options, nullptr, 0); }

  private:
    std::vector<std::uint8_t>& out_;
    std::size_t begin_;
};

}  // namespace

void put_section(std::vector<std::uint8_t>& out, std::string_view application,
                 std::string_view comment) {
    Block block(out, section_header);
    block.put(byte_order_magic);
    block.put(std::uint16_t{1});  // version 1.0
    block.put(std::uint16_t{0});
    block.put(std::int64_t{-1});
    block.put_text(comment_option, comment);
    block.put_text(application_option, application);
    block.end_options();
}

void put_interface(std::vector<std::uint8_t>& out, const Interface& interface) {
    Block block(out, interface_description);
    block.put(interface.link_type);
    block.put(std::uint16_t{0});
    block.put(interface.snap_length);
    block.put_text(name_option, interface.name);
    block.put_text(description_option, interface.description);
    const std::uint8_t nanoseconds = 9;
    block.put_option(resolution_option, &nanoseconds, 1);
    block.end_options();
}

void put_packet(std::vector<std::uint8_t>& out, const Packet& packet) {
    Block block(out, enhanced_packet);
    block.put(packet.interface);
    block.put_time(packet.time);
    block.put(static_cast<std::uint32_t>(packet.bytes.size()));
    block.put(static_cast<std::uint32_t>(packet.original_size));
    block.put_padded(packet.bytes.data(), packet.bytes.size());
    if (packet.comment)
        block.put_option(comment_option, packet.comment->data(), packet.comment->size());
    if (packet.direction != Direction::unknown)
        block.put_option(flags_option, &packet.direction, sizeof packet.direction);
    block.end_options();
}

void set_time(std::span<std::uint8_t> block, std::int64_t time) {
    const auto high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(time) >> 32);
    const auto low = static_cast<std::uint32_t>(time);
    std::memcpy(block.data() + 12, &high, sizeof high);
    std::memcpy(block.data() + 16, &low, sizeof low);
}

void put_statistics(std::vector<std::uint8_t>& out, const Statistics& statistics) {
    Block block(out, interface_statistics);
    block.put(statistics.interface);
    block.put_time(statistics.time);
    block.put_option(received_option, &statistics.received, sizeof statistics.received);
    block.put_option(dropped_option, &statistics.dropped, sizeof statistics.dropped);
    block.end_options();
}

void put_tls_secrets(std::vector<std::uint8_t>& out, std::string_view lines) {
    Block block(out, decryption_secrets);
    block.put(tls_key_log);
    block.put(static_cast<std::uint32_t>(lines.size()));
    block.put_padded(lines.data(), lines.size());
    block.end_options();
}

void pad(std::vector<std::uint8_t>& out, std::size_t begin, std::size_t size) {
    std::uint32_t length = 0;
    std::memcpy(&length, out.data() + begin + 4, sizeof length);
    out.resize(out.size() - 8);  // the end of its options, and its length
    const std::uint16_t header[] = {padding_option, static_cast<std::uint16_t>(size - 4)};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(header);
    out.insert(out.end(), bytes, bytes + sizeof header);
    out.resize(out.size() + size);  // and the end of options, zeros too
    length += static_cast<std::uint32_t>(size);
    bytes = reinterpret_cast<const std::uint8_t*>(&length);
    out.insert(out.end(), bytes, bytes + sizeof length);
    std::memcpy(out.data() + begin + 4, &length, sizeof length);
}

}  // namespace seamark::record::pcapng
