// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace seamark::file {
namespace {

namespace fs = std::filesystem;

constexpr auto no_wait = []() -> bool { throw std::runtime_error("given up"); };

class BodyFile : public ::testing::Test {
  protected:
    BodyFile() {
        std::string form = fs::temp_directory_path() / "seamark-output-XXXXXX";
        folder_ = ::mkdtemp(form.data());
    }
    ~BodyFile() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ / name; }
    void make(const std::string& name, const std::string& text = "old") const {
        std::ofstream(path(name)) << text;
    }
    std::string text(const std::string& name) const {
        std::ifstream in(path(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// How many names are in the folder.
    std::ptrdiff_t names() const { return std::distance(fs::directory_iterator(folder_), {}); }

    int error_of(const std::string& where, const ReaderWait& wait = no_wait) const {
        try {
            const OutputFile file(where, wait);
        } catch (const std::system_error& e) {
            return e.code().value();
        }
        return 0;
    }

    fs::path folder_;
};

TEST_F(BodyFile, IsInPlaceFromItsFirstByteOn) {
    for (const bool existing : {false, true}) {
        const std::string name = existing ? "existing" : "new";
        if (existing) make(name);
        OutputFile file(path(name), no_wait);
        EXPECT_EQ(text(name), existing ? "old" : "");
        EXPECT_EQ(fs::exists(path(name)), existing);
        EXPECT_EQ(file.write("ab"), 2U);
        EXPECT_EQ(text(name), "ab");
        EXPECT_EQ(file.write("cd"), 2U);
        EXPECT_EQ(text(name), "abcd");
        file.finish();
        EXPECT_EQ(text(name), "abcd");
    }
    EXPECT_EQ(names(), 2);
}

TEST_F(BodyFile, WithoutAByteNothingIsLeftBehind) {
    make("existing");
    { const OutputFile file(path("existing"), no_wait); }
    { const OutputFile file(path("new"), no_wait); }
    EXPECT_EQ(text("existing"), "old");
    EXPECT_EQ(names(), 1);
}

TEST_F(BodyFile, AnEmptyBodyIsAnEmptyFile) {
    make("existing");
    OutputFile file(path("existing"), no_wait);
    file.finish();
    EXPECT_EQ(text("existing"), "");
    EXPECT_EQ(names(), 1);
}

TEST_F(BodyFile, KeepsTheModeOfTheFileBeforeIt) {
    make("existing");
    ::chmod(path("existing").c_str(), 0640);
    OutputFile file(path("existing"), no_wait);
    file.write("a");
    struct stat status {};
    ASSERT_EQ(::stat(path("existing").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);

    const mode_t mask = ::umask(027);
    OutputFile fresh(path("new"), no_wait);
    ::umask(mask);
    fresh.write("a");
    ASSERT_EQ(::stat(path("new").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(BodyFile, FollowsLinksOfItsUser) {
    fs::create_directory(path("there"));
    make("there/file");
    fs::create_symlink("there/file", path("link"));
    fs::create_symlink("link", path("link-to-link"));
    fs::create_symlink(path("there"), path("folder-link"));
    fs::create_symlink("there/none-yet", path("dangling"));
    for (const char* name : {"link-to-link", "folder-link/file", "there/../link", "./link"}) {
        OutputFile file(path(name), no_wait);
        file.write(name);
        EXPECT_EQ(text("there/file"), name);
        EXPECT_TRUE(fs::is_symlink(path("link")));
    }
    OutputFile file(path("dangling"), no_wait);
    file.write("x");
    EXPECT_EQ(text("there/none-yet"), "x");
    fs::create_symlink("loop-b", path("loop-a"));
    fs::create_symlink("loop-a", path("loop-b"));
    EXPECT_EQ(error_of(path("loop-a")), ELOOP);
}

TEST_F(BodyFile, FollowsNoLinkThatAnotherUserPlanted) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can plant a link of another user";
    constexpr uid_t other = 65534;
    fs::create_directory(path("shared"));
    fs::create_directory(path("own"));
    make("own/precious");
    ASSERT_EQ(::chmod(path("shared").c_str(), 01777), 0);
    const auto planted = [&](const std::string& name, const std::string& to) {
        fs::create_symlink(to, path("shared/" + name));
        ASSERT_EQ(::lchown(path("shared/" + name).c_str(), other, other), 0);
    };
    planted("out", path("own/precious"));
    planted("none-yet", path("own/none-yet"));
    planted("folder", path("own"));
    fs::create_symlink("shared/out", path("way"));
    for (const char* name : {"shared/out", "shared/none-yet", "shared/folder/precious", "way"}) {
        EXPECT_EQ(error_of(path(name)), ELOOP) << name;
    }
    ASSERT_EQ(::mkfifo(path("shared/fifo").c_str(), 0666), 0);
    ASSERT_EQ(::chown(path("shared/fifo").c_str(), other, other), 0);
    EXPECT_EQ(error_of(path("shared/fifo")), EPERM);
    make("shared/file");
    ASSERT_EQ(::chown(path("shared/file").c_str(), other, other), 0);
    EXPECT_EQ(error_of(path("shared/file")), EPERM);
    EXPECT_EQ(text("own/precious"), "old");

    // In a folder that is its own, the same link is followed.
    ASSERT_EQ(::chmod(path("shared").c_str(), 0755), 0);
    OutputFile file(path("shared/out"), no_wait);
    file.write("new");
    EXPECT_EQ(text("own/precious"), "new");
}

/// Who made it cannot be distinguished from who was led to make it.
TEST_F(BodyFile, FollowsNoLinkInAFolderThatOthersCanWriteTo) {
    fs::create_directory(path("shared"));
    make("precious");
    fs::create_symlink(path("precious"), path("shared/out"));
    for (const mode_t mode : {01777, 0757}) {
        ASSERT_EQ(::chmod(path("shared").c_str(), mode), 0);
        EXPECT_EQ(error_of(path("shared/out")), ELOOP);
        OutputFile file(path("shared/new"));
        file.write("a");
        EXPECT_EQ(text("shared/new"), "a");
    }
    EXPECT_EQ(text("precious"), "old");
}

TEST_F(BodyFile, AnotherUsersFileGivesNoModeToTheNewOne) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can make a file of another user";
    make("file");
    ASSERT_EQ(::chmod(path("file").c_str(), 0666), 0);
    ASSERT_EQ(::chown(path("file").c_str(), 65534, 65534), 0);
    const mode_t mask = ::umask(077);
    OutputFile file(path("file"), no_wait);
    ::umask(mask);
    file.write("a");
    struct stat status {};
    ASSERT_EQ(::stat(path("file").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(BodyFile, DevicesAndFifosAreWrittenAsTheyAre) {
    OutputFile null("/dev/null", no_wait);
    EXPECT_FALSE(null.regular());
    EXPECT_EQ(null.write("abc"), 3U);
    null.finish();
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    fs::create_symlink("/dev/null", path("null"));
    OutputFile link(path("null"), no_wait);
    EXPECT_EQ(link.write("abc"), 3U);

    ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    EXPECT_THROW(OutputFile(path("fifo"), no_wait), std::runtime_error);
    EXPECT_EQ(error_of(path("fifo"), {}), ENXIO);
    int reader = -1;
    OutputFile fifo(path("fifo"), [&] {
        reader = ::open(path("fifo").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        return true;
    });
    EXPECT_EQ(fifo.write("abc"), 3U);
    std::array<char, 8> read{};
    EXPECT_EQ(::read(reader, read.data(), read.size()), 3);
    ::close(reader);
    EXPECT_TRUE(fs::is_fifo(path("fifo")));
}

TEST_F(BodyFile, DescriptorsOfItsOwnCanBeNamed) {
    make("file", "old and longer");
    const int own = ::open(path("file").c_str(), O_WRONLY | O_CLOEXEC);
    OutputFile file("/proc/self/fd/" + std::to_string(own), no_wait);
    EXPECT_EQ(text("file"), "old and longer");
    file.write("new");
    EXPECT_EQ(text("file"), "old and longernew");
    ::close(own);
}

TEST_F(BodyFile, AFolderThatTakesNoFileIsNoHindrance) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write in each folder";
    make("file", "old and longer");
    ::chmod(folder_.c_str(), 0500);
    OutputFile file(path("file"), no_wait);
    EXPECT_EQ(text("file"), "old and longer");
    file.write("new");
    EXPECT_EQ(text("file"), "new");
    EXPECT_EQ(error_of(path("another")), EACCES);
    ::chmod(folder_.c_str(), 0700);
}

TEST_F(BodyFile, SaysWhatCannotBeWritten) {
    make("file");
    EXPECT_EQ(error_of(""), ENOENT);
    EXPECT_EQ(error_of("."), EISDIR);
    EXPECT_EQ(error_of("/"), EISDIR);
    EXPECT_EQ(error_of(folder_), EISDIR);
    EXPECT_EQ(error_of(folder_ / ""), EISDIR);
    EXPECT_EQ(error_of(path("none/file")), ENOENT);
    EXPECT_EQ(error_of(path("file/below")), ENOTDIR);
    EXPECT_EQ(names(), 1);
    const std::string longest(200, 'x');
    OutputFile file(path(longest), no_wait);
    file.write("a");
    EXPECT_EQ(text(longest), "a");
}

}  // namespace
}  // namespace seamark::file
