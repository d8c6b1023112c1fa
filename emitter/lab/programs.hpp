// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "lab/child_program.hpp"
#include "lab/network.hpp"
#include "lab/settings.hpp"

namespace seamark::lab {

/// `seamark trace --kernel` of all of the lab's hosts, for the settings that ask for it. It says
/// kernel_recorder_says once it records, and records until SIGTERM.
ChildProgram::Start kernel_recorder(const Settings& settings, const Network& network);
constexpr const char* kernel_recorder_role = "kernel recorder";
constexpr const char* kernel_recorder_says = "recording; ";

/// What runs on the lab's hosts: this very program as `serve` and `get`, or the settings' commands
/// under this program as `trace`. Where the kernel recorder records, nothing else does.
/// `plan` is a file with the settings' plan that the server can open, "" if there is none.
ChildProgram::Start server_program(const Settings& settings, const Network& network,
                                   const std::string& plan);
/// `folder` is one of the proxy's own, with its configuration in the file proxy_config_name.
ChildProgram::Start proxy_program(const Settings& settings, const Network& network,
                                  const std::string& folder);
constexpr const char* proxy_config_name = "proxy.conf";
/// The settings' text with what it names filled in.
std::string proxy_config(const Settings& settings, const Network& network,
                         const std::string& folder);
ChildProgram::Start client_program(const Settings& settings, const Network& network);

}  // namespace seamark::lab
