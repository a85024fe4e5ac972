"""What Make has to know of a district, in its own words: which files can be made, and, to look only, a rule
for each that says what it follows from and whether it is out of date.

Times say nothing to Make here: what a file follows from stands behind the bar (order only), and one that is
out of date by its content needs FORCE, which is never there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.making.steps import Places, Step


def names(places: Places, steps: Iterable[Step]) -> str:
    """Every file that can be made, as a variable."""
    files = [_in_make(path, places) for step in steps if not step.kept for path in step.writes]
    return f"MADE := {' '.join(files)}\n"


def rules(places: Places, steps: Mapping[str, Step], out_of_date: Iterable[str]) -> str:
    """A rule a step, so that `make -n` and `make -q` see the graph as it is."""
    stale = set(out_of_date)
    writer = {path: step for step in steps.values() for path in step.writes}
    lines = [".PHONY: FORCE"]
    for step in steps.values():
        before = [writer[path] for path in step.reads.values() if path in writer]
        before += [steps[name] for name in step.after if name in steps]
        needs = dict.fromkeys(_in_make(one.writes[0], places) for one in before)
        first, *more = [_in_make(path, places) for path in (step.writes[:1] if step.kept else step.writes)]
        force = " FORCE" if step.name in stale else ""
        bar = " |" if needs else ""
        lines.append(f"{first}:{force}{bar} {' '.join(needs)}".rstrip())
        at = "--raw $(RAW)" if step.kept else "$(AT)"
        lines.append(f"\t@$(RUN) {step.name} {at}")
        lines += [f"{other}: | {first} ;" for other in more]
    return "\n".join(lines) + "\n"


def _in_make(path: Path, places: Places) -> str:
    """A path as Make says it: from its own variables, however these are spelled."""
    folders = {"OUT": places.out, "MAPS": places.maps, "RAW": places.raw}
    inside = {name: folder for name, folder in folders.items() if path.is_relative_to(folder)}
    nearest = max(inside, key=lambda name: len(inside[name].parts))
    return f"$({nearest})/{path.relative_to(inside[nearest]).as_posix()}"
