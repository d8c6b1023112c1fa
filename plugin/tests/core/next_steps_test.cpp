// SPDX-License-Identifier: GPL-2.0-or-later
//
// Remedies with and without a program that can say what to type.
#include <gtest/gtest.h>

#include <string>

#include "core/report/remedy.hpp"

namespace seamark::next_steps_test {
namespace {

/// A program that has an answer to everything.
class Typed final : public NextSteps {
  public:
    std::string_view trial(Cause) const override { return "TRIAL"; }
    std::string_view turn_off(Cause) const override { return "TURN-OFF"; }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(NextSteps, WhatTurnsACauseOffIsNamedWhereItIsKnown) {
    for (const Cause cause : {Cause::kNagle, Cause::kGso, Cause::kGro}) {
        SCOPED_TRACE(static_cast<int>(cause));
        EXPECT_TRUE(has(words::remedy(cause, Typed()), "TURN-OFF"));
        const std::string general = words::remedy(cause, NextSteps());
        EXPECT_FALSE(general.empty());
        EXPECT_FALSE(has(general, "()")) << general;
    }
    EXPECT_TRUE(has(words::remedy(Cause::kGso, NextSteps()), "segmentation offload off"));
    EXPECT_TRUE(has(words::remedy(Cause::kGro, NextSteps()), "receive offload off"));
}

/// A slow reader is compared with a quick one; any other cause is gone in its trial.
TEST(NextSteps, ATrialShowsACauseGoneOrAReaderCompared) {
    for (const Cause cause : {Cause::kSlow, Cause::kWaited})
        EXPECT_TRUE(has(words::remedy(cause, Typed()), " Compare: TRIAL"));
    for (const Cause cause : {Cause::kNagle, Cause::kCork, Cause::kSize})
        EXPECT_TRUE(has(words::remedy(cause, Typed()), " Seen to be gone in: TRIAL"));
}

TEST(NextSteps, WhatIsNoCauseHasNoTrialEither) {
    for (const Cause cause : {Cause::kWrite, Cause::kEnd, Cause::kSegment, Cause::kUnknown})
        EXPECT_EQ(words::remedy(cause, Typed()), "");
}

}  // namespace
}  // namespace seamark::next_steps_test
