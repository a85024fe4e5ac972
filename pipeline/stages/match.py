"""Which footprints a register entry stands for: by decision, building id, drawn boundary, address, or point and count."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.config import GroupRules, MatchRules
from pipeline.geometry.growth import NOBODY, grow
from pipeline.links import links
from pipeline.sources.addresses import parse_runs
from pipeline.tables import LIST_SEPARATORS, MATCHED, conform

CLAIMS = ["building_id", "area_id", "compound_id", "entry_id", "method", "confidence"]

#: The stronger right first. A person's word on one building beats everything; a compound has its manager whatever
#: an address run says, but a register that names the building, or a line a person drew, knows better.
RIGHTS = ("decision", "building_id", "boundary", "compound", "address", "point")


def match(
    buildings: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    decisions: pd.DataFrame,
    compounds: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    rules: MatchRules,
    group_rules: GroupRules,
) -> pd.DataFrame:
    """MATCHED: the residential buildings that the register, a boundary, a compound or a decision places.

    All geometry in the district's CRS (metres). An entry or a decision for an area that is neither registered nor
    drawn is left out: the check stage names it. A building that two areas claim with equal right is `contested`: it
    goes to the surer claim, then to the area whose own buildings are nearer, and the other is the runner-up. A
    decision for area `none` is kept as an uncovered building.
    """
    homes = buildings[buildings["use"].eq("residential")].reset_index(drop=True)
    areas = {*register["area_id"], *boundaries["area_id"]}
    entries = entries[entries["area_id"].isin(areas)].reset_index(drop=True)
    decisions = decisions[decisions["area_id"].isin(areas | {"none"})]
    claims = pd.concat(
        [
            _by_decision(homes, decisions),
            _by_building_id(homes, entries),
            _by_polygon(homes, boundaries, "area_id", "boundary"),
            _by_polygon(homes, compounds, "compound_id", "compound"),
            _by_address(homes, entries, register, rules),
        ],
        ignore_index=True,
    )
    claims = pd.concat([claims, _by_point(homes, entries, claims, barriers, rules, group_rules)], ignore_index=True)
    return _settle(claims, homes)


def _claims(method: str, **columns: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(columns).assign(method=method).reindex(columns=CLAIMS)


def _by_decision(homes: gpd.GeoDataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    known = decisions[decisions["building_id"].isin(homes["building_id"])]
    return _claims("decision", building_id=known["building_id"], area_id=known["area_id"]).assign(confidence=1.0)


def _by_building_id(homes: gpd.GeoDataFrame, entries: gpd.GeoDataFrame) -> pd.DataFrame:
    listed = pd.DataFrame(entries[["entry_id", "area_id", "building_ids"]]).dropna(subset="building_ids")
    listed = listed.assign(building_id=listed["building_ids"].str.split(LIST_SEPARATORS, regex=True)).explode("building_id")
    known = listed[listed["building_id"].isin(homes["building_id"])]
    return _claims("building_id", building_id=known["building_id"], area_id=known["area_id"], entry_id=known["entry_id"]).assign(
        confidence=1.0
    )


def _by_polygon(homes: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame, key: str, method: str) -> pd.DataFrame:
    """Footprints at least half inside; the share inside is how sure that is."""
    footprints, shapes = homes.geometry.to_numpy(), polygons.geometry.to_numpy()
    home, polygon = shapely.STRtree(shapes).query(footprints, predicate="intersects")
    share = shapely.area(shapely.intersection(footprints[home], shapes[polygon])) / shapely.area(footprints[home])
    inside = share >= 0.5
    names = {"building_id": homes["building_id"].iloc[home[inside]].reset_index(drop=True)}
    names[key] = polygons[key].iloc[polygon[inside]].reset_index(drop=True)
    return _claims(method, **names).assign(confidence=np.round(share[inside], 3))


def _by_address(homes: gpd.GeoDataFrame, entries: gpd.GeoDataFrame, register: gpd.GeoDataFrame, rules: MatchRules) -> pd.DataFrame:
    """Door numbers inside a run of the entry's address, odd or even as it says, in the area's own subdistrict."""
    runs = parse_runs(entries["address"])
    office = pd.Series(register["subdistrict_code"].to_numpy(), index=register["area_id"])
    entry = pd.DataFrame(entries[["entry_id", "area_id"]]).iloc[runs["row"].to_numpy()].reset_index(drop=True)
    runs = pd.concat([runs.reset_index(drop=True), entry, entry["area_id"].map(office).rename("office")], axis=1)
    doors = pd.DataFrame(homes[["building_id", "road", "door_number", "subdistrict_code"]]).dropna(subset=["road", "door_number"])
    pairs = runs.merge(doors, on="road")
    number = pairs["door_number"].astype("int64")
    fits = number.between(pairs["first"], pairs["last"])
    parity = pairs["parity"].map({"odd": 1, "even": 0})
    fits &= parity.isna() | parity.eq(number % 2)
    fits &= pairs["office"].isna() | pairs["subdistrict_code"].isna() | pairs["office"].eq(pairs["subdistrict_code"])
    found = pairs[fits].drop_duplicates(["building_id", "entry_id"])
    names = {name: found[name] for name in ("building_id", "area_id", "entry_id")}
    return _claims("address", **names).assign(confidence=rules.address_confidence)


def _by_point(
    homes: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    claims: pd.DataFrame,
    barriers: gpd.GeoDataFrame,
    rules: MatchRules,
    group_rules: GroupRules,
) -> pd.DataFrame:
    """Entries that nothing else found: each grows from its point over free buildings up to its declared count.

    An entry with no count takes the one building at its point. Growth follows the neighbour graph, so each entry's
    buildings are connected, and crosses barriers at the cost that grouping gives them.
    """
    placed = ~(entries.geometry.isna() | entries.geometry.is_empty)
    seeds = entries[placed & ~entries["entry_id"].isin(claims["entry_id"])].reset_index(drop=True)
    if seeds.empty:
        return _claims("point")
    footprints = homes.geometry.to_numpy()
    near = links(homes, barriers, group_rules, reach=group_rules.reach_m)
    open_ = ~near.hard
    points = seeds.geometry.to_numpy()
    seed, home = shapely.STRtree(footprints).query(points, predicate="dwithin", distance=rules.point_reach_m)
    start = shapely.distance(points[seed], footprints[home])
    owner, reached, second = grow(
        len(homes),
        near.a[open_],
        near.b[open_],
        near.cost_m[open_],
        starts=(seed, home, start),
        capacity=seeds["n_buildings"].fillna(1).clip(lower=0).astype(int).to_numpy(),
        free=~homes["building_id"].isin(claims["building_id"]).to_numpy(),
        limit=rules.point_reach_m,
    )
    found = owner != NOBODY
    sure = rules.point_confidence * (1 - 0.5 * reached[found] / rules.point_reach_m) * np.where(second[found] == NOBODY, 1.0, 0.75)
    return _claims(
        "point",
        building_id=homes["building_id"][found].reset_index(drop=True),
        area_id=seeds["area_id"].iloc[owner[found]].reset_index(drop=True),
        entry_id=seeds["entry_id"].iloc[owner[found]].reset_index(drop=True),
    ).assign(confidence=np.round(sure, 3))


def _settle(claims: pd.DataFrame, homes: gpd.GeoDataFrame) -> pd.DataFrame:
    """One row a building: the strongest claim wins, the best one of another holder is the runner-up."""
    claims = claims.assign(
        right=claims["method"].map({name: rank for rank, name in enumerate(RIGHTS)}),
        holder=claims["area_id"].fillna(claims["compound_id"]),
    )
    claims["metres"] = _to_own(claims, homes)
    order = ["building_id", "right", "confidence", "metres", "holder", "entry_id"]
    ranked = claims.sort_values(order, ascending=[name != "confidence" for name in order])
    # A boundary may be the stronger right, but the entry that names the building is found all the same.
    ranked["entry_id"] = ranked.groupby(["building_id", "holder"])["entry_id"].transform("first")
    ranked = ranked.drop_duplicates(["building_id", "holder"])
    best = ranked.drop_duplicates("building_id")
    rest = ranked[~ranked.index.isin(best.index) & ranked["area_id"].notna()].drop_duplicates("building_id")
    out = best.merge(rest[["building_id", "area_id", "confidence", "right"]], on="building_id", how="left", suffixes=("", "_second"))
    out = out.merge(pd.DataFrame(homes[["building_id", "subdistrict_code"]]), on="building_id")
    none = out["area_id"].eq("none").fillna(False)
    return conform(
        out.assign(
            area_id=out["area_id"].mask(none),
            gap=pd.Series("uncovered_building", index=out.index, dtype="str").where(none),
            runner_up_area_id=out["area_id_second"],
            runner_up_confidence=out["confidence_second"],
            contested=out["right"].eq(out["right_second"]) & out["area_id"].notna(),
        ),
        MATCHED,
    )


def _to_own(claims: pd.DataFrame, homes: gpd.GeoDataFrame) -> pd.Series:
    """Metres from a building that several holders claim to the nearest that only the claiming one does; else 0."""
    several = claims.groupby("building_id")["holder"].transform("nunique").gt(1)
    own = claims.loc[~several, ["building_id", "holder"]]
    pairs = claims.loc[several, ["building_id", "holder"]].reset_index(names="claim").merge(own, on="holder", suffixes=("", "_own"))
    shape = homes.set_index("building_id").geometry
    metres = shapely.distance(shape.loc[pairs["building_id"]].to_numpy(), shape.loc[pairs["building_id_own"]].to_numpy())
    nearest = pd.Series(metres, index=pairs["claim"], dtype="float64").groupby(level=0).min()
    return nearest.reindex(claims.index).fillna(several.map({True: np.inf, False: 0.0}))
