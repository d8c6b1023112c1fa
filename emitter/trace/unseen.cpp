// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/unseen.hpp"

#include <filesystem>
#include <fstream>
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

/// Among the first of its descriptors: a process that has very many costs no more than others.
bool has_io_uring(pid_t process) {
    std::error_code error;
    std::size_t looked_at = 0;
    for (const auto& entry :
         fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", error)) {
        if (++looked_at > most_descriptors) break;
        std::error_code gone;
        if (fs::read_symlink(entry.path(), gone) == "anon_inode:[io_uring]") return true;
    }
    return false;
}

}  // namespace

void Unseen::look(const std::vector<pid_t>& recorded) {
    const auto processes = all_processes();
    std::set<pid_t> suspects;
    running_ = 0;
    for (const auto& [number, process] : processes) {
        if (!descends(number, tracer_, processes)) continue;
        ++running_;
        const std::string title = process.name + " (process " + std::to_string(number) + ")";
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
    // A process is recorded once more by each program that it becomes.
    for (const pid_t number : std::set<pid_t>(recorded.begin(), recorded.end()))
        if (processes.contains(number) && !descends(number, tracer_, processes) &&
            has_library(number))
            ++running_;
}

}  // namespace seamark::trace
