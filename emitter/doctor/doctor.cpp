// SPDX-License-Identifier: GPL-2.0-or-later
#include "doctor/doctor.hpp"

#include <cstdio>
#include <string_view>

#include "check/program.hpp"
#include "doctor/diagnosis.hpp"
#include "doctor/system_probe.hpp"
#include "doctor/wireshark_probe.hpp"

namespace seamark::doctor {

int examine(const DoctorOptions& options) {
    Facts facts;
    facts.version = SEAMARK_VERSION;
    try {
        facts.system = ask_system();
        const check::OrderlyEnd end;
        facts.wireshark = ask_wireshark(options.tshark, facts.system.other_user, end);
    } catch (const check::Interrupted& interrupted) {
        return 128 + interrupted.signal;
    }
    facts.profile = look_for_profile(facts.wireshark);
    const auto findings = diagnose(facts);
    std::string text = options.json ? to_json(findings, facts.version) + '\n' : in_words(findings);
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? status_of(findings) : 2;
}

}  // namespace seamark::doctor
