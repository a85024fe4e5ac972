"""Where the header of a table stands, and what its columns are called: titles above it, cells merged over two
rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

#: The cells of a line.
Line = Sequence[str]
#: First and last cell, as (line, column) from 0, of each range that is one cell.
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]

#: The header is looked for among so many lines that are not blank, and is so many lines high at most.
LOOKED_AT = 30
HEIGHT_MAX = 3
#: Between the parts of a name that stands over several lines.
JOINT = "/"


@dataclass(frozen=True)
class Header:
    """The header of a table."""

    names: tuple[str, ...]
    """One for each column, all different."""
    first: int
    """Its first line, from 0."""
    after: int
    """The first line below it."""
    notes: tuple[str, ...]
    """Lines above it that were skipped, and columns that were given a name."""


def find(lines: Sequence[Line], known: Set[str], merged: Merged = ()) -> Header | None:
    """The header of a table.

    Parameters
    ----------
    lines : sequence of sequences of str
        Cells, line by line.
    known : set of str
        Names that the header probably has.
    merged : sequence of ranges, default ()
        First and last cell, as (line, column) from 0, of each range that is one cell.

    Returns
    -------
    Header or None
        The lines in which most of the known names stand; where none does, the first line that is not nearly
        empty. A name over several lines has its parts joined: "建筑/栋数". None where all lines are blank.
    """
    top = [i for i, line in enumerate(lines[: 10 * LOOKED_AT]) if any(cell.strip() for cell in line)][
        :LOOKED_AT
    ]
    if not top:
        top = [i for i, line in enumerate(lines) if any(cell.strip() for cell in line)][:1]
    if not top:
        return None
    filled = _spread(lines[: top[-1] + HEIGHT_MAX], merged)
    heights = {
        i: max([1, *(last[0] - i + 1 for (row, _), last in merged if row == i and last[0] < i + HEIGHT_MAX)])
        for i in top
    }
    best, most = (top[0], 1), (0, False, 0, 0)
    for i in top:
        for height in range(1, min(HEIGHT_MAX, len(filled) - i) + 1):
            count = len(known & set(_joined(filled[i : i + height])))
            rank = (count, height == heights[i] > 1, -height, -i)
            if count and rank > most:
                best, most = (i, height), rank
    if not most[0]:
        counts = {i: sum(bool(cell.strip()) for cell in lines[i]) for i in top}
        usual = sorted(counts.values())[3 * len(top) // 4]
        first = next((i for i in top if 2 * counts[i] > usual), top[0])
        best = (first, min(heights[first], len(filled) - first))
    first, height = best
    notes: list[str] = []
    titles = [" ".join(cell.strip() for cell in lines[i] if cell.strip()) for i in top if i < first]
    if titles:
        above = f"{len(titles)} line{'' if len(titles) == 1 else 's'}"
        notes.append(f"{above} above the header skipped: {'; '.join(title[:80] for title in titles[:5])}")
    names = _unique(_joined(filled[first : first + height]), notes)
    return Header(names, first, first + height, tuple(notes))


def normal(name: str) -> str:
    """A name as it is compared: without line breaks and the blanks around.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return re.sub(r"\s*\n\s*", "", name.strip())


def inside(merged: Merged, lines: Sequence[Line]) -> Merged:
    """The merged ranges as far as they lie on the lines.

    Parameters
    ----------
    merged : sequence of ranges
        As `find` takes them.
    lines : sequence of sequences of str

    Returns
    -------
    sequence of ranges
        What is below and to the right of the last cell is no part of the table.
    """
    bottom, right = len(lines) - 1, max(map(len, lines), default=0) - 1
    return [
        (first, (min(last[0], bottom), min(last[1], right)))
        for first, last in merged
        if 0 <= first[0] <= bottom and 0 <= first[1] <= right and last[0] >= first[0] and last[1] >= first[1]
    ]


def _spread(lines: Sequence[Line], merged: Merged) -> list[list[str]]:
    """The lines with each merged cell in all of its places; where no cells are merged, as they are."""
    out = [list(line) for line in lines]
    for (top, left), (bottom, right) in merged:
        for i in range(top, min(bottom + 1, len(out))):
            for j in range(left, min(right + 1, len(out[i]))):
                out[i][j] = lines[top][left]
    return out


def _joined(lines: Sequence[Line]) -> list[str]:
    """The names that stand over these lines. In a line above others a blank goes with what stands to its
    left.
    """
    width = max(len(line) for line in lines)
    padded = [[normal(cell) for cell in line] + [""] * (width - len(line)) for line in lines]
    for upper, lower in pairwise(padded):
        for j in range(1, width):
            if not upper[j] and lower[j]:
                upper[j] = upper[j - 1]
    return [JOINT.join(dict.fromkeys(part for part in parts if part)) for parts in zip(*padded, strict=True)]


def _unique(names: Iterable[str], notes: list[str]) -> tuple[str, ...]:
    header: list[str] = []
    given = list(names)
    while given and not given[-1]:
        given.pop()
    for position, name in enumerate(given, start=1):
        unique = name or f"column_{position}"
        again = 2
        while unique in header:
            unique, again = f"{name}_{again}", again + 1
        if unique != name:
            notes.append(f"column {position} ({name or 'without a name'}) is called {unique} here")
        header.append(unique)
    return tuple(header)
