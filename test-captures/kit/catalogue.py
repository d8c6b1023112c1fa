# SPDX-License-Identifier: GPL-2.0-or-later
"""All recipes of this folder, built."""

import importlib
import sys
from pathlib import Path

from . import wire

FOLDER = Path(__file__).resolve().parents[1]


def build_all():
    """Yields (what it proves, Capture) for each recipe, in order of names."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    for path in sorted((FOLDER / "recipes").glob("*.py")):
        recipe = importlib.import_module(f"recipes.{path.stem}")
        capture = wire.Capture(path.stem.replace("_", "-"))
        recipe.build(capture)
        yield " ".join(recipe.__doc__.split()), capture
