#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The interactive page of -z seamark,page=FILE: its data, decoded by a reader of its own, against the rows of
-z seamark,lanes (boundaries, causes), those of -z seamark,latency (shares, verdicts) and the baselines (chunks); and that
nothing of the messages is in it.
"""
import json
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

import page_data
import tshark as runner

CAPTURES = Path(__file__).resolve().parents[3] / "test-captures"
CASES = Path(os.environ.get("SEAMARK_SHARED", CAPTURES.parents[1] / "shared")) / "cases"
# The addresses may stand in the next line.
HEADING = re.compile(r"(stream \d+, (?:request|response), .*?)(?:, (?:[\d.]+|\[[\da-f:]+\]):\d+.*)?$")
ROW = re.compile(r"(\d+)\+(\d+)(?: |$)")
SEGMENT = re.compile(r" (\d+) (\d+):(\d+)(?: ×\d+)?(?:  +([a-z].*?\((?:known|consistent)\)|unknown)(?:  |$))?")
CHUNK = re.compile(r"(?:last )?chunk (\d+): size line ([0-9A-Fa-f]+),")
# What the lanes differ in: recorded calls, proxies, TLS, holes, retransmissions, connections, versions of IP.
CHOSEN = ("labs/nagle", "labs/nginx-buffering", "labs/slow-reader", "labs/flask32", "labs/gso", "tls/tls13", "two-legs",
          "retransmission", "lost-data", "chunk-over-segments", "merged-writes", "super-segments",
          "keep-alive-pipelining", "ipv6-and-vlan", "port-reuse", "trailers-and-extensions", "labs/sse-two-proxies",
          "labs/sse-nginx-buffering", "labs/tls-small-records", "one-write-a-chunk")
# Beside the repository, if they are there: proxies, a compressor that was not flushed.
SHARED = ("nginx-default.pcap", "haproxy-nodelay.pcap", "nginx-gzip.pcap", "sse-gzip-node.pcap")
MOST_OF_AN_EVENT = 60  # bytes of data, where no calls were recorded
ADDED = ("wire", "sent again")  # cut no rows of the text


def rows_of(text):
    """{heading: (boundaries, {(segment, frame, bytes): causes})} of the tables of one direction."""
    views, here = {}, None
    for line in text.splitlines():
        if heading := HEADING.match(line):
            here = views.setdefault(heading[1].rstrip(","), (set(), {}))
        elif line.startswith(("through a proxy", "upstream", "downstream")):
            here = None
        elif here and (row := ROW.match(line)):
            begin = int(row[1])
            here[0].update((begin, begin + int(row[2])))
            if segment := SEGMENT.search(line):
                here[1][tuple(map(int, segment.groups()[:3]))] = segment[4]
    return views


def causes_of(lane):
    """{(segment, frame, bytes): "nagle (known), mss (consistent)"}: as the text table sums them up."""
    said = {}
    for mark in lane.marks:
        numbers = re.match(r"segment (\d+), frame (\d+): (\d+) byte", lane.title[mark["piece"]])
        words = said.setdefault(tuple(map(int, numbers.groups())), [])
        one = mark["cause"] + (f" ({mark['sure']})" if mark["sure"] != "unknown" else "")
        if not words or words[-1] != one:
            words.append(one)
    return {key: ", ".join(words) for key, words in said.items()}


def check_view(name, view, rows):
    complaints = []
    if view.heading not in rows:
        return [f"{name}: the text has no {view.heading!r}, but {list(rows)}"]
    boundaries, causes = rows[view.heading]
    mine = {at for lane in view.lanes if lane.name not in ADDED for at in lane.begin + lane.end}
    if mine != boundaries:
        complaints.append(f"{name}: {view.heading}: boundaries differ: {sorted(mine ^ boundaries)[:10]}")
    for lane in view.lanes:
        if lane.name != "segments":
            continue
        said = causes_of(lane)
        for segment, words in causes.items():
            # The text table cuts what does not fit into its column.
            if words and said.get(segment) != words and not said.get(segment, "").startswith(words.split("…")[0]):
                complaints.append(f"{name}: segment {segment} has {said.get(segment)!r}, in the text {words!r}")
        for mark in lane.marks:
            waits = mark["wait"] == 0 or mark["first"] <= mark["last"] <= mark["first"] + mark["wait"]
            if not waits or not lane.begin[mark["piece"]] <= mark["begin"] <= mark["end"] <= lane.end[mark["piece"]]:
                complaints.append(f"{name}: a mark lies outside of its segment or wait: {mark}")
    return complaints


def said_of(row):
    """What both the page and -z seamark,latency,json say of an event."""
    return (row["frames"], row["time"], [(share["layer"], share["ns"], share["causes"], share["cause_confidence"])
                                         for share in row["shares"]],
            (row["holder"]["layer"], row["holder"]["ns"], row["known"]) if row["holder"] else None,
            row["comparable"], row["kept"], row["since_request"])


def of_table(row):
    """The same of a row of the table."""
    holder = row.get("holder")
    shares = [(layer["layer"], layer["ns"], layer.get("causes"),
                              layer.get("cause_confidence")) for layer in row["layers"]]
    return (row["frames"], row["time_ns"], shares,
            (holder["layer"], holder["ns"], holder["confidence"] == "known") if holder else None,
            row.get("comparable", True), row.get("kept_by_compressor", False),
            any(layer.get("since_request", False) for layer in row["layers"]))


def check_delays(name, views, table):
    """Each event of each band has the shares of its row in the table, and each row is in a band."""
    complaints, seen, events = [], set(), 0
    rows = {(row["unit"], row["number"], tuple(row["frames"])): row for row in table if row["row"] == "event"}
    verdicts = {}
    for row in table:
        if row["row"] == "summary":
            for stream in row["streams"]:
                verdicts.setdefault(stream, []).append(row["verdict"]["text"])
    for view in views:
        for band in view.delays:
            if band.verdict[0] not in verdicts.get(view.stream, []):
                complaints.append(f"{name}: {view.heading}: {band.verdict[0]!r} is not in the table: {verdicts.get(view.stream)}")
            for row in band.rows:
                events += 1
                key = (band.unit, row["number"], tuple(row["frames"]))
                seen.add(key)
                if key not in rows:
                    complaints.append(f"{name}: {view.heading}: the table has no {key}")
                elif said_of(row) != of_table(rows[key]):
                    complaints.append(f"{name}: {key}: {said_of(row)}, in the table {of_table(rows[key])}")
                elif row["comparable"] and row["since_request"] is False and row["begin"] > row["end"]:
                    complaints.append(f"{name}: {key} has bytes {row['begin']} to {row['end']}")
    # A response with one chunk has no band.
    alone = {key for row in table if row["row"] == "summary" and row["unit"] == "chunk" and row["events"] < 2
             for key in rows if key[0] == "chunk" and rows[key]["stream"] == row["stream"]
             and rows[key]["message"] == row["message"]}
    if missing := set(rows) - alone - seen:
        complaints.append(f"{name}: no band has {sorted(missing)[:5]}")
    return complaints, events


def check_size(name, html):
    """What an event takes in the file, without recorded calls."""
    complaints = []
    for view in json.loads(page_data.data_of(html))["views"]:
        for band in view.get("delays", []):
            if any(layer["layer"] in ("application", "stack", "receiver") for layer in band["layers"]) or band["count"] < 20:
                continue
            columns = {key: value for key, value in band.items() if key in ("number", "gap", "size", "start", "frames", "flags")}
            columns["ns"] = [layer["ns"] for layer in band["layers"]]
            size = len(json.dumps(columns, separators=(",", ":"))) / band["count"]
            if size > MOST_OF_AN_EVENT:
                complaints.append(f"{name}: an event takes {size:.0f} bytes")
    return complaints


def secrets_of(tshark, name):
    """What requests and responses say: queries, and values of fields that no page needs."""
    out = tshark.run(name, "-T", "fields", "-e", "http.request.uri.query", "-e", "http.user_agent", "-e", "http.server",
                     "-Y", "http", plugin=False)
    return {word for line in out.splitlines() for word in line.split("\t") if len(word) > 4}


def check_capture(tshark, path, folder):
    tshark.add([path])
    page = Path(folder) / f"{path.stem}.html"
    tshark.run(path.name, "-q", "-z", f"seamark,page={page}")
    html = page.read_text(encoding="utf-8")
    data = page_data.data_of(html)
    complaints = [f"{path.name}: the page has {word!r}" for word in secrets_of(tshark, path.name) if word in data]
    complaints += [f"{path.name}: a network address in the page: {found}"
                   for found in re.findall(r"(?:https?:)?//[a-z][\w.]*\.[a-z]+", html.replace(data, ""))]
    rows = rows_of(tshark.run(path.name, "-q", "-z", "seamark,lanes"))
    views = page_data.views_of(html)
    table = [json.loads(line) for line in tshark.run(path.name, "-q", "-z", "seamark,latency,json").splitlines()]
    wrong, events = check_delays(path.name, views, table)
    complaints += wrong + check_size(path.name, html)
    pieces, chunks = events, Counter()
    for view in views:
        pieces += sum(lane.count for lane in view.lanes)
        if view.kind == "proxy":
            continue
        complaints += check_view(path.name, view, rows)
        for lane in view.lanes:
            for title in lane.title if lane.name == "chunks" else []:
                if chunk := CHUNK.match(title):
                    chunks[(view.stream, view.kind, int(chunk[1]), chunk[2])] += 1
    if len([view for view in views if view.kind != "proxy"]) != len(rows):
        complaints.append(f"{path.name}: {len(views)} views, but the text has {list(rows)}")
    baseline = path.parent / f"{path.stem}.chunks.jsonl"
    if baseline.exists():
        wanted = Counter((row["stream"], row["dir"], row["chunk"], row["hex"])
                         for row in map(json.loads, baseline.open()) if len(row["hex"]) <= 60)
        long = {key for key in chunks if len(key[3]) >= 60}
        if any(chunks[key] != count for key, count in wanted.items()) or len(chunks) - len(long) > len(wanted):
            complaints.append(f"{path.name}: chunks differ from the baseline's: {chunks} {wanted}")
    return complaints, pieces, len(views)


def check_messages(tshark, folder):
    """What cannot be done is said; content is there where it is asked for, and only there."""
    name = "trailers-and-extensions.pcap"
    complaints = []
    for argument, said in (("seamark,page=/none/such.html", "/none/such.html"), ("seamark,page=,tcp", "name the file"),
                           ("seamark,page", "seamark,page=FILE[,content][,FILTER]")):
        try:
            tshark.run(name, "-q", "-z", argument)
            complaints.append(f"-z {argument} was taken")
        except runner.Failed as error:
            if said not in str(error):
                complaints.append(f"-z {argument}: {error}")
    page = Path(folder) / "content.html"
    extensions = {row["ext"] for row in map(json.loads, (CAPTURES / "trailers-and-extensions.chunks.jsonl").open())}
    long = [text for text in extensions if len(text) > 6 and text.isprintable() and "\\" not in text]
    for word, there in (("", False), (",content", True)):
        tshark.run(name, "-q", "-z", f"seamark,page={page}{word}")
        titles = [title for view in page_data.views_of(page.read_text()) for lane in view.lanes for title in lane.title]
        for extension in long:
            if any(extension in title for title in titles) != there:
                complaints.append(f"page{word}: the extension {extension!r} is {'not ' if there else ''}in it")
    if not long:
        complaints.append(f"no extension to look for among {extensions}")
    return complaints


def check(tshark, given):
    captures = [path for name in CHOSEN for path in CAPTURES.glob(f"{name}.pcap*") if given.only in path.name]
    captures += [path for path in (CASES / name for name in SHARED) if path.is_file() and given.only in path.name]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)  # as root, tshark runs as nobody
        results = runner.in_parallel(lambda path: check_capture(tshark, path, folder), captures)
        complaints = [line for found, _, _ in results for line in found]
        if not given.only:
            complaints += check_messages(tshark, folder)
    print(f"{len(captures)} captures, {sum(n for _, n, _ in results)} pieces in {sum(n for _, _, n in results)} views")
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
