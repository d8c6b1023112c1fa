# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP/1.0 with neither Content-Length nor Transfer-Encoding: the body ends where the connection does, and
no hex lengths exist on this wire.
"""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request(version="1.0")
    client.send()
    server.response(framing="close", version="1.0")
    server.send(says="A head that says nothing about the length.")
    for bytes_ in (32, 64, 96, 32):
        server.body(bytes_)
        server.send(says=f"{bytes_} bytes of the body.")
    server.body(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    server.send(says="What looks like a response is body: it lasts to the end of the connection.")
    conn.close()

    other = capture.connection().open()
    other.client.request()
    other.client.send()
    other.server.response("200 OK", "Transfer-Encoding: gzip", framing="close")
    other.server.body(50)
    other.server.send(says="HTTP/1.1, a coding that is not chunked: ends at close as well.")
    other.close()
