// SPDX-License-Identifier: GPL-2.0-or-later
// Boost.JSON, compiled once. As headers: its library is a package of its own in Debian.
#include <boost/json/src.hpp>
