"""MapInfo's text format: whether its two files belong together."""

from __future__ import annotations

from pathlib import Path


def rows_of_attributes(path: Path) -> int | None:
    """How many rows the .mid beside a .mif has.

    Parameters
    ----------
    path : Path
        The .mif.

    Returns
    -------
    int or None
        None: there is no .mid.
    """
    beside = (
        part for part in path.parent.iterdir() if part.stem == path.stem and part.suffix.lower() == ".mid"
    )
    found = next(beside, None)
    return None if found is None else sum(1 for line in found.read_bytes().splitlines() if line.strip())
