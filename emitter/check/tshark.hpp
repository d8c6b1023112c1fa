// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check/clean_folder.hpp"
#include "check/program.hpp"

namespace seamark::check {

/// How tshark is to be asked.
struct TsharkOptions {
    std::string program = "tshark";        ///< a path, or a name that is looked for on the PATH
    std::vector<std::string> preferences;  ///< NAME:VALUE each, as tshark's -o takes them
    std::vector<std::string> decode_as;    ///< as tshark's -d takes them
};

/// tshark as a program of its own, with a configuration in which nothing is set but what it is
/// given here. All functions throw std::runtime_error if it cannot be run, and Interrupted.
class Tshark {
  public:
    /// folder, end: must outlive it.
    Tshark(TsharkOptions options, const CleanFolder& folder, const OrderlyEnd& end)
        : options_(std::move(options)), folder_(&folder), end_(&end) {}

    /// Reads a capture of which it is known what the plugin says. Why tshark and plugin are not fit
    /// to judge others, with a remedy; empty: they are. To be called first: what tshark says on
    /// standard error meanwhile is about this machine, and does not count later.
    std::optional<std::string> unfit();

    /// What tshark has against a display filter, in its words; empty: nothing.
    std::optional<std::string> refusal(const std::string& filter) const;

    /// What to print of the frames that match a filter, and what else to gather of all.
    struct Question {
        std::string filter;                   ///< empty: all match
        std::vector<std::string> fields;      ///< at least one
        std::vector<std::string> statistics;  ///< as tshark's -z takes them
        bool two_passes = true;               ///< so that fields know the whole capture
    };
    /// Reads a capture once. take: is given the lines, those of frames as fields with tabs between.
    /// Why they may not be all, in tshark's words; empty: they are.
    std::string ask(const std::string& capture, const Question& question,
                    const std::function<void(std::string_view)>& take) const;

    /// Reads a capture once for a statistic, as tshark's -z takes it, that writes a file. What was
    /// wrong, in tshark's words; empty: nothing.
    std::string gather(const std::string& capture, const std::string& statistic) const;

  private:
    std::vector<std::string> command(const std::string& capture,
                                     const std::vector<std::string>& more) const;
    Ended run(const std::string& capture, const std::vector<std::string>& more) const;
    /// A filter or field in which the names of Wireshark 4.0 stand, as this tshark has them.
    std::string in_its_names(std::string text) const;
    /// What tshark said, without what it says of each capture; in one line, fit to be shown.
    std::string words_of(std::string_view errors) const;
    std::string complaint_of(const Ended& ended) const;

    TsharkOptions options_;
    const CleanFolder* folder_;
    const OrderlyEnd* end_;
    bool later_names_ = false;
    std::set<std::string> standing_;  // lines, without their numbers
};

/// What a line of fields has, in order.
std::vector<std::string> cells_of(std::string_view line);

}  // namespace seamark::check
