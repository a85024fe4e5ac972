"""What each command does: read tables, call the stage, write what it gives. One function a command.

Libraries and stages are imported inside the commands: Make runs one process a stage, and loading what a stage
does not use would cost more than most stages do.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.commands import handoff, raw, stages
from pipeline.commands.handoff import PUBLISHED
from pipeline.commands.partial import partial
from pipeline.commands.raw import inspect
from pipeline.commands.run import RefusedError, Run

__all__ = ["PUBLISHED", "STAGES", "RefusedError", "Run", "inspect"]

STAGES: dict[str, Callable[[Run], str]] = {
    "ingest": raw.ingest,
    "match": stages.match,
    "group": stages.group,
    "blocks": stages.blocks,
    "delineate": stages.delineate,
    "edges": stages.edges,
    "bounds": stages.bounds,
    "reasons": stages.reasons,
    "service": stages.service,
    "gaps": stages.gaps,
    "check": stages.check,
    "reconcile": stages.reconcile,
    "changes": stages.changes,
    "publish": handoff.publish,
    "map": handoff.map_,
    "partial": partial,
    "manifest": handoff.manifest,
    "release": handoff.release,
}
