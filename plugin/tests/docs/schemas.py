# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON Schemas of docs/schemas: validation, and values that must not pass."""

import copy
import json
from pathlib import Path

import jsonschema

SCHEMAS = Path(__file__).resolve().parents[3] / "docs" / "schemas"


class RepeatedKey(ValueError):
    pass


def _without_repeats(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise RepeatedKey(f"a key stands twice in an object: {keys}")
    return dict(pairs)


def loads(text):
    """As json.loads, but a key that stands twice is an error."""
    return json.loads(text, object_pairs_hook=_without_repeats)


class Schema:
    def __init__(self, name):
        self.name = f"{name}.schema.json"
        content = loads((SCHEMAS / self.name).read_text())
        jsonschema.Draft202012Validator.check_schema(content)
        self.content = content
        self._validator = jsonschema.Draft202012Validator(content)

    def fault(self, value):
        """What is wrong with a value; nothing when it is valid."""
        error = next(self._validator.iter_errors(value), None)
        if error is None:
            return ""
        place = "".join(f"[{step!r}]" for step in error.absolute_path) or "the value"
        return f"{self.name}: {place}: {error.message}"


def mutations(value, required):
    """Yields (what, value) for each change of one place of a valid value that no schema of ours may let
    pass. required(path): keys that an object at that path has to have."""
    for path, part in _parts(value, ()):
        place = "/" + "/".join(map(str, path))
        for what, new in _wrong(path, part, required):
            mutated = copy.deepcopy(value)
            yield f"{place}: {what}", _replaced(mutated, path, new)


def _parts(value, path):
    yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _parts(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _parts(part, (*path, index))


def _replaced(value, path, new):
    if not path:
        return new
    part = value
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = new
    return value


def _wrong(path, part, required):
    yield "null", None
    if isinstance(part, bool):
        yield "a number for a boolean", int(part)
        yield "text for a boolean", str(part).lower()
    elif isinstance(part, int):
        yield "text for a number", str(part)
        if abs(part) < 2**52:  # beyond, a float has no half
            yield "no whole number", part + 0.5
        yield "2^64", 2**64
        yield "-2^64", -(2**64)
        if not str(path[-1]).endswith("_ns"):
            yield "-1", -1
    elif isinstance(part, str):
        yield "a number for text", 1
        yield "a line end in a text", part + "\n"
        if path[-1] != "ext":
            yield "an unknown word", part + " ?"
    elif isinstance(part, list):
        yield "an object for a list", {}
        yield "an element of another type", [*part, "?"]
        yield "an element that is a list", [*part, []]
    elif isinstance(part, dict):
        yield "a list for an object", []
        yield "an unknown key", {**part, "unknown": 1}
        for key in required(path):
            yield f"no {key}", {k: v for k, v in part.items() if k != key}
