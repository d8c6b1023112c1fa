// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/scratch_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace seamark::lab {

ScratchFolder::ScratchFolder()
    : path_((std::filesystem::temp_directory_path() / "seamark-lab-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "make a folder " + path_);
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void ScratchFolder::put(const std::string& name, const std::string& text) const {
    std::ofstream file(path_ + '/' + name);
    file << text << std::flush;
    if (!file)
        throw std::system_error(errno, std::generic_category(), "write " + path_ + '/' + name);
}

}  // namespace seamark::lab
