// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "record/pcapng_writer.hpp"
#include "trace/time_order.hpp"

namespace seamark::trace {
namespace {

using Packets = std::vector<std::pair<std::uint64_t, std::string>>;  // time and bytes

std::string temporary() {
    return std::filesystem::temp_directory_path() / ("seamark-order-" + std::to_string(getpid()));
}

std::uint32_t number(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// Also how many other blocks come before the first packet, and after it.
Packets packets_in(const std::string& path, int& before, int& after) {
    std::ifstream in(path, std::ios::binary);
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    Packets packets;
    before = after = 0;
    std::size_t at = 0;
    for (; at < file.size(); at += number(file, at + 4)) {
        if (number(file, at) == 6)
            packets.emplace_back(std::uint64_t{number(file, at + 12)} << 32 | number(file, at + 16),
                                 file.substr(at + 28, number(file, at + 20)));
        else
            ++(packets.empty() ? before : after);
    }
    EXPECT_EQ(at, file.size());
    return packets;
}

bool earlier(const std::pair<std::uint64_t, std::string>& a,
             const std::pair<std::uint64_t, std::string>& b) {
    return a.first < b.first;
}

/// Packets of which one in `every` is late by up to `by`, with secrets among them.
void check(unsigned seed, int count, int every, int by) {
    std::mt19937 random(seed);
    const std::string path = temporary();
    Packets given;
    int secrets = 0;
    {
        record::PcapngWriter writer(path, "test", "test");
        for (int i = 0; i < count; ++i) {
            const bool late = random() % static_cast<unsigned>(every) == 0;
            const int back = late ? static_cast<int>(random() % static_cast<unsigned>(by)) : 0;
            const std::int64_t time = 1'000'000 + i / 3 - back;
            std::string bytes = std::to_string(i) + std::string(random() % 200, 'x');
            if (random() % 500 == 0) bytes.append(70000, 'y');  // more than is read at once
            const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
            ASSERT_TRUE(writer.add(time, {data, bytes.size()}, i % 7 == 0 ? "comment" : ""));
            given.emplace_back(static_cast<std::uint64_t>(time), bytes);
            if (i > 0 && random() % 100 == 0) secrets += writer.add_secret("CLIENT_RANDOM 0 0");
        }
        ASSERT_TRUE(writer.finish());
        put_in_time_order(path, writer);
    }
    std::stable_sort(given.begin(), given.end(), earlier);
    int before = 0, after = 0;
    EXPECT_EQ(packets_in(path, before, after), given) << "seed " << seed;
    EXPECT_EQ(before, 2 + secrets);
    EXPECT_EQ(after, 0);
    EXPECT_FALSE(std::filesystem::exists(path + ".sorted-" + std::to_string(getpid())));
    std::filesystem::remove(path);
}

TEST(FileOrder, LatePacketsAreMovedAndTheOthersStayInOrder) {
    for (unsigned seed = 0; seed < 40; ++seed) {
        check(seed, 1 + static_cast<int>(seed) * 10, 5, 20);
        check(seed, 300, 1, 1000);  // any order
    }
}

TEST(FileOrder, AFileInOrderIsLeftAlone) {
    const std::string path = temporary();
    record::PcapngWriter writer(path, "test", "test");
    const std::uint8_t byte = 1;
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(writer.add(i / 2, {&byte, 1}, ""));
    ASSERT_TRUE(writer.finish());
    struct stat before {};
    ASSERT_EQ(::stat(path.c_str(), &before), 0);
    put_in_time_order(path, writer);
    struct stat after {};
    ASSERT_EQ(::stat(path.c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino);
    std::filesystem::remove(path);
}

TEST(FileOrder, WhatIsCutOffAtTheEndIsLeftOut) {
    const std::string path = temporary();
    record::PcapngWriter writer(path, "test", "test");
    const std::uint8_t byte = 1;
    for (const int time : {3, 1, 2, 5}) ASSERT_TRUE(writer.add(time, {&byte, 1}, ""));
    ASSERT_TRUE(writer.finish());
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 3);
    put_in_time_order(path, writer);
    int before = 0, after = 0;
    const auto packets = packets_in(path, before, after);
    ASSERT_EQ(packets.size(), 3U);
    for (std::uint64_t i = 0; i < 3; ++i) EXPECT_EQ(packets[i].first, i + 1);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace seamark::trace
