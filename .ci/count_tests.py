#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints how many tests passed, failed and were skipped, from the results that CTest wrote as JUnit
XML (ctest --output-junit FILE).

usage: count_tests.py FILE
"""
import sys
import xml.etree.ElementTree


def main():
    try:
        tests = xml.etree.ElementTree.parse(sys.argv[1]).getroot().findall(".//testcase")
    except (OSError, xml.etree.ElementTree.ParseError) as error:
        sys.exit(f"count_tests.py: {sys.argv[1]}: {error}")
    failed = sum(test.find("failure") is not None for test in tests)
    skipped = sum(test.get("status") in ("notrun", "disabled") for test in tests)
    print(len(tests) - failed - skipped, failed, skipped)


main()
