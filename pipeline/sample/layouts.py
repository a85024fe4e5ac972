"""Layouts: where buildings stand in a courtyard. Slabs in rows, point blocks, perimeter courtyards.

Every function takes the ground a building may stand on (metres) and returns footprints that lie in it and
keep their distance from each other.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely import Polygon
from shapely.affinity import rotate

from pipeline.geometry.arrays import Coordinates, Floats, Geometries


def lay_out(ground: Polygon, style: str, wanted: int, rng: np.random.Generator) -> list[Polygon]:
    """Footprints of a courtyard in a style, about as many as wanted.

    Parameters
    ----------
    ground : Polygon
        Where buildings may stand, metres.
    style : str
        slab, hill, perimeter, point or tower.
    wanted : int
        How many; the nearest of up to five densities is taken.
    rng : Generator

    Returns
    -------
    list of Polygon
    """
    best: list[Polygon] = []
    for looseness in (1.0, 0.86, 1.2, 0.75, 1.45):
        found = _STYLES[style](ground, looseness, rng)
        if abs(len(found) - wanted) < abs(len(best) - wanted) or not best:
            best = found
        if abs(len(best) - wanted) <= max(1, 0.12 * wanted):
            break
    return best


def rows(
    ground: Polygon,
    *,
    depth: float,
    length: float,
    gap: float,
    pitch: float,
    rng: np.random.Generator,
    shape: str = "slab",
    angle: float | None = None,
) -> list[Polygon]:
    """Rows of buildings facing about south, each row filled from end to end.

    Parameters
    ----------
    ground : Polygon
        Where buildings may stand, metres.
    depth, length : float
        Of a building, metres; the length varies.
    gap : float
        Between buildings of a row, metres.
    pitch : float
        From row to row, metres.
    rng : Generator
    shape : str, default "slab"
        Or "point".
    angle : float, default None
        Of the rows to east-west, degrees; None: `facing`.

    Returns
    -------
    list of Polygon
        Those that lie wholly in the ground.
    """
    if ground.is_empty or ground.area < 120:
        return []
    angle = facing(ground) if angle is None else angle
    origin = ground.centroid
    local = rotate(ground, -angle, origin=origin)
    x0, y0, x1, y1 = local.bounds
    count = int((y1 - y0 - depth) // pitch) + 1
    start = y0 + (y1 - y0 - (count - 1) * pitch - depth) / 2
    boxes = []
    for row in range(max(count, 0)):
        y = start + row * pitch
        for left, right in _spans(local, y, y + depth, x0, x1):
            boxes += _fill(left, right, y, depth, length * rng.uniform(0.75, 1.3), gap, rng)
    if not boxes:
        return []
    made = np.array([_shape(*box, shape, rng) for box in boxes], dtype=object)
    turned = _turn(made, angle, np.array(origin.coords[0]))
    inside = shapely.covers(ground.buffer(0.01), turned)
    return [b for b, ok in zip(turned, inside, strict=True) if ok]


def facing(ground: Polygon) -> float:
    """The angle by which the ground's own direction leaves east-west.

    Parameters
    ----------
    ground : Polygon

    Returns
    -------
    float
        Degrees, within ±45.
    """
    box = shapely.minimum_rotated_rectangle(ground)
    corners = np.array(box.exterior.coords)
    edge = corners[1] - corners[0]
    angle = np.degrees(np.arctan2(edge[1], edge[0]))
    return float((angle + 45) % 90 - 45)


def _turn(shapes: Geometries, angle: float, origin: Floats) -> Geometries:
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.asarray(
        shapely.transform(shapes, lambda xy: (xy - origin) @ np.array([[cos, sin], [-sin, cos]]) + origin)
    )


def _spans(local: Polygon, y0: float, y1: float, x0: float, x1: float) -> list[tuple[float, float]]:
    """Where the whole depth of a row lies in the ground, from left to right."""
    lines = shapely.linestrings([[(x0 - 1, y), (x1 + 1, y)] for y in (y0 + 0.05, (y0 + y1) / 2, y1 - 0.05)])
    spans = [(x0, x1)]
    for cut in shapely.intersection(local, lines):
        found = sorted(
            (p.bounds[0], p.bounds[2]) for p in shapely.get_parts(cut) if p.geom_type == "LineString"
        )
        spans = [(max(a, c), min(b, d)) for a, b in spans for c, d in found if min(b, d) - max(a, c) > 8]
    return spans


def _fill(
    left: float, right: float, y: float, depth: float, length: float, gap: float, rng: np.random.Generator
) -> list[tuple[float, float, float, float]]:
    room = right - left
    count = max(1, round((room + gap) / (length + gap)))
    size = (room - (count - 1) * gap) / count
    if size < min(length * 0.45, 16):
        count, size = count - 1, (room - (count - 2) * gap) / max(count - 1, 1)
    size = min(size, length * 1.35)
    if count < 1 or size < depth * 0.8:
        return []
    step = (room - size) / (count - 1) if count > 1 else 0.0
    first = left if count > 1 else left + (room - size) * rng.uniform(0.2, 0.8)
    out = []
    for i in range(count):
        trim = size * rng.uniform(0, 0.14)
        out.append((first + i * step + trim * rng.random(), y, size - trim, depth - rng.uniform(0, 1.2)))
    return out


def _shape(x: float, y: float, width: float, depth: float, shape: str, rng: np.random.Generator) -> Polygon:
    if shape == "point":
        n = min(width, depth) * rng.uniform(0.18, 0.26)
        cross = shapely.box(x + n, y, x + width - n, y + depth)
        return cross.union(shapely.box(x, y + n / 2, x + width, y + depth - n))
    if shape == "slab" and width > 30 and rng.random() < 0.3:
        # The last staircase stands back, as on sloping or odd-shaped ground.
        k, back = width * rng.uniform(0.5, 0.72), depth * 0.16
        return Polygon(
            [
                (x, y),
                (x + k, y),
                (x + k, y + back),
                (x + width, y + back),
                (x + width, y + depth),
                (x + k, y + depth),
                (x + k, y + depth - back),
                (x, y + depth - back),
            ]
        )
    return shapely.box(x, y, x + width, y + depth)


def _slab(ground: Polygon, loose: float, rng: np.random.Generator) -> list[Polygon]:
    return rows(ground, depth=12.2, length=37 * loose**0.5, gap=9 * loose, pitch=31 * loose, rng=rng)


def _hill(ground: Polygon, loose: float, rng: np.random.Generator) -> list[Polygon]:
    return rows(ground, depth=12.0, length=31 * loose**0.5, gap=10 * loose, pitch=30 * loose, rng=rng)


def _point(ground: Polygon, loose: float, rng: np.random.Generator) -> list[Polygon]:
    return rows(ground, depth=20.5, length=21, gap=17 * loose, pitch=38 * loose, rng=rng, shape="point")


def _tower(ground: Polygon, loose: float, rng: np.random.Generator) -> list[Polygon]:
    return rows(ground, depth=22, length=30, gap=20 * loose, pitch=52 * loose, rng=rng, shape="point")


def _perimeter(ground: Polygon, loose: float, rng: np.random.Generator) -> list[Polygon]:
    """Buildings along the edge, L-shaped at square corners, and rows in the court where there is room."""
    ground = shapely.simplify(ground, 4.0)
    depth, corner = 11.5, 25.0
    ring = np.array(shapely.orient_polygons(ground).exterior.coords)[:-1]
    edges = np.roll(ring, -1, axis=0) - ring
    sizes = np.hypot(*edges.T)
    ways = edges / sizes[:, None]
    square = np.abs((ways * np.roll(ways, 1, axis=0)).sum(axis=1)) < 0.35
    turns_left = _cross(np.roll(ways, 1, axis=0), ways) > 0
    square &= turns_left & (sizes > 46) & (np.roll(sizes, 1) > 46)
    made = []
    for i in range(len(ring)):
        way, inward = ways[i], np.array([-ways[i][1], ways[i][0]])
        if square[i]:
            back = -ways[i - 1]
            arms = [
                _along(ring[i], way, inward, 0, corner, depth),
                _along(ring[i], back, -np.array([-back[1], back[0]]), 0, corner, depth),
            ]
            made.append(shapely.union_all(arms).intersection(ground))
        first = corner + 5 if square[i] else 17.0
        last = sizes[i] - (corner + 5 if square[(i + 1) % len(ring)] else 17.0)
        for left, _, size, _ in (
            _fill(first, last, 0, depth, 34 * loose**0.5, 5.0 * loose, rng) if last - first > 15 else []
        ):
            made.append(_along(ring[i], way, inward, left, size, depth))
    kept: list[Polygon] = []
    edge = ground.buffer(0.05)
    for b in made:
        if (
            b.geom_type == "Polygon"
            and b.area > 120
            and edge.covers(b)
            and (not kept or shapely.distance(b, kept).min() > 3.5)
        ):
            kept.append(b)
    court = ground.buffer(-(depth + 15), join_style="mitre")
    for part in shapely.get_parts(court):
        inner = rows(
            part,
            depth=11.5,
            length=32 * loose**0.5,
            gap=9 * loose,
            pitch=29 * loose,
            rng=rng,
            angle=facing(ground),
        )
        kept += [b for b in inner if not kept or shapely.distance(b, kept).min() > 6]
    return kept


def _cross(a: Coordinates, b: Coordinates) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _along(start: Floats, way: Floats, inward: Floats, left: float, size: float, depth: float) -> Polygon:
    a = start + way * left
    b = a + way * size
    return Polygon([a, b, b + inward * depth, a + inward * depth])


_STYLES = {"slab": _slab, "hill": _hill, "point": _point, "tower": _tower, "perimeter": _perimeter}
