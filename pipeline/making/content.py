"""What a file has in it, found without reading it again where it shows that nothing was changed.

A file that has the same size, times, and place on the disk as when it was read has the same bytes, unless it
was changed within the same tick of the clock. So what was looked at so soon after a change is read again the
next time, as git does with its index.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import files
from pipeline.making.fresh import look

TICK_NS = 50_000_000
"""Two changes of a file farther apart than this have different times: kernels count in 1 to 10 ms."""
COARSE_TICK_NS = 2_100_000_000
"""The same for drives that keep whole seconds only (FAT: every other)."""
SECOND_NS = 1_000_000_000
FORMAT = 1

Signature = tuple[int, int, int, int]


def signature(path: str | Path) -> Signature | None:
    """What shows of a path whether its content was changed.

    Parameters
    ----------
    path : str or Path
        Links are followed.

    Returns
    -------
    tuple of four int, or None
        Size in bytes, time of change of content and of entry (ns), and inode; None: nothing is there.
    """
    seen = look(str(path))
    return None if seen is None else (seen[0], seen[1], seen[2], seen[3])


def settled(seen: Signature, at_ns: int) -> bool:
    """Whether a change after the moment `at_ns` would show in the times of a file.

    Parameters
    ----------
    seen : Signature
        Of the file, as it was looked at.
    at_ns : int
        Nanoseconds since 1970.

    Returns
    -------
    bool
        True if its last change was more than TICK_NS before; COARSE_TICK_NS where both times are whole
        seconds.
    """
    whole_seconds = not seen[1] % SECOND_NS and not seen[2] % SECOND_NS
    return max(seen[1:3]) < at_ns - (COARSE_TICK_NS if whole_seconds else TICK_NS)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 digits.

    Raises
    ------
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Contents:
    """Digests of files, remembered by what shows whether they were changed."""

    known: dict[str, tuple[Signature, str, Sequence[str] | None]] = field(default_factory=dict)
    """Absolute path → how it looked when it was read, SHA-256, and what else was found out about it."""
    changed: bool = False

    @classmethod
    def load(cls, path: Path) -> Contents:
        """The digests kept in a file.

        Parameters
        ----------
        path : Path

        Returns
        -------
        Contents
            Without digests where the file cannot be read, or was written by another version.
        """
        try:
            kept = json.loads(path.read_bytes())
            if kept["format"] == FORMAT:
                return cls(
                    {
                        name: (tuple(seen), digest, more)
                        for name, (seen, digest, more) in kept["files"].items()
                    }
                )
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return cls()

    def save(self, path: Path) -> None:
        """Keep the digests in a file, but for those of files that are gone.

        Nothing is written if no digest changed.

        Parameters
        ----------
        path : Path

        Raises
        ------
        WriteError
            The disk does not take it.
        """
        if self.changed:
            there = {name: known for name, known in self.known.items() if signature(name) is not None}
            files.write(path, json.dumps({"format": FORMAT, "files": there}, separators=(",", ":")).encode())
            self.changed = False

    def digest(self, path: Path) -> str | None:
        """SHA-256 of a file as it is now; it is read only if it may have changed.

        Parameters
        ----------
        path : Path
            Kept as it is spelled: links are not followed.

        Returns
        -------
        str or None
            Hexadecimal digits; None: there is no file that can be read.
        """
        name, seen = os.path.abspath(path), signature(path)  # noqa: PTH100 (as it is spelled: links are not followed)
        known = self.known.get(name)
        if known and known[0] == seen:
            return known[1]
        if seen is None:
            return None
        at_ns = time.time_ns()
        try:
            digest = sha256(path)
        except OSError:  # a folder, or not for us
            return None
        if signature(path) == seen and settled(seen, at_ns):
            more = known[2] if known and known[1] == digest else None
            self.known[name] = (seen, digest, more)
            self.changed = True
        elif known:
            del self.known[name]
            self.changed = True
        return digest

    def settle(self, paths: Iterable[Path]) -> None:
        """Read once more, after a tick of the clock, the files that were changed just now.

        Parameters
        ----------
        paths : iterable of Path
            Waits at most 2 · TICK_NS for the newest of those whose digest is not remembered.

        Notes
        -----
        After that a later change shows in the times of the file.
        """
        paths = [path for path in paths if os.path.abspath(path) not in self.known]  # noqa: PTH100
        newest = max((max(seen[1:3]) for path in paths if (seen := signature(path))), default=0)
        wait_ns = newest + TICK_NS + 1_000_000 - time.time_ns()
        if 0 < wait_ns <= 2 * TICK_NS:
            time.sleep(wait_ns / 1e9)
        for path in paths:
            self.digest(path)

    def remembered(self, path: Path) -> Sequence[str] | None:
        """What was found out about a file that is as it was then.

        Parameters
        ----------
        path : Path

        Returns
        -------
        list of str or None
            What `remember` was given; None: nothing, or the file has changed.
        """
        known = self.known.get(os.path.abspath(path))  # noqa: PTH100
        return known[2] if known and known[0] == signature(path) else None

    def remember(self, path: Path, more: Sequence[str]) -> None:
        """Keep what was found out about a file, as long as it stays as it is.

        Parameters
        ----------
        path : Path
        more : sequence of str
            Kept as JSON.
        """
        name = os.path.abspath(path)  # noqa: PTH100
        self.digest(path)
        if name in self.known:
            self.known[name] = (*self.known[name][:2], more)
            self.changed = True
