# SPDX-License-Identifier: GPL-2.0-or-later
"""A size line cut by a segment border, at every position of '1a4;w=2' CR LF: one connection for each."""


def build(capture):
    line = b"1a4;w=2\r\n"
    for position in range(len(line) + 1):
        conn = capture.connection().open()
        server = conn.server
        conn.client.request(f"GET /cut-at-{position}")
        conn.client.send()
        server.response(tagged=True)
        chunk = server.chunk(0x1A4, w=2)
        server.last(w=3)
        seen = line[:position].decode().replace("\r", " CR").replace("\n", " LF") or "none of it"
        server.cut_at(chunk.start + position, says=f"Ends in the size line: {seen}.")
        conn.close()
