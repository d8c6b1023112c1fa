#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints plugin/epan as one file in the spelling that Wireshark's checkers know: they read C by
regular expressions, and take for a field what is called hf_something and is initialised by NULL.

usage: as_wireshark.py FOLDER
"""
import re
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
table = (FOLDER / "platform" / "fields.cpp").read_text()
fields = re.findall(r"\{&(\w+),\s*\{", table)

text = "\n".join(path.read_text() for path in sorted(FOLDER.rglob("*.cpp")))
# Declarations of several become one each, as the checkers know them.
text = re.sub(r"^int ((?:\w+ = kUnregistered,?\s*)+);",
              lambda found: "\n".join(f"static int {name} = -1;" for name in re.findall(r"(\w+) =", found[1])),
              text, flags=re.MULTILINE)
for name in fields:
    text = re.sub(rf"(?:\bfields::|(?<=&)|(?<=static int )){name}\b", f"hf_{name}", text)
text = text.replace("nullptr", "NULL")
# The address on a line, and what is registered under it on the next.
text = re.sub(r"\{&(hf_\w+),\s*\{(.*?)HFILL\}\}", lambda found: f"{{ &{found[1]},\n  {{ "
              + re.sub(r'"\s+"', "", re.sub(r"\s*\n\s*", " ", found[2])) + "HFILL }}", text, flags=re.DOTALL)
print(text)
