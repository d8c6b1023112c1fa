// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/lab_run.hpp"

#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "file/output_words.hpp"
#include "lab/port_filter.hpp"
#include "lab/programs.hpp"
#include "plan/escaped.hpp"
#include "plan/response_head.hpp"

namespace seamark::lab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds held_for_file{1000};
constexpr milliseconds held_live{100};
constexpr milliseconds longest_start{20'000};
constexpr milliseconds longest_end{3'000};
constexpr milliseconds round{20};
constexpr milliseconds longest_between{100};  // looks whether a program listens
constexpr std::size_t capture_memory = 64 << 20;

std::string counted(std::uint64_t count, const char* thing) {
    return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

/// Those of the link that were set and that a machine's own loopback cannot have.
std::string ignored_settings(const Settings& settings) {
    const Settings standard;
    std::string names;
    for (const Setting& setting : all_settings()) {
        const std::string value = setting.write(settings);
        if (setting.group != "Link" || setting.name == "link" || setting.name == "seed") continue;
        if (value == setting.write(standard)) continue;
        names += (names.empty() ? "" : ", ") + std::string(setting.name) + ' ' + value;
    }
    return names;
}

}  // namespace

LabRun::LabRun(const LabOptions& options, const Isolation& isolation, const Network& network,
               int output, int parent)
    : options_(options),
      settings_(options.settings),
      isolation_(isolation),
      network_(network),
      parent_(parent),
      file_(output, std::chrono::nanoseconds(options.live ? held_live : held_for_file).count()),
      until_(Clock::now() + settings_.duration) {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&set, number);
    signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    for (const Card& card : network_.cards()) {
        const bool wanted = settings_.capture == Place::both || card.side == Place::both ||
                            card.side == settings_.capture;
        if (!wanted) continue;
        card.where->enter();
        sources_.push_back({std::make_unique<PacketCapture>(card.name, capture_memory), &card, 0});
    }
}

LabRun::~LabRun() {
    ::close(signals_);
}

void LabRun::say(const std::string& line) const {
    if (!options_.quiet) std::fprintf(stderr, "%s\n", plan::printable(line, true).c_str());
}

std::string LabRun::comment() const {
    std::string text = "seamark lab " + options_.name + " in " + isolation_.words() + ": " +
                       network_.words() + ". Settings:";
    for (const Setting& setting : all_settings()) {
        const std::string value = setting.write(settings_);
        if (!value.empty()) text += "\n" + std::string(setting.name) + ": " + value;
    }
    return plan::printable(text, true);
}

void LabRun::begin_file() {
    file_.begin(std::string(plan::server_name()) + " lab", comment());
    for (Source& source : sources_) {
        const std::string name = source.card->host + ":" + source.card->name;
        source.interface = file_.add_interface({.link_type = record::pcapng::ethernet,
                                                .name = name,
                                                .description = source.card->words});
    }
    events_interface_ = file_.add_interface(
        {.name = "seamark events",
         .description = settings_.proxy.empty()
                            ? "write and read calls of server and client"
                            : "write and read calls of server, proxy and client"});
    file_.write_until(0);  // so that there is a valid file from the first moment
}

ChildProgram& LabRun::start(const ChildProgram::Start& start) {
    return programs_.emplace_back(start);
}

/// In memory, so that no file is left; children inherit it.
std::string LabRun::plan_file() const {
    if (settings_.plan.empty()) return "";
    const int file = ::memfd_create("plan", 0);
    if (file < 0 || ::write(file, settings_.plan.data(), settings_.plan.size()) !=
                        static_cast<ssize_t>(settings_.plan.size()))
        throw std::system_error(errno, std::generic_category(), "keep the plan in memory");
    return "/proc/self/fd/" + std::to_string(file);
}

void LabRun::start_server() {
    server_ = &start(server_program(settings_, network_, plan_file()));
}

void LabRun::start_proxy() {
    proxy_folder_.emplace();
    const std::string& folder = proxy_folder_->path();
    proxy_folder_->put(proxy_config_name, proxy_config(settings_, network_, folder));
    proxy_ = &start(proxy_program(settings_, network_, folder));
}

void LabRun::start_client() {
    client_ = &start(client_program(settings_, network_));
}

bool LabRun::wait_until_listening(const ChildProgram& program, const Namespace& host,
                                  std::uint16_t port, const char* option) {
    const auto until = Clock::now() + longest_start;
    milliseconds between{5};
    host.enter();
    while (!is_listening(port)) {
        if (stopping_) return false;
        if (!program.runs())
            throw std::runtime_error("the " + program.role() + " ended with status " +
                                     std::to_string(*program.status()) +
                                     " before it listened on port " + std::to_string(port) +
                                     last_words(program));
        if (Clock::now() > until)
            throw std::runtime_error("after 20 s the " + program.role() +
                                     " still does not listen on port " + std::to_string(port) +
                                     "; " + option + " says which port it uses" +
                                     last_words(program));
        // A look at the table of sockets has its price: the longer it has taken, the fewer.
        const auto next = Clock::now() + between;
        for (auto now = Clock::now(); now < next && program.runs() && !stopping_;
             now = Clock::now())
            pump(std::chrono::ceil<milliseconds>(next - now));
        between = std::min(between * 5 / 4, longest_between);
    }
    return true;
}

bool LabRun::start_kernel_recorder() {
    recorder_ = &start(kernel_recorder(settings_, network_));
    const auto says = [](const std::string& line) {
        return line.find(kernel_recorder_says) != std::string::npos;
    };
    const auto until = Clock::now() + longest_start;
    while (std::none_of(said_.begin(), said_.end(), says)) {
        if (stopping_) return false;
        if (!recorder_->runs() || Clock::now() > until)
            throw std::runtime_error("the calls cannot be recorded in the kernel" +
                                     last_words(*recorder_));
        pump(milliseconds{5});
    }
    until_ = Clock::now() + settings_.duration;  // what it took is none of the lab's time
    return true;
}

/// What it says at its end is of what it could not see. False if that end is not the proper one.
bool LabRun::stop_kernel_recorder() {
    if (!recorder_->runs()) return true;  // that was said
    recorder_->speak();
    wait_for_end_of({recorder_});
    return recorder_->status() == 0;
}

bool LabRun::start_what_answers() {
    if (settings_.kernel && !start_kernel_recorder()) return false;
    start_server();
    if (!wait_until_listening(*server_, network_.server(), settings_.port, "--port")) return false;
    if (settings_.proxy.empty()) return true;
    start_proxy();
    return wait_until_listening(*proxy_, network_.proxy(), settings_.proxy_port, "--proxy-port");
}

void LabRun::wait_until_quiet() {
    // Time for what is under way, the last acknowledgements and what the client closes late.
    const auto quiet =
        milliseconds{120} + std::chrono::duration_cast<milliseconds>(4 * settings_.delay);
    const auto until = Clock::now() + longest_end + quiet;
    auto last = Clock::now();
    while (!stopping_ && Clock::now() < until && Clock::now() - last < quiet) {
        const auto before = packets_;
        pump(round);
        if (packets_ != before) last = Clock::now();
    }
}

void LabRun::wait_for_end_of(const std::vector<ChildProgram*>& programs) {
    for (const int last_resort : {SIGTERM, SIGKILL}) {
        for (const auto* program : programs) program->signal(last_resort);
        const auto any_runs = [&] {
            return std::any_of(programs.begin(), programs.end(),
                               [](const ChildProgram* program) { return program->runs(); });
        };
        for (const auto until = Clock::now() + longest_end; any_runs() && Clock::now() < until;)
            pump(round);
    }
}

void LabRun::stop_programs() {
    std::vector<ChildProgram*> recorded;
    for (auto& program : programs_)
        if (&program != recorder_) recorded.push_back(&program);
    wait_for_end_of(recorded);
}

void LabRun::finish() {
    // What was sent is in the capture's memory some ms later.
    for (const auto until = Clock::now() + milliseconds{40}; Clock::now() < until;)
        pump(milliseconds{10});
    std::vector<record::pcapng::Statistics> statistics;
    const std::int64_t now = wall_clock_ns();
    for (const Source& source : sources_) {
        const auto count = source.capture->count();
        packets_dropped_ += count.dropped;
        statistics.push_back({source.interface, now, count.received, count.dropped});
    }
    statistics.push_back({events_interface_, now,
                          file_.packets_of(events_interface_) + events_dropped_, events_dropped_});
    file_.finish(statistics);
}

std::string LabRun::last_words(const ChildProgram& program) const {
    std::string text;
    if (program.speaks() && !options_.quiet) return text;  // each line was said as it came
    for (const auto& line : said_)
        if (line.starts_with(program.role() + ": ")) text += "\n  " + line;
    return text;
}

void LabRun::say_what_happened() const {
    std::string line = options_.output + ": ";
    for (const Source& source : sources_)
        line += counted(file_.packets_of(source.interface), "packet") + " (" + source.card->host +
                "'s side), ";
    line += counted(file_.packets_of(events_interface_), "event") +
            "; dropped: " + counted(packets_dropped_, "packet") + ", " +
            counted(events_dropped_, "event");
    if (file_.late() > 0)
        line += "; " + std::to_string(file_.late()) + " were written after later ones";
    say(line);
    const auto forwarded = network_.forwarded();
    if (forwarded.lost + forwarded.dropped > 0)
        say("the cable lost " + counted(forwarded.lost, "packet") + " as it was to, and " +
            std::to_string(forwarded.dropped) + " for want of room");
    if (!why_stopped_.empty()) say("(" + why_stopped_ + ")");
}

int LabRun::run() {
    begin_file();
    say(options_.name + " in " + isolation_.words() + ": " + network_.words());
    for (const Card& card : network_.cards())
        say("  " + card.host + "'s " + card.name + ": " + card.words);
    if (isolation_.network == Isolation::Network::none) {
        const std::string ignored = ignored_settings(settings_);
        if (!ignored.empty())
            std::fprintf(stderr,
                         "seamark lab: without a network of its own these have no effect: %s\n",
                         ignored.c_str());
    }
    int status = 0;
    std::string trouble;
    try {
        if (start_what_answers()) {
            start_client();
            while (client_->runs() && !stopping_) pump(round);
            if (!client_->runs() && *client_->status() != 0) {
                status = 1;
                trouble = "the client ended with status " + std::to_string(*client_->status()) +
                          last_words(*client_) + last_words(*server_) +
                          (proxy_ != nullptr ? last_words(*proxy_) : "");
            }
            wait_until_quiet();
            if (recorder_ != nullptr && !recorder_->runs() && !stopping_) {
                status = 1;
                trouble += (trouble.empty() ? "" : "\n") + ("the " + recorder_->role()) +
                           " ended early, with status " + std::to_string(*recorder_->status()) +
                           ": calls after that are not in the file" + last_words(*recorder_);
            }
        }
    } catch (const std::exception& error) {
        status = 1;
        trouble = error.what();
    }
    stop_programs();
    // Last, so that it sees how the others end.
    if (recorder_ != nullptr && !stop_kernel_recorder()) {
        status = 1;
        trouble += (trouble.empty() ? "" : "\n") + ("the " + recorder_->role()) +
                   " ended with status " + std::to_string(*recorder_->status()) +
                   last_words(*recorder_);
    }
    finish();
    if (!trouble.empty()) std::fprintf(stderr, "seamark lab: %s\n", trouble.c_str());
    if (file_.error() != 0 && file_.error() != EPIPE) {
        status = 1;
        std::fprintf(stderr, "seamark lab: cannot write all of %s: %s. %s; what is in it is good\n",
                     plan::printable(options_.output).c_str(),
                     file::output_problem(file_.error()).c_str(),
                     file::output_remedy(file_.error(), "-o").c_str());
    }
    say_what_happened();
    return stop_status_ != 0 ? stop_status_ : status;
}

}  // namespace seamark::lab
