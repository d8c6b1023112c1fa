# SPDX-License-Identifier: GPL-2.0-or-later
"""Trailer sections, and extensions with quoted values; data that looks like a size line."""


def build(capture):
    conn = capture.connection().open()
    client, server = conn.client, conn.server
    client.request()
    client.send()
    server.response("200 OK", "Trailer: Checksum, Seams")
    server.chunk(10, ext=';a=1;b;c="two words"')
    server.chunk(10, ext=';q="1;w=9, and 5"', hex="00A")
    server.chunk(10, ext=';q="a \\"quoted\\" part"')
    server.send(says="Extensions; leading zeros and a capital: shown as written.")
    server.chunk(b"\r\n5\r\nHTTP/1.1 200 OK\r\n\r\n0\r\n\r\n")
    server.send(says="Data that looks like the end, a chunk, and a head: it is data.")
    last = server.last("Checksum: 5ea", "Seams: 3", ext=";end")
    server.cut_at(last.data, last.data + 8, last.end - 2,
                  says="The last chunk's size line, its trailer section in two pieces, the final CRLF.")
    client.request()
    client.send()
    server.response()
    server.last("Nothing: but a trailer", hex="000")
    server.send(says="A body of no bytes, with a trailer section.")
    conn.close()
