"""Walks round polygons in short segments, and the pieces that segments of the same kind make up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers, Mask
from pipeline.geometry.rings import rings_of


@dataclass(frozen=True)
class BoundarySegments:
    """The segments round every ring of many polygons, in order; the polygon is on the left of each."""

    shape: Integers
    """Position of the polygon, ascending."""
    ring: Integers
    """Number of the ring, ascending; of each polygon the outer rings come first."""
    start: Coordinates
    end: Coordinates
    corner: Mask
    """Whether the segment starts at a corner of the ring and not in the middle of a straight."""

    @cached_property
    def length(self) -> Floats:
        """Length of each segment."""
        return np.asarray(np.hypot(*(self.end - self.start).T))

    @cached_property
    def middle(self) -> Coordinates:
        """Middle of each segment."""
        return (self.start + self.end) / 2

    @cached_property
    def direction(self) -> Coordinates:
        """Direction of each segment, of length 1."""
        return (self.end - self.start) / self.length[:, None]

    @cached_property
    def _span(self) -> tuple[Integers, Integers]:
        """First segment of each ring, and their number."""
        _, first, count = np.unique(self.ring, return_index=True, return_counts=True)
        return first, count

    def outward_normals(self, window: float) -> Coordinates:
        """Direction out of the polygon at each segment, with jags smoothed.

        Parameters
        ----------
        window : float
            The ring counts as straight over this far to both sides, in the unit of the coordinates, though
            over a tenth of its length at most, so that a small ring keeps its sides. 0: the segment's own
            normal.

        Returns
        -------
        float array, shape (n, 2)
            Of length 1.
        """
        first, count = self._span
        out = np.empty_like(self.start)
        for head, n in zip(first, count, strict=True):
            ring = slice(head, head + n)
            at = np.append(0.0, np.cumsum(self.length[ring]))
            corners = np.vstack([self.start[ring], self.start[head]])
            whole, middle = at[-1], (at[:-1] + at[1:]) / 2
            reach = min(window, whole / 10)
            before, after = ((middle + by) % whole for by in (-reach, reach))
            chord = np.column_stack([np.interp(after, at, c) - np.interp(before, at, c) for c in corners.T])
            out[ring] = np.column_stack([chord[:, 1], -chord[:, 0]])
        size = np.hypot(*out.T)[:, None]
        straight = np.column_stack([self.direction[:, 1], -self.direction[:, 0]])
        return np.where(size > 0, out / np.where(size > 0, size, 1), straight)

    def without_short_runs(self, kind: Integers, shortest: float) -> Integers:
        """The kind of each segment, with short runs between two longer ones of one kind joined to them.

        Parameters
        ----------
        kind : integer array, shape (n,)
        shortest : float
            Runs shorter than this are joined, in the unit of the coordinates.

        Returns
        -------
        integer array, shape (n,)
        """
        kind = np.array(kind, dtype=np.int64)
        while True:
            order, run = self._runs(kind)
            before, after, length = self._adjacent_runs(order, run)
            of, place = kind[order][np.flatnonzero(np.diff(run, prepend=-1))], np.arange(len(length))
            # Of two neighbours only the shorter may give way, or both would take each other's place for ever.
            yields = (length < shortest) & (of[before] == of[after]) & (of != of[before])
            for adjacent in (before, after):
                yields &= (length < length[adjacent]) | ((length == length[adjacent]) & (place < adjacent))
            if not yields.any():
                return kind
            kind[order] = np.where(yields, of[before], of)[run]

    def snap_changes(self, kind: Integers, marks: Integers, shortest: float) -> Integers:
        """The kind of each segment, with its changes moved to where the marks change, if that is near.

        Parameters
        ----------
        kind, marks : integer arrays, shape (n,)
        shortest : float
            A change is moved by less than this, in the unit of the coordinates.

        Returns
        -------
        integer array, shape (n,)
        """
        kind = np.array(kind, dtype=np.int64)
        pairs = np.unique(np.column_stack([kind, marks]), axis=0, return_inverse=True)[1].reshape(-1)
        order, run = self._runs(pairs)
        before, after, length = self._adjacent_runs(order, run)
        head = np.flatnonzero(np.diff(run, prepend=-1))
        of, mark = kind[order][head], np.asarray(marks)[order][head]
        out = of.copy()
        for adjacent in (before, after):
            joins = (length < shortest) & (mark == mark[adjacent]) & (length[adjacent] >= shortest)
            out[joins] = of[adjacent][joins]
        kind[order] = out[run]
        return kind

    def lines(self, kind: Integers) -> tuple[Geometries, Integers]:
        """The longest lines of segments of one kind.

        Parameters
        ----------
        kind : integer array, shape (n,)

        Returns
        -------
        lines : object array of LineString, shape (m,)
            In order. Those of a ring make up the ring: their nodes are its corners and the places where the
            kind changes.
        first : integer array, shape (m,)
            Position of the first segment of each line.
        """
        order, run = self._runs(np.asarray(kind))
        if not len(run):
            return np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)
        new = np.diff(run, prepend=-1) > 0
        kept = self.corner[order] | new
        last = np.append(new[1:], True)
        at = np.concatenate([run[kept], run[last]])
        xy = np.concatenate([self.start[order][kept], self.end[order][last]])
        along = np.argsort(at, kind="stable")
        return shapely.linestrings(xy[along], indices=at[along]), order[new]

    def _adjacent_runs(self, order: Integers, run: Integers) -> tuple[Integers, Integers, Floats]:
        """The run before and the run after each run on its ring, and the length of each."""
        ring = self.ring[order][np.flatnonzero(np.diff(run, prepend=-1))]
        first = np.flatnonzero(np.diff(ring, prepend=-1))
        last = np.append(first[1:], len(ring)) - 1 if len(ring) else first
        before, after = np.arange(len(ring)) - 1, np.arange(len(ring)) + 1
        before[first], after[last] = last, first
        length = np.bincount(run, weights=self.length[order], minlength=len(ring))
        return before, after, np.asarray(length, dtype=np.float64)

    def _runs(self, kind: Integers) -> tuple[Integers, Integers]:
        """The segments in an order in which every ring starts where the kind changes, and the run each of
        these is in.
        """
        n = len(kind)
        if not n:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        first, count = self._span
        before = np.arange(n) - 1
        before[first] = first + count - 1
        changes = kind != kind[before]
        begin = np.minimum.reduceat(np.where(changes, np.arange(n), n), first)
        begin = np.repeat(np.where(begin == n, first, begin), count)
        away = (np.arange(n) - begin) % np.repeat(count, count)
        order = np.lexsort((away, self.ring))
        return order, np.cumsum(changes[order] | (away[order] == 0)) - 1


def boundary_segments(shapes: Geometries, segment: float) -> BoundarySegments:
    """Cut all rings of polygons into short segments.

    Parameters
    ----------
    shapes : object array of Polygon and MultiPolygon, shape (n,)
        In a projected CRS, metres; some may be None.
    step : float
        Longest segment, metres; the sides between two corners are cut evenly.

    Returns
    -------
    BoundarySegments
        In order along each ring, the polygon on the left; of each polygon the shells come before the holes.

    Examples
    --------
    >>> segments = boundary_segments([shapely.box(0, 0, 10, 10)], 5.0)
    >>> len(segments.start), float(segments.length.sum())
    (8, 40.0)
    """
    parts, shape = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    rings, part, is_shell = rings_of(shapely.orient_polygons(parts))
    order = np.lexsort((np.arange(len(rings)), ~is_shell, shape[part]))
    rings, shape = rings[order], shape[part[order]]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    side = ring[1:] == ring[:-1]
    start, end, ring = xy[:-1][side], xy[1:][side], ring[:-1][side]
    length = np.hypot(*(end - start).T)
    start, end, ring, length = (values[length > 0] for values in (start, end, ring, length))
    n = np.ceil(length / segment).astype(np.int64)
    of = np.repeat(np.arange(len(n)), n)
    k = np.arange(len(of)) - np.repeat(np.cumsum(n) - n, n)
    span, share = (end - start)[of], n[of][:, None]
    to = np.where((k + 1 == n[of])[:, None], end[of], start[of] + span * (k + 1)[:, None] / share)
    return BoundarySegments(shape[ring[of]], ring[of], start[of] + span * k[:, None] / share, to, k == 0)
