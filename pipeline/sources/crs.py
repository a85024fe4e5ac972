"""Coordinate reference systems: what a file states, whether its coordinates agree, and the way to the district's own."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from pipeline.config import InputFile
from pipeline.sources import datum, quantities
from pipeline.sources.errors import SourceError, near, rows_text
from pipeline.sources.raw import RawFile

WGS84 = "EPSG:4326"
#: Coordinates this far outside the district CRS's area of use can't belong to the district.
MARGIN_DEG = 3.0
#: What Chinese deliveries come in, tried when coordinates fit nothing that was stated: web mercator; CGCS2000 3° and 6° zones
#: with and without the zone prefix; UTM zones 43N to 53N.
CANDIDATES = ("EPSG:3857", *(f"EPSG:{code}" for code in (*range(4513, 4555), *range(4491, 4513), *range(32643, 32654))))


def points(raw: RawFile, file: InputFile) -> RawFile:
    """A tabular file with points made of its columns file.x and file.y; a row whose numbers can't be read has none.

    Raises SourceError where a column is missing.
    """
    for column in (file.x, file.y):
        if column not in raw.rows.columns:
            raise SourceError(f"{raw.name}: no column {column!r} for coordinates; {near(column, raw.rows.columns)}")
    x, y = (quantities.number(raw.rows[column])[0].to_numpy() for column in (file.x, file.y))
    complete = np.isfinite(x) & np.isfinite(y)
    geometry = np.full(len(x), None, dtype=object)
    geometry[complete] = shapely.points(x[complete], y[complete])
    rows = raw.rows.drop(columns="geometry", errors="ignore")
    notes = raw.notes
    if not complete.all():
        notes = (*notes, f"{rows_text(rows.index[~complete])} without a readable {file.x}, {file.y}")
    return replace(raw, rows=gpd.GeoDataFrame(rows, geometry=geometry), notes=notes)


def stated(raw: RawFile, file: InputFile, *, standard: str) -> RawFile:
    """The file with its CRS set: file.crs if given, else what the file says, else the standard of its format ("": none).

    Raises SourceError for a CRS in the configuration that does not exist.
    """
    rows, notes = raw.rows, raw.notes
    if file.crs:
        try:
            crs = pyproj.CRS(file.crs)
        except pyproj.exceptions.CRSError as error:
            raise SourceError(f"{raw.name}: crs = {file.crs!r} is no known CRS; write it as EPSG:4326") from error
        why = "stated in the configuration"
        if rows.crs is not None and rows.crs != crs and standard != WGS84:
            notes = (*notes, f"the file itself says {_short(rows.crs)}")
    elif rows.crs is not None:
        crs, why = rows.crs, "stated by the file, or its format's standard" if standard else "stated by the file"
    elif standard:
        crs, why = pyproj.CRS(standard), "assumed: longitude and latitude"
    else:
        return raw
    return replace(raw, rows=rows.set_crs(crs, allow_override=True), crs=f"{_short(crs)} ({why})", notes=notes)


def misplaced(raw: RawFile, district_crs: str) -> Any:
    """A mask of the rows whose coordinates can't be in the district, as its CRS's area of use (and a margin) shows.

    Raises SourceError when the file has no CRS, or when more than half of its rows are misplaced: then it is the CRS that
    is wrong, and the message names those that would fit.
    """
    rows = raw.rows
    bounds = rows.geometry.bounds.to_numpy()
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    known = np.isfinite(x) & np.isfinite(y)
    if rows.crs is None:
        raise SourceError(f"{raw.name}: without a CRS (no .prj, nothing in the file); {_remedy(x[known], y[known], district_crs)}")
    window = _window(district_crs)
    far = known & ~_inside(x, y, rows.crs, window, MARGIN_DEG)
    if far.sum() * 2 > known.sum():
        first = np.flatnonzero(far)[0]
        raise SourceError(
            f"{raw.name}: its coordinates do not agree with its CRS, {raw.crs}: {rows_text(rows.index[far])} would lie outside "
            f"the region of the district ({district_crs}), the first at x {x[first]:.10g}, y {y[first]:.10g}; "
            f"{_remedy(x[known], y[known], district_crs)}"
        )
    return far


def to_wgs84(geometry: Any, crs: Any, datum_name: str) -> Any:
    """An array of geometries as WGS 84 longitude and latitude; the datum shift is undone after unprojecting."""
    return datum.geometry_to_wgs84(_transform(geometry, crs, WGS84), datum_name)


def from_wgs84(geometry: Any, crs: Any) -> Any:
    """An array of WGS 84 geometries in a projected CRS."""
    return _transform(geometry, WGS84, crs)


def geodesic_area(projected: Any, lonlat: Any, crs: Any) -> Any:
    """Area on the ellipsoid in m² of footprints given projected and as WGS 84 (None: nan): the plane area over the projection's areal
    scale at the footprint. The scale is taken per 0.001° cell, within which it changes by less than 1e-5."""
    area = shapely.area(projected)
    there = ~shapely.is_missing(lonlat)
    if not there.any():
        return area
    cells, inverse = np.unique(np.round(shapely.get_coordinates(shapely.centroid(lonlat[there])), 3), axis=0, return_inverse=True)
    scale = pyproj.Proj(crs).get_factors(cells[:, 0], cells[:, 1]).areal_scale
    area[there] /= np.asarray(scale)[inverse.ravel()]
    return area


@cache
def _transformer(source: Any, target: Any) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _transform(geometry: Any, source: Any, target: Any) -> Any:
    source, target = pyproj.CRS(source), pyproj.CRS(target)
    if source.equals(target, ignore_axis_order=True):
        return geometry
    move = _transformer(source, target)
    return shapely.transform(geometry, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1])))


def _window(district_crs: str) -> tuple[float, float, float, float]:
    area = pyproj.CRS(district_crs).area_of_use
    return area.bounds if area is not None else (-180.0, -90.0, 180.0, 90.0)


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(x: Any, y: Any, crs: Any, window: tuple[float, float, float, float], margin: float) -> Any:
    """Whether points in a CRS lie in a window of longitude and latitude."""
    with np.errstate(invalid="ignore"):
        if pyproj.CRS(crs).is_geographic:
            lon, lat = np.asarray(x), np.asarray(y)
        else:
            lon, lat = _transformer(pyproj.CRS(crs), pyproj.CRS(WGS84)).transform(x, y)
        west, south, east, north = window
        return (lon >= west - margin) & (lon <= east + margin) & (lat >= south - margin) & (lat <= north + margin)


def _remedy(x: Any, y: Any, district_crs: str) -> str:
    """Which CRS would put the coordinates into the district's region."""
    if not len(x):
        return 'give it with crs = "EPSG:…"'
    window = _window(district_crs)
    middle = (np.median(x, keepdims=True), np.median(y, keepdims=True))
    near_by = (c for c in (WGS84, district_crs, *CANDIDATES) if _overlap(_window(c), window))
    fitting = [c for c in near_by if _inside(*middle, c, window, 0.0)[0]]
    if fitting:
        return f"they would fit crs = {' or '.join(repr(c) for c in dict.fromkeys(fitting))}: set the right one, or reproject the file"
    if _inside(middle[1], middle[0], WGS84, window, 0.0)[0]:
        return "they would fit with the axes swapped: export the file with longitude first"
    if _inside(*middle, WGS84, (-180.0, -90.0, 180.0, 90.0), 0.0)[0] and (abs(x) > 1).any():
        return "they look like longitude and latitude of another place: is this the right file, and district.crs the right CRS?"
    return "no CRS in use here fits (local metres?): ask whoever made the file, and set crs, or reproject it"


def _short(crs: Any) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
