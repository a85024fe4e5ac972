"""Which footprints a register entry stands for: by decision, building id, drawn boundary, address, or point
and count.
"""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse.csgraph import dijkstra

from pipeline.config import MatchRules
from pipeline.domain.adjacency_cost import Links
from pipeline.geometry.arrays import Floats, Geometries, Integers
from pipeline.geometry.graph.region_growing import UNASSIGNED, grow_regions
from pipeline.geometry.graph.weighted import undirected
from pipeline.tables import LIST_SEPARATORS, MATCHED, conform

CLAIMS = ["building_id", "area_id", "compound_id", "entry_id", "method", "confidence", "n_inside"]

#: The stronger right first. A person's decision on one building comes before everything; a compound before an
#: address, but after a register that names the building and a line that a person drew. `number` is an address
#: too, but one that names the number that the door is within (12号 for 12甲号), or the other way round.
#: `runner_up` is no right: the second area that could reach a building that a point placed.
RIGHTS = ("decision", "building_id", "boundary", "compound", "address", "number", "point", "runner_up")

NESTED_SHARE = 0.9
"""A compound or boundary that lies in a larger one by this share of its ground is inside it: two people draw
a line twice.
"""

#: What an entry is counted by: the first of these that it declares and most buildings within its reach know.
COUNTS = ("n_buildings", "households", "floor_area_m2")


def match(
    buildings: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    decisions: pd.DataFrame,
    compounds: gpd.GeoDataFrame,
    links: pd.DataFrame,
    addresses: pd.DataFrame,
    *,
    rules: MatchRules,
    reach_m: float,
) -> pd.DataFrame:
    """Find the footprints of each register entry: by decision, id, boundary, address, point.

    An area is one that is registered, drawn, or a proposal that a decision of kind `accept` makes an area; an
    entry or a decision for any other is left out: the check stage names it. A building that two areas claim
    with equal right is `contested`: it goes to the surer claim, then to the area whose own buildings it costs
    less to join it to (pipeline/domain/adjacency_cost.py), and the other is the runner-up. Of compounds, or
    drawn boundaries, one inside the other, the innermost that holds a building has it; of others that
    overlap, the one that holds the larger share of it. A decision for area `none` is kept as an uncovered
    building.

    Parameters
    ----------
    buildings, register, entries, boundaries, compounds : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    decisions, links, addresses : DataFrame
        Tables of those schemas.
    rules : MatchRules
        address_confidence, point_confidence and point_reach_m.
    reach_m : float
        Links between buildings farther apart than this do not count, metres.

    Returns
    -------
    DataFrame
        MATCHED: the residential buildings that the register, a boundary, a compound or a decision places.
    """
    homes = buildings[buildings["use"].eq("residential")].sort_values("building_id", ignore_index=True)
    areas = {
        *register["area_id"],
        *boundaries["area_id"],
        *decisions["area_id"][decisions["kind"].eq("accept")],
    } - {"none"}
    entries = entries[entries["area_id"].isin(areas)].sort_values("entry_id")
    decisions = decisions[decisions["area_id"].isin(areas | {"none"})]
    claims = pd.concat(
        [
            _by_decision(homes, decisions),
            _by_building_id(homes, entries),
            _by_polygon(homes, boundaries, "area_id", "boundary"),
            _by_polygon(homes, compounds, "compound_id", "compound"),
            _by_address(addresses, entries, rules),
        ]
    )

    near = Links.among(links[links["distance_m"] <= reach_m], homes)
    claims = pd.concat([claims, _by_point(homes, entries, claims, near, rules)], ignore_index=True)
    return _resolve(
        claims, homes, _cost_to_own_buildings(claims[claims["method"].ne("runner_up")], homes, near)
    )


def _claims(method: str, **columns: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(columns).assign(method=method).reindex(columns=CLAIMS)


def _by_decision(homes: gpd.GeoDataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    known = decisions[decisions["building_id"].isin(homes["building_id"])]
    return _claims("decision", building_id=known["building_id"], area_id=known["area_id"]).assign(
        confidence=1.0
    )


def _by_building_id(homes: gpd.GeoDataFrame, entries: gpd.GeoDataFrame) -> pd.DataFrame:
    listed = pd.DataFrame(entries[["entry_id", "area_id", "building_ids"]]).dropna(subset="building_ids")
    listed = listed.assign(building_id=listed["building_ids"].str.split(LIST_SEPARATORS, regex=True)).explode(
        "building_id"
    )
    known = listed[listed["building_id"].isin(homes["building_id"])]
    return _claims(
        "building_id", building_id=known["building_id"], area_id=known["area_id"], entry_id=known["entry_id"]
    ).assign(confidence=1.0)


def _by_polygon(homes: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame, key: str, method: str) -> pd.DataFrame:
    """Claims to footprints at least half inside; the share inside is the confidence.

    `n_inside`: how many of the other polygons that hold the footprint lie inside this one.
    """
    polygons = polygons.sort_values(key)
    footprints, shapes = homes.geometry.to_numpy(), polygons.geometry.to_numpy()
    home, polygon = shapely.STRtree(shapes).query(footprints, predicate="intersects")
    share = shapely.area(shapely.intersection(footprints[home], shapes[polygon])) / shapely.area(
        footprints[home]
    )
    inside = share >= 0.5
    home, polygon = home[inside], polygon[inside]
    names = {"building_id": homes["building_id"].iloc[home].reset_index(drop=True)}
    names[key] = polygons[key].iloc[polygon].reset_index(drop=True)
    return _claims(method, **names).assign(
        confidence=np.round(share[inside], 3), n_inside=_inner_count(home, polygon, shapes)
    )


def _inner_count(home: Integers, polygon: Integers, shapes: Geometries) -> Integers:
    """For each pair of a home and a polygon that holds it, how many others that do lie inside this one."""
    pairs = pd.DataFrame({"pair": np.arange(len(home)), "home": home, "polygon": polygon})
    both = pairs.merge(pairs, on="home", suffixes=("", "_in"))
    size = shapely.area(shapes)
    outer, inner = both["polygon"].to_numpy(), both["polygon_in"].to_numpy()
    # of two of one size the earlier is the inner one
    both = both[(size[inner] < size[outer]) | ((size[inner] == size[outer]) & (inner < outer))]
    unlike = both[["polygon", "polygon_in"]].drop_duplicates()
    outer, inner = shapes[unlike["polygon"]], shapes[unlike["polygon_in"]]
    nested = unlike[shapely.area(shapely.intersection(outer, inner)) >= NESTED_SHARE * shapely.area(inner)]
    return np.bincount(both.merge(nested)["pair"], minlength=len(home))


def _by_address(addresses: pd.DataFrame, entries: gpd.GeoDataFrame, rules: MatchRules) -> pd.DataFrame:
    """Claims to doors that the entry's address names; the less alike the road's name, the less sure."""
    found = addresses[addresses["building_id"].notna()]
    found = found.merge(pd.DataFrame(entries[["entry_id", "area_id"]]), on="entry_id")
    names = {name: found[name] for name in ("building_id", "area_id", "entry_id")}
    claims = _claims("address", **names).assign(
        confidence=np.round(rules.address_confidence * found["likeness"], 3)
    )
    return claims.assign(method=claims["method"].where(found["exact"].astype(bool), "number"))


def _by_point(
    homes: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    near: Links,
    rules: MatchRules,
) -> pd.DataFrame:
    """Entries that nothing else found: each grows from its point over free buildings, up to what it declares.

    An entry that declares nothing takes the one building at its point. Growth follows the neighbour graph, so
    that each entry's buildings are connected and no hard barrier lies between them. The confidence of a
    building is the higher, the less it costs its entry compared to the cheapest alternative: another entry
    that has it, or another building instead.
    """
    placed = ~(entries.geometry.isna() | entries.geometry.is_empty)
    seeds = entries[placed & ~entries["entry_id"].isin(claims["entry_id"])].reset_index(drop=True)
    if seeds.empty:
        return _claims("point")
    footprints, points = homes.geometry.to_numpy(), seeds.geometry.to_numpy()
    seed, home = shapely.STRtree(footprints).query(points, predicate="dwithin", distance=rules.point_reach_m)
    open_ = ~near.hard
    capacity, size, measure = _counts(seeds, homes, seed, home)
    grown = grow_regions(
        len(homes),
        near.a[open_],
        near.b[open_],
        near.cost_m[open_],
        starts=(seed, home, shapely.distance(points[seed], footprints[home])),
        capacity=capacity,
        free=~homes["building_id"].isin(claims["building_id"]).to_numpy(),
        limit=rules.point_reach_m,
        size=size,
        measure=measure,
    )
    # Two entries of one area are no rivals.
    area = np.append(pd.factorize(seeds["area_id"])[0], UNASSIGNED)
    rivals = area[grown.owner] != area[grown.rival]
    over_others = np.where(
        rivals,
        np.minimum(grown.margin_over_rival, grown.margin_over_unassigned),
        grown.margin_over_unassigned,
    )
    sure = np.round(rules.point_confidence * over_others, 3)
    other = np.minimum(np.round(rules.point_confidence * (1 - grown.margin_over_rival), 3), sure)
    found = _claims_of_regions("point", homes, seeds, grown.owner, sure)
    second = _claims_of_regions("runner_up", homes, seeds, np.where(rivals, grown.rival, UNASSIGNED), other)
    return pd.concat([found, second])


def _counts(
    seeds: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, seed: Integers, home: Integers
) -> tuple[Floats, Floats, Integers]:
    """What each entry is to hold, what each building counts, and which of COUNTS each entry counts by.

    The second has a row for each of COUNTS. seed, home: the buildings within reach of each entry. A building
    of which a figure is not known counts the median.
    """
    per_building = pd.DataFrame(homes[["households", "floor_area_m2"]]).astype("float64")
    per_building.insert(0, "n_buildings", 1.0)
    known = (
        pd.DataFrame(per_building.notna().to_numpy()[home], columns=list(COUNTS))
        .groupby(seed)
        .mean()
        .reindex(seeds.index)
    )
    declared = pd.DataFrame(seeds[list(COUNTS)]).astype("float64").clip(lower=0)
    usable = declared.notna() & known.gt(0.5)
    usable["n_buildings"] |= ~usable.any(axis=1)
    declared["n_buildings"] = declared["n_buildings"].fillna(1.0)
    measure = usable.to_numpy().argmax(axis=1)
    return (
        declared.to_numpy()[np.arange(len(seeds)), measure],
        per_building.fillna(per_building.median()).fillna(0.0).to_numpy().T,
        measure,
    )


def _claims_of_regions(
    method: str, homes: gpd.GeoDataFrame, seeds: gpd.GeoDataFrame, seed: Integers, confidence: Floats
) -> pd.DataFrame:
    """A claim for every building that has a seed."""
    found = seed != UNASSIGNED
    mine = seeds.iloc[seed[found]].reset_index(drop=True)
    return _claims(
        method,
        building_id=homes["building_id"][found].reset_index(drop=True),
        area_id=mine["area_id"],
        entry_id=mine["entry_id"],
    ).assign(confidence=confidence[found])


def _resolve(claims: pd.DataFrame, homes: gpd.GeoDataFrame, cost_m: pd.Series) -> pd.DataFrame:
    """One row a building: the strongest claim wins, the best one of another holder is the runner-up."""
    claims = claims.assign(
        right=claims["method"].map({name: rank for rank, name in enumerate(RIGHTS)}),
        holder=_holder(claims),
        cost_m=cost_m,
    )
    named = (
        claims[claims["method"].ne("runner_up")]
        .dropna(subset="entry_id")
        .groupby("building_id")["entry_id"]
        .agg(_as_json)
    )
    order = ["building_id", "right", "n_inside", "confidence", "cost_m", "holder", "entry_id"]
    ranked = claims.sort_values(order, ascending=[name != "confidence" for name in order])
    # A boundary may be the stronger right, but the entry that names the building is found all the same.
    ranked["entry_id"] = ranked.groupby(["building_id", "holder"])["entry_id"].transform("first")
    ranked = ranked.drop_duplicates(["building_id", "holder"])
    best = ranked.drop_duplicates("building_id")
    rest = ranked[~ranked.index.isin(best.index) & ranked["area_id"].notna()].drop_duplicates("building_id")
    out = best.merge(
        rest[["building_id", "area_id", "confidence", "right"]],
        on="building_id",
        how="left",
        suffixes=("", "_second"),
    )
    out = out.merge(pd.DataFrame(homes[["building_id", "subdistrict_code"]]), on="building_id")
    none = out["area_id"].eq("none").fillna(False)
    return conform(
        out.assign(
            area_id=out["area_id"].mask(none),
            method=out["method"].replace("number", "address"),
            gap=pd.Series("uncovered_building", index=out.index, dtype="str").where(none),
            runner_up_area_id=out["area_id_second"],
            runner_up_confidence=out["confidence_second"],
            contested=out["right"].eq(out["right_second"]) & out["area_id"].notna(),
            named_by=out["building_id"].map(named),
        ),
        MATCHED,
    )


def _as_json(entries: pd.Series) -> str:
    return json.dumps(sorted(set(entries)), ensure_ascii=False)


def _holder(claims: pd.DataFrame) -> pd.Series:
    return claims["area_id"].fillna(claims["compound_id"])


def _cost_to_own_buildings(claims: pd.DataFrame, homes: gpd.GeoDataFrame, near: Links) -> pd.Series:
    """For each claim to a building that several holders claim, the cost of joining it to the claimant's own.

    The cost of the cheapest way to a building that only the claimant claims; inf where none can be reached,
    and for other claims.
    """
    holder = _holder(claims)
    several = holder.groupby(claims["building_id"]).transform("nunique").gt(1)
    cost = pd.Series(np.inf, index=claims.index)
    if not several.any():
        return cost
    position = pd.Series(homes.index, index=homes["building_id"])
    own = position.loc[claims["building_id"][~several]].groupby(holder[~several].to_numpy()).agg(list)
    graph = undirected(len(homes), near.a, near.b, near.cost_m)
    for building, mine in holder[several].groupby(claims["building_id"][several]):
        reached = dijkstra(graph, indices=position[building])
        for claim, who in mine.items():
            if who in own.index:
                cost[claim] = reached[own[who]].min()
    return cost


def summary(matched: pd.DataFrame) -> str:
    """The table in a line."""
    return f"{len(matched):,} buildings placed, {matched['area_id'].nunique()} areas found"
