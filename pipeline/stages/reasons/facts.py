"""Facts: the buildings of areas, pairs of neighbours with what lies between them, and what each area has in
common.

Areas are positions in the sorted ids; lo < hi are the two on either side of a border.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.config import GroupRules
from pipeline.domain.adjacency_cost import DISTANCE_SCALE_M, Links
from pipeline.domain.area_codes import most_common
from pipeline.geometry.graph.crossings import costliest_crossing
from pipeline.geometry.oriented_boxes import misalignment, oriented_boxes
from pipeline.parsing.romanisation import in_english

NEGLIGIBLE_COST_M = 10.0
"""A barrier that costs no more than this to cross, such as a footpath, counts as open ground."""
MISALIGNED_OVER = 0.34
"""Two buildings within ten degrees of parallel or square face the same way."""
MAJORITY = 0.5
"""What holds for less than this share of the buildings, or pairs, is no reason."""

#: What can lie between, in Chinese and English.
THINGS = {
    "railway": ("铁路", "a railway"),
    "water": ("水域", "water"),
    "arterial": ("主干路", "an arterial road"),
    "collector": ("次干路", "a collector road"),
    "local": ("支路", "a local road"),
    "lane": ("巷道", "a lane"),
    "path": ("小路", "a path"),
    "wall": ("围墙", "a wall"),
    "green": ("绿地", "public green"),
    "road": ("道路用地", "road land"),
    "public": ("公共用地", "public land"),
    "other": ("其他用地", "other land"),
    "compound": ("其他小区", "another compound"),
}


def members(
    buildings: gpd.GeoDataFrame, membership: pd.DataFrame, ids: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """The buildings that are in an area, with its position, their method and their confidence.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS.
    membership : DataFrame
        MEMBERSHIP.
    ids : object array of str, shape (n,)
        Area ids, sorted.

    Returns
    -------
    GeoDataFrame
        Sorted by building_id; area: position in `ids`.
    """
    placed = membership[membership["area_id"].isin(ids)].set_index("building_id")
    homes = buildings[buildings["building_id"].isin(placed.index)].sort_values(
        "building_id", ignore_index=True
    )
    of = placed.reindex(homes["building_id"])
    return homes.assign(
        area=np.searchsorted(ids, of["area_id"].to_numpy(dtype=object)),
        method=of["method"].to_numpy(dtype=object),
        confidence=of["confidence"].to_numpy(dtype=float),
    )


def pairs(
    homes: gpd.GeoDataFrame,
    links: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    rules: GroupRules,
) -> pd.DataFrame:
    """Neighbouring buildings: their areas, how far and how dear, how alike, and what lies between in words.

    Parameters
    ----------
    homes : GeoDataFrame
        From `members`, in the district's CRS, metres.
    links : DataFrame
        LINKS.
    barriers, land, compounds : GeoDataFrame
        Tables of those schemas, in the same CRS.
    rules : GroupRules
        crossing_cost_m and reach_m.

    Returns
    -------
    DataFrame
        In the order of LINKS. i, j: positions of the two areas; distance_m, cost_m: of LINKS; near: within
        rules.reach_m; by, what, what_zh, what_en: what lies between, null where it is open ground; view:
        weight in the view; misaligned: 1 where they face different ways, else 0; floors, year: 1 where alike,
        0 where not, null where not known of both; decided: 1 where a person decided on one of them, else 0;
        sure: mean of their confidence.
    """
    barriers = barriers.sort_values("barrier_id", ignore_index=True)
    found = Links.among(links, homes)
    a, b = found.a, found.b
    area = homes["area"].to_numpy(dtype=np.int64)
    out = pd.DataFrame({"i": area[a], "j": area[b], "distance_m": found.distance_m, "cost_m": found.cost_m})
    out["near"] = found.distance_m <= rules.reach_m

    public = land[land["kind"].ne("residential")].sort_values("land_id")
    elsewhere = compounds.sort_values("compound_id")
    things = pd.concat(
        [
            _named_things(barriers, "barrier"),
            _named_things(public, "public_land"),
            _named_things(elsewhere, "compound"),
        ],
        ignore_index=True,
    )
    costly = np.append(
        (barriers["class"].map(rules.crossing_cost_m) > NEGLIGIBLE_COST_M).to_numpy(dtype=bool), False
    )
    between = pd.Index(barriers["barrier_id"]).get_indexer(found.barrier_id)
    between = np.where(costly[between], between, -1)
    shapes = np.asarray(homes.geometry.array, dtype=object)
    open_ = np.flatnonzero((between < 0) & (area[a] != area[b]))
    gaps = shapely.shortest_line(shapes[a[open_]], shapes[b[open_]])
    ground = np.concatenate([np.asarray(t.geometry.array, dtype=object) for t in (public, elsewhere)])
    crossed = costliest_crossing(gaps, ground, np.ones(len(ground)))
    between[open_] = np.where(crossed >= 0, crossed + len(barriers), -1)
    # a near facade fills more of the view than a far one
    out["view"] = 1 / (DISTANCE_SCALE_M + found.distance_m)
    for column in ("by", "what", "what_zh", "what_en"):
        out[column] = np.array([*things[column], None], dtype=object)[between]

    _, angle = oriented_boxes(shapes)
    out["misaligned"] = (misalignment(angle[a], angle[b]) > MISALIGNED_OVER).astype(float)
    for column, apart in (("floors", 1), ("year", 5)):
        values = homes[column].to_numpy(dtype=float, na_value=np.nan)
        differ = np.abs(values[a] - values[b])
        out[column] = np.where(np.isnan(differ), np.nan, differ <= apart)
    decided, sure = (homes["method"] == "decision").to_numpy(), homes["confidence"].to_numpy()
    return out.assign(decided=(decided[a] | decided[b]).astype(float), sure=(sure[a] + sure[b]) / 2)


def _named_things(table: gpd.GeoDataFrame, by: str) -> pd.DataFrame:
    """The words for each row: 胜利路（主干路）, Shengli Road (胜利路, arterial road).

    Only its kind where it has no name.
    """
    kind = (
        table["class"]
        if "class" in table
        else table["kind"]
        if "kind" in table
        else pd.Series("compound", index=table.index)
    )
    named = table["name"].notna() & table["name"].str.strip().ne("")
    name = table["name"].fillna("")
    zh, en = (kind.map({k: words[i] for k, words in THINGS.items()}).astype("str") for i in (0, 1))
    english = [
        in_english(*words) for words in zip(name, en.str.replace("^an? ", "", regex=True), strict=True)
    ]
    return pd.DataFrame(
        {
            "by": by,
            "what": table["name"].where(named),
            "what_zh": (name + "（" + zh + "）").where(named, zh),
            "what_en": pd.Series(english, table.index, dtype=object).where(named, en),
        },
        dtype=object,
    )


def per_area(
    areas: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    inside: pd.DataFrame,
    communities: gpd.GeoDataFrame,
    subdistricts: gpd.GeoDataFrame,
) -> pd.DataFrame:
    """What the buildings of each area have in common, and how near and how dear its links are.

    Parameters
    ----------
    areas : DataFrame
        AREAS, in the order of the sorted ids.
    homes : GeoDataFrame
        From `members`.
    inside : DataFrame
        From `pairs`, those inside one area and within reach.
    communities, subdistricts : GeoDataFrame
        Tables of those schemas.

    Returns
    -------
    DataFrame
        One row an area, by position. What fewer than MAJORITY of its buildings have is null.
    """
    n = len(areas)
    grouped, linked = homes.groupby("area"), inside.groupby("i")
    of = pd.DataFrame({"origin": areas["origin"].to_numpy(dtype=object)}, index=range(n))
    of["total"] = grouped.size().reindex(range(n), fill_value=0)
    of["sure"] = grouped["confidence"].mean()
    of["floor_area_m2"] = grouped["floor_area_m2"].sum(min_count=1)
    of["all_known"] = grouped["floor_area_m2"].count().eq(of["total"])
    of["n_links"] = linked.size().reindex(range(n), fill_value=0)
    of["cost_m"] = linked["cost_m"].mean()
    of["distance_m"] = linked["distance_m"].median()
    for column in ("misaligned", "floors", "year"):
        of[f"{column}_share"] = linked[column].mean()
    for column in ("floors", "year"):
        of[column] = homes[column].astype("float64").groupby(homes["area"]).median()
    for column in ("owner_unit", "road", "community_code", "subdistrict_code"):
        common = pd.Series(most_common(homes[column], homes["area"], n), dtype="str")
        having = (
            homes[column]
            .eq(homes["area"].map(common))
            .groupby(homes["area"])
            .sum()
            .reindex(range(n), fill_value=0)
        )
        of[column] = common.where(having >= MAJORITY * of["total"])
        of[f"{column}_n"] = having
    for column, table in (("community", communities), ("subdistrict", subdistricts)):
        code = of.pop(f"{column}_code")
        names = table.drop_duplicates(f"{column}_code").set_index(f"{column}_code")["name"]
        of[column] = code.map(names).astype("str").fillna(code)
        of[f"{column}_n"] = of.pop(f"{column}_code_n")
    return of


def border(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs across a border, with the areas as lo < hi.

    Parameters
    ----------
    pairs : DataFrame
        From `pairs`.

    Returns
    -------
    DataFrame
        Those within reach; an area with no neighbour in reach has its one nearest pair.
    """
    across = pairs[pairs["i"] != pairs["j"]]
    across = across.assign(lo=across[["i", "j"]].min(axis=1), hi=across[["i", "j"]].max(axis=1))
    near = across[across["near"]]
    has = {*near["lo"], *near["hi"]}
    ends = pd.concat([across.assign(area=across["lo"]), across.assign(area=across["hi"])])
    ends = ends[~ends["area"].isin(has)].sort_values(["area", "distance_m", "lo", "hi"], kind="stable")
    nearest = ends.drop_duplicates("area").drop(columns="area").drop_duplicates(["lo", "hi"])
    return pd.concat([near, nearest], ignore_index=True)


def principal(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """What lies between most pairs of each key, and what between next most.

    Parameters
    ----------
    frame : DataFrame
        From `pairs` or `border`.
    keys : list of str
        Columns that say which pairs belong together.

    Returns
    -------
    DataFrame
        By key: by, what, what_zh, what_en and share (of all pairs of the key); what_zh_2, what_en_2 and
        share_2 of the next. A key with open ground only has no row.
    """
    total = frame.groupby(keys).size().rename("total")
    counts = (
        frame.dropna(subset="what_zh")
        .groupby([*keys, "by", "what", "what_zh", "what_en"], dropna=False)
        .size()
        .reset_index(name="n")
    )
    counts = counts.sort_values([*keys, "n", "what_zh"], ascending=[True] * len(keys) + [False, True]).merge(
        total, on=keys
    )
    counts["share"] = counts["n"] / counts["total"]
    counts = counts.drop(columns=["n", "total"])
    first = counts.drop_duplicates(keys).set_index(keys)
    second = counts[counts.duplicated(keys)].drop_duplicates(keys).set_index(keys)
    return first.join(second[["what_zh", "what_en", "share"]].add_suffix("_2"))
