"""Whole runs in the process of the test: what `make` does, but without a Python of its own for each
command.
"""

from __future__ import annotations

from pathlib import Path

from pipeline import registry
from pipeline.cli import main
from pipeline.config import Config

#: Every stage from tables to tables, in their order.
STAGES = tuple(stage.name for stage in registry.STAGES)


def run(
    config: Path, folder: Path, *more: list[str], raw: Path | None = None, stages: tuple[str, ...] = STAGES
) -> None:
    """Ingest every input, run the stages, then further commands: from folder/raw (or raw) into folder/out and
    folder/maps.
    """
    places = [
        "--config",
        str(config),
        "--raw",
        str(raw or folder / "raw"),
        "--out",
        str(folder / "out"),
        "--maps",
        str(folder / "maps"),
    ]
    inputs = [name for name, files in Config.load(config).inputs.items() if files]
    for command in (*(["ingest", name] for name in inputs), *([stage] for stage in stages), *more):
        assert main([*command, *places]) == 0, command
