"""What a command said when it failed, kept beside the tables, so that the map can say why something is
missing.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

LONGEST = 2_000
"""So many characters of it are kept."""


def keep(out: Path, command: str, subject: str, said: str) -> None:
    """Keep what a command said. A disk that takes no more is no reason to hide what it was."""
    with suppress(OSError):
        path = _path(out, command, subject)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said[:LONGEST], encoding="utf-8", errors="replace")


def forget(out: Path, command: str, subject: str) -> None:
    """The command is run again."""
    with suppress(OSError):
        _path(out, command, subject).unlink(missing_ok=True)


def taken(out: Path) -> list[tuple[str, str]]:
    """(command, what it said) of those that failed since this was last asked, the first to fail first."""
    folder = out / "tables" / ".failed"
    paths = (
        sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name))
        if folder.is_dir()
        else []
    )
    said = [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in paths]
    shutil.rmtree(folder, ignore_errors=True)
    return said


def _path(out: Path, command: str, subject: str) -> Path:
    return out / "tables" / ".failed" / f"{command} {subject}".strip()
