#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The comparisons find what they are there to find."""

import unittest

import check_alongside
import check_captures
import check_real
import compare

ROW = {"stream": 0, "dir": "response", "message": 1, "chunk": 1, "hex": "20",
       "offset": 80, "frames": [[4, 42]]}


class Chunks(unittest.TestCase):
    def complaints(self, expected, actual):
        return compare.compare_chunks("x.pcap", expected, actual, list(ROW))

    def test_equal_rows_give_no_complaint(self):
        self.assertEqual(self.complaints([ROW], [dict(ROW, writes=[7])]), [])

    def test_other_value_is_named_with_both(self):
        text = self.complaints([ROW], [dict(ROW, hex="21")])[0]
        self.assertIn("hex: '21', expected '20'", text)
        self.assertIn("stream 0 response message 1 chunk 1 at offset 80", text)

    def test_absent_key_surplus_row_and_missing_row_are_found(self):
        less = {k: v for k, v in ROW.items() if k != "frames"}
        self.assertIn("(absent)", self.complaints([ROW], [less])[0])
        self.assertNotEqual(self.complaints([ROW], [ROW, ROW]), [])
        self.assertIn("surplus", self.complaints([ROW], [ROW, dict(ROW, offset=90)])[1])
        self.assertIn("missing", self.complaints([ROW, dict(ROW, offset=90)], [ROW])[1])

    def test_order_counts(self):
        two = [ROW, dict(ROW, offset=90)]
        self.assertIn("order", self.complaints(two, two[::-1])[0])

    def test_faults_are_compared_by_whether_there_are_any(self):
        def rows(expected, faults):
            import json
            line = json.dumps(dict(ROW, faults=faults))
            return check_captures.compare_rows("x", [dict(ROW, faulty=expected)], line)

        self.assertEqual(rows(True, ["bare LF"]), [])
        self.assertEqual(rows(False, []), [])
        self.assertNotEqual(rows(False, ["bare LF"]), [])
        self.assertNotEqual(rows(True, []), [])
        self.assertEqual(rows(None, []), [])


class Fields(unittest.TestCase):
    COLUMNS = ["frame.number", "a", "b"]

    def complaints(self, expected, output):
        table = compare.field_table(output, self.COLUMNS)
        return compare.compare_fields("x.pcap", expected, table, self.COLUMNS)[0]

    def test_booleans_of_any_version_are_equal(self):
        want = {1: {"a": "1|0", "b": ""}}
        self.assertEqual(self.complaints(want, "1\tTrue|False\t\n"), [])
        self.assertEqual(self.complaints(want, "1\t1|0\t\n"), [])

    def test_differences_are_found(self):
        want = {1: {"a": "1|0", "b": ""}}
        self.assertIn("a: '1', expected '1|0'", self.complaints(want, "1\t1\t\n")[0])
        self.assertNotEqual(self.complaints(want, ""), [])
        self.assertNotEqual(self.complaints({}, "1\t\t5\n"), [])

    def test_unsaid_cell_is_not_compared(self):
        self.assertEqual(self.complaints({1: {"a": "?", "b": ""}}, "1\t9\t\n"), [])


class Real(unittest.TestCase):
    def test_connections_match_by_ends_whatever_their_numbers(self):
        a = {"stream": 5, "src": "1", "sport": 1, "dst": "2", "dport": 2}
        b = {"stream": 3, "src": "1", "sport": 3, "dst": "2", "dport": 2}
        renumbered = [dict(a, stream=0), dict(b, stream=1)]
        ports = [[row["sport"] for row in group] for rows in ([a, b], renumbered)
                 for group in check_real.by_connection(rows)]
        self.assertEqual(ports, [[1], [3], [1], [3]])


class Alongside(unittest.TestCase):
    def test_only_our_subtree_goes(self):
        text = "Frame 1\n    x\nSeamark, chunk 1\n    y\n        z\n\nFrame 2\n    y\n"
        self.assertEqual(check_alongside.without_subtree(text),
                         ["Frame 1", "    x", "", "Frame 2", "    y"])
        frames = ["<packet>", '  <proto name="tcp">', "  </proto>", "</packet>", "<packet>", '  <proto name="http">', "  </proto>"]
        ours = ['  <proto name="seamark" showname="Seamark">', '    <field name="">', "    </field>", "  </proto>"]
        text = "\n".join(["<pdml>", *frames[:3], *ours, *frames[3:], *ours])
        self.assertEqual(check_alongside.pdml_without_ours(text), frames)

    def test_first_difference_is_shown(self):
        self.assertEqual(check_alongside.first_difference("x", "-V", ["a"], ["a"]), [])
        self.assertIn("line 2", check_alongside.first_difference("x", "-V", ["a", "b"], ["a", "c"])[0])
        self.assertNotEqual(check_alongside.first_difference("x", "-V", ["a"], ["a", "b"]), [])


if __name__ == "__main__":
    unittest.main()
