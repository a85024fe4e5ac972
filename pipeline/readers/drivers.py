"""What GDAL may do here: open files of the listed formats, and never the network.

GDAL looks at the content, so that a file called .kml may be a VRT that fetches, and pyogrio has no way to say
which drivers to try; GDAL's GeoJSON driver follows a `crs` of type "link". Both are settled in the
environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.raw.formats import FORMATS

#: The drivers that read a vector file here (GeoParquet is read without GDAL).
ENABLED = tuple(one.driver for one in FORMATS if one.gdal)
#: The other vector drivers that pyogrio's GDAL comes with: they follow links, run pipelines, fetch, or read
#: what no district delivers.
DISABLED = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud CSV CSW Carto DGN EDIGEO EEDA Elasticsearch GDALG GML GPSBabel"
    " GPX GTFS GeoRSS HTTP Idrisi JML JSONFG KML LVBAG MBTiles MVT MapML MiraMonVector NGW OAPIF ODS OGCAPI"
    " OGR_GMT OGR_PDS OGR_VRT PCIDSK PDF PDS4 PGDUMP PLSCENES PMTiles S57 SQLite SXF Selafin TopoJSON VDV VFK"
    " VICAR WAsP WFS XLSX"
)
#: No such proxy exists, so that every fetch fails before it leaves.
NOWHERE = "nowhere://"
OFFLINE: dict[str, str | None] = {
    "GDAL_HTTP_PROXY": NOWHERE,
    "GDAL_HTTPS_PROXY": NOWHERE,
    "no_proxy": None,
    "NO_PROXY": None,
    "PROJ_NETWORK": "OFF",
}


def load() -> Any:
    """The module pyogrio, loaded with the enabled drivers only.

    Returns
    -------
    module

    Notes
    -----
    GDAL reads GDAL_SKIP when it is loaded. Fiona is told the driver each time.
    """
    skipped = [name for name in DISABLED.split() if name not in ENABLED]
    # the log: a build without one of them warns
    with _environment({"GDAL_SKIP": ",".join(skipped), "CPL_LOG": os.devnull}):
        import pyogrio
    return pyogrio


@contextmanager
def confined(**options: str) -> Iterator[None]:
    """GDAL, pyogrio's and Fiona's, without a network and with these options, while the block runs.

    Parameters
    ----------
    **options : str
        Settings of GDAL, as environment variables.

    Notes
    -----
    Fiona can't decode what GDAL complains of where bytes of the file are quoted, and Python would print that
    it could not: its hooks for that are quiet meanwhile.
    """
    before = sys.unraisablehook, sys.excepthook
    sys.unraisablehook, sys.excepthook = _quiet, _quiet
    try:
        with _environment({**OFFLINE, **options}):
            yield
    finally:
        sys.unraisablehook, sys.excepthook = before


def _quiet(*_: object) -> None:
    pass


@contextmanager
def _environment(wanted: dict[str, str | None]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    _set(wanted)
    try:
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
