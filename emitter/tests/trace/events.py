# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads recorded calls (docs/event-format.md) out of a pcapng file, and checks that they add up."""

import collections
import ipaddress
import os
import shutil
import struct
import sys

Event = collections.namedtuple(
    "Event", "time kind flags index offset asked taken error fd process connection call source peer")
WRITE, READ, OPENED, CLOSED, OPTION, END = 1, 2, 3, 4, 5, 7
OFFSET_KNOWN, AMBIGUOUS = 16, 256
FIXED = ">BBHIQQQqqqIiIIIH"  # the fixed part of a record, up to its call


def stand_in(work, seamark):
    """Makes an empty folder and goes there; skips (77) where the library of `seamark trace` cannot be named."""
    if " " in seamark or ":" in seamark:
        print(f"skipped: LD_PRELOAD can name no library below {seamark}: a blank or a colon ends a name")
        sys.exit(77)
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    os.chdir(work)


def packets(path):
    """(link type, time, bytes) of each packet; little-endian files, as this machine's are."""
    data, at, links = open(path, "rb").read(), 0, []
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or at + length > len(data):
            raise ValueError(f"{path}: block of {length} bytes at {at} of {len(data)}")
        if kind == 0x0A0D0D0A:
            links = []
        elif kind == 1:
            links.append(struct.unpack_from("<H", data, at + 8)[0])
        elif kind == 6:
            interface, high, low, size = struct.unpack_from("<IIII", data, at + 8)
            yield links[interface], high << 32 | low, data[at + 28:at + 28 + size]
        at += length


def fields(data, at):
    """(tag, value, where the next one begins) of the fields from a place on."""
    while at + 4 <= len(data):
        tag, size = struct.unpack_from(">HH", data, at)
        value = data[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4
        yield tag, value, at


def records(path):
    """(time, tags, record) of each event packet: {tag: value}, and the bytes from the fixed part on."""
    for link, time, packet in packets(path):
        if link != 252:
            continue
        tags = {}
        for tag, value, at in fields(packet, 0):
            tags[tag] = value
            if tag == 0:
                break
        yield time, tags, packet[at:]


def ends(tags):
    """(recorded side, its peer): each an address and a port; None where the packet names none."""
    def end(ipv4, ipv6, port):
        address = tags.get(ipv4, tags.get(ipv6))
        return address and (str(ipaddress.ip_address(address)), struct.unpack(">I", tags[port])[0])
    return end(20, 22, 25), end(21, 23, 26)


def events(path):
    """Each event of a file."""
    return (event for event, _ in events_with_return(path))


def events_with_return(path):
    """(Event, when the call returned), for each event of a file."""
    for time, tags, record in records(path):
        (_, kind, _, flags, index, offset, asked, taken, entered, left, error, fd, process, _, connection,
         call) = struct.unpack_from(FIXED, record)
        assert entered == time, "the packet's time is the entry of the call"
        yield Event(time, kind, flags, index, offset, asked, taken, error, fd, process, connection, call, *ends(tags)), left


def streams(all_events, killed=0):
    """Bytes by (kind, recorded side, its peer), after a check that the calls leave no gap. Calls of
    two ports that were used twice are distinguished by the number of their connection. Writes that overlap say that
    their order is not certain; they are counted all the same. A process that
    was killed may have counted a call of one byte and had no time to record it: `killed` calls may
    be missing."""
    calls, last = collections.defaultdict(list), 0
    for event in all_events:
        assert event.time >= last, "events are not in order of time"
        last = event.time
        if event.kind in (WRITE, READ) and event.index > 0:
            calls[event.kind, event.source, event.peer, event.connection].append(event)
    sums = collections.Counter()
    for key, group in calls.items():
        group.sort(key=lambda event: event.index)
        offset = 0
        index = 1
        for event in group:
            known = event.flags & (OFFSET_KNOWN | AMBIGUOUS)
            assert known == OFFSET_KNOWN or event.kind == WRITE and known == AMBIGUOUS, f"{key}: offset not known"
            if event.index == index + 1 and event.offset == offset + 1 and killed > 0:
                killed, index, offset = killed - 1, index + 1, offset + 1
            assert event.index == index, f"{key}: index {event.index}, not {index}"
            assert event.offset == offset, f"{key}: call {index} at {event.offset}, not {offset}"
            index, offset = index + 1, offset + event.taken
        sums[key[:3]] += offset
    return sums
