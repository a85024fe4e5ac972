"""Parcels: what each block is used for, and how it is cut into courtyards.

Sizes of areas and compounds follow the listing of 2020 (estates_2020.csv, portal lianjia, read when this
was written): buildings per estate without a manager have quartiles 3, 6 and 13, the largest 54.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import rotate, translate

from pipeline.sample.layouts import facing, lay_out
from pipeline.sample.streets import Face, Network, Street

N_AREAS = 199
N_REGISTERED = 2790
N_MERGED = 8
"""Areas of two courtyards with a local street between."""
#: Parcels besides areas: how many, buildings in each (0: none), ground for each building, m².
OTHERS = {
    "compound": (32, 17, 2300.0),
    "orphan": (6, 5, 1850.0),
    "vacant": (6, 0, 9500.0),
    "school": (17, 4, 3300.0),
    "hospital": (4, 5, 3000.0),
}
GROUND_M2 = 1720.0
SETBACK_M = 7.0


@dataclass
class Parcel:
    """One courtyard, or two across a street, of one owner."""

    kind: str
    """area, or a key of OTHERS."""
    wanted: int
    """Number of buildings asked for."""
    demand: float
    """Ground asked for, m²."""
    faces: list[int] = field(default_factory=list)
    grounds: list[Polygon] = field(default_factory=list)
    buildings: list[Polygon] = field(default_factory=list)
    style: str = "slab"


@dataclass
class Plots:
    """Parcels, the lanes between them, and the uses of the faces."""

    parcels: list[Parcel]
    lanes: list[Street]
    uses: list[str]
    """Of each face: residential, commercial, other, green, public."""


def plot(network: Network, rng: np.random.Generator) -> Plots:
    """Uses of the blocks, parcels with their buildings, and the lanes, paths and walls between parcels.

    Parameters
    ----------
    network : Network
    rng : Generator

    Returns
    -------
    Plots

    Raises
    ------
    ValueError
        Where there are fewer pairs of courtyards across a street than N_MERGED.
    """
    parcels = _parcels(rng)
    uses = _uses(network, sum(p.demand for p in parcels), rng)
    lanes: list[Street] = []
    _assign_blocks(parcels, network.faces, uses)
    for i, face in enumerate(network.faces):
        inside = sorted((p for p in parcels if p.faces == [i]), key=lambda p: -p.demand)
        inside = [inside[k] for k in rng.permutation(len(inside))]
        if inside:
            for parcel, ground in _cut(face.ground, inside, face, lanes, rng):
                parcel.grounds.append(ground)
    for parcel in parcels:
        _build(parcel, network.faces, lanes, rng)
    _merge(parcels, network)
    return Plots(parcels, lanes, uses)


def _parcels(rng: np.random.Generator) -> list[Parcel]:
    sizes = np.exp(rng.normal(np.log(8.5), 0.95, N_AREAS + N_MERGED))
    sizes = np.clip(sizes, 1, 46)
    sizes = np.maximum(1, np.round(sizes * N_REGISTERED * 1.01 / sizes.sum())).astype(int)
    parcels = [Parcel("area", int(n), 2600 + GROUND_M2 * n) for n in sizes]
    for kind, (count, size, ground) in OTHERS.items():
        for _ in range(count):
            n = (
                int(np.clip(round(size * np.exp(rng.normal(-0.15, 0.5))), 3, 38))
                if kind == "compound"
                else size
            )
            parcels.append(Parcel(kind, n, ground * max(n, 1)))
    return parcels


def _uses(network: Network, demand: float, rng: np.random.Generator) -> list[str]:
    """The use of each face: residential blocks for the demand, the others by score something else."""
    faces = network.faces
    uses = ["residential" if f.kind == "urban" else f.kind for f in faces]
    small = [
        f.block.is_empty or f.block.area < 6000 or shapely.maximum_inscribed_circle(f.block).length < 24
        for f in faces
    ]
    spare, score = 0.0, {}
    square = np.array(network.streets[0].line.centroid.coords[0])
    for i, f in enumerate(faces):
        if uses[i] != "residential":
            continue
        if small[i]:
            uses[i] = "green"
            continue
        spare += f.block.area
        centre = np.array(f.block.centroid.coords[0])
        main = min(f.block.distance(s.line) for s in network.streets if s.kind == "arterial")
        north = f.subdistrict == "210203001"
        score[i] = (
            0.5 * np.exp(-np.hypot(*(centre - square)) / 500)
            + 0.4 * (main < 25)
            + 0.25 * north
            + rng.uniform(0, 1.3)
        )
    spare -= demand
    for i in sorted(score, key=lambda i: -score[i]):
        if faces[i].block.area > spare:
            continue
        spare -= faces[i].block.area
        hill = faces[i].zone == "hill"
        kinds = (
            ("green", "public", "other") if hill else ("commercial", "commercial", "other", "public", "green")
        )
        if faces[i].subdistrict == "210203001":
            kinds = ("other", "other", "commercial")
        uses[i] = str(rng.choice(kinds))
    return uses


def _assign_blocks(parcels: list[Parcel], faces: list[Face], uses: list[str]) -> None:
    """Largest parcel first, each to the block with most room left."""
    room = np.array(
        [f.block.area if u == "residential" else -np.inf for f, u in zip(faces, uses, strict=True)]
    )
    for parcel in sorted(parcels, key=lambda p: -p.demand):
        i = int(room.argmax())
        parcel.faces = [i]
        room[i] -= parcel.demand
    for i in (i for i, use in enumerate(uses) if use == "residential"):
        inside = [p for p in parcels if p.faces == [i]]
        if not inside:
            uses[i] = "green"
            continue
        # In a block with room to spare parcels get more buildings than wanted, in a crowded one fewer.
        fill = float(np.clip(faces[i].block.area / sum(p.demand for p in inside), 0.85, 1.7))
        for parcel in inside:
            parcel.wanted = (
                round(parcel.wanted * fill) if parcel.kind in ("area", "compound") else parcel.wanted
            )


def _cut(
    ground: Polygon, parcels: list[Parcel], face: Face, lanes: list[Street], rng: np.random.Generator
) -> list[tuple[Parcel, Polygon]]:
    """The ground cut across its long side, recursively, in the ratio of what the parcels ask for."""
    if len(parcels) == 1:
        return [(parcels[0], _inside_block(ground, face))]
    demand = np.cumsum([p.demand for p in parcels])
    k = int(np.abs(demand - demand[-1] / 2).argmin()) + 1
    k = min(k, len(parcels) - 1)
    parts = _bisect(ground, face, float(demand[k - 1] / demand[-1]), rng, lanes)
    if parts is None:
        return [(p, _inside_block(ground, face) if n == 0 else Polygon()) for n, p in enumerate(parcels)]
    return _cut(parts[0], parcels[:k], face, lanes, rng) + _cut(parts[1], parcels[k:], face, lanes, rng)


def _bisect(
    ground: Polygon, face: Face, share: float, rng: np.random.Generator, lanes: list[Street]
) -> tuple[Polygon, Polygon] | None:
    """Two parts with the share of the block's area in the first, and the lane, path or wall between."""
    net = ground.intersection(face.block)
    corners = np.array(shapely.minimum_rotated_rectangle(net).exterior.coords)[:4]
    u, v = corners[1] - corners[0], corners[3] - corners[0]
    if np.hypot(*u) < np.hypot(*v):
        u, v = v, u
    u = u / np.hypot(*u)
    turn = rng.uniform(-0.07, 0.07)
    u = np.array([u[0] - turn * u[1], u[1] + turn * u[0]]) / np.hypot(1, turn)
    v = np.array([-u[1], u[0]])
    centre = np.array(net.centroid.coords[0])
    low, high = -600.0, 600.0
    for _ in range(12):
        middle = (low + high) / 2
        a, b = centre + u * middle, centre + u * (middle - 1200)
        half = Polygon([a - v * 900, a + v * 900, b + v * 900, b - v * 900])
        if net.intersection(half).area < share * net.area:
            low = middle
        else:
            high = middle
    a, b = centre + u * middle, centre + u * (middle - 1200)
    half = Polygon([a - v * 900, a + v * 900, b + v * 900, b - v * 900])
    cut = LineString([a - v * 900, a + v * 900]).intersection(ground)
    cut = max(
        (p for p in shapely.get_parts(cut) if p.geom_type == "LineString"),
        key=lambda p: p.length,
        default=None,
    )
    parts = [
        max(shapely.get_parts(p), key=lambda q: q.area)
        for p in (ground.intersection(half), ground.difference(half))
    ]
    if cut is None or min(p.area for p in parts) < 300:
        return None
    lanes.append(Street(str(rng.choice(["lane", "lane", "path", "wall"])), "", cut))
    return parts[0], parts[1]


def _inside_block(ground: Polygon, face: Face) -> Polygon:
    net = ground.intersection(face.block)
    return max(shapely.get_parts(net), key=lambda p: p.area, default=net)


def _style(kind: str, zone: str, rng: np.random.Generator) -> str:
    """How the buildings of a parcel are laid out."""
    if kind == "compound":
        return str(rng.choice(["tower", "point", "slab", "slab"]))
    if kind in ("school", "hospital"):
        return "slab"
    if zone == "old":
        return str(rng.choice(["perimeter", "perimeter", "perimeter", "slab"]))
    if zone == "hill":
        return str(rng.choice(["hill", "hill", "point"], p=[0.55, 0.3, 0.15]))
    return str(rng.choice(["slab", "perimeter", "point"], p=[0.72, 0.18, 0.1]))


def _build(parcel: Parcel, faces: list[Face], lanes: list[Street], rng: np.random.Generator) -> None:
    face = faces[parcel.faces[0]]
    ground = parcel.grounds[0]
    if parcel.kind == "vacant" or ground.is_empty:
        return
    parcel.style = _style(parcel.kind, face.zone, rng)
    pieces = [ground]
    if parcel.wanted > 24:
        # A courtyard that large has a lane of its own through it.
        own: list[Street] = []
        parts = _bisect(ground, Face(ground, ground, "", "", "", ""), 0.5, rng, own)
        if parts:
            own[0].kind = "lane"
            lanes += own
            pieces = list(parts)
    for piece in pieces:
        inner = piece.buffer(-SETBACK_M, join_style="mitre")
        for part in shapely.get_parts(inner):
            parcel.buildings += lay_out(
                part, parcel.style, max(1, round(parcel.wanted * piece.area / ground.area)), rng
            )
    if not parcel.buildings:
        # Too narrow for its style: one small house where there is most room.
        room = shapely.maximum_inscribed_circle(ground)
        a, b = (max(room.length, 9.0) - 3.5) * np.array([0.9, 0.42])
        house = shapely.box(-a, -b, a, b)
        middle = shapely.Point(room.coords[0])
        parcel.buildings = [translate(rotate(house, facing(ground), origin=(0, 0)), middle.x, middle.y)]


def _merge(parcels: list[Parcel], network: Network) -> None:
    """Pairs of small areas across a local street become one area: the few that span a street."""
    gone: set[int] = set()
    hard = shapely.union_all(
        [
            network.railway,
            *network.streams.values(),
            *(s.line for s in network.streets if s.kind in ("arterial", "collector")),
        ]
    )
    for most in (9, 16, 60):
        small = [p for p in parcels if p.kind == "area" and 2 <= len(p.buildings) <= most]
        for a, b in itertools.combinations(small, 2):
            fa, fb = network.faces[a.faces[0]], network.faces[b.faces[0]]
            if (
                len(gone) == N_MERGED
                or fa is fb
                or fa.community != fb.community
                or {id(a), id(b)} & gone
                or len(a.grounds + b.grounds) > 2
            ):
                continue
            if a.grounds[0].distance(b.grounds[0]) > 13:
                continue
            if shapely.shortest_line(
                shapely.union_all(a.buildings), shapely.union_all(b.buildings)
            ).intersects(hard):
                continue
            a.grounds += b.grounds
            a.faces += b.faces
            a.buildings += b.buildings
            gone.add(id(b))
    if len(gone) < N_MERGED:
        raise ValueError(
            f"the sample finds {len(gone)} pairs of courtyards across a street, not {N_MERGED}: take another"
            " seed"
        )
    parcels[:] = [p for p in parcels if id(p) not in gone]
