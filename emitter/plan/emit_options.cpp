// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/emit_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>

#include "plan/duration_text.hpp"
#include "plan/escaped.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t max_writes = 10'000'000;
constexpr std::uint64_t max_size = 16'777'216;
constexpr std::uint64_t max_body = 17'179'869'184;
constexpr std::uint64_t max_ratio = 1'000;
constexpr std::uint64_t max_send_buffer = 16'777'216;
constexpr std::uint64_t max_pacing_rate = 100'000'000'000;
constexpr std::size_t max_congestion_name = 15;  // TCP_CA_NAME_MAX with its final zero
constexpr std::chrono::microseconds max_gap = std::chrono::seconds{60};
constexpr std::chrono::microseconds max_duration = std::chrono::hours{1};

/// What the query said, before defaults that depend on each other are filled in.
struct Given {
    EmitOptions options;
    std::optional<Framing> framing;
    std::optional<HttpVersion> http;
    std::optional<bool> tag;
};

template <typename Number>
bool read_number(std::string_view text, std::uint64_t max, Number& to) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end || value < 1 || value > max) return false;
    to = static_cast<Number>(value);
    return true;
}

template <typename Value>
struct Choice {
    std::string_view text;
    Value value;
};

template <typename Value, std::size_t N, typename To>
bool read_choice(std::string_view text, const Choice<Value> (&choices)[N], To& to) {
    for (const auto& choice : choices) {
        if (choice.text == text) {
            to = choice.value;
            return true;
        }
    }
    return false;
}

constexpr Choice<bool> switches[] = {{"0", false}, {"1", true}};
constexpr Choice<bool> tags[] = {{"w", true}, {"none", false}};
constexpr Choice<HttpVersion> versions[] = {{"1.0", HttpVersion::http_1_0},
                                            {"1.1", HttpVersion::http_1_1}};
constexpr Choice<Framing> framings[] = {
    {"chunked", Framing::chunked}, {"length", Framing::content_length}, {"close", Framing::close}};
constexpr Choice<bool> heads[] = {{"apart", false}, {"joined", true}};
constexpr Choice<Split> splits[] = {
    {"none", Split::none}, {"line", Split::line}, {"parts", Split::parts}};

bool read_gap(std::string_view text, Given& given) {
    const auto gap = parse_duration(text);
    if (!gap || *gap > max_gap) return false;
    given.options.gap = *gap;
    return true;
}

/// Whether the kernel has it is known when a socket asks for it.
bool read_congestion_control(std::string_view text, Given& given) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (text.empty() || text.size() > max_congestion_name || !std::ranges::all_of(text, fits))
        return false;
    given.options.congestion_control = text;
    return true;
}

using Read = bool (*)(std::string_view text, Given& given);

/// One row for each parameter: what users read about it, and what reads it.
struct Row {
    Parameter parameter;
    bool (*read)(std::string_view text, Given& given);
};

constexpr Row rows[] = {
    {{"writes", "20", "a whole number from 1 to 10000000",
      "How many writes carry data. The head is a write as well, and so is the last chunk.",
      "writes=5"},
     [](std::string_view t, Given& g) { return read_number(t, max_writes, g.options.writes); }},
    {{"size", "32", "a whole number from 1 to 16777216",
      "Data bytes in each of these writes. Size lines and CRLFs come on top.",
      "writes=5&size=20000"},
     [](std::string_view t, Given& g) { return read_number(t, max_size, g.options.size); }},
    {{"gap", "10ms", "0, or a number with a unit (us, ms, s), up to 60s: 500us, 10ms, 1s",
      "Pause between one write and the next, from the head to the last chunk. The parts that split "
      "makes follow each other at once.",
      "gap=500ms"},
     read_gap},
    {{"framing", "chunked; close for HTTP/1.0", "chunked, length, close",
      "How the client learns where the body ends: chunked, Content-Length, or the connection "
      "closes. The data is the same in all three, and so are the writes.",
      "framing=length"},
     [](std::string_view t, Given& g) { return read_choice(t, framings, g.framing); }},
    {{"http", "as the request", "1.0, 1.1", "HTTP version of the response.",
      "http=1.0&framing=close"},
     [](std::string_view t, Given& g) { return read_choice(t, versions, g.http); }},
    {{"tag", "w; none if not chunked", "w, none",
      "w puts the index of the write that carries it on each chunk, as a chunk extension: 20;w=7. "
      "Needs framing=chunked.",
      "tag=none"},
     [](std::string_view t, Given& g) { return read_choice(t, tags, g.tag); }},
    {{"chunks-per-write", "1", "a whole number from 1 to 1000, and at most size",
      "Each write carries this many chunks; its data is divided among them.",
      "chunks-per-write=4&size=64"},
     [](std::string_view t, Given& g) {
         return read_number(t, max_ratio, g.options.chunks_per_write);
     }},
    {{"writes-per-chunk", "1", "a whole number from 1 to 1000",
      "This many writes carry each chunk, each of them with size bytes of its data. The last chunk "
      "with data gets what is left.",
      "writes-per-chunk=3&writes=12"},
     [](std::string_view t, Given& g) {
         return read_number(t, max_ratio, g.options.writes_per_chunk);
     }},
    {{"split", "none", "none, line, parts",
      "line sends the size line in a write of its own; parts sends size line, data and CRLF in "
      "three. These writes come on top of the number that writes gives.",
      "split=parts"},
     [](std::string_view t, Given& g) { return read_choice(t, splits, g.options.split); }},
    {{"nodelay", "0", "0, 1",
      "TCP_NODELAY. 0 is what a program gets that does not ask: Nagle's algorithm is on.",
      "nodelay=1&gap=0"},
     [](std::string_view t, Given& g) { return read_choice(t, switches, g.options.nodelay); }},
    {{"cork", "0", "0, 1",
      "1 sets TCP_CORK from the first write of the body to the last: the kernel sends full "
      "segments "
      "only, or what it has after 200 ms.",
      "cork=1&writes=200"},
     [](std::string_view t, Given& g) { return read_choice(t, switches, g.options.cork); }},
    {{"more", "0", "0, 1",
      "1 sets MSG_MORE on each write of the body but the last: the kernel holds what does not fill "
      "a segment until more comes, or for 200 ms.",
      "more=1&gap=0"},
     [](std::string_view t, Given& g) { return read_choice(t, switches, g.options.more); }},
    {{"gather", "0", "0, 1",
      "1 hands head, size line, data and CRLF over as buffers of their own in one call of sendmsg, "
      "0 as one buffer in one call of send. The bytes are the same.",
      "gather=1"},
     [](std::string_view t, Given& g) { return read_choice(t, switches, g.options.gather); }},
    {{"head", "apart", "apart, joined",
      "joined sends the head of the response in the same write as the beginning of the body.",
      "head=joined"},
     [](std::string_view t, Given& g) { return read_choice(t, heads, g.options.head_joined); }},
    {{"sndbuf", "the kernel's", "a whole number from 1 to 16777216",
      "Asks for a send buffer of so many bytes (SO_SNDBUF), for this response and those behind it "
      "on its connection. The kernel takes twice as many, within its limits.",
      "sndbuf=4096&size=100000&gap=0"},
     [](std::string_view t, Given& g) {
         return read_number(t, max_send_buffer, g.options.send_buffer);
     }},
    {{"cc", "the system's", "the name of a congestion control, such as cubic, reno or bbr",
      "TCP_CONGESTION: how fast the kernel lets segments out while acknowledgements are under way.",
      "cc=reno"},
     read_congestion_control},
    {{"pacing", "no limit", "a whole number from 1 to 100000000000",
      "Lets the kernel send so many bytes a second at most (SO_MAX_PACING_RATE).",
      "pacing=100000&size=2000"},
     [](std::string_view t, Given& g) {
         return read_number(t, max_pacing_rate, g.options.pacing_rate);
     }},
};

constexpr auto parameters = [] {
    std::array<Parameter, std::size(rows)> all{};
    std::transform(std::begin(rows), std::end(rows), all.begin(),
                   [](const Row& row) { return row.parameter; });
    return all;
}();

const Row* find_row(std::string_view name) {
    const auto* const it = std::find_if(std::begin(rows), std::end(rows),
                                        [&](const Row& row) { return row.parameter.name == name; });
    return it == std::end(rows) ? nullptr : it;
}

const NameValue* find(std::span<const NameValue> query, std::string_view name) {
    const auto it = std::find_if(query.begin(), query.end(),
                                 [&](const NameValue& pair) { return pair.name == name; });
    return it == query.end() ? nullptr : &*it;
}

std::string all_names() {
    std::string names;
    for (const auto& parameter : parameters) {
        if (!names.empty()) names += ", ";
        names += parameter.name;
    }
    return names;
}

std::optional<OptionError> read_each(std::span<const NameValue> query, Given& given) {
    for (const auto& pair : query) {
        const Row* const row = find_row(pair.name);
        if (!row) {
            return OptionError{pair.name, pair.value, "only these parameters: " + all_names()};
        }
        if (find(query, pair.name) != &pair) {
            return OptionError{pair.name, pair.value, "each parameter once; this one came before"};
        }
        if (!row->read(pair.value, given)) {
            return OptionError{pair.name, pair.value, std::string(row->parameter.allowed)};
        }
    }
    return std::nullopt;
}

/// What is wrong with parameters that are each right by themselves.
std::optional<OptionError> check_together(std::span<const NameValue> query, const Given& given,
                                          HttpVersion requested) {
    const EmitOptions& o = given.options;
    const auto error = [&](std::string_view name, std::string allowed) {
        const NameValue* const pair = find(query, name);
        return OptionError{std::string(name),
                           pair ? pair->value : std::string(find_row(name)->parameter.standard),
                           std::move(allowed)};
    };

    if (o.framing == Framing::chunked &&
        (o.http == HttpVersion::http_1_0 || requested == HttpVersion::http_1_0)) {
        const std::string why = requested == HttpVersion::http_1_0
                                    ? "the request came as HTTP/1.0"
                                    : "this response is to be HTTP/1.0";
        return error("framing",
                     "length, close. Chunked needs HTTP/1.1 (RFC 9112, section 6.1), and " + why);
    }
    if (o.framing != Framing::chunked) {
        const std::string needs =
            " (or framing=chunked: without chunked framing there are no chunks)";
        if (o.tag) return error("tag", "none" + needs);
        if (o.chunks_per_write != 1) return error("chunks-per-write", "1" + needs);
        if (o.writes_per_chunk != 1) return error("writes-per-chunk", "1" + needs);
        if (o.split != Split::none) return error("split", "none" + needs);
    }
    if (find(query, "chunks-per-write") && find(query, "writes-per-chunk")) {
        return error("writes-per-chunk", "only one of chunks-per-write and writes-per-chunk");
    }
    if (o.chunks_per_write > 1 && o.split != Split::none) {
        return error("split", "none, where a write carries several chunks (chunks-per-write)");
    }
    if (o.chunks_per_write > o.size) {
        return error("chunks-per-write", "at most size (" + std::to_string(o.size) +
                                             "): each chunk needs a byte of the write's data");
    }
    if (o.writes * o.size > max_body) {
        return error("size", "writes x size up to " + std::to_string(max_body) +
                                 " bytes; this is " + std::to_string(o.writes * o.size));
    }
    if (static_cast<std::int64_t>(o.writes) * o.gap > max_duration) {
        return error("gap", "writes x gap up to 1 hour (gap=0 sends without a pause)");
    }
    return std::nullopt;
}

}  // namespace

std::span<const Parameter> emit_parameters() {
    return parameters;
}

std::string to_text(const OptionError& error) {
    return "Parameter " + in_quotes(error.parameter) + " has the value " + in_quotes(error.value) +
           ".\nAllowed: " + error.allowed + ".\n";
}

std::variant<EmitOptions, OptionError> parse_emit_options(std::span<const NameValue> query,
                                                          HttpVersion requested) {
    Given given;
    if (auto error = read_each(query, given)) return *std::move(error);

    EmitOptions& options = given.options;
    options.http = given.http.value_or(requested);
    const bool may_chunk =
        options.http == HttpVersion::http_1_1 && requested == HttpVersion::http_1_1;
    options.framing = given.framing.value_or(may_chunk ? Framing::chunked : Framing::close);
    options.tag = given.tag.value_or(options.framing == Framing::chunked);

    if (auto error = check_together(query, given, requested)) return *std::move(error);
    return options;
}

}  // namespace seamark::plan
