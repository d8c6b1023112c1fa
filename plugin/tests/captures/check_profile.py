#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile "Seamark": each of its filters compiles and each of its columns exists, text on each of
its colours has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3), colours stay apart for colour-blind
people, the rules colour the frames that they are for, and `tshark -C Seamark` prints in its columns
what the captures' baselines have, and under Cause what recorded calls ask for. No frame of a healthy
capture becomes a "Malformed Packet" by the profile's settings.
"""

import csv
import itertools
import re
import shutil
import subprocess
from pathlib import Path

import tshark as runner

TOP = Path(__file__).resolve().parents[3]
PROFILE = TOP / "plugin/profile/Seamark"
CAPTURES = TOP / "test-captures"
LABS = CAPTURES / "labs"

# Linear RGB as people see it who lack one kind of cone (Machado, Oliveira and Fernandes 2009).
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
}
APART = 7  # CIE 1976 colour difference; 2.3 is just noticeable
# The rules whose rows stand side by side and mean different things.
SIDE_BY_SIDE = ("Merged writes", "Cut chunk or write", "Complete chunk", "Write recorded",
                "Read recorded", "Retransmitted", "No payload")


def rules():
    found = []
    for line in (PROFILE / "colorfilters").read_text().splitlines():
        if match := re.fullmatch(r"@(.*)@(.*)@\[(\d+),(\d+),(\d+)\]\[(\d+),(\d+),(\d+)\]", line):
            numbers = [int(n) / 65535 for n in match.groups()[2:]]
            found.append((match[1], match[2], tuple(numbers[:3]), tuple(numbers[3:])))
        elif not line.startswith("#"):
            raise runner.Failed(f"colorfilters: not a rule: {line}")
    return found


def linear(colour):
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]


def luminance(colour):
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear(colour)))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    rgb = [min(1, max(0, c)) for c in rgb]
    xyz = [sum(m * c for m, c in zip(row, rgb)) / white for row, white in (
        ((0.4124, 0.3576, 0.1805), 0.9505), ((0.2126, 0.7152, 0.0722), 1),
        ((0.0193, 0.1192, 0.9505), 1.089))]
    x, y, z = (c ** (1 / 3) if c > 0.008856 else 7.787 * c + 16 / 116 for c in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one, other, matrix):
    seen = [lab([sum(m * c for m, c in zip(row, linear(colour))) for row in matrix])
            for colour in (one, other)]
    return sum((a - b) ** 2 for a, b in zip(*seen)) ** 0.5


def check_colours():
    complaints = [f"rule {name}: contrast {contrast(back, text):.2f}, less than 4.5"
                  for name, _, back, text in rules() if contrast(back, text) < 4.5]
    chosen = [(name, back) for name, _, back, _ in rules() if name in SIDE_BY_SIDE]
    if len(chosen) != len(SIDE_BY_SIDE):
        complaints.append(f"of the rules {SIDE_BY_SIDE} only {[name for name, _ in chosen]} are there")
    for (one, colour), (other, second) in itertools.combinations(chosen, 2):
        for blindness, matrix in BLINDNESS.items():
            if (apart := difference(colour, second, matrix)) < APART:
                complaints.append(f"{one} and {other} are {apart:.1f} apart with {blindness}")
    return complaints


def check_filters(tshark, capture):
    filters = {name: text for name, text, _, _ in rules()} | columns()
    with (PROFILE / "dfilter_buttons").open() as buttons:
        filters |= {row[1]: row[2] for row in csv.reader(buttons, escapechar="\\")}
    complaints = []
    try:
        tshark.run(capture, "-Y", " || ".join(f"({text})" for text in filters.values()))
        return []
    except runner.Failed:
        pass  # which of them it is, each by itself says
    for name, text in filters.items():
        try:
            tshark.run(capture, "-Y", text)
        except runner.Failed as error:
            complaints.append(f"{name}: {text}: {error}")
    return complaints or ["the filters compile one by one, and joined by || they do not"]


def columns():
    """{title: field} of the custom columns."""
    text = (PROFILE / "preferences").read_text()
    return dict(re.findall(r'"([^"]+)", "%Cus:([^:]+):', text))


def check_widths():
    """Each column has a width in the file "recent", and Info has room for a verdict in a window of 1100 pixels."""
    shown = [re.sub(r"^(%Cus:[^:]+).*", r"\1", field)
             for field in re.findall(r'"[^"%]+", "(%[^"]+)"', (PROFILE / "preferences").read_text())]
    widths = re.findall(r'^\t"?(%[^",]+)"?, (\d+)', (PROFILE / "recent").read_text(), re.M)
    complaints = []
    if [field for field, _ in widths] != shown:
        complaints.append(f"recent has widths of {widths}, and the columns are {shown}")
    if (taken := sum(int(width) for field, width in widths if field != "%i")) > 700:
        complaints.append(f"the columns before Info take {taken} pixels")
    return complaints


def ranges(text):
    """"1,2,3,7" as "1–3, 7"."""
    runs = []
    for number in map(int, text.split(",")):
        if runs and runs[-1][1] <= number <= runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in runs)


def counted(text):
    """"20,20,0" as "20 ×2, 0"."""
    runs = [(word, len(list(equal))) for word, equal in itertools.groupby(text.split(","))]
    return ", ".join(word + (f" ×{times}" if times > 1 else "") for word, times in runs)


# Columns that say in short what the values of another field are.
SHORT = {"seamark.segment.chunks": ("seamark.chunk", ranges), "seamark.segment.writes": ("seamark.write", ranges),
         "seamark.segment.sizes": ("seamark.chunk.hex", counted), "seamark.segment.reads": ("seamark.read", ranges)}


def check_columns(tshark, capture):
    """What -C Seamark prints is what the capture's baseline has; an event's rows have no baseline."""
    titles = re.findall(r'"([^"%]+)", "%', (PROFILE / "preferences").read_text())
    # Between source and destination tshark puts an arrow.
    printed = [[cell for cell in line.split("\t") if cell.strip() != "→"] for line in
               tshark.run(capture, "-2", "-C", "Seamark", "-T", "tabs").splitlines()]
    with (CAPTURES / capture).with_suffix(".fields.tsv").open() as baseline:
        wanted = {row["frame.number"]: row for row in csv.DictReader(baseline, delimiter="\t")
                  if row["pass"] == "2"}
    complaints, compared, shortened = [], 0, 0
    for row in printed:
        row = dict(zip(titles, (cell.strip() for cell in row)))
        for title, field in columns().items():
            whole, shorten = SHORT.get(field, (field, None))
            value = wanted.get(row["No."], {}).get(whole)
            if value is None:
                continue
            compared += 1
            value = value.replace("|", ",")
            if shorten and value:
                value = shorten(value)
                shortened += 1
            if row[title] != value:
                complaints.append(f"{capture} frame {row['No.']}: column {title} has "
                                  f"'{row[title]}', not '{value}'")
    if not shortened:
        complaints.append(f"{capture}: nothing in short to compare")
    if compared < 20:
        complaints.append(f"{capture}: only {compared} cells to compare")
    return complaints


def words_of_calls(tshark, capture):
    """{frame of a response's segment: what its cause must be}, from what the recorder wrote into the
    packets' comments, which no plugin is asked for. The server set TCP_NODELAY and TCP_CORK to 0 and has
    one small segment in flight; so a write of which something was not sent when it had returned
    waited for Nagle's algorithm, and one of which nothing was left was held by nothing."""
    wanted, left = {}, {}
    for line in tshark.run(capture, "-T", "fields", "-e", "frame.number", "-e", "tcp.srcport", "-e", "tcp.seq",
                           "-e", "tcp.len", "-e", "frame.comment", plugin=False).splitlines():
        number, port, seq, length, comment = line.split("\t")
        if call := re.match(r"write \d+: send \d+ of \d+ bytes at (\d+), (\d+) not sent yet", comment):
            left[int(call[1])] = int(call[2])  # the client's one write is before the server's first
        elif port == "8080" and int(length) > 0:
            wanted[number] = "nagle" if left[int(seq) - 1] else "write"
    return wanted


def check_causes(tshark):
    """The column Cause of captures of the lab: in a segment's row, and in no other."""
    complaints = []
    for capture, held in ((LABS / "nagle.pcapng", 4), (LABS / "nodelay.pcapng", 0)):
        tshark.add([capture])
        wanted = words_of_calls(tshark, capture.name)
        if list(wanted.values()).count("nagle") != held or len(wanted) <= held:
            complaints.append(f"{capture.name}: the recorded calls were to hold {held} segments, not {wanted}")
        titles = re.findall(r'"([^"%]+)", "%', (PROFILE / "preferences").read_text())
        sent = set(tshark.run(capture.name, "-Y", "tcp.len > 0", "-T", "fields", "-e", "frame.number").split())
        for line in tshark.run(capture.name, "-C", "Seamark", "-T", "tabs").splitlines():
            cells = [cell.strip() for cell in line.split("\t") if cell.strip() != "→"]
            row = dict(zip(titles, cells))
            number, printed = row["No."], row["Cause"]
            # The recorder of that time did not note the limit of pacing, so that pacing cannot be excluded where
            # the segment before left shortly before: then it is named beside the cause, never in its place.
            named = set(printed.split(","))
            if number in wanted and not {wanted[number]} <= named <= {wanted[number], "pacing"}:
                complaints.append(f"{capture.name} frame {number}: Cause is '{printed}', not '{wanted[number]}'")
            if number not in sent and printed:
                complaints.append(f"{capture.name} frame {number}: Cause is '{printed}', with no payload there")
    return complaints


def check_rules_hit(tshark):
    """The first rule that fits a frame, as Wireshark says it, for frames whose kind is known."""
    complaints = []
    for capture, filter_text, rule in (
            ("merged-writes.pcapng", "seamark.merged_writes", "Merged writes"),
            ("chunk-over-segments.pcap", "frame.number==7", "Cut chunk or write"),
            ("one-write-a-chunk.pcapng", "seamark.chunk.complete==1", "Complete chunk"),
            ("chunk-over-segments.pcap", "tcp.flags.syn==1", "No payload")):
        out = tshark.run(capture, "-2", "--color", "-C", "Seamark", "-Y", filter_text, "-T", "fields", "-e",
                         "frame.coloring_rule.name").split("\n")
        if set(filter(None, out)) != {rule}:
            complaints.append(f"{capture}: {filter_text} is coloured by {sorted(set(out))}, not {rule}")
    return complaints


# TCP itself cannot read these frames, whatever the settings.
MALFORMED = {"bad-data-offset.pcap": ["9"]}


def check_malformed(tshark):
    """No dissector runs past the end of what it is given, in one pass, as live, and in the second."""
    captures = sorted([*CAPTURES.glob("*.pcap*"), *LABS.glob("*.pcapng")])
    tshark.add(captures)

    def malformed(capture):
        complaints = []
        for passes in ([], ["-2"]):
            found = tshark.run(capture.name, *passes, "-C", "Seamark", "-T", "fields", "-e", "frame.number", "-Y",
                               '_ws.expert.message == "Malformed Packet (Exception occurred)"').split()
            if found != MALFORMED.get(capture.name, []):
                complaints.append(f"{capture.name} {passes}: malformed with the profile: frames {found}")
        return complaints, 2, 0

    results = runner.in_parallel(malformed, captures)
    if sum(count for _, count, _ in results) < 2 * 40:
        return [f"of {len(captures)} captures too few were looked at"] + [c for found, *_ in results for c in found]
    return [complaint for found, *_ in results for complaint in found]


def check_two_messages(tshark):
    """Two responses in one segment: the numbers of the second are a run of their own."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    payload = head + b"1\r\na\r\n1\r\nb\r\n0\r\n\r\n" + head + b"1\r\na\r\n2\r\nbb\r\n3\r\nccc\r\n0\r\n\r\n"
    path = tshark.home / "two-messages.pcap"
    subprocess.run([shutil.which("text2pcap"), "-q", "-T", "80,50000", "-", path], text=True, check=True,
                   input="".join(f"{at:06x} {payload[at:at + 16].hex(' ')}\n" for at in range(0, len(payload), 16)),
                   stderr=subprocess.DEVNULL)
    tshark.add([path])
    found = tshark.run(path.name, "-T", "fields", "-e", "seamark.segment.chunks", "-e", "seamark.segment.sizes").strip()
    wanted = "1–3, 1–4\t1 ×2, 0, 1, 2, 3, 0"
    return [] if found == wanted else [f"two messages in a segment: '{found}', not '{wanted}'"]


def check(tshark, _):
    names = ["merged-writes.pcapng", "one-write-a-chunk.pcapng", "chunk-over-segments.pcap"]
    tshark.add([CAPTURES / name for name in names])
    shutil.copytree(PROFILE, tshark.home / "profiles/Seamark")
    complaints = check_colours() + check_widths() + check_filters(tshark, names[0]) + check_rules_hit(tshark)
    complaints += check_causes(tshark) + check_malformed(tshark) + check_two_messages(tshark)
    for name in names:
        complaints += check_columns(tshark, name)
    return complaints


if __name__ == "__main__":
    runner.main(check, __doc__)
