# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark prints of every capture at hand: each of our tables of each capture by itself, and what it
prints of single frames of albums of them. Each in one pass and in two."""

from same_parts import albums, every_byte
from same_parts.outputs import Job, Output

PASSES = ((), ("-2",))
# What -z is asked for, in one run: nothing here asks for a tree, as the tables do not in daily use.
TABLES = {
    "chunks": "seamark,chunks", "chunks,json": "seamark,chunks,json", "lanes": "seamark,lanes",
    "tree": "seamark,tree", "table": "seamark,table"}
PICTURES = {"lanes,svg": "seamark,lanes,svg=", "lanes,svg-time": "seamark,lanes,svg-time="}
# A table of Wireshark's own between every two of ours, empty in our captures, which parts the output
# whatever ours look like.
FENCE = ("-z", "conv,bluetooth")
FENCE_TEXT = b"=" * 80 + b"\nBluetooth Conversations\nFilter:<No Filter>\n"
FRAMES = {
    "columns": (), "expert": ("-q", "-z", "expert"), "-V": ("-V", "-z", "expert"), "pdml": ("-T", "pdml"),
    "json": ("-T", "json"), "ek": ("-T", "ek"), "fields": None}


def _pages(count):
    return [word for frame in range(1, count + 1) for word in ("-z", f"seamark,explain,{frame}")]


def parted(out, names):
    """{name: what was printed between two fences}. tshark draws the last that was asked for first."""
    parts = out.split(FENCE_TEXT)
    if len(parts) != len(names) + 1:
        return {"tables": out}
    return dict(zip(reversed(names), parts))


def table_outputs(side, name, path, count, passes):
    """The outputs of all our tables and pictures of a capture."""
    how, made = " ".join(passes), []
    files = {kind: side.new_file(".svg") for kind in PICTURES}
    words = [word for argument in TABLES.values() for word in (*FENCE, "-z", argument)]
    words += [*FENCE, *_pages(count)]
    words += [word for kind, argument in PICTURES.items() for word in ("-z", f"{argument}{files[kind]}")]
    status, out, err = side.tshark("-n", "-q", *passes, "-r", str(path), *words)
    err = err.replace(str(side.home).encode(), b"HOME")
    for kind, data in parted(out, [*TABLES, "explain"]).items():
        asked = TABLES.get(kind, "seamark,explain,FRAME")
        made.append(Output(kind, name, how, data, items=count if kind == "explain" else 1,
                           command=f"tshark -n -q {how} -r {name} -z {asked}"))
    for kind, file in files.items():
        made.append(Output(kind, name, how, file.read_bytes() if file.exists() else b"no file",
                           command=f"tshark -n -q {how} -r {name} -z {PICTURES[kind]}FILE"))
        file.unlink(missing_ok=True)
    made.append(_ending("exit status and stderr", f"{name}, tables", how, status, err))
    return made


def _ending(kind, name, how, status, err):
    return Output(kind, name, how, f"exit status {status}\n".encode() + err, command=f"tshark {how} of {name}")


def named_fields(side, out):
    """-T fields as lines "frame, name=value": which column a field has depends on its name alone."""
    names, lines = side.fields(), []
    for line in out.split(b"\n"):
        frame, *values = line.split(b"\t")
        if len(values) != len(names):
            lines.append(line)
            continue
        lines += [b"%s\t%s=%s" % (frame.rjust(6, b"0"), name.encode(), value)
                  for name, value in zip(names, values) if value]
    return b"\n".join(lines)


def frame_outputs(side, album, kind, passes):
    how = " ".join(passes)
    words = FRAMES[kind]
    if kind == "fields":
        words = ["-T", "fields", "-e", "frame.number"] + [w for field in side.fields() for w in ("-e", field)]
    status, out, err = side.tshark("-n", *passes, "-r", str(album.file), *words)
    if kind == "fields":
        out = named_fields(side, out)
        words = ["-T", "fields", "-e", "FIELD…"]
    return [Output(kind, album.name, how, out, unordered=kind == "fields", items=len(album.members),
                   command=f"tshark -n {how} -r {album.file.name} {' '.join(words)}"),
            _ending("exit status and stderr", f"{album.name}, {kind}", how, status, err)]


def _table_job(path, passes, files):
    name, count = path.name, albums.frames_of(path)
    copy = files.add(path)

    def outputs(side):
        return table_outputs(side, name, copy, count, passes)
    return Job("captures", " ".join((name, "tables", *passes)), outputs)


def _frame_job(album, kind, passes):
    def outputs(side):
        return frame_outputs(side, album, kind, passes)
    return Job("captures", " ".join((album.name, kind, *passes)), outputs, origin=album.origin)


def jobs(files, sample=1):
    """sample: every so manieth capture and album."""
    paths = [every_byte.write(files.path / "every-byte.pcapng"), *albums.captures()]
    made = [_table_job(path, passes, files) for n, path in enumerate(paths) for passes in PASSES
            if sample == 1 or (n + len(passes)) % sample == 0]
    kinds = [(kind, passes) for kind in FRAMES for passes in PASSES]
    for n, album in enumerate(albums.albums(paths, files)):
        made += [_frame_job(album, kind, passes) for m, (kind, passes) in enumerate(kinds)
                 if sample == 1 or (n + m) % sample == 0]
    return made
