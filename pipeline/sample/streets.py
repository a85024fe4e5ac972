"""Streets: the network of the sample, and the faces it cuts the district into.

Main streets are drawn by hand (`plan`); between them a face is cut in two by a bent street until it has the
size of a block. A new street begins or ends at the end of one that is already there when that is near,
so that streets continue.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from shapely import LineString, MultiLineString, Point, Polygon

from pipeline.geometry.arrays import Coordinates
from pipeline.sample import plan

WIDTHS_M = {"arterial": 32.0, "collector": 20.0, "local": 12.0}
RAIL_HALF_WIDTH_M = 22.0
STREAM_HALF_WIDTH_M = 7.0
#: A face larger than this is cut by a street of the class; hillside blocks are smaller.
CUT_M2 = {"collector": 420_000.0, "local": 62_000.0}
SNAP_M = 42.0


@dataclass
class Street:
    """A street, lane, path or wall by its centre line."""

    kind: str
    name: str
    line: LineString | MultiLineString
    """LineString, or MultiLineString where the street runs on after a jog."""


@dataclass
class Face:
    """What lies between streets: its ground to the centre lines, and the block inside the reserves."""

    ground: Polygon
    block: Polygon
    kind: str
    """urban, green, other."""
    name: str
    subdistrict: str
    zone: str
    """old, slab or hill."""
    community: str = ""


@dataclass
class Network:
    """The streets of the district, what else bounds its blocks, and its faces; all in metres."""

    district: Polygon
    streets: list[Street]
    railway: LineString | MultiLineString
    streams: dict[str, LineString | MultiLineString]
    grounds: dict[str, tuple[str, shapely.Geometry]]
    waters: dict[str, shapely.Geometry]
    faces: list[Face]


@cache
def _course(name: str) -> Coordinates:
    return smooth(plan.RAILWAY if name == "railway" else plan.ARTERIALS[name])


def smooth(points: plan.Points, *, closed: bool = False, steps: int = 10) -> Coordinates:
    """Points on a Catmull-Rom curve.

    Parameters
    ----------
    points : list of (float, float)
        Kilometres east and north of plan.ORIGIN.
    closed : bool, default False
        Whether the last point is joined to the first.
    steps : int, default 10
        Points of the curve from one given point to the next.

    Returns
    -------
    float array, shape (m, 2)
        Metres of EPSG:4550.
    """
    p = np.array(points)
    p = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    curve = np.vstack([*parts, p[1:2] if closed else p[-2:-1]])
    return np.asarray(curve * 1000 + np.array(plan.ORIGIN))


def build_network(rng: np.random.Generator) -> Network:
    """The street network of the sample and the faces between.

    Parameters
    ----------
    rng : Generator

    Returns
    -------
    Network
        In metres of EPSG:4550.
    """
    district = Polygon(smooth(plan.OUTLINE, closed=True, steps=6))
    rail = LineString(smooth(plan.RAILWAY))
    square = Point(*_metres(plan.SQUARE[1])).buffer(plan.SQUARE[2], quad_segs=12)
    streets = [Street("arterial", plan.SQUARE[0], LineString(square.exterior.coords))]
    for kind, courses in (("arterial", plan.ARTERIALS), ("collector", plan.COLLECTORS)):
        for name, points in courses.items():
            line = shapely.intersection(LineString(smooth(points)), district).difference(square)
            streets.append(Street(kind, name, _lines(line)))
    streams = {n: LineString(smooth(p)).intersection(district) for n, p in plan.STREAMS.items()}
    grounds = {
        n: (k, Polygon(smooth(p, closed=True)).buffer(0).intersection(district))
        for n, (k, p) in plan.GROUNDS.items()
    }
    waters = {
        n: Polygon(smooth(p, closed=True)).buffer(0).intersection(district) for n, p in plan.WATERS.items()
    }
    rail = rail.intersection(district)

    hard = [
        district.exterior,
        rail,
        *streams.values(),
        *(g.boundary for _, g in grounds.values()),
        *(s.line for s in streets),
    ]
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all(hard, grid_size=0.01)]))
    urban = [
        f
        for f in pieces
        if district.contains(f.point_on_surface()) and _ground_at(f, grounds) is None and f.area > 2000
    ]
    urban = [f for f in urban if not square.contains(f.point_on_surface())]
    urban.sort(key=lambda f: (round(f.centroid.x), round(f.centroid.y)))
    cutter = _Cutter(rng)
    for face in urban:
        cutter.cut(Polygon(face.exterior))
    public = shapely.union_all([g for _, g in grounds.values()])
    streets += cutter.streets(public)
    _name(streets)

    lines = [*hard, *(_extended(np.array(line.coords), 3.0) for _, line in cutter.cuts)]
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=0.01)]))
    pieces = [f for f in pieces if district.contains(f.point_on_surface())]
    pieces.sort(key=lambda f: (round(f.centroid.x, 2), round(f.centroid.y, 2)))
    return Network(
        district,
        streets,
        rail,
        streams,
        grounds,
        waters,
        _faces(pieces, streets, rail, streams, grounds, square, waters),
    )


def subdistrict_at(x: float, y: float) -> str:
    """The subdistrict a point lies in: railway, 长江路, 胜利路 and 石道街 divide them.

    Parameters
    ----------
    x, y : float
        Metres of EPSG:4550.

    Returns
    -------
    str
        Its code.
    """

    def above(name: str) -> bool:
        curve = _course(name)
        return bool(y > np.interp(x, curve[:, 0], curve[:, 1]))

    if above("railway"):
        return "210203001"
    if above("长江路"):
        return "210203004"
    if above("胜利路"):
        return "210203011"
    course = _course("石道街")[::-1]
    return "210203013" if x > np.interp(y, course[:, 1], course[:, 0]) else "210203010"


def zone_at(x: float, y: float) -> str:
    """How a place is built up.

    Parameters
    ----------
    x, y : float
        Metres of EPSG:4550.

    Returns
    -------
    str
        old around the square, hill in the south, slab elsewhere.
    """
    e, n = (x - plan.ORIGIN[0]) / 1000, (y - plan.ORIGIN[1]) / 1000
    if n < -0.3:
        return "hill"
    return "old" if np.hypot(e - plan.SQUARE[1][0], (n - 1.15) * 0.9) < 0.72 else "slab"


class _Cutter:
    """Cuts faces by bent streets and remembers where they end."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.cuts: list[tuple[str, LineString]] = []
        self.ends = np.empty((0, 2))

    def cut(self, face: Polygon) -> None:
        x, y = face.centroid.x, face.centroid.y
        zone = zone_at(x, y)
        small = (
            CUT_M2["local"] * {"hill": 0.95, "old": 0.75, "slab": 1.0}[zone] * self.rng.uniform(0.75, 1.35)
        )
        if face.area < small:
            return
        kind = "collector" if face.area > CUT_M2["collector"] else "local"
        line = self._street(face, bend=0.16 if zone == "hill" else 0.05)
        if line is None:
            return
        inside = line.intersection(face)
        parts = [
            p
            for p in shapely.get_parts(
                shapely.polygonize([shapely.union_all([face.exterior, inside], grid_size=0.01)])
            )
            if p.area > 50
        ]
        if len(parts) < 2 or min(p.area for p in parts) < 5000:
            return
        inside = max(shapely.get_parts(inside), key=lambda part: part.length)
        self.cuts.append((kind, inside))
        self.ends = np.vstack([self.ends, inside.coords[0], inside.coords[-1]])
        for part in sorted(parts, key=lambda p: (round(p.centroid.x, 1), round(p.centroid.y, 1))):
            self.cut(part)

    def _street(self, face: Polygon, bend: float) -> LineString | None:
        """A curve across the short way of the face, near the middle; its ends meet streets that are there."""
        box = shapely.minimum_rotated_rectangle(face)
        corners = np.array(box.exterior.coords)[:4]
        u, v = corners[1] - corners[0], corners[3] - corners[0]
        if np.hypot(*u) < np.hypot(*v):
            u, v = v, u
        u, v = u / np.hypot(*u), v / np.hypot(*v)
        length, width = np.ptp(corners @ u), np.ptp(corners @ v)
        turn = self.rng.uniform(-0.16, 0.16)
        middle = np.array(face.centroid.coords[0]) + u * length * self.rng.uniform(-0.09, 0.09)
        direction = v + u * turn
        reach = (width + 50) * direction / np.hypot(*direction)
        across = LineString([middle - reach, middle + reach]).intersection(face)
        if across.is_empty:
            return None
        across = max(shapely.get_parts(across), key=lambda part: part.length)
        a, b = np.array(across.coords[0]), np.array(across.coords[-1])
        a, b = self._snapped(a, face), self._snapped(b, face)
        span = b - a
        if np.hypot(*span) < 30:
            return None
        normal = np.array([-span[1], span[0]])
        sag = self.rng.normal(0, bend)
        wave = self.rng.normal(0, bend * 0.5)
        t = np.linspace(0, 1, 13)[:, None]
        curve = a + span * t + normal * (sag * 4 * t * (1 - t) + wave * np.sin(2 * np.pi * t)) * 0.5
        return _extended(curve, 2.0)

    def _snapped(self, end: Coordinates, face: Polygon) -> Coordinates:
        if len(self.ends):
            distance = np.hypot(*(self.ends - end).T)
            best = int(distance.argmin())
            if distance[best] < SNAP_M and face.exterior.distance(Point(self.ends[best])) < 1.5:
                return np.asarray(self.ends[best])
        return end

    def streets(self, public: shapely.Geometry) -> list[Street]:
        """Cuts that meet end to end and go on in about the same direction are one street."""
        parent = list(range(len(self.cuts)))

        def root(i: int) -> int:
            while parent[i] != i:
                i = parent[i]
            return i

        tips = []
        for i, (_, line) in enumerate(self.cuts):
            c = np.array(line.coords)
            tips += [(i, c[0], c[0] - c[min(3, len(c) - 1)]), (i, c[-1], c[-1] - c[max(-4, -len(c))])]
        used: set[int] = set()
        points = shapely.points([p for _, p, _ in tips])
        first, second = shapely.STRtree(points).query(points, predicate="dwithin", distance=3.0)
        for m, k in sorted((int(m), int(k)) for m, k in zip(first, second, strict=True) if m < k):
            (i, _, out), (j, _, other) = tips[m], tips[k]
            straight = -np.dot(out, other) / (np.hypot(*out) * np.hypot(*other))
            if (
                straight > 0.85
                and self.cuts[i][0] == self.cuts[j][0]
                and not {m, k} & used
                and root(i) != root(j)
            ):
                parent[root(j)] = root(i)
                used |= {m, k}
        groups: dict[int, list[int]] = {}
        for i in range(len(self.cuts)):
            groups.setdefault(root(i), []).append(i)
        lines = {
            r: MultiLineString([self.cuts[i][1] for i in g]).difference(public) for r, g in groups.items()
        }
        return [Street(self.cuts[r][0], "", _lines(line)) for r, line in lines.items() if line.length > 40]


def _name(streets: list[Street]) -> None:
    """Names by subdistrict, longer streets first, so that the well-known names go to the long ones."""
    pools = {code: list(names) for code, names in plan.STREET_NAMES.items()}
    spare = {
        code: [f"{n[:-1]}{s}" for s in ("北街", "南街", "中街") for n in names]
        for code, names in plan.STREET_NAMES.items()
    }
    for street in sorted(
        (s for s in streets if not s.name), key=lambda s: (-round(s.line.length, 1), s.line.centroid.x)
    ):
        middle = street.line.interpolate(0.5, normalized=True)
        code = subdistrict_at(middle.x, middle.y)
        street.name = (pools[code] or spare[code]).pop(0)


def _faces(
    pieces: list[Polygon],
    streets: list[Street],
    rail: LineString | MultiLineString,
    streams: dict[str, LineString | MultiLineString],
    grounds: dict[str, tuple[str, shapely.Geometry]],
    square: Polygon,
    waters: dict[str, shapely.Geometry],
) -> list[Face]:
    reserves = [s.line.buffer(WIDTHS_M[s.kind] / 2, join_style="round") for s in streets]
    reserves += [
        rail.buffer(RAIL_HALF_WIDTH_M),
        *(s.buffer(STREAM_HALF_WIDTH_M) for s in streams.values()),
        *waters.values(),
    ]
    tree = shapely.STRtree(reserves)
    faces = []
    for ground in pieces:
        middle = ground.point_on_surface()
        hit = [reserves[i] for i in np.sort(tree.query(ground, predicate="intersects"))]
        block = ground.difference(shapely.union_all(hit)) if hit else ground
        block = max(shapely.get_parts(block), key=lambda p: p.area, default=block)
        kind, name = _ground_at(ground, grounds) or ("urban", "")
        if square.contains(middle):
            kind, name = "green", plan.SQUARE[0]
        faces.append(
            Face(ground, block, kind, name, subdistrict_at(middle.x, middle.y), zone_at(middle.x, middle.y))
        )
    return faces


def _ground_at(face: Polygon, grounds: dict[str, tuple[str, shapely.Geometry]]) -> tuple[str, str] | None:
    middle = face.point_on_surface()
    return next(((kind, name) for name, (kind, ground) in grounds.items() if ground.contains(middle)), None)


def _lines(shape: shapely.Geometry) -> LineString | MultiLineString:
    """One line where the parts join end to end, else their multi-line."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "LineString" and p.length > 0.5]
    return (
        shapely.line_merge(shapely.set_precision(MultiLineString(parts), 0.01))
        if len(parts) > 1
        else parts[0]
    )


def _extended(course: Coordinates, metres: float) -> LineString:
    """The course made longer at both ends, so that it crosses the street it ends at."""
    first, last = course[0] - course[1], course[-1] - course[-2]
    ends = course[0] + first / np.hypot(*first) * metres, course[-1] + last / np.hypot(*last) * metres
    return LineString([ends[0], *course, ends[1]])


def _metres(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * 1000 + plan.ORIGIN[0], point[1] * 1000 + plan.ORIGIN[1]
