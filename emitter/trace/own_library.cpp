// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/own_library.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace seamark::trace {

namespace fs = std::filesystem;

std::string find_own_library() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
    if (error)
        throw std::runtime_error("cannot read /proc/self/exe (" + error.message() +
                                 "): seamark trace needs /proc. Mount it here, or run it outside "
                                 "of this sandbox.");
    for (const char* place : {SEAMARK_LIBRARY_FOLDER, "lib/seamark", "lib"}) {
        std::string file = (folder / place / "libseamark_trace.so").lexically_normal();
        if (!fs::exists(file)) continue;
        if (file.find_first_of(" :") != std::string::npos)
            throw std::runtime_error("the path " + file +
                                     " has a blank or a colon, where LD_PRELOAD would cut it. "
                                     "Install seamark at another place.");
        return file;
    }
    throw std::runtime_error(
        "libseamark_trace.so is neither in " + (folder / "lib/seamark").string() + " nor in " +
        (folder / "lib").string() + ". Install seamark again (./run install).");
}

}  // namespace seamark::trace
