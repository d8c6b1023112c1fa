// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/run.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "check/contract.hpp"
#include "check/tshark.hpp"

namespace seamark::check {
namespace {

constexpr int all_hold = 0;
constexpr int one_does_not = 1;
constexpr int not_checked = 2;
constexpr std::size_t named_frames = 10;

int complain(const std::string& what) {
    std::fflush(stdout);
    std::fprintf(stderr, "seamark check: %s\n", what.c_str());
    return not_checked;
}

std::string place(const CheckOptions& options, unsigned line) {
    return options.contract + (line > 0 ? ", line " + std::to_string(line) : std::string());
}

std::string list(const std::vector<std::uint32_t>& frames) {
    std::string text = frames.size() == 1 ? ": frame " : ": frames ";
    for (std::size_t i = 0; i < std::min(frames.size(), named_frames); ++i)
        text += (i > 0 ? ", " : "") + std::to_string(frames[i]);
    return text + (frames.size() > named_frames ? ", …" : "");
}

void say(const CheckOptions& options, const std::string& capture, const Assertion& assertion,
         const Judgement& judgement) {
    if (judgement.holds && options.quiet) return;
    const std::string name = assertion.name.empty() ? std::string() : assertion.name + ": ";
    std::printf("%s  %s, line %u: %s%s (%s%s)\n", judgement.holds ? "ok    " : "FAILED",
                capture.c_str(), assertion.line, name.c_str(), assertion.text.c_str(),
                judgement.found.c_str(),
                judgement.holds || judgement.frames.empty() ? "" : list(judgement.frames).c_str());
}

/// One capture and what was asked of it: each filter once.
class Asked {
  public:
    Asked(const Tshark& tshark, const std::string& capture) : tshark_(tshark), capture_(capture) {}

    const std::vector<std::uint32_t>& frames(const std::string& filter) {
        const auto [at, fresh] = answers_.try_emplace(filter);
        if (fresh) {
            Tshark::Frames found = tshark_.matching(capture_, filter);
            if (complaint_.empty()) complaint_ = found.complaint;
            at->second = std::move(found.numbers);
        }
        return at->second;
    }
    const std::string& complaint() const { return complaint_; }

  private:
    const Tshark& tshark_;
    const std::string& capture_;
    std::map<std::string, std::vector<std::uint32_t>> answers_;
    std::string complaint_;
};

int check_capture(const CheckOptions& options, const Tshark& tshark, const std::string& capture,
                  const std::vector<Assertion>& contract) {
    std::ifstream file(capture);
    if (!file) return complain("cannot read the capture " + capture + ": " + std::strerror(errno));
    if (file.peek() == std::ifstream::traits_type::eof() && !file.bad())
        return complain("the capture " + capture + " is empty: did capturing begin?");
    Asked asked(tshark, capture);
    if (asked.frames("frame").empty() && !asked.complaint().empty())
        return complain("cannot read the capture " + capture + ": " + asked.complaint());
    int status = all_hold;
    for (const Assertion& assertion : contract) {
        const Judgement judgement =
            judge(assertion, [&](const std::string& filter) -> const std::vector<std::uint32_t>& {
                return asked.frames(filter);
            });
        say(options, capture, assertion, judgement);
        if (!judgement.holds) status = one_does_not;
    }
    if (asked.complaint().empty()) return status;
    return complain(
        "not all of " + capture +
        " could be read, so that the above is only true of what was: " + asked.complaint());
}

/// A filter that tshark refuses is told before any capture is read, and so is a missing plugin: it
/// changes what other fields say, too.
int check_filters(const CheckOptions& options, const Tshark& tshark,
                  const std::vector<Assertion>& contract) {
    if (const auto refusal = tshark.refusal("seamark")) return complain(*refusal);
    int status = all_hold;
    std::set<std::string> seen;
    for (const Assertion& assertion : contract) {
        for (const std::string& filter : {assertion.where, assertion.filter}) {
            if (filter.empty() || !seen.insert(filter).second) continue;
            if (const auto refusal = tshark.refusal(filter))
                status = complain(place(options, assertion.line) +
                                  ": tshark does not take the filter " + filter + ": " + *refusal);
        }
    }
    return status;
}

}  // namespace

int check(const CheckOptions& options) {
    std::ifstream file(options.contract);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
        return complain("cannot read the contract " + options.contract + ": " +
                        std::strerror(errno));
    const auto contract = parse(text);
    if (const auto* error = std::get_if<ContractError>(&contract))
        return complain(place(options, error->line) + ": " + error->text +
                        " (seamark check --help shows what a contract looks like)");
    const auto& assertions = std::get<std::vector<Assertion>>(contract);
    const Tshark tshark(options.tshark);
    try {
        if (check_filters(options, tshark, assertions) != all_hold) return not_checked;
        int worst = all_hold;
        for (const std::string& capture : options.captures)
            worst = std::max(worst, check_capture(options, tshark, capture, assertions));
        return worst;
    } catch (const std::exception& e) {
        return complain(e.what());
    }
}

}  // namespace seamark::check
