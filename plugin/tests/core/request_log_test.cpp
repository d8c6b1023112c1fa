// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/http1/request_log.hpp"

#include <gtest/gtest.h>

#include "support/position.hpp"

namespace seamark::request_log_test {
namespace {

using test::operator""_at;

TEST(RequestLog, PairsFirstInFirstOut) {
    RequestLog log;
    log.add(0, Method::kHead, 100_at);
    log.add(1, Method::kOther, 200_at);
    log.answered(0);
    EXPECT_EQ(log.method(0), Method::kHead);
    EXPECT_EQ(log.method(1), Method::kOther);
    EXPECT_EQ(log.find(1), 1U);
    EXPECT_EQ(log.message(0), 0U);
    EXPECT_EQ(log.find(2), std::nullopt);
}

TEST(RequestLog, AResponseThatCameFirstHasNoRequestInTheCapture) {
    RequestLog log;
    log.answered(0);
    log.answered(1);
    log.add(0, Method::kHead, 100_at);
    EXPECT_EQ(log.message(0), std::nullopt);
    EXPECT_EQ(log.message(1), std::nullopt);
    EXPECT_EQ(log.method(1), Method::kUnknown);
    EXPECT_EQ(log.method(2), Method::kHead);
    EXPECT_EQ(log.find(0), 2U);
    EXPECT_EQ(log.message(2), 0U);
    EXPECT_EQ(log.message_behind(1), 0U);
}

TEST(RequestLog, AResponseThatAcknowledgesALaterCapturedRequestAnswersIt) {
    RequestLog log;
    log.note_acknowledged(150_at);
    log.answered(0);
    log.note_acknowledged(250_at);
    log.answered(1);
    log.add(0, Method::kHead, 100_at);
    log.add(1, Method::kOther, 150_at);
    EXPECT_EQ(log.find(0), 0U);
    EXPECT_EQ(log.find(1), 1U);
    EXPECT_EQ(log.method(0), Method::kHead);
}

TEST(RequestLog, ALostRequestTakesItsAnswerWithIt) {
    RequestLog log;
    log.add(0, Method::kOther, 100_at);
    log.note_acknowledged(150_at);
    log.answered(0);
    log.note_acknowledged(200_at);  // of one at 150 that was lost
    log.answered(1);
    log.add(1, Method::kHead, 200_at);
    EXPECT_EQ(log.message(1), std::nullopt);
    EXPECT_EQ(log.find(1), 2U);
    log.watch(2);
    EXPECT_TRUE(log.watched(2));
    EXPECT_FALSE(log.watched(1));
    EXPECT_FALSE(log.watched(3));
}

}  // namespace
}  // namespace seamark::request_log_test
