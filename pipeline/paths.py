"""Where in OUT what is kept."""

from __future__ import annotations

from pathlib import Path


def table_path(out: Path, name: str) -> Path:
    """Where the table of that name is kept."""
    return out / "tables" / f"{name}.parquet"


def intake_path(out: Path, name: str) -> Path:
    """Where is kept what became of an input's rows."""
    return out / "tables" / f"{name}.intake.json"
