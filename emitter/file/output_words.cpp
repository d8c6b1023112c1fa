// SPDX-License-Identifier: GPL-2.0-or-later
#include "file/output_words.hpp"

#include <cerrno>
#include <cstring>

namespace seamark::file {

std::string output_problem(int error) {
    switch (error) {
        case ENXIO:
            return "no process reads this pipe";
        case ELOOP:
            return "a symbolic link leads there, in a folder that other users can write to";
        case EEXIST:
            return "it is there already and is no capture that seamark wrote";
        case EPERM:
            return "it belongs to another user, in a folder that other users can write to";
        default:
            return std::strerror(error);
    }
}

std::string output_remedy(int error, const std::string& option) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return "Make room on that file system, or record to another one with " + option;
        case EACCES:
        case EROFS:
            return "Name a file in a folder that you may write to with " + option;
        case EPERM:
            return "Name a file that is not there yet, or one of your own, with " + option;
        case EEXIST:
            return "Name another file with " + option + ", or move that one away";
        case ENOENT:
        case ENOTDIR:
            return "Its folder does not exist: create it, or name a file in another with " + option;
        case EISDIR:
            return "Name a file in that folder with " + option;
        case EFBIG:
            return "The file has reached its limit: raise it (`ulimit -f`)";
        case ELOOP:
            return "Links are followed in folders of your own: name the file itself with " + option;
        case ENXIO:
            return "Start what reads it first, or name a file with " + option;
        case EPIPE:
            return "Whoever read it has gone";
        case EAGAIN:
            return "Whoever reads it does not keep up, or is stopped";
        default:
            return "Name another file with " + option;
    }
}

}  // namespace seamark::file
