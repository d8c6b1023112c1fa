# SPDX-License-Identifier: GPL-2.0-or-later
"""Port reuse: two connections with the same addresses and ports, and each has offsets, messages and
exchanges of its own.
"""


def build(capture):
    for turn in (1, 2):
        conn = capture.connection(ports=(50001, 8080)).open()
        conn.client.request(f"GET /{turn}")
        conn.client.send()
        server = conn.server
        server.response(tagged=True)
        server.chunk(32 * turn, w=2)
        server.last(w=3)
        server.send(says=f"Connection {turn}.")
        conn.close()
        capture.wait(120_000)
