"""Files for the city GIS: RFC 7946 GeoJSON, a GeoPackage in the district's CRS, and CSV that no spreadsheet
executes.
"""

from __future__ import annotations

import contextlib
import io
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline import files
from pipeline.readers import formulas

DECIMALS = 7
"""Decimals of a degree: about a centimetre, the most RFC 7946 (section 11.2) finds sensible."""


def to_wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame in WGS 84 longitude and latitude, rounded to DECIMALS, exterior rings counter-clockwise.

    Parameters
    ----------
    frame : GeoDataFrame
        Any CRS; it is not changed.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, longitude first, in degrees.

    Notes
    -----
    Decimals and the direction of rings are those of RFC 7946. Rounding moves a vertex that two areas share to
    the same place in both, so the coverage stays one. CGCS2000 and WGS 84 differ by centimetres and are
    treated as equal.
    """
    out = frame.to_crs("EPSG:4326")
    rounded = shapely.transform(out.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    return out.set_geometry(gpd.GeoSeries(shapely.orient_polygons(rounded), index=out.index, crs=out.crs))


def write_geojson(frame: gpd.GeoDataFrame, path: Path, *, layer: str, description: str = "") -> None:
    """Write one layer as GeoJSON (`as_geojson`).

    Parameters
    ----------
    frame : GeoDataFrame
        Any CRS.
    path : Path
        The file; it is whole or not there.
    layer : str
        The name of the layer.
    description : str, default ""
        Of the layer; empty: none.

    Raises
    ------
    WriteError
        Where the disk does not take it.
    """
    files.write(path, as_geojson(frame, layer=layer, description=description))


def as_geojson(frame: gpd.GeoDataFrame, *, layer: str, description: str = "") -> bytes:
    """One layer as GeoJSON after RFC 7946: WGS 84, no `crs` member, at most 7 decimals.

    Parameters
    ----------
    frame : GeoDataFrame
        Any CRS.
    layer : str
        The name of the layer.
    description : str, default ""
        Of the layer; empty: none.

    Returns
    -------
    bytes
        UTF-8.

    Notes
    -----
    Made in memory: to a disk that is full, GDAL's writer leaves the end of the file out and says nothing.
    """
    import pyogrio

    file = io.BytesIO()
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": str(DECIMALS)} | (
        {"DESCRIPTION": description} if description else {}
    )
    pyogrio.write_dataframe(to_wgs84(frame), file, layer=layer, driver="GeoJSON", layer_options=options)
    return file.getvalue()


def write_geopackage(layers: Mapping[str, pd.DataFrame], path: Path, *, as_of: date) -> None:
    """Write every layer into one GeoPackage, in the CRS it has.

    Parameters
    ----------
    layers : mapping of str to DataFrame
        Tables by the name of their layer; those with geometry get a spatial index.
    path : Path
        The file; it is whole or not there.
    as_of : date
        The time stamped, so that bytes repeat.

    Raises
    ------
    WriteError
        Where the disk does not take it, or not every row of every layer is in it afterwards.
    """
    import pyogrio
    from pyogrio.errors import DataSourceError, FeatureError

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of.isoformat()}T00:00:00.000Z"})
    try:
        with files.whole(path) as part:
            try:
                for name, frame in layers.items():
                    kind = "Unknown" if isinstance(frame, gpd.GeoDataFrame) else None
                    pyogrio.write_dataframe(frame, part, layer=name, driver="GPKG", geometry_type=kind)
                _read_back(layers, part)
            except (DataSourceError, FeatureError, sqlite3.Error) as error:
                raise files.why_not(part) or OSError(None, f"it did not come out whole: {error}") from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _read_back(layers: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Raises sqlite3.Error where a page of a GeoPackage is damaged, or a row of a layer, or of its spatial
    index, is missing.
    """
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as read:
        if (said := read.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(said)
        for name, frame in layers.items():
            expected = {name: len(frame)}
            if isinstance(frame, gpd.GeoDataFrame):
                expected[f"rtree_{name}_geom"] = int((~(frame.geometry.isna() | frame.is_empty)).sum())
            for table, rows in expected.items():
                if read.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] != rows:  # noqa: S608 (names of our own layers)
                    raise sqlite3.DatabaseError(f"{table} has not {rows} rows")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV (`as_csv`).

    Parameters
    ----------
    frame : DataFrame
    path : Path
        The file; it is whole or not there.

    Raises
    ------
    WriteError
        Where the disk does not take it.
    """
    files.write(path, as_csv(frame))


def as_csv(frame: pd.DataFrame) -> bytes:
    """A CSV that Excel reads Chinese from and that no spreadsheet executes.

    Parameters
    ----------
    frame : DataFrame
        It is not changed.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark, each line ended by a line feed.

    Notes
    -----
    A text cell that begins like a formula gets an apostrophe before it, which ingest takes off again; numbers
    are left as they are.
    """
    out = frame.copy()
    for name in out.select_dtypes(include=["str", "object"]).columns:
        out[name] = formulas.guarded(out[name])
    text: str = out.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")
