"""What the shapes of a file are like, whatever its coordinates are: points, lines or polygons, how large,
whether they cover the ground.
"""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from pipeline.geometry.arrays import Floats, Geometries, Mask

#: Metres in a degree of latitude.
DEGREE_M = 111_320.0
#: Coverage of the ground is measured on so many polygons, the nearest to the middle.
NEAREST = 200
#: Fewer polygons are not judged.
FEWEST = 12


def dimension(shapes: Geometries) -> int:
    """What most shapes are.

    Parameters
    ----------
    shapes : object array of shapes, shape (n,)

    Returns
    -------
    int
        0 points, 1 lines, 2 polygons, closed lines included where nearly all lines are closed; -1: there are
        none.
    """
    there = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    if not len(there):
        return -1
    dimensions = shapely.get_dimensions(there)
    outlines = (dimensions == 1) & shapely.is_closed(there) & (shapely.get_num_coordinates(there) > 3)
    counts = np.bincount(np.where(outlines, 2, dimensions) if outlines.mean() > 0.9 else dimensions)
    return int(counts.argmax())


def unit_m(crs: pyproj.CRS | None) -> float:
    """Metres in the unit of a projected CRS, such as a foot.

    Parameters
    ----------
    crs : CRS or None

    Returns
    -------
    float
        1 where it has degrees, or is not known.
    """
    return float(crs.axis_info[0].unit_conversion_factor) if crs is not None and crs.is_projected else 1.0


def areas_m2(shapes: Geometries, unit: float = 1.0) -> Floats:
    """Area of each polygon or closed line, roughly.

    Parameters
    ----------
    shapes : object array of shapes, shape (n,)
        In degrees or in a projected CRS: whichever the median of their corners is.
    unit : float, default 1.0
        Coordinates beyond those of degrees are in so many metres.

    Returns
    -------
    float array, shape (n,)
        m²; 0 where there is none. In degrees by DEGREE_M at their median latitude; a closed line counts with
        its convex hull.
    """
    there = finite(shapes)
    closed = (
        there
        & (shapely.get_dimensions(shapes) == 1)
        & shapely.is_closed(shapes)
        & (shapely.get_num_coordinates(shapes) > 3)
    )
    area = np.zeros(len(shapes))
    area[there] = np.abs(shapely.area(shapes[there]))
    area[closed] = shapely.area(shapely.convex_hull(shapes[closed]))
    if not there.any():
        return area
    x, y = np.median(np.abs(shapely.bounds(shapes[there])[:, :2]), axis=0)
    return area * DEGREE_M**2 * float(np.cos(np.radians(y))) if x <= 180 and y <= 90 else area * unit**2


def median_area_m2(shapes: Geometries, unit: float = 1.0) -> float:
    """Area of the median polygon or closed line.

    Parameters
    ----------
    shapes : object array of shapes, shape (n,)
        As for `areas_m2`.
    unit : float, default 1.0
        Metres in a unit of projected coordinates.

    Returns
    -------
    float
        m²; nan: there is none.
    """
    area = areas_m2(shapes, unit)
    return float(np.median(area[area > 0])) if (area > 0).any() else float("nan")


def ground_coverage(shapes: Geometries) -> tuple[float, float]:
    """How much of the ground polygons cover where they are densest, and how much of their outlines they
    share.

    Parameters
    ----------
    shapes : object array of shapes, shape (n,)
        In any CRS; what is no polygon does not count.

    Returns
    -------
    covered : float
        Of the convex hull of the NEAREST polygons to the middle, the share that they cover.
    shared : float
        Of the length of their outlines, the share that two or more have in common.

    Notes
    -----
    Both near 1: cells, plots or zones that leave nothing between them; houses reach 0.6 where they stand wall
    to wall. nan: fewer than FEWEST.
    """
    polygons = shapes[finite(shapes) & (shapely.get_dimensions(shapes) == 2)]
    if len(polygons) < FEWEST:
        return float("nan"), float("nan")
    middles = shapely.get_coordinates(shapely.centroid(polygons))
    order = np.argsort(((middles - np.median(middles, axis=0)) ** 2).sum(axis=1), kind="stable")
    near = shapely.make_valid(polygons[order[:NEAREST]])
    together = shapely.union_all(near)
    hull = shapely.area(shapely.convex_hull(together))
    xy, at = shapely.get_coordinates(shapely.boundary(near), return_index=True)
    low = xy.min(axis=0)
    grid = np.round((xy - low) / max(float((xy - low).max()), 1e-12) * 1e7).astype(np.int64)
    ends = np.stack([grid[:-1], grid[1:]], axis=1)[at[:-1] == at[1:]]
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[turned] = ends[turned][:, ::-1]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T.astype(float))
    _, which, count = np.unique(ends.reshape(len(ends), 4), axis=0, return_inverse=True, return_counts=True)
    shared = length[count[which.ravel()] > 1].sum() / max(length.sum(), 1.0)
    return float(shapely.area(together) / hull) if hull > 0 else 0.0, float(shared)


def finite(shapes: Geometries) -> Mask:
    """The shapes that have coordinates, and none that is no finite number.

    Parameters
    ----------
    shapes : object array of shapes, shape (n,)

    Returns
    -------
    Boolean array, shape (n,)

    Notes
    -----
    Bounds would take no notice of nan.
    """
    xy, at = shapely.get_coordinates(shapes, return_index=True)
    mask: Mask = shapely.get_num_coordinates(shapes) > 0
    mask[at[~np.isfinite(xy).all(axis=1)]] = False
    return mask
