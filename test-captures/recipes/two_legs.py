# SPDX-License-Identifier: GPL-2.0-or-later
"""Both legs of a proxy: what is paired, by an id or by equal bytes, is matched byte for byte however it
was cut anew; what cannot be told apart, or was stored, has no other leg.
"""

CLIENT, OTHER_CLIENT, PROXY, SERVER = "192.0.2.1", "192.0.2.2", "192.0.2.3", "198.51.100.80"
BODY = bytes(range(65, 91)) * 4  # 104 bytes


def build(capture):
    def client(address=CLIENT):
        return capture.connection((address, PROXY), (50001 + len(capture.connections), 80)).open()

    def upstream():
        return capture.connection((PROXY, SERVER), (50001 + len(capture.connections), 8080)).open()

    def ask(connection, target):
        connection.client.request(f"GET {target}")
        connection.client.send()

    def answer(connection, pieces, says, tags=False, fields=()):
        """Chunks of these sizes, each in a segment of its own; the head with the first."""
        server, at = connection.server, 0
        message = server.response("200 OK", *fields)
        message.tagged = tags
        for n, size in enumerate(pieces, 2):
            server.chunk(BODY[at:at + size], **({"w": n} if tags else {}))
            server.send(says=says)
            at, says = at + size, ""
        server.last(**({"w": len(pieces) + 2} if tags else {}))
        server.send()
        return message

    down, up = client(), upstream()
    identified = ("Seamark: tag=w; id=1234abcd5678ef90",)
    ask(down, "/a")
    ask(up, "/b")
    received = answer(up, (30, 40, 34), "By id, although the targets differ: what the server sent.", True,
                      identified)
    sent = answer(down, (50, 54), "The proxy cut it anew: two chunks of three.", False, identified)
    sent.tagged = True
    capture.legs.append((received, sent, "known"))

    late = client()
    ask(late, "/a")
    answer(late, (104,), "The same id, sent before this was asked: the answer was stored.", False,
           identified).tagged = True

    down = client()
    ask(down, "/c")
    ask(up, "/c")
    received = answer(up, (4, 100), "No id. The kept connection carries another exchange.")
    capture.wait(40)
    sent = down.server.response(framing="content-length", length=len(BODY))
    down.server.body(BODY)
    down.server.send(down.server.here - 54, says="By equal bytes, though one leg has a length; held 40 ms.")
    down.server.send()
    capture.legs.append((received, sent, "consistent"))

    pairs = [(client(address), upstream()) for address in (CLIENT, OTHER_CLIENT)]
    for down, _ in pairs:
        ask(down, "/d")
    for _, up in pairs:
        ask(up, "/d")
    for _, up in pairs:
        answer(up, (104,), "Two clients at once, one body, no ids: whose this is cannot be told.")
    for down, _ in pairs:
        answer(down, (104,), "Has no other leg.")

    down, first, second = client(), upstream(), upstream()
    ask(down, "/e")
    ask(first, "/e")
    first.server.response()
    first.server.chunk(BODY[:10])
    first.server.send(says="An answer that breaks off.")
    first.server.reset()
    ask(second, "/e")
    received = answer(second, (52, 52), "The proxy asked again: this is the one that was handed on.")
    sent = answer(down, (104,), "Its other leg is the second try.")
    capture.legs.append((received, sent, "consistent"))
