// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "file/input_file.hpp"
#include "file/output_words.hpp"
#include "plan/escaped.hpp"

namespace seamark::file {
namespace {

namespace fs = std::filesystem;

/// A folder of our own, and one in it that all can write to.
class Output : public ::testing::Test {
  protected:
    Output() {
        std::string name = (fs::temp_directory_path() / "output-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        fs::create_directory(folder_ / "shared");
        fs::permissions(folder_ / "shared", fs::perms::all | fs::perms::sticky_bit);
        std::ofstream(folder_ / "file") << "precious";
    }
    ~Output() override { fs::remove_all(folder_); }

    /// errno of opening it, 0 if it can be opened.
    int opening(const std::string& name, const OutputUse& use = {}) const {
        try {
            ::close(open_output((folder_ / name).string(), use));
            return 0;
        } catch (const std::system_error& error) {
            return error.code().value();
        }
    }
    std::string content() const {
        std::ifstream file(folder_ / "file");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    fs::path folder_;
};

TEST_F(Output, IsMadeOrEmptied) {
    EXPECT_EQ(opening("new"), 0);
    EXPECT_TRUE(fs::exists(folder_ / "new"));
    EXPECT_EQ(opening("file"), 0);
    EXPECT_EQ(content(), "");
    EXPECT_EQ(opening("shared/new"), 0);
    EXPECT_EQ(opening("none/new"), ENOENT);
    EXPECT_EQ(opening("shared"), EISDIR);
    EXPECT_EQ(opening("shared/"), EISDIR);
    EXPECT_EQ(opening("file/"), ENOTDIR);
}

TEST_F(Output, KeepsWhatIsNotToBeEmptied) {
    const OutputUse precious{
        .replaceable = {.looked_at = 4,
                        .begins_so = [](std::string_view text) { return text != "prec"; }}};
    EXPECT_EQ(opening("file", precious), EEXIST);
    EXPECT_EQ(content(), "precious");
    fs::permissions(folder_ / "file", fs::perms::owner_write);
    EXPECT_EQ(opening("file", precious), EEXIST);
    fs::permissions(folder_ / "file", fs::perms::owner_all);
    EXPECT_EQ(content(), "precious");
    std::ofstream(folder_ / "file") << "other";
    EXPECT_EQ(opening("file", precious), 0);
    EXPECT_EQ(content(), "");
    EXPECT_EQ(opening("file", precious), 0) << "nothing is lost of an empty file";
    EXPECT_EQ(opening("new", precious), 0);
    EXPECT_NE(output_problem(EEXIST).find("is no capture"), std::string::npos);
    EXPECT_NE(output_remedy(EEXIST, "-o").find("-o, or move"), std::string::npos);
}

TEST_F(Output, FollowsLinksOnlyWhereOthersCannotMakeThem) {
    fs::create_symlink("file", folder_ / "link");
    EXPECT_EQ(opening("link"), 0);
    EXPECT_EQ(content(), "");
    std::ofstream(folder_ / "file") << "precious";
    fs::create_symlink("../file", folder_ / "shared/link");
    fs::create_symlink("..", folder_ / "shared/folder");
    fs::create_symlink("shared/link", folder_ / "link-to-link");
    for (const char* name : {"shared/link", "shared/folder/file", "link-to-link",
                             "shared/../shared//link", "shared/./link"}) {
        EXPECT_EQ(opening(name), ELOOP) << name;
        EXPECT_EQ(content(), "precious") << name;
    }
    fs::create_symlink("loop", folder_ / "loop");
    EXPECT_EQ(opening("loop"), ELOOP);
    fs::permissions(folder_ / "shared", fs::perms::owner_all);
    EXPECT_EQ(opening("shared/link"), 0);
}

TEST_F(Output, WaitsForNoReader) {
    ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
    for (const bool read_back : {false, true})
        EXPECT_EQ(opening("fifo", {.read_back = read_back}), ENXIO);
    int tries = 0;
    EXPECT_EQ(opening("fifo", {.wait = [&] { return ++tries < 3; }}), ENXIO);
    EXPECT_EQ(tries, 3);
    const int reader = ::open((folder_ / "fifo").c_str(), O_RDONLY | O_NONBLOCK);
    for (const bool read_back : {false, true})
        EXPECT_EQ(opening("fifo", {.read_back = read_back}), 0);
    ::close(reader);
}

TEST_F(Output, IsADescriptorOrADevice) {
    const int file = ::open((folder_ / "file").c_str(), O_WRONLY);
    for (const char* place : {"/dev/fd/", "/proc/self/fd/"})
        EXPECT_NO_THROW(::close(open_output(place + std::to_string(file)))) << place;
    EXPECT_NO_THROW(::close(open_output("/dev/null")));
    EXPECT_NO_THROW(::close(open_output("/dev/null", {.read_back = true})));
    ::close(file);
}

TEST_F(Output, HasARemedyForEachProblem) {
    for (const int error :
         {ENOSPC, EACCES, EPERM, ENOENT, EISDIR, EFBIG, ELOOP, ENXIO, EPIPE, EIO}) {
        EXPECT_FALSE(output_problem(error).empty());
        EXPECT_FALSE(output_remedy(error, "-o").empty());
    }
}

using Input = Output;

TEST_F(Input, IsReadUpToItsLimit) {
    EXPECT_EQ(read_input((folder_ / "file").string(), 8), "precious");
    EXPECT_THROW(read_input((folder_ / "file").string(), 7), std::runtime_error);
    EXPECT_THROW(read_input("/dev/zero", 1000), std::runtime_error);
    EXPECT_EQ(read_input("/dev/null", 1000), "");
    EXPECT_THROW(read_input(folder_.string(), 1000), std::runtime_error);
    EXPECT_THROW(read_input((folder_ / "none").string(), 1000), std::runtime_error);
    ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
    EXPECT_THROW(read_input((folder_ / "fifo").string(), 1000), std::runtime_error);
}

TEST(Printable, KeepsUtf8AndEscapesTheRest) {
    using plan::printable;
    EXPECT_EQ(printable("a \"b\" \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
              "a \"b\" \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    EXPECT_EQ(printable("\x1b[31m\x07\x7f"), "\\x1b[31m\\x07\\x7f");
    EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");           // a control character of C1
    EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");           // no UTF-8; cut
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
    EXPECT_EQ(printable("a\nb"), "a\\x0ab");
    EXPECT_EQ(printable("a\nb", true), "a\nb");
}

}  // namespace
}  // namespace seamark::file
