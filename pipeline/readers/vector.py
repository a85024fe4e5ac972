"""Files with geometry: read in bulk by pyogrio (GDAL), row by row by Fiona when the bulk reader refuses the
whole file.

Which driver may read which file is settled before (formats, drivers). Geometry is taken as WKB and decoded
here, because one unclosed ring would make the driver's own decoding fail for the whole file; text that may
not be UTF-8 is taken as bytes (text_columns).
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from pipeline.config import Limits
from pipeline.geometry.arrays import Integers
from pipeline.georeferencing import crs
from pipeline.raw import display, records
from pipeline.raw.errors import NoRowsError, SourceError, near
from pipeline.raw.file import REFUSED_COLUMNS, Layer, RawFile
from pipeline.raw.formats import FORMATS
from pipeline.readers import (
    drivers,
    encodings,
    fallback,
    formats,
    geojson,
    geopackage,
    geoparquet,
    mapinfo,
    nesting,
    osm,
    shapefile,
    shapes,
    text_columns,
)
from pipeline.readers.datasets import Dataset

#: pandas types that keep whole numbers whole where some are null.
WHOLE = {
    t: dtype
    for types, dtype in (
        (
            (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()),
            pd.Int64Dtype(),
        ),
        ((pa.bool_(),), pd.BooleanDtype()),
        ((pa.string(), pa.large_string()), pd.StringDtype(na_value=np.nan)),
    )
    for t in types
}

#: The byte of little-endian WKB by which curves, and collections, which may hold some, are told from other
#: types (plain, Z, M, ZM).
CURVES = {(dimensions + kind) & 255 for dimensions in (0, 1000, 2000, 3000) for kind in range(7, 15)}

#: Types of columns that are no text.
BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)

#: Drivers whose files often have several layers.
LAYERED = tuple(one.driver for one in FORMATS if one.layers)
#: Drivers that know how many rows there are; Arrow gives the rows before a damage, and says nothing.
COUNTED = tuple(one.driver for one in FORMATS if one.counts)
#: So many layers are named where a file has several.
LISTED_MOST = 12
#: Options of GDAL's drivers, for what they could read in several ways.
OPEN_OPTIONS = {
    "GeoJSON": {"DATE_AS_STRING": "YES"},  # else an id such as T100000 is taken for a time
    "DXF": {"INLINE_BLOCKS": "NO"},  # blocks within blocks multiply; what is drawn with them is symbols
}


def read_vector(
    data: Dataset, *, encoding: str = "", tags: Iterable[str] = (), limits: Limits | None = None
) -> RawFile:
    """A vector file in the CRS it states.

    Parameters
    ----------
    data : Dataset
    encoding : str, default ""
        By the configuration, of a Shapefile or MapInfo table; "": it is found out.
    tags : iterable of str, default ()
        The tags of OpenStreetMap that become columns.
    limits : Limits, optional
        None: the defaults.

    Returns
    -------
    RawFile
        A GeoDataFrame (CRS None: none stated) with 1-based source rows.

    Raises
    ------
    SourceError
        For a file the driver can't read at all, a layer it does not have or that is not named where it has
        several, more than limits.columns_max columns, or no rows (NoRowsError).
    """
    with drivers.confined(**data.options):
        read = _read(data, encoding, limits or Limits())
        layer = "/".join(filter(None, (data.part, _title(data, read.name))))
    if data.driver == "ESRI Shapefile":
        wkb, wound = shapefile.with_holes(read.wkb)
        read = replace(read, wkb=wkb, wound=wound)
    if data.driver == "OSM":
        read = replace(read, attributes=osm.with_tags(read.attributes, tags, read.name))
    dropped = geojson.dropped(data.path, data.driver, len(read.attributes))
    if data.driver in ("GeoJSON", "ESRIJSON") and formats.cut_by_server(data.path):
        note = (
            f"the server gave only these {len(read.attributes):,} rows, and has more (exceededTransferLimit):"
            " fetch the rest too"
        )
        read = replace(read, notes=(*read.notes, note))
    if data.driver == "GeoJSONSeq" and len(read.attributes) + len(dropped) != geojson.count_lines(data.path):
        raise SourceError(
            "some lines hold more or less than one feature; export it again, or as a FeatureCollection"
        )
    total = len(read.attributes) + len(dropped)
    attributes = mapinfo.rows_of_attributes(data.path) if data.path.suffix.lower() == ".mif" else None
    if attributes is not None and attributes != total:
        raise SourceError(
            f"{total:,} shapes, but {attributes:,} rows in its .mid: is one of the two cut off? Copy"
            " both again"
        )
    if not total:
        without = "empty: it has no rows; give a file with rows, or take it out of the configuration"
        raise NoRowsError(without, map(str, read.attributes.columns))
    numbers = read.numbers
    if numbers is None:
        numbers = np.setdiff1d(np.arange(1, total + 1), np.fromiter(dropped, dtype=int))
    unread = np.asarray(pd.isna(read.wkb), dtype=bool)
    unread[[place - 1 for place in read.failed]] = False
    lost = geojson.not_understood(data.path, data.driver, np.asarray(numbers)[unread])
    return replace(
        _decoded(replace(read, notes=(*data.notes, *read.notes)), numbers, dropped, lost), layer=layer
    )


def _read(data: Dataset, encoding: str, limits: Limits) -> Layer:
    if data.driver == "Parquet":
        table, wkb, stated = geoparquet.read(data.path, limits=limits)
        _check_width(len(table.column_names), limits.columns_max)
        table, chosen, notes = text_columns.decoded(table, latin=False, stated="", label=encodings.Label())
        return _layer(table, wkb, stated, notes, chosen)
    try:
        return _with_straight_lines(_bulk(data, encoding, limits), data)
    except SourceError:
        raise
    except Exception as error:  # on a broken file pyogrio raises any exception, IndexError included
        return fallback.read(
            data.path,
            data.driver,
            data.layer,
            encoding=encoding,
            options=OPEN_OPTIONS.get(data.driver, {}),
            bulk_error=error,
        )


def _bulk(data: Dataset, encoding: str, limits: Limits) -> Layer:
    if data.driver == "OSM":
        return _osm(data)
    pyogrio = drivers.load()
    numbered = data.driver == "ESRI Shapefile"
    source, layer = prefixed(data), _layer_name(data)
    options = dict(OPEN_OPTIONS.get(data.driver, {}))
    if numbered:
        options["encoding"] = "ISO-8859-1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL warns of single rows, which are reported below as rows
        with pyogrio.open_arrow(
            source,
            layer=layer or None,
            datetime_as_string=True,
            return_fids=numbered,
            use_pyarrow=True,
            **options,
        ) as (meta, reader):
            _check_width(len(meta["fields"]), limits.columns_max)
            table = _all_rows(reader, limits)
        if (
            data.driver in COUNTED
            and table.num_rows != pyogrio.read_info(source, layer=layer or None)["features"]
        ):
            pyogrio.raw.read(
                source, layer=layer or None, columns=[], read_geometry=False, return_fids=True
            )  # raises where rows can't be read
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    wkb = np.full(table.num_rows, None, dtype=object)
    if geometry_name in table.column_names:
        wkb = table.column(geometry_name).to_numpy(zero_copy_only=False)
        table = table.drop_columns([geometry_name])
    numbers = None
    if numbered:  # numbers its records; a deleted one is no row, but keeps its number
        fid = meta["fid_column"] or "OGC_FID"
        numbers = table.column(fid).to_numpy() + 1
        table = table.drop_columns([fid])
    label, said = shapefile.label(data.path) if numbered else (encodings.Label(), ())
    table, chosen, notes = text_columns.decoded(
        table, latin=numbered, stated=encoding if numbered else "", label=label
    )
    cut = (
        shapefile.cut_texts(data.path)
        if numbered
        else geopackage.cut_texts(data.path, layer)
        if data.driver == "GPKG"
        else ()
    )
    notes = (*said, *cut, *notes)
    if numbered and not table.column_names:
        shapefile.check_columns(data.path)
    return _layer(table, wkb, meta["crs"], notes, chosen, numbers=numbers, name=layer)


def _all_rows(reader: pa.RecordBatchReader, limits: Limits) -> pa.Table:
    """The batches as one table. Raises SourceError for more rows or bytes than the limits allow."""
    batches, rows, size = [], 0, 0
    for batch in reader:
        batches.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > limits.rows_max:
            raise SourceError(
                f"more than limits.rows_max = {limits.rows_max:,} rows; give it in parts, or raise the limit"
            )
        if size > limits.memory_max_bytes:
            raise SourceError(
                f"its rows take more than limits.memory_max_bytes = {limits.memory_max_bytes:,}; give"
                " it in parts"
            )
    return pa.Table.from_batches(batches, reader.schema)


def _layer(
    table: pa.Table,
    wkb: NDArray[np.object_],
    stated: Mapping[str, object] | str | None,
    notes: tuple[str, ...],
    encoding: str,
    *,
    numbers: Integers | None = None,
    name: str = "",
) -> Layer:
    """The layer of a decoded Arrow table; what is neither text nor number nor time is left out."""
    blobs = [column.name for column in table.schema if any(is_bytes(column.type) for is_bytes in BYTES)]
    if blobs:
        table = table.drop_columns(blobs)
        notes = (*notes, f"{', '.join(blobs)}: bytes, such as pictures, left out")
    return Layer(
        _attributes(_plain(table), len(wkb)), wkb, stated, notes, encoding, numbers=numbers, name=name
    )


def _plain(table: pa.Table) -> pa.Table:
    """The table with what pandas knows no type for as text: times of day, exact decimals, lists and the like
    (as JSON).
    """
    for i, field in enumerate(table.schema):
        kind, column = field.type, table.column(i)
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        elif (
            pa.types.is_time(kind)
            or pa.types.is_decimal(kind)
            or pa.types.is_duration(kind)
            or pa.types.is_uint64(kind)
        ):
            column = column.cast(pa.string())
        elif pa.types.is_timestamp(kind) and kind.tz and not _is_zone(kind.tz):
            column = column.cast(pa.timestamp(kind.unit))
        elif pa.types.is_nested(kind):
            texts_of = [
                None if one is None else json.dumps(one, ensure_ascii=False, default=str)
                for one in column.to_pylist()
            ]
            column = pa.array(texts_of, pa.large_string())
        if column.type != kind:
            table = table.set_column(i, field.with_type(column.type), column)
    return table


def _is_zone(name: str) -> bool:
    try:
        pa.scalar(0, pa.timestamp("s", tz=name)).as_py()
    except (pa.ArrowException, ValueError, KeyError):
        return False
    return True


def _osm(data: Dataset) -> Layer:
    """Not through Arrow, which gives the rows before a damage and says nothing."""
    layer = _layer_name(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of relations that the extract holds only in part
        meta, _, wkb, columns = drivers.load().raw.read(prefixed(data), layer=layer)
    attributes = pd.DataFrame(dict(zip(meta["fields"], columns, strict=True)), index=range(len(wkb)))
    texts_of = {
        c: attributes[c].astype("str")
        for c in attributes.columns
        if pd.api.types.is_object_dtype(attributes[c].dtype)
    }
    return Layer(attributes.assign(**texts_of), wkb, meta["crs"], name=layer)


def _attributes(table: pa.Table, rows: int) -> pd.DataFrame:
    if not table.column_names:
        return pd.DataFrame(index=range(rows))
    return table.replace_schema_metadata().to_pandas(types_mapper=WHOLE.get)


def _check_width(columns: int, most: int) -> None:
    if columns > most:
        raise SourceError(
            f"{columns:,} columns, more than limits.columns_max = {most:,}; export it with those that"
            " are needed"
        )


def _with_straight_lines(read: Layer, data: Dataset) -> Layer:
    """The layer with curves as GDAL draws them in straight lines: shapely knows no curves, and one would cost
    it the file.
    """
    if data.driver not in ("GPKG", "FlatGeobuf", "OpenFileGDB") or not any(
        wkb is not None and wkb[1] in CURVES for wkb in read.wkb
    ):
        return read
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the bulk reader has read the file already
        straight = drivers.load().raw.read(prefixed(data), layer=read.name or None, columns=[])[2]
    curved = tuple(i for i, (a, b) in enumerate(zip(read.wkb, straight, strict=True), start=1) if a != b)
    return replace(read, wkb=straight, curved=curved)


def _decoded(read: Layer, numbers: Integers, dropped: dict[int, str], lost: dict[int, Any]) -> RawFile:
    """Geometry from WKB; the rows it can't be made for are refused, each with what is wrong with it.

    dropped: text of what is no row; lost: geometry that GDAL did not understand, as it stands in the file; by
    source row.
    """
    deep = nesting.too_deep(read.wkb)
    with np.errstate(invalid="ignore"):  # coordinates that are not numbers are found below
        geometry = shapely.from_wkb(
            np.where(deep, np.array(None, dtype=object), read.wkb), on_invalid="ignore"
        )
    bad = shapely.is_missing(geometry) & ~pd.isna(read.wkb)
    attributes = read.attributes.set_axis(pd.Index(numbers, name="source_row"))
    refused = [(int(numbers[place - 1]), "unreadable_row", why, "{}") for place, why in read.failed.items()]
    refused += [
        (row, "not_a_feature", "no Feature of GeoJSON", _as_json(text)) for row, text in dropped.items()
    ]
    mended = {int(numbers[place - 1]): "curve" for place in read.curved} | {
        int(numbers[place - 1]): "ring_direction" for place in read.wound
    }

    def record_of(i: np.integer[Any], shape: object) -> str:
        values = json.loads(records.as_json(attributes.iloc[[i]], with_geometry=False)[0])
        return json.dumps(values | {"geometry": shape}, ensure_ascii=False)

    for i in np.flatnonzero(np.isin(numbers, list(lost))):
        record = record_of(i, lost[int(numbers[i])])
        refused.append(
            (
                int(numbers[i]),
                "unreadable_geometry",
                "a shape of no known type, or coordinates that are no numbers",
                record,
            )
        )
    bad |= np.isin(numbers, list(lost))
    for i in np.flatnonzero(deep):
        why = f"shapes within shapes, more than {nesting.DEEPEST} deep"
        refused.append((int(numbers[i]), "unreadable_geometry", why, record_of(i, None)))
    for i in np.flatnonzero(bad & ~deep & ~pd.isna(read.wkb)):
        shape = geojson.from_wkb(read.wkb[i])
        if shape is not None and (closed := shapes.closed(shape)) is not None:
            geometry[i], bad[i] = closed, False
            mended[int(numbers[i])] = "closed_ring"
            continue
        reason, detail = _refusal(read.wkb[i], shape)
        record = record_of(i, shape)
        refused.append((int(numbers[i]), reason, detail, record))
    bad[[place - 1 for place in read.failed]] = True
    if bad.any():
        attributes, geometry = attributes[~bad], geometry[~bad]
    rows = gpd.GeoDataFrame(attributes, geometry=geometry, crs=crs.known(read.crs))
    return RawFile(
        rows,
        pd.DataFrame(sorted(refused), columns=list(REFUSED_COLUMNS)),
        len(rows) + len(refused),
        read.encoding,
        notes=read.notes,
        mended=mended,
    )


def _as_json(text: str) -> str:
    """The text where it is JSON, else the text as a JSON string."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return json.dumps(text, ensure_ascii=False)
    return text


def _refusal(wkb: bytes, geometry: dict[str, Any] | None) -> tuple[str, str]:
    """Why a shape can't be taken: the reason, and in words; geometry: the shape as GeoJSON, None: none."""
    if geometry is None:
        return "unreadable_geometry", "its shape is cut off, or none at all"
    with np.errstate(invalid="ignore"):
        closed = shapely.from_wkb(wkb, on_invalid="fix")
    if "null" in json.dumps(geometry):
        return "bad_coordinates", "a coordinate is not a finite number"
    if closed is None:
        return "unreadable_geometry", "its coordinates can't be made into a shape"
    if shapely.get_num_coordinates(closed) < 4 or shapely.area(closed) == 0:
        return "zero_area", "a ring of fewer than three different points"
    return (
        "unclosed_ring",
        (
            "a ring does not end where it begins, and the edge that would close it is its longest: points are"
            " missing"
        ),
    )


def prefixed(data: Dataset) -> str:
    """The path as GDAL takes it, with the driver before it where its content could be another's.

    Parameters
    ----------
    data : Dataset

    Returns
    -------
    str
    """
    json_driver = data.driver in ("GeoJSON", "GeoJSONSeq", "ESRIJSON")
    return f"{data.driver}:{data.path.resolve()}" if json_driver else str(data.path.resolve())


def _title(data: Dataset, layer: str) -> str:
    """The layer that was read, where the file has several; "" where it has no other."""
    if not layer:  # the bulk reader did not get so far as to name it
        return data.layer
    return layer if data.driver in LAYERED and len(drivers.load().list_layers(prefixed(data))) > 1 else ""


def _layer_name(data: Dataset) -> str:
    """The layer that is wanted, or the only one: with geometry where others have none, with rows in a KML."""
    if data.driver not in LAYERED and not data.layer:
        return "entities" if data.driver == "DXF" else ""
    pyogrio = drivers.load()
    listed = pyogrio.list_layers(prefixed(data))
    layers = [str(row[0]) for row in listed]
    if data.layer:
        if data.layer not in layers:
            raise SourceError(f"no layer {data.layer!r}; {near(data.layer, layers)}")
        return data.layer
    choice = [layer for layer, (_, kind) in zip(layers, listed, strict=True) if kind is not None] or layers
    if data.driver == "LIBKML":
        choice = [
            x
            for x in layers
            if pyogrio.read_info(prefixed(data), layer=x, force_feature_count=True)["features"]
        ] or layers
    if not choice:
        raise SourceError("has no layer with rows; is it the right file? Export it again")
    if len(choice) != 1:
        named = "; ".join(_listed(data, layer) for layer in choice[:LISTED_MOST])
        areal = next(
            (
                layer
                for layer, (_, kind) in zip(layers, listed, strict=True)
                if layer in choice and "Polygon" in str(kind)
            ),
            choice[0],
        )
        more = f"; and {len(choice) - LISTED_MOST} more" if len(choice) > LISTED_MOST else ""
        raise SourceError(
            f'has {len(choice)} layers ({named}{more}); say which with layer = "{display.escaped(areal)}"'
        )
    return choice[0]


def _listed(data: Dataset, layer: str) -> str:
    """A layer with its rows and kind of shapes, where that takes no reading of the whole file."""
    name = display.cut(layer, 40)
    if data.driver == "OSM":
        return name
    info = drivers.load().read_info(prefixed(data), layer=layer)
    rows = (
        f", {info['features']:,} row{'' if info['features'] == 1 else 's'}" if info["features"] >= 0 else ""
    )
    kind = info["geometry_type"] or "no shapes"
    return f"{name}{rows}, {'shapes of several kinds' if kind == 'Unknown' else kind}"
