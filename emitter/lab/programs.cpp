// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/programs.hpp"

#include <filesystem>

#include "plan/duration_text.hpp"

namespace seamark::lab {
namespace {

std::string own_program() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

std::string url(const Settings& settings, const Network& network) {
    const std::string place = "http://" + network.address() + ':' + std::to_string(settings.port);
    if (!settings.server.empty()) return place + settings.path;
    return place + "/emit" + (settings.emit.empty() ? "" : "?" + settings.emit);
}

ChildProgram::Start start(const char* role, const Settings& settings, const Network& network) {
    return {.role = role,
            .command = {own_program()},
            .environment = {"SEAMARK_ADDRESS=" + network.address(),
                            "SEAMARK_PORT=" + std::to_string(settings.port),
                            "SEAMARK_URL=" + url(settings, network)},
            .host = &network.server()};
}

void add(std::vector<std::string>& command, std::initializer_list<std::string> more) {
    command.insert(command.end(), more);
}

void add_recording(std::vector<std::string>& command, const Settings& settings) {
    if (settings.record != "calls") add(command, {"--record", settings.record});
}

/// The command itself in place of the shell, so that a signal reaches it.
void add_traced(std::vector<std::string>& command, const Settings& settings,
                const std::string& text) {
    add(command, {"trace", "--quiet", "-o", "%EVENTS%"});
    add_recording(command, settings);
    add(command, {"--", "/bin/sh", "-c", text});
}

}  // namespace

ChildProgram::Start server_program(const Settings& settings, const Network& network,
                                   const std::string& plan) {
    auto program = start("server", settings, network);
    auto& command = program.command;
    if (!settings.server.empty()) {
        add_traced(command, settings, settings.server);
        return program;
    }
    program.speaks = false;
    add(command, {"serve", "--address", network.address(), "--port", std::to_string(settings.port),
                  "--grace", "0", "--events", "%EVENTS%"});
    if (!plan.empty()) add(command, {"--plan", plan});
    add_recording(command, settings);
    return program;
}

ChildProgram::Start client_program(const Settings& settings, const Network& network) {
    auto program = start("client", settings, network);
    program.host = &network.client();
    auto& command = program.command;
    if (!settings.client.empty()) {
        add_traced(command, settings, settings.client);
        return program;
    }
    add(command, {"get", "-o", "discard", "--read-size", std::to_string(settings.read_size),
                  "--pace", plan::to_text(settings.pace), "--events", "%EVENTS%"});
    if (settings.requests > 1) add(command, {"--requests", std::to_string(settings.requests)});
    if (settings.receive_buffer > 0)
        add(command, {"--rcvbuf", std::to_string(settings.receive_buffer)});
    add_recording(command, settings);
    add(command, {url(settings, network)});
    return program;
}

}  // namespace seamark::lab
