// SPDX-License-Identifier: GPL-2.0-or-later
#include "pcapng_file.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>

namespace seamark::testing {
namespace {

template <typename Integer>
Integer at(const std::string& bytes, std::size_t offset) {
    Integer value{};
    if (offset + sizeof value > bytes.size()) throw std::runtime_error("a block is too short");
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::size_t big_16(const std::vector<std::uint8_t>& bytes, std::size_t offset) {
    return static_cast<std::size_t>(bytes.at(offset)) << 8 | bytes.at(offset + 1);
}

FilePacket read_packet(const std::string& block) {
    FilePacket packet;
    packet.time_ns = static_cast<std::int64_t>(std::uint64_t{at<std::uint32_t>(block, 12)} << 32 |
                                               at<std::uint32_t>(block, 16));
    const auto size = at<std::uint32_t>(block, 20);
    const std::vector<std::uint8_t> data(block.begin() + 28, block.begin() + 28 + size);
    std::size_t end = 0;
    while (big_16(data, end) != 0) end += 4 + big_16(data, end + 2);
    end += 4;
    packet.tags.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(end));
    const auto event = decode(std::span(data).subspan(end));
    if (!event) throw std::runtime_error("a packet has no event record");
    packet.event = *event;
    const std::size_t option = 28 + (size + 3) / 4 * 4;
    if (at<std::uint16_t>(block, option) != 1) throw std::runtime_error("a packet has no comment");
    packet.comment = block.substr(option + 4, at<std::uint16_t>(block, option + 2));
    return packet;
}

}  // namespace

PcapngFile read_pcapng(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (at<std::uint32_t>(bytes, 0) != 0x0a0d0d0a) throw std::runtime_error("no section header");
    PcapngFile file;
    std::size_t offset = 0;
    while (offset + 12 <= bytes.size()) {
        const auto length = at<std::uint32_t>(bytes, offset + 4);
        if (length < 12 || length % 4 != 0) throw std::runtime_error("a block's length is wrong");
        if (length > bytes.size() - offset) break;
        if (at<std::uint32_t>(bytes, offset + length - 4) != length) {
            throw std::runtime_error("a block's two lengths differ");
        }
        const std::string block = bytes.substr(offset, length);
        if (at<std::uint32_t>(block, 0) == 6) file.packets.push_back(read_packet(block));
        if (at<std::uint32_t>(block, 0) == 10) {
            if (at<std::uint32_t>(block, 8) != 0x544c534b) throw std::runtime_error("no key log");
            file.secrets.push_back(
                {block.substr(16, at<std::uint32_t>(block, 12)), file.packets.size()});
        }
        offset += length;
    }
    file.whole = offset == bytes.size();
    return file;
}

ScratchFile::ScratchFile(const std::string& name) {
    std::string folder = std::filesystem::temp_directory_path() / "seamark-test-XXXXXX";
    if (!::mkdtemp(folder.data())) throw std::runtime_error("mkdtemp " + folder);
    folder_ = folder;
    path_ = folder + '/' + name;
}

ScratchFile::~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

FileLimit::FileLimit(rlim_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

FileLimit::~FileLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
}

std::string output_of(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (!pipe) throw std::runtime_error("popen " + command);
    std::string text;
    std::array<char, 4096> some{};
    for (std::size_t n = 0; (n = std::fread(some.data(), 1, some.size(), pipe)) > 0;) {
        text.append(some.data(), n);
    }
    ::pclose(pipe);
    return text;
}

}  // namespace seamark::testing
