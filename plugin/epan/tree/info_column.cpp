// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/info_column.hpp"

#include "platform/text.hpp"
#include "tree/draw_cause.hpp"
#include "tree/segment_summary.hpp"

namespace seamark {
namespace {

void append(std::string& text, std::string_view more) {
    if (more.empty()) return;
    if (!text.empty()) text += " \xc2\xb7 ";
    text += more;
}

void append_numbers(std::string& text, const char* one, const char* several,
                    const NumberRuns& runs) {
    if (runs.empty()) return;
    append(text, runs.single() ? one : several);
    text += ' ';
    text += runs.text();
}

void summarize(const SegmentView& view, std::string& text) {
    const SegmentSummary found(view);
    append_numbers(text, "record", "records", found.records);
    if (found.head) append(text, "head");
    if (found.body) append(text, "body");
    append_numbers(text, "chunk", "chunks", found.chunks);
    append_numbers(text, "write", "writes", found.writes);
    if (view.segment->retransmission())
        append(text, view.stream().is_copy(*view.segment) ? "duplicate" : "retransmission");
}

}  // namespace

std::string summary(const SegmentView& segment) {
    std::string text;
    summarize(segment, text);
    return text;
}

std::string summary(const FrameView& view) {
    std::string text;
    for (const SegmentView& segment : view.segments()) summarize(segment, text);
    return text;
}

void write_info_column(packet_info* pinfo, const FrameView& view) {
    const Shown text = shown(pinfo, summary(view));
    if (text.empty()) return;
    std::string verdicts;
    for (const SegmentView& segment : view.segments()) append(verdicts, headline(segment));
    // HTTP's word for a piece of a body says less than ours. What TCP adds to it stays.
    if (const auto behind = info_column_behind(pinfo, "Continuation")) {
        std::string rest(*behind);
        if (!rest.empty()) rest.insert(0, "  ");
        replace_info_column(pinfo, verdicts.empty()
                                       ? format(pinfo, "[{}]{}", text, shown(pinfo, rest))
                                       : format(pinfo, "{} [{}]{}", shown(pinfo, verdicts), text,
                                                shown(pinfo, rest)));
    } else if (verdicts.empty()) {
        append_info_column(pinfo, format(pinfo, "  [{}]", text));
    } else {
        prepend_info_column(pinfo, format(pinfo, "{} [{}]  ", shown(pinfo, verdicts), text));
    }
}

}  // namespace seamark
