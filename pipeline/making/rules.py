"""What Make has to know of a district, in its own words: which files can be made, and, to look only, a rule
for each that says what it follows from and whether it is out of date.

Times say nothing to Make here: what a file follows from stands behind the bar (order only), and one that is
out of date by its content needs FORCE, which is never there.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.making.judge import Judge
from pipeline.making.steps import Places, Step


def names(places: Places, steps: Iterable[Step]) -> str:
    """Every file that can be made, as a variable of Make.

    Parameters
    ----------
    places : Places
    steps : iterable of Step
        Those whose files a person may change are left out.

    Returns
    -------
    str
        One line.
    """
    files = [_in_make(path, places) for step in steps if not step.kept for path in step.writes]
    return f"MADE := {' '.join(files)}\n"


def rules(judge: Judge) -> str:
    """A rule a step, so that `make -n` and `make -q` see the graph as it is.

    Parameters
    ----------
    judge : Judge

    Returns
    -------
    str
        Rules of Make; a step that is out of date needs FORCE.
    """
    places, stale = judge.places, judge.out_of_date()
    lines = [".PHONY: FORCE"]
    for step in judge.steps.values():
        needs = [_in_make(judge.steps[name].writes[0], places) for name in judge.before(step)]
        first, *more = [_in_make(path, places) for path in (step.writes[:1] if step.kept else step.writes)]
        force = " FORCE" if step.name in stale else ""
        bar = " |" if needs else ""
        lines.append(f"{first}:{force}{bar} {' '.join(needs)}".rstrip())
        at = "--raw $(RAW)" if step.kept else "$(AT)"
        lines.append(f"\t@$(RUN) {step.name} {at}")
        lines += [f"{other}: | {first} ;" for other in more]
    return "\n".join(lines) + "\n"


def _in_make(path: Path, places: Places) -> str:
    """A path in terms of Make's variables OUT, MAPS and RAW, however these are spelled."""
    folders = {"OUT": places.out, "MAPS": places.maps, "RAW": places.raw}
    inside = {name: folder for name, folder in folders.items() if path.is_relative_to(folder)}
    nearest = max(inside, key=lambda name: len(inside[name].parts))
    return f"$({nearest})/{path.relative_to(inside[nearest]).as_posix()}"
