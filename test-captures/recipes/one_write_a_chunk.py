# SPDX-License-Identifier: GPL-2.0-or-later
"""One write a chunk, one segment a write: no seam was moved on the way."""


def build(capture):
    capture.form = "pcapng"
    conn = capture.connection().open()
    server = conn.server
    conn.client.request()
    conn.client.send(says="The request.")
    server.response(tagged=True)
    server.send(says="Write 1 is the head. 'Seamark: tag=w' announces that chunk extensions name writes.")
    for write in range(2, 7):
        capture.wait(10)
        server.chunk(32, w=write)
        server.send(says=f"Write {write} is chunk {write - 1}: size line '20;w={write}', 32 bytes, CRLF.")
        conn.client.ack()
    server.last(w=7)
    server.send(says="Write 7 is the last chunk: size 0, no trailer section, final CRLF.")
    conn.close()
