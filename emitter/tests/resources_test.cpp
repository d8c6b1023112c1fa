// SPDX-License-Identifier: GPL-2.0-or-later
//
// Files, plans and reports: what a server has beside what the URL says.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "http_client.hpp"
#include "net/server/resources.hpp"
#include "net/tests/running_server.hpp"

namespace seamark::testing {
namespace {

class Folder {
  public:
    Folder() {
        std::string path = ::testing::TempDir() + "seamark-XXXXXX";
        path_ = ::mkdtemp(path.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(const std::string& name = "") const { return path_ + "/" + name; }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }

  private:
    std::string path_;
};

class Resources : public ::testing::Test {
  protected:
    Resources() { resources.files.open_folder(folder.path()); }

    Response post(const std::string& target, const std::string& plan,
                  const std::string& fields = "") {
        HttpClient client(server.port());
        client.send("POST " + target + " HTTP/1.1\r\nHost: test\r\n" + fields +
                    "Content-Length: " + std::to_string(plan.size()) + "\r\n\r\n" + plan);
        return client.response();
    }
    Response get(const std::string& target) {
        HttpClient client(server.port());
        client.get(target);
        return client.response();
    }

    Folder folder;
    net::Resources resources;
    RunningServer server{{.resources = &resources}};
};

TEST_F(Resources, AFileIsTheBodyInEveryFramingAndCut) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += std::to_string(i) + '\n';
    folder.write("numbers", text);
    for (const char* query : {"", "&framing=length", "&framing=close", "&writes-per-chunk=3",
                              "&chunks-per-write=7", "&split=parts", "&seed=5", "&head=joined"}) {
        const Response response = get("/emit?file=numbers&gap=0&size=1000" + std::string(query));
        EXPECT_EQ(response.status, 200) << query;
        EXPECT_TRUE(response.data == text) << query;
    }
    folder.write("empty", "");
    EXPECT_EQ(get("/emit?file=empty").data, "");
    EXPECT_EQ(get("/emit?file=empty&framing=length").field("Content-Length"), "0");
}

TEST_F(Resources, WhatIsNoFileOfTheFolderIsRefused) {
    folder.write("real", "text");
    ASSERT_EQ(::symlink("real", folder.path("link").c_str()), 0);
    ASSERT_EQ(::symlink("/etc/passwd", folder.path("out").c_str()), 0);
    ASSERT_EQ(::mkdir(folder.path("sub").c_str(), 0700), 0);
    ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
    folder.write("sub/inner", "text");
    struct Case {
        std::string name;
        std::string allowed;
    };
    for (const Case& c : {Case{"link", "symbolic link"}, Case{"out", "symbolic link"},
                          Case{"sub", "a regular file"}, Case{"pipe", "a regular file"},
                          Case{"sub/inner", "no slash"}, Case{"../passwd", "no slash"},
                          Case{"%2e%2e/x", "no slash"}, Case{"/etc/passwd", "no slash"},
                          Case{"..", "the name of a file"}, Case{".", "the name of a file"},
                          Case{"real%00x", "the name of a file"}, Case{"", "the name of a file"},
                          Case{"none", "No such file"}}) {
        for (const std::string parameter : {"file", "plan"}) {
            if (c.name.empty() && parameter == "plan") continue;
            const Response refused = get("/emit?" + parameter + '=' + c.name);
            EXPECT_EQ(refused.status, 400) << c.name;
            EXPECT_NE(refused.data.find(c.allowed), std::string::npos) << refused.data;
        }
    }
}

TEST_F(Resources, WithoutAFolderNoFileIsServed) {
    RunningServer bare;
    HttpClient client(bare.port());
    client.get("/emit?file=real");
    EXPECT_NE(client.response().data.find("--files DIR"), std::string::npos);
}

TEST_F(Resources, AFileThatShrinksIsCutAndNotEndedInOrder) {
    folder.write("shrinks", std::string(100'000, 'x'));
    HttpClient client(server.port());
    client.get("/emit?file=shrinks&size=1000&gap=1ms");
    client.unread(2'000);
    ASSERT_EQ(::truncate(folder.path("shrinks").c_str(), 10), 0);
    EXPECT_THROW(client.response(), std::runtime_error);
    EXPECT_NE(server.log_line({"cut after", "has become shorter"}), "");
}

TEST_F(Resources, APlanComesFromAFileOrAPost) {
    folder.write("plan", "write \"one\"; write 5 \"x\"");
    EXPECT_EQ(get("/emit?plan=plan").raw,
              "3;w=2\r\none\r\n5;w=3\r\n1 ab\n\r\n1;w=3\r\nx\r\n0;w=4\r\n\r\n");
    EXPECT_EQ(get("/emit?plan=plan&framing=length").raw, "one1 ab\nx");
    EXPECT_EQ(post("/emit?tag=none", "write \"a\"").raw, "1\r\na\r\n0\r\n\r\n");
    EXPECT_EQ(post("/emit", "write 1").status, 200);

    const Response bad = post("/emit", "write 1\n wrote 2");
    EXPECT_EQ(bad.status, 400);
    EXPECT_NE(bad.data.find("plan:2:2: expected write, event, comment, wait"), std::string::npos)
        << bad.data;
    EXPECT_NE(post("/emit?writes=3", "write 1").data.find("\"writes\""), std::string::npos);
    EXPECT_NE(post("/emit", "").data.find("empty"), std::string::npos);
    EXPECT_EQ(post("/emit", std::string(65'537, ' ')).status, 400);
    folder.write("long", std::string(65'537, ' '));
    EXPECT_NE(get("/emit?plan=long").data.find("65537 bytes"), std::string::npos);
    EXPECT_EQ(post("/emit", "write 1", "Origin: http://elsewhere\r\n").status, 403);
    EXPECT_EQ(post("/emit", "write 1", "Origin: http://test\r\n").status, 200);
}

TEST_F(Resources, AnEmptyPlanIsAnErrorWhereverItComesFrom) {
    for (const std::string& text : {std::string(), std::string(" \n\t"), std::string("# words\n"),
                                    std::string("framing length"), std::string("repeat 9 {}")}) {
        folder.write("nothing", text);
        for (const std::string query : {"", "&framing=length", "&tag=none"}) {
            const Response from_file = get("/emit?plan=nothing" + query);
            EXPECT_EQ(from_file.status, 400) << text;
            EXPECT_NE(from_file.data.find("empty"), std::string::npos) << from_file.data;
            const Response posted = post("/emit?" + query, text);
            EXPECT_EQ(posted.status, 400) << text;
            EXPECT_NE(posted.data.find("empty"), std::string::npos) << posted.data;
        }
    }
    EXPECT_EQ(get("/emit?plan=").status, 400);
    EXPECT_EQ(get("/emit?plan").status, 400);
    EXPECT_EQ(post("/emit?plan=", "write 1").status, 400);
    resources.plan = "write 1";
    EXPECT_EQ(get("/emit?plan=").status, 400);
    EXPECT_EQ(get("/emit").data, "1");
}

TEST_F(Resources, ARawPlanIsTheBodyAsItStands) {
    const Response response =
        post("/emit", "framing raw; field Content-Length \"2\"; write \"ab\"; close");
    EXPECT_EQ(response.field("Content-Length"), "2");
    EXPECT_EQ(response.field("Connection"), "close");
    EXPECT_NE(server.log_line({"200 raw: 2 writes"}), "");
}

TEST_F(Resources, CloseAndResetEndTheConnection) {
    HttpClient closing(server.port());
    const std::string plan = "write line 5 data 2; close";
    closing.send("POST /emit HTTP/1.1\r\nHost: test\r\nContent-Length: " +
                 std::to_string(plan.size()) + "\r\n\r\n" + plan);
    EXPECT_THROW(closing.response(), std::runtime_error);
    EXPECT_NE(server.log_line({"POST /emit 200 chunked: 2 writes"}), "");
    EXPECT_THROW(post("/emit", "write 5; reset"), std::runtime_error);
    EXPECT_NE(server.log_line({"cut after", "the plan says reset"}), "");
}

TEST_F(Resources, AReportHasEveryWriteOfItsResponse) {
    const Response response = get("/emit?writes=3&size=10&gap=0&report=a-1");
    EXPECT_EQ(response.status, 200);
    std::string report;
    for (int i = 0; i < 1000 && report.find("\"done\":true") == std::string::npos; ++i) {
        report = get("/report?id=a-1").data;
    }
    EXPECT_TRUE(report.starts_with("{\"done\":true,\"unreported\":0,\"writes\":[{\"index\":1,"))
        << report;
    std::size_t with_data = 0;
    for (std::size_t at = 0; (at = report.find("\"data\":10,", at)) != std::string::npos; ++at) {
        ++with_data;
    }
    EXPECT_EQ(with_data, 3U) << report;
    EXPECT_TRUE(get("/report?id=a-1&from=4")
                    .data.starts_with("{\"done\":true,\"unreported\":0,\"writes\":[{\"index\":5,"));
    EXPECT_EQ(get("/report?id=a-1&from=x").status, 400);
    EXPECT_EQ(get("/report?id=b").status, 404);
    for (int i = 0; i < 16; ++i) get("/emit?writes=1&gap=0&report=n" + std::to_string(i));
    EXPECT_EQ(get("/report?id=a-1").status, 404);
}

}  // namespace
}  // namespace seamark::testing
