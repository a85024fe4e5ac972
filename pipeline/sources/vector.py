"""Files with geometry: read in bulk by pyogrio (GDAL), row by row by Fiona when the bulk reader refuses the whole file.

GDAL is always told the driver and never guesses it from the content: a file called .geojson may hold a VRT or a GDAL
pipeline that opens other files or the network. Geometry is taken as WKB and decoded here, because decoding is what one
unclosed ring breaks for the whole file. Shapefile text is taken as bytes and decoded here, so that a cut character costs
one character.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from pipeline.sources import encodings, geojson, records
from pipeline.sources.errors import SourceError, near
from pipeline.sources.raw import REFUSED_COLUMNS, RawFile

#: pandas types that keep whole numbers whole where some are null.
WHOLE = {
    t: dtype
    for types, dtype in (
        ((pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()), pd.Int64Dtype()),
        ((pa.bool_(),), pd.BooleanDtype()),
        ((pa.string(), pa.large_string()), pd.StringDtype(na_value=np.nan)),
    )
    for t in types
}

#: What a file of each driver begins with, so that a name can't lie about the content.
MAGIC = {"GPKG": b"SQLite format 3\x00", "FlatGeobuf": b"fgb", "ESRI Shapefile": b"\x00\x00\x27\x0a", "Parquet": b"PAR1"}

#: A file in which the row-by-row reader fails on more rows than this is broken as a whole.
ROW_FAILURES = 1000

#: Code pages of the DBF header (byte 29) that say something; the others are what any program leaves there.
DBF_CODE_PAGES = {0x4D: "gb18030", 0x4F: "big5", 0x78: "big5", 0x7A: "gb18030", 0x26: "cp866", 0x65: "cp866", 0xC9: "cp1251"}


@dataclass(frozen=True)
class Layer:
    """What the driver gave: the attributes, the geometry as WKB (None: none), the CRS it states, notes."""

    attributes: pd.DataFrame
    wkb: Any
    crs: Any
    notes: tuple[str, ...] = ()
    encoding: str = "utf-8"
    failed: Mapping[int, str] = field(default_factory=dict)
    """Places (from 1) of rows that could not be read at all, and why."""


def read_vector(path: Path, name: str, driver: str, *, layer: str = "", encoding: str = "") -> RawFile:
    """A vector file as GeoDataFrame in the CRS it states (none: None), with 1-based source rows.

    Raises SourceError for a file the driver can't read at all, a layer it does not have, or one without rows.
    """
    check_magic(path, name, driver)
    if driver == "Parquet":
        read = _parquet(path, name)
    else:
        try:
            meta, table = _bulk(path, name, driver, layer)
        except SourceError:
            raise
        except Exception as error:  # pyogrio raises whatever it likes on a broken file, IndexError included
            read = _row_by_row(path, name, driver, layer, error)
        else:
            read = _layer(meta, table, path, name, driver, encoding)
    dropped = geojson.dropped_members(path, len(read.attributes)) if driver == "GeoJSON" else {}
    total = len(read.attributes) + len(dropped)
    if not total:
        raise SourceError(f"{name}: empty: it has no rows; give a file with rows, or take it out of the configuration")
    numbers = np.setdiff1d(np.arange(1, total + 1), np.fromiter(dropped, dtype=int))
    return _decoded(read, numbers, dropped, name)


def check_magic(path: Path, name: str, driver: str) -> None:
    """Raise SourceError where the file does not begin as one of its driver does."""
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise SourceError(f"{name}: empty: 0 bytes; was the copy interrupted?")
    magic = MAGIC.get(driver)
    fits = head.startswith(magic) if magic else head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    if not fits:
        raise SourceError(f"{name}: not a {driver} file, whatever its name says; export it again")


def _bulk(path: Path, name: str, driver: str, layer: str) -> tuple[dict[str, Any], Any]:
    import pyogrio

    source = _prefixed(path, driver)
    options: dict[str, Any] = {}
    if driver == "GPKG" or layer:
        options["layer"] = _layer_name([row[0] for row in pyogrio.list_layers(source)], layer, name)
    if driver == "GeoJSON":
        options["DATE_AS_STRING"] = "YES"  # else an id such as T100000 is taken for a time
    if driver == "ESRI Shapefile":
        options["encoding"] = "ISO-8859-1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL warns of single rows, which are reported below as rows
        meta, table = pyogrio.read_arrow(source, datetime_as_string=True, **options)
    return meta, table


def _layer(meta: dict[str, Any], table: Any, path: Path, name: str, driver: str, encoding: str) -> Layer:
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    wkb = np.full(table.num_rows, None, dtype=object)
    if geometry_name in table.schema.names:
        wkb = table.column(geometry_name).to_numpy(zero_copy_only=False)
        table = table.drop_columns([geometry_name])
    attributes = table.to_pandas(types_mapper=WHOLE.get)
    if driver != "ESRI Shapefile":
        return Layer(attributes, wkb, meta["crs"])
    attributes, chosen, notes = _dbf_text(attributes, path, name, encoding)
    return Layer(attributes, wkb, meta["crs"], notes, chosen)


def _row_by_row(path: Path, name: str, driver: str, layer: str, bulk_error: Exception) -> Layer:
    """Fiona bundles an older GDAL than pyogrio, which takes some files the newer one refuses as a whole."""
    import fiona

    if driver == "ESRI Shapefile" and not path.with_suffix(".shx").exists():
        raise SourceError(f"{name}: its .shx is missing; copy all parts of the Shapefile (.shp, .shx, .dbf, .prj), or export it again")
    reason = str(bulk_error).splitlines()[0] if str(bulk_error) else type(bulk_error).__name__
    attributes: list[dict[str, Any]] = []
    shapes: list[Any] = []
    failed: dict[int, str] = {}
    try:
        with fiona.open(path, layer=layer or None, enabled_drivers=[driver]) as source:
            crs, features = source.crs_wkt or None, iter(source)
            while True:
                try:
                    feature = next(features)
                except StopIteration:
                    break
                except (fiona.errors.FionaError, ValueError) as error:
                    failed[len(attributes) + 1] = str(error)
                    attributes.append({})
                    shapes.append(None)
                    if len(failed) > ROW_FAILURES:
                        raise
                    continue
                attributes.append(dict(feature.properties))
                shapes.append(None if feature.geometry is None else geojson.to_wkb(feature.geometry.__geo_interface__))
    except Exception as error:  # as above: whatever it is, both readers have failed now
        raise SourceError(f"{name}: can't be read as {driver}: {reason}; is it cut off? Export it again") from error
    wkb = np.full(len(shapes), None, dtype=object)
    wkb[:] = shapes
    note = f"read row by row, because the bulk reader refused the file: {reason}"
    return Layer(pd.DataFrame(attributes, index=range(len(attributes))), wkb, crs, (note,), failed=failed)


def _parquet(path: Path, name: str) -> Layer:
    try:
        frame = gpd.read_parquet(path)
    except Exception as error:
        raise SourceError(f"{name}: can't be read as GeoParquet: {str(error).splitlines()[0]}; export it again with geometry") from error
    frame = frame.reset_index(drop=True)
    return Layer(pd.DataFrame(frame.drop(columns=frame.active_geometry_name)), np.asarray(shapely.to_wkb(frame.geometry.array)), frame.crs)


def _decoded(read: Layer, numbers: Any, dropped: dict[int, str], name: str) -> RawFile:
    """Geometry from WKB; the rows it can't be made for are refused, each with what is wrong with it."""
    with np.errstate(invalid="ignore"):  # coordinates that are not numbers are found below
        geometry = shapely.from_wkb(read.wkb, on_invalid="ignore")
    bad = shapely.is_missing(geometry) & ~pd.isna(read.wkb)
    attributes = read.attributes.set_axis(pd.Index(numbers, name="source_row"))
    refused = [(int(numbers[place - 1]), "unreadable_row", why, "{}") for place, why in read.failed.items()]
    refused += [(row, "not_a_feature", "a member of `features` that is not a Feature", raw) for row, raw in dropped.items()]
    for i in np.flatnonzero(bad):
        shape = geojson.from_wkb(read.wkb[i])
        reason, detail = _refusal(read.wkb[i], shape)
        record = {**json.loads(records.as_json(attributes.iloc[[i]], with_geometry=False)[0]), "geometry": shape}
        refused.append((int(numbers[i]), reason, detail, json.dumps(record, ensure_ascii=False)))
    bad[[place - 1 for place in read.failed]] = True
    rows = gpd.GeoDataFrame(attributes[~bad], geometry=gpd.GeoSeries(geometry[~bad], index=attributes.index[~bad]), crs=read.crs)
    return RawFile(
        name,
        rows,
        pd.DataFrame(sorted(refused), columns=list(REFUSED_COLUMNS)),
        len(rows) + len(refused),
        read.encoding,
        notes=read.notes,
    )


def _refusal(wkb: bytes, geometry: Any) -> tuple[str, str]:
    with np.errstate(invalid="ignore"):
        closed = shapely.from_wkb(wkb, on_invalid="fix")
    if "null" in json.dumps(geometry):
        return "bad_coordinates", "a coordinate is not a finite number"
    if closed is None:
        return "unreadable_geometry", "its coordinates can't be made into a shape"
    if shapely.get_num_coordinates(closed) < 4 or shapely.area(closed) == 0:
        return "zero_area", "a ring of fewer than three different points"
    return "unclosed_ring", "a ring does not end where it begins: repeat its first point as its last"


def _prefixed(path: Path, driver: str) -> str:
    return f"{driver}:{path.resolve()}" if driver in ("GeoJSON", "ESRIJSON") else str(path.resolve())


def _layer_name(layers: list[str], wanted: str, name: str) -> str:
    if wanted:
        if wanted not in layers:
            raise SourceError(f"{name}: no layer {wanted!r}; {near(wanted, layers)}")
        return wanted
    if len(layers) != 1:
        raise SourceError(f'{name}: has {len(layers)} layers ({", ".join(layers)}); say which with layer = "…"')
    return layers[0]


def _dbf_text(attributes: pd.DataFrame, path: Path, name: str, stated: str) -> tuple[pd.DataFrame, str, tuple[str, ...]]:
    """Text columns and column names, read as Latin-1 (that is, as bytes), in the encoding that fits all of them."""
    texts = [c for c in attributes.columns if pd.api.types.is_string_dtype(attributes[c].dtype)]
    distinct = {c: [v.encode("latin-1", "ignore") for v in attributes[c].dropna().unique()] for c in texts}
    names = [c.encode("latin-1", "ignore") for c in attributes.columns]
    if stated:
        encoding = encodings.canonical(stated, name)
        chosen = f"{encoding} (stated)"
    else:
        encoding, chosen = encodings.decide([*names, *(v for values in distinct.values() for v in values)], _dbf_hint(path, name))
    out, cut = attributes.copy(), 0
    for column in texts:
        decoded = {v.decode("latin-1"): encodings.decode_value(v, encoding) for v in distinct[column]}
        cut += int(attributes[column].isin([raw for raw, (_, lost) in decoded.items() if lost]).sum())
        out[column] = attributes[column].map({raw: text for raw, (text, _) in decoded.items()}).astype("str")
    out.columns = pd.Index([encodings.decode_value(n, encoding)[0] for n in names])
    return out, chosen, (f"{cut} texts end in a cut or foreign character, which was dropped",) if cut else ()


def _dbf_hint(path: Path, name: str) -> str:
    for suffix in (".cpg", ".CPG"):
        if path.with_suffix(suffix).exists():
            return encodings.canonical(path.with_suffix(suffix).read_text("ascii", "ignore").strip() or "utf-8", name)
    dbf = path.with_suffix(".dbf")
    if not dbf.exists():
        return ""
    with dbf.open("rb") as file:
        header = file.read(32)
    return DBF_CODE_PAGES.get(header[29], "") if len(header) == 32 else ""
