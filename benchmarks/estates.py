"""How well areas known by a point and a count are found: `python benchmarks/estates.py`. Two tables.

1. Old Suzhou with the listing of 98 estates as its register (in ../shared/data/suzhou): footprints found
  against
   buildings declared. Only estates that lie wholly inside the footprints can be held to their count. The
   listing has one point for many estates (98 estates, 18 points), so that is settled a point at a time, from
   points and counts alone: all the estates of a point count as inside if the circle around it that holds as
   many footprints as they declare together lies within the concave hull of all footprints (HULL_RATIO). The
   count says nothing about which buildings: beside it stands the floor area per declared household, which no
   estate was grown by. The narrower its spread, the better.
2. Places whose groups are known (benchmarks/places.py): every group, or a share of them, is given as a point
  (the
   mean of its buildings, moved at random by NOISE_M) and its number of buildings. Which of its buildings are
   found? And is a building that is right surer than one that is not (area under the ROC curve of the
   confidence)?
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from places import ROOT, Place, places
from sklearn.metrics import roc_auc_score

from pipeline.cli import main as command
from pipeline.config import GroupRules, MatchRules
from pipeline.domain.register_entries import stand_ins
from pipeline.stages.adjacency import link_homes
from pipeline.stages.match import match
from pipeline.tables import INPUTS, REGISTER, TABLES, conform, empty

SUZHOU = ROOT.parent / "shared" / "data" / "suzhou"
HULL_RATIO = 0.2
NOISE_M = 25.0


def found(homes: Any, register: Any, barriers: Any = None) -> pd.DataFrame:
    """MATCHED with nothing but a register of points and counts."""
    tables = {name: empty(INPUTS[name], homes.crs) for name in ("boundaries", "decisions", "compounds")}
    barriers, rules = empty(INPUTS["barriers"], homes.crs) if barriers is None else barriers, GroupRules()
    links = link_homes(homes, barriers, rules=rules)
    known = tables | {"links": links, "addresses": empty(TABLES["addresses"])}
    return match(homes, register, stand_ins(register), **known, rules=MatchRules(), reach_m=rules.reach_m)


def inside(homes: Any, register: Any) -> Any:
    """Whether each estate lies wholly inside the footprints, as said above."""
    shapes = homes.geometry.to_numpy()
    hull = shapely.concave_hull(shapely.union_all(shapes), ratio=HULL_RATIO)
    together = register["n_buildings"].groupby(register.geometry.to_wkb()).transform("sum").astype(int)
    needs = [
        np.sort(shapely.distance(point, shapes))[n - 1]
        for point, n in zip(register.geometry, together, strict=True)
    ]
    return register.geometry.within(hull) & register.geometry.distance(hull.boundary).ge(needs)


def suzhou() -> None:
    """Print the first table."""
    with tempfile.TemporaryDirectory() as folder:
        options = [
            "--config",
            str(ROOT / "examples" / "suzhou-register.toml"),
            "--raw",
            str(SUZHOU),
            "--out",
            folder,
            "--maps",
            folder,
        ]
        for name in ("register", "buildings"):
            command(["ingest", name, *options])
        homes, register = (
            gpd.read_parquet(Path(folder) / "tables" / f"{name}.parquet")
            for name in ("buildings", "register")
        )
    matched = found(homes, register)
    floor_area = matched.assign(
        m2=matched["building_id"].map(homes.set_index("building_id")["floor_area_m2"])
    )
    of_area = (
        floor_area.groupby("area_id")["m2"]
        .agg(["size", "sum"])
        .reindex(register["area_id"])
        .fillna(0)
        .reset_index(drop=True)
    )
    declared = register["n_buildings"].astype(float)
    error = (of_area["size"] - declared).abs() / declared
    per_household = np.log(of_area["sum"].where(of_area["sum"] > 0) / register["households"].astype(float))
    within = inside(homes, register)
    print(
        "\n| estates | number | declared | found | median error | mean error | exact | m² a household |"
        " spread (log) |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, mine in (("wholly inside", within), ("not", ~within), ("all", within | True)):
        counts = f"{mine.sum()} | {declared[mine].sum():.0f} | {of_area['size'][mine].sum():.0f}"
        errors = f"{error[mine].median():.1%} | {error[mine].mean():.1%} | {(error[mine] == 0).mean():.0%}"
        print(
            f"| {name} | {counts} | {errors} | {np.exp(per_household[mine].median()):.0f} |"
            f" {per_household[mine].std():.2f} |"
        )


def seeded(place: Place, share: float, seed: int) -> tuple[Any, Any, Any, int]:
    """Of the buildings found: whether right, and the confidence; the relative error of every count; buildings
    to be found.
    """
    rng = np.random.default_rng(seed)
    truth = pd.Series(place.truth, index=place.homes["building_id"]).astype(str)
    middle = (
        pd.DataFrame(shapely.get_coordinates(place.homes.centroid.array))
        .groupby(truth.to_numpy())
        .agg(["mean", "size"])
    )
    n = middle[0]["size"]
    points = gpd.points_from_xy(
        *(middle[i]["mean"] + rng.normal(0, NOISE_M, len(n)) for i in (0, 1)), crs=place.homes.crs
    )
    rows = gpd.GeoDataFrame(
        {"area_id": n.index, "n_buildings": n.to_numpy(), "source_file": "-", "source_row": 1},
        geometry=points,
    )
    known = rows[rng.random(len(n)) < share]
    matched = found(place.homes, conform(known, REGISTER, place.homes.crs), place.roads)
    right = truth[matched["building_id"]].to_numpy() == matched["area_id"].to_numpy()
    got = matched["area_id"].value_counts().reindex(known["area_id"]).fillna(0).to_numpy()
    declared = known["n_buildings"].to_numpy()
    return right, matched["confidence"].to_numpy(), np.abs(got - declared) / declared, int(declared.sum())


def main() -> None:
    """Print both tables."""
    warnings.filterwarnings("ignore")
    if SUZHOU.is_dir():
        suzhou()
    else:
        print(f"{SUZHOU}: not there, left out", file=sys.stderr)
    print(
        "\n| place | groups given | of their buildings, found | of those found, right | mean error of the"
        " count | AUC of the confidence |"
    )
    print("|---|---|---|---|---|---|")
    for place in places(["Snezhinsk", "Helsinki", "sample"]):
        if place.name in ("Snezhinsk", "Helsinki") or place.name.startswith("sample"):
            for share in (1.0, 0.5):
                right, sure, error, n = (
                    list(column)
                    for column in zip(*(seeded(place, share, seed) for seed in range(3)), strict=True)
                )
                hits, sures = np.concatenate(right), np.concatenate(sure)
                auc = roc_auc_score(hits, sures) if 0 < hits.mean() < 1 else float("nan")
                figures = (
                    f"{hits.sum() / sum(n):.3f} | {hits.mean():.3f} | {np.concatenate(error).mean():.3f} |"
                    f" {auc:.2f}"
                )
                print(f"| {place.name} | {share:.0%} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
