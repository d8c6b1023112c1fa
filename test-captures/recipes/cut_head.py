# SPDX-License-Identifier: GPL-2.0-or-later
"""A response head cut by segment borders: in the start line, in a field, in the empty line."""


def build(capture):
    for say, cut in (("Ends in the start line.", lambda head, line: head.start + 9),
                     ("Ends between CR and LF of the start line.", lambda head, line: line - 1),
                     ("Ends behind the start line.", lambda head, line: line),
                     ("Ends in 'Transfer-Encoding: chunked'.", lambda head, line: line + 20),
                     ("Ends between the last CR and LF of the head.",
                      lambda head, line: head.pieces[1].end - 1),
                     ("Ends behind the head.", lambda head, line: head.pieces[1].end)):
        conn = capture.connection().open()
        conn.client.request()
        conn.client.send()
        server = conn.server
        head = server.response()
        server.chunk(16)
        server.last()
        server.cut_at(cut(head, head.pieces[0].end), says=say)
        conn.close()
