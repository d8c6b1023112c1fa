// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/programs.hpp"

#include <filesystem>
#include <string_view>
#include <utility>

#include "plan/duration_text.hpp"

namespace seamark::lab {
namespace {

std::string read_own_program() {
    std::error_code none;  // no /proc: what is started says that it is not there
    return std::filesystem::read_symlink("/proc/self/exe", none).string();
}

/// Read before any namespace is made: in one of a chroot, the link names a path outside of it.
const std::string own_program = read_own_program();

/// Where a client finds the host that answers.
std::string place(const std::string& address, std::uint16_t port) {
    return address + ':' + std::to_string(port);
}

/// proxied: as the client asks for it, where there is a proxy.
std::string url(const Settings& settings, const Network& network, bool proxied) {
    const bool at_proxy = proxied && !settings.proxy.empty();
    const bool in_tls = at_proxy ? !settings.tls.empty() : settings.tls_at_server();
    const std::string base = std::string(in_tls ? "https://" : "http://") +
                             (at_proxy ? place(network.proxy_address(), settings.proxy_port)
                                       : place(network.address(), settings.port));
    if (!settings.server.empty()) return base + settings.path;
    return base + "/emit" + (settings.emit.empty() ? "" : "?" + settings.emit);
}

ChildProgram::Start start(const char* role, const Namespace& host, const std::string& address,
                          std::uint16_t port, const std::string& url) {
    return {.role = role,
            .command = {own_program},
            .environment = {"SEAMARK_ADDRESS=" + address, "SEAMARK_PORT=" + std::to_string(port),
                            "SEAMARK_URL=" + url},
            .host = &host};
}

void add(std::vector<std::string>& command, std::initializer_list<std::string> more) {
    command.insert(command.end(), more);
}

void add_recording(std::vector<std::string>& command, const Settings& settings) {
    if (settings.record != "calls") add(command, {"--record", settings.record});
}

/// A command of the settings'. What records it is not in between where the kernel does.
void add_traced(std::vector<std::string>& command, const Settings& settings,
                const std::string& text) {
    if (settings.kernel) {
        command = {"/bin/sh", "-c", text};
        return;
    }
    add(command, {"trace", "--quiet", "-o", "%EVENTS%"});
    if (!settings.tls.empty()) add(command, {"--tls-keys"});
    add_recording(command, settings);
    add(command, {"--", "/bin/sh", "-c", text});
}

/// The same of this program itself.
void add_own_recording(std::vector<std::string>& command, const Settings& settings) {
    if (settings.kernel) return;
    add(command, {"--events", "%EVENTS%"});
    add_recording(command, settings);
}

}  // namespace

ChildProgram::Start kernel_recorder(const Settings& settings, const Network& network) {
    ChildProgram::Start program{.role = kernel_recorder_role,
                                .command = {own_program, "trace", "--kernel", "-o", "%EVENTS%"},
                                .environment = {},
                                .host = &network.server(),
                                .speaks = false};
    auto& command = program.command;
    add_recording(command, settings);
    if (const auto hosts = network.numbers(); !hosts.empty()) {
        add(command, {"--netns"});
        for (const auto number : hosts) add(command, {std::to_string(number)});
        return program;
    }
    add(command, {"--port", std::to_string(settings.port)});
    if (!settings.proxy.empty()) add(command, {std::to_string(settings.proxy_port)});
    return program;
}

ChildProgram::Start server_program(const Settings& settings, const Network& network,
                                   const std::string& plan) {
    auto program = start("server", network.server(), network.address(), settings.port,
                         url(settings, network, false));
    auto& command = program.command;
    if (!settings.server.empty()) {
        add_traced(command, settings, settings.server);
        return program;
    }
    program.speaks = false;
    add(command, {"serve", "--address", network.address(), "--port", std::to_string(settings.port),
                  "--grace", "0", "--private-network"});
    if (!plan.empty()) add(command, {"--plan", plan});
    if (settings.tls_at_server()) add(command, {"--tls", "--tls-max", settings.tls, "--tls-keys"});
    add_own_recording(command, settings);
    return program;
}

ChildProgram::Start proxy_program(const Settings& settings, const Network& network,
                                  const std::string& folder) {
    auto program = start("proxy", network.proxy(), network.proxy_address(), settings.proxy_port,
                         url(settings, network, true));
    add(program.environment,
        {"SEAMARK_UPSTREAM=" + place(network.address(), settings.port), "SEAMARK_FOLDER=" + folder,
         "SEAMARK_TLS=" + settings.tls, "SEAMARK_CONFIG=" + folder + '/' + proxy_config_name});
    add_traced(program.command, settings, settings.proxy);
    return program;
}

std::string proxy_config(const Settings& settings, const Network& network,
                         const std::string& folder) {
    std::string text = settings.proxy_config;
    const std::pair<std::string_view, std::string> names[] = {
        {"$SEAMARK_ADDRESS", network.proxy_address()},
        {"$SEAMARK_PORT", std::to_string(settings.proxy_port)},
        {"$SEAMARK_UPSTREAM", place(network.address(), settings.port)},
        {"$SEAMARK_TLS", settings.tls},
        {"$SEAMARK_FOLDER", folder}};
    for (const auto& [name, value] : names)
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;
             at += value.size())
            text.replace(at, name.size(), value);
    return text;
}

ChildProgram::Start client_program(const Settings& settings, const Network& network) {
    const bool proxied = !settings.proxy.empty();
    auto program =
        start("client", network.client(), proxied ? network.proxy_address() : network.address(),
              proxied ? settings.proxy_port : settings.port, url(settings, network, true));
    auto& command = program.command;
    if (!settings.client.empty()) {
        add_traced(command, settings, settings.client);
        return program;
    }
    add(command, {"get", "-o", "discard", "--read-size", std::to_string(settings.read_size),
                  "--pace", plan::to_text(settings.pace)});
    add(command, {"--timeout", "0"});  // the lab has a limit of its own
    if (settings.requests > 1) add(command, {"--requests", std::to_string(settings.requests)});
    if (settings.receive_buffer > 0)
        add(command, {"--rcvbuf", std::to_string(settings.receive_buffer)});
    if (!settings.tls.empty()) add(command, {"--insecure"});
    add_own_recording(command, settings);
    add(command, {url(settings, network, true)});
    return program;
}

}  // namespace seamark::lab
