"""One raw file, whatever its format: the only door into the pipeline."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pipeline.config import InputFile
from pipeline.sources import crs, tabular, vector
from pipeline.sources.errors import SourceError
from pipeline.sources.raw import RawFile

#: Formats by suffix. Nothing else is opened: GDAL knows drivers that follow links, run pipelines or fetch from the network.
DRIVERS = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".fgb": "FlatGeobuf",
    ".parquet": "Parquet",
    ".geoparquet": "Parquet",
    ".csv": "CSV",
    ".tsv": "CSV",
    ".txt": "CSV",
    ".xlsx": "XLSX",
}
REMOTE = re.compile(r"^(/vsi|[a-z][a-z0-9+.-]*://|[a-z]{3,}:)", re.IGNORECASE)
ESRI_JSON = re.compile(rb'"(geometryType"\s*:\s*"esri|spatialReference"|attributes"\s*:\s*\{)')
GEOJSON = re.compile(
    rb'"type"\s*:\s*"(FeatureCollection|Feature|Point|LineString|Polygon|MultiPoint|MultiLineString|MultiPolygon|GeometryCollection)"'
)


def read_file(path: Path, file: InputFile, *, name: str) -> RawFile:
    """Every row of a file, uninterpreted, with its source row; its geometry in the CRS that the file or `file.crs` states.

    `name` is what messages call it (its path in RAW). A tabular file with `file.x` and `file.y` gets points.
    Raises SourceError for a file that is missing, of no known format, unreadable, empty, or whose CRS is missing or
    does not agree with its coordinates.
    """
    for text in (str(path), file.path, name):
        if REMOTE.match(text):
            raise SourceError(f"{name}: names of remote or virtual files are not opened; copy the file into RAW")
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise SourceError(f"{name}: {path.suffix or 'no suffix'} is not a format read here; known: {', '.join(DRIVERS)}")
    if not path.is_file():
        raise SourceError(
            f"{name}: {'not a file' if path.exists() else 'no such file'} at {path}; check path in the configuration, and RAW"
        )
    try:
        if driver == "CSV":
            raw = tabular.read_csv(path, name, encoding=file.encoding)
        elif driver == "XLSX":
            raw = tabular.read_xlsx(path, name, sheet=file.sheet)
        else:
            if driver == "GeoJSON":
                driver = _json_driver(path, name)
            raw = vector.read_vector(path, name, driver, layer=file.layer, encoding=file.encoding)
            return crs.stated(raw, file, standard="EPSG:4326" if driver == "GeoJSON" else "")
    except OSError as error:
        raise SourceError(f"{name}: can't be read: {error.strerror or error}") from error
    return crs.stated(crs.points(raw, file), file, standard="EPSG:4326") if file.x else replace(raw, crs="")


def _json_driver(path: Path, name: str) -> str:
    vector.check_magic(path, name, "GeoJSON")
    with path.open("rb") as source:
        head = source.read(1 << 20)
    if GEOJSON.search(head):
        return "GeoJSON"
    if ESRI_JSON.search(head):
        return "ESRIJSON"
    raise SourceError(f"{name}: JSON, but neither GeoJSON nor ESRI JSON (no FeatureCollection in it)")
