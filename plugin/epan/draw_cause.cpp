// SPDX-License-Identifier: GPL-2.0-or-later
#include "draw_cause.hpp"

#include <string>
#include <vector>

#include "core/cause/read_cause.hpp"
#include "core/cause/segment_cause.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/verdict_words.hpp"
#include "experts.hpp"
#include "text.hpp"

namespace seamark {
namespace {

struct CauseFields {
    int cause, kind, confidence, text, evidence;  // kind: 0 where there is none
};

void draw_verdict(packet_info* pinfo, tvbuff_t* tvb, proto_tree* root, const CauseFields& field,
                  const Verdict& verdict, const CallLane& writes) {
    const char* sentence = keep(pinfo, words::sentence(verdict));
    const char* confidence = keep(pinfo, to_string(verdict.confidence));
    proto_item* item = nullptr;
    proto_tree* tree = proto_tree_add_subtree_format(root, tvb, 0, 0, fields::tree_cause, &item,
                                                     "Why (%s): %s", confidence, sentence);
    Canvas::derived(item);
    const auto add = [&](int of, const char* text) {
        Canvas::derived(proto_tree_add_string(tree, of, tvb, 0, 0, text));
    };
    for (const Cause cause : verdict.causes) add(field.cause, keep(pinfo, to_string(cause)));
    if (field.kind != 0) add(field.kind, keep(pinfo, to_string(verdict.boundary)));
    add(field.confidence, confidence);
    add(field.text, sentence);
    for (const Evidence& evidence : verdict.evidence)
        add(field.evidence, keep(pinfo, words::sentence(evidence, writes)));
}

}  // namespace

void draw_causes(const Canvas& canvas, proto_tree* tree, proto_item* segment) {
    const SegmentView& view = canvas.view;
    // Static, so that a longjmp out of drawing loses nothing.
    static std::vector<Verdict> verdicts;
    verdicts = judge_segment(view.tracked->connection, view.side, *view.segment);
    const CauseFields field{fields::segment_cause, fields::segment_cause_kind,
                            fields::segment_cause_confidence, fields::segment_cause_text,
                            fields::segment_cause_evidence};
    const char* why_merged = nullptr;
    for (const Verdict& verdict : verdicts) {
        if (verdict.boundary == Boundary::kMerge && why_merged == nullptr)
            why_merged = keep(canvas.pinfo, words::sentence(verdict));
        if (canvas.budget.takes_another())
            draw_verdict(canvas.pinfo, view.tvb, tree, field, verdict, view.stream().writes());
    }
    if (const auto writes = experts::least_writes(view); writes > 1)
        expert_add_info_format(canvas.pinfo, segment, &fields::merged_writes,
                               "Merged: this segment carries bytes of at least %u writes%s%s",
                               static_cast<unsigned>(writes), why_merged != nullptr ? ". " : "",
                               why_merged != nullptr ? why_merged : "");
}

void draw_read_cause(packet_info* pinfo, tvbuff_t* tvb, proto_tree* tree,
                     const Connection& connection, Side sender, ByteRange range,
                     const CallRecord& call) {
    static Verdict verdict;  // as above
    verdict = judge_read(connection, sender, range, call);
    draw_verdict(pinfo, tvb, tree,
                 {fields::read_cause, 0, fields::read_cause_confidence, fields::read_cause_text,
                  fields::read_cause_evidence},
                 verdict, connection.stream(sender).writes());
}

const char* why_split(const Canvas& canvas) {
    const SegmentView& view = canvas.view;
    const StreamOffset begin = view.segment->begin;
    if (begin == 0) return nullptr;
    const Segment* before = view.overlay().first_segment_with(begin - 1);
    if (before == nullptr) return nullptr;
    for (const Verdict& verdict : judge_segment(view.tracked->connection, view.side, *before))
        if (verdict.boundary == Boundary::kCut)
            return keep(canvas.pinfo, words::sentence(verdict));
    return nullptr;
}

}  // namespace seamark
