// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/program_file.hpp"

#include <elf.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace seamark::trace {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

bool is_program(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

std::string find(const std::string& command) {
    if (command.find('/') != std::string::npos) {
        if (is_program(command)) return command;
        throw std::runtime_error(command + " is not a program that can be started");
    }
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        std::string file = (folder.empty() ? "." : folder) + "/" + command;
        if (is_program(file)) return file;
    }
    throw std::runtime_error("there is no program " + command + " on the PATH");
}

/// The dynamic linker that the file asks for; "" if none does its linking.
std::string interpreter(std::ifstream& file, const Header& header) {
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Segment segment{};
        file.seekg(static_cast<std::streamoff>(header.e_phoff + i * sizeof segment));
        if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) break;
        if (segment.p_type != PT_INTERP || segment.p_filesz > 4096) continue;
        std::string name(segment.p_filesz, '\0');
        file.seekg(static_cast<std::streamoff>(segment.p_offset));
        file.read(name.data(), static_cast<std::streamsize>(name.size()));
        return name.substr(0, name.find('\0'));
    }
    return {};
}

/// Whether the file has the build number of Go.
bool is_go(std::ifstream& file, const Header& header) {
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        Segment segment{};
        file.clear();
        file.seekg(static_cast<std::streamoff>(header.e_phoff + i * sizeof segment));
        if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) break;
        if (segment.p_type != PT_NOTE || segment.p_filesz > 65536) continue;
        std::string notes(segment.p_filesz, '\0');
        file.seekg(static_cast<std::streamoff>(segment.p_offset));
        file.read(notes.data(), static_cast<std::streamsize>(notes.size()));
        // namesz, descsz, type (4: build number), name
        if (notes.find(std::string_view("\4\0\0\0Go\0\0", 8)) != std::string::npos) return true;
    }
    return false;
}

/// The words of a script's first line: interpreter and at most one argument, but what `env -S`
/// splits is split here too.
std::vector<std::string> first_line(std::ifstream& file) {
    file.seekg(2);
    std::string line;
    std::getline(file, line);
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    return words;
}

void check(const std::string& path, int depth) {
    struct stat status {};
    const bool known = ::stat(path.c_str(), &status) == 0;
    if (known && (((status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid()) ||
                  ((status.st_mode & S_ISGID) != 0 && status.st_gid != ::getegid())))
        throw std::runtime_error(path +
                                 " changes user or group when it starts, so the system loads no "
                                 "library into it. Run seamark trace as that user.");
    std::ifstream file(path, std::ios::binary);
    Header header{};
    file.read(reinterpret_cast<char*>(&header), sizeof header);
    const auto size = file.gcount();
    file.clear();
    if (size >= 2 && std::memcmp(&header, "#!", 2) == 0) {
        const auto words = first_line(file);
        if (words.empty() || depth > 4) return;
        check(words[0], depth + 1);
        if (!words[0].ends_with("/env")) return;
        for (std::size_t i = 1; i < words.size(); ++i)
            if (words[i][0] != '-' && words[i].find('=') == std::string::npos)
                return check(find(words[i]), depth + 1);
        return;
    }
    if (size < static_cast<std::streamsize>(sizeof header) ||
        std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return;  // not readable by us, or for a shell: what loads will say
    Header own{};
    std::ifstream self("/proc/self/exe", std::ios::binary);
    self.read(reinterpret_cast<char*>(&own), sizeof own);
    if (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] || header.e_machine != own.e_machine)
        throw std::runtime_error(path +
                                 " is for another kind of processor than seamark, whose library "
                                 "cannot be put under it. Build seamark for the same.");
    const std::string linker = interpreter(file, header);
    if (linker.empty() && is_go(file, header))
        throw std::runtime_error(
            path +
            " is a Go program: it makes its calls without the C library, linked dynamically or "
            "not, so they cannot be recorded. `seamark trace --kernel` (as root) records "
            "them. Trace its peer instead where that cannot be.");
    if (linker.empty())
        throw std::runtime_error(
            path +
            " is statically linked: there is no C library below it at which its calls could be "
            "recorded. `seamark trace --kernel` (as root) records it. Trace its peer instead where "
            "that cannot be.");
    if (linker.find("ld-linux") == std::string::npos && linker.find("ld64.so") == std::string::npos)
        throw std::runtime_error(path + " runs on another C library (" + linker +
                                 ") than seamark. Build seamark against the same.");
}

}  // namespace

std::string find_program(const std::string& command) {
    return find(command);
}

std::string find_recordable_program(const std::string& command) {
    std::string path = find(command);
    check(path, 0);
    return path;
}

}  // namespace seamark::trace
