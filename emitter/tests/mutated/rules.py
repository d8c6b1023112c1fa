# SPDX-License-Identifier: GPL-2.0-or-later
"""What a server is to make of the bytes that a client sends, read from RFC 9112 anew, so that it shares no
mistake with the server: which requests it may answer, and where it must stop.

read(data) gives one Outcome a request, up to the first that is not answered."""

import re
from dataclasses import dataclass, field

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
REQUEST_LINE = re.compile(rb"(%s) ([\x21-\x7e\x80-\xff]+) HTTP/([0-9])\.([0-9])\Z" % TOKEN)
FIELD = re.compile(rb"(%s):[ \t]*(.*?)[ \t]*\Z" % TOKEN, re.S)
CODING = re.compile(rb"(%s)[ \t]*(;.*)?\Z" % TOKEN, re.S)
EXTENSIONS = re.compile(rb"(;%s(=(%s|\"[^\"\\\x00-\x1f\x7f]*\"))?)*\Z" % (TOKEN, TOKEN))
TOKENS = re.compile(rb"%s([ \t]*,[ \t]*%s)*\Z" % (TOKEN, TOKEN))
HOST = re.compile(rb"(\[[^\]]*\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(:([0-9]*))?\Z")
OWN = re.compile(rb"((.+\.)?localhost\.?|[0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-fA-F:.]+\])\Z", re.I)
HEAD_LIMIT, BODY_LIMIT = 16 * 1024, 1024 * 1024
MALFORMED = frozenset((400, 414, 431, 505))


@dataclass
class Outcome:
    """kind: answer, refusal, cut (it ends before it can be read), unsure (of what is not modelled). A refusal has its
    statuses; `or_cut`: where the server may wait for more to see it."""
    kind: str
    method: bytes = b"GET"
    statuses: frozenset = field(default_factory=frozenset)
    or_cut: bool = False
    closes: bool = False


def refusal(*statuses, method=b"GET", or_cut=False):
    return Outcome("refusal", method, frozenset(statuses), or_cut)


def read(data):
    outcomes, at = [], 0
    while not outcomes or outcomes[-1].kind == "answer":
        outcome, at = read_request(data, at)
        if outcome is None:
            break
        outcomes.append(outcome)
    return outcomes


def head_end(data, at):
    """(None, end), or (an outcome, None). The faults that no line has whatever it says."""
    begin, line = at, at
    while at < len(data):
        byte = data[at]
        if at - begin >= HEAD_LIMIT:
            return refusal(*MALFORMED), None
        if byte == 0x0d:
            if at + 1 == len(data):
                break
            if data[at + 1] != 0x0a:
                return refusal(*MALFORMED), None
            if at == line:
                return None, at + 2
            if data[at + 2:at + 3] in (b" ", b"\t"):
                return refusal(*MALFORMED), None
            line = at = at + 2
        elif byte == 0x0a or (byte < 0x20 and byte != 9) or byte == 0x7f:
            return refusal(*MALFORMED), None
        else:
            at += 1
    first = data[begin:].split(b"\r\n")[0]
    early = b"\r\n" in data[begin:] and not REQUEST_LINE.match(first)  # decided before the head is whole
    early = early or (REQUEST_LINE.match(first) and b"\r\n" in data[begin:] and REQUEST_LINE.match(first)[3] != b"1")
    return (refusal(*MALFORMED, or_cut=True) if early else Outcome("cut")), None


def read_request(data, at):
    while data[at:at + 2] == b"\r\n":
        at += 2
    if at == len(data) or data[at:] == b"\r":
        return None, at
    outcome, end = head_end(data, at)
    if outcome:
        return outcome, at
    lines = data[at:end - 4].split(b"\r\n")
    start = REQUEST_LINE.match(lines[0])
    if not start or start[3] != b"1":
        return refusal(400, 505), at
    method, target, minor = start[1], start[2], min(int(start[4]), 1)
    fields = [FIELD.match(line) for line in lines[1:]]
    if not all(fields):
        return refusal(400, 501, 413, 417, 421, method=method), at

    def values(name):
        return [match[2] for match in fields if match[1].lower() == name]

    connection = [value for name in (b"connection", b"proxy-connection") for value in values(name)]
    if not all(TOKENS.match(value) for value in connection):
        return Outcome("unsure", method), at
    statuses, chunked, length = framing(values(b"transfer-encoding"), values(b"content-length"), minor)
    statuses |= host(method, target, values(b"host"), minor)
    if minor and any(value and value.lower() != b"100-continue" for value in values(b"expect")):
        statuses.add(417)
    if length > BODY_LIMIT:
        statuses.add(413)
    if statuses:
        return refusal(*statuses, method=method), at
    options = {option.strip().lower() for value in connection for option in value.split(b",")}
    answer = Outcome("answer", method, closes=b"close" in options or (not minor and b"keep-alive" not in options))
    if not chunked:
        return (answer, end + length) if end + length <= len(data) else (Outcome("cut", method), at)
    outcome, end = chunks(data, end, method)
    return (outcome or answer), end


def framing(codings, lengths, minor):
    """(statuses, chunked, length)"""
    if not codings:
        members = [member.strip(b" \t") for value in lengths for member in value.split(b",")]
        if not members:
            return set(), False, 0
        if not all(re.match(rb"[0-9]+\Z", member) for member in members) or len({int(m) for m in members}) > 1:
            return {400}, False, 0
        return ({400} if int(members[0]) >= 1 << 64 else set()), False, int(members[0])
    if not minor or lengths:
        return {400}, False, 0
    members = [member for member in re.findall(rb'((?:[^,"]|"(?:\\.|[^"\\])*"?)*),?', b", ".join(codings), re.S)]
    members = [member.strip(b" \t") for member in members if member.strip(b" \t")]
    parsed = [CODING.match(member) for member in members]
    if not parsed or not all(parsed):
        return {400}, False, 0
    names = [match[1].lower() for match in parsed]
    if names[-1] != b"chunked" or b"chunked" in names[:-1] or parsed[-1][2]:
        return {400}, False, 0
    # `chunked` and then a line with nothing in it: no sender means that, so it may be refused.
    early = any(re.search(rb"(^|,)[ \t]*chunked[ \t]*(,|$)", value.lower()) for value in codings[:-1])
    return ({501} if len(names) > 1 else set()) | ({400} if early else set()), True, 0


def host(method, target, hosts, minor):
    if len(hosts) > 1 or (minor and not hosts):
        return {400, 421}
    def valid(text):
        match = HOST.match(text)
        return match and (not match[3] or int(match[3]) < 65536) and not re.search(rb"%(?![0-9a-fA-F]{2})", text.split(b"]")[-1])
    if hosts and not valid(hosts[0]):
        return {400, 421}
    name = hosts[0] if hosts else None
    if target.lower().startswith(b"http://"):
        name = re.split(rb"[/?]", target[7:])[0]
        if not name or not valid(name):
            return {400, 421}
    if name is None:
        return set()
    name = HOST.match(name)[1]
    if name.startswith(b"["):
        return set() if OWN.match(name) else {400, 421}
    if OWN.match(name) and b".." not in name and not name.startswith(b".") and \
            re.match(rb"[A-Za-z0-9._-]+\Z", name) and not re.search(rb"(^|\.)0[0-9]", name):
        return set()
    return {421}


def chunks(data, at, method):
    """(an outcome or None, end)"""
    total = 0
    while True:
        line_end = data.find(b"\r\n", at)
        line = data[at:line_end if line_end >= 0 else len(data)]
        digits = re.match(rb"[0-9a-fA-F]*", line)[0]
        if not digits and line:
            return refusal(400, method=method, or_cut=line_end < 0), at
        rest = line[len(digits):]
        if rest and not EXTENSIONS.match(rest):
            return Outcome("unsure", method), at
        if line_end < 0:
            return Outcome("unsure" if rest else "cut", method), at
        if not digits:
            return refusal(400, method=method), at
        size = int(digits, 16)
        at = line_end + 2
        if size >= 1 << 64:
            return refusal(400, method=method, or_cut=False), at
        if size == 0:
            return trailers(data, at, method)
        total += size
        if total > BODY_LIMIT:
            return refusal(413, method=method), at
        if at + size > len(data):
            return Outcome("cut", method), at
        at += size
        if len(data) - at < 2:
            return (Outcome("cut", method) if data[at:] in (b"", b"\r") else
                    refusal(400, method=method, or_cut=True)), at
        if data[at:at + 2] != b"\r\n":
            return refusal(400, method=method, or_cut=len(data) - at < 4), at
        at += 2


def trailers(data, at, method):
    if data[at:at + 2] == b"\r\n":
        return None, at + 2
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        return Outcome("cut", method), at
    for line in data[at:end].split(b"\r\n"):
        match = FIELD.match(line)
        if not match or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line):
            return Outcome("unsure" if line[:1] in (b" ", b"\t") else "refusal", method, frozenset((400,))), at
        if match[1].lower() in (b"content-length", b"transfer-encoding"):
            return refusal(400, method=method), at
        if match[1].lower() in (b"connection", b"proxy-connection"):
            return Outcome("unsure", method), at
    return None, end + 4
