"""What follows from a footprint and its attributes: areas, address, id."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.arrays import Geometries, Mask
from pipeline.geometry.geodesic import geodesic_area
from pipeline.parsing import addresses

#: Coordinates are kept to about a centimetre (1e-7°): a footprint thinner than that was a line before it was
#: rounded.
THINNEST_M = 0.01

#: Larger footprints are taken for no building: the largest there are, assembly halls, have 400,000 m², and a
#: district of homes has none of half that size.
LARGEST_M2 = 200_000.0


def collapsed(geometry: Geometries) -> Mask:
    """Which footprints have no width.

    Parameters
    ----------
    geometry : object array of polygons, shape (n,)
        In a projected CRS, metres.

    Returns
    -------
    bool array, shape (n,)
        True where twice the area over the perimeter is under THINNEST_M.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray(2 * shapely.area(geometry) < THINNEST_M * shapely.length(geometry))


def completed(frame: pd.DataFrame, geometry: Geometries, district_crs: str) -> pd.DataFrame:
    """Buildings with what follows from their footprints and attributes: areas and address.

    Parameters
    ----------
    frame : DataFrame
        Attributes of BUILDINGS as far as the file gives them.
    geometry : object array of polygons, shape (n,)
        Their footprints, in district_crs.
    district_crs : str
        A projected CRS in metres, such as EPSG:4550.

    Returns
    -------
    DataFrame
        A copy with footprint_area_m2 (geodesic), floor_area_m2 with its source, road and door_number. Floor
        area is as declared, else footprint times floors. The address is parsed where the file gives no road
        of its own.
    """
    out = frame.copy(deep=False)
    # measuring does not hold Python's lock, reading addresses does
    with ThreadPoolExecutor(max_workers=1) as beside:
        area = beside.submit(geodesic_area, geometry, district_crs)
        if "road" in out:
            out["road"] = addresses.normalise_road(out["road"])
        elif "address" in out:
            parsed = addresses.parse_address(out["address"])
            out["road"] = parsed["road"]
            if "door_number" not in out:
                out["door_number"] = parsed["door_number"]
        out["footprint_area_m2"] = area.result()
    computed = out["footprint_area_m2"] * _column(out, "floors", "Int64").astype("Float64").astype("float64")
    declared = _column(out, "floor_area_m2", "float64")
    declared = declared.where(declared > 0)
    out["floor_area_m2"] = declared.fillna(computed)
    source = (
        pd.Series(None, index=out.index, dtype="str")
        .mask(computed.notna(), "floors")
        .mask(declared.notna(), "declared")
    )
    out["floor_area_source"] = source
    return out


def _column(frame: pd.DataFrame, name: str, dtype: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=dtype)
