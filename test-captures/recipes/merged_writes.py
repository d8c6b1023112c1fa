# SPDX-License-Identifier: GPL-2.0-or-later
"""Several chunks in a segment: writes of 32 bytes that leave as segments of 1, 2 and 3 of them."""


def build(capture):
    capture.form = "pcapng"
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send()
    server.response(tagged=True)
    server.chunk(32, w=2)
    server.send(says="Head and chunk 1 (writes 1 and 2) in one segment.")
    write = 3
    for together in (1, 2, 3):
        for _ in range(together):
            server.chunk(32, w=write)
            write += 1
        server.send(says=f"{together} chunk(s), as many writes, one segment.")
        conn.client.ack()
    server.chunk(32, w=9)
    server.last(w=10)
    server.send(says="The last data chunk and the last chunk together.")
    conn.close()
