// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/draw_cause.hpp"

#include <optional>
#include <string>
#include <vector>

#include "collect/experts.hpp"
#include "core/cause/read_cause.hpp"
#include "core/cause/segment_judge.hpp"
#include "core/report/cause_words.hpp"
#include "core/report/headline.hpp"
#include "core/report/verdict_words.hpp"

namespace seamark {
namespace {

/// Of the tree that is being drawn. Static, so that a longjmp out of drawing loses nothing.
SegmentJudge& judge() {
    static SegmentJudge of_tree;
    return of_tree;
}

struct CauseFields {
    fields::Text cause;
    std::optional<fields::Text> kind;
    fields::Text confidence, text, evidence;
};

void draw_verdict(packet_info* pinfo, tvbuff_t* tvb, proto_tree* root, const CauseFields& field,
                  const Verdict& verdict, const CallLane& writes) {
    const Shown sentence = shown(pinfo, words::sentence(verdict));
    const Shown confidence = shown(pinfo, to_string(verdict.confidence));
    proto_item* item = nullptr;
    proto_tree* tree = add_subtree(root, {tvb}, fields::tree_cause, &item,
                                   format(pinfo, "Why ({}): {}", confidence, sentence));
    Canvas::derived(item);
    const auto add = [&](fields::Text of, Shown text) {
        Canvas::derived(add_text(tree, of, {tvb}, text));
    };
    for (const Cause cause : verdict.causes) add(field.cause, shown(pinfo, to_string(cause)));
    if (field.kind) add(*field.kind, shown(pinfo, to_string(verdict.boundary)));
    add(field.confidence, confidence);
    add(field.text, sentence);
    for (const Evidence& evidence : verdict.evidence)
        add(field.evidence, shown(pinfo, words::sentence(evidence, writes)));
}

}  // namespace

void forget_causes() {
    judge().forget();
}

std::string headline(const SegmentView& view) {
    return words::headline(judge().judge(view.tracked->connection, view.side, *view.segment),
                           experts::least_writes(view));
}

void draw_causes(const Canvas& canvas, proto_tree* tree, proto_item* segment) {
    const SegmentView& view = canvas.view;
    const auto& verdicts = judge().judge(view.tracked->connection, view.side, *view.segment);
    const CauseFields field{fields::segment_cause, fields::segment_cause_kind,
                            fields::segment_cause_confidence, fields::segment_cause_text,
                            fields::segment_cause_evidence};
    Shown why_merged = "";
    for (const Verdict& verdict : verdicts) {
        if (verdict.boundary == Boundary::kMerge && why_merged.empty())
            why_merged = shown(canvas.pinfo, words::sentence(verdict));
        if (canvas.budget.takes_another())
            draw_verdict(canvas.pinfo, view.tvb, tree, field, verdict, view.stream().writes());
    }
    if (const auto writes = experts::least_writes(view); writes > 1)
        add_expert(
            canvas.pinfo, segment, fields::merged_writes,
            format(canvas.pinfo, "Merged: this segment carries bytes of at least {} writes{}{}",
                   writes, why_merged.empty() ? Shown("") : Shown(". "), why_merged));
}

void draw_read_cause(packet_info* pinfo, tvbuff_t* tvb, proto_tree* tree,
                     const Connection& connection, Side sender, ByteRange range,
                     const CallRecord& call) {
    static Verdict verdict;  // as the judge
    verdict = judge_read(connection, sender, range, call);
    draw_verdict(pinfo, tvb, tree,
                 {fields::read_cause, std::nullopt, fields::read_cause_confidence,
                  fields::read_cause_text, fields::read_cause_evidence},
                 verdict, connection.stream(sender).writes());
}

Shown why_split(const Canvas& canvas) {
    const SegmentView& view = canvas.view;
    const StreamOffset begin = view.segment->begin;
    if (begin == StreamOffset{}) return "";
    const Segment* before = view.overlay().first_segment_with(begin - 1);
    if (before == nullptr) return "";
    for (const Verdict& verdict : judge().judge(view.tracked->connection, view.side, *before))
        if (verdict.boundary == Boundary::kCut)
            return shown(canvas.pinfo, words::sentence(verdict));
    return "";
}

}  // namespace seamark
