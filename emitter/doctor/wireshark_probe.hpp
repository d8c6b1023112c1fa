// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "check/program.hpp"
#include "doctor/facts.hpp"

namespace seamark::doctor {

/// Asks tshark, in the caller's own configuration, as the caller's Wireshark sees it. program: a
/// path, or a name that is looked for on the PATH. other_user: whose personal plugins are looked
/// for, too; empty: no user's. Throws check::Interrupted.
WiresharkFacts ask_wireshark(const std::string& program, const std::string& other_user,
                             const check::OrderlyEnd& end);

/// Looks for the profile where Wireshark would, and compares it with that of this version.
ProfileFacts look_for_profile(const WiresharkFacts& wireshark);

}  // namespace seamark::doctor
