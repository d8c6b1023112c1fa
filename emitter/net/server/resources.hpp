// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "net/server/file_folder.hpp"
#include "net/server/report_store.hpp"

namespace seamark::net {

/// What all connections of a server share, beside the event loop.
struct Resources {
    FileFolder files;       ///< of --files
    std::string plan;       ///< text of --plan, which GET /emit carries out; empty: none
    std::string plan_name;  ///< its file, for messages
    ReportStore reports;
    bool tls = false;  ///< its connections are of TLS
};

}  // namespace seamark::net
