#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/architecture.md names each unit of the tree: each header that is no test's, by its name."""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
HOUSES = ("plugin/core", "plugin/epan", "emitter")

text = (TOP / "docs" / "architecture.md").read_text()
named = set(re.findall(r"`([a-z0-9_]+)(?:\.\w+)?`", text))
units = sorted(path for house in HOUSES for pattern in ("*.hpp", "*.h") for path in (TOP / house).rglob(pattern)
               if "tests" not in path.parts)
missing = [str(path.relative_to(TOP)) for path in units if path.stem not in named]
print(f"{len(units)} units, {len(missing)} not named in docs/architecture.md", *missing, sep="\n")
sys.exit(bool(missing) or len(units) < 100)
