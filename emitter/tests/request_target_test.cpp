// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/server/request_target.hpp"

#include <gtest/gtest.h>

namespace seamark::net {
namespace {

std::string flat(std::string_view target) {
    const auto split = split_target(target);
    if (!split) return "refused";
    std::string out = split->path;
    for (const auto& [name, value] : split->query) {
        out.append(" [").append(name).append("=").append(value).append("]");
    }
    return out;
}

TEST(RequestTarget, IsTakenApartAndDecoded) {
    EXPECT_EQ(flat("/"), "/");
    EXPECT_EQ(flat("/emit"), "/emit");
    EXPECT_EQ(flat("/emit?"), "/emit");
    EXPECT_EQ(flat("/emit?a=1&b=2"), "/emit [a=1] [b=2]");
    EXPECT_EQ(flat("/emit?a=1&&b=2&"), "/emit [a=1] [b=2]");
    EXPECT_EQ(flat("/emit?a"), "/emit [a=]");
    EXPECT_EQ(flat("/emit?=1"), "/emit [=1]");
    EXPECT_EQ(flat("/emit?a=b=c"), "/emit [a=b=c]");
    EXPECT_EQ(flat("/emit?a=?"), "/emit [a=?]");
    EXPECT_EQ(flat("/%65mit?%61=%31%26+%2b"), "/emit [a=1& +]");
    EXPECT_EQ(flat("/a+b"), "/a+b");
}

TEST(RequestTarget, MayBeAbsolute) {
    EXPECT_EQ(flat("http://127.0.0.1:8080/emit?a=1"), "/emit [a=1]");
    EXPECT_EQ(flat("http://host"), "/");
    EXPECT_EQ(flat("http://host?a=1"), "/ [a=1]");
}

TEST(RequestTarget, IsRefusedIfItCannotBeRead) {
    for (const char* bad : {"", "*", "host:80", "emit", "/%", "/%4", "/%zz", "/%+1", "/?a=%4",
                            "/?%g1=1", "/?a=%-1"}) {
        EXPECT_EQ(flat(bad), "refused") << bad;
    }
}

}  // namespace
}  // namespace seamark::net
