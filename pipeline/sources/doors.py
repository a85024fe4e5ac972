"""Which buildings the addresses of register entries name, and what could not be read or only loosely."""

from __future__ import annotations

from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import MatchRules
from pipeline.sources.addresses import LARGEST_DOOR, read_pieces
from pipeline.sources.roads import REWORDED, read_roads, road_keys

#: Names that a whole estate or lane goes by; a road without a number names no building.
WHOLE = r"(?:小区|新村|家园|花园|公寓|山庄|大院|新居|苑|园|坊|里|城|大厦|\d弄)$"
#: A road that is only alike is believed when its doors are as many as the entry declares, and at least so many.
TELLING_COUNT = 3


#: Why a piece of an address leads to no building.
UNREAD = {
    "crossing": "roads that meet or bound, no door",
    "near": "near something, no door",
    "no_number": "no door number",
    "no_road": "no road",
    "unknown_road": "no such road",
    "no_such_door": "no building with that door",
}


class Doors(NamedTuple):
    """What `find_doors` finds."""

    found: pd.DataFrame
    """entry_id, building_id, likeness (1: the road is named as it is; else how like the name it was read as)."""
    doubts: pd.DataFrame
    """One row a piece of an address: entry_id, piece, why (loose, or one of UNREAD), read_as (none: nothing like it), likeness."""


def find_doors(
    buildings: gpd.GeoDataFrame, entries: gpd.GeoDataFrame, register: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, *, rules: MatchRules
) -> Doors:
    """Residential buildings with a door inside a run of an entry's address, in the subdistrict of the entry's area.

    A building's doors are its road and door number and what its address and its name say (胜利小区3号楼). Roads are read
    against those of the buildings and of the barriers, in three degrees: the same name; behind other words or with another
    word for street; a letter off. The last two are loose: they never take a building that an address names outright,
    nor what contradicts the number of buildings that the entry declares, and a letter off only where it confirms it.
    """
    if entries["address"].isna().all():
        return Doors(_no_rows("entry_id", "building_id"), _no_rows("entry_id", "piece", "why", "read_as"))
    homes = buildings[buildings["use"].eq("residential")].reset_index(drop=True)
    doors = _doors(homes)
    pieces = read_pieces(entries["address"].reset_index(drop=True))
    pieces["row"] = pieces["row"].astype("int64")
    pieces["key"] = road_keys(pieces["road"])
    named = pieces["unread"].isna() | (pieces["unread"].eq("no_number") & pieces["key"].notna())
    streets = road_keys(barriers["name"].dropna())
    known = pd.concat([doors["key"], streets]).drop_duplicates().dropna()
    reading = read_roads(pieces["key"][named].drop_duplicates(), known, margin=rules.road_likeness_margin).set_index("name")
    pieces["read_as"] = pieces["key"].where(named).map(reading["read_as"]).astype("str")
    pieces["likeness"] = pieces["key"].where(named).map(reading["likeness"]).astype("float64")
    whole = pieces["unread"].eq("no_number") & pieces["read_as"].str.contains(WHOLE, regex=True, na=False) & pieces["likeness"].eq(1.0)
    pieces["first"], pieces["last"] = pieces["first"].mask(whole, 0), pieces["last"].mask(whole, LARGEST_DOOR)
    pieces["unread"] = pieces["unread"].mask(whole)
    office = entries["area_id"].map(pd.Series(register["subdistrict_code"].to_numpy(), index=register["area_id"])).to_numpy()
    pairs = _pairs(pieces, doors, office, homes["subdistrict_code"].to_numpy())
    pairs = pairs[pairs["likeness"] >= rules.road_likeness_min]
    pairs = pairs.sort_values("likeness", ascending=False, kind="stable").drop_duplicates(["row", "home"])
    pairs = _believed(pairs, pd.to_numeric(entries["n_buildings"], errors="coerce").astype("float64").to_numpy())
    ids = entries["entry_id"].reset_index(drop=True)
    found = pd.DataFrame(
        {
            "entry_id": ids.iloc[pairs["row"]].to_numpy(),
            "building_id": homes["building_id"].iloc[pairs["home"]].to_numpy(),
            "likeness": pairs["likeness"].to_numpy(),
        }
    )
    return Doors(found, _doubts(pieces, pairs, ids, entries["building_ids"].isna().to_numpy()))


def _no_rows(*texts: str) -> pd.DataFrame:
    dtypes = dict.fromkeys(texts, "str") | {"likeness": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


def _doors(homes: gpd.GeoDataFrame) -> pd.DataFrame:
    """home (position), key, first, last, sub, of everything that says where a home is; an estate without a number has 0."""
    given = pd.DataFrame({"home": homes.index, "key": road_keys(homes["road"]), "first": homes["door_number"]}).dropna()
    given["last"] = given["first"]
    said = []
    for column in ("address", "name"):
        pieces = read_pieces(homes[column])
        pieces = pieces[pieces["unread"].isna() | pieces["unread"].eq("no_number")].rename(columns={"row": "home"})
        pieces["key"] = road_keys(pieces["road"])
        pieces[["first", "last"]] = pieces[["first", "last"]].where(pieces["unread"].isna(), 0)
        estate = pieces["key"].str.contains(WHOLE, regex=True, na=False)
        said.append(pieces.loc[estate | (pieces["unread"].isna() & (column == "address")), ["home", "key", "first", "last", "sub"]])
    doors = pd.concat([*said, given.assign(sub=pd.Series(None, index=given.index, dtype="str"))], ignore_index=True)
    doors[["home", "first", "last"]] = doors[["home", "first", "last"]].astype("int64")
    # the address knows what is within the number; the column of numbers does not
    return doors.drop_duplicates(["home", "key", "first"], ignore_index=True)


def _pairs(pieces: pd.DataFrame, doors: pd.DataFrame, office: Any, standing: Any) -> pd.DataFrame:
    """piece (label), row (of the entry), home, likeness: each run with each door in it, by a search in the sorted doors."""
    runs = pieces[pieces["unread"].isna() & pieces["read_as"].notna()]
    ends = pd.concat([doors, doors[doors["last"] != doors["first"]].assign(first=doors["last"])], ignore_index=True)
    roads = pd.Index(ends["key"].unique())
    ends = ends[ends["first"] <= LARGEST_DOOR]
    place = roads.get_indexer(ends["key"]) * (LARGEST_DOOR + 1) + ends["first"].to_numpy()
    order = np.argsort(place, kind="stable")
    place = place[order]
    road = roads.get_indexer(runs["read_as"])
    runs, road = runs[road >= 0], road[road >= 0] * (LARGEST_DOOR + 1)
    first = np.searchsorted(place, road + runs["first"].to_numpy("int64"), "left")
    count = np.searchsorted(place, road + runs["last"].to_numpy("int64"), "right") - first
    run = np.repeat(np.arange(len(runs)), count)
    door = order[np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)]
    runs, ends = runs.iloc[run], ends.iloc[door]
    side = runs["parity"].map({"odd": 1, "even": 0}).to_numpy(np.float64)
    fits = np.isnan(side) | (side == ends["first"].to_numpy() % 2)
    within, sub = runs["sub"].to_numpy(), ends["sub"].to_numpy()
    fits &= pd.isna(within) | pd.isna(sub) | (within == sub)
    here, there = office[runs["row"].to_numpy(np.int64)], standing[ends["home"].to_numpy(np.int64)]
    fits &= pd.isna(here) | pd.isna(there) | (here == there)
    columns = {"piece": runs.index, "row": runs["row"].to_numpy(), "home": ends["home"].to_numpy(), "likeness": runs["likeness"].to_numpy()}
    return pd.DataFrame(columns)[np.asarray(fits, dtype=bool)]


def _believed(pairs: pd.DataFrame, declared: Any) -> pd.DataFrame:
    outright = pairs["likeness"].eq(1.0)
    taken = pairs["home"][outright].unique()
    loose = pairs[~outright]
    size = pairs.groupby("row")["home"].nunique()
    counted, said = loose["row"].map(size), pd.Series(declared[loose["row"]], index=loose.index)
    agrees = said.isna() | counted.between(said / 2, said * 2)
    confirmed = counted.eq(said) & counted.ge(TELLING_COUNT)
    free = ~loose["home"].isin(taken)
    return pd.concat([pairs[outright], loose[free & (agrees & loose["likeness"].ge(REWORDED) | confirmed)]])


def _doubts(pieces: pd.DataFrame, pairs: pd.DataFrame, ids: pd.Series, asked: Any) -> pd.DataFrame:
    used = pieces.index.isin(pairs["piece"])
    why = pieces["unread"].mask(used & pieces["likeness"].lt(1.0), "loose")
    lost = ~used & why.isna()
    why = why.mask(lost, "no_such_door").mask(lost & pieces["likeness"].ne(1.0), "unknown_road")
    out = pieces.assign(entry_id=ids.iloc[pieces["row"]].to_numpy(), why=why)[asked[pieces["row"]]].dropna(subset="why")
    out["read_as"] = out["read_as"].where(out["likeness"].lt(1.0))
    return out[["entry_id", "piece", "why", "read_as", "likeness"]].sort_values(["entry_id", "piece"], ignore_index=True)
