"""Where coordinates lie, whether that agrees with the CRS they are said to be in, and what they look like
where it does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from pipeline.config import InputFile
from pipeline.geometry.arrays import Coordinates, Geometries
from pipeline.georeferencing import crs, datum_detection, plausibility
from pipeline.raw.errors import SourceError
from pipeline.raw.file import RawFile

#: Coordinates may lie this far outside the area a CRS is made for.
MARGIN_DEG = 1.0
#: Zones of CGCS2000 whose eastings begin with their number: (first number, last, EPSG code of the first), of
#: 6° and of 3°.
ZONES = ((13, 23, 4491), (25, 45, 4513))


@dataclass(frozen=True)
class District:
    """What coordinates are compared with."""

    crs: str
    """A projected CRS in metres, such as EPSG:4550."""
    subdistricts: gpd.GeoDataFrame | None = None
    """Its territory, where that is known."""


@dataclass(frozen=True)
class Site:
    """Where the coordinates of a file lie."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north in the file's own coordinates."""
    lonlat: tuple[float, float, float, float] | None
    """The same in degrees, as the CRS has it; None: there is no CRS, or they can't be there."""
    verdict: str
    """Whether they agree with their CRS, and with the district: a sentence."""
    agrees: bool
    """The verdict as yes or no."""
    stated: str
    """The CRS, and who says so; empty: nobody."""
    crs: str = ""
    """The CRS to be stated in the configuration; empty: it need not be, or can't be told."""
    datum: str = ""
    """The datum to be stated, as the district's outlines tell it; empty: none."""


def located(raw: RawFile, file: InputFile, table: str, district: District | None) -> Site | None:
    """Where the coordinates of a file lie, and whether they agree with their CRS and with the district.

    Parameters
    ----------
    raw : RawFile
    file : InputFile
        Its entry in the configuration.
    table : str
        The input that it probably is.
    district : District or None
        None: not known yet.

    Returns
    -------
    Site or None
        None: the file has no coordinates.
    """
    if not isinstance(raw.rows, gpd.GeoDataFrame):
        return None
    shapes = raw.rows.geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    finite = np.isfinite(boxes).all(axis=1)
    if not finite.any():
        return None
    shapes, boxes = shapes[finite], boxes[finite]
    bounds = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    guess, looks = looks_like(*np.quantile(middles, [0.02, 0.98], axis=0).ravel())
    stated = raw.rows.crs
    lonlat = None if stated is None else _lonlat(bounds, stated)
    if district is not None:
        return _in_district(
            raw, file, table, district, shapes, Site(bounds, lonlat, looks, False, raw.crs, guess)
        )
    if stated is None:
        return Site(bounds, None, f"no CRS is stated; {looks}", False, raw.crs, guess)
    if _agree(middles, pyproj.CRS(stated)):
        return Site(bounds, lonlat, "the coordinates agree with it", True, raw.crs)
    return Site(
        bounds, None, f"the coordinates do NOT agree with {crs.short(stated)}: {looks}", False, raw.crs, guess
    )


def looks_like(west: float, south: float, east: float, north: float) -> tuple[str, str]:
    """Which CRS coordinates are probably in, by their size alone.

    Parameters
    ----------
    west, south, east, north : float
        The range of the coordinates in the file's own unit.

    Returns
    -------
    code : str
        "" where their size does not tell.
    words : str
        The same for people.
    """
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        if max(east - west, north - south) < 1e-9 and abs(west) < 1e-9:
            return "", "they are all at 0, 0"
        if west >= 0 and east <= 55 and south >= 70:
            return (
                "",
                (
                    "they look like latitude and longitude in the wrong order: export the file with longitude"
                    " first"
                ),
            )
        return crs.WGS84, "they look like longitude and latitude"
    if max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180:
        return (
            "",
            (
                "they look like latitude and longitude in the wrong order: export the file with longitude"
                " first, or exchange x and y"
            ),
        )
    if 8e6 <= west <= east <= 1.52e7 and 2e6 <= south <= north <= 7.3e6:
        return "EPSG:3857", "they look like metres of web mercator"
    prefix = int(west // 1e6)
    for first, last, code in ZONES:
        if prefix == int(east // 1e6) and first <= prefix <= last and 1e6 <= south <= north <= 7e6:
            return (
                f"EPSG:{code + prefix - first}",
                f"they look like metres of CGCS2000, zone {prefix}, which the eastings begin with",
            )
    if 1e5 <= west <= east <= 9e5 and 1e6 <= south <= north <= 7e6:
        return (
            "",
            (
                "they look like metres of a Gauss-Krüger or UTM zone, and nothing says of which: ask, or have"
                " --config try the district's"
            ),
        )
    return (
        "",
        (
            "they look like metres from a point of its own (local coordinates): ask whoever made the file,"
            " and reproject it"
        ),
    )


def suited_crs(lonlat: tuple[float, float, float, float]) -> str:
    """A projected CRS in metres for a district.

    Parameters
    ----------
    lonlat : tuple of float
        West, south, east and north of the district, in WGS 84 degrees.

    Returns
    -------
    str
        In China the 3° zone of CGCS2000 (EPSG:4534 to 4554), else the zone of UTM.
    """
    lon, lat = (lonlat[0] + lonlat[2]) / 2, (lonlat[1] + lonlat[3]) / 2
    for code in range(4534, 4555):
        area = pyproj.CRS(code).area_of_use
        if area is not None and area.west <= lon < area.east and area.south <= lat <= area.north:
            return f"EPSG:{code}"
    return f"EPSG:{(32600 if lat >= 0 else 32700) + min(int((lon + 180) // 6) + 1, 60)}"


def _in_district(
    raw: RawFile, file: InputFile, table: str, district: District, shapes: Geometries, found: Site
) -> Site:
    known = (
        district.subdistricts if district.subdistricts is not None and len(district.subdistricts) else None
    )
    try:
        far = int(
            plausibility.misplaced(
                raw, district.crs, None if known is None else plausibility.extent(known)
            ).sum()
        )
    except SourceError as error:
        said = str(error)
        fitting_ones = [] if "axes swapped" in said else re.findall(r"'(EPSG:\d+)'", said)
        guess = next(
            (code for code in (found.crs, district.crs, *fitting_ones[:1]) if code in fitting_ones), ""
        )
        return replace(found, verdict=said, crs=guess, lonlat=None)
    verdict = f"the coordinates agree with it, and lie in the region of the district's ({district.crs})"
    verdict += f", but for {far} rows" if far else ""
    if known is None:
        return replace(found, verdict=verdict, agrees=True, crs="")
    territory = known.to_crs(district.crs)
    placed = crs.from_wgs84(crs.to_wgs84(shapes, raw.rows.crs, file.datum), district.crs)
    inside = np.zeros(len(placed), dtype=bool)
    inside[shapely.STRtree(placed).query(territory.geometry.to_numpy(), predicate="intersects")[1]] = True
    if not inside.any():
        return replace(
            found,
            verdict=f"{verdict}, but none in its subdistricts: is it another district's file?",
            agrees=False,
            crs="",
        )
    verdict += f"; {inside.mean():.0%} of the rows lie in its subdistricts"
    fit = datum_detection.fit(placed, table, territory, "subdistricts", placed_as=file.datum)
    doubt = datum_detection.doubt(fit, file.datum)
    return replace(
        found,
        verdict=f"{verdict}. {doubt}" if doubt else verdict,
        agrees=not doubt,
        crs="",
        datum=fit.found or "" if doubt else "",
    )


def _agree(middles: Coordinates, stated: pyproj.CRS) -> bool:
    """Whether most rows lie where the CRS is made for."""
    lon, lat = middles.T if stated.is_geographic else crs.transformer(stated, crs.WGS84).transform(*middles.T)
    area = stated.area_of_use
    west, south, east, north = area.bounds if area is not None else (-180.0, -90.0, 180.0, 90.0)
    inside = (
        (lat >= south - MARGIN_DEG) & (lat <= north + MARGIN_DEG) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    )
    if west <= east:
        inside &= (lon >= west - MARGIN_DEG) & (lon <= east + MARGIN_DEG)
    return bool(2 * inside.sum() > len(inside))


def _lonlat(
    bounds: tuple[float, float, float, float], stated: pyproj.CRS
) -> tuple[float, float, float, float] | None:
    """The bounds in WGS 84 degrees; None: they can't be there."""
    west, south, east, north = bounds
    if not pyproj.CRS(stated).is_geographic:
        west, south, east, north = crs.transformer(
            pyproj.CRS(stated), pyproj.CRS(crs.WGS84)
        ).transform_bounds(west, south, east, north)
    good = (
        np.isfinite([west, south, east, north]).all()
        and max(abs(west), abs(east)) <= 180
        and max(abs(south), abs(north)) <= 90
    )
    return (west, south, east, north) if good else None
