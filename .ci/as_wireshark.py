#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints plugin/epan as one file in the spelling that Wireshark's checkers know. They read C by regular
expressions: a field is what is called hf_something, is initialised by -1 and stands in a static table of braces; an item
is added by a call of libwireshark's whose first five arguments are single words. Ours are rows of a type (field.hpp) that
are added by functions of ours (items.hpp, canvas.hpp), which the checkers would pass over in silence.

usage: as_wireshark.py FOLDER
"""
import re
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
# Type of ours: (libwireshark's, how it is displayed, what adds an item of it).
TYPES = {
    "Number": ("FT_UINT32", "BASE_DEC", "proto_tree_add_uint"), "Number64": ("FT_UINT64", "BASE_DEC", "proto_tree_add_uint64"),
    "Signed": ("FT_INT32", "BASE_DEC", "proto_tree_add_int"), "Text": ("FT_STRING", "BASE_NONE", "proto_tree_add_string"),
    "Bytes": ("FT_BYTES", "BASE_NONE", "proto_tree_add_item"), "Truth": ("FT_BOOLEAN", "BASE_NONE", "proto_tree_add_boolean"),
    "FrameLink": ("FT_FRAMENUM", "BASE_NONE", "proto_tree_add_uint"), "Time": ("FT_RELATIVE_TIME", "BASE_NONE", "proto_tree_add_time"),
}
# A function of ours: the type of field that it takes; the numbers by the field's.
ADDERS = {"number": "Number", "text": "Text", "truth": "Truth", "frame": "FrameLink", "bytes": "Bytes", "readable": "Bytes", "time": "Time"}

fields = dict((name, kind) for kind, name in
              re.findall(r"^inline (\w+) (\w+);$", (FOLDER / "platform" / "fields.hpp").read_text(), re.MULTILINE))
strays = set(fields.values()) - set(TYPES)
if not fields or strays:
    sys.exit(f"as_wireshark.py reads {len(fields)} fields in fields.hpp, of unknown types {sorted(strays)}")


def row(found):
    name, label, abbreviation, text, more = found.groups()
    kind, base, _ = TYPES[fields[name]]
    strings = "NULL"
    if more and fields[name] == "FrameLink":
        strings = f"FRAMENUM_TYPE({more})"
    elif more == "kPacingRates":
        base, strings = f"{base}|BASE_SPECIAL_VALS", f"VALS({more})"
    elif more:
        base, strings = f"{base}|BASE_UNIT_STRING", f"&{more}"
    return (f'    {{ &hf_{name},\n      {{ "{label}", "{abbreviation}",\n        {kind}, {base}, {strings}, 0x0,\n'
            f'        "{text}", HFILL }}}},')


def call(found):
    indent, adder, tree, name = found.groups()
    kind = ADDERS[adder]
    if kind == "Number" and fields[name] in ("Number64", "Signed"):
        kind = fields[name]
    return f"{indent}{TYPES[kind][2]}({tree}, hf_{name}, tvb, 0, 4, "


sources = sorted(path for path in FOLDER.rglob("*.cpp") if "tests" not in path.relative_to(FOLDER).parts)
text = "\n".join(path.read_text() for path in sources)
text, rows = re.subn(r'^    row\((\w+), "((?:[^"\\]|\\.)*)", "([\w.]+)", "((?:[^"\\]|\\.)*)"(?:, (\w+))?\),$', row, text, flags=re.MULTILINE)
if rows != len(fields):
    sys.exit(f"as_wireshark.py reads {rows} rows of {len(fields)} fields: one has another form")
text = re.sub(r"^(hf_register_info|ei_register_info) ", r"static \1 ", text, flags=re.MULTILINE)
names = "|".join(fields)
text, calls = re.subn(rf"()\b(?:canvas\.|add_)({'|'.join(ADDERS)})\(\s*(\w+),\s*fields::({names})\b,\s*", call, text)
if not calls:
    sys.exit("as_wireshark.py reads no call that adds a field")
text = re.sub(rf"\bfields::({names})\b", r"hf_\1", text)
print("\n".join(f"static int hf_{name} = -1;" for name in fields))
print(text.replace("nullptr", "NULL"))
