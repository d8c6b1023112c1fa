// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/unseen.hpp"

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "plan/number_text.hpp"
#include "trace/process_stat.hpp"

namespace seamark::trace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_descriptors = 4096;
constexpr std::size_t most_names = 1000;

using Processes = std::map<pid_t, ProcessStat>;

Processes all_processes() {
    Processes processes;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const std::string text = entry.path().filename();
        const auto number = plan::read_number<pid_t>(text);
        if (!number) continue;
        if (auto stat = stat_of(*number); stat && !stat->ended)
            processes.emplace(*number, std::move(*stat));
    }
    return processes;
}

bool descends(pid_t from, pid_t ancestor, const Processes& processes) {
    for (int depth = 0; depth < 64; ++depth) {
        const auto found = processes.find(from);
        if (found == processes.end()) return false;
        from = found->second.parent;
        if (from == ancestor) return true;
    }
    return false;
}

/// Whether the library is mapped; true as well where that cannot be read.
bool has_library(pid_t process) {
    std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
    std::string line;
    bool any = false;
    while (std::getline(maps, line)) {
        any = true;
        if (line.find("libseamark_trace.so") != std::string::npos) return true;
    }
    return !any;
}

/// What descriptors stand for, "socket:[123]"; the first ones alone: a process that has very many
/// costs no more than others. None where that cannot be read.
std::optional<std::set<std::string>> descriptors_of(pid_t process) {
    std::error_code error;
    std::set<std::string> all;
    std::size_t looked_at = 0;
    for (const auto& entry :
         fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", error)) {
        if (++looked_at > most_descriptors) break;
        std::error_code gone;
        all.insert(fs::read_symlink(entry.path(), gone).string());
    }
    if (error) return std::nullopt;
    return all;
}

bool has_io_uring(pid_t process) {
    const auto descriptors = descriptors_of(process);
    return descriptors && descriptors->contains("anon_inode:[io_uring]");
}

/// Whether it listens or is connected; true as well where that cannot be read.
bool has_tcp_socket(pid_t process) {
    const auto descriptors = descriptors_of(process);
    if (!descriptors) return true;
    for (const char* table : {"/net/tcp", "/net/tcp6"}) {
        std::ifstream sockets("/proc/" + std::to_string(process) + table);
        std::string line;
        std::getline(sockets, line);  // the headings
        while (std::getline(sockets, line)) {
            std::istringstream fields(line);
            std::string inode;
            for (int field = 0; field < 10; ++field) fields >> inode;
            if (descriptors->contains("socket:[" + inode + "]")) return true;
        }
    }
    return false;
}

std::string title_of(pid_t number, const ProcessStat& process) {
    return process.name + " (process " + std::to_string(number) + ")";
}

}  // namespace

void Unseen::look() {
    const auto processes = all_processes();
    std::set<pid_t> suspects;
    for (const auto& [number, process] : processes) {
        if (!descends(number, tracer_, processes)) continue;
        const std::string title = title_of(number, process);
        if (!without_library_.contains(number) && !has_library(number)) {
            if (suspects_.contains(number) && without_library_.size() < most_names)
                without_library_[number] = title;
            else
                suspects.insert(number);
        }
        if (with_io_uring_.size() < most_names && !with_io_uring_.contains(number) &&
            has_io_uring(number))
            with_io_uring_[number] = title;
    }
    suspects_ = std::move(suspects);
}

void Unseen::look_at_the_end(const std::vector<pid_t>& recorded) {
    look();
    const auto processes = all_processes();
    const std::set<pid_t> ours(recorded.begin(), recorded.end());
    for (const auto& [number, process] : processes) {
        const bool is_ours =
            descends(number, tracer_, processes) || (ours.contains(number) && has_library(number));
        if (is_ours && going_on_.size() < most_names && has_tcp_socket(number))
            going_on_[number] = title_of(number, process);
    }
}

}  // namespace seamark::trace
