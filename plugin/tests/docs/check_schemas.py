#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Validates what the product prints as JSON against docs/schemas, with python3-jsonschema: the chunk rows
of all captures of the tree (that two passes print the same ones captures.captures sees), and /report of a live server. Then mutates what was
valid, a place at a time: nothing of that may pass."""

import http.client
import sys
import threading
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
EMITTER_TESTS = TESTS.parents[1] / "emitter" / "tests"
sys.path[:0] = [str(TESTS / "captures"), str(EMITTER_TESTS / "soak")]
import tshark as runner  # noqa: E402

try:
    import schemas
except ImportError:
    print("skipped: no JSON Schema validator: apt install python3-jsonschema")
    sys.exit(77)

CAPTURES = TESTS.parents[1] / "test-captures"
ROWS = ["-q", "-z", "seamark,chunks,json"]
PATIENCE = 60  # s

# Responses of a server, by their query: kinds of writes, framings, ends.
REQUESTS = [
    "writes=1&size=1", "writes=20&gap=1ms", "framing=length&writes=5&gap=0", "framing=close&writes=5&gap=0",
    "chunks-per-write=3&writes=5&gap=0", "writes-per-chunk=3&writes=6&gap=0", "split=parts&writes=3&gap=0",
    "gather=1&writes=4&gap=0", "head=joined&writes=4&gap=0", "http=1.0&writes=2&gap=0", "tag=none&writes=3&gap=0",
    "trailers=1&writes=2&gap=0", "coding=gzip&writes=3&gap=0", "writes=2500&size=1&gap=0", "writes=20100&size=1&gap=0",
]


class Reports:
    """The JSON of /report of one server, validated as it comes."""

    def __init__(self, port, schema):
        self._port, self._schema = port, schema
        self.complaints, self.answers, self.writes = [], [], 0

    def _get(self, target):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read().decode("latin-1")
        finally:
            connection.close()

    def take(self, name, begin=0):
        """One answer, from the write at `begin` on."""
        status, kind, text = self._get(f"/report?id={name}&from={begin}")
        if status == 404:  # the response has not begun
            return None
        if status != 200 or kind != "application/json":
            self.complaints.append(f"{name}: {status}, {kind}")
            return None
        answer = schemas.loads(text)
        wrong = self._schema.fault(answer)
        if wrong:
            self.complaints.append(f"{name}: {wrong}")
        self.answers.append(answer)
        return answer

    def of(self, number, query):
        """All of the report of one response, asked for while it is sent and afterwards."""
        name = f"case-{number}"
        status = []
        sender = threading.Thread(target=lambda: status.append(self._get(f"/emit?{query}&report={name}")[0]))
        sender.start()
        while sender.is_alive():
            self.take(name)
            time.sleep(0.02)
        sender.join()
        if status != [200]:
            self.complaints.append(f"/emit?{query}: status {status}")
            return
        writes, answer = [], {"done": False}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self.take(name, len(writes)) or answer
            writes += answer.get("writes", [])
            if answer["done"] and not answer["writes"]:
                break
        indices = [write["index"] for write in writes]
        if not answer["done"] or not indices or indices != list(range(indices[0], indices[0] + len(indices))):
            self.complaints.append(f"/emit?{query}: the report is not whole: {len(writes)} writes, {answer['done']}")
        self.writes += len(writes)


def check_mutated(schema, values, required):
    """(complaints, how many mutated values)"""
    passed, count = [], 0
    for value in values:
        for what, mutated in schemas.mutations(value, required):
            count += 1
            if not schema.fault(mutated):
                passed.append(f"{schema.name} lets pass: {what}: {mutated}")
    return passed[:20], count


def one_of_each_shape(rows):
    """Rows of which no other has the same keys with and without content."""
    shapes = {}
    for row in rows:
        shape = tuple((key, bool(value)) for key, value in row.items() if isinstance(value, (list, dict, str)))
        shapes.setdefault(shape, row)
    return list(shapes.values())


def required_in(schema):
    """The keys that the object at a path has to have, as far as the schema lists them."""
    def required(path):
        part = schema.content
        for step in path:
            part = part["items"] if isinstance(step, int) else part["properties"].get(step, {})
            while "$ref" in part:
                part = schema.content["$defs"][part["$ref"].rpartition("/")[2]]
        return part.get("required", [])
    return required


def check_rows(tshark):
    schema = schemas.Schema("chunks")
    paths = sorted(p for folder in (CAPTURES, CAPTURES / "labs", CAPTURES / "tls") for pattern in ("*.pcap", "*.pcapng")
                   for p in folder.glob(pattern))
    tshark.add(paths)

    def one(path):
        complaints, rows = [], []
        for line in tshark.run(path.name, *ROWS).splitlines():
            if not line.startswith("{"):
                continue
            rows.append(schemas.loads(line))
            wrong = schema.fault(rows[-1])
            if wrong:
                complaints.append(f"{path.name}: {wrong}: {line[:200]}")
        return complaints[:3], rows, len(rows)

    results = runner.in_parallel(one, paths)
    complaints = [c for result in results for c in result[0]]
    rows = [row for result in results for row in (result[1] or [])]
    shapes = one_of_each_shape(rows)
    seen = {key for row in rows for key in row}
    unseen = sorted(set(schema.content["properties"]) - seen)
    if unseen:
        complaints.append(f"no capture has a row with {', '.join(unseen)}")
    passed, mutated = check_mutated(schema, shapes, required_in(schema))
    print(f"chunks: {len(rows)} rows of {len(paths)} captures valid; "
          f"{mutated} mutations of {len(shapes)} rows refused")
    return complaints + passed


def check_reports(seamark):
    from served import Served
    schema = schemas.Schema("report")
    with Served(seamark) as server:
        reports = Reports(server.port, schema)
        for number, query in enumerate(REQUESTS):
            reports.of(number, query)
    answers = [answer for answer in reports.answers if 0 < len(answer["writes"]) < 10]
    if not answers:
        return [*reports.complaints, "no report has a few writes"]
    if not any(answer["unreported"] for answer in reports.answers):
        reports.complaints.append("no report has writes that were not kept")
    passed, mutated = check_mutated(schema, answers[:3], required_in(schema))
    print(f"report: {len(reports.answers)} answers on {reports.writes} writes of {len(REQUESTS)} responses valid; "
          f"{mutated} mutations refused")
    return reports.complaints + passed


def check(tshark, given):
    complaints = check_rows(tshark)
    if given.seamark:
        complaints += check_reports(given.seamark)
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__, ("--seamark", {"help": "the emitter as built; without it /report is not asked"}))
