// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tcp/sequence_unwrapper.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace seamark::sequence_unwrapper_test {
namespace {

struct Case {
    const char* what;
    std::vector<std::uint32_t> sequences;
    std::vector<std::int64_t> distances;  // from the first
};

TEST(SequenceUnwrapper, PlacesEachNumberNearTheOneBefore) {
    const Case cases[] = {
        {"in order", {1000, 2448, 3896}, {0, 1448, 2896}},
        {"backwards", {1000, 400, 1000}, {0, -600, 0}},
        {"over the wrap", {0xffffff00u, 0x00000100u}, {0, 0x200}},
        {"back over the wrap", {0x10, 0xfffffff0u, 0x20}, {0, -0x20, 0x10}},
        {"nearly 2 GiB ahead",
         {0, 0x7fffffffu, 0xfffffffeu, 0x7ffffffdu},
         {0, 0x7fffffff, 0xfffffffe, 0x17ffffffd}},
        {"three times round",
         {0, 0x60000000u, 0xc0000000u, 0x20000000u, 0x80000000u, 0xe0000000u, 0x40000000u},
         {0, 0x60000000, 0xc0000000, 0x120000000, 0x180000000, 0x1e0000000, 0x240000000}},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        SequenceUnwrapper unwrapper;
        for (std::size_t i = 0; i < c.sequences.size(); ++i)
            EXPECT_EQ(static_cast<std::int64_t>(unwrapper.unwrap(RawSequence{c.sequences[i]}) -
                                                SequenceUnwrapper::kBias),
                      c.distances[i])
                << "number " << i;
    }
}

}  // namespace
}  // namespace seamark::sequence_unwrapper_test
