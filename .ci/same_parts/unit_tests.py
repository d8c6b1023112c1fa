# SPDX-License-Identifier: GPL-2.0-or-later
"""The core's own tests as judges of a mutant, instead of what two builds print."""

import os
import re
import shutil
import subprocess
import tempfile

from . import builds, mutant_sources

LONGEST = 300  # seconds; unmutated they take some twenty


def program_of(tree):
    return next((tree / "build" / "tests-build").rglob("core_tests"))


def build(tree):
    """Optimised, so that a mutant which changes nothing is the same code."""
    folder = tree / "build" / "tests-build"
    folder.mkdir(parents=True, exist_ok=True)
    options = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DSEAMARK_TESTS=ON", "-DSEAMARK_PLUGIN=ON", "-DSEAMARK_EMITTER=OFF",
               "-DSEAMARK_WERROR=OFF"]
    if shutil.which("ccache"):
        options.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    with (folder / "build.log").open("wb") as log:
        for command in (["cmake", "-S", tree, "-B", folder, *options],
                        ["cmake", "--build", folder, "--target", "core_tests", "-j", str(os.cpu_count() or 2)]):
            if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode:
                raise builds.Unbuilt(f"{folder} could not be built (see {log.name})")
    return program_of(tree)


def failed(program):
    """The first test that fails, "" if none does."""
    try:
        done = subprocess.run([program, "--gtest_fail_fast", "--gtest_brief=1"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=LONGEST, env={**os.environ, "SEAMARK_LIMITS_SCALE": "0.125"})
    except subprocess.TimeoutExpired:
        return f"not ended after {LONGEST} s"
    if done.returncode == 0:
        return ""
    test = re.search(r"\[  FAILED  \] (\S+)", done.stdout)
    return test[1] if test else f"ended with status {done.returncode}"


def try_one(change, tree, base):
    """(verdict, detail) of a mutant; `base` is the program without it."""
    folder, before = tree / "build" / "tests-build", mutant_sources.apply(tree, change)
    try:
        with (folder / "mutant.log").open("wb") as log, tempfile.TemporaryDirectory() as scratch:
            command = ["cmake", "--build", folder, "-j", "1", "--target", "core_tests"]
            if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode:
                return "does not compile", ""
            if builds.equal_code(base, program_of(tree), scratch):
                return "same code", ""
        test = failed(program_of(tree))
        return ("killed", test) if test else ("SURVIVED", "")
    finally:
        (tree / change.path).write_text(before)
