"""What is in a raw file, before anyone has written an entry for it: layers, rows, shapes, encoding, CRS,
place, columns.

Everything is read by the functions that ingest reads by, under the same limits, so that what is seen here is
what ingest would see; only the list of layers is Fiona's. A file that ingest would refuse gives the reason,
and what could be seen of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import InputFile, Limits
from pipeline.georeferencing import crs, location
from pipeline.inspect import suggestion, toml_entry
from pipeline.inspect.recognition import Seen
from pipeline.parsing import quantities
from pipeline.raw import wording
from pipeline.raw.errors import SourceError, about
from pipeline.raw.file import RawFile
from pipeline.readers import datasets, drivers, guarded, osm, vector, workbooks
from pipeline.readers.datasets import Dataset
from pipeline.readers.read import located, read_file
from pipeline.readers.shapes import KINDS

#: So many layers, data sets or sheets are looked into; the others are only listed.
PARTS_MOST = 8
EXAMPLES = 3
#: So many tags of OpenStreetMap are shown as columns.
TAGS_MOST = 40
#: Whether a column of text holds numbers is told from so many of its values.
NUMBERS_TRIED = 500


@dataclass(frozen=True)
class Layer:
    """What a layer says of itself."""

    name: str
    rows: int | None
    """None: only counting would tell."""
    geometry: str
    """Empty: it has none."""
    crs: str
    columns: int


@dataclass(frozen=True)
class Part:
    """What one entry of the configuration would read."""

    layer: str = ""
    """As the entry has to say it; empty: it need not."""
    sheet: str = ""
    refused: str = ""
    """Why ingest would not take it; empty: it can be read."""
    raw: RawFile | None = None
    kinds: Mapping[str, int] = field(default_factory=dict)
    """Kind of shape → how many rows; "nothing" are those without one."""
    columns: tuple[Seen, ...] = ()
    site: location.Site | None = None
    table: str = ""
    """The input it probably is; empty: none, or nothing tells which."""
    why: str = ""
    suggestion: str = ""
    """An entry for the configuration, as TOML; empty: none can be made."""
    needs: tuple[str, ...] = ()
    """What a person has to add before it can be read, or why no input is made of it."""
    looks: tuple[str, ...] = ()
    """What a person has to look at."""
    trial: str = ""
    """What the entry takes of the rows as it stands; empty: it was not tried, or is refused."""
    refused_as_it_stands: str = ""
    """Why the entry is refused as it stands; empty: it is not."""


@dataclass(frozen=True)
class Inspection:
    """What is in a file."""

    name: str
    size_bytes: int
    drivers: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    parts: tuple[Part, ...] = ()
    others: tuple[str, ...] = ()
    """Layers, data sets or sheets that were not looked into."""
    refused: str = ""
    """Why the file can't even be opened."""


def inspect_file(
    path: Path,
    *,
    name: str,
    layer: str = "",
    sheet: str = "",
    limits: Limits | None = None,
    district: location.District | None = None,
    doing: Callable[[str], None] = lambda _: None,
) -> Inspection:
    """What is in a file, archive or folder.

    Parameters
    ----------
    path : Path
        The file, archive or folder.
    name : str
        What messages and the suggested entry call it.
    layer, sheet : str, default ""
        Which of several, as in the configuration; empty: each of them is looked into.
    limits : Limits, default Limits()
        What reading it may cost.
    district : location.District, default None
        Coordinates are held against it.
    doing : callable, default nothing
        Is told what is being done.

    Returns
    -------
    Inspection
        Nothing is raised for a file that is refused: the answer says why.
    """
    doing(f"looking for layers in {name}")
    limits = limits or Limits()
    given = InputFile(path.name, layer=layer, sheet=sheet)
    try:
        with about(name):
            root = located(path, given, name)
            sets = () if layer else datasets.contents(path, root, limits=limits)
        size = sum(
            file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()
        )
    except SourceError as error:
        return Inspection(name, path.stat().st_size if path.is_file() else 0, refused=str(error))
    except OSError as error:
        return Inspection(name, 0, refused=f"{name}: can't be read: {'; '.join(wording.said(error, path))}")
    known: list[str] = []
    layers: list[Layer] = []
    choices: list[InputFile] = []
    for one in sets or (layer,):
        entry = replace(given, layer=one)
        with (
            suppress(SourceError, OSError),
            guarded.reading(path, name, limits),
            datasets.opened(path, root, layer=one, limits=limits) as data,
        ):
            known.append(data.driver)
            seen = _layers(data)
            layers += [
                replace(found, name=f"{one}/{found.name}") if sets and len(seen) > 1 else found
                for found in seen
            ]
            choices += _choices(data, entry, seen, limits)
            continue
        choices.append(entry)
    parts = []
    for choice in choices[:PARTS_MOST]:
        chosen = choice.sheet or choice.layer
        doing(f"reading {name}{f', {chosen}' if chosen else ''}")
        parts.append(_part(path, name, choice, limits, district))
    others = tuple(choice.sheet or choice.layer for choice in choices[PARTS_MOST:])
    return Inspection(name, size, tuple(dict.fromkeys(known)), tuple(layers), tuple(parts), others)


def _layers(data: Dataset) -> list[Layer]:
    """Its layers: as Fiona has them, else as the bulk reader lists them. Neither knows those of a table."""
    if data.driver in ("CSV", "Excel", "Parquet"):
        return []
    with drivers.confined(**data.options):
        return list(_by_fiona(data)) or list(_by_bulk_reader(data))


def _by_fiona(data: Dataset) -> Iterator[Layer]:
    import fiona

    if data.driver not in fiona.supported_drivers:
        return
    encoding = "ISO-8859-1" if data.driver == "ESRI Shapefile" else None  # which reads any name
    for number in range(1_000):
        try:
            with fiona.open(
                data.path, layer=number, enabled_drivers=[data.driver], encoding=encoding
            ) as source:
                with suppress(TypeError):
                    rows: int | None = None
                    rows = len(source)
                kind = source.schema["geometry"]
                stated = crs.short(crs.known(source.crs_wkt)) if source.crs_wkt else ""
                yield Layer(
                    source.name,
                    rows,
                    "" if kind == "None" else kind,
                    stated,
                    len(source.schema["properties"]),
                )
        # a number beyond the last layer, or a file that it can't read: reading it will say why
        except Exception:
            return


def _by_bulk_reader(data: Dataset) -> Iterator[Layer]:
    pyogrio = drivers.load()
    with suppress(Exception):  # the same
        for name, kind in pyogrio.list_layers(vector.prefixed(data)):
            info = pyogrio.read_info(vector.prefixed(data), layer=name)
            rows = info["features"] if info["features"] >= 0 else None
            yield Layer(str(name), rows, kind or "", info["crs"] or "", len(info["fields"]))


def _choices(data: Dataset, entry: InputFile, layers: list[Layer], limits: Limits) -> list[InputFile]:
    """The entries by which each of several layers or sheets is read."""
    if data.driver == "Excel" and not entry.sheet:
        titles = workbooks.sheets(data.path, limits=limits)
        return [replace(entry, sheet=title) for title in titles] if len(titles) > 1 else [entry]
    if data.driver not in vector.LAYERED or data.layer:
        return [entry]
    wanted = [one for one in layers if one.geometry] or layers
    if len(wanted) < 2:
        return [entry]
    return [replace(entry, layer=f"{entry.layer}/{one.name}" if entry.layer else one.name) for one in wanted]


def _part(
    path: Path, name: str, entry: InputFile, limits: Limits, district: location.District | None
) -> Part:
    try:
        raw = read_file(path, entry, name=name, limits=limits)
    except SourceError as error:
        return Part(entry.layer, entry.sheet, refused=str(error))
    if "other_tags" in raw.rows.columns and "osm" in raw.rows.columns:
        raw = replace(
            raw,
            rows=osm.with_tags(raw.rows, osm.keys(raw.rows, TAGS_MOST), entry.layer.rpartition("/")[2]).drop(
                columns="other_tags"
            ),
        )
    placed = isinstance(raw.rows, gpd.GeoDataFrame)
    columns = tuple(_column(str(c), raw.rows[c]) for c in raw.rows.columns if not placed or c != "geometry")
    shapes = raw.rows.geometry.array if placed else np.empty(0, dtype=object)
    numbers, counts = np.unique(shapely.get_type_id(shapes), return_counts=True)
    kinds = {str(KINDS[number + 1]): int(count) for number, count in zip(numbers, counts, strict=True)}
    guess = suggestion.guess_input(raw, columns, entry)
    file = replace(entry, path=name, x=guess.x, y=guess.y, datum=guess.datum or "wgs84")
    with_points = crs.stated(crs.points(raw, file), file, standard=crs.WGS84) if guess.x else raw
    site = location.located(with_points, file, guess.table, district)
    suggested = toml_entry.entry(guess, columns, raw, file, site)
    needs, looks = toml_entry.needs(guess, site), toml_entry.looks(guess, site)
    return Part(
        entry.layer,
        entry.sheet,
        "",
        raw,
        kinds,
        columns,
        site,
        guess.table,
        guess.why,
        suggested,
        needs,
        looks,
    )


def _column(name: str, values: pd.Series) -> Seen:
    text = quantities.text(values)
    counts = text.value_counts()
    return Seen(
        name,
        _kind(values, counts),
        int(text.isna().sum()),
        len(counts),
        tuple(str(v) for v in counts.index[:EXAMPLES]),
    )


def _kind(values: pd.Series, counts: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "flag"
    if pd.api.types.is_integer_dtype(values.dtype):
        return "integer"
    if pd.api.types.is_float_dtype(values.dtype):
        return "number"
    tried = pd.Series(counts.index[:NUMBERS_TRIED], dtype="str").str.slice(0, 40)
    if not len(tried):
        return "nothing"
    return "text" if quantities.number(tried)[1].any() else "text: numbers"
