# SPDX-License-Identifier: GPL-2.0-or-later
"""Any port: HTTP is found by its start line, on a port that belongs to another protocol and on one that
belongs to none; a connection that is not HTTP is left alone.
"""


def build(capture):
    for port in (8123, 5432, 443):
        conn = capture.connection(ports=(50001 + port, port)).open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response(tagged=True)
        server.chunk(16, w=2)
        server.last(w=3)
        server.send(says=f"Port {port}.")
        conn.close()
    other = capture.connection(ports=(50001, 80)).open()
    other.client.junk(b"HELO seamark.test\r\n")
    other.client.send(says="Port 80, but not HTTP: nothing to show.")
    other.server.junk(b"250 hello\r\n5\r\nhello\r\n0\r\n\r\n")
    other.server.send()
    other.close()
