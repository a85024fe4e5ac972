"""Ray casting: what lies at a point, beside it, or ahead of it in one direction."""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers

PARALLEL_COS = 0.9
"""Cosine of the angle up to which two lines run side by side, about 25°."""


class Outlines:
    """The edges of many shapes (lines, or polygons with all their rings), one by one.

    `half_width` is how far each shape reaches to both sides of its line: all distances are to there, and not
    under 0.
    """

    def __init__(self, shapes: Geometries, half_width: float | Floats = 0.0) -> None:
        """Take the shapes apart."""
        shapes = np.asarray(shapes, dtype=object)
        lines, of = shapely.get_parts(
            np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes), return_index=True
        )
        xy, line = shapely.get_coordinates(lines, return_index=True)
        edge = (line[1:] == line[:-1]) & (xy[1:] != xy[:-1]).any(axis=1)
        self.start, self.end, self.shape = xy[:-1][edge], xy[1:][edge], of[line[:-1][edge]]
        self.half_width = np.broadcast_to(np.asarray(half_width, dtype=float), len(shapes))[self.shape]
        low = np.minimum(self.start, self.end) - self.half_width[:, None]
        high = np.maximum(self.start, self.end) + self.half_width[:, None]
        self._tree = shapely.STRtree(shapely.box(*low.T, *high.T))

    def near(
        self, points: Coordinates, within: float, forward: Coordinates | None = None
    ) -> tuple[Integers, Integers, Floats]:
        """Pairs of a point and a shape whose outline is near it.

        Parameters
        ----------
        points : float array, shape (n, 2)
        within : float
            Largest distance, in the unit of the coordinates.
        forward : float array, shape (n, 2), optional
            Direction at each point, of length 1; with it only edges that run the same way or the opposite
            way, within the angle of PARALLEL_COS, count.

        Returns
        -------
        point, shape : integer arrays, shape (m,)
            Positions; a pair occurs once for each edge of the shape that is near.
        distance : float array, shape (m,)
            From the point to the edge less the half width of the shape, not under 0.
        """
        at, edge = self._tree.query(shapely.box(*(points - within).T, *(points + within).T))
        start, along = self.start[edge], self.end[edge] - self.start[edge]
        to = points[at] - start
        share = np.clip((to * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
        distance = np.maximum(np.hypot(*(to - share[:, None] * along).T) - self.half_width[edge], 0)
        near = distance <= within
        if forward is not None:
            near &= np.abs((forward[at] * along).sum(axis=1)) >= PARALLEL_COS * np.hypot(*along.T)
        return at[near], self.shape[edge[near]], distance[near]

    def cast_rays(
        self, points: Coordinates, direction: Coordinates, distance_max: float
    ) -> tuple[Integers, Integers, Floats]:
        """Pairs of a point and a shape that the ray from the point meets; one shape does not hide another.

        Parameters
        ----------
        points : float array, shape (n, 2)
            Where the rays begin.
        direction : float array, shape (n, 2)
            Direction of each ray, of length 1.
        distance_max : float
            Length of the rays, in the unit of the coordinates.

        Returns
        -------
        point, shape : integer arrays, shape (m,)
            Positions; a pair occurs once for each edge of the shape that the ray meets. Edges parallel to the
            ray are not met.
        distance : float array, shape (m,)
            Along the ray to the edge less the half width of the shape, not under 0.

        Examples
        --------
        >>> outlines = Outlines([shapely.box(5, -1, 6, 1)])
        >>> outlines.cast_rays(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]), 10.0)[2].tolist()
        [5.0, 6.0]
        """
        at, edge = self._tree.query(
            shapely.linestrings(np.stack([points, points + distance_max * direction], axis=1))
        )
        start, along = self.start[edge] - points[at], self.end[edge] - self.start[edge]
        look = direction[at]
        across = _cross(look, along)
        slanted = across != 0
        at, edge, start, along, look, across = (
            values[slanted] for values in (at, edge, start, along, look, across)
        )
        far, share = _cross(start, along) / across, _cross(start, look) / across
        distance = np.maximum(far - self.half_width[edge], 0)
        met = (far >= 0) & (share >= 0) & (share <= 1) & (distance <= distance_max)
        return at[met], self.shape[edge[met]], distance[met]


def containing_polygons(points: Coordinates, shapes: Geometries) -> tuple[Integers, Integers]:
    """Pairs of a point and a polygon that it lies in.

    Parameters
    ----------
    points : float array, shape (n, 2)
    shapes : object array, shape (k,)
        Lines, points and None contain nothing.

    Returns
    -------
    point, shape : integer arrays, shape (m,)
        Positions.
    """
    shapes = np.asarray(shapes, dtype=object)
    polygons = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    at, shape = shapely.STRtree(shapes[polygons]).query(shapely.points(points), predicate="within")
    return at, polygons[shape]


def _cross(a: Coordinates, b: Coordinates) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
