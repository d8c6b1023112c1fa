// SPDX-License-Identifier: GPL-2.0-or-later
#include <string>
#include <utility>

#include "core/cause/cause_sentence.hpp"
#include "core/cause/segment_facts.hpp"

namespace seamark {
namespace {

using Evidence = std::vector<std::string>;

std::string micros(std::uint32_t ns) {
    return std::to_string(ns / 1000) + '.' + std::to_string(ns % 1000 / 100) + " µs";
}

Verdict consistent(Seam seam, std::vector<Cause> causes, std::string what, Evidence evidence) {
    return conclude(seam, std::move(causes), false, {std::move(what), kRecordState},
                    std::move(evidence));
}

Verdict full(const SegmentFacts& facts) {
    const std::uint32_t packets = facts.length() / facts.packet;
    const std::string size = std::to_string(facts.length()) + " bytes are " +
                             std::to_string(packets) + " packet" + (packets > 1 ? "s" : "") +
                             " of " + std::to_string(facts.packet);
    if (packets > 1)
        return consistent(Seam::kCut, {Cause::kGso, Cause::kCwnd},
                          "Several full packets left as one segment", {size});
    return consistent(Seam::kCut, {Cause::kMss}, "The segment is a full packet", {size});
}

Verdict part(const SegmentFacts& facts) {
    const SendState& moment = *facts.send_state;
    const bool multiple = facts.packet > 0 && facts.length() > facts.packet;
    Evidence evidence;
    if (multiple)
        evidence.push_back("a super-segment of " +
                           std::to_string(facts.length() / facts.packet + 1) + " packets");
    if (facts.released_by_ack() == true) {
        evidence.push_back("it left " + micros(moment.since_ack) +
                           " behind the acknowledgement of " + std::to_string(moment.acknowledged) +
                           " bytes in frame " +
                           std::to_string(static_cast<std::uint32_t>(moment.ack_frame)));
        evidence.push_back(std::to_string(moment.in_flight) + " bytes were in flight still");
        const bool drained = moment.in_flight == 0;
        return consistent(Seam::kHeld,
                          drained ? std::vector{Cause::kNagle, Cause::kCwnd, Cause::kWrite}
                                  : std::vector{Cause::kCwnd, Cause::kNagle},
                          "The segment left when earlier bytes were acknowledged",
                          std::move(evidence));
    }
    if (moment.psh || moment.fin) {
        evidence.emplace_back(moment.fin ? "FIN: the stream ends" : "PSH: the sender had no more");
        if (facts.at_sender())
            evidence.emplace_back("it did not wait for an acknowledgement");
        else
            evidence.emplace_back(
                "whether it had waited is not to be seen where the capture was taken");
        return consistent(Seam::kWhole, {moment.fin ? Cause::kEnd : Cause::kWrite},
                          "The segment ends where the sender had no more to send",
                          std::move(evidence));
    }
    evidence.emplace_back("less than a packet, without PSH: the sender had more, or was told so");
    return consistent(Seam::kHeld, {Cause::kCork, Cause::kMore, Cause::kRwnd},
                      "The segment is less than a packet and was not pushed", std::move(evidence));
}

}  // namespace

Verdict judge_from_capture(const SegmentFacts& facts) {
    if (facts.send_state == nullptr)
        return conclude(Seam::kWhole, {}, false,
                        {"The segment passed before HTTP was recognised", kRecordState}, {});
    const SendState& moment = *facts.send_state;
    if (facts.fills_window()) {
        if (facts.length() == 1 && moment.in_flight == 0)
            return consistent(Seam::kHeld, {Cause::kWindowProbe},
                              "One byte into a window that is closed", {});
        return consistent(Seam::kCut, {Cause::kRwnd},
                          "The segment ends where the peer's window does",
                          {"the window is full with it"});
    }
    if (facts.packet == 0)
        return conclude(Seam::kWhole, {}, false,
                        {"The MSS is not known",
                         "capture from the handshake on, or " + std::string(kRecordState)},
                        {});
    if (facts.length() % facts.packet == 0) return full(facts);
    return part(facts);
}

}  // namespace seamark
