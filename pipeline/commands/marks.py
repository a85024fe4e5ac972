"""Marks beside files that are not whole, because a step of the run failed: Make makes a marked file anew,
whatever its time.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = ".partial"


def put(path: Path) -> None:
    """Mark a file, before it is written."""
    mark = path.parent / FOLDER / path.name
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def remove(path: Path) -> None:
    """The file is whole again."""
    mark = path.parent / FOLDER / path.name
    if mark.exists():
        mark.unlink()
        if not any(mark.parent.iterdir()):
            mark.parent.rmdir()
