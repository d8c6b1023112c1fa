// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "check/contract.hpp"

namespace seamark::check {

/// What no filter can see, because tshark or the plugin gave up on it: known from fields of the
/// frames of a capture of which they gave up something. Where there is any, "none FILTER" holds of
/// what was read only.
class Unread {
  public:
    /// contract: a loss that an assertion names itself (none seamark.missing_bytes) is judged
    /// there.
    explicit Unread(const std::vector<Assertion>& contract);

    /// What to ask tshark for, of the frames that match filter().
    const std::vector<std::string>& fields() const { return fields_; }
    const std::string& filter() const { return filter_; }
    /// What could not be checked of a capture, a sentence for each kind of loss, with the frames
    /// and a remedy; none where all could. rows: the fields of the frames that match, in order.
    std::vector<std::string> complaints(const std::vector<std::vector<std::string>>& rows) const;

  private:
    bool names(const char* word) const;

    std::vector<std::string> filters_;
    std::vector<std::string> fields_;
    std::string filter_;
};

}  // namespace seamark::check
