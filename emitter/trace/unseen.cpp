// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/unseen.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "plan/number_text.hpp"
#include "trace/tcp_table.hpp"

namespace seamark::trace {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds time_to_load{450};
constexpr std::size_t most_descriptors = 4096;
constexpr std::size_t most_names = 1000;
constexpr std::size_t most_connections = 64;  // remembered of a process
constexpr std::size_t longest_environment = 1U << 20;

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

std::string path_of(pid_t process, const char* name) {
    return "/proc/" + std::to_string(process) + '/' + name;
}

enum class Attached { kNot, kLoaded, kRecorded, kUnknown };

/// Whether the library is mapped, and the memory of the recording.
Attached attached(pid_t process) {
    std::ifstream maps(path_of(process, "maps"));
    std::string line;
    bool any = false;
    bool has_library = false;
    while (std::getline(maps, line)) {
        any = true;
        if (line.find("libseamark_trace.so") != std::string::npos) has_library = true;
        if (line.find("/memfd:seamark-trace") != std::string::npos) return Attached::kRecorded;
    }
    if (!any) return Attached::kUnknown;
    return has_library ? Attached::kLoaded : Attached::kNot;
}

/// What descriptors stand for, "socket:[123]"; the first ones alone: a process that has very many
/// costs no more than others. None where that cannot be read.
std::optional<std::set<std::string>> descriptors_of(pid_t process) {
    std::error_code error;
    std::set<std::string> all;
    std::size_t looked_at = 0;
    for (const auto& entry : fs::directory_iterator(path_of(process, "fd"), error)) {
        if (++looked_at > most_descriptors) break;
        std::error_code gone;
        all.insert(fs::read_symlink(entry.path(), gone).string());
    }
    if (error) return std::nullopt;
    return all;
}

/// The TCP sockets among them.
std::vector<TcpSocket> sockets_of(pid_t process, const std::set<std::string>& descriptors) {
    std::vector<TcpSocket> own;
    const auto is_socket = [](const std::string& what) { return what.starts_with("socket:["); };
    if (std::none_of(descriptors.begin(), descriptors.end(), is_socket)) return own;
    for (auto& [inode, socket] : tcp_sockets(process))
        if (descriptors.contains("socket:[" + inode + "]")) own.push_back(socket);
    return own;
}

/// Whether it listens or is connected; true as well where that cannot be read.
bool has_tcp_socket(pid_t process) {
    const auto descriptors = descriptors_of(process);
    return !descriptors || !sockets_of(process, *descriptors).empty();
}

/// The words after a name at the start of a line; empty where there is no such line.
std::string line_of(pid_t process, const char* file, const std::string& name) {
    std::ifstream lines(path_of(process, file));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(name)) return line.substr(name.size());
    return {};
}

std::string first_word(const std::string& text) {
    std::string word;
    std::istringstream(text) >> word;
    return word;
}

bool is_of_another(pid_t process) {
    const std::string user = first_word(line_of(process, "status", "Uid:"));
    return !user.empty() && user != std::to_string(::geteuid());
}

/// Why a process that has the library has not the recording, as far as /proc shows.
std::string reason_of(pid_t process) {
    const std::string user = first_word(line_of(process, "status", "Uid:"));
    if (!user.empty() && user != std::to_string(::geteuid()))
        return "it was started as another user (" + user +
               "), who may not open the recording. Run seamark trace as that user";
    std::error_code error;
    const auto root = fs::read_symlink(path_of(process, "root"), error);
    if (!error && root != "/")
        return "it was started with another root directory, where the recording is not to be "
               "found. Run seamark trace inside of it";
    const std::string limit = first_word(line_of(process, "limits", "Max address space"));
    if (!limit.empty() && limit != "unlimited")
        return "its limit of memory (`ulimit -v`, " + limit +
               " bytes) has no room for the recording. Raise it";
    const std::string filter = first_word(line_of(process, "status", "Seccomp:"));
    if (!filter.empty() && filter != "0")
        return "its system calls are filtered (seccomp), and it could not open the recording. Run "
               "seamark trace inside of the sandbox, or without the filter";
    return "it could not open the recording, as in a sandbox or container. Run seamark trace "
           "inside of it";
}

std::string title_of(pid_t number, const ProcessStat& process) {
    return process.name + " (process " + std::to_string(number) + ")";
}

void add(Unseen::Names& names, pid_t number, const std::string& text) {
    if (names.size() < most_names) names.try_emplace(number, text);
}

}  // namespace

bool Unseen::has_our_environment(pid_t process) const {
    std::ifstream file(path_of(process, "environ"), std::ios::binary);
    std::string text(longest_environment, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const std::string wanted = std::string(SEAMARK_TRACE_VARIABLE) + '=' + name_ + '\0';
    const auto at = text.find(wanted);
    return at != std::string::npos && (at == 0 || text[at - 1] == '\0');
}

/// A program that has just begun has not loaded the library yet.
bool Unseen::is_long_suspected(pid_t number) {
    const auto now = Clock::now();
    return now - suspects_.try_emplace(number, now).first->second >= time_to_load;
}

void Unseen::look_at(pid_t number, const ProcessStat& process) {
    const auto state = attached(number);
    const std::string title = title_of(number, process);
    if (state == Attached::kRecorded || (state == Attached::kUnknown && !is_of_another(number)))
        suspects_.erase(number);
    else if (is_long_suspected(number) && state == Attached::kNot)
        add(without_library_, number, title);
    else if (is_long_suspected(number) && !without_recording_.contains(number))
        add(without_recording_, number, title + ": not recorded, because " + reason_of(number));
    const auto descriptors = descriptors_of(number);
    if (!descriptors) return;
    if (descriptors->contains("anon_inode:[io_uring]")) add(with_io_uring_, number, title);
    if (state != Attached::kRecorded) return;
    for (TcpSocket& socket : sockets_of(number, *descriptors)) {
        if (!socket.is_connected || connections_.size() >= most_names) continue;
        auto& known = connections_[number];
        if (known.size() < most_connections) known.insert(std::move(socket.ends));
        add(titles_, number, title);
    }
}

void Unseen::look() {
    const auto processes = all_processes();
    for (const auto& [number, process] : processes)
        if (descends(number, tracer_, processes)) look_at(number, process);
    std::erase_if(suspects_, [&](const auto& one) { return !processes.contains(one.first); });
}

void Unseen::look_for_survivors(const Processes& processes, bool nothing_recorded) {
    for (const auto& [number, process] : processes) {
        if (number == tracer_) continue;
        const bool is_below = descends(number, tracer_, processes);
        if (!is_below && !has_our_environment(number)) continue;
        const bool is_daemon = !is_below && ::getsid(number) != ::getsid(0);
        if (has_tcp_socket(number))
            add(is_daemon ? daemons_ : going_on_, number, title_of(number, process));
        else if (is_daemon && nothing_recorded)
            add(daemons_, number, title_of(number, process));  // its sockets may be still to come
    }
}

void Unseen::look_at_the_end(const Recording& recording, const EventFile& file) {
    look();
    look_for_survivors(all_processes(), file.written() == 0);
    for (const auto& [number, ends] : connections_) {
        if (file.has_events_of(number)) continue;
        if (std::all_of(ends.begin(), ends.end(),
                        [&](const std::string& one) { return file.has_connection(one); }))
            continue;
        silent_[number] = titles_[number];
    }
    for (const auto& [number, is_go] : recording.processes()) {
        if (!is_go || file.has_events_of(number)) continue;
        const auto named = silent_.find(number);
        add(silent_go_, number,
            named != silent_.end() ? named->second : "process " + std::to_string(number));
        if (named != silent_.end()) silent_.erase(named);
    }
}

}  // namespace seamark::trace
