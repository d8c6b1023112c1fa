// SPDX-License-Identifier: GPL-2.0-or-later
#include "plan/emit_options.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "plan/compressor.hpp"
#include "plan/duration_text.hpp"
#include "plan/escaped.hpp"
#include "plan/event_text.hpp"
#include "plan/parameter_table.hpp"
#include "plan/pauses.hpp"

namespace seamark::plan {
namespace {

constexpr std::uint64_t max_body = 17'179'869'184;
constexpr std::uint64_t max_coded = 16'777'216;
constexpr std::uint64_t max_coded_writes = 1'000'000;
constexpr std::uint64_t max_records = 16'384;
constexpr std::chrono::microseconds max_duration = std::chrono::hours{1};
/// Three pieces a chunk, and a head; one call takes 1024 (UIO_MAXIOV).
constexpr std::uint32_t max_gathered_chunks = 341;

const NameValue* find(std::span<const NameValue> query, std::string_view name) {
    const auto it = std::find_if(query.begin(), query.end(),
                                 [&](const NameValue& pair) { return pair.name == name; });
    return it == query.end() ? nullptr : &*it;
}

std::string all_names() {
    std::string names;
    for (const auto& row : parameter_table()) {
        if (!names.empty()) names += ", ";
        names += row.parameter.name;
    }
    return names;
}

std::optional<OptionError> read_each(std::span<const NameValue> query, GivenOptions& given) {
    for (const auto& pair : query) {
        const ParameterRow* const row = find_parameter(pair.name);
        if (!row) {
            return OptionError{pair.name, pair.value, "only these parameters: " + all_names()};
        }
        if (find(query, pair.name) != &pair) {
            return OptionError{pair.name, pair.value,
                               "each parameter once; this one is there twice"};
        }
        if (!row->read(pair.value, given)) {
            return OptionError{pair.name, pair.value, std::string(row->parameter.allowed)};
        }
    }
    return std::nullopt;
}

/// What is wrong with parameters that are each right by themselves.
std::optional<OptionError> check_together(std::span<const NameValue> query,
                                          const GivenOptions& given, HttpVersion requested,
                                          bool planned) {
    const EmitOptions& o = given.options;
    const auto error = [&](std::string_view name, std::string allowed) {
        const NameValue* const pair = find(query, name);
        return OptionError{
            std::string(name),
            pair ? pair->value : std::string(find_parameter(name)->parameter.standard),
            std::move(allowed)};
    };

    if (planned) {
        for (const auto* name :
             {"writes", "size", "gap", "gap-seed", "events", "chunks-per-write", "writes-per-chunk",
              "split", "cork", "more", "seed", "coding", "flush", "file"}) {
            if (find(query, name)) return error(name, "not with a plan, which says it itself");
        }
    }
    if (o.framing == Framing::chunked &&
        (o.http == HttpVersion::http_1_0 || requested == HttpVersion::http_1_0)) {
        const std::string why = requested == HttpVersion::http_1_0
                                    ? "the request was HTTP/1.0"
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
        if (o.trailers) return error("trailers", "0" + needs);
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
    if (o.seed) {
        for (const auto* name : {"chunks-per-write", "writes-per-chunk", "split"}) {
            if (find(query, name)) {
                return error(name, "not with seed, which relates writes and chunks at random");
            }
        }
    }
    if (o.coding == Coding::none && find(query, "flush")) {
        return error("flush",
                     "only with coding=gzip, deflate, br or zstd: what is not compressed "
                     "is not kept back");
    }
    if (!is_built_in(o.coding)) {
        return error("coding", "another one: this program was built without the library of " +
                                   std::string(coding_name(o.coding)));
    }
    if (o.events != EventFormat::none) {
        if (!o.file.empty()) return error("events", "none with file, whose bytes are the body");
        const std::uint64_t least = least_event(o.events, o.writes);
        if (o.size < least) {
            return error("size", "at least " + std::to_string(least) + ", so that each of " +
                                     std::to_string(o.writes) + " events has room for its data");
        }
    }
    if (o.coding != Coding::none) {
        for (const auto* name : {"chunks-per-write", "writes-per-chunk", "seed"}) {
            if (find(query, name)) {
                return error(name,
                             "not with coding: how long a compressed chunk is, is known "
                             "write by write only");
            }
        }
    }
    if (!o.file.empty() && find(query, "writes")) {
        return error("writes", "not with file: its length and size make the number of writes");
    }
    if (o.gather) {
        const bool one_piece = o.framing != Framing::chunked || o.split == Split::parts;
        if (one_piece && !o.head_joined && !planned) {
            return error("gather", "0 (or head=joined): each write is of one piece");
        }
        if (o.chunks_per_write > max_gathered_chunks) {
            return error("chunks-per-write",
                         "at most " + std::to_string(max_gathered_chunks) +
                             " with gather=1: each chunk is three pieces, and a call takes 1024");
        }
    }
    return planned || !o.file.empty() ? std::nullopt : check_length(o, o.writes * o.size);
}

/// What needs TLS, and what does not go with it.
std::optional<OptionError> check_tls(std::span<const NameValue> query, const EmitOptions& options,
                                     bool tls) {
    const NameValue* const record = find(query, "record");
    if (record && !tls) {
        return OptionError{
            record->name, record->value,
            "only over TLS, which `seamark serve --tls` speaks: in clear there are no "
            "records"};
    }
    if (options.gather && tls) {
        return OptionError{"gather", "1",
                           "0 over TLS, which makes one run of bytes of each write's pieces"};
    }
    return std::nullopt;
}

}  // namespace

std::span<const Parameter> emit_parameters() {
    static const std::vector<Parameter> parameters = [] {
        std::vector<Parameter> all;
        for (const auto& row : parameter_table()) all.push_back(row.parameter);
        return all;
    }();
    return parameters;
}

std::string to_text(const OptionError& error) {
    return "Parameter " + in_quotes(error.parameter) + " has the value " + in_quotes(error.value) +
           ".\nAllowed: " + error.allowed + ".\n";
}

std::variant<EmitOptions, OptionError> parse_emit_options(std::span<const NameValue> query,
                                                          HttpVersion requested,
                                                          std::optional<Framing> planned,
                                                          bool tls) {
    GivenOptions given;
    if (auto error = read_each(query, given)) return *std::move(error);

    EmitOptions& options = given.options;
    options.http = given.http.value_or(requested);
    const bool may_chunk =
        options.http == HttpVersion::http_1_1 && requested == HttpVersion::http_1_1;
    options.framing =
        planned ? *planned : given.framing.value_or(may_chunk ? Framing::chunked : Framing::close);
    options.tag = given.tag.value_or(options.framing == Framing::chunked);

    if (auto error = check_tls(query, options, tls)) return *std::move(error);
    if (auto error = check_together(query, given, requested, planned.has_value()))
        return *std::move(error);
    return options;
}

FramingChoice framing_choice(std::span<const NameValue> query, HttpVersion requested) {
    GivenOptions given;
    for (const auto* name : {"framing", "http"}) {
        const NameValue* const pair = find(query, name);
        if (pair) find_parameter(name)->read(pair->value, given);
    }
    const bool old = given.http.value_or(requested) == HttpVersion::http_1_0 ||
                     requested == HttpVersion::http_1_0;
    return {given.framing, old ? Framing::close : Framing::chunked};
}

std::optional<OptionError> check_length(const EmitOptions& options, std::uint64_t length) {
    if (length > max_body) {
        return OptionError{"size", std::to_string(options.size),
                           "writes x size up to " + std::to_string(max_body) + " bytes; this is " +
                               std::to_string(length)};
    }
    const std::uint64_t writes = (length + options.size - 1) / options.size;
    if (options.coding != Coding::none && options.framing == Framing::content_length &&
        (length > max_coded || writes > max_coded_writes)) {
        return OptionError{"framing", "length",
                           "chunked, close (or a body of up to " + std::to_string(max_coded) +
                               " bytes in up to " + std::to_string(max_coded_writes) +
                               " writes): with coding, all of it is compressed beforehand to know "
                               "its length"};
    }
    const int longest = options.gap_seed ? Pauses::longest : 1;
    if (static_cast<std::int64_t>(writes) * options.gap * longest > max_duration) {
        return OptionError{"gap", to_text(options.gap),
                           options.gap_seed
                               ? "writes x gap up to 15 minutes with gap-seed, which may make each "
                                 "pause four times as long"
                               : "writes x gap up to 1 hour (gap=0 sends without a pause)"};
    }
    return std::nullopt;
}

std::optional<OptionError> check_records(const EmitOptions& options, std::uint64_t largest_write) {
    const std::uint64_t least = (largest_write + max_records - 1) / max_records;
    if (options.record >= least) return std::nullopt;
    return OptionError{"record", std::to_string(options.record),
                       "at least " + std::to_string(least) + ", so that no write (of up to " +
                           std::to_string(largest_write) + " bytes here) makes more than " +
                           std::to_string(max_records) + " records"};
}

}  // namespace seamark::plan
