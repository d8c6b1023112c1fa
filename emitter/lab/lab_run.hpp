// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/child_program.hpp"
#include "lab/isolation.hpp"
#include "lab/lab.hpp"
#include "lab/merged_file.hpp"
#include "lab/network.hpp"
#include "lab/scratch_folder.hpp"

namespace seamark::lab {

/// What goes on inside a network that is there: programs are started, what they and the cards
/// deliver is taken into the file, and all of it ends. In a process of its own, with one thread
/// (the network's forwarder has another); SIGINT, SIGTERM and SIGCHLD are blocked.
class LabRun {
  public:
    /// `parent` is a pipe that ends when the lab's own process does. Throws std::system_error.
    LabRun(const LabOptions& options, const Isolation& isolation, const Network& network,
           int output, int parent);
    ~LabRun();

    int run();  ///< the lab's exit status

  private:
    using Clock = std::chrono::steady_clock;
    static std::int64_t wall_clock_ns();  ///< since 1970
    struct Source {
        std::unique_ptr<PacketCapture> capture;
        const Card* card;
        std::uint32_t interface;
    };

    void begin_file();
    std::string comment() const;
    ChildProgram& start(const ChildProgram::Start& start);
    std::string plan_file() const;
    void start_server();
    void start_proxy();
    void start_client();
    /// False if the lab is to stop; throws std::runtime_error if the program does not listen.
    bool wait_until_listening(const ChildProgram& program, const Namespace& host,
                              std::uint16_t port, const char* option);
    /// False if the lab is to stop; throws std::runtime_error if the kernel cannot be recorded in.
    bool start_kernel_recorder();
    bool stop_kernel_recorder();
    bool start_what_answers();
    void wait_until_quiet();
    void stop_programs();
    void wait_for_end_of(const std::vector<ChildProgram*>& programs);
    void finish();

    /// One round: waits for something to happen, at most so long, and takes it in.
    void pump(std::chrono::milliseconds wait);
    bool take_packets();
    bool take_events();
    void take_output();
    void take_signals();
    void reap();

    void say(const std::string& line) const;
    void say_what_happened() const;
    std::string last_words(const ChildProgram& program) const;

    const LabOptions& options_;
    const Settings& settings_;
    const Isolation& isolation_;
    const Network& network_;
    int parent_;
    int signals_;
    MergedFile file_;
    std::vector<Source> sources_;
    std::uint32_t events_interface_ = 0;
    std::optional<ScratchFolder> proxy_folder_;
    std::deque<ChildProgram> programs_;
    ChildProgram* server_ = nullptr;
    ChildProgram* proxy_ = nullptr;
    ChildProgram* client_ = nullptr;
    ChildProgram* recorder_ = nullptr;  ///< in the kernel, of all of them
    std::vector<std::string> said_;     ///< the last lines of the programs
    Clock::time_point until_;
    std::uint64_t packets_ = 0;
    std::uint64_t events_dropped_ = 0;
    std::uint64_t packets_dropped_ = 0;
    bool stopping_ = false;
    int stop_status_ = 0;
    std::string why_stopped_;
};

}  // namespace seamark::lab
