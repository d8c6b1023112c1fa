# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the data of an interactive page as docs/page.md describes it, written from that description."""
import json
import re

NUMBER = "\x01"


def text_of(latin):
    return latin.encode("latin-1").decode()


def running(steps):
    out, total = [], 0
    for step in steps:
        total += step
        out.append(total)
    return out


class Texts:
    """A column of texts, or (lists) of texts each with a list of further ones."""

    def __init__(self, flat, shapes, lists=False):
        self.flat, self.shapes, self.at = flat, shapes, 0
        self.last = {}
        self.rows = []
        while self.at < len(flat):
            row = self.take()
            if lists:
                count = self.next()
                row = (row, [self.take() for _ in range(count)])
            self.rows.append(row)

    def next(self):
        self.at += 1
        return self.flat[self.at - 1]

    def take(self):
        shape = self.next()
        parts = self.shapes[shape].split(NUMBER)
        last = self.last.setdefault(shape, [0] * (len(parts) - 1))
        text = parts[0]
        for place, part in enumerate(parts[1:]):
            value = self.next()
            if isinstance(value, int):
                last[place] += value
                value = last[place]
            text += f"{value}{part}"
        return text


class Lane:
    def __init__(self, raw, page):
        self.layer, self.name, self.count = text_of(raw["layer"]), text_of(raw["name"]), raw["count"]
        self.begin, self.end, at = [], [], 0
        for gap, size in zip(raw["gap"], raw["size"], strict=True):
            self.begin.append(at + gap)
            at += gap + size
            self.end.append(at)
        self.start = None
        if "start" in raw:
            self.start, total = [], 0
            for step in raw["start"]:
                total += step or 0
                self.start.append(None if step is None else total)
        self.took = raw.get("took", [0] * self.count)
        self.frame = running(raw["frame"]) if "frame" in raw else [0] * self.count
        looks = raw["look"] if isinstance(raw["look"], list) else [raw["look"]] * self.count
        self.look = [page["looks"][look] for look in looks]
        self.label = Texts(raw["label"], page["shapes"]).rows
        self.title = Texts(raw["title"], page["shapes"]).rows
        for column in (self.begin, self.start or self.begin, self.took, self.frame, self.look, self.label, self.title):
            assert len(column) == self.count, (self.name, len(column), self.count)
        self.marks = []
        if raw.get("marks"):
            marks = raw["marks"]
            texts = Texts(marks["text"], page["shapes"], lists=True).rows
            numbers = zip(running(marks["piece"]), running(marks["gap"]), marks["size"], running(marks["first"]),
                          marks["last"], marks["wait"], marks["cause"], marks["sure"], marks["kind"],
                          marks["boundaries"], texts, strict=True)
            for piece, begin, size, first, last, wait, cause, sure, kind, boundaries, (sentence, evidence) in numbers:
                self.marks.append({
                    "piece": piece, "begin": begin, "end": begin + size, "first": first, "last": first + last,
                    "wait": wait, "cause": page["causes"][cause], "sure": page["sureness"][sure],
                    "kind": page["kinds"][kind], "boundaries": boundaries, "sentence": sentence, "evidence": evidence})


class Delays:
    """Where the time of the events of one response went: rows as docs/page.md describes them."""

    def __init__(self, raw, page):
        self.unit, self.exchange = raw["unit"], raw["exchange"]
        self.verdict = [text_of(text) for text in raw["verdict"]]
        count = raw["count"]
        column = lambda values: values if isinstance(values, list) else [values] * count
        layers = [(layer["layer"], text_of(layer["name"]), text_of(layer["at"]), column(layer["ns"]),
                   column(layer.get("cause")), column(layer.get("sure"))) for layer in raw["layers"]]
        frames = [running(leg) for leg in raw["frames"]]
        self.rows, at, expected = [], 0, 0
        for i, (number, flags) in enumerate(zip(running(raw["number"]), column(raw["flags"]), strict=True)):
            start = expected + raw["start"][i]
            begin = at + raw["gap"][i]
            at = begin + raw["size"][i]
            shares = [{"layer": layer, "name": name, "at": place, "ns": ns[i],
                       "causes": None if cause[i] is None else re.split(" or |, ", page["causes"][cause[i]]),
                       "cause_confidence": None if sure[i] is None else page["sureness"][sure[i]]}
                      for layer, name, place, ns, cause, sure in layers if ns[i] is not None]
            expected = start + (shares[0]["ns"] if shares else 0)
            most = None if flags & 2 else max(shares, key=lambda share: share["ns"], default=None)
            self.rows.append({
                "number": number, "start": start, "begin": begin, "end": at, "frames": [leg[i] for leg in frames],
                "shares": shares, "time": sum(share["ns"] for share in shares),
                "holder": most if most and most["ns"] > 0 else None, "known": bool(flags & 1),
                "comparable": not flags & 2, "kept": bool(flags & 4), "since_request": bool(flags & 8)})


class View:
    def __init__(self, raw, page):
        self.kind, self.stream = raw["kind"], raw["stream"]
        self.heading = text_of(raw["heading"])
        self.totals = [text_of(text) for text in raw["totals"]]
        self.remarks = [text_of(text) for text in raw["remarks"]]
        self.lanes = [Lane(lane, page) for lane in raw["lanes"]]
        self.delays = [Delays(delays, page) for delays in raw.get("delays", [])]


def data_of(html):
    """The JSON text between its tags."""
    found = re.search(r'<script type="application/json" id="data">\n(.*)\n</script>\n<script>', html, re.DOTALL)
    assert found and "<" not in found[1], "the data is between its tags and begins none"
    return found[1]


def views_of(html):
    page = json.loads(data_of(html))
    assert page["format"] == 1
    page["shapes"] = [text_of(shape) for shape in page["shapes"]]
    return [View(view, page) for view in page["views"]]
