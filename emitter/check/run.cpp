// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/run.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include "check/contract.hpp"
#include "check/tshark.hpp"
#include "check/unread.hpp"
#include "core/base/display_text.hpp"
#include "plan/number_text.hpp"

namespace seamark::check {
namespace {

constexpr int all_hold = 0;
constexpr int one_does_not = 1;
constexpr int not_checked = 2;

/// Names of files and words of a contract come from outside.
std::string shown(const std::string& text) {
    return DisplayText::of(text).string();
}

int complain(const std::string& what) {
    std::fflush(stdout);
    std::fprintf(stderr, "seamark check: %s\n", shown(what).c_str());
    return not_checked;
}

std::string place(const CheckOptions& options, unsigned line) {
    return options.contract + (line > 0 ? ", line " + std::to_string(line) : std::string());
}

void say(const CheckOptions& options, const std::string& capture, const Assertion& assertion,
         const Judgement& judgement) {
    if (judgement.holds && options.quiet) return;
    const std::string name = assertion.name.empty() ? std::string() : assertion.name + ": ";
    const std::string frames =
        judgement.holds || judgement.frames.empty() ? "" : list_of(judgement.frames);
    std::printf("%s  %s\n", judgement.holds ? "ok    " : "FAILED",
                shown(capture + ", line " + std::to_string(assertion.line) + ": " + name +
                      assertion.text + " (" + judgement.found + frames + ')')
                    .c_str());
}

std::uint32_t frame_number(std::string_view cell) {
    const auto number = plan::take_number<std::uint32_t>(cell);
    if (!number) throw std::runtime_error("tshark gave a frame that has no number");
    return *number;
}

/// One capture and what was asked of it: each filter once.
class Asked {
  public:
    Asked(const Tshark& tshark, const std::string& capture) : tshark_(tshark), capture_(capture) {}

    const std::vector<std::uint32_t>& frames(const std::string& filter) {
        const auto [at, fresh] = answers_.try_emplace(filter);
        if (fresh)
            for (const auto& row : rows(filter, {"frame.number"}))
                at->second.push_back(frame_number(row.front()));
        return at->second;
    }
    std::vector<std::vector<std::string>> rows(const std::string& filter,
                                               const std::vector<std::string>& fields) {
        Tshark::Rows found = tshark_.rows(capture_, filter, fields);
        if (complaint_.empty()) complaint_ = found.complaint;
        return std::move(found.rows);
    }
    const std::string& complaint() const { return complaint_; }

  private:
    const Tshark& tshark_;
    const std::string& capture_;
    std::map<std::string, std::vector<std::uint32_t>> answers_;
    std::string complaint_;
};

/// What tells whether a file was written meanwhile; what is wrong with it in words, empty: nothing.
struct FileState {
    explicit FileState(const std::string& file) {
        struct stat found {};
        if (::stat(file.c_str(), &found) != 0) {
            wrong = std::strerror(errno);
        } else if (!S_ISREG(found.st_mode)) {
            wrong = "it is no file that can be read several times";
        }
        size = found.st_size;
        changed = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
    }
    bool same_as(const FileState& other) const {
        return wrong == other.wrong && size == other.size && changed == other.changed;
    }
    std::string wrong;
    off_t size = 0;
    std::int64_t changed = 0;  // ns since 1970
};

int check_capture(const CheckOptions& options, const Tshark& tshark, const std::string& capture,
                  const std::vector<Assertion>& contract) {
    const FileState before(capture);
    if (!before.wrong.empty())
        return complain("cannot read the capture " + capture + ": " + before.wrong);
    if (before.size == 0)
        return complain("the capture " + capture + " is empty: did capturing begin?");
    Asked asked(tshark, capture);
    const Unread unread(contract);
    const auto rows = asked.rows({}, unread.fields());
    if (rows.empty() && !asked.complaint().empty())
        return complain("cannot read the capture " + capture + ": " + asked.complaint());
    int status = all_hold;
    for (const Assertion& assertion : contract) {
        const Judgement judgement =
            judge(assertion, [&](const std::string& filter) -> const std::vector<std::uint32_t>& {
                return asked.frames(filter);
            });
        say(options, capture, assertion, judgement);
        if (!judgement.holds) status = std::max(status, one_does_not);
    }
    for (const std::string& complaint : unread.complaints(rows))
        status = complain(capture + " could not be checked in full: " + complaint);
    if (!asked.complaint().empty())
        status = complain(
            "not all of " + capture +
            " could be read, so that the above is only true of what was: " + asked.complaint());
    if (!before.same_as(FileState(capture)))
        status = complain("the capture " + capture + " was changed while it was read");
    return status;
}

/// A filter that tshark refuses is told before any capture is read, and so is a missing plugin: it
/// changes what other fields say, too.
int check_filters(const CheckOptions& options, Tshark& tshark,
                  const std::vector<Assertion>& contract) {
    if (const auto wrong = tshark.unfit()) return complain(*wrong);
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

int check_all(const CheckOptions& options, const std::vector<Assertion>& contract) {
    const OrderlyEnd end;
    try {
        const CleanFolder folder;
        Tshark tshark(options.tshark, folder, end);
        if (check_filters(options, tshark, contract) != all_hold) return not_checked;
        int worst = all_hold;
        for (const std::string& capture : options.captures)
            worst = std::max(worst, check_capture(options, tshark, capture, contract));
        return worst;
    } catch (const Interrupted& interrupted) {
        // Ends as the signal would have ended this program, once it is let through again.
        std::raise(interrupted.signal);
        return not_checked;
    } catch (const std::exception& e) {
        return complain(e.what());
    }
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
    const int status = check_all(options, std::get<std::vector<Assertion>>(contract));
    // A verdict that no one got is none.
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
        return complain("the verdicts could not be written to standard output");
    return status;
}

}  // namespace seamark::check
