#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each link of a Markdown file to another file of the tree, and to a heading of one, has its target. The wiki page is left
out where it links to other pages of Wireshark's wiki."""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
FOLDERS = ("docs", "emitter", "plugin", "test-captures")
HIDDEN = re.compile(r"^```.*?^```|<!--.*?-->", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(text):
    """As GitHub makes them of headings, and those that stand in the text."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", found) for found in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    named = re.findall(r'<a (?:id|name)="([^"]+)"', text)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings} | set(named)


def main():
    # Without git: the tree may have been unpacked from an archive.
    files = sorted(TOP.glob("*.md")) + [path for folder in FOLDERS for path in sorted((TOP / folder).glob("**/*.md"))]
    broken, links = [], 0
    for path in files:
        for link in LINK.findall(HIDDEN.sub("", path.read_text())):
            name, _, anchor = link.partition("#")
            if ":" in name or (path.parent.name == "wiki" and "." not in name):
                continue
            links += 1
            target = path.parent / name if name else path
            if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target.read_text())):
                broken.append(f"{path.relative_to(TOP)}: {link}")
    print(f"{links} links in {len(files)} files, {len(broken)} without a target", *broken, sep="\n")
    return 1 if broken or not links else 0


if __name__ == "__main__":
    sys.exit(main())
