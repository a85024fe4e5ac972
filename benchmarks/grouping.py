"""How well grouping finds groups that people drew: `python benchmarks/grouping.py`.

Snezhinsk's residential polygons (OpenStreetMap, in ../shared/data/snezhinsk) that hold two buildings or more are 149
groups of 1,688 buildings. Each row of the table is a method, each column the adjusted Rand index on the whole place or
on one quarter of it, with the true number of groups given, and once with the number unknown (in brackets: how many
were found). A change that helps the whole place and harms quarters was fitted to one large group.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from sklearn.metrics import adjusted_rand_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.config import GroupRules  # noqa: E402
from pipeline.geometry.crossings import crossing_cost  # noqa: E402
from pipeline.geometry.neighbours import neighbours  # noqa: E402
from pipeline.stages.group import group  # noqa: E402
from pipeline.tables import BARRIERS, BUILDINGS, MEMBERSHIP, REGISTER, RELEASED_MEMBERSHIP, SUBDISTRICTS, conform, empty  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "snezhinsk"
CRS = "EPSG:32641"
ROAD_CLASS = {
    "arterial": "trunk trunk_link primary primary_link",
    "collector": "secondary secondary_link tertiary tertiary_link",
    "local": "residential unclassified living_street road",
    "lane": "service track",
    "path": "footway path steps cycleway pedestrian",
}


def place(data: Path = DATA) -> tuple[Any, Any, Any]:
    """The buildings of the groups (BUILDINGS), the group of each, and the roads (BARRIERS)."""
    read = {name: gpd.read_file(data / f"{name}.geojson").to_crs(CRS) for name in ("buildings", "roads", "landuse")}
    homes, roads = read["buildings"], read["roads"]
    quarters = read["landuse"][read["landuse"]["landuse"] == "residential"]
    point, polygon = shapely.STRtree(quarters.geometry.array).query(homes.representative_point().array, predicate="within")
    homes["group"] = pd.Series(polygon, index=point).groupby(level=0).first().reindex(homes.index)
    homes = homes[homes.groupby("group")["group"].transform("size") >= 2]
    homes = homes.assign(
        building_id=[f"b{i:05d}" for i in homes.index],
        use="residential",
        footprint_area_m2=homes.area,
        source_file="buildings.geojson",
        source_row=homes.index + 1,
    )
    classes = {highway: name for name, highways in ROAD_CLASS.items() for highway in highways.split()}
    roads = roads.assign(
        barrier_id=[f"r{i:05d}" for i in roads.index],
        source_file="roads.geojson",
        source_row=roads.index + 1,
        **{"class": roads["highway"].map(classes)},
    )
    return conform(homes, BUILDINGS), homes["group"].to_numpy(dtype=int), conform(roads, BARRIERS)


def ours(homes: Any, roads: Any, k: int | None) -> Any:
    """The area of each building, as the pipeline groups them."""
    rules = GroupRules(target_count=k)
    none = [empty(t, CRS) for t in (MEMBERSHIP, REGISTER, RELEASED_MEMBERSHIP, SUBDISTRICTS)]
    rows = group(homes, none[0], roads, none[1], none[2], none[3], district_code="000000", rules=rules)
    return rows["area_id"].to_numpy()


def spanning_tree(homes: Any, roads: Any, k: int | None) -> Any:
    """The minimum spanning tree over facade distance plus crossing cost, its longest edges cut."""
    rules = GroupRules()
    shapes = np.asarray(homes.geometry.array)
    graph = neighbours(shapes, reach=np.inf)
    costs = roads["class"].map(dict(rules.crossing_cost_m)).to_numpy(dtype=float)
    cost = graph.distance + np.minimum(crossing_cost(graph.gap, np.asarray(roads.geometry.array), costs), 1e4) + 0.01
    tree = minimum_spanning_tree(coo_matrix((cost, (graph.a, graph.b)), shape=(len(shapes),) * 2)).tocoo()
    kept = np.argsort(tree.data, kind="stable")[: len(shapes) - k] if k else np.flatnonzero(tree.data <= rules.reach_m)
    return connected_components(coo_matrix((tree.data[kept], (tree.row[kept], tree.col[kept])), shape=tree.shape))[1]


def folds(homes: Any, truth: Any) -> dict[str, Any]:
    """The whole place, and its four quarters (west and east, each cut into south and north by whole groups)."""
    centre = pd.DataFrame(shapely.get_coordinates(homes.centroid.array)).groupby(truth).transform("mean").to_numpy()
    west = centre[:, 0] < np.median(centre[:, 0])
    south = np.where(west, centre[:, 1] < np.median(centre[west, 1]), centre[:, 1] < np.median(centre[~west, 1]))
    return {"whole": np.ones(len(homes), dtype=bool), "SW": west & south, "NW": west & ~south, "SE": ~west & south, "NE": ~west & ~south}


def main() -> None:
    """Print the table."""
    if not DATA.is_dir():
        sys.exit(f"{DATA}: not there; the benchmark needs the shared data")
    homes, truth, roads = place()
    parts = folds(homes, truth)
    methods: dict[str, Callable[[Any, Any, int | None], Any]] = {"minimum spanning tree": spanning_tree, "pipeline.stages.group": ours}
    rows = []
    for name, method in methods.items():
        started = time.perf_counter()
        row: dict[str, Any] = {"method": name}
        for part, mine in parts.items():
            k = len(np.unique(truth[mine]))
            row[f"{part} ({k})"] = f"{adjusted_rand_score(truth[mine], method(homes[mine], roads, k)):.3f}"
        found = method(homes, roads, None)
        row["count unknown"] = f"{adjusted_rand_score(truth, found):.3f} ({len(np.unique(found))})"
        rows.append({**row, "seconds": f"{time.perf_counter() - started:.1f}"})
    print(pd.DataFrame(rows).to_string(index=False))


if __name__ == "__main__":
    main()
