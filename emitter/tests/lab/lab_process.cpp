// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab_process.hpp"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace seamark::testing {
namespace {

using namespace std::chrono_literals;

/// Processes whose environment has this, this process aside.
int processes_with(const std::string& mark) {
    int count = 0;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        if (entry.path().filename() == std::to_string(::getpid())) continue;
        std::ifstream file(entry.path() / "environ", std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        if (text.find(mark) != std::string::npos) ++count;
    }
    return count;
}

}  // namespace

Merged read_merged(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        return value;
    };
    Merged merged;
    std::uint64_t last = 0;
    std::size_t at = 0;
    while (bytes.size() - at >= 12) {
        const std::size_t size = number(at + 4);
        if (size < 12 || size > bytes.size() - at || number(at + size - 4) != size) break;
        const std::uint32_t type = number(at);
        if (type == 1) ++merged.interfaces;
        if (type == 5) ++merged.statistics;
        if (type == 6) {
            const std::uint64_t time = std::uint64_t{number(at + 12)} << 32 | number(at + 16);
            if (time < last) ++merged.backwards;
            last = time;
            ++merged.packets[number(at + 8)];
        }
        at += size;
    }
    merged.whole = !bytes.empty() && at == bytes.size();
    return merged;
}

Program Lab::start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"lab", "-o", file_.path()});
    return Program(std::move(arguments));
}

bool Lab::refused(const std::string& errors) {
    return errors.find("there can be no lab here") != std::string::npos;
}

bool Lab::all_gone() const {
    for (int i = 0; i < 100; ++i) {
        if (processes_with(mark_) == 0) return true;
        std::this_thread::sleep_for(100ms);
    }
    return false;
}

bool Lab::has_begun() const {
    for (int i = 0; i < 2000; ++i) {
        std::error_code error;
        const auto size = std::filesystem::file_size(file_.path(), error);
        if (!error && size > 0) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

}  // namespace seamark::testing
