"""All of a district brought up to date in one process, and what that would make anew and why."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.commands.run import RefusedError, Run
from pipeline.config import Config
from pipeline.making import fresh
from pipeline.making.code import ROOT
from pipeline.making.judge import LIBRARIES, Judge, record_path
from pipeline.making.steps import Step, own_sample, raw_files, steps_of, would_belong
from pipeline.making.together import CHANGED, TRIES, Work

#: Loaded for whatever is to be done: nearly every step reads and writes tables.
FOR_EVERY_STEP = ("pipeline.store", "geopandas", "pyarrow.dataset", "pyarrow.pandas_compat")


@dataclass(frozen=True)
class Wanted:
    """What is to be brought up to date."""

    files: tuple[Path, ...] = ()
    """None: everything."""
    jobs: int = 0
    """Number of steps side by side; 0: as many as there are cores."""
    note: tuple[str, ...] = ()
    """Arguments of the look at whether anything changed at all, which the next `make` begins with."""


def judge_of(run: Run) -> Judge:
    """What is known of the steps of a district.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Judge
    """
    generates = run.config.district.synthetic and own_sample(run.config_path, run.raw)
    places = replace(run.places, generates=generates)
    return Judge.of(run.config, places, steps_of(run.config, places))


def by_hand(run: Run, command: str, do: Callable[[Run], str]) -> str:
    """Do one command alone, and keep what it was made from, so that the next `make` finds it fresh.

    Parameters
    ----------
    run : Run
    command : str
        With the run's subject it is the name of a step; a command that is none is only done.
    do : callable
        Does it, and says what was done.

    Returns
    -------
    str
        What `do` said.

    Raises
    ------
    RefusedError
        The files it reads change while they are read, each of TRIES times.
    """
    judge = judge_of(run)
    step = judge.steps.get(f"{command} {run.subject}".strip())
    if step is None:
        return do(run)
    for _ in range(TRIES):
        begun = judge.begin(step)
        said = do(run)
        if not (changed := judge.changed_since(step, begun)):
            judge.record(step, begun)
            judge.save()
            return said
    raise RefusedError(CHANGED.format(", ".join(changed)))


def update(
    run: Run,
    wanted: Wanted,
    *,
    do: Callable[[Step], int],
    refuse: Callable[[Step, str], object],
    show_without: Callable[[tuple[str, ...]], int],
) -> int:
    """Make what is out of date, and where a step fails everything that does not follow from it.

    Parameters
    ----------
    run : Run
    wanted : Wanted
        The files that are asked for.
    do : callable
        Does one step, in a child, and says what there is to say. Returns its exit code.
    refuse : callable
        Says why a step came to nothing though its child has not said so.
    show_without : callable
        Shows what there is without the files of these names, where something failed. Returns an exit code.

    Returns
    -------
    int
        Exit code: 0 all is up to date, 1 something could not be made.

    Raises
    ------
    RefusedError
        A file is asked for that no step writes.
    """
    judge = judge_of(run)
    (run.out / fresh.NOTE).unlink(missing_ok=True)
    goals = _goals(judge, wanted.files)
    work = Work(judge, do, refuse, load, jobs=wanted.jobs or len(os.sched_getaffinity(0)))
    try:
        work.bring_up_to_date(goals)
        if work.failed and not wanted.files:
            names = (path.name for name in work.failed for path in judge.steps[name].writes)
            work.alone(lambda: show_without(tuple(name.removesuffix(".parquet") for name in names)))
    finally:
        judge.save()
    if work.failed:
        return 1
    if not wanted.files and wanted.note:
        _note_that_all_is_fresh(run, judge, wanted.note)
    return 0


def why(run: Run) -> str:
    """What would be made anew, and which change causes it, a line a step.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        Of each step its name and the first FEW changes.
    """
    found = judge_of(run).out_of_date()
    lines = [f"{name:<28} {'; '.join(_first_changes(said))}" for name, said in found.items()]
    return "\n".join(lines) or "nothing: everything is up to date"


FEW = 3
"""Number of changes that are listed of one step."""


def _first_changes(said: Sequence[str]) -> list[str]:
    more = len(said) - FEW
    return [*said[:FEW], f"and {more} more changes"] if more > 1 else list(said)


def _goals(judge: Judge, files: Sequence[Path]) -> list[str]:
    if not files:
        return list(judge.steps)
    writer = {os.path.normpath(path): name for path, name in judge.writer.items()}
    if unknown := [str(path) for path in files if os.path.normpath(path) not in writer]:
        raise RefusedError(f"{', '.join(unknown)}: nothing here makes that")
    return [writer[os.path.normpath(path)] for path in files]


def load(step: Step) -> None:
    """Load what a step needs, for all children that are to come.

    Parameters
    ----------
    step : Step
    """
    if any(module == "pipeline.commands.ingest" for module in step.code):
        from pipeline.readers import drivers

        drivers.load()
    for module in FOR_EVERY_STEP + MORE.get(step.command[0], ()) + step.code:
        importlib.import_module(module)


#: What commands load when they run.
MORE = {
    "ingest": ("pipeline.stages.ingest", "pipeline.readers.read"),
    "publish": ("pipeline.publish.files.handoff",),
    "map": ("pipeline.publish.webmap",),
    "manifest": ("pipeline.publish.files.manifest",),
}


def _note_that_all_is_fresh(run: Run, judge: Judge, given: Sequence[str]) -> None:
    """Note how all files look now that everything is up to date; while they look the same nothing is made."""
    steps = judge.steps.values()
    raw = {path for step in steps for path in raw_files(step.raw, run.raw).values()}
    made = {path for step in steps for path in step.writes}
    code = {ROOT / name.removeprefix("code ") for step in steps for name in judge.code_of(step)}
    venv = Path(given[-1])
    environment = [venv / name for name in ("requirements.lock", "unfinished", "bin/python", "bin/pip")]
    records = [record_path(judge.places, name) for name in judge.steps]
    new = {place for step in steps for place in would_belong(step.raw, run.raw)}
    beside = {path.parent for path in code if path.suffix != ".py"}
    every = [run.config_path, LIBRARIES, *raw, *made, *code, *environment, *records, *new, *beside]
    judge.contents.settle([run.config_path, LIBRARIES, *raw, *made, *code])
    # Looked at before it is judged: a file that is changed in between does not look as noted.
    looks = {str(path): fresh.look(str(path)) for path in every}
    again = Judge(run.config, judge.places, judge.steps, judge.contents, judge.records)
    if Config.load(run.config_path) == run.config and not again.out_of_date():
        fresh.write(str(run.out / fresh.NOTE), list(given), looks)
