"""The geometry of a file's rows: cleaned, and brought into the CRS of the district."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.config import InputFile
from pipeline.georeferencing import datum_detection, plausibility
from pipeline.raw.errors import SourceError, rows_text
from pipeline.raw.file import RawFile
from pipeline.readers import shapes
from pipeline.tables import Table

#: What is known of a repair on its way to the repairs table.
MENDED = ("source_row", "repair", "area_before_m2", "area_after_m2", "detail")


def georeference(
    frame: pd.DataFrame,
    table: Table,
    raw: RawFile,
    file: InputFile,
    *,
    district_crs: str,
    trusted: Mapping[str, gpd.GeoDataFrame],
) -> tuple[datum_detection.Placed | None, pd.DataFrame, tuple[str, ...]]:
    """Set the geometry of a file's rows, cleaned and in the district's CRS.

    Parameters
    ----------
    frame : DataFrame
        A row for each of raw.rows, in their order; its columns geometry, reason and detail are set in place.
        What is wrong with the geometry goes before what is wrong with the attributes.
    table : Table
        Says which types of geometry the rows may have, and whether they need one.
    raw : RawFile
        The rows, in the CRS of the file.
    file : InputFile
        The entry of the configuration: its datum, and the input that is held against.
    district_crs : str
        A projected CRS in metres.
    trusted : mapping of str to GeoDataFrame
        Inputs by name, in district_crs, against which CRS and datum are held.

    Returns
    -------
    placed : Placed or None
        The geometry in WGS 84 and in district_crs, with the datum; None where the file has no geometry.
    repairs : DataFrame
        A row for each thing that was mended, columns `MENDED`; areas in m².
    notes : tuple of str
        What was done that the file's owner should know.

    Raises
    ------
    SourceError
        No geometry where the table needs one, a CRS that can't be, or a datum that is to be found and can't.
    """
    rows = raw.rows
    if not isinstance(rows, gpd.GeoDataFrame) or rows.geometry.isna().all():
        if table.geometry_required and len(rows):
            remedy = (
                "give its coordinate columns with x and y, or export it with geometry"
                if len(table.geometry_types) == 1
                else "export it with geometry"
            )
            raise SourceError(
                f"without geometry in all of its {rows_text(rows.index)}, and {table.name} need one; {remedy}"
            )
        frame["geometry"] = np.full(len(frame), None, dtype=object)
        return None, pd.DataFrame(columns=list(MENDED)), ()
    subdistricts = trusted.get("subdistricts")
    extent = plausibility.extent(subdistricts) if subdistricts is not None and len(subdistricts) else None
    far = plausibility.misplaced(raw, district_crs, extent)
    # Only footprints lose spikes: other polygons may share their edges with neighbours, and what a person
    # drew stays as it is.
    is_building = table.name == "buildings"
    clean = shapes.clean(
        rows.geometry.array, table.geometry_types, required=table.geometry_required, spikes=is_building
    )
    reason, detail = clean.reason, clean.detail
    reason[far & (reason == "")] = "bad_coordinates"
    detail[far & (detail == "")] = "lies far outside the region of the district"
    geometry = np.where(reason == "", clean.geometry, None)
    inner = clean.repairs["repair"].eq("inner_point").sum()
    notes = clean.notes
    if inner:
        notes += (
            (
                f"{inner} shapes taken as a point inside each; where they are outlines of areas, list the"
                " file under boundaries too"
            ),
        )
    placed = datum_detection.place(
        geometry, rows.crs, file, table.name, district_crs, trusted.get(datum_detection.reference_of(file))
    )
    frame["geometry"] = placed.geometry
    repairs = _in_square_metres(clean.repairs, raw, clean.geometry, frame["geometry"].to_numpy())
    faulty = reason != ""
    if table.geometry_required:
        if faulty.any():
            frame.loc[faulty, "reason"], frame.loc[faulty, "detail"] = reason[faulty], detail[faulty]
        return placed, repairs, notes + placed.notes
    dropped = (
        (f"{rows_text(rows.index[faulty])} taken without their geometry: {detail[faulty][0]}",)
        if faulty.any()
        else ()
    )
    return placed, repairs, notes + dropped + placed.notes


def _in_square_metres(
    repairs: pd.DataFrame, raw: RawFile, given: NDArray[np.object_], placed: NDArray[np.object_]
) -> pd.DataFrame:
    """Repairs with areas in m².

    Areas in the file's coordinates are scaled as the finished shape is in the district's CRS.
    """
    row_numbers = raw.rows.index.to_numpy()
    read = np.flatnonzero(np.isin(row_numbers, list(raw.mended)))
    of_reader = pd.DataFrame(
        {
            "position": read,
            "repair": [raw.mended[row] for row in row_numbers[read]],
            "detail": "as it was read",
        }
    )
    of_reader["area_after"] = shapely.area(given[read])
    out = pd.concat([part for part in (of_reader, repairs) if len(part)] or [repairs]).reset_index(drop=True)
    where = out["position"].to_numpy(dtype=int)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = shapely.area(placed[where]) / shapely.area(given[where])
    for name in ("area_before", "area_after"):
        out[f"{name}_m2"] = (out[name].to_numpy(dtype=float) if name in out else np.nan) * scale
    return out.assign(source_row=row_numbers[where])[list(MENDED)]
