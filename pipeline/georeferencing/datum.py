"""Chinese web-map datums: GCJ-02 (AMap, Tencent) and BD-09 (Baidu) to WGS 84 and back.

The formula of GCJ-02 was never published; this is the one of eviltransform
(github.com/googollee/eviltransform), which every open library uses: a polynomial with sines on the Krasovsky
1940 ellipsoid. BD-09 is a second shift on top, as in coordtransform. Both are given forwards only. The
inverse here is the root of the forward formula, found by fixed-point iteration, so that a round trip returns
the same coordinate within 1e-9°. Outside China's bounding box GCJ-02 is WGS 84. CGCS2000 differs from WGS 84
by centimetres and is treated as equal.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from pipeline.geometry.arrays import Coordinates, Floats, Geometries, Mask

KRASOVSKY_A = 6378245.0
KRASOVSKY_E2 = 0.00669342162296594323
CHINA_LON = (72.004, 137.8347)
CHINA_LAT = (0.8293, 55.8271)
BD_TURN = np.pi * 3000.0 / 180.0
#: Where the iteration stops: what is left after one more step is a hundredth of it.
TOLERANCE_DEG = 1e-10
#: Coordinates moved at a time: few enough to stay in the processor's cache.
BLOCK = 16_384

#: Longitudes and latitudes, degrees.
Pair = tuple[Floats, Floats]


def to_wgs84(lon: Floats, lat: Floats, datum: str) -> Pair:
    """Longitudes and latitudes in a datum, as WGS 84.

    Parameters
    ----------
    lon, lat : float arrays, shape (n,)
        Degrees.
    datum : str
        wgs84, cgcs2000, gcj02 or bd09.

    Returns
    -------
    lon, lat : float arrays, shape (n,)
        Degrees, within 1e-9° of what `from_wgs84` takes back to the given ones.

    Raises
    ------
    ValueError
        For another datum.
    """
    if datum == "gcj02":
        return _in_blocks(_gcj02_to_wgs84, lon, lat)
    if datum == "bd09":
        return _in_blocks(lambda x, y: _gcj02_to_wgs84(*_root(_gcj02_to_bd09, x, y)), lon, lat)
    return _unmoved(lon, lat, datum)


def from_wgs84(lon: Floats, lat: Floats, datum: str) -> Pair:
    """WGS 84 longitudes and latitudes in a datum.

    Parameters
    ----------
    lon, lat : float arrays, shape (n,)
        Degrees.
    datum : str
        wgs84, cgcs2000, gcj02 or bd09.

    Returns
    -------
    lon, lat : float arrays, shape (n,)
        Degrees.

    Raises
    ------
    ValueError
        For another datum.
    """
    if datum == "gcj02":
        return _in_blocks(_wgs84_to_gcj02, lon, lat)
    if datum == "bd09":
        return _in_blocks(lambda x, y: _gcj02_to_bd09(*_wgs84_to_gcj02(x, y)), lon, lat)
    return _unmoved(lon, lat, datum)


def geometry_to_wgs84(geometry: Geometries, datum: str) -> Geometries:
    """Geometries in a datum, as WGS 84.

    Parameters
    ----------
    geometry : object array, shape (n,)
        In degrees, longitude first.
    datum : str
        wgs84, cgcs2000, gcj02 or bd09.

    Returns
    -------
    object array, shape (n,)
        In degrees, longitude first; the array itself for wgs84 and cgcs2000.

    Raises
    ------
    ValueError
        For another datum.
    """
    if datum in ("wgs84", "cgcs2000"):
        return geometry

    def move(coordinates: Coordinates) -> Coordinates:
        return np.column_stack(to_wgs84(coordinates[:, 0], coordinates[:, 1], datum))

    moved: Geometries = shapely.transform(geometry, move)
    return moved


def _unmoved(lon: Floats, lat: Floats, datum: str) -> Pair:
    if datum not in ("wgs84", "cgcs2000"):
        raise ValueError(f"unknown datum {datum!r}")
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def _in_blocks(move: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    out = np.empty_like(lon), np.empty_like(lat)
    for start in range(0, lon.size, BLOCK):
        block = slice(start, start + BLOCK)
        out[0][block], out[1][block] = move(lon[block], lat[block])
    return out


def _in_china(lon: Floats, lat: Floats) -> Mask:
    return (lon > CHINA_LON[0]) & (lon < CHINA_LON[1]) & (lat > CHINA_LAT[0]) & (lat < CHINA_LAT[1])


def _wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    moved_lon, moved_lat = _shifted(lon, lat)
    inside = _in_china(lon, lat)
    return np.where(inside, moved_lon, lon), np.where(inside, moved_lat, lat)


def _gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    """What lies inside China's box before the shift was shifted, wherever it lies after it."""
    root_lon, root_lat = _root(_shifted, lon, lat)
    inside = _in_china(root_lon, root_lat)
    return np.where(inside, root_lon, lon), np.where(inside, root_lat, lat)


def _shifted(lon: Floats, lat: Floats) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    root = np.sqrt(np.abs(x))
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    d_lat += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    d_lon += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - KRASOVSKY_E2 * np.sin(phi) ** 2
    d_lat = np.degrees(d_lat / (KRASOVSKY_A * (1.0 - KRASOVSKY_E2) / (magic * np.sqrt(magic))))
    d_lon = np.degrees(d_lon / (KRASOVSKY_A / np.sqrt(magic) * np.cos(phi)))
    return lon + d_lon, lat + d_lat


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    distance = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_TURN)
    return distance * np.cos(angle) + 0.0065, distance * np.sin(angle) + 0.006


def _root(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """The coordinates that `forward` moves to lon, lat. The shift changes by under 1 % of a step, so this
    converges in a few.
    """
    x, y = lon, lat
    for _ in range(30):
        moved_x, moved_y = forward(x, y)
        error_x, error_y = moved_x - lon, moved_y - lat
        x, y = x - error_x, y - error_y
        if np.fmax.reduce(np.fmax(np.abs(error_x), np.abs(error_y)), initial=0.0) < TOLERANCE_DEG:
            break
    return x, y
