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
#include <set>
#include <string_view>
#include <system_error>

#include "check/answers.hpp"
#include "check/contract.hpp"
#include "check/results.hpp"
#include "check/shipped.hpp"
#include "check/tshark.hpp"
#include "core/base/display_text.hpp"
#include "file/output_file.hpp"
#include "file/output_words.hpp"

namespace seamark::check {
namespace {

constexpr int all_hold = 0;
constexpr int one_does_not = 1;
constexpr int not_checked = 2;

/// Names of files and words of a contract come from outside.
std::string shown(const std::string& text) {
    return DisplayText::of(text).string();
}

/// Says each result when it is known, and keeps what is to be written at the end.
class Speaker {
  public:
    explicit Speaker(const CheckOptions& options) : options_(options) {}

    void assertion(const std::string& capture, const Assertion& assertion,
                   const Judgement& judgement) {
        Result result;
        result.capture = shown(capture);
        result.contract = shown(assertion.contract);
        result.line = assertion.line;
        result.name = shown(assertion.name);
        result.assertion = shown(assertion.text);
        result.outcome = judgement.outcome;
        result.found = shown(judgement.found);
        result.frames = judgement.frames;
        say(std::move(result));
    }
    /// What could not be checked; capture: empty where it is about none.
    void complain(const std::string& what, const std::string& capture = {}) {
        Result result;
        result.capture = shown(capture);
        result.found = shown(what);
        std::fflush(stdout);
        std::fprintf(stderr, "seamark check: %s\n", result.found.c_str());
        say(std::move(result));
    }

    int status() const { return status_; }

    /// Writes what is to be written once all is known.
    void finish() {
        if (!options_.junit.empty()) write_junit();
        // A verdict that no one got is none.
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
            complain("the verdicts could not be written to standard output");
    }

  private:
    void say(Result result) {
        const bool holds = result.outcome == Outcome::kHolds;
        const bool is_assertion = result.line > 0;
        status_ = std::max(status_, holds                                ? all_hold
                                    : result.outcome == Outcome::kBroken ? one_does_not
                                                                         : not_checked);
        if (options_.json && (!holds || !options_.quiet)) {
            std::printf("%s\n", to_json(result).c_str());
        } else if (!options_.json && is_assertion && (!holds || !options_.quiet)) {
            const char* word = holds                                ? "ok    "
                               : result.outcome == Outcome::kBroken ? "FAILED"
                                                                    : "?     ";
            Result brief = result;
            if (holds) brief.frames.clear();
            std::printf("%s  %s\n", word, in_words(brief, options_.contracts.size() > 1).c_str());
        }
        if (options_.annotations && !options_.json && !holds)
            std::printf("%s\n", to_annotation(result).c_str());
        if (!options_.junit.empty()) results_.push_back(std::move(result));
    }

    void write_junit() {
        const std::string text = to_junit(results_);
        try {
            file::OutputFile file(options_.junit);
            for (std::string_view rest = text; !rest.empty();) rest.remove_prefix(file.write(rest));
            file.finish();
        } catch (const std::system_error& error) {
            complain("cannot write " + options_.junit + ": " +
                     file::output_problem(error.code().value()) + ". " +
                     file::output_remedy(error.code().value(), "--junit"));
        }
    }

    const CheckOptions& options_;
    int status_ = all_hold;
    std::vector<Result> results_;
};

/// What shows whether a file was written meanwhile; what is wrong with it in words, empty: nothing.
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

void check_capture(Speaker& speaker, const Tshark& tshark, const std::string& capture,
                   const std::vector<Assertion>& contract) {
    const FileState before(capture);
    if (!before.wrong.empty())
        return speaker.complain("cannot read the capture " + capture + ": " + before.wrong,
                                capture);
    if (before.size == 0)
        return speaker.complain("the capture " + capture + " is empty: did capturing begin?",
                                capture);
    Answers answers(contract);
    answers.read(tshark, capture);
    if (answers.nothing_read())
        return speaker.complain("cannot read the capture " + capture + ": " + answers.complaint(),
                                capture);
    for (const Assertion& assertion : contract)
        speaker.assertion(capture, assertion,
                          judge(
                              assertion,
                              [&](const std::string& filter) -> const FrameRuns& {
                                  return answers.frames(filter);
                              },
                              answers.rows()));
    for (const std::string& loss : answers.losses())
        speaker.complain(
            std::string(capture).append(" could not be checked in full: ").append(loss), capture);
    if (!answers.complaint().empty())
        speaker.complain(std::string("not all of ")
                             .append(capture)
                             .append(" could be read, so that the above is only true of what was: ")
                             .append(answers.complaint()),
                         capture);
    if (!before.same_as(FileState(capture)))
        speaker.complain("the capture " + capture + " was changed while it was read", capture);
}

/// A filter that tshark refuses is reported before any capture is read, and so is a missing plugin:
/// it changes what other fields say, too. False where something is wrong.
bool check_filters(Speaker& speaker, Tshark& tshark, const std::vector<Assertion>& contract) {
    if (const auto reason = tshark.unfit()) {
        speaker.complain(*reason);
        return false;
    }
    std::string all;
    for (const Assertion& assertion : contract)
        for (const std::string& filter : filters_of(assertion))
            all += (all.empty() ? "(" : " || (") + filter + ')';
    // One run shows that all are well; which is not, if one is not, takes one each.
    if (all.empty() || !tshark.refusal(all)) return true;
    bool good = true;
    std::set<std::string> seen;
    for (const Assertion& assertion : contract) {
        for (const std::string& filter : {assertion.where, assertion.filter}) {
            if (filter.empty() || !seen.insert(filter).second) continue;
            const auto reason = tshark.refusal(filter);
            if (!reason) continue;
            speaker.complain(assertion.contract + ", line " + std::to_string(assertion.line) +
                             ": tshark does not take the filter " + filter + ": " + *reason);
            good = false;
        }
    }
    if (good) speaker.complain("tshark refuses the filters of the contract together");
    return false;
}

void check_all(Speaker& speaker, const CheckOptions& options,
               const std::vector<Assertion>& contract) {
    const OrderlyEnd end;
    try {
        const CleanFolder folder;
        Tshark tshark(options.tshark, folder, end);
        if (!check_filters(speaker, tshark, contract)) return;
        for (const std::string& capture : options.captures)
            check_capture(speaker, tshark, capture, contract);
    } catch (const Interrupted& interrupted) {
        // Ends as the signal would have ended this program, once it is let through again.
        std::raise(interrupted.signal);
        speaker.complain("ended by a signal");
    } catch (const std::exception& e) {
        speaker.complain(e.what());
    }
}

/// Appends the assertions of one contract. False where it cannot be read.
bool read_contract(Speaker& speaker, const CheckOptions& options, const std::string& name,
                   std::vector<Assertion>& all) {
    std::string text;
    if (const auto shipped = shipped_contract(name)) {
        text = *shipped;
    } else {
        std::ifstream file(name);
        text.assign(std::istreambuf_iterator<char>(file), {});
        if (!file.is_open() || file.bad()) {
            const std::string reason = std::strerror(errno);
            speaker.complain("cannot read the contract " + name + ": " + reason +
                             " (contracts that need no file: " + shipped_names() + ")");
            return false;
        }
    }
    auto contract = parse(text);
    if (const auto* error = std::get_if<ContractError>(&contract)) {
        speaker.complain(name + (error->line > 0 ? ", line " + std::to_string(error->line) : "") +
                         ": " + error->text +
                         " (seamark check --help shows what a contract looks like)");
        return false;
    }
    for (Assertion& assertion : std::get<std::vector<Assertion>>(contract)) {
        assertion.contract = name;
        if (assertion.kind == Kind::rows && !options.where.empty())
            assertion.where = assertion.where.empty()
                                  ? options.where
                                  : '(' + options.where + ") && (" + assertion.where + ')';
        all.push_back(std::move(assertion));
    }
    return true;
}

}  // namespace

int check(const CheckOptions& options) {
    Speaker speaker(options);
    std::vector<Assertion> contract;
    bool readable = true;
    for (const std::string& name : options.contracts)
        readable = read_contract(speaker, options, name, contract) && readable;
    if (readable) check_all(speaker, options, contract);
    speaker.finish();
    return speaker.status();
}

}  // namespace seamark::check
