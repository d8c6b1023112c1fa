// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/parameter_table.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "plan/duration_text.hpp"
#include "plan/number_text.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t max_writes = 10'000'000;
constexpr std::uint64_t max_size = 16'777'216;
constexpr std::uint64_t max_ratio = 1'000;
constexpr std::uint64_t max_record = 16'384;
constexpr std::uint64_t max_buffer = 16'777'216;
constexpr std::uint64_t max_pacing = 100'000'000'000;
constexpr std::chrono::microseconds max_gap = std::chrono::seconds{60};

template <typename Number>
bool put_number(std::string_view text, std::uint64_t min, std::uint64_t max, Number& to) {
    const auto value = read_number<std::uint64_t>(text, min, max);
    if (value) to = static_cast<Number>(*value);
    return value.has_value();
}

bool put_seed(std::string_view text, std::optional<std::uint32_t>& to) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return put_number(text, 0, most, to.emplace());
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
constexpr Choice<Coding> codings[] = {{"none", Coding::none},
                                      {"gzip", Coding::gzip},
                                      {"deflate", Coding::deflate},
                                      {"br", Coding::br},
                                      {"zstd", Coding::zstd}};
constexpr Choice<EventFormat> event_formats[] = {{"none", EventFormat::none},
                                                 {"sse", EventFormat::sse},
                                                 {"ndjson", EventFormat::ndjson},
                                                 {"json-seq", EventFormat::json_seq}};
constexpr Choice<std::uint64_t> flushes[] = {{"each", 1}, {"none", 0}};
constexpr Choice<bool> heads[] = {{"apart", false}, {"joined", true}};
constexpr Choice<Split> splits[] = {
    {"none", Split::none}, {"line", Split::line}, {"parts", Split::parts}};

/// As the kernel names its congestion controls: whether this one does is found out when it is set.
bool read_congestion_control(std::string_view text, GivenOptions& given) {
    constexpr std::size_t longest = 15;  // TCP_CA_NAME_MAX, with the 0 after it
    constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    if (text.empty() || text.size() > longest) return false;
    given.options.congestion_control = text;
    return text.find_first_not_of(characters) == std::string_view::npos;
}

/// A file's name, which is the server's to judge.
bool read_name(std::string_view text, std::string& to) {
    constexpr std::size_t longest = 255;
    to = text;
    return !text.empty() && text.size() <= longest;
}

bool read_report(std::string_view text, GivenOptions& given) {
    constexpr std::size_t longest = 64;
    given.options.report = text;
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
               std::string_view::npos;
}

bool read_gap(std::string_view text, GivenOptions& given) {
    const auto gap = parse_duration(text);
    if (!gap || *gap > max_gap) return false;
    given.options.gap = *gap;
    return true;
}

constexpr ParameterRow rows[] = {
    {{"writes", Control::number, "20", "a whole number from 1 to 10000000",
      "How many writes carry data. The head is a write as well, and so is the last chunk.",
      "writes=5"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_writes, g.options.writes);
     }},
    {{"size", Control::number, "32", "a whole number from 1 to 16777216",
      "Data bytes in each of these writes. Size lines and CRLFs are added.", "writes=5&size=20000"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_size, g.options.size);
     }},
    {{"gap", Control::duration, "10ms",
      "0, or a number with a unit (us, ms, s), up to 60s: 500us, 10ms, 1s",
      "Pause between one write and the next, from the head to the last chunk. The parts that split "
      "makes follow each other at once.",
      "gap=500ms"},
     read_gap},
    {{"gap-seed", Control::number, "none", "a whole number from 0 to 4294967295",
      "Draws the pauses at random, and with the same seed always the same: gap on average, four "
      "times gap at most, many short and a few long, as tokens of a language model arrive.",
      "gap-seed=7&gap=50ms&events=sse"},
     [](std::string_view t, GivenOptions& g) { return put_seed(t, g.options.gap_seed); }},
    {{"events", Control::choice, "none", "none, sse, ndjson, json-seq",
      "The data of each write is one event of size bytes, numbered from 1: a server-sent event "
      "with event, id and data (text/event-stream), or a JSON object on a line "
      "(application/x-ndjson) or in a sequence (application/json-seq).",
      "events=sse&size=60&gap=500ms"},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, event_formats, g.options.events);
     }},
    {{"framing", Control::choice, "chunked; close for HTTP/1.0", "chunked, length, close",
      "How the client learns where the body ends: chunked, Content-Length, or the connection "
      "closes. The data is the same in all three, and so are the writes.",
      "framing=length"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, framings, g.framing); }},
    {{"http", Control::choice, "as the request", "1.0, 1.1", "HTTP version of the response.",
      "http=1.0&framing=close"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, versions, g.http); }},
    {{"tag", Control::choice, "w; none if not chunked", "w, none",
      "w puts the index of the write that carries it on each chunk, as a chunk extension: 20;w=7. "
      "Needs framing=chunked.",
      "tag=none"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, tags, g.tag); }},
    {{"chunks-per-write", Control::number, "1", "a whole number from 1 to 1000, and at most size",
      "Each write carries this many chunks; its data is divided among them.",
      "chunks-per-write=4&size=64"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_ratio, g.options.chunks_per_write);
     }},
    {{"writes-per-chunk", Control::number, "1", "a whole number from 1 to 1000",
      "This many writes carry each chunk, each of them with size bytes of its data. The last chunk "
      "with data gets what is left.",
      "writes-per-chunk=3&writes=12"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_ratio, g.options.writes_per_chunk);
     }},
    {{"split", Control::choice, "none", "none, line, parts",
      "line sends the size line in a write of its own; parts sends size line, data and CRLF in "
      "three. These writes are added to the number that writes gives.",
      "split=parts"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, splits, g.options.split); }},
    {{"nodelay", Control::toggle, "0", "0, 1",
      "TCP_NODELAY. 0 is what a program gets that does not ask: Nagle's algorithm is on.",
      "nodelay=1&gap=0"},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, switches, g.options.nodelay);
     }},
    {{"cork", Control::toggle, "0", "0, 1",
      "1 sets TCP_CORK from the first write of the body to the last: the kernel sends full "
      "segments "
      "only, or what it has after 200 ms.",
      "cork=1&writes=200"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, switches, g.options.cork); }},
    {{"more", Control::toggle, "0", "0, 1",
      "1 hands MSG_MORE to each write of the body but the last: the kernel holds back what fills "
      "no segment, since more is to follow.",
      "more=1&writes=200&gap=0"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, switches, g.options.more); }},
    {{"gather", Control::toggle, "0", "0, 1",
      "1 sends each write by sendmsg(), which gathers the head, size lines, data and CRLFs from "
      "as many places; 0 by send(), from one. It is one call, and so one write, either way.",
      "gather=1", Channel::clear},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, switches, g.options.gather);
     }},
    {{"head", Control::choice, "apart", "apart, joined",
      "apart sends the response's head in a write of its own; joined in one with the first write "
      "of the body.",
      "head=joined"},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, heads, g.options.head_joined);
     }},
    {{"record", Control::number, "16384", "a whole number from 1 to 16384",
      "Over TLS: each record holds at most so many bytes, so a larger write makes several. What a "
      "record holds can be read when its last byte has arrived.",
      "record=10", Channel::tls},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_record, g.options.record);
     }},
    {{"seed", Control::number, "none", "a whole number from 0 to 4294967295",
      "Cuts at random, and with the same seed always the same: chunks of 1 to twice size bytes, "
      "writes likewise, with no relation between the two. No write ends inside a size line or "
      "CRLF.",
      "seed=7"},
     [](std::string_view t, GivenOptions& g) { return put_seed(t, g.options.seed); }},
    {{"trailers", Control::toggle, "0", "0, 1",
      "1 sends a trailer section after the last chunk, announced by the Trailer field: "
      "Seamark-Last-Write and Seamark-Body-Bytes.",
      "trailers=1"},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, switches, g.options.trailers);
     }},
    {{"sndbuf", Control::number, "the kernel's", "a whole number from 1 to 16777216",
      "Asks for a send buffer of so many bytes (SO_SNDBUF), for this response and those after it "
      "on its connection. The kernel takes twice as many, within its limits.",
      "sndbuf=4096&size=100000&gap=0"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_buffer, g.options.send_buffer);
     }},
    {{"cc", Control::text, "the system's",
      "the name of a congestion control, such as cubic, reno or bbr",
      "TCP_CONGESTION: how fast the kernel lets segments out while acknowledgements are under way.",
      "cc=reno"},
     read_congestion_control},
    {{"pacing", Control::number, "no limit", "a whole number from 1 to 100000000000",
      "Lets the kernel send so many bytes a second at most (SO_MAX_PACING_RATE).",
      "pacing=100000&size=2000"},
     [](std::string_view t, GivenOptions& g) {
         return put_number(t, 1, max_pacing, g.options.pacing);
     }},
    {{"coding", Control::choice, "none", "none, gzip, deflate, br, zstd",
      "Compresses the body (Content-Encoding) and flushes after each write, unless flush says "
      "otherwise, so that each has bytes of its own: what size bytes are compressed to, mostly "
      "fewer.",
      "coding=gzip&size=1000"},
     [](std::string_view t, GivenOptions& g) { return read_choice(t, codings, g.options.coding); }},
    {{"flush", Control::text, "each", "each, none, or a whole number from 1 to 10000000",
      "When the compressor is flushed: after each data write, after every so many, or at the end "
      "alone. What it keeps back leaves with a later write; a write that it keeps back entirely is "
      "not made, and the next one follows after the pauses of both.",
      "flush=none&coding=gzip&events=sse"},
     [](std::string_view t, GivenOptions& g) {
         return read_choice(t, flushes, g.options.flush_every) ||
                put_number(t, 1, max_writes, g.options.flush_every);
     }},
    {{"file", Control::text, "none", "the name of a file in the server's folder",
      "The body is this file, in writes of size bytes. The folder is that of seamark serve --files "
      "DIR.",
      "file=NAME&size=1000"},
     [](std::string_view t, GivenOptions& g) { return read_name(t, g.options.file); }},
    {{"plan", Control::text, "none", "the name of a file in the server's folder",
      "The writes are those of this plan: a text of statements such as write 32, wait 10ms, cork "
      "on. A plan can also be the body of a POST to /emit.",
      "plan=NAME"},
     [](std::string_view t, GivenOptions& g) { return read_name(t, g.options.plan); }},
    {{"report", Control::hidden, "none", "1 to 64 letters, digits and -",
      "Keeps a record of the writes in memory, for /report?id=... (JSON). The page at / does so.",
      "report=mine"},
     read_report},
};

}  // namespace

std::span<const ParameterRow> parameter_table() {
    return rows;
}

const ParameterRow* find_parameter(std::string_view name) {
    const auto* const it =
        std::find_if(std::begin(rows), std::end(rows),
                     [&](const ParameterRow& row) { return row.parameter.name == name; });
    return it == std::end(rows) ? nullptr : it;
}

}  // namespace seamark::plan
