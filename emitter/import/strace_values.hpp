// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "record/event_packet.hpp"

/// Values as strace prints them in arguments and results. Empty where the text is none.
namespace seamark::import {

/// errno of its name, "EAGAIN"; 0 where it is none that a call on a TCP socket returns.
int error_number(std::string_view name);
/// "127.0.0.1:80" or "[::1]:80"; an IPv4 address mapped into IPv6 is an IPv4 one.
std::optional<record::Endpoint> endpoint_of(std::string_view text);
/// The address in a socket address as strace prints it, "{sa_family=AF_INET, sin_port=htons(80),
/// sin_addr=inet_addr("127.0.0.1")}", in the form that endpoint_of() takes.
std::optional<std::string> address_text(std::string_view address);
/// A string without its quotes.
std::string_view unquoted(std::string_view text);
/// The sum of the numbers that follow `key` outside of strings. Empty where strace left some out
/// ("...") or there is none.
std::optional<std::uint64_t> sum_of(std::string_view text, std::string_view key);
/// A number that is no error.
std::optional<std::uint64_t> size_of(const std::optional<std::int64_t>& number);
/// Whether a word is among flags: "MSG_MORE|MSG_NOSIGNAL".
bool has_word(std::string_view flags, std::string_view word);

}  // namespace seamark::import
