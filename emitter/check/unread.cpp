// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/unread.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "check/results.hpp"
#include "plan/number_text.hpp"

namespace seamark::check {
namespace {

/// Fields that every question asks for, in this order.
enum Column : std::size_t {
    kNumber,
    kCaptured,
    kLength,
    kProtocols,
    kStream,
    kMalformed,
    kColumns
};
constexpr std::array<const char*, kColumns> kColumnNames{
    "frame.number", "frame.cap_len", "frame.len", "frame.protocols", "tcp.stream", "_ws.malformed"};
/// Frames of link types that tshark does not know.
constexpr const char* kUnknownLink = "frame:data";

/// When a loss makes an assertion doubtful.
enum class Counts : std::uint8_t {
    kAlways,
    kUnlessNamed,  // not where an assertion judges it
    kForLegs,      // where an assertion is about the legs of a proxy
};

/// An expert info by which the plugin says that it gave up.
struct Loss {
    const char* field;
    Counts counts;
    const char* what;  // of such a frame
    const char* remedy;
};

constexpr const char* kFramingLost =
    "a message cannot be framed from there on, and what follows it is not read";
constexpr const char* kNoRemedy = "";

constexpr Loss kLosses[] = {
    {"seamark.items_cut", Counts::kAlways,
     "chunks, calls or verdicts are left out, as there is no room for them among Wireshark's items",
     "-o gui.max_tree_items:NUMBER makes room (1000000 if not given)"},
    {"seamark.links_cut", Counts::kAlways, "not every frame of a chunk, call or leg is listed",
     "-o seamark.frame_links:NUMBER lists more"},
    {"seamark.limit_met", Counts::kAlways,
     "more bytes waited for missing ones than the limit allows, and were read without them",
     "-o seamark.waiting_kib:NUMBER and -o seamark.waiting_total_mib:NUMBER allow more"},
    {"_ws.malformed.dissector_bug", Counts::kAlways,
     "tshark gave up dissecting (\"Dissector bug\")", "tshark -V shows why"},
    {"seamark.missing_bytes", Counts::kUnlessNamed,
     "bytes in front of it are missing from the capture", "a capture without loss"},
    {"seamark.fault.missing_bytes", Counts::kUnlessNamed,
     "the size line or head of a message is missing from the capture, and what follows it is not "
     "read",
     "a capture without loss"},
    {"seamark.fault.bad_length", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.missing_size", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.bad_size", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.size_overflow", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.size_line_too_long", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.bad_size_line_end", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.bad_chunk_end", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.fault.subflow", Counts::kUnlessNamed, kFramingLost, kNoRemedy},
    {"seamark.bad_event", Counts::kUnlessNamed, "the record of a call cannot be read", kNoRemedy},
    {"seamark.events_dropped", Counts::kUnlessNamed, "the recorder dropped calls", kNoRemedy},
    {"seamark.leg_doubt", Counts::kForLegs,
     "the other leg of a proxied exchange is not known, and nothing is compared with it",
     "assert seamark.leg_doubt itself, or let `seamark serve` send its id"},
};
constexpr std::array<const char*, 5> kLegFields{"seamark.leg", "seamark.held", "seamark.upstream",
                                                "seamark.downstream", "seamark.rechunked"};

std::uint32_t number_in(std::string_view cell) {
    return plan::take_number<std::uint32_t>(cell).value_or(0);
}

using Row = std::vector<std::string>;

/// Whether a protocol was malformed without which the plugin sees nothing, or itself. What a
/// protocol above TCP makes of the bytes is nothing to it.
bool hides_the_stream(const Row& row) {
    const std::string& text = row[kMalformed];
    if (text.empty()) return false;
    return row[kStream].empty() || text.find("Seamark") != std::string::npos ||
           text.find("TCP") != std::string::npos;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

/// "[Malformed Packet: HTTP]": "http."
std::string fields_of(const std::string& malformed) {
    const auto colon = malformed.rfind(": ");
    const auto end = malformed.find(']', colon);
    if (colon == std::string::npos || end == std::string::npos) return {};
    return lower(std::string_view(malformed).substr(colon + 2, end - colon - 2));
}

}  // namespace

Unread::Unread(const std::vector<Assertion>& contract)
    : fields_(kColumnNames.begin(), kColumnNames.end()) {
    for (const Assertion& assertion : contract)
        filters_.push_back(lower(assertion.where + ' ' + assertion.filter));
    filter_ = "frame.cap_len < frame.len || _ws.malformed || frame.protocols == \"" +
              std::string(kUnknownLink) + '"';
    for (const Loss& loss : kLosses) {
        fields_.emplace_back(loss.field);
        filter_ += " || " + std::string(loss.field);
    }
}

bool Unread::names(const char* word) const {
    return std::any_of(filters_.begin(), filters_.end(), [&](const std::string& filter) {
        return filter.find(word) != std::string::npos;
    });
}

std::vector<std::string> Unread::complaints(const std::vector<Row>& rows) const {
    std::vector<std::string> all;
    const auto look = [&](const auto& is_lost, const std::string& what, const char* remedy) {
        std::vector<std::uint32_t> frames;
        for (const Row& row : rows)
            if (row.size() == fields_.size() && is_lost(row))
                frames.push_back(number_in(row[kNumber]));
        if (frames.empty()) return;
        all.push_back(what + list_of(frames) + (*remedy != '\0' ? " (" : "") + remedy +
                      (*remedy != '\0' ? ")" : ""));
    };
    std::size_t column = kColumns;
    for (const Loss& loss : kLosses) {
        const std::size_t at = column++;
        const bool about_legs = std::any_of(kLegFields.begin(), kLegFields.end(),
                                            [&](const char* field) { return names(field); });
        if (loss.counts != Counts::kAlways && names(loss.field)) continue;
        if (loss.counts == Counts::kForLegs && !about_legs) continue;
        look([&](const Row& row) { return !row[at].empty(); },
             std::string(loss.what) + ", " + loss.field, loss.remedy);
    }
    look(hides_the_stream, "tshark could not dissect all of a frame, _ws.malformed",
         "tshark -V shows why");
    look(
        [&](const Row& row) {
            const std::string protocol = fields_of(row[kMalformed]);
            return !protocol.empty() && !hides_the_stream(row) && names((protocol + '.').c_str());
        },
        "tshark could not dissect all of a protocol of which the contract names fields, "
        "_ws.malformed",
        "tshark -V shows why");
    look([](const Row& row) { return row[kProtocols] == kUnknownLink; },
         "tshark knows no protocol of the capture's link type", kNoRemedy);
    if (!names("frame.cap_len"))
        look([](const Row& row) { return number_in(row[kCaptured]) < number_in(row[kLength]); },
             "not all bytes of the packet were captured, frame.cap_len < frame.len",
             "a capture without snap length");
    return all;
}

}  // namespace seamark::check
