// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/tcp/copy_watch.hpp"

namespace seamark {

/// The interfaces of a capture file as it names them. Bounded memory: the first kMost are kept.
class InterfaceNames {
  public:
    static constexpr std::size_t kMost = 1024;
    static constexpr std::size_t kLongest = 64;  // bytes

    /// file_number: as Wireshark counts them in a section of the file, from 0. name: any bytes, as
    /// the file has it; empty: it has none.
    void add(const CaptureInterface& interface, std::uint32_t file_number, std::string_view name) {
        if (named_.size() < kMost)
            named_.try_emplace(interface.number,
                               Named{file_number, std::string(name.substr(0, kLongest))});
    }
    /// By PacketOrigin::interface: "eth0"; "eth0 (interface 1)" where another one is named like it;
    /// "interface 1" where the file has no name; "any, device 2 in" of a device among all. Bytes of
    /// the file, not fit to be shown as they are.
    std::string name(std::uint64_t packed) const {
        const CaptureInterface interface = CaptureInterface::of(packed);
        const auto at = named_.find(interface.number);
        std::string text = "interface";
        if (at != named_.end()) {
            text = "interface " + std::to_string(at->second.file_number);
            if (!at->second.name.empty())
                text = at->second.name + (is_shared(*at) ? " (" + text + ")" : "");
        }
        if (!interface.is_any) return text;
        return text + ", device " + std::to_string(interface.device) +
               (interface.outgoing ? " out" : " in");
    }

  private:
    struct Named {
        std::uint32_t file_number;
        std::string name;
    };
    using All = std::map<std::uint64_t, Named>;  // by CaptureInterface::number

    bool is_shared(const All::value_type& one) const {
        for (const auto& [number, other] : named_)
            if (number != one.first && other.name == one.second.name) return true;
        return false;
    }

    All named_;
};

}  // namespace seamark
