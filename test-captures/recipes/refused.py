# SPDX-License-Identifier: GPL-2.0-or-later
"""What cannot be framed ends the recognition: anything before the digits, 0x, no digits, anything but a
line end behind the data. The chunks before it stand.
"""


def build(capture):
    for say, line in (("A blank before the digits.", b" 5\r\nhello\r\n"),
                      ("A sign.", b"+5\r\nhello\r\n"),
                      ("0x.", b"0x5\r\nhello\r\n"),
                      ("An empty line.", b"\r\n5\r\nhello\r\n"),
                      ("Only an extension.", b";a=1\r\nhello\r\n"),
                      ("No digit.", b"G\r\nhello\r\n")):
        conn = capture.connection().open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response()
        server.chunk(16)
        server.send()
        server.refused(line + b"0\r\n\r\n")
        server.send(says=say)
        server.refused(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        server.send(says="What follows is not looked at.")
        conn.close()
    conn = capture.connection().open()
    conn.client.request()
    conn.client.send()
    conn.server.response()
    conn.server.chunk(16)
    conn.server.chunk(16, finished=False)
    conn.server.send()
    conn.server.refused(b"zz\r\n0\r\n\r\n")
    conn.server.send(says="'zz' stands where the CRLF behind the data of chunk 2 should.")
    conn.close()
