// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>
#include <string>

#include "platform/fields.hpp"

namespace seamark::fields {
namespace {

constexpr auto kFaults = static_cast<std::size_t>(Fault::kCount);
std::array<expert_field, kFaults> fault_experts;

// Groups are used as Wireshark means them: sequence, what is in another order, in other pieces or
// missing; protocol, what a protocol has otherwise; malformed, what does not keep to it; undecoded,
// what is left out; assumption, where one of two answers is taken.
// libwireshark keeps pointers to these for as long as it runs.
// clang-format off
ei_register_info expert_infos[] = {
    {&merged_writes, {"seamark.merged_writes", PI_SEQUENCE, PI_NOTE, "One segment carries several writes", EXPFILL}},
    {&split_chunk, {"seamark.split_chunk", PI_SEQUENCE, PI_NOTE, "A chunk goes on from an earlier segment", EXPFILL}},
    {&split_write, {"seamark.split_write", PI_SEQUENCE, PI_NOTE, "A write goes on from an earlier segment", EXPFILL}},
    {&super_segment, {"seamark.super_segment", PI_SEQUENCE, PI_NOTE, "The segment is larger than a packet can be: it is cut below the point of capture", EXPFILL}},
    {&not_chunked, {"seamark.not_chunked", PI_PROTOCOL, PI_CHAT, "The response is not chunked", EXPFILL}},
    {&missing_bytes, {"seamark.missing_bytes", PI_SEQUENCE, PI_WARN, "Bytes in front of this segment are missing", EXPFILL}},
    {&bad_event, {"seamark.bad_event", PI_MALFORMED, PI_WARN, "Not a whole event record", EXPFILL}},
    {&tag_disagrees, {"seamark.tag_disagrees", PI_ASSUMPTION, PI_WARN, "The tag names other writes than the events do; the events win", EXPFILL}},
    {&events_dropped, {"seamark.events_dropped", PI_SEQUENCE, PI_WARN, "The recorder dropped events", EXPFILL}},
    {&event_contradicted, {"seamark.event_contradicted", PI_SEQUENCE, PI_WARN, "Another call is recorded for the same bytes: this one is not joined", EXPFILL}},
    {&event_too_early, {"seamark.event_too_early", PI_SEQUENCE, PI_WARN, "Bytes were captured before the call that is recorded for them: it is not joined, nor is any after it", EXPFILL}},
    {&event_uncertain, {"seamark.event_uncertain", PI_SEQUENCE, PI_NOTE, "Other calls sent bytes at about the time of this one: it is not joined", EXPFILL}},
    {&event_uncaptured, {"seamark.event_uncaptured", PI_SEQUENCE, PI_NOTE, "Bytes of the call are in no captured frame", EXPFILL}},
    {&event_sealed, {"seamark.event_sealed", PI_UNDECODED, PI_NOTE, "The records of this call's connection were not decrypted: it is not joined", EXPFILL}},
    {&event_kernel_tls, {"seamark.event_kernel_tls", PI_UNDECODED, PI_NOTE, "The kernel does TLS on this socket (kTLS): its calls count plaintext, and are not joined", EXPFILL}},
    {&event_alone, {"seamark.event_alone", PI_UNDECODED, PI_NOTE, "The connection is not in this capture", EXPFILL}},
    {&links_cut, {"seamark.links_cut", PI_UNDECODED, PI_NOTE, "There are more frames than the preference allows to list", EXPFILL}},
    {&items_cut, {"seamark.items_cut", PI_UNDECODED, PI_NOTE, "The frame has more to list than a tree may have items", EXPFILL}},
    {&limit_met, {"seamark.limit_met", PI_UNDECODED, PI_NOTE, "More bytes wait for missing ones than the preferences allow: the missing ones are given up", EXPFILL}},
    {&rechunked, {"seamark.rechunked", PI_SEQUENCE, PI_NOTE, "A proxy re-chunked the body", EXPFILL}},
    {&held_long, {"seamark.held_long", PI_SEQUENCE, PI_NOTE, "A proxy held bytes back", EXPFILL}},
    {&legs_differ, {"seamark.legs_differ", PI_UNDECODED, PI_NOTE, "The two legs are not matched byte for byte", EXPFILL}},
    {&leg_doubt, {"seamark.leg_doubt", PI_UNDECODED, PI_CHAT, "The other leg is not known", EXPFILL}},
    {&unsolicited, {"seamark.unsolicited", PI_SEQUENCE, PI_NOTE, "The response answers no request: none was outstanding", EXPFILL}},
    {&clock_back, {"seamark.clock_back", PI_SEQUENCE, PI_NOTE, "The clock of the capture stepped back", EXPFILL}},
    {&split_record, {"seamark.split_record", PI_SEQUENCE, PI_NOTE, "A TLS record goes on from an earlier segment", EXPFILL}},
    {&merged_records, {"seamark.merged_records", PI_SEQUENCE, PI_NOTE, "One segment carries several TLS records of application data", EXPFILL}},
    {&record_fault, {"seamark.record_fault", PI_MALFORMED, PI_WARN, "A TLS record is not as the RFC has it", EXPFILL}},
    {&record_refused, {"seamark.record_refused", PI_MALFORMED, PI_ERROR, "A TLS record header cannot be framed", EXPFILL}},
    {&failed, {"seamark.failed", PI_UNDECODED, PI_ERROR, "Seamark failed on this frame, and its analysis is incomplete", EXPFILL}},
};
// clang-format on

void register_fault_experts(expert_module_t* module) {
    // libwireshark keeps pointers to the texts and to the table.
    static std::array<std::string, kFaults> names;
    static std::array<std::string, kFaults> texts;
    static std::array<ei_register_info, kFaults> infos;
    for (std::size_t i = 0; i < kFaults; ++i) {
        const auto fault = static_cast<Fault>(i);
        names[i] = "seamark.fault." + std::string(to_string(fault));
        for (char& c : names[i])
            if (c == '-') c = '_';
        texts[i] = describe(fault);
        fault_experts[i] = EI_INIT;
        // The group malformed, of those that end nothing, too: it is what makes _ws.malformed find
        // them.
        infos[i] = {&fault_experts[i],
                    {names[i].c_str(), PI_MALFORMED, is_fatal(fault) ? PI_ERROR : PI_WARN,
                     texts[i].c_str(), EXPFILL}};
    }
    expert_register_field_array(module, infos.data(), static_cast<int>(infos.size()));
}

}  // namespace

expert_field& of(Fault fault) {
    return fault_experts[static_cast<std::size_t>(fault)];
}

void register_expert_infos() {
    expert_module_t* module = expert_register_protocol(proto);
    expert_register_field_array(module, expert_infos, array_length(expert_infos));
    register_fault_experts(module);
}

}  // namespace seamark::fields
