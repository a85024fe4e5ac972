"""Coordinate reference systems: what a file states, and the way from it to the district's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import pyproj.network
import shapely

from pipeline.config import InputFile, references
from pipeline.geometry.arrays import Geometries
from pipeline.georeferencing import datum
from pipeline.parsing import quantities
from pipeline.raw.errors import SourceError, about, near, rows_text
from pipeline.raw.file import RawFile

WGS84 = "EPSG:4326"
#: With the network PROJ would fetch grids from a server, and results would depend on it.
pyproj.network.set_network_enabled(False)


def known(definition: pyproj.CRS | Mapping[str, object] | str | None) -> Any:
    """The CRS that a file or the configuration states.

    Parameters
    ----------
    definition : str, PROJJSON as dict, pyproj.CRS or None

    Returns
    -------
    pyproj.CRS or None
        Without its heights, which nothing here uses; None: nothing is stated.

    Raises
    ------
    SourceError
        For a CRS that there is not, or that names grids, files or steps (`pipeline.config.references`).
    """
    if definition is None or definition == "":
        return None
    text = (
        definition
        if isinstance(definition, str)
        else json.dumps(definition, default=lambda one: one.to_json_dict())
    )
    if why := references.fault(text):
        raise SourceError(
            f"the CRS it states is not taken: {why}; export it in a CRS with a code, such as EPSG:4550"
        )
    try:
        found = pyproj.CRS(text)
    except pyproj.exceptions.CRSError as error:
        raise SourceError(
            "states a CRS that can't be understood; export it again, or as another format"
        ) from error
    if why := references.fault(found.to_json()):  # what PROJ makes of it
        raise SourceError(
            f"the CRS it states is not taken: {why}; export it in a CRS with a code, such as EPSG:4550"
        )
    return found.sub_crs_list[0] if found.is_compound else found


def says_no_place(crs: pyproj.CRS) -> bool:
    """Whether a CRS says nothing about the Earth.

    Parameters
    ----------
    crs : pyproj.CRS

    Returns
    -------
    bool
        True for local ones such as the "undefined" of GeoPackage, of time, of heights alone.
    """
    return not (crs.is_geographic or crs.is_projected)


def check_district(code: str) -> None:
    """Check that the CRS of the district can be used.

    Parameters
    ----------
    code : str
        district.crs of the configuration.

    Raises
    ------
    SourceError
        For a CRS that there is not, or that is not in metres on a plane.
    """
    with about("district.crs"):
        found = known(code)
    if not found.is_projected or any(axis.unit_conversion_factor != 1 for axis in found.axis_info[:2]):
        raise SourceError(f"district.crs = {code!r} is not a projected CRS in metres, such as EPSG:4550")


def points(raw: RawFile, file: InputFile) -> RawFile:
    """A tabular file with points made of its columns file.x and file.y.

    Parameters
    ----------
    raw : RawFile
    file : InputFile
        Its entry in the configuration.

    Returns
    -------
    RawFile
        With a GeoDataFrame without CRS; a row whose numbers can't be read has no point, and a note says so.

    Raises
    ------
    SourceError
        Where a column is missing.
    """
    for column in (file.x, file.y):
        if column not in raw.rows.columns:
            raise SourceError(f"no column {column!r} for coordinates; {near(column, raw.rows.columns)}")
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
    """The file with its CRS set: file.crs if given, else what the file says, else the standard of its format.

    Parameters
    ----------
    raw : RawFile
        With geometry.
    file : InputFile
        Its entry in the configuration.
    standard : str
        The CRS that its format has unless it says otherwise; "": none.

    Returns
    -------
    RawFile
        With `crs` saying which CRS it is and who states it; without a CRS where nobody does.

    Raises
    ------
    SourceError
        For a CRS in the configuration that does not exist, and for one from which there is no way to degrees.
    """
    rows, notes = raw.rows, raw.notes
    if rows.crs is not None and says_no_place(rows.crs):
        notes = (*notes, f"its CRS, {rows.crs.name}, says no place on the Earth")
        rows = rows.set_crs(None, allow_override=True)
    if file.crs:
        try:
            crs = known(file.crs)
        except SourceError as error:
            raise SourceError(f"crs = {file.crs!r} is no known CRS; write it as EPSG:4326") from error
        why = "stated in the configuration"
        if rows.crs is not None and rows.crs != crs and standard != WGS84:
            notes = (*notes, f"the file itself says {short(rows.crs)}")
    elif rows.crs is not None:
        crs, why = (
            rows.crs,
            "stated by the file, or its format's standard" if standard else "stated by the file",
        )
    elif standard:
        crs, why = pyproj.CRS(standard), "assumed: longitude and latitude"
    else:
        return replace(raw, rows=rows, notes=notes)
    try:
        transformer(crs, pyproj.CRS(WGS84))
    except pyproj.exceptions.ProjError as error:
        raise SourceError(
            f"its CRS, {short(crs)}, can't be turned into degrees; set crs to one with a code,"
            " such as EPSG:4550"
        ) from error
    return replace(raw, rows=rows.set_crs(crs, allow_override=True), crs=f"{short(crs)} ({why})", notes=notes)


def to_wgs84(geometry: Geometries, crs: pyproj.CRS | str, datum_name: str) -> Geometries:
    """Geometries as WGS 84 longitude and latitude.

    Parameters
    ----------
    geometry : object array, shape (n,)
    crs : pyproj.CRS or str
        Of the geometry.
    datum_name : str
        wgs84, cgcs2000, gcj02 or bd09; its shift is undone after unprojecting.

    Returns
    -------
    object array, shape (n,)
        In degrees, longitude first.
    """
    return datum.geometry_to_wgs84(_transform(geometry, crs, WGS84), datum_name)


def from_wgs84(geometry: Geometries, crs: pyproj.CRS | str) -> Geometries:
    """WGS 84 geometries in a projected CRS.

    Parameters
    ----------
    geometry : object array, shape (n,)
        In degrees, longitude first.
    crs : pyproj.CRS or str

    Returns
    -------
    object array, shape (n,)
        In the unit of the CRS.
    """
    return _transform(geometry, WGS84, crs)


@cache
def transformer(source: pyproj.CRS | str, target: pyproj.CRS | str) -> pyproj.Transformer:
    """The way from one CRS to another, x (or longitude) first.

    Parameters
    ----------
    source, target : pyproj.CRS or str

    Returns
    -------
    pyproj.Transformer
        The same one for the same pair.

    Raises
    ------
    pyproj.exceptions.ProjError
        Where there is no such way.
    """
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _transform(geometry: Geometries, source: pyproj.CRS | str, target: pyproj.CRS | str) -> Geometries:
    source, target = pyproj.CRS(source), pyproj.CRS(target)
    if source.equals(target, ignore_axis_order=True):
        return geometry
    move = transformer(source, target)
    moved: Geometries = shapely.transform(
        geometry, lambda xy: np.column_stack(move.transform(xy[:, 0], xy[:, 1]))
    )
    return moved


def short(crs: pyproj.CRS) -> str:
    """A CRS as messages call it: EPSG:4550, or its name where it has no code.

    Parameters
    ----------
    crs : pyproj.CRS

    Returns
    -------
    str
    """
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
