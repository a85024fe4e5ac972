"""Files for the city GIS: RFC 7946 GeoJSON, a GeoPackage in the district's CRS, and CSV that no spreadsheet executes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.sources import formulas

DECIMALS = 7
"""Decimals of a degree: about a centimetre, the most RFC 7946 (section 11.2) finds sensible."""


def to_wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame in WGS 84 longitude and latitude, rounded to DECIMALS, exterior rings counter-clockwise (RFC 7946).

    Rounding moves a vertex that two areas share to the same place in both, so the coverage stays one. CGCS2000 and
    WGS 84 differ by centimetres and are treated as equal.
    """
    out = frame.to_crs("EPSG:4326")
    rounded = shapely.transform(out.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    return out.set_geometry(gpd.GeoSeries(shapely.orient_polygons(rounded), index=out.index, crs=out.crs))


def write_geojson(frame: gpd.GeoDataFrame, path: Path, *, layer: str, description: str = "") -> None:
    """Write one layer as GeoJSON after RFC 7946: WGS 84, no `crs` member, at most 7 decimals."""
    import pyogrio

    options = {"RFC7946": "YES", "COORDINATE_PRECISION": str(DECIMALS)} | ({"DESCRIPTION": description} if description else {})
    pyogrio.write_dataframe(to_wgs84(frame), path, layer=layer, driver="GeoJSON", layer_options=options)


def write_geopackage(layers: Mapping[str, pd.DataFrame], path: Path, *, as_of: date) -> None:
    """Write every layer into one GeoPackage, in the CRS it has; the time stamped is `as_of`, so that bytes repeat."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of.isoformat()}T00:00:00.000Z"})
    try:
        for name, frame in layers.items():
            kind = "Unknown" if isinstance(frame, gpd.GeoDataFrame) else None
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", geometry_type=kind)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 CSV with a byte-order mark (so that Excel reads Chinese), text that begins like a formula being guarded.

    Such a text cell gets an apostrophe before it, which ingest takes off again; numbers are left as they are.
    """
    out = frame.copy()
    for name in out.select_dtypes(include=["str", "object"]).columns:
        out[name] = formulas.guarded(out[name])
    out.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
