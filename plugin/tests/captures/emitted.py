# SPDX-License-Identifier: GPL-2.0-or-later
"""What `seamark serve` was asked for, and what of it is in a capture, found without the plugin: events as the emitter's
documentation lays them out, the bytes of bodies by their frames (in clear from the segments, over TLS from what stock tshark
decrypts), and with which coded byte a decoder gives out each event.
"""

import bisect
import itertools
import json
import socket
import ssl
from collections import defaultdict

import check_items
import check_plaintext
import coders

LETTERS = b"abcdefghijklmnopqrstuvwxyz"
SHAPES = {"sse": (b"event: token\nid: ", b"\ndata: ", b"\n\n"),
          "ndjson": (b'{"event":', b',"data":"', b'"}\n'),
          "json-seq": (b'\x1e{"event":', b',"data":"', b'"}\n')}


# Streams in the forms that public APIs of language models have: [(event's name, its id, data)]; no name: a comment.
CHAT = [{"id": "c-1", "object": "chunk", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        for text in ("Salt", " marsh", "es", " drain", ", slowly", ".\n\n\u2014 \u00e9bb")]
STREAMS = {
    "completions": ("sse", [("", "", json.dumps(part)) for part in CHAT] + [("", "", "[DONE]")]),
    "messages": ("sse", [("message_start", "", '{"type":"message_start","message":{"role":"assistant"}}'), (None, "", "keep going"),
                         *(("content_block_delta", str(i), json.dumps({"delta": {"text": part["choices"][0]["delta"]["content"]}},
                                                                      ensure_ascii=False)) for i, part in enumerate(CHAT)),
                         ("ping", "", "{}"), ("message_stop", "", '{"type":"message_stop"}')]),
    "generate": ("ndjson", [("", "", json.dumps({"model": "m", "response": part["choices"][0]["delta"]["content"], "done": False}))
                            for part in CHAT] + [("", "", '{"model":"m","response":"","done":true,"eval_count":6}')]),
}


def bytes_of(form, name, ident, data):
    if name is None:
        return f": {data}\n\n".encode()
    if form == "ndjson":
        return data.encode() + b"\n"
    fields = (f"event: {name}\n" if name else "") + (f"id: {ident}\n" if ident else "")
    return (fields + "".join(f"data: {line}\n" for line in data.split("\n")) + "\n").encode()


def plan_of(name):
    """A plan that writes a stream: each event with `event`, but the third in two pieces with `write`."""
    def quoted(text):
        data = text.encode() if isinstance(text, str) else text
        return '"' + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in data) + '"'

    form, events = STREAMS[name]
    lines = [f"events {form}"]
    for number, (event_name, ident, data) in enumerate(events):
        whole = bytes_of(form, event_name, ident, data)
        if number == 2:
            lines += [f"write {quoted(whole[:9])}", "wait 1ms", f"write {quoted(whole[9:])}"]
        elif event_name is None:
            lines.append(f"comment {quoted(data)}")
        else:
            fields = (f"name {quoted(event_name)} " if event_name else "") + (f"id {quoted(ident)} " if ident else "")
            lines.append(f"event {fields}{quoted(data)}")
        lines.append("wait 1ms")
    return "\n".join(lines).encode()


def event(form, number, size):
    before, between, after = SHAPES[form]
    begin = before + str(number).encode() + between
    count = size - len(begin) - len(after)
    return begin + (LETTERS * (count // 26 + 1))[:count] + after


def ask(host, port, queries, tls):
    """Requests each query of /emit over a connection of its own, to its end; STREAM?QUERY posts the plan of a stream."""
    for query in queries:
        stream, query = query.split("?") if "?" in query else ("", query)
        connection = socket.create_connection((host, port), timeout=60)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        with connection:
            plan = plan_of(stream) if stream else b""
            head = f"{'POST' if stream else 'GET'} /emit?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
            if stream:
                head += f"User-Agent: {stream}\r\nContent-Length: {len(plan)}\r\n"
            connection.sendall(head.encode() + b"\r\n" + plan)
            while True:
                try:
                    if not connection.recv(1 << 16):
                        break
                except ssl.SSLEOFError:
                    break


class Side:
    """One direction of a connection: its bytes (plaintext, where it is TLS), and the frames of each range of them."""

    def __init__(self, carried, plain):
        self._runs = []  # (begin, end, [[frame, bytes]]) in order
        if plain is None:
            at = 0
            while at in carried:
                frame, begin = carried[at][0], at
                while at in carried and carried[at][0] == frame:
                    at += 1
                self._runs.append((begin, at, [[frame, at - begin]]))
            self.data = bytes(carried[i][1] for i in range(at))
            self._whole_records = False
        else:
            self.data = b""
            for data, runs in plain:
                self._runs.append((len(self.data), len(self.data) + len(data), runs))
                self.data += data
            self._whole_records = True

    def _index(self, at):
        return bisect.bisect_right(self._runs, at, key=lambda run: run[0]) - 1

    def frames(self, parts):
        """[[frame, bytes]] of ranges, in order; over TLS those of the records that hold them, each once."""
        found, last = [], -1
        for begin, end in parts:
            for index in range(self._index(begin), self._index(end - 1) + 1):
                first, stop, runs = self._runs[index]
                if self._whole_records:
                    if index == last:
                        continue
                    last = index
                else:
                    runs = [[runs[0][0], min(stop, end) - max(first, begin)]]
                for frame, count in runs:
                    if found and found[-1][0] == frame:
                        found[-1][1] += count
                    else:
                        found.append([frame, count])
        return found

    def last_frame(self, at):
        """The frame with which all that is needed for this byte was captured."""
        return max(frame for frame, _ in self._runs[self._index(at)][2])


def all_decrypted(tshark):
    """Options with which a tshark decrypts each record of a response that ends with its connection. Without them
    Wireshark 4.4 decrypts none behind its head."""
    return ["-o", "http.desegment_body:FALSE"] if tshark.series >= (4, 4) else []


def sides(tshark, name, tls):
    """{(source, port, destination, port): Side}"""
    carried, _ = check_plaintext.segments(tshark.path_of(name))
    if not tls:
        return {way: Side(bytes_of, None) for way, bytes_of in carried.items()}
    decrypted = check_plaintext.tabs(tshark, name, *all_decrypted(tshark))
    found = {}
    for way, bytes_of in carried.items():
        waiting = {frame: list(check_plaintext.application_tabs(*each, None)) for frame, each in decrypted.items()}
        plain = []
        for kind, runs, last in check_plaintext.records(bytes_of):
            length = sum(count for _, count in runs) - 5
            tabs = waiting.get(last)
            # Tag, nonce and type; a handshake message of TLS 1.3 looks like data and is no tab of its own.
            if kind == check_plaintext.APPLICATION_DATA and tabs and 9 <= length - len(tabs[0]) <= 64:
                plain.append((tabs.pop(0), runs))
        found[way] = Side(bytes_of, plain)
    return found


def body_places(data):
    """(head, [(begin in the body, in the stream, bytes)]) of the one response in `data`."""
    head_end = data.index(b"\r\n\r\n") + 4
    head = data[:head_end].lower()
    if b"transfer-encoding: chunked" not in head:
        return head, [(0, head_end, len(data) - head_end)]
    places, at, begin = [], head_end, 0
    while True:
        line = data.index(b"\r\n", at)
        size = int(data[at:line].split(b";")[0], 16)
        if size == 0:
            return head, places
        places.append((begin, line + 2, size))
        begin += size
        at = line + 2 + size + 2


def asked_events(options):
    """[(kind, name, id, bytes)]"""
    if options.get("stream"):
        form, events = STREAMS[options["stream"]]
        return [("comment" if name is None else "event", name or "", ident, bytes_of(form, name, ident, data)) for name, ident, data in events]
    form, size = options["events"], int(options["size"])
    return [("event", "token" if form == "sse" else "", str(number) if form == "sse" else "", event(form, number, size))
            for number in range(1, int(options["writes"]) + 1)]


def asked(request):
    """{parameter: value} of a request, as text."""
    line, _, rest = request.decode("latin-1").partition("\r\n")
    options = dict(pair.split("=") for pair in line.split(" ")[1].split("?")[1].split("&"))
    if line.startswith("POST"):
        options["stream"] = rest.split("User-Agent: ")[1].split("\r\n")[0]
        options["events"] = STREAMS[options["stream"]][0]
    return options


def expected(options, side):
    """The rows of a response, as far as the plugin's have to say just the same."""
    form, coding = options["events"], options.get("coding", "none")
    events = asked_events(options)
    head, places = body_places(side.data)
    body = b"".join(side.data[stream:stream + length] for _, stream, length in places)
    made = b"".join(data for *_, data in events)
    if coding == "none":
        given = range(1, len(made) + 1)
        if body != made:
            raise ValueError(f"{options}: the body is not what the emitter's documentation says")
    else:
        given = coders.given_after_each(coding, body)
        if b"content-encoding: " + coding.encode() not in head or given[-1] != len(made) or coders.decoded(coding, body) != made:
            raise ValueError(f"{options}: the body does not decode to what the emitter's documentation says")
    whole_with = list(itertools.accumulate((side.last_frame(stream) for begin, stream, length in places
                                            for stream in range(stream, stream + length)), max))
    flush = {"each": 1, "none": 0}.get(options.get("flush", "each"), None)
    flush = int(options["flush"]) if flush is None else flush
    rows, count, offset = [], 0, 0
    for number, (kind, name, ident, data) in enumerate(events, 1):
        count += kind == "event"
        size = len(data)
        row = {"format": form, "kind": kind, "item": count if kind == "event" else 0, "offset": offset, "bytes": size, "complete": True,
               "name": name or None, "id": ident or None}
        first, end = offset, offset + size
        offset += size
        if coding != "none":
            first = bisect.bisect_left(given, row["offset"] + 1)
            end = bisect.bisect_left(given, row["offset"] + size) + 1
            row["coding"], row["coded_offset"], row["coded_bytes"] = coding, first, end - first
            if coding != "br" and flush:  # without a flush blocks end where the compressor likes; br's library does not say
                flushed = number % flush == 0 or number == len(events)
                row["flushed"], row["cause"] = flushed, None if flushed else "compressor"
        row["frames"] = side.frames(check_items.parts_in_stream(places, first, end))
        row["ready"] = whole_with[end - 1]
        rows.append(row)
    return rows


def by_stream(rows):
    found = defaultdict(list)
    for row in rows:
        found[row["src"], row["sport"], row["dst"], row["dport"]].append(row)
    return found
