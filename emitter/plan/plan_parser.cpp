// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/plan_parser.hpp"

#include <utility>
#include <vector>

#include "plan/duration_text.hpp"
#include "plan/escaped.hpp"
#include "plan/event_text.hpp"
#include "plan/plan_checker.hpp"
#include "plan/token_reader.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t max_chunk = 17'179'869'184;
constexpr std::uint64_t max_write = 16'777'216;
constexpr std::uint64_t max_rounds = 1'000'000;
constexpr std::size_t max_items = 1'000;
constexpr std::size_t max_fields = 8;
/// No plan has more: they do not fit into its data.
constexpr std::uint64_t most_events = 999'999'999;
constexpr std::chrono::microseconds max_wait = std::chrono::hours{1};

using Kind = ScriptStep::Kind;
using Complaint = PlanChecker::Complaint;

constexpr std::pair<std::string_view, Framing> framings[] = {{"chunked", Framing::chunked},
                                                             {"length", Framing::content_length},
                                                             {"close", Framing::close},
                                                             {"raw", Framing::raw}};
constexpr std::pair<std::string_view, EventFormat> formats[] = {
    {"sse", EventFormat::sse},
    {"ndjson", EventFormat::ndjson},
    {"json-seq", EventFormat::json_seq}};

/// The words that turn something on or off.
std::optional<Kind> switch_of(std::string_view word) {
    if (word == "nodelay") return Kind::nodelay;
    if (word == "cork") return Kind::cork;
    if (word == "more") return Kind::more;
    return std::nullopt;
}

/// The statements of a plan. Throws PlanError inside, which parse_plan() catches: a parser that
/// looks for the first error only.
class Parser : private TokenReader {
  public:
    Parser(std::string_view text, std::optional<Framing> framing, Framing standard)
        : TokenReader(text) {
        skip_lines();
        script_.framing = standard;
        if (is_word("framing")) {
            take();
            script_.framing = one_of(framings, "chunked, length, close or raw");
            end_statement();
            skip_lines();
        }
        if (is_word("events")) {
            take();
            script_.events = one_of(formats, "sse, ndjson or json-seq");
            end_statement();
        }
        script_.framing = framing.value_or(script_.framing);
        checker_.emplace(script_.framing);
    }

    Script plan() {
        for (skip_lines(); token().kind != Token::Kind::end; skip_lines()) statement();
        check(checker_->end_of_plan(), token());
        if (script_.steps.empty() && script_.fields.empty()) {
            fail(token(), "a statement that does something, such as write 32: this plan is empty");
        }
        script_.data = checker_->data();
        script_.ended = checker_->ended() || script_.framing != Framing::chunked;
        return std::move(script_);
    }

  private:
    static void check(const Complaint& complaint, const Token& at) {
        if (complaint) fail(at, *complaint);
    }

    bool is_event() const { return is_word("event") || is_word("comment"); }

    void statement() {
        const Token word = token();
        constexpr std::string_view words =
            "write, event, comment, wait, nodelay, cork, more, repeat, field, close or reset";
        if (word.kind == Token::Kind::close) return end_repeat();
        if (word.kind != Token::Kind::word) fail(word, std::string(words));
        if (word.text == "repeat") return begin_repeat();
        if (word.text == "field") return field();
        if (word.text == "framing") fail(word, "framing to be first, and once");
        if (word.text == "events")
            fail(word, "events to stand first, or right after framing, and once");
        const auto turned = switch_of(word.text);
        const bool event = is_event();
        if (!turned && !event && word.text != "write" && word.text != "wait" &&
            word.text != "close" && word.text != "reset") {
            fail(word, std::string(words));
        }
        check(checker_->statement(), word);
        if (!event) take();
        if (event || word.text == "write") {
            write(event ? 1 : max_items);
        } else if (word.text == "wait") {
            wait();
        } else if (turned) {
            script_.steps.push_back({.kind = *turned, .on = on_or_off()});
        } else {
            check(checker_->end_here(), word);
            script_.steps.push_back({.kind = word.text == "close" ? Kind::close : Kind::reset});
        }
        end_statement();
    }

    bool on_or_off() {
        if (!is_word("on") && !is_word("off")) fail(token(), "on or off");
        return take().text == "on";
    }

    void wait() {
        const auto pause =
            token().kind == Token::Kind::word ? parse_duration(token().text) : std::nullopt;
        if (!pause || *pause > max_wait) {
            fail(token(), "a time with a unit (us, ms, s) of at most 3600s, such as 10ms");
        }
        check(checker_->wait(*pause), token());
        take();
        script_.steps.push_back({.kind = Kind::wait, .pause = *pause});
    }

    void write(std::size_t most) {
        ScriptStep step{.kind = Kind::write};
        std::uint64_t size = 0;
        while (token().kind == Token::Kind::word || token().kind == Token::Kind::text) {
            const Token at = token();
            if (step.items.size() == most && most < max_items) break;
            if (step.items.size() == max_items) fail(at, "at most 1000 items in a write");
            ScriptItem next = item();
            check(checker_->item(next), at);
            const bool has_data = next.kind != ScriptItem::Kind::size_line;
            size += has_data ? next.length : 0;
            if (size > max_write) fail(at, "at most 16777216 bytes of data in a write");
            step.items.push_back(std::move(next));
        }
        if (step.items.empty()) {
            fail(token(), "what to write: a number of bytes, \"text\", line, data, crlf or last");
        }
        script_.steps.push_back(std::move(step));
    }

    ScriptItem event() {
        const Token word = take();
        const EventFormat format = script_.events;
        if (format == EventFormat::none) {
            fail(word, "events sse, ndjson or json-seq at the beginning of a plan that has events");
        }
        if (word.text == "comment") {
            if (format != EventFormat::sse) fail(word, "comment in events sse alone");
            return literal(comment_of(take_text("its text as \"text\"")));
        }
        const std::string name = sse_field("name");
        const std::string id = sse_field("id");
        if (name.empty() && id.empty() && token().kind == Token::Kind::word) {
            return {.kind = ScriptItem::Kind::chunk, .length = take_bytes(true)};
        }
        const Token at = token();
        const std::string data = take_text("the event's data as \"text\"");
        if (!can_be_data(format, data)) fail(at, "a JSON text, on one line in ndjson");
        return literal(event_of(format, {name, id, data}));
    }

    static ScriptItem literal(std::string text) {
        const std::uint64_t length = text.size();
        return {ScriptItem::Kind::chunk, length, std::move(text), true};
    }

    std::string sse_field(std::string_view name) {
        if (!is_word(name)) return {};
        if (script_.events != EventFormat::sse) {
            fail(token(), "the event's data: name and id are of events sse alone");
        }
        take();
        if (token().text.empty() || token().text.find_first_of("\r\n") != std::string::npos) {
            fail(token(), "\"text\" on one line, of at least one byte");
        }
        return take_text("its value as \"text\"");
    }

    /// A number of bytes that are to be made up. part: of a chunk or an event, not an item by
    /// itself.
    std::uint64_t take_bytes(bool part) {
        const auto value = number(max_write);
        if (!value) {
            fail(token(), part ? "a whole number from 1 to 16777216, or \"text\""
                               : "a whole number from 1 to 16777216, \"text\", line, data, crlf or "
                                 "last");
        }
        if (script_.events != EventFormat::none) {
            const std::uint64_t least = least_event(script_.events, most_events);
            if (*value < least) {
                fail(token(), "at least " + std::to_string(least) + ", the bytes of a whole event");
            }
        }
        take();
        return *value;
    }

    ScriptItem item() {
        if (is_event()) return event();
        if (is_word("crlf")) return take(), ScriptItem{.kind = ScriptItem::Kind::line_end};
        if (is_word("last")) return take(), ScriptItem{.kind = ScriptItem::Kind::last};
        if (is_word("line")) {
            take();
            return {.kind = ScriptItem::Kind::size_line, .length = take_number(max_chunk)};
        }
        const bool part = is_word("data");
        if (part) take();
        ScriptItem result{.kind = part ? ScriptItem::Kind::data : ScriptItem::Kind::chunk};
        if (token().kind == Token::Kind::text) {
            if (token().text.empty()) fail(token(), "text of at least one byte");
            result.text = take().text;
            result.length = result.text.size();
            result.literal = true;
            return result;
        }
        result.length = take_bytes(part);
        return result;
    }

    void begin_repeat() {
        const Token word = take();
        const auto count = static_cast<std::uint32_t>(take_number(max_rounds));
        if (token().kind != Token::Kind::open) fail(token(), "{");
        check(checker_->begin_repeat(count), word);
        take();
        begins_.push_back(script_.steps.size());
        script_.steps.push_back({.kind = Kind::repeat, .count = count});
    }

    void end_repeat() {
        if (begins_.empty()) fail(token(), "a statement: no repeat is open here");
        check(checker_->end_repeat(), token());
        take();
        const std::size_t begin = begins_.back();
        begins_.pop_back();
        if (begin + 1 == script_.steps.size()) {
            script_.steps.pop_back();  // nothing is repeated, however often
        } else {
            script_.steps.push_back({.kind = Kind::end, .begin = begin});
        }
        end_statement();
    }

    /// Only what frames a message: any other field would let a plan that a stranger's page posts
    /// speak for this server.
    void field() {
        const Token word = take();
        if (script_.framing != Framing::raw) {
            fail(word, "field only in framing raw; elsewhere the framing makes the fields");
        }
        for (const auto& step : script_.steps) {
            if (step.kind == Kind::write) fail(word, "field to be before the first write");
        }
        if (!is_word("Transfer-Encoding") && !is_word("Content-Length")) {
            fail(token(), "Transfer-Encoding or Content-Length");
        }
        std::string name = take().text;
        constexpr std::size_t longest = 100;
        bool printable = token().kind == Token::Kind::text && token().text.size() <= longest;
        for (const char c : token().text) printable = printable && c >= ' ' && c <= '~';
        if (!printable) fail(token(), "its value as \"text\" of up to 100 printable characters");
        if (script_.fields.size() == max_fields) fail(word, "at most 8 fields");
        script_.fields.push_back({std::move(name), take().text});
        end_statement();
    }

    std::optional<PlanChecker> checker_;
    Script script_;
    std::vector<std::size_t> begins_;
};

}  // namespace

std::string to_text(const PlanError& error, std::string_view name) {
    return escaped(name) + ':' + std::to_string(error.at.line) + ':' +
           std::to_string(error.at.column) + ": expected " + error.expected + ", found " +
           error.found + ".\n";
}

std::variant<Script, PlanError> parse_plan(std::string_view text, std::optional<Framing> framing,
                                           Framing standard) {
    if (text.size() > longest_plan) {
        return PlanError{{}, "a plan of at most 65536 bytes", "a longer one"};
    }
    try {
        return Parser(text, framing, standard).plan();
    } catch (PlanError& error) {
        return std::move(error);
    }
}

}  // namespace seamark::plan
