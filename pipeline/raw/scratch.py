"""Temporary folders that are cleared even when their owner was killed: by whoever runs next."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "property-areas-raw-"


@contextmanager
def folder() -> Iterator[Path]:
    """A new temporary folder, removed when the block ends.

    Yields
    ------
    Path
        Locked while its owner lives, so that `clear` of another process leaves it; a process identifier in
        its name would not do, because it may be given to another process later.
    """
    path, lock = _locked()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def clear() -> None:
    """Remove the folders of this user whose owner is no more."""
    with os.scandir(tempfile.gettempdir()) as entries:
        ours = [
            entry.path
            for entry in entries
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False)
        ]
    for path in ours:
        with suppress(OSError):  # locked, another's, or gone just now
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock).st_uid == os.geteuid():
                    shutil.rmtree(path)
            finally:
                os.close(lock)


def _locked() -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        # somebody clears it just now, or the file system knows no locks: then nobody can clear it
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():
            return path, lock
        os.close(lock)
