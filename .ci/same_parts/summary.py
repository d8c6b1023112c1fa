# SPDX-License-Identifier: GPL-2.0-or-later
"""What came out, for people."""

import sys

MOST = 12  # differences that are shown


def table(tally):
    yield f"{'part':10} {'kind':26} {'outputs':>8} {'answers':>8} {'differ':>7}"
    for part, kind in tally.outputs:
        yield (f"{part:10} {kind:26} {tally.outputs[part, kind]:8} {tally.items[part, kind]:8} "
               f"{tally.differing[part, kind]:7}")
    yield (f"{'in all':37} {sum(tally.outputs.values()):8} {sum(tally.items.values()):8} "
           f"{sum(tally.differing.values()):7}")


def show(tally, base, most=MOST):
    for difference in _spread(tally.differences, most):
        print(f"\n{difference.label}{': ' + difference.where if difference.where else ''}")
        print(f"    base: {difference.base}\n    now:  {difference.now}")
        if difference.command:
            print(f"    of:   {difference.command}")
        print(f"    again, in full: .ci/same {base} --show '{difference.job.id}'")
    if len(tally.differences) > most:
        print(f"\n… and {len(tally.differences) - most} more")
    for job, why in tally.broken[:most]:
        print(f"\n{job.id} could not be compared: {why}")


def _spread(differences, most):
    """Some of each kind rather than many of one."""
    seen, first, rest = set(), [], []
    for difference in differences:
        key = (difference.job.part, difference.label.split(" ")[0])
        (rest if key in seen else first).append(difference)
        seen.add(key)
    return (first + rest)[:most]


def progress(quiet):
    """A function that says how far it is: on a terminal in one line, else now and then."""
    def say(done, of, job, tally):
        if quiet:
            return
        if sys.stderr.isatty():
            print(f"\r{done} of {of}, {len(tally.differences)} differ\033[K", end="\n" if done == of else "", file=sys.stderr)
        elif done == of or done % 50 == 0:
            print(f"{done} of {of}, {len(tally.differences)} differ", file=sys.stderr)
    return say
