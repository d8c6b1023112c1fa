// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/clean_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "check/known_answer.hpp"

extern char** environ;

namespace seamark::check {
namespace {

constexpr std::array<unsigned char, 24> kEmptyCapture{
    0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0};

/// Variables by which a caller's configuration reaches tshark, or by which it keeps silent.
constexpr std::array<std::string_view, 5> kLeftOut{
    "WIRESHARK_CONFIG_DIR=", "XDG_CONFIG_HOME=", "WIRESHARK_EXTCAP_DIR=", "WIRESHARK_DATA_DIR=",
    "WIRESHARK_LOG_"};

template <typename Bytes>
std::string text_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

CleanFolder::CleanFolder()
    : path_((std::filesystem::temp_directory_path() / "seamark-check-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "make a folder " + path_);
    try {
        for (const char* folder : {"", "/config", "/extcap"}) {
            std::filesystem::create_directory(path_ + folder);
            std::filesystem::permissions(path_ + folder, std::filesystem::perms{0755});
        }
        // extcap programs are started to ask for their preferences, and may hang.
        put(path_ + "/config/preferences", "capture.no_extcap: TRUE\n");
        put(known_capture(), text_of(known_answer::kCapture));
        put(empty_capture(), text_of(kEmptyCapture));
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
        throw;
    }
}

CleanFolder::~CleanFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> CleanFolder::environment() const {
    std::vector<std::string> variables;
    for (char** at = environ; *at != nullptr; ++at) {
        const std::string_view variable = *at;
        if (std::none_of(kLeftOut.begin(), kLeftOut.end(),
                         [&](std::string_view name) { return variable.starts_with(name); }))
            variables.emplace_back(variable);
    }
    variables.push_back("WIRESHARK_CONFIG_DIR=" + path_ + "/config");
    variables.push_back("XDG_CONFIG_HOME=" + path_ + "/config");
    variables.push_back("WIRESHARK_EXTCAP_DIR=" + path_ + "/extcap");
    return variables;
}

void CleanFolder::put(const std::string& path, const std::string& bytes) const {
    std::ofstream file(path, std::ios::binary);
    file << bytes << std::flush;
    if (!file) throw std::system_error(errno, std::generic_category(), "write " + path);
    file.close();
    std::filesystem::permissions(path, std::filesystem::perms{0644});
}

}  // namespace seamark::check
