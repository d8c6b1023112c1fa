# SPDX-License-Identifier: GPL-2.0-or-later
"""The two builds that are held against each other: a commit in a worktree, and the tree as it stands.

Plain cmake with explicit options, so that a commit with other presets, or none, can be built. The names of
what is built are the only thing that both must have in common.
"""

import os
import shutil
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
WORK = TOP / "build" / "same"
PRODUCTS = {"plugin": "seamark.so", "seamark": "seamark", "library": "libseamark_trace.so"}


class Unbuilt(Exception):
    """There is nothing to compare; the text says why."""


def commit_of(base):
    done = subprocess.run(["git", "-C", str(TOP), "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}"],
                          capture_output=True, text=True)
    if done.returncode:
        raise Unbuilt(f"{base!r} names no commit of this repository; `git log --oneline` lists them")
    return done.stdout.strip()


def worktree(commit, name="base"):
    """A tree with that commit, in build/same/NAME: one, that moves, so that its build is incremental."""
    tree = WORK / name
    git = ["git", "-C", str(TOP)]
    if not (tree / ".git").exists():
        tree.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([*git, "worktree", "prune"], check=True)
        _run([*git, "worktree", "add", "--quiet", "--force", "--detach", str(tree), commit], "the worktree")
    else:
        _run(["git", "-C", str(tree), "checkout", "--quiet", "--force", "--detach", commit], "the worktree")
        _run(["git", "-C", str(tree), "clean", "--quiet", "-fd", "-e", "build"], "the worktree")
    return tree


def build(tree, say=print):
    """Builds a tree in its own build/same-build: as deep as the folders of the presets, so that ccache may find
    what those builds compiled. Returns {what: file}."""
    folder = tree / "build" / "same-build"
    log = folder / "build.log"
    folder.mkdir(parents=True, exist_ok=True)
    say(f"building {tree.relative_to(TOP) if tree != TOP else 'the tree as it stands'} (log: {log})")
    try:
        _configure_and_build(tree, folder, log, "ON")
    except Unbuilt:
        # Another compiler may warn of what was clean when that commit was made.
        _configure_and_build(tree, folder, log, "OFF")
    return products(folder)


def products(folder):
    """{what: file} below a build folder, wherever its CMake files put them."""
    found = {}
    for what, name in PRODUCTS.items():
        files = [p for p in folder.rglob(name) if p.is_file() and os.access(p, os.X_OK) and "CMakeFiles" not in p.parts]
        if len(files) != 1:
            raise Unbuilt(f"{folder}: {len(files)} files named {name}, expected one")
        found[what] = files[0]
    return found


def _configure_and_build(tree, folder, log, werror):
    options = ["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DSEAMARK_TESTS=OFF", "-DSEAMARK_PLUGIN=ON",
               "-DSEAMARK_EMITTER=ON", f"-DSEAMARK_WERROR={werror}"]
    if shutil.which("ccache"):
        options += [f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX")]
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    with log.open("ab") as out:
        _run(["cmake", "-S", str(tree), "-B", str(folder), *generator, *options], log, stdout=out, stderr=out)
        _run(["cmake", "--build", str(folder), "-j", str(os.cpu_count() or 2)], log, stdout=out, stderr=out)


def _run(command, what, **how):
    if subprocess.run(command, stdin=subprocess.DEVNULL, **how).returncode:
        raise Unbuilt(f"failed: {' '.join(map(str, command))} (see {what})")


def equal_code(one, other, scratch):
    """Whether two programs are the same but for debugging information, which has the names of folders."""
    stripped = []
    for name, program in (("one", one), ("other", other)):
        copy = Path(scratch) / f"stripped-{name}"
        done = subprocess.run(["objcopy", "--strip-all", "--remove-section=.note.gnu.build-id", str(program), str(copy)],
                              capture_output=True)
        if done.returncode:
            return False
        stripped.append(copy.read_bytes())
        copy.unlink()
    return stripped[0] == stripped[1]
