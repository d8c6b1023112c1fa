# SPDX-License-Identifier: GPL-2.0-or-later
"""Very many keep-alive connections to one server, on one thread."""

import select
import time

from served import PATIENCE, request


class Crowd:
    def __init__(self, server, count):
        self.clients = {}
        self.poll = select.epoll()
        for _ in range(count):
            client = server.connect()
            client.setblocking(False)
            self.clients[client.fileno()] = client
            self.poll.register(client, select.EPOLLIN)

    def close(self):
        self.poll.close()
        for client in self.clients.values():
            client.close()

    def ask(self, target, whole):
        """Every connection asks, then all answers are read: each must be `whole`."""
        bytes_asked, answers = request(target), {number: b"" for number in self.clients}
        for client in self.clients.values():
            assert client.send(bytes_asked) == len(bytes_asked)
        missing, until = len(answers), time.monotonic() + PATIENCE
        while missing > 0:
            assert time.monotonic() < until, f"{missing} answers are missing after {PATIENCE} s"
            for number, _ in self.poll.poll(1):
                part = self.clients[number].recv(1 << 16)
                assert part, "the server closed a connection that was to stay"
                answers[number] += part
                assert whole.startswith(answers[number]), f"another answer: {answers[number][:200]}"
                missing -= answers[number] == whole
