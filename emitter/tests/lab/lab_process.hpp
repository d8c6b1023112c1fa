// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "../pcapng_file.hpp"
#include "../program.hpp"

namespace seamark::testing {

/// A capture of the lab, counted.
struct Merged {
    bool whole = false;
    int backwards = 0;                     ///< packets before the one in front of them
    std::map<std::uint32_t, int> packets;  ///< by interface
    int interfaces = 0;
    int statistics = 0;
};

/// By the format's own rules, knowing nothing of what wrote it.
Merged read_merged(const std::string& path);

/// Runs the lab as a process, and knows what it left.
class Lab : public ::testing::Test {
  protected:
    Lab() { ::setenv("SEAMARK_TEST_MARK", mark_.c_str(), 1); }
    ~Lab() override { ::unsetenv("SEAMARK_TEST_MARK"); }

    Program start(std::vector<std::string> arguments);

    /// Whether this machine allows no lab.
    static bool refused(const std::string& errors);

    /// Whether none of its processes is left; they may take ten seconds to end.
    bool all_gone() const;

    /// Whether the capture was begun, which may take a while where much else runs.
    bool has_begun() const;

    ScratchFile file_{"lab.pcapng"};
    std::string mark_ = "seamark-lab-test-" + std::to_string(::getpid());
};

}  // namespace seamark::testing
