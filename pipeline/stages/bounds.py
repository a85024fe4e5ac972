"""Bounds: the four bounds of each area in words (四至), and how well shaped its ground is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.boundary.four_sides import SIDES, visible_from_sides
from pipeline.parsing.romanisation import in_english
from pipeline.tables import BOUNDS, conform

SHARE_MIN = 0.3
"""What covers at least this share of a side is named; so is whatever covers most of it."""
SQUARE_COMPACTNESS = np.pi / 4
"""Compactness of a square: an area at least that compact is not odd."""
UNSEEN = ("midline", "open_ground")
"""What an edge follows that one can see neither on the ground nor in a record."""
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
"""Words for things without a name: Chinese, English."""
MAPPED = tuple(kind for kind in WORDS if kind not in ("open_ground", "subdistrict"))
"""What an area can face only where more than footprints and outlines of subdistricts is mapped."""
SHARED = {
    "wall": ("与{}之间的围墙", "the wall shared with {}"),
    "lane": ("与{}之间的小路", "the lane shared with {}"),
    "road": ("与{}之间的道路", "the road shared with {}"),
    "railway": ("与{}之间的铁路", "the railway shared with {}"),
    "water": ("与{}之间的水域", "the water shared with {}"),
    "midline": ("与{}楼栋之间的中线", "the line midway to the buildings of {}"),
}
"""Words for what the line is that two areas share: Chinese, English."""
NOTHING_MAPPED = ("资料未载明处", "ground of which nothing is mapped")
"""Words for open ground where no area faces anything but other areas: footprints are all there is, and ground
with nothing on the map need not be open.
"""
LINE = ("与{}的分界线", "the boundary with {}")
ON_OUTLINE_M = 1e-3
"""A piece is on the outline of the part of an area that is this near to it, but for rounding; metres."""


class _Faced(Protocol):
    """What a side of an area reaches: a row of `_on_sides`."""

    zh: str
    en: str
    shared: bool
    """An area on the other side of the same line."""
    line: str
    """What that line is, a key of SHARED; "" for nothing."""
    tip: bool
    """The area comes to a point on this side."""


def word_bounds(areas: gpd.GeoDataFrame, edges: gpd.GeoDataFrame) -> pd.DataFrame:
    """Put the four bounds of each area into words (四至), and find the ten oddest shapes.

    A side is what one meets coming from there (geometry/boundary/four_sides.py), across the whole area. It is
    said to reach what most of that faces and whatever else makes up at least SHARE_MIN of it, by name, or by
    kind where it has none; the neighbour's name stands for an area next door, and where both share the line
    the words say so, with the wall or lane on it. Ground that is nobody's is called open; where footprints
    are all there is, so that nobody knows, it is ground of which nothing is mapped. No side is left blank, as
    on the cadastre's form (宗地四至): where an area comes to a tip it reaches the corner of what lies on its
    flanks. Of an area in several parts the words say so, and what runs between them. English words have
    Chinese names in both scripts: Shengli Road (胜利路).

    oddity is the mean of three shortfalls: of the compactness from a square's, of the followed share from 1,
    and of 1 / parts from 1; equal ones go by id.

    Parameters
    ----------
    areas : GeoDataFrame
        AREAS, in a projected CRS, metres.
    edges : GeoDataFrame
        EDGES, in the same CRS.

    Returns
    -------
    DataFrame
        BOUNDS: one row an area; all null but the id where the area has no ground.

    Notes
    -----
    compactness is 4π · area / perimeter²: 1 for a circle, π/4 for a square.
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
    shortfalls = (
        1 - np.minimum(compactness / SQUARE_COMPACTNESS, 1),
        1 - followed / perimeter,
        1 - 1 / with_ground["n_parts"].to_numpy(dtype=float),
    )
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


def _words(edges: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The words of each area with edges, in both languages, by area id."""
    things = _facing_words(edges, areas)
    between = _between_parts(edges, things, areas)
    on_sides = _on_sides(edges, things, between)
    parts = _part_texts(areas, between)
    rows = []
    for area_id, area in groupby(on_sides.itertuples(index=False), key=attrgetter("area_id")):
        zh, en = [], []
        for side, seen in groupby(area, key=attrgetter("side")):
            listed = list(seen)
            zh.append(SIDES_ZH[SIDES[side]] + "至" + _side_text(listed, 0))
            en.append(f"on the {SIDES[side]} by " + _side_text(listed, 1))
        more_zh, more_en = parts.get(area_id, ("", ""))
        rows.append((area_id, "，".join(zh) + more_zh, "bounded " + ", ".join(en) + more_en))
    return pd.DataFrame(rows, columns=["area_id", "zh", "en"]).set_index("area_id")


def _facing_words(edges: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The words for what each piece faces.

    Columns zh and en; shared: an area is on the other side of the same line; line: what that line is, a key
    of SHARED; bare_kind: the kind of a thing without a name.
    """
    called = areas.set_index("area_id")["name"]
    is_area = edges["faces"].isin(["area", "area_beyond"])
    code = edges["neighbour_area_id"].where(is_area)
    name = code.map(called).where(is_area, edges["name"])
    english = name.map({known: in_english(known) for known in name.dropna().unique()}).astype("str")
    shared = edges["faces"].eq("area")
    kinds = WORDS | ({} if edges["faces"].isin(MAPPED).any() else {"open_ground": NOTHING_MAPPED})
    return pd.DataFrame(
        {
            "zh": name.fillna(code + "号区域").fillna(
                edges["faces"].map({kind: zh for kind, (zh, _) in kinds.items()})
            ),
            "en": english.fillna("area " + code).fillna(
                edges["faces"].map({kind: en for kind, (_, en) in kinds.items()})
            ),
            "shared": shared,
            "line": edges["follows"].where(shared & edges["follows"].isin(list(SHARED)), ""),
            "bare_kind": edges["faces"].where(name.isna(), ""),
        }
    )


def _on_sides(edges: gpd.GeoDataFrame, things: pd.DataFrame, between: pd.DataFrame) -> pd.DataFrame:
    """What each side of each area reaches, the largest share first; tip: the area comes to a point there.

    What runs between parts of the area bounds it on a side only where nothing else does.
    """
    code, ids = pd.factorize(edges["area_id"], sort=True)
    side = edges["side"].map({side: i for i, side in enumerate(SIDES)}).fillna(-1).to_numpy(dtype=np.int64)
    piece, at, share, bounding = visible_from_sides(edges.geometry.to_numpy(), side, code, len(ids))
    seen = things.iloc[piece].assign(area_id=ids[code[piece]], side=at, share=share, bounding=bounding)
    seen["tip"] = ~seen.groupby(["area_id", "side"])["bounding"].transform("any")
    seen = seen[seen["bounding"] | seen["tip"]]
    keys, what = ["area_id", "side", "tip"], ["zh", "en", "shared", "bare_kind"]
    seen = seen.groupby([*keys, *what, "line"], as_index=False)["share"].sum()
    seen["thing"] = seen.groupby([*keys, *what])["share"].transform("sum")
    seen["whole"] = seen.groupby(keys)["share"].transform("sum")
    seen = seen.sort_values(
        [*keys, "thing", "zh", "share", "line"],
        ascending=[True] * 3 + [False, True, False, True],
        kind="stable",
    )
    seen = seen.drop_duplicates([*keys, *what])
    # named once: a lane without a name that goes on as the line shared with a neighbour, and that neighbour
    # where it is also faced farther on
    shared = seen[seen["shared"]]
    for own, same in (("bare_kind", "line"), ("zh", "zh")):
        again = (
            ~seen["shared"] & seen[own].ne("") & _keys(seen, [*keys, own]).isin(_keys(shared, [*keys, same]))
        )
        seen = seen[~again]
    enough = seen["thing"] >= SHARE_MIN * seen["whole"]
    inside = _keys(seen, ["area_id", "zh"]).isin(_keys(between, ["area_id", "zh"]))
    others = (enough & ~inside).groupby([seen[key] for key in keys]).transform("any")
    seen, enough = seen[~(inside & others)], enough[~(inside & others)]
    return seen[enough | ~seen.duplicated(keys)]


def _keys(frame: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[columns])


def _side_text(listed: Sequence[_Faced], language: int) -> str:
    """The words for one side of an area.

    Language 0: 胜利路、与东院之间的围墙; 1: Shengli Road (胜利路) and the wall shared with Dongyuan (东院).
    """
    words = ("zh", "en")[language]
    beyond = [getattr(thing, words) for thing in listed if not thing.shared]
    if listed[0].tip and len(beyond) == len(listed) == 2:
        return ("{}与{}交汇处", "the corner of {} and {}")[language].format(*beyond)
    lines: dict[str, list[str]] = {}
    for thing in listed:
        if thing.shared:
            lines.setdefault(SHARED.get(thing.line, LINE)[language], []).append(getattr(thing, words))
    return _listed(
        [*beyond, *(line.format(_listed(names, language)) for line, names in lines.items())], language
    )


def _listed(words: list[str], language: int) -> str:
    if language == 0 or len(words) < 2:
        return "、".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def _between_parts(edges: gpd.GeoDataFrame, things: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """What runs between the parts of an area: things that at least two of them face, the longest first.

    Columns area_id, zh, en, n (number of parts) and length_m.
    """
    several = areas[areas["n_parts"].gt(1) & areas.geometry.notna()]
    parts, of = shapely.get_parts(several.geometry.to_numpy(), return_index=True)
    inner = np.flatnonzero(edges["side"].isna() & edges["area_id"].isin(several["area_id"]))
    middle = shapely.line_interpolate_point(edges.geometry.to_numpy()[inner], 0.5, normalized=True)
    piece, part = shapely.STRtree(parts).query(middle, predicate="dwithin", distance=ON_OUTLINE_M)
    ids = several["area_id"].to_numpy(dtype=object)[of[part]]
    own = edges["area_id"].to_numpy(dtype=object)[inner[piece]] == ids
    own &= ~edges["faces"].isin(["area", "area_beyond", "open_ground"]).to_numpy()[inner[piece]]
    piece = inner[piece[own]]
    faced = things.iloc[piece].assign(
        area_id=ids[own], part=part[own], length_m=edges["length_m"].to_numpy()[piece]
    )
    found = (
        faced.groupby(["area_id", "zh", "en"])
        .agg(n=("part", "nunique"), length_m=("length_m", "sum"))
        .reset_index()
    )
    return found[found["n"].gt(1)].sort_values(["area_id", "length_m", "zh"], ascending=[True, False, True])


def _part_texts(areas: gpd.GeoDataFrame, between: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """The words for areas in several parts, by area id: how many, and what runs between them."""
    named = {area_id: (list(some["zh"]), list(some["en"])) for area_id, some in between.groupby("area_id")}
    several = areas[areas["n_parts"].gt(1)]
    said = {}
    for area_id, n in zip(several["area_id"], several["n_parts"], strict=True):
        zh, en = named.get(area_id, ([], []))
        with_zh, with_en = (
            (f"，其间为{_listed(zh, 0)}", f" with {_listed(en, 1)} between them") if zh else ("", "")
        )
        said[area_id] = (f"；共{n}块{with_zh}", f"; in {n} parts{with_en}")
    return said


def summary(bounds: pd.DataFrame) -> str:
    """The table in a line."""
    oddest = bounds[bounds["oddity_rank"] <= 10].sort_values("oddity_rank")["area_id"]
    return (
        f"{bounds['bounds_zh'].notna().sum()} areas in words; the oddest shapes, to be looked at:"
        f" {', '.join(oddest)}"
    )
