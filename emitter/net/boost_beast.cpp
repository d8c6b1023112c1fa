// SPDX-License-Identifier: GPL-2.0-or-later
//
// Beast's own code, of which every other file sees only declarations.
#include <boost/beast/src.hpp>
