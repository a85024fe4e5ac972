"""Online map tiles under the areas: their servers, and the shift of their datum to WGS 84."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from pipeline.config import MapOptions
from pipeline.georeferencing import datum


@dataclass(frozen=True)
class Provider:
    """A server of tiles in web-mercator, 256 pixels wide."""

    host: str
    path: str
    """With {z}, {x} and {y}, and {key} where it asks for one."""
    attribution: str
    zoom_max: int
    """The largest zoom it has; beyond it tiles are enlarged."""
    datum: str = "wgs84"
    is_labelled: bool = True
    """Its tiles have the names of streets and parks in them."""


_TIANDITU = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
PROVIDERS = {
    "openstreetmap": Provider(
        "https://tile.openstreetmap.org", "/{z}/{x}/{y}.png", "© OpenStreetMap contributors", 19
    ),
    "tianditu": Provider(
        "https://t0.tianditu.gov.cn",
        f"/vec_w/wmts?{_TIANDITU}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}",
        "© 天地图 Tianditu",
        18,
        is_labelled=False,
    ),
    "amap": Provider(
        "https://webrd01.is.autonavi.com",
        "/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",
        "© 高德地图 AMap",
        18,
        datum="gcj02",
    ),
}

#: The shift of a datum is given at corners this far apart: interpolated between them it is wrong by less than
#: a decimetre.
STEP_DEG = 0.01
#: … but at no more than this many a side, so that the page of a province stays small.
CORNERS_MAX = 65
#: The shift is given so far around the district, in its own widths: as far as the map can be moved.
AROUND = 2.0


def image_host(options: MapOptions) -> str:
    """The one host that the page may ask for images.

    Parameters
    ----------
    options : MapOptions

    Returns
    -------
    str
        Empty without tiles.
    """
    return PROVIDERS[options.tiles].host if options.tiles else ""


def tile_options(options: MapOptions, geometry: gpd.GeoSeries) -> dict[str, object]:
    """What js/tools/tiles.js is told of the chosen provider, as JSON values.

    Parameters
    ----------
    options : MapOptions
        With tiles chosen.
    geometry : GeoSeries
        What the map is of, in any CRS.

    Returns
    -------
    dict
        url, attribution, zoom_max, is_labelled; shift: what `shift_grid` gives, None for tiles in WGS 84.
    """
    provider = PROVIDERS[options.tiles]
    return {
        "url": provider.host + provider.path.replace("{key}", options.tiles_key),
        "attribution": provider.attribution,
        "zoom_max": provider.zoom_max,
        "is_labelled": provider.is_labelled,
        "shift": None
        if provider.datum == "wgs84"
        else shift_grid(provider.datum, tuple(geometry.to_crs(4326).total_bounds)),
    }


def shift_grid(name: str, bounds: tuple[float, ...]) -> dict[str, object]:
    """From coordinates in a datum to WGS 84, on a grid around these bounds.

    Parameters
    ----------
    name : str
        The datum, as pipeline.georeferencing.datum has it.
    bounds : tuple of float
        West, south, east, north in degrees of WGS 84.

    Returns
    -------
    dict
        The south-west corner (lng, lat), the steps and the number of corners to the east and to the north,
        and at each corner, row by row from the south, what is to be added to longitude and latitude, in
        billionths of a degree. Nothing is added where bounds are nan.
    """
    west, south, east, north = bounds
    if not np.isfinite(bounds).all():
        return {"lng": 0, "lat": 0, "step": [1, 1], "corners": [1, 1], "add": [0, 0]}
    margin = AROUND * max(east - west, north - south, STEP_DEG)
    low, high = np.array([west - margin, south - margin]), np.array([east + margin, north + margin])
    corners = np.minimum(np.ceil((high - low) / STEP_DEG).astype(int) + 1, CORNERS_MAX)
    lng, lat = np.meshgrid(np.linspace(low[0], high[0], corners[0]), np.linspace(low[1], high[1], corners[1]))
    true_lng, true_lat = datum.to_wgs84(lng.ravel(), lat.ravel(), name)
    add = np.column_stack([true_lng - lng.ravel(), true_lat - lat.ravel()])
    return {
        "lng": float(low[0]),
        "lat": float(low[1]),
        "step": ((high - low) / np.maximum(corners - 1, 1)).tolist(),
        "corners": corners.tolist(),
        "add": np.rint(add * 1e9).astype(int).ravel().tolist(),
    }
