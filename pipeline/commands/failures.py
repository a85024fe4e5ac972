"""What a command said when it failed, kept beside the tables, so that the map can say why something is
missing.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

LONGEST = 2_000
"""Characters of a message that are kept."""


def keep(out: Path, command: str, subject: str, said: str) -> None:
    """Keep what a command said when it failed.

    Parameters
    ----------
    out : Path
        OUT, the district's folder.
    command, subject : str
        The command, and the input or file that it was about; "" for none.
    said : str
        Its first LONGEST characters are kept.

    Notes
    -----
    A disk that takes no more is no reason to hide what it was: OSError is passed over.
    """
    with suppress(OSError):
        path = _path(out, command, subject)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said[:LONGEST], encoding="utf-8", errors="replace")


def forget(out: Path, command: str, subject: str) -> None:
    """Forget what a command said: it is run again.

    Parameters
    ----------
    out : Path
        OUT, the district's folder.
    command, subject : str
        The command, and the input or file that it is about; "" for none.
    """
    with suppress(OSError):
        _path(out, command, subject).unlink(missing_ok=True)


def taken(out: Path) -> list[tuple[str, str]]:
    """What the commands said that failed since this was last asked; it is forgotten.

    Parameters
    ----------
    out : Path
        OUT, the district's folder.

    Returns
    -------
    list of (str, str)
        Command with its subject, and what it said; the first to fail first.
    """
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
