"""Which datum a file is in, by fitting it to a table that is already trusted.

The shifts of GCJ-02 and BD-09 differ by 300 to 1,200 m, so under the wrong one roads run through houses and
outlines miss one another. Points of the file are placed as each candidate datum has them, and it is counted
how many agree with the reference. Drawings of the same thing can lie 100 m apart, so no share means anything
by itself. A datum is found only if its agreement is clearly the best of all candidates and of copies moved
300 and 600 m in eight directions: if one of those agreed as well, it would be chance. Limits as measured:
docs/coordinates.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from pipeline.config import InputFile
from pipeline.geometry.arrays import Coordinates, Geometries, Integers, Mask
from pipeline.georeferencing import crs, datum
from pipeline.raw.errors import SourceError

CANDIDATES = ("wgs84", "gcj02", "bd09")
#: One point of the file counts in each cell of this size, in metres: nearer ones are no independent evidence.
CELL_M = 100.0
POINTS_MAX = 2000
OUTLINE_STEP_M = 25.0
#: Copies of the best candidate moved this far, in eight directions, show how many points agree by chance.
MOVED_M = (300.0, 600.0)
#: Points that agree under one placing only, those of the rival subtracted, in standard errors of a fair coin
#: (sign test).
SURE_OF_CANDIDATE = 3.0
SURE_OF_CHANCE = 2.0
AREAS = ("subdistricts", "communities")
POINTS = ("buildings", "register", "entries")


@dataclass(frozen=True)
class Measure:
    """How a file's points are compared with a reference."""

    words: str
    """Where points that agree lie, for people: "inside"."""
    reach_m: float
    """How near to the reference is near, metres; 0: they intersect."""
    meets: bool = True
    """Whether points should be this near to the reference, or should not."""
    lines: bool = False
    """Whether the reference is its outlines."""
    whole: bool = False
    """Whether the file's shapes are compared as they are, and not a point of each."""


@dataclass(frozen=True)
class Fit:
    """What was found out about the datum of a file."""

    found: str | None
    """The datum; None: the evidence is ambiguous."""
    best: str
    """The candidate under which most points agree."""
    evidence: str
    """For people: how many points there are, and the share that agrees under each candidate and by chance."""


@dataclass(frozen=True)
class Placed:
    """Geometry of one file, its datum shift undone."""

    lonlat: Geometries
    """WGS 84 degrees, longitude first."""
    geometry: Geometries
    """The same in the district's CRS, metres."""
    datum: str
    """The datum that was undone: the stated one, or the one that was found."""
    doubt: str = ""
    """Why the stated datum may be wrong; empty: no evidence for that."""
    notes: tuple[str, ...] = ()
    """Which datum was found, and why."""


def place(
    geometry: Any,
    given_crs: pyproj.CRS,
    file: InputFile,
    name: str,
    district_crs: str,
    reference: gpd.GeoDataFrame | None,
) -> Placed:
    """Geometry of an input in WGS 84 and in the district's CRS, by the datum of its configuration entry.

    Parameters
    ----------
    geometry : object array, shape (n,)
    given_crs : pyproj.CRS
        Of the geometry.
    file : InputFile
        The entry: its datum, and its reference.
    name : str
        Name of the input.
    district_crs : str
        A projected CRS in metres.
    reference : GeoDataFrame or None
        The input `reference_of(file)` in the district's CRS; None, or without a row: there is nothing to
        compare with.

    Returns
    -------
    Placed
        With datum = "auto" by the datum that was found by fitting to the reference. A stated datum is kept,
        and doubted where another one is found.

    Raises
    ------
    SourceError
        Where datum = "auto" has no reference, or is ambiguous.
    """
    stated = "wgs84" if file.datum == "auto" else file.datum
    lonlat = crs.to_wgs84(geometry, given_crs, stated)
    placed = crs.from_wgs84(lonlat, district_crs)
    trusted = reference_of(file)
    if reference is None or not len(reference):
        if file.datum == "auto":
            raise SourceError(
                f'{file.path}: datum = "auto" has nothing to fit to: {trusted} has no row; state datum'
            )
        return Placed(lonlat, placed, stated)
    found = fit(placed, name, reference, trusted, placed_as=stated)
    if file.datum != "auto":
        return Placed(lonlat, placed, stated, doubt(found, stated))
    if found.found is None:
        raise SourceError(
            f'{file.path}: datum = "auto" is ambiguous: {found.evidence}. A datum has to be clearly ahead of'
            " the others and of chance; state it if you know where the file is from (AMap, Tencent: gcj02;"
            f" Baidu: bd09), or name another reference than {trusted}"
        )
    if found.found != stated:
        lonlat = datum.geometry_to_wgs84(lonlat, found.found)
        placed = crs.from_wgs84(lonlat, district_crs)
    return Placed(
        lonlat, placed, found.found, notes=(f"datum {found.found} found by fitting: {found.evidence}",)
    )


def reference_of(file: InputFile) -> str:
    """The input that a file's datum is compared with.

    Parameters
    ----------
    file : InputFile

    Returns
    -------
    str
        As its entry says, else subdistricts.
    """
    return file.reference or "subdistricts"


def doubt(found: Fit, stated: str) -> str:
    """Why a stated datum may be wrong, for people.

    Parameters
    ----------
    found : Fit
    stated : str
        wgs84, cgcs2000, gcj02 or bd09.

    Returns
    -------
    str
        Empty: no evidence for that.
    """
    if found.found is None or found.found == {"cgcs2000": "wgs84"}.get(stated, stated):
        return ""
    return f"{found.found} would fit clearly better than {stated}: {found.evidence}"


def fit(
    placed: Geometries,
    name: str,
    reference: gpd.GeoDataFrame,
    reference_name: str,
    *,
    placed_as: str = "wgs84",
) -> Fit:
    """The datum in which geometry of an input agrees with a reference input.

    Parameters
    ----------
    placed : object array, shape (n,)
        The geometry in the reference's CRS, placed as if it were in `placed_as`.
    name : str
        Name of the input.
    reference : GeoDataFrame
        In a projected CRS, metres.
    reference_name : str
        Name of the reference input.
    placed_as : str, default "wgs84"
        wgs84, cgcs2000, gcj02 or bd09.

    Returns
    -------
    Fit

    Notes
    -----
    A datum is found if it is ahead of each other candidate by SURE_OF_CANDIDATE and of each moved copy
    (MOVED_M) by SURE_OF_CHANCE standard errors of the sign test over the points that agree under one placing
    only.
    """
    measure = _measure(name, reference_name)
    marks = _marks(np.asarray(placed, dtype=object), outlines=name not in POINTS, whole=measure.whole)
    lonlat = shapely.get_coordinates(crs.to_wgs84(marks, reference.crs, "wgs84"))
    given = datum.from_wgs84(lonlat[:, 0], lonlat[:, 1], placed_as)
    candidates = {}
    for candidate in CANDIDATES:
        moved = np.column_stack(datum.to_wgs84(*given, candidate))
        if candidate == "wgs84" or not np.array_equal(moved, np.column_stack(given)):
            candidates[candidate] = shapely.get_coordinates(
                crs.from_wgs84(shapely.points(moved), reference.crs)
            )
    shapes = reference.geometry.dropna().to_numpy()
    if measure.lines:
        shapes = shapely.boundary(shapes)
    agree = dict(zip(candidates, _agreeing(marks, list(candidates.values()), shapes, measure), strict=True))
    best = max(agree, key=lambda candidate: (int(agree[candidate].sum()), candidate == placed_as))
    turns = np.radians(np.arange(0, 360, 45))
    copies = [
        candidates[best] + np.array([r * np.cos(turn), r * np.sin(turn)]) for r in MOVED_M for turn in turns
    ]
    by_chance = _agreeing(marks, copies, shapes, measure)
    sure = all(_ahead(agree[best], agree[other]) >= SURE_OF_CANDIDATE for other in agree if other != best)
    sure = sure and all(_ahead(agree[best], other) >= SURE_OF_CHANCE for other in by_chance)
    return Fit(best if sure else None, best, _evidence(agree, by_chance, measure, reference_name))


def _measure(name: str, reference: str) -> Measure:
    if reference in AREAS:
        return (
            Measure("within 100 m of the outlines of", 100.0, lines=True)
            if name in AREAS
            else Measure("inside", 0.0)
        )
    if reference == "buildings":
        near = {
            "buildings": Measure("on", 0.0),
            "register": Measure("within 10 m of", 10.0),
            "entries": Measure("within 10 m of", 10.0),
        }
        return near.get(name, Measure("clear of", 0.0, meets=False))
    if name == "buildings":
        return Measure("clear of", 0.0, meets=False, whole=True)
    return Measure("3 m clear of", 3.0, meets=False) if name in POINTS else Measure("within 10 m of", 10.0)


def _marks(geometry: Geometries, *, outlines: bool, whole: bool) -> Geometries:
    """What stands for the geometry: a point of each, points along its lines, or the shapes as they are."""
    there = geometry[~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)]
    if not outlines:
        some = there[_one_a_cell(shapely.bounds(there)[:, :2])]
        return some if whole else np.asarray(shapely.point_on_surface(some))
    dimension = shapely.get_dimensions(there)
    lines = shapely.get_parts(np.where(dimension == 2, shapely.boundary(there), there))
    lines = lines[shapely.length(lines) > 0]  # GEOS can't cut up a line that is a point
    points = shapely.get_coordinates(shapely.segmentize(lines, OUTLINE_STEP_M))
    return np.asarray(shapely.points(points[_one_a_cell(points)]))


def _one_a_cell(points: Coordinates) -> Integers:
    """The places of one point a cell, evenly thinned to POINTS_MAX; the same points in whatever order they
    come.
    """
    column, row = np.floor(points / CELL_M).astype(np.int64).T
    cell = column * 2**32 + row
    cells = np.unique(cell)
    if len(cells) > POINTS_MAX:
        cells = cells[np.linspace(0, len(cells) - 1, POINTS_MAX).astype(int)]
    place = np.minimum(np.searchsorted(cells, cell), len(cells) - 1)
    inside = np.flatnonzero(cells[place] == cell) if len(cells) else place
    ordered = inside[np.lexsort((points[inside, 1], points[inside, 0]))]
    return ordered[np.unique(cell[ordered], return_index=True)[1]]


def _agreeing(
    marks: Geometries, placings: list[Coordinates], shapes: Geometries, measure: Measure
) -> list[Mask]:
    """For each placing of the marks, given by their coordinates, a mask of those that agree with the
    shapes.
    """
    tree = shapely.STRtree(
        np.concatenate([shapely.set_coordinates(marks.copy(), placing) for placing in placings])
    )
    met = np.zeros(len(placings) * len(marks), dtype=bool)
    if measure.reach_m > 0:
        met[tree.query(shapes, predicate="dwithin", distance=measure.reach_m)[1]] = True
    else:
        met[tree.query(shapes, predicate="intersects")[1]] = True
    return np.split(met if measure.meets else ~met, len(placings))


def _ahead(one: Mask, other: Mask) -> float:
    """By how much one placing agrees better than another, in standard errors of the sign test."""
    gained, lost = int((one & ~other).sum()), int((other & ~one).sum())
    return float((gained - lost) / np.sqrt(max(gained + lost, 1)))


def _evidence(agree: dict[str, Mask], by_chance: list[Mask], measure: Measure, reference: str) -> str:
    points = len(next(iter(agree.values())))
    if not points:
        return "no point to go by"
    what = "footprints" if measure.whole else "points"
    shares = "; ".join(
        f"{name} {mask.mean():.1%}"
        for name, mask in sorted(agree.items(), key=lambda item: -int(item[1].sum()))
    )
    return (
        f"of {points} {what}, {measure.words} {reference}: {shares}; by chance up to"
        f" {max(mask.mean() for mask in by_chance):.1%}"
    )
