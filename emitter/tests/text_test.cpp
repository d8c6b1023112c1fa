// SPDX-License-Identifier: GPL-2.0-or-later
//
// Small texts: durations, quoting, heads, the page.
#include <gtest/gtest.h>

#include <regex>

#include "net/server/request_target.hpp"
#include "plan/duration_text.hpp"
#include "plan/emit_options.hpp"
#include "plan/escaped.hpp"
#include "plan/help_page.hpp"
#include "plan/number_text.hpp"
#include "plan/response_head.hpp"

namespace seamark::plan {
namespace {

using namespace std::chrono_literals;

TEST(Number, IsDigitsAndNothingElse) {
    EXPECT_EQ(read_number<std::uint16_t>("0"), 0);
    EXPECT_EQ(read_number<std::uint16_t>("65535"), 65535);
    EXPECT_EQ(read_number<std::uint16_t>("00065535"), 65535);
    EXPECT_EQ(read_number<int>("-5"), -5);
    EXPECT_EQ(read_number<double>("0.25"), 0.25);
    for (const char* bad : {"", "-1", "-0", "+1", " 1", "1 ", "1x", "x", "0x1", "1e3", "65536",
                            "99999999999999999999999", "1\n"}) {
        EXPECT_EQ(read_number<std::uint16_t>(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(read_number<std::uint16_t>(std::string_view("1\0", 2)), std::nullopt);
}

TEST(Number, LiesBetweenItsBounds) {
    for (const auto& [text, good] : {std::pair{"2", false}, {"3", true}, {"5", true}, {"6", false}})
        EXPECT_EQ(read_number<unsigned>(text, 3, 5).has_value(), good) << text;
    for (const char* bad : {"nan", "inf", "-inf", "50.1", "-0.1"})
        EXPECT_EQ(read_number<double>(bad, 0, 50), std::nullopt) << bad;
}

TEST(Number, IsTakenOffTheFront) {
    std::string_view text = "10ms";
    EXPECT_EQ(take_number<unsigned>(text), 10U);
    EXPECT_EQ(text, "ms");
    EXPECT_EQ(take_number<unsigned>(text), std::nullopt);
    EXPECT_EQ(text, "ms");
}

TEST(Duration, NeedsAUnitUnlessItIsZero) {
    EXPECT_EQ(parse_duration("0"), 0us);
    EXPECT_EQ(parse_duration("0ms"), 0us);
    EXPECT_EQ(parse_duration("500us"), 500us);
    EXPECT_EQ(parse_duration("10ms"), 10ms);
    EXPECT_EQ(parse_duration("2s"), 2s);
    for (const char* bad : {"", "5", "00", "ms", "-5ms", "+5ms", " 5ms", "5 ms", "5m", "5S", "1.5s",
                            "5msx", "9223372036854775808us", "9223372036855s", "0x5s"}) {
        EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
    }
}

TEST(Duration, IsWrittenInTheLargestExactUnit) {
    EXPECT_EQ(to_text(0us), "0");
    EXPECT_EQ(to_text(1500us), "1500us");
    EXPECT_EQ(to_text(1500ms), "1500ms");
    EXPECT_EQ(to_text(3s), "3s");
}

TEST(Quoted, LeavesNothingThatATerminalWouldTake) {
    EXPECT_EQ(in_quotes("plain"), "\"plain\"");
    EXPECT_EQ(in_quotes("a\"b\\c"), R"("a\"b\\c")");
    EXPECT_EQ(in_quotes("\x1b[31m\xff"), R"("\x1b[31m\xff")");
    EXPECT_EQ(escaped(std::string(65, 'x')), std::string(64, 'x') + "...");
    EXPECT_EQ(escaped(std::string(64, 'x')), std::string(64, 'x'));
}

TEST(ResponseHead, SaysWhatItIsAskedTo) {
    const std::string chunked = to_bytes({.chunked = true, .tagged = true});
    EXPECT_TRUE(chunked.starts_with("HTTP/1.1 200 OK\r\nServer: seamark/")) << chunked;
    EXPECT_TRUE(chunked.ends_with("\r\nTransfer-Encoding: chunked\r\nSeamark: tag=w\r\n\r\n"));
    EXPECT_TRUE(
        to_bytes({.tagged = true, .id = "7f"}).ends_with("\r\nSeamark: tag=w; id=7f\r\n\r\n"));
    EXPECT_EQ(to_bytes({.id = "7f"}).find("7f"), std::string::npos) << "measured untagged";
    EXPECT_NE(chunked.find("\r\nContent-Type: text/plain"), std::string::npos);
    EXPECT_NE(chunked.find("\r\nCache-Control: no-store, no-transform\r\n"), std::string::npos);
    EXPECT_NE(chunked.find("\r\nX-Accel-Buffering: no\r\n"), std::string::npos);
    EXPECT_EQ(chunked.find("Connection"), std::string::npos);
    EXPECT_EQ(chunked.find("Content-Length"), std::string::npos);

    const std::string old = to_bytes({.http = HttpVersion::http_1_0,
                                      .status = 405,
                                      .content_length = 7,
                                      .allow = "GET",
                                      .persistence = Persistence::keep_alive});
    EXPECT_TRUE(old.starts_with("HTTP/1.0 405 Method Not Allowed\r\n"));
    EXPECT_NE(old.find("\r\nAllow: GET\r\nContent-Length: 7\r\nConnection: keep-alive\r\n\r\n"),
              std::string::npos);
    EXPECT_EQ(old.find("Seamark"), std::string::npos);
}

void check_page(bool tls) {
    const std::string page = help_page(tls);
    for (const Parameter& parameter : emit_parameters()) {
        EXPECT_NE(page.find("<code>" + std::string(parameter.name) + "</code>"), std::string::npos);
        EXPECT_NE(parameter_help().find("\n  " + std::string(parameter.name) + "="),
                  parameter.name == "writes" ? 0 : std::string::npos);
    }
    EXPECT_EQ(page.find("<!--"), std::string::npos) << "a place that nothing was put in";
    const std::regex fetched("(?:<script|<link)[^>]*(?:src|href)=\"([^\"]*)\"");
    for (std::sregex_iterator it(page.begin(), page.end(), fetched), end; it != end; ++it) {
        const std::string target = (*it)[1];
        EXPECT_TRUE(target == "/page.css" || target == "/page.js" || target == "data:,")
            << "needs something from elsewhere: " << target;
    }
    for (const char* inlined : {"<style", " style=", " onclick=", "<script>"}) {
        EXPECT_EQ(page.find(inlined), std::string::npos) << "the policy forbids it";
    }

    const std::regex link("<a href=\"([^\"]*)\"");
    std::size_t links = 0;
    for (std::sregex_iterator it(page.begin(), page.end(), link), end; it != end; ++it, ++links) {
        const std::string target = std::regex_replace((*it)[1].str(), std::regex("&amp;"), "&");
        ASSERT_TRUE(target.starts_with("/emit?")) << "needs something from elsewhere: " << target;
        const auto options = parse_emit_options(net::split_target(target).value().query,
                                                HttpVersion::http_1_1, std::nullopt, tls);
        EXPECT_TRUE(std::holds_alternative<EmitOptions>(options)) << target;
    }
    EXPECT_GT(links, emit_parameters().size());
    EXPECT_EQ(page.find("id=\"f-record\"") != std::string::npos, tls);
    EXPECT_EQ(page.find("id=\"f-gather\"") != std::string::npos, !tls);
}

TEST(HelpPage, NamesEveryParameterAndAllItsLinksWork) {
    check_page(false);
    check_page(true);
}

}  // namespace
}  // namespace seamark::plan
