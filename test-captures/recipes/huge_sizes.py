# SPDX-License-Identifier: GPL-2.0-or-later
"""Sizes of 2^64-1 (the largest there is: a chunk that is not complete) and of 2^64 (refused, never taken
for 0).
"""


def build(capture):
    for say, lay in (
            ("2^64-1: a chunk, of which 50 bytes were captured.",
             lambda s: s.chunk(50, hex="ffffffffffffffff", size=2**64 - 1, finished=False)),
            ("2^64 - 1 with leading zeros.",
             lambda s: s.chunk(50, hex="00FFFFFFFFFFFFFFFF", size=2**64 - 1, finished=False)),
            ("2^64: refused, and nothing is recognised behind it.",
             lambda s: s.refused(b"10000000000000000\r\nHTTP/1.1 200 OK\r\n\r\n")),
            ("2^64 + 5, which is 5 in 64 bits: refused.",
             lambda s: s.refused(b"10000000000000005\r\nhello\r\n0\r\n\r\n")),
            ("2^32 + 5, which is 5 in 32 bits: a size like any other.",
             lambda s: s.chunk(50, hex="100000005", size=2**32 + 5, finished=False))):
        conn = capture.connection().open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response()
        server.chunk(16)
        server.send()
        lay(server)
        server.send(says=say)
        conn.close()
