"""What each command does: read tables, call what the registry names, write what it gives.

Libraries are loaded inside the commands: their names, help and mistakes in their use cost none of that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial as bound

from pipeline.commands.ingest import ingest
from pipeline.commands.inspecting import inspect
from pipeline.commands.manifest import manifest
from pipeline.commands.map import map_
from pipeline.commands.partial import partial
from pipeline.commands.publish import publish
from pipeline.commands.release import release
from pipeline.commands.run import RefusedError, Run
from pipeline.commands.stage import run_stage
from pipeline.registry import STAGES

__all__ = ["COMMANDS", "RefusedError", "Run", "inspect"]

#: Every command on a district, in the order they run.
COMMANDS: dict[str, Callable[[Run], str]] = {
    "ingest": ingest,
    **{stage.name: bound(run_stage, stage) for stage in STAGES},
    "publish": publish,
    "map": map_,
    "partial": partial,
    "manifest": manifest,
    "release": release,
}
