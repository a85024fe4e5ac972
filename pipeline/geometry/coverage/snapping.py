"""Snapping: grounds that end just short of held shapes are brought up to them, vertex by vertex.

Held shapes keep their corners bit by bit. While ground is shared out it is kept just clear of them, because
all else lies on a grid and their corners do not. Afterwards the strip between is given to whoever is beside
it and takes over the corners of the held shape. Where the neighbour changes, the line between the two goes on
to the held shape by the shortest way, and ends in a new node on its edge: neighbours that share an edge must
have the same nodes.
"""

from __future__ import annotations

import numpy as np
import shapely

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Integers, Mask
from pipeline.geometry.grouped import best_rows, positions

SLACK_M = 0.05
"""Grounds may be this much farther off than they were kept clear: corners are moved onto the grid."""
CORNER_M = 0.1
"""A line that would end this near a corner of the held shape ends in the corner."""

STEEP = 0.8
"""Sine of the angle to the held shape from which on an edge does not run along it."""
ROUNDING_M = 1e-6
"""A node on an edge is off it by rounding, which is less than this."""


def snap_to_held(grounds: Geometries, held: Geometries, clearance: float) -> tuple[Geometries, Geometries]:
    """Snap ground that was kept clear of held shapes to their corners and edges.

    Parameters
    ----------
    grounds : object array of polygons, shape (n,)
        A coverage about the held shapes, in a projected CRS, metres; some may be None.
    held : object array of polygons, shape (m,)
        Shapes that keep every corner bit by bit. Those that overlap another one stay apart.
    clearance : float
        How far the grounds were kept away, metres: an open strip wider than this, but for SLACK_M, is
        nobody's ground and stays.

    Returns
    -------
    grounds : object array, shape (n,)
        The grounds with the strips beside them.
    held : object array, shape (m,)
        The held shapes with nodes where the line between two grounds ends on them.
    """
    grounds, held = np.array(grounds, dtype=object), np.array(held, dtype=object)
    alone = np.flatnonzero(_overlapping_none(held))
    xy, of = _seam(grounds, held[alone], clearance + SLACK_M)
    if not len(xy):
        return grounds, held
    connectors, held[alone] = _connectors(_seam_ends(xy, of), held[alone])
    lines = np.unique(
        np.concatenate([_undirected(xy), _undirected(connectors), _undirected(_edges(held[alone])[0])]),
        axis=0,
    )
    strips = np.asarray(
        shapely.get_parts(shapely.polygonize(shapely.linestrings(lines.reshape(-1, 2, 2)))), dtype=object
    )
    within, _ = shapely.STRtree(held).query(shapely.point_on_surface(strips), predicate="within")
    strips = np.delete(strips, within)
    # what is thicker is not a strip, but what held shapes enclose between them
    strips = strips[2 * shapely.area(strips) <= (clearance + SLACK_M) * shapely.length(strips)]
    for ground, mine in positions(_adjacent_ground(strips, xy, of)).items():
        if ground >= 0:
            grounds[ground] = shapely.normalize(
                shapely.coverage_union_all([*shapely.get_parts(grounds[ground]), *strips[mine]])
            )
    return grounds, held


def corners_kept(now: Geometries, held: Geometries) -> Mask:
    """Whether each shape still has all corners of the held one bit by bit, and perhaps more nodes on its
    edges.

    Parameters
    ----------
    now, held : object arrays of polygons, shape (n,)
        None in `now` keeps nothing.

    Returns
    -------
    bool array, shape (n,)
    """
    return np.array([_has_corners(*pair) for pair in zip(now, held, strict=True)], dtype=bool)


def _has_corners(now: shapely.Geometry | None, held: shapely.Geometry) -> bool:
    if now is None or shapely.get_num_geometries(now) != shapely.get_num_geometries(held):
        return False
    rings, before = (shapely.get_rings(shapely.get_parts(shape)) for shape in (now, held))
    if len(rings) != len(before):
        return False
    for ring, corners in zip(rings, before, strict=True):
        xy, old = shapely.get_coordinates(ring), shapely.get_coordinates(corners)
        same = np.isin(xy @ [1, 1j], old @ [1, 1j])
        on_edge = shapely.distance(shapely.points(xy[~same]), corners) <= ROUNDING_M
        if not np.array_equal(xy[same], old) or not on_edge.all():
            return False
    return True


def _overlapping_none(held: Geometries) -> Mask:
    """Which shapes overlap no other."""
    one, other = shapely.STRtree(held).query(held, predicate="intersects")
    one, other = one[one != other], other[one != other]
    overlaps = shapely.area(shapely.intersection(held[one], held[other])) > 0
    return ~np.isin(np.arange(len(held)), one[overlaps])


def _edges(shapes: Geometries) -> tuple[Floats, Integers]:
    """The edges of polygons as pairs of points (n, 2, 2), and the polygon each is of."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return np.stack([xy[:-1], xy[1:]], axis=1)[same], of[part[ring[:-1][same]]]


def _undirected(xy: Floats) -> Floats:
    """Each edge as four numbers, the same from both ends."""
    swap = (xy[:, 0, 0] > xy[:, 1, 0]) | ((xy[:, 0, 0] == xy[:, 1, 0]) & (xy[:, 0, 1] > xy[:, 1, 1]))
    return np.where(swap[:, None, None], xy[:, ::-1], xy).reshape(-1, 4)


def _seam(grounds: Geometries, held: Geometries, near: float) -> tuple[Floats, Integers]:
    """The edges of grounds that run along held shapes with nobody's ground between, and the ground each is
    of.
    """
    outlines = shapely.STRtree(shapely.boundary(held))
    about = np.unique(outlines.query(grounds, predicate="dwithin", distance=near)[0])
    xy, of = _edges(grounds[about])
    along = np.ones(len(xy), dtype=bool)
    for point in (xy[:, 0], xy[:, 1], xy.mean(axis=1)):
        at = np.flatnonzero(along)
        beside = np.unique(outlines.query(shapely.points(point[at]), predicate="dwithin", distance=near)[0])
        along[np.delete(at, beside)] = False
    _, edge, count = np.unique(_undirected(xy), axis=0, return_inverse=True, return_counts=True)
    along &= count[edge.reshape(-1)] == 1
    xy, of = xy[along], about[of[along]]
    if not len(xy):
        return xy, of
    # where a seam ends, an edge that runs away from the held shape is no part of it, short as it may be
    ends = shapely.points(xy.reshape(-1, 2))
    far = shapely.distance(ends, outlines.geometries[outlines.nearest(ends)]).reshape(-1, 2)
    last = (_end_degrees(xy, of)[1] == 1).any(axis=1)
    hook = last & (np.abs(far[:, 1] - far[:, 0]) > STEEP * np.hypot(*(xy[:, 1] - xy[:, 0]).T))
    return xy[~hook], of[~hook]


def _end_degrees(xy: Floats, of: Integers) -> tuple[Floats, Integers]:
    """For both ends of each edge the ground and the place, and how many edges of that ground end there."""
    ends = np.column_stack([np.repeat(of, 2), xy.reshape(-1, 2)])
    _, place, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    return ends, count[place.reshape(-1)].reshape(-1, 2)


def _seam_ends(xy: Floats, of: Integers) -> Coordinates:
    """Where the seam of a ground begins or ends."""
    ends, count = _end_degrees(xy, of)
    return np.unique(ends[count.reshape(-1) == 1, 1:], axis=0)


def _connectors(ends: Coordinates, held: Geometries) -> tuple[Floats, Geometries]:
    """An edge from each end to the nearest held shape, and the held shapes with the nodes that this takes."""
    corners = shapely.get_coordinates(held)
    end, shape = shapely.STRtree(held).query_nearest(shapely.points(ends), all_matches=False)
    feet = shapely.get_coordinates(
        shapely.shortest_line(shapely.points(ends[end]), shapely.boundary(held[shape]))
    )[1::2]
    (_, corner), far = shapely.STRtree(shapely.points(corners)).query_nearest(
        shapely.points(feet), return_distance=True, all_matches=False
    )
    new = far > CORNER_M
    feet[~new] = corners[corner[~new]]
    for name, mine in positions(shape[new]).items():
        held[name] = _with_nodes(held[name], np.unique(feet[new][mine], axis=0))
    return np.stack([ends[end], feet], axis=1), held


def _with_nodes(shape: shapely.Geometry, nodes: Coordinates) -> shapely.Geometry:
    """The polygon with more nodes, each on the edge that it is nearest to."""
    rings = []
    edges, _ = _edges(np.array([shape], dtype=object))
    nearest = shapely.STRtree(shapely.linestrings(edges)).query_nearest(
        shapely.points(nodes), all_matches=False
    )[1]
    away = np.hypot(*(nodes - edges[nearest, 0]).T)
    first = 0
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        xy = shapely.get_coordinates(ring)
        mine = np.flatnonzero((nearest >= first) & (nearest < first + len(xy) - 1))
        mine = mine[np.lexsort((away[mine], nearest[mine]))]
        rings.append(np.insert(xy, nearest[mine] - first + 1, nodes[mine], axis=0))
        first += len(xy) - 1
    at = iter(rings)
    polygons = [
        shapely.Polygon(next(at), [next(at) for _ in part.interiors]) for part in shapely.get_parts(shape)
    ]
    return (
        polygons[0]
        if shapely.get_type_id(shape) == shapely.GeometryType.POLYGON
        else shapely.MultiPolygon(polygons)
    )


def _adjacent_ground(strips: Geometries, xy: Floats, of: Integers) -> Integers:
    """The ground that each strip shares most edge with; −1: none."""
    edges, strip = _edges(strips)
    keys, seam = np.unique(_undirected(xy), axis=0, return_inverse=True)
    both, code = np.unique(np.concatenate([keys, _undirected(edges)]), axis=0, return_inverse=True)
    ground = np.full(len(both), -1, dtype=np.int64)
    ground[code.reshape(-1)[: len(keys)][seam.reshape(-1)]] = of
    ground = ground[code.reshape(-1)[len(keys) :]]
    shared = ground >= 0
    pairs, pair = np.unique(np.column_stack([strip[shared], ground[shared]]), axis=0, return_inverse=True)
    length = np.bincount(pair.reshape(-1), np.hypot(*(edges[shared, 1] - edges[shared, 0]).T), len(pairs))
    best = best_rows(pairs[:, 0], len(strips), -length, -np.arange(len(pairs)))
    return np.where(best < 0, -1, np.append(pairs[:, 1], -1)[best])
