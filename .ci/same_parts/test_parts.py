#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the comparison itself does with made-up outputs: python3 .ci/same_parts/test_parts.py"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from same_parts import captures, holding, normal, words  # noqa: E402
from same_parts.outputs import Job, Output  # noqa: E402


def table(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.tsv"
        path.write_text(text)
        return words.read(path)


def hold(base, now, change=words.Words({}), **how):
    """What differs between two runs of a job that gives these bytes, one after another."""
    given = {"base": iter(base), "now": iter(now)}

    def outputs(side):
        return [Output("text", "made up", "", next(given[side]), **how)]
    return holding.hold(Job("captures", "made up", outputs, steady=len(base) == 1), "base", "now", change)[1]


class WordsTest(unittest.TestCase):
    def test_the_longest_wins(self):
        self.assertEqual(table("seam\tboundary\nseam cut\tsplit\n").apply(b"a seam cut, a seam"), b"a split, a boundary")

    def test_what_was_put_in_is_left_alone(self):
        self.assertEqual(table("a\tb\nb\ta\n").apply(b"ab"), b"ba")

    def test_escapes_and_comments(self):
        self.assertEqual(table("# a\tb\n\nx\\ty\tz\\n\n").apply(b"a x\ty"), b"a z\n")

    def test_one_word_that_is_several_now(self):
        change = table("offset\tchunk offset\tback\noffset\tsegment offset\tback\n")
        self.assertEqual(hold([b"offset, offset"], [b"chunk offset, segment offset"], change), [])
        self.assertEqual(len(hold([b"offset"], [b"an offset"], change)), 1)

    def test_what_is_no_line_of_it(self):
        for text in ("one\n", "a\tb\tc\n", "a\t\tback\n", "\tb\n", "a\tb\na\tc\n"):
            with self.assertRaises(words.Unreadable):
                table(text)


class HoldTest(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(hold([b"a"], [b"a"]), [])

    def test_a_byte(self):
        self.assertEqual([(d.base, d.now) for d in hold([b"x\nab\n"], [b"x\nac\n"])], [("ab", "ac")])

    def test_more_at_the_end(self):
        self.assertEqual([(d.base, d.now) for d in hold([b"x\n"], [b"x\nac\n"])], [("", "ac")])

    def test_words_change_the_base_alone(self):
        change = table("seam\tboundary\n")
        self.assertEqual(hold([b"a seam"], [b"a boundary"], change), [])
        self.assertEqual(len(hold([b"a seam"], [b"a seam"], change)), 1)

    def test_order_where_it_is_none(self):
        self.assertEqual(hold([b"b\na"], [b"a\nb"], unordered=True), [])

    def test_chance_is_looked_at_again(self):
        self.assertEqual(hold([b"a", b"a"], [b"b", b"a"]), [])
        self.assertEqual(len(hold([b"a"] * 3, [b"b"] * 3)), 1)


class PartsTest(unittest.TestCase):
    def test_fences_part_what_is_drawn_last_first(self):
        out = captures.FENCE_TEXT.join([b"second", b"first", b""])
        self.assertEqual(captures.parted(out, ["1", "2"]), {"2": b"second", "1": b"first"})
        self.assertEqual(captures.parted(b"torn", ["1", "2"]), {"tables": b"torn"})

    def test_what_is_chance(self):
        self.assertEqual(normal.emitter_output(b"127.0.0.1:45343 took 1.5 ms, id=0123456789abcdef"), b"HOST:PORT took DURATION, id=ID")
        self.assertEqual(normal.state_numbers(4, (5, 1, 7, 2304)), "?,1,?,2304")


if __name__ == "__main__":
    unittest.main()
