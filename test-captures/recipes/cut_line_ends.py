# SPDX-License-Identifier: GPL-2.0-or-later
"""A segment border in or beside each CRLF: after data, in the size line, after the last chunk."""


def build(capture):
    def response(say, cut):
        conn = capture.connection().open()
        server = conn.server
        conn.client.request()
        conn.client.send()
        server.response()
        first, second, last = server.chunk(16), server.chunk(16), server.last()
        server.cut_at(*cut(first, second, last), says=say)
        conn.close()

    response("Ends behind the data of chunk 1: CRLF comes alone with what follows.",
             lambda one, two, last: [one.tail])
    response("Ends between CR and LF behind the data of chunk 1.",
             lambda one, two, last: [one.tail + 1])
    response("Ends between CR and LF of the size line of chunk 2.",
             lambda one, two, last: [two.data - 1])
    response("CRLF behind the data of chunk 1 is a segment of its own.",
             lambda one, two, last: [one.tail, one.end])
    response("Ends behind the size line of the last chunk: the final CRLF is missing yet.",
             lambda one, two, last: [last.data])
    response("Ends between CR and LF of the final CRLF.",
             lambda one, two, last: [last.data + 1])
    response("Ends behind the 0 of the last chunk.",
             lambda one, two, last: [last.start + 1])
