// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// The blocks of the pcapng format, as bytes at the end of a vector, in this machine's byte order.
/// Pure: no file. Texts are UTF-8; an empty one leaves its option out.
namespace seamark::record::pcapng {

inline constexpr std::uint16_t ethernet = 1;     ///< link types
inline constexpr std::uint16_t upper_pdu = 252;  ///< Wireshark's own, for packets of no network

inline constexpr std::uint32_t section_header = 0x0a0d0d0a;  ///< block types, sections 4.1 to 4.6
inline constexpr std::uint32_t interface_description = 1;
inline constexpr std::uint32_t interface_statistics = 5;
inline constexpr std::uint32_t enhanced_packet = 6;
inline constexpr std::uint32_t decryption_secrets = 10;

inline constexpr std::uint32_t tls_key_log = 0x544c534b;  ///< "TLSK": a type of secrets

// Option codes, sections 3.5 and 4.1.
inline constexpr std::uint16_t end_of_options = 0;
inline constexpr std::uint16_t application_option = 4;  ///< of a section

/// Begins a file; the section's length is not known.
void put_section(std::vector<std::uint8_t>& out, std::string_view application,
                 std::string_view comment = {});

struct Interface {
    std::uint16_t link_type = upper_pdu;
    std::string_view name;
    std::string_view description = {};
    std::uint32_t snap_length = 0;  ///< 0: none
};
/// The first one put is interface 0. Its times are in ns.
void put_interface(std::vector<std::uint8_t>& out, const Interface& interface);

enum class Direction : std::uint32_t { unknown = 0, inbound = 1, outbound = 2 };

struct Packet {
    std::uint32_t interface = 0;
    std::int64_t time = 0;                ///< ns since 1970
    std::span<const std::uint8_t> bytes;  ///< as far as they were captured
    std::size_t original_size = 0;
    Direction direction = Direction::unknown;
    std::optional<std::string_view> comment = {};
};
void put_packet(std::vector<std::uint8_t>& out, const Packet& packet);

/// Gives the packet block that begins at `block` another time.
void set_time(std::span<std::uint8_t> block, std::int64_t time);

struct Statistics {
    std::uint32_t interface = 0;
    std::int64_t time = 0;       ///< ns since 1970, of the counts
    std::uint64_t received = 0;  ///< packets
    std::uint64_t dropped = 0;   ///< of these, for want of room
};
void put_statistics(std::vector<std::uint8_t>& out, const Statistics& statistics);

/// Lines of an NSS key log, each with its end (secrets type "TLSK").
void put_tls_secrets(std::vector<std::uint8_t>& out, std::string_view lines);

/// Makes the block that begins at `begin` and ends with `out` longer by `size` bytes (a multiple of
/// 4, 4 or more), by an option that readers skip. It is a block that ends with options.
void pad(std::vector<std::uint8_t>& out, std::size_t begin, std::size_t size);

}  // namespace seamark::record::pcapng
