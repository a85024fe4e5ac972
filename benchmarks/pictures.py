"""Three pictures of Snezhinsk for docs/accuracy.md: `python benchmarks/pictures.py`.

Which three is decided by what the numbers say and not by looks: the group with most built ground that is
found building by building, the group that loses most pairs of buildings by being split, and the area that
gains most pairs by joining groups.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from methods import ours
from places import ROOT, SNEZHINSK, Place, places

from pipeline.config import DelineateRules
from pipeline.stages.blocks import lay_blocks
from pipeline.stages.delineate import delineate
from pipeline.tables import BOUNDARIES, COMPOUNDS, LAND, MEMBERSHIP, REGISTER, SUBDISTRICTS, conform, empty

MARGIN_M = 60.0
COLOURS = ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#edc948", "#76b7b2", "#9c755f", "#e15759"]
TITLES = ("good", "hard", "wrong")


def main() -> None:
    """Write docs/grouping.png."""
    warnings.filterwarnings("ignore")
    if not SNEZHINSK.is_dir():
        sys.exit(f"{SNEZHINSK} is not there")
    town = next(place for place in places(["Snezhinsk"]) if place.name == "Snezhinsk")
    label = ours(town, len(town))
    areas = _areas(town, label)
    figure, axes = plt.subplots(1, 3, figsize=(18, 6.4))
    for axis, title, mine in zip(axes, TITLES, _chosen(town, label), strict=True):
        _draw(axis, town, label, areas, mine)
        axis.set_title(title, fontsize=15, loc="left")
    figure.tight_layout()
    figure.savefig(ROOT / "docs" / "grouping.png", dpi=80, metadata={"Software": None})
    print(Path("docs") / "grouping.png")


def _chosen(town: Place, label: Any) -> list[Any]:
    """The buildings each picture is about, as masks."""
    truth = town.truth
    table = pd.crosstab(truth, label)
    built = town.homes.area.groupby(truth).sum().reindex(table.index).to_numpy()
    counts = table.to_numpy()
    pairs, lost = counts * (counts - 1) // 2, counts.sum(axis=1) * (counts.sum(axis=1) - 1) // 2
    whole = (counts > 0).sum(axis=1) == 1
    alone = (counts[:, (counts > 0).sum(axis=0) == 1] > 0).any(axis=1)
    good = table.index[np.argmax(np.where(whole & alone, built, 0))]
    hard = table.index[np.argmax(lost - pairs.sum(axis=1))]
    together = counts.sum(axis=0) * (counts.sum(axis=0) - 1) // 2
    wrong = table.columns[np.argmax(together - pairs.sum(axis=0))]
    return [truth == good, truth == hard, label == wrong]


def _areas(town: Place, label: Any) -> gpd.GeoDataFrame:
    crs = town.homes.crs
    names = [f"a{i:04d}" for i in label]
    rows = pd.DataFrame(
        {
            "building_id": town.homes["building_id"],
            "area_id": names,
            "method": "group",
            "confidence": 0.9,
            "contested": False,
        }
    )
    rules = DelineateRules()
    land, boundaries, register = (empty(table, crs) for table in (LAND, BOUNDARIES, REGISTER))
    blocks = lay_blocks(
        empty(SUBDISTRICTS, crs), town.homes, town.roads, land, empty(COMPOUNDS, crs), rules=rules
    )
    return delineate(
        town.homes, conform(rows, MEMBERSHIP), blocks, town.roads, land, boundaries, register, rules=rules
    )


def _draw(axis: Axes, town: Place, label: Any, areas: gpd.GeoDataFrame, mine: Any) -> None:
    left, low, right, high = town.homes[mine].total_bounds
    half = max(right - left, high - low) / 2 + MARGIN_M
    x, y = (left + right) / 2, (low + high) / 2
    window = shapely.box(x - half, y - half, x + half, y + half)
    shown = areas[areas.intersects(window)]
    colours = [COLOURS[int(name[1:]) % len(COLOURS)] for name in shown["area_id"]]
    shown.plot(ax=axis, color=colours, alpha=0.35, edgecolor="none")
    shown.boundary.plot(ax=axis, color="#1b1b1b", linewidth=1.2)
    roads = town.roads[town.roads.intersects(window)]
    roads.plot(ax=axis, color="#9a9a9a", linewidth=np.where(roads["class"].isin(["lane", "path"]), 0.6, 2.0))
    near = town.homes.intersects(window).to_numpy()
    town.homes[near].plot(
        ax=axis, color=[COLOURS[i % len(COLOURS)] for i in label[near]], edgecolor="#333333", linewidth=0.4
    )
    for group in np.unique(town.truth[near]):
        around = shapely.concave_hull(
            shapely.union_all(shapely.buffer(town.homes.geometry.array[town.truth == group], 6)), ratio=0.35
        )
        gpd.GeoSeries([around.buffer(3)]).boundary.plot(
            ax=axis, color="#d00000", linewidth=1.6, linestyle="--"
        )
    axis.set(
        xlim=(x - half, x + half),
        ylim=(y - half, y + half),
        xlabel="",
        ylabel="",
        xticks=[],
        yticks=[],
        aspect="equal",
    )


if __name__ == "__main__":
    main()
