// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cause/verdict.hpp"

namespace seamark {

Verdict conclude(const Question& question, const CauseList& causes, bool sure,
                 const EvidenceList& evidence) {
    Verdict verdict;
    verdict.boundary = question.boundary;
    verdict.finding = question.finding;
    verdict.missing = question.missing;
    verdict.subject = question.subject;
    verdict.bytes = question.bytes;
    verdict.evidence = evidence;
    if (causes.empty()) return verdict;
    verdict.causes = causes;
    verdict.confidence = sure ? Confidence::kKnown : Confidence::kConsistent;
    return verdict;
}

}  // namespace seamark
