// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/tshark.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

extern char** environ;

namespace seamark::check {
namespace {

/// A file descriptor that is closed when it goes.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {
        if (number < 0) throw std::system_error(errno, std::generic_category(), "a pipe or file");
    }
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    void close() {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }
    int number() const { return number_; }

  private:
    int number_;
};

struct Pipe {
    std::array<int, 2> ends = [] {
        std::array<int, 2> made{-1, -1};
        if (::pipe2(made.data(), O_CLOEXEC) != 0) made = {-1, -1};
        return made;
    }();
    Descriptor out{ends[0]};
    Descriptor in{ends[1]};
};

/// Takes what both pipes have until both have ended.
void drain(int output, std::string& out, int errors, std::string& err) {
    std::array<pollfd, 2> ends{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
    std::array<char, 16384> piece;
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "poll");
        for (pollfd& end : ends) {
            if (end.fd < 0 || end.revents == 0) continue;
            const ssize_t size = ::read(end.fd, piece.data(), piece.size());
            if (size > 0) (&end == ends.data() ? out : err).append(piece.data(), size);
            if (size == 0 || (size < 0 && errno != EINTR)) end.fd = -1;
        }
    }
}

/// Without the lines in which tshark warns root of itself, and in one line.
std::string words_of(std::string_view errors) {
    std::string text;
    while (!errors.empty()) {
        const auto end = std::min(errors.find('\n'), errors.size());
        std::string_view line = errors.substr(0, end);
        errors.remove_prefix(std::min(end + 1, errors.size()));
        if (line.starts_with("Running as user")) continue;
        // An indented line repeats the filter, and points at a place in it.
        if (line.empty() || line.front() == ' ') continue;
        if (line.starts_with("tshark: ")) line.remove_prefix(8);
        if (!text.empty()) text += ' ';
        text += line;
    }
    return text;
}

/// The header of a capture without packets.
constexpr std::array<unsigned char, 24> empty_capture{
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0};

}  // namespace

Tshark::Ended Tshark::run(const std::vector<std::string>& arguments, int input) const {
    Pipe output;
    Pipe errors;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.in.number(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.in.number(), STDERR_FILENO);
    std::vector<char*> words{const_cast<char*>(program_.c_str())};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    pid_t process = -1;
    const int error =
        ::posix_spawnp(&process, program_.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw std::runtime_error("cannot run " + program_ + ": " + std::strerror(error) +
                                 ". Install the package tshark, or name the program with --tshark");
    output.in.close();
    errors.in.close();
    Ended ended{};
    drain(output.out.number(), ended.output, errors.out.number(), ended.errors);
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
}

std::optional<std::string> Tshark::refusal(const std::string& filter) const {
    const Descriptor file(::memfd_create("empty.pcap", MFD_CLOEXEC));
    if (::pwrite(file.number(), empty_capture.data(), empty_capture.size(), 0) < 0)
        throw std::system_error(errno, std::generic_category(), "an empty capture");
    const Ended ended = run({"-n", "-r", "-", "-Y", filter}, file.number());
    if (ended.status == 0) return std::nullopt;
    std::string text = words_of(ended.errors);
    if (filter == "seamark")
        text +=
            std::string(" (Is the Seamark plugin there? ") + program_ +
            " -G plugins lists it; ./run install puts it in place" +
            (::geteuid() == 0 ? ". Run by root, tshark loads plugins from the system's folder only)"
                              : ")");
    return text;
}

Tshark::Frames Tshark::matching(const std::string& capture, const std::string& filter) const {
    const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Ended ended =
        run({"-n", "-2", "-r", capture, "-Y", filter, "-T", "fields", "-e", "frame.number"},
            nothing.number());
    Frames frames;
    const char* at = ended.output.data();
    const char* const end = at + ended.output.size();
    while (at != end) {
        std::uint32_t number = 0;
        const auto [behind, error] = std::from_chars(at, end, number);
        if (error == std::errc{}) frames.numbers.push_back(number);
        at = behind == end ? end : behind + 1;
    }
    if (ended.status != 0) {
        frames.complaint = words_of(ended.errors);
        if (frames.complaint.empty())
            frames.complaint = program_ + " ended with status " + std::to_string(ended.status);
    }
    return frames;
}

}  // namespace seamark::check
