# SPDX-License-Identifier: GPL-2.0-or-later
"""Responses that have no body whatever their fields say: to HEAD, 204 and 304; and then a chunked one on
the same connection.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server

    def exchange(method, status, say, *fields, **more):
        client.request(f"{method} /")
        client.send()
        server.response(status, *fields, **more)
        if more.get("framing", "chunked") == "chunked":
            server.chunk(16)
            server.last()
        server.send(says=say)

    exchange("HEAD", "200 OK", "To HEAD: says chunked, has no body.", "Transfer-Encoding: chunked",
             framing="none")
    exchange("HEAD", "200 OK", "To HEAD: says 5000 bytes, has none.", framing="none", length=5000)
    exchange("GET", "204 No Content", "204 has no body.", framing="none")
    exchange("GET", "304 Not Modified", "304 has no body, though it says how long one would be.",
             framing="none", length=5000)
    exchange("GET", "200 OK", "A chunked body.")
    conn.close()
