// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace seamark::check {

/// A configuration of Wireshark's in which nothing is set, in a folder of its own among the
/// system's temporary files: gone, with what is in it, when this object is. Others may read it, as
/// tshark may run as another user than this program.
class CleanFolder {
  public:
    /// Throws std::system_error.
    CleanFolder();
    ~CleanFolder();
    CleanFolder(const CleanFolder&) = delete;
    CleanFolder& operator=(const CleanFolder&) = delete;

    /// A small capture of which it is known what Seamark says.
    std::string known_capture() const { return path_ + "/known.pcap"; }
    /// A capture without packets, of link type Ethernet.
    std::string empty_capture() const { return path_ + "/empty.pcap"; }
    /// This program's environment, NAME=VALUE each, but with this configuration, no extcap program,
    /// and none of what else could bend an answer of tshark's. HOME and WIRESHARK_PLUGIN_DIR stay:
    /// plugins are found through them.
    std::vector<std::string> environment() const;

  private:
    void put(const std::string& path, const std::string& bytes) const;

    std::string path_;
};

}  // namespace seamark::check
