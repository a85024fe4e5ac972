"""Whether coordinates agree with the CRS that is stated for them, and which CRS would fit where they
don't.
"""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from pipeline.geometry.arrays import Floats, Mask
from pipeline.georeferencing import crs
from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import RawFile

#: Coordinates this far outside the district CRS's area of use can't belong to the district.
MARGIN_DEG = 1.0
#: And this far outside the district's own extent: a datum shift is under 1.3 km, and roads and water lead out
#: of a district.
EXTENT_MARGIN_DEG = 0.03
#: A CRS that puts the coordinates this near to the district is named where none puts them into it: a file of
#: the whole province is in one zone, which can be the neighbour of the district's.
NEIGHBOUR_DEG = 3.0
#: What Chinese deliveries come in, tried when coordinates fit nothing that was stated: web mercator; CGCS2000
#: 3° and 6° zones with and without the zone prefix; UTM zones 43N to 53N.
CANDIDATES = (
    "EPSG:3857",
    *(f"EPSG:{code}" for code in (*range(4513, 4555), *range(4491, 4513), *range(32643, 32654))),
)
#: A CRS fits if it puts this share of the rows into the district; a stated one does not if it puts less than
#: half of that there.
FITTING_SHARE = 0.5
#: So many are named of several that fit.
FITTING_MOST = 3
ROWS_TRIED = 1000

#: West, south, east, north.
Box = tuple[float, float, float, float]


def extent(subdistricts: gpd.GeoDataFrame) -> Box:
    """West, south, east and north of the district.

    Parameters
    ----------
    subdistricts : GeoDataFrame
        SUBDISTRICTS, with a CRS.

    Returns
    -------
    tuple of float
        WGS 84 degrees.
    """
    west, south, east, north = subdistricts.geometry.to_crs(crs.WGS84).total_bounds
    return (west, south, east, north)


def misplaced(raw: RawFile, district_crs: str, district: Box | None = None) -> Mask:
    """Which rows have coordinates that can't be in the district.

    Parameters
    ----------
    raw : RawFile
        With geometry.
    district_crs : str
        Its area of use, MARGIN_DEG wider, is where coordinates may lie.
    district : tuple of float, optional
        West, south, east and north of the district in WGS 84 degrees, where that is known.

    Returns
    -------
    bool array, shape (n,)
        False for rows without geometry, or with a coordinate that is not finite.

    Raises
    ------
    SourceError
        When the file has no CRS, when more than half of its rows are misplaced, or when hardly any lies in
        the district's own extent, where that is known, while another CRS would put most of them there: then
        it is the CRS that is wrong, and the message names those that would fit.
    """
    rows = raw.rows
    boxes = shapely.bounds(rows.geometry.array)
    known = np.isfinite(boxes).all(axis=1)
    region = _widened(_region(district_crs), MARGIN_DEG)
    if rows.crs is None:
        remedy = _remedy(boxes[known], district_crs, district)
        raise SourceError(f"without a CRS (no .prj, nothing in the file); {remedy}")
    middles = np.tile((boxes[:, :2] + boxes[:, 2:]) / 2, 2)
    far: Mask = known & ~_meet(_lonlat(middles, rows.crs), region)
    if far.sum() * 2 > known.sum():
        where = f"outside the region of the district ({district_crs})"
    elif district is not None and known.any() and _better(boxes[known], rows.crs, district_crs, district):
        far = known & ~_meet(_lonlat(boxes, rows.crs), _widened(district, EXTENT_MARGIN_DEG))
        where = "outside the district"
    else:
        return far
    first = np.flatnonzero(far)[0]
    raise SourceError(
        f"its coordinates do not agree with its CRS, {raw.crs}: {rows_text(rows.index[far])}"
        f" would lie {where}, the first at x {middles[first, 0]:.10g}, y {middles[first, 1]:.10g};"
        f" {_remedy(boxes[known], district_crs, district)}"
    )


def _better(boxes: Floats, stated: pyproj.CRS, district_crs: str, district: Box) -> bool:
    """Whether a CRS fits, and the stated one does not."""
    share = _meet(_lonlat(boxes, stated), _widened(district, EXTENT_MARGIN_DEG)).mean()
    return bool(share < FITTING_SHARE / 2 and _fitting(boxes, district_crs, district, district))


@cache
def _region(code: str) -> Box:
    area = pyproj.CRS(code).area_of_use
    return area.bounds if area is not None else (-180.0, -90.0, 180.0, 90.0)


def _widened(box: Box, margin: float) -> Box:
    west, south, east, north = box
    return (west - margin, south - margin, east + margin, north + margin)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lonlat(boxes: Floats, stated: pyproj.CRS | str) -> Floats:
    """Boxes (n × 4: west, south, east, north) in WGS 84; not finite where a corner can't be."""
    if pyproj.CRS(stated).is_geographic:
        return boxes
    corners = boxes.reshape(-1, 2)
    lon, lat = crs.transformer(pyproj.CRS(stated), pyproj.CRS(crs.WGS84)).transform(
        corners[:, 0], corners[:, 1]
    )
    return np.column_stack([lon, lat]).reshape(-1, 4)


def _meet(boxes: Floats, window: Box) -> Mask:
    """Which boxes (n × 4: west, south, east, north) meet the window; one that is not finite does not."""
    west, south, east, north = window
    return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)


def _fitting(boxes: Floats, district_crs: str, window: Box, region: Box) -> list[tuple[str, bool]]:
    """Each CRS that puts about as many boxes into the window as the best does, and whether with its axes
    swapped.
    """
    tried = boxes[np.lexsort(boxes.T)][:: -(-len(boxes) // ROWS_TRIED)]
    shares: dict[tuple[str, bool], float] = {}
    places = set()
    for code in dict.fromkeys((district_crs, crs.WGS84, *CANDIDATES)):
        for swapped in (False, True):
            if not _overlap(_region(code), region):
                continue
            placed = _lonlat(tried[:, [1, 0, 3, 2]] if swapped else tried, code)
            share = _meet(placed, window).mean()
            # Two codes can be one projection: the 3° zone and the 6° zone with the same meridian.
            place = tuple(np.round(placed[len(placed) // 2], 7))
            if share >= FITTING_SHARE and place not in places:
                places.add(place)
                shares[code, swapped] = share
    return [way for way, share in shares.items() if share >= max(shares.values()) - 0.05]


def _remedy(boxes: Floats, district_crs: str, district: Box | None) -> str:
    """Which CRS would put the coordinates into the district, or, if it is unknown where that is, into its
    region.
    """
    if not len(boxes):
        return 'give it with crs = "EPSG:…"'
    region = _region(district_crs)
    ways = (_fitting(boxes, district_crs, district, district) if district else []) or _fitting(
        boxes, district_crs, region, region
    )
    if not ways and district:
        ways = _fitting(boxes, district_crs, district, _widened(district, NEIGHBOUR_DEG))
    straight = [code for code, swapped in ways if not swapped]
    if straight:
        best = " or ".join(
            f"{code!r}{' (the district’s own)' if code == district_crs else ''}"
            for code in straight[:FITTING_MOST]
        )
        more = len(straight) - FITTING_MOST
        others = (
            f" (so would {more} more: ask whoever made the file for its zone, or list subdistricts, which"
            " tell)"
            if more > 0
            else ""
        )
        return f"they would fit crs = {best}{others}: set the right one, or reproject the file"
    if any(code == crs.WGS84 for code, _ in ways):
        return (
            "they would fit with the axes swapped: export the file with longitude first, or exchange x and y"
            " in the configuration"
        )
    if ways:
        codes = " or ".join(repr(code) for code, _ in ways[:FITTING_MOST]) + (
            " or others" if len(ways) > FITTING_MOST else ""
        )
        return (
            f"they would fit crs = {codes} with the axes swapped: export the file with easting first, or"
            " exchange x and y"
        )
    if _meet(boxes, (-180.0, -90.0, 180.0, 90.0)).mean() >= FITTING_SHARE and (np.abs(boxes) > 1).any():
        return (
            "they look like longitude and latitude of another place: is this the right file, and district.crs"
            " the right CRS?"
        )
    return "no CRS in use here fits (local metres?): ask whoever made the file, and set crs, or reproject it"
