# SPDX-License-Identifier: GPL-2.0-or-later
"""101 Switching Protocols: behind it nothing is HTTP any more, whatever it looks like."""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request("GET /first")
    client.send()
    server.response()
    server.chunk(16)
    server.last()
    server.send()
    client.request("GET /socket", "Connection: Upgrade", "Upgrade: seam")
    client.send()
    server.response("101 Switching Protocols", "Connection: Upgrade", "Upgrade: seam", framing="none")
    server.send(says="The switch.")
    server.no_more_http(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    server.send(says="Looks like a chunked response; it is the other protocol.")
    client.no_more_http(b"GET / HTTP/1.1\r\nHost: seamark.test\r\n\r\n")
    client.send(says="The same in the other direction.")
    conn.close()
