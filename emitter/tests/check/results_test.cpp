// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/results.hpp"

#include <gtest/gtest.h>

namespace seamark::check {
namespace {

Result assertion(Outcome outcome, std::vector<std::uint32_t> frames = {}) {
    Result result;
    result.capture = "a.pcap";
    result.contract = "dir/my,contract";
    result.line = 3;
    result.name = "no <wait>";
    result.assertion = "max gap < 1 s & \"b\"";
    result.outcome = outcome;
    result.found = "2 s of 3 rows";
    result.frames = std::move(frames);
    return result;
}

TEST(Results, InWords) {
    EXPECT_EQ(in_words(assertion(Outcome::kBroken, {7}), false),
              "a.pcap, line 3: no <wait>: max gap < 1 s & \"b\" (2 s of 3 rows: frame 7)");
    EXPECT_EQ(in_words(assertion(Outcome::kHolds), true),
              "a.pcap, dir/my,contract, line 3: no <wait>: max gap < 1 s & \"b\" (2 s of 3 rows)");
    EXPECT_EQ(list_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
              ": frames 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …");
}

TEST(Results, AsJson) {
    EXPECT_EQ(to_json(assertion(Outcome::kBroken, {7, 8})),
              R"({"capture":"a.pcap","contract":"dir/my,contract","line":3,"name":"no <wait>",)"
              R"("assertion":"max gap < 1 s & \"b\"","outcome":"broken","found":"2 s of 3 rows",)"
              R"("frames":[7,8]})");
    Result loss;
    loss.found = "there is no tshark";
    EXPECT_EQ(to_json(loss), R"({"outcome":"unknown","found":"there is no tshark","frames":[]})");
}

TEST(Results, AsAnnotation) {
    EXPECT_EQ(
        to_annotation(assertion(Outcome::kBroken, {7})),
        "::error file=dir/my%2Ccontract,line=3,title=seamark check::a.pcap, line 3: no <wait>: "
        "max gap < 1 s & \"b\" (2 s of 3 rows: frame 7)");
    Result loss;
    loss.found = "100 % of\nit";
    EXPECT_EQ(to_annotation(loss), "::error title=seamark check::100 %25 of%0Ait");
}

TEST(Results, AsJUnit) {
    Result loss;
    loss.capture = "b.pcap";
    loss.found = "b.pcap could not be checked in full\xef\xbf\xbf";
    EXPECT_EQ(to_junit({assertion(Outcome::kHolds), assertion(Outcome::kBroken, {7}), loss}),
              R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seamark check" tests="3" failures="1" errors="1" skipped="0">
  <testsuite name="a.pcap" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="a.pcap" name="no &lt;wait&gt;: max gap &lt; 1 s &amp; &quot;b&quot;" file="dir/my,contract" line="3"/>
    <testcase classname="a.pcap" name="no &lt;wait&gt;: max gap &lt; 1 s &amp; &quot;b&quot;" file="dir/my,contract" line="3">
      <failure message="2 s of 3 rows: frame 7" type="broken">a.pcap, dir/my,contract, line 3: no &lt;wait&gt;: max gap &lt; 1 s &amp; &quot;b&quot; (2 s of 3 rows: frame 7)</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.pcap" tests="1" failures="0" errors="1" skipped="0">
    <testcase classname="b.pcap" name="read in full">
      <error message="b.pcap could not be checked in full)"
              "\xef\xbf\xbd"
              R"(" type="not checked">b.pcap could not be checked in full)"
              "\xef\xbf\xbd"
              R"(</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

}  // namespace
}  // namespace seamark::check
