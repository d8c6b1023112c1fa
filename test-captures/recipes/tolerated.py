# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong and still framed, with a fault: bare LF, blanks after the size, a trailer line without
colon, chunked in HTTP/1.0.
"""


def build(capture):
    def response(say, version="1.1", **chunk):
        conn = capture.connection().open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response(version=version)
        server.chunk(16, faulty=None if version == "1.0" else bool(chunk), **chunk)
        server.chunk(16, faulty=None if version == "1.0" else False)
        return conn, server, say

    def finish(conn, server, say, *trailer, **last):
        server.last(*trailer, **last)
        server.send(says=say)
        conn.close()

    finish(*response("Bare LF behind the size.", line_end=b"\n"))
    finish(*response("Bare LF behind the data.", end=b"\n"))
    finish(*response("Blanks behind the size.", ext=" \t "))
    finish(*response("A blank before the semicolon.", ext=" ;a=1"))
    finish(*response("An extension without a name.", ext=";"))
    finish(*response("Chunked in HTTP/1.0.", version="1.0"), faulty=None)
    finish(*response("A trailer line without a colon."), "no colon here", faulty=True)
    finish(*response("A blank before the colon of a trailer line."), "Seam : 1", faulty=True)
    finish(*response("A folded trailer line."), "Seam: 1", " 2", faulty=True)
    finish(*response("The final line end is a bare LF."), end=b"\n", faulty=True)
    conn = capture.connection().open()
    conn.client.request()
    conn.client.send()
    conn.server.response(line_end="\n")
    conn.server.chunk(16, faulty=None)
    conn.server.last(faulty=None)
    conn.server.send(says="A head with bare LF.")
    conn.close()
