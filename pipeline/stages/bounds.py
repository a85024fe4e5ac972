"""Bounds: the four bounds of each area in words (四至), and how well shaped its ground is."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.tables import BOUNDS, SIDES, conform

SHARE_MIN = 0.3
"""What covers at least this share of a side is named; so is whatever covers most of it."""
SQUARE = np.pi / 4
"""Compactness of a square: an area that compact is not odd."""
UNSEEN = ("midline", "open_ground")
"""What one can see neither on the ground nor in a record."""
SIDES_ZH = dict(zip(SIDES, "东南西北", strict=True))
WORDS = {
    "road": ("道路", "a road"),
    "lane": ("小路", "a lane"),
    "railway": ("铁路", "the railway"),
    "water": ("水域", "the water"),
    "green": ("绿地", "a green"),
    "public": ("公共用地", "public land"),
    "other": ("其他用地", "other land"),
    "compound": ("其他小区", "another estate"),
    "subdistrict": ("辖区界", "the edge of the district"),
    "open_ground": ("空地", "open ground"),
}
"""What is said of things without a name."""
BETWEEN = {"wall": ("以围墙", "the wall with ")} | {
    kind: (f"以{WORDS[kind][0]}", f"{WORDS[kind][1]} with ") for kind in ("road", "lane", "railway", "water")
}
"""What is said of the line that two areas share, where there is something on it."""
LINE = ("", "the line with ")


def word_bounds(areas: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> pd.DataFrame:
    """BOUNDS: one row an area; all null but the id where the area has no ground.

    AREAS and EDGES in one projected CRS (metres). A side is said to reach what most of it faces and whatever else
    covers at least SHARE_MIN of it, by name, or by kind where it has none. As on the cadastre's form (宗地四至) no side
    is left blank, ground that is nobody's is called open, and the neighbour's name stands for an area next door: where
    both share the line the words say so (与…分界), with the wall or lane on it. A side that no piece is on, as a
    triangle has, reaches what is at the area's end that way.

    oddity is the mean of three shortfalls: of the compactness from a square's, of the followed share from 1, and of
    1 / parts from 1; equal ones go by id.
    """
    edges = edges.sort_values(["area_id", "edge"], ignore_index=True)
    with_ground = areas[areas.geometry.notna()].sort_values("area_id", ignore_index=True)
    ids = with_ground["area_id"]
    words = _words(edges, areas)
    perimeter, followed = (
        lengths.groupby(edges["area_id"]).sum().reindex(ids).to_numpy()
        for lengths in (edges["length_m"], edges["length_m"].mask(edges["follows"].isin(UNSEEN), 0.0))
    )
    compactness = 4 * np.pi * shapely.area(with_ground.geometry.to_numpy()) / perimeter**2
    shortfalls = 1 - np.minimum(compactness / SQUARE, 1), 1 - followed / perimeter, 1 - 1 / with_ground["n_parts"].to_numpy(dtype=float)
    out = pd.DataFrame(
        {
            "area_id": ids,
            "bounds_zh": words["zh"].reindex(ids).to_numpy(),
            "bounds_en": words["en"].reindex(ids).to_numpy(),
            "perimeter_m": perimeter,
            "compactness": compactness,
            "followed_share": followed / perimeter,
            "oddity": np.mean(shortfalls, axis=0),
        }
    )
    out["oddity_rank"] = out["oddity"].round(9).rank(method="first", ascending=False).astype("Int64")
    return conform(areas[["area_id"]].merge(out, on="area_id", how="left"), BOUNDS)


def _words(edges: Any, areas: Any) -> pd.DataFrame:
    """The words of each area with edges, in both languages, by area id."""
    columns = ["area_id", "side", "zh", "en", "shared", "line_zh", "line_en"]
    said = _said(edges, areas).groupby(columns, as_index=False)["length_m"].sum()
    said["thing_m"] = said.groupby(columns[:3])["length_m"].transform("sum")
    said["side_m"] = said.groupby(columns[:2])["length_m"].transform("sum")
    said = said.sort_values(["area_id", "side", "thing_m", "zh", "length_m"], ascending=[True, True, False, True, False], kind="stable")
    said = said.drop_duplicates(columns[:3])
    said = said[(said["thing_m"] >= SHARE_MIN * said["side_m"]) | ~said.duplicated(columns[:2])]
    out: dict[str, dict[str, list[str]]] = {}
    for area_id, area in groupby(said.itertuples(index=False), key=attrgetter("area_id")):
        texts = out.setdefault(area_id, {"zh": [], "en": []})
        for side, things in groupby(area, key=attrgetter("side")):
            listed = list(things)
            texts["zh"].append(_side_zh(SIDES[side], listed))
            texts["en"].append(_side_en(SIDES[side], listed))
    joined = {area_id: {"zh": "，".join(texts["zh"]), "en": ", ".join(texts["en"])} for area_id, texts in out.items()}
    return pd.DataFrame.from_dict(joined, orient="index", columns=["zh", "en"])


def _said(edges: Any, areas: Any) -> pd.DataFrame:
    """The pieces that are on a side, a piece for every side that has none, and what is said of each.

    zh and en: what it faces; shared: that is an area on the other side of the same line; line_zh and line_en: that line.
    """
    pieces = pd.DataFrame(edges.drop(columns="geometry"))
    pieces["side"] = pieces["side"].map({side: i for i, side in enumerate(SIDES)})
    bounds = shapely.bounds(edges.geometry.to_numpy())
    ends = bounds[:, 2], -bounds[:, 1], -bounds[:, 0], bounds[:, 3]
    farthest = [pieces.loc[pd.Series(end, pieces.index).groupby(pieces["area_id"]).idxmax()].assign(side=i) for i, end in enumerate(ends)]
    spare = pd.concat(farthest)
    has = pd.MultiIndex.from_frame(pieces[["area_id", "side"]])
    blank = ~pd.MultiIndex.from_frame(spare[["area_id", "side"]]).isin(has)
    pieces = pd.concat([pieces[pieces["side"].notna()], spare[blank]], ignore_index=True).astype({"side": int})

    called = areas.set_index("area_id")["name"]
    is_area = pieces["faces"].isin(["area", "area_beyond"])
    code = pieces["neighbour_area_id"].where(is_area)
    name = code.map(called).where(is_area, pieces["name"])
    line = [BETWEEN.get(follows, LINE) for follows in pieces["follows"]]
    return pieces[["area_id", "side", "length_m"]].assign(
        zh=name.fillna(code + "号区域").fillna(pieces["faces"].map({kind: zh for kind, (zh, _) in WORDS.items()})),
        en=name.fillna("area " + code).fillna(pieces["faces"].map({kind: en for kind, (_, en) in WORDS.items()})),
        shared=pieces["faces"].eq("area"),
        line_zh=[zh for zh, _ in line],
        line_en=[en for _, en in line],
    )


def _side_zh(side: str, things: list[Any]) -> str:
    """Such as 东至胜利路、以围墙与东院分界."""
    beyond = [thing.zh for thing in things if not thing.shared]
    lines = _by_line(things, "zh")
    return SIDES_ZH[side] + "、".join(
        [*(["至" + "、".join(beyond)] if beyond else []), *(f"{line}与{'、'.join(lines[line])}分界" for line in lines)]
    )


def _side_en(side: str, things: list[Any]) -> str:
    """Such as: east to 胜利路 and the wall with 东院."""
    beyond = [thing.en for thing in things if not thing.shared]
    lines = _by_line(things, "en")
    return f"{side} to " + " and ".join([*beyond, *(line + " and ".join(lines[line]) for line in lines)])


def _by_line(things: list[Any], language: str) -> dict[str, list[str]]:
    """The areas that share a line with this one, by what is said of the line."""
    out: dict[str, list[str]] = {}
    for thing in things:
        if thing.shared:
            out.setdefault(getattr(thing, f"line_{language}"), []).append(getattr(thing, language))
    return out
