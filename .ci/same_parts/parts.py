# SPDX-License-Identifier: GPL-2.0-or-later
"""The parts of the comparison, and how much of each is run."""

from same_parts import captures, commands, endings, got, mutated, options, served, traced

NAMES = ("captures", "mutated", "emitter", "trace", "extcap")
MUTATED, MUTATED_QUICK = 5000, 300
QUICK = 4  # every fourth capture, and so on
SAME_CODE = 8  # where both programs are the same code


def jobs(given, files, same):
    """[Job] of all parts that are asked for, the plugin's first."""
    wanted = given.only or NAMES
    quick = QUICK if given.quick else 1
    of_plugin = 1 if given.show else max(quick, SAME_CODE if same["plugin"] else 1)
    of_emitter = 1 if given.show else max(quick, SAME_CODE if same["seamark"] and same["library"] else 1)
    mutated_captures = given.mutated or (MUTATED_QUICK if given.quick else MUTATED)
    if same["plugin"] and not given.mutated:
        mutated_captures = min(mutated_captures, MUTATED_QUICK)
    emitter, extcap = commands.jobs()
    made = []
    if "captures" in wanted:
        made += options.jobs(files, of_plugin) + captures.jobs(files, of_plugin)
    if "emitter" in wanted:
        made += emitter + got.jobs() + endings.jobs() + served.jobs(given.seed, of_emitter)
    if "trace" in wanted:
        made += traced.jobs(given.seed, of_emitter)
    if "extcap" in wanted:
        made += extcap
    if "mutated" in wanted:
        made += mutated.jobs(files, mutated_captures, given.seed)
    return made
