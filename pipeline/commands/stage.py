"""From tables to a table: any of the stages, as the registry declares it."""

from __future__ import annotations

from pipeline import registry
from pipeline.commands.run import Run
from pipeline.registry import Stage


def run_stage(stage: Stage, run: Run) -> str:
    """Read the tables that a stage is declared to read, hand it its settings, write what it gives.

    Parameters
    ----------
    stage : Stage
    run : Run

    Returns
    -------
    str
        The table in one line, by `summary` of the stage's module.

    Raises
    ------
    TableError
        A table that it reads is not there, or what it gives is not what the schema says.
    """
    function = registry.named(stage.function)
    given = registry.settings_of(run.config, stage.settings)
    if stage.shares_work:
        given["jobs"] = run.jobs
    made = function(**run.read(*stage.reads), **given)
    run.write(made, stage.writes)
    said: str = registry.named(f"{registry.module_of(stage.function)}:summary")(made)
    return said
