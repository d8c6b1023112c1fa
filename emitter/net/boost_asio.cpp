// SPDX-License-Identifier: GPL-2.0-or-later
//
// Asio's own code, of which every other file sees only declarations.
#include <boost/asio/impl/src.hpp>
