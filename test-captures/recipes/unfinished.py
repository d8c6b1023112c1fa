# SPDX-License-Identifier: GPL-2.0-or-later
"""Streams that the capture leaves before they end: in data, in a size line, before the final CRLF, and one
that the server ends too soon.
"""


def build(capture):
    def response(say, cut, closed=False):
        conn = capture.connection().open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        server.response(tagged=True)
        one, two, last = server.chunk(100, w=2), server.chunk(100, w=3), server.last(w=4)
        server.send(cut(one, two, last), says=say)
        if closed:
            conn.close()

    response("Ends in the data of chunk 2.", lambda one, two, last: two.data + 60)
    response("Ends in the size line of chunk 2: no row for it.", lambda one, two, last: two.data - 3)
    response("Ends between CR and LF behind the data of chunk 2.", lambda one, two, last: two.tail + 1)
    response("Ends before the final CRLF: the last chunk is not complete.",
             lambda one, two, last: last.data)
    response("No last chunk before FIN.", lambda one, two, last: two.end, closed=True)
