"""Coverages: polygons that share their edges vertex by vertex and never overlap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.geometry.arrays import Geometries, Integers
from pipeline.geometry.grouped import positions

GRID_M = 0.05
"""All corners lie on this grid, so no corner is nearer than half of it to an edge that does not end there.
Coordinates rounded to 7 decimals of a degree (about 1 cm) move less than that: a coverage stays one."""


def noded(lines: Geometries, grid: float = GRID_M) -> Geometries:
    """The edges that lines fall into where they meet, on the grid.

    Parameters
    ----------
    lines : object array of lines, shape (n,)
        In a projected CRS, metres.
    grid : float, default GRID_M
        Spacing of the grid that all nodes are rounded to, metres.

    Returns
    -------
    object array of LineString, shape (m,)
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # GEOS divides by zero on its way, and handles it
        edges: Geometries = shapely.get_parts(
            shapely.union_all(np.asarray(lines, dtype=object), grid_size=grid)
        )
    return edges


def faces(lines: Geometries, grid: float = GRID_M) -> Geometries:
    """The faces that lines enclose.

    Parameters
    ----------
    lines : object array of lines, shape (n,)
        In a projected CRS, metres; noded once on the grid, so that neighbouring faces share their edges
        exactly.
    grid : float, default GRID_M
        Spacing of the grid, metres.

    Returns
    -------
    object array of Polygon, shape (m,)
        Lines that enclose nothing leave no trace.
    """
    return np.asarray(shapely.get_parts(shapely.polygonize(noded(lines, grid))), dtype=object)


def dissolve(pieces: Geometries, label: Integers, k: int) -> Geometries:
    """Dissolve the faces of each label.

    Parameters
    ----------
    pieces : object array of Polygon, shape (n,)
        Faces of one coverage.
    label : integer array, shape (n,)
        Label of each face, 0 … k − 1; negative ones are left out.
    k : int
        Number of labels.

    Returns
    -------
    object array, shape (k,)
        Normalized polygons; None where a label has no face.
    """
    out = np.full(k, None, dtype=object)
    for name, group in positions(label).items():
        if name >= 0:
            out[name] = shapely.normalize(shapely.coverage_union_all(pieces[group]))
    return out


@dataclass(frozen=True)
class Defects:
    """What is wrong with a would-be coverage; all zero: nothing."""

    invalid: int
    """Shapes that are not valid polygons."""
    unmatched: int
    """Shapes with an edge that meets a neighbour's without being shared vertex by vertex."""
    overlap: float
    """Sum of the areas minus the area of the union, in square units of the coordinates."""

    def __bool__(self) -> bool:
        return bool(self.invalid or self.unmatched or abs(self.overlap) > 1e-3)


def defects(shapes: Iterable[shapely.Geometry | None]) -> Defects:
    """Check a coverage twice: by its edges, and by its areas.

    Parameters
    ----------
    shapes : iterable of polygons
        In one CRS; None and empty ones are left out.

    Returns
    -------
    Defects
        False where there is none.
    """
    shapes = np.asarray([s for s in shapes if s is not None and not shapely.is_empty(s)], dtype=object)
    if not len(shapes):
        return Defects(0, 0, 0.0)
    invalid = int((~shapely.is_valid(shapes)).sum())
    unmatched = int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum())
    overlap = float(shapely.area(shapes).sum() - shapely.area(shapely.union_all(shapes)))
    return Defects(invalid, unmatched, overlap)
