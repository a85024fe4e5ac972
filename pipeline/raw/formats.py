"""The formats that are read, each declared once: what its files are called, and what is to be known of it.

Everything that has to know of formats takes it from here: which suffixes are opened, which drivers GDAL may
use, which files Make watches, what messages call them. `pipeline.readers.formats` tells by the content
whether a file is what its suffix says.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One file format, and what is to be known of it."""

    driver: str
    """What the reader calls it: GDAL's name where GDAL reads it."""
    title: str
    """What messages call it."""
    suffixes: tuple[str, ...]
    """In lower case; none: told from another format by its content."""
    table: bool = False
    """Its rows have no geometry of their own (`pipeline.readers.tabular`)."""
    gdal: bool = True
    """GDAL reads it (`pipeline.readers.vector`)."""
    magic: bytes = b""
    """What each of its files begins with; empty: `pipeline.readers.formats` looks closer."""
    with_parts: bool = False
    """Files of the same name with other suffixes belong to it."""
    layers: bool = False
    """Its files often have several layers."""
    counts: bool = False
    """It knows how many rows there are, so that a damaged file can be told from a short one."""
    lonlat: bool = False
    """Its coordinates are longitude and latitude (WGS 84) unless it says otherwise."""
    packed: tuple[str, ...] = ()
    """Those of its suffixes whose files are compressed, and take longer to read than their size tells."""


FORMATS = (
    Format("GeoJSON", "GeoJSON", (".geojson", ".json"), lonlat=True),
    Format(
        "GeoJSONSeq",
        "newline-delimited GeoJSON",
        (".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
        lonlat=True,
    ),
    Format("ESRIJSON", "Esri JSON", ()),
    Format("GPKG", "GeoPackage", (".gpkg",), magic=b"SQLite format 3\x00", layers=True, counts=True),
    Format("ESRI Shapefile", "Shapefile", (".shp",), magic=b"\x00\x00\x27\x0a", with_parts=True),
    Format("FlatGeobuf", "FlatGeobuf", (".fgb",), magic=b"fgb", counts=True),
    Format(
        "Parquet",
        "GeoParquet",
        (".parquet", ".geoparquet"),
        gdal=False,
        magic=b"PAR1",
        packed=(".parquet", ".geoparquet"),
    ),
    Format("OpenFileGDB", "File Geodatabase", (".gdb",), layers=True, counts=True),
    Format("LIBKML", "KML", (".kml",), layers=True, lonlat=True),
    Format("DXF", "DXF drawing", (".dxf",)),
    Format("MapInfo File", "MapInfo table", (".tab", ".mif"), with_parts=True, counts=True),
    Format("OSM", "OpenStreetMap extract", (".osm", ".pbf"), layers=True, lonlat=True, packed=(".pbf",)),
    Format("CSV", "CSV", (".csv", ".tsv", ".txt"), table=True, gdal=False),
    Format("Excel", "Excel workbook", (".xlsx", ".xls"), table=True, gdal=False, packed=(".xlsx",)),
)

#: Suffix → driver, of formats with geometry and of tables. Nothing else is opened: GDAL knows drivers that
#: follow links, run pipelines or fetch.
VECTOR = {suffix: one.driver for one in FORMATS if not one.table for suffix in one.suffixes}
TABULAR = {suffix: one.driver for one in FORMATS if one.table for suffix in one.suffixes}
#: Unpacked here, and then read as what is in them.
ARCHIVES = (".zip", ".kmz")
BY_DRIVER = {one.driver: one for one in FORMATS}
#: Suffixes of files that others of the same name belong to.
WITH_PARTS = tuple(suffix for one in FORMATS if one.with_parts for suffix in one.suffixes)
#: What a database that was not closed leaves beside it: not yet written into it, or to be undone.
UNWRITTEN = ("-wal", "-journal")
#: Suffixes of compressed files.
PACKED = (*ARCHIVES, *(suffix for one in FORMATS for suffix in one.packed))
