// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/known_answer.hpp"

namespace seamark::check::known_answer {

const std::vector<std::string>& fields() {
    static const std::vector<std::string> names{
        "frame.number",           "tcp.stream",    "seamark.framing", "seamark.chunk",
        "seamark.chunk.size",     "seamark.write", "seamark.leg",     "seamark.chunk.complete",
        "seamark.retransmission",
    };
    return names;
}

const std::vector<std::vector<std::string>>& rows() {
    static const std::vector<std::vector<std::string>> all{
        {"7", "0", "none", "", "", "", "", "", ""},
        {"8", "1", "none", "", "", "", "", "", ""},
        {"10", "1", "chunked", "1,2", "200,100", "2,3", "upstream", "1,0", ""},
        {"11", "1", "chunked", "2,3", "100,0", "3,4", "upstream", "1,1", ""},
        {"12", "0", "chunked", "1,2", "200,100", "2,3", "downstream", "1,0", ""},
        {"13", "0", "", "", "", "", "", "", "12"},
        {"14", "0", "chunked", "2,3", "100,0", "3,4", "downstream", "1,1", ""},
    };
    return all;
}

}  // namespace seamark::check::known_answer
