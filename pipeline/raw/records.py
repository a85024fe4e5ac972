"""Rows as JSON text, so that a person can mend a rejected record and feed it back."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.arrays import Geometries


def as_json(rows: pd.DataFrame | gpd.GeoDataFrame, *, with_geometry: bool) -> list[str]:
    """Each row as one JSON object of its columns.

    Parameters
    ----------
    rows : DataFrame or GeoDataFrame
    with_geometry : bool
        Whether to add the geometry of a GeoDataFrame, as GeoJSON in the file's own CRS; null where there is
        none or a coordinate is not finite.

    Returns
    -------
    list of str
    """
    if not len(rows):
        return []
    attributes = pd.DataFrame(rows.drop(columns="geometry", errors="ignore")).reset_index(drop=True)
    if attributes.shape[1]:
        text = attributes.to_json(
            orient="records", lines=True, force_ascii=False, double_precision=15, date_format="iso"
        )
        lines: list[str] = text.rstrip("\n").split("\n")
    else:
        lines = ["{}"] * len(rows)
    if not with_geometry or not isinstance(rows, gpd.GeoDataFrame):
        return lines
    return [
        _joined(line, geometry) for line, geometry in zip(lines, _geometry(rows.geometry.array), strict=True)
    ]


def _geometry(geometry: Geometries) -> list[str]:
    shapes = np.array(geometry, dtype=object)
    finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    shapes[~finite] = None
    return [text or "null" for text in shapely.to_geojson(shapes)]


def _joined(line: str, geometry: str) -> str:
    return f'{line[:-1]}{"," if len(line) > 2 else ""}"geometry":{geometry}}}'
