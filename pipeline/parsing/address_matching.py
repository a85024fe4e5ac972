"""Which buildings the addresses of register entries name, and what could not be read or only loosely."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import MatchRules
from pipeline.geometry.arrays import Floats, Mask
from pipeline.parsing.addresses import LARGEST_DOOR, read_pieces
from pipeline.parsing.door_columns import read_columns
from pipeline.parsing.road_names import REWORDED, read_roads, road_keys

#: Names that a whole estate or lane goes by; a road without a number names no building.
WHOLE = r"(?:小区|新村|家园|花园|公寓|山庄|大院|新居|苑|园|坊|里|城|大厦|\d弄)$"
#: A road that is only alike is taken when its doors are as many as the entry declares, and at least so many.
TELLING_COUNT = 3
NUMBER_ONLY = 0.95
"""Likeness of number 12 itself as a reading of 12-1, where no building is known as 12-1."""
#: A building known by a run of more doors than this is known by the two at its ends.
LONGEST_RUN = 400
DOOR_COLUMNS = ["home", "key", "first", "last", "sub", "house", "own", "said"]


class Doors(NamedTuple):
    """What `find_doors` finds, and what it can't."""

    found: pd.DataFrame
    """entry_id, building_id, likeness (1: the road is named as it is; else how like the name it was read as),
    exact (flag: the address names that very door, and not the number that it is within, or a door within its
    number)."""
    doubts: pd.DataFrame
    """One row a piece of an address: entry_id, piece, doubt (ADDRESS_DOUBTS), read_as (none: nothing
    like it), likeness.
    """


def find_doors(
    buildings: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    rules: MatchRules,
) -> Doors:
    """Residential buildings with a door that an entry's address names, in the subdistrict of its area.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS.
    entries : GeoDataFrame
        ENTRIES.
    register : GeoDataFrame
        REGISTER: the subdistricts of the areas.
    barriers : GeoDataFrame
        BARRIERS: names of roads.
    rules : MatchRules
        road_likeness_min: less like names are not read; road_likeness_margin: as `read_roads` has it.

    Returns
    -------
    Doors

    Notes
    -----
    A door is named that lies inside a run of the address. A building's doors are its road and door number and
    what its address and its name say (胜利小区3号楼). An entry that has a road and a door number in columns
    of their own is known by these, in any script, and only by roads of that very name; other roads are read
    against those of the buildings and of the barriers, in three degrees: the same name; behind other words or
    with another word for street; a letter off. The last two are loose: they never take a building that an
    address names outright, nor what contradicts the number of buildings that the entry declares, and a letter
    off only where it confirms it.
    """
    in_columns = (entries["road"].notna() & entries["door_number"].notna()).reset_index(drop=True)
    if not (in_columns | entries["address"].notna().to_numpy()).any():
        found = _no_rows("entry_id", "building_id").assign(exact=pd.Series(dtype="bool"))
        return Doors(found, _no_rows("entry_id", "piece", "doubt", "read_as"))
    homes = buildings[buildings["use"].eq("residential")].reset_index(drop=True)
    doors = _doors(homes)
    address, road, number = (
        entries[name].reset_index(drop=True) for name in ("address", "road", "door_number")
    )
    pieces = pd.concat([read_pieces(address.mask(in_columns)), read_columns(road, number)], ignore_index=True)
    pieces["row"] = pieces["row"].astype("int64")
    pieces["key"] = road_keys(pieces["road"])
    named = pieces["unread"].isna() | (pieces["unread"].eq("no_number") & pieces["key"].notna())
    streets = road_keys(barriers["name"].dropna())
    known = pd.concat([doors["key"], streets]).drop_duplicates().dropna()
    as_it_is = pieces["row"].map(in_columns) & ~pieces["key"].isin(known)
    read = pieces["key"].where(named & ~as_it_is)
    reading = read_roads(read.dropna().drop_duplicates(), known, margin=rules.road_likeness_margin).set_index(
        "name"
    )
    pieces["read_as"] = read.map(reading["read_as"]).astype("str")
    pieces["likeness"] = read.map(reading["likeness"]).astype("float64")
    whole = (
        pieces["unread"].eq("no_number")
        & pieces["read_as"].str.contains(WHOLE, regex=True, na=False)
        & pieces["likeness"].eq(1.0)
    )
    pieces["first"], pieces["last"] = pieces["first"].mask(whole, 0), pieces["last"].mask(whole, LARGEST_DOOR)
    pieces["unread"] = pieces["unread"].mask(whole)
    office = (
        entries["area_id"]
        .map(pd.Series(register["subdistrict_code"].to_numpy(), index=register["area_id"]))
        .to_numpy()
    )
    pairs = _pairs(pieces, doors, office, homes["subdistrict_code"].to_numpy())
    pairs = pairs[pairs["likeness"] >= rules.road_likeness_min]
    pairs = pairs.sort_values(["likeness", "exact"], ascending=False, kind="stable").drop_duplicates(
        ["row", "home"]
    )
    pairs = _plausible(
        pairs, pd.to_numeric(entries["n_buildings"], errors="coerce").astype("float64").to_numpy()
    )
    ids = entries["entry_id"].reset_index(drop=True)
    found = pd.DataFrame(
        {
            "entry_id": ids.iloc[pairs["row"]].to_numpy(),
            "building_id": homes["building_id"].iloc[pairs["home"]].to_numpy(),
            "likeness": pairs["likeness"].to_numpy(),
            "exact": pairs["exact"].to_numpy(),
        }
    )
    return Doors(found, _doubts(pieces, pairs, ids, entries["building_ids"].isna().to_numpy()))


def _no_rows(*texts: str) -> pd.DataFrame:
    dtypes = dict.fromkeys(texts, "str") | {"likeness": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


def _doors(homes: gpd.GeoDataFrame) -> pd.DataFrame:
    """DOOR_COLUMNS of everything that says where a home (position) is; an estate without a number has 0.

    sub, house, own: as `read_pieces` has them; said: by an address or a suffix, so that where there is none
    there is none.
    """
    said = []
    for column in ("address", "name"):
        pieces = read_pieces(homes[column])
        pieces = pieces[pieces["unread"].isna() | pieces["unread"].eq("no_number")].rename(
            columns={"row": "home"}
        )
        pieces["key"] = road_keys(pieces["road"])
        pieces[["first", "last"]] = pieces[["first", "last"]].where(pieces["unread"].isna(), 0)
        estate = pieces["key"].str.contains(WHOLE, regex=True, na=False)
        said.append(pieces[estate | (pieces["unread"].isna() & (column == "address"))])
    plain = pd.DataFrame({"home": homes.index, "road": homes["road"], "first": homes["door_number"]}).dropna()
    behind = homes["door_suffix"].reindex(plain.index)
    pieces = read_columns(plain["road"][behind.notna()], plain["first"].astype("str") + behind)
    said.append(
        pieces[pieces["unread"].isna()].rename(columns={"row": "home"}).assign(key=road_keys(pieces["road"]))
    )
    plain = plain[behind.isna()]
    plain = plain.assign(
        last=plain["first"], parity="all", own=False, said=False, key=road_keys(plain["road"])
    )
    known = pd.concat(said, ignore_index=True).assign(said=True)
    # the address knows what is within the number; the column of numbers does not
    place = ["home", "key", "first"]
    plain = plain[
        ~pd.MultiIndex.from_frame(plain[place].astype(object)).isin(
            pd.MultiIndex.from_frame(known[place].astype(object))
        )
    ]
    doors = _one_by_one(pd.concat([known, plain], ignore_index=True).dropna(subset="key"))
    doors = doors.reindex(columns=DOOR_COLUMNS).astype(
        {"sub": "str", "house": "str", "own": "bool", "said": "bool"}
    )
    doors[["home", "first", "last"]] = doors[["home", "first", "last"]].astype("int64")
    return doors.drop_duplicates(ignore_index=True)


def _one_by_one(doors: pd.DataFrame) -> pd.DataFrame:
    """A row for each number of a run. Where both ends are odd, or even, whether the others are in it is not
    known, unless it is said.
    """
    first, last = (doors[name].to_numpy(dtype=np.int64) for name in ("first", "last"))
    step = np.where((doors["parity"].to_numpy() == "all") & ((last - first) % 2 == 1), 1, 2)
    side = doors["parity"].map({"odd": 1, "even": 0}).to_numpy(np.float64)
    first = first + (~np.isnan(side) & (first % 2 != side))
    long = last - first > LONGEST_RUN
    step = np.where(long, np.maximum(last - first, 1), step)
    count = np.maximum((last - first) // step + 1, 1)
    row = np.repeat(np.arange(len(doors)), count)
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    out = doors.iloc[row].reset_index(drop=True)
    out["first"] = first[row] + nth * step[row]
    return out.assign(last=out["first"])


def _pairs(
    pieces: pd.DataFrame, doors: pd.DataFrame, office: NDArray[np.object_], standing: NDArray[np.object_]
) -> pd.DataFrame:
    """piece (label), row (of the entry), home, likeness, exact: each run with each door in it, by a search in
    the sorted doors.

    office: subdistrict of each entry's area; standing: of each home; null: not known.
    """
    runs = pieces[pieces["unread"].isna() & pieces["read_as"].notna()]
    roads = pd.Index(doors["key"].unique())
    doors = doors[doors["first"] <= LARGEST_DOOR]
    place = roads.get_indexer(doors["key"]) * (LARGEST_DOOR + 1) + doors["first"].to_numpy()
    order = np.argsort(place, kind="stable")
    place = place[order]
    road = roads.get_indexer(runs["read_as"])
    runs, road = runs[road >= 0], road[road >= 0] * (LARGEST_DOOR + 1)
    first = np.searchsorted(place, road + runs["first"].to_numpy("int64"), "left")
    count = np.searchsorted(place, road + runs["last"].to_numpy("int64"), "right") - first
    run = np.repeat(np.arange(len(runs)), count)
    door = order[
        np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    ]
    runs, doors = runs.iloc[run], doors.iloc[door]
    side = runs["parity"].map({"odd": 1, "even": 0}).to_numpy(np.float64)
    same, exact = _compared(runs, doors)
    here, there = office[runs["row"].to_numpy(np.int64)], standing[doors["home"].to_numpy(np.int64)]
    fits = (
        same
        & (np.isnan(side) | (side == doors["first"].to_numpy() % 2))
        & (pd.isna(here) | pd.isna(there) | (here == there))
    )
    columns = {
        "piece": runs.index,
        "row": runs["row"].to_numpy(),
        "home": doors["home"].to_numpy(),
        "likeness": runs["likeness"].to_numpy(),
    }
    # number 12 itself may be meant by 12-1, but only where no building is known as 12-1
    number = ~exact & doors["said"].to_numpy() & runs[["sub", "house"]].notna().any(axis=1).to_numpy()
    pairs = pd.DataFrame({**columns, "exact": exact, "number": number})[fits]
    pairs["likeness"] = pairs["likeness"].mask(pairs["number"], pairs["likeness"] * NUMBER_ONLY)
    return pairs[~pairs["number"] | ~pairs["piece"].map(pairs.groupby("piece")["exact"].any())]


def _compared(runs: pd.DataFrame, doors: pd.DataFrame) -> tuple[Mask, Mask]:
    """Masks of the pairs that can be the same door, and of those that are named the same."""
    (sub, house, own), (sub_, house_, own_) = (
        [side[name].to_numpy() for name in ("sub", "house", "own")] for side in (runs, doors)
    )
    none, none_, no_house, no_house_ = pd.isna(sub), pd.isna(sub_), pd.isna(house), pd.isna(house_)
    # 12号A座 is 12号A; but 12号1栋 is not 12-1号
    tower = _letters(house, sub_) | _letters(house_, sub)
    doors_alike = (none & none_) | _equal(sub, sub_) | tower
    houses_alike = (no_house & no_house_) | _equal(house, house_) | tower
    # what is a number's own is none of its other doors; the number alone is all of them
    fits = doors_alike | (none & ~own) | (none_ & ~own_)
    return fits & (houses_alike | no_house | no_house_), doors_alike & houses_alike


def _equal(left: NDArray[np.object_], right: NDArray[np.object_]) -> Mask:
    return np.asarray(np.asarray(left == right) & ~pd.isna(left) & ~pd.isna(right))


def _letters(house: NDArray[np.object_], sub: NDArray[np.object_]) -> Mask:
    decimal = pd.Series(sub).str.isdecimal().fillna(value=False).to_numpy(dtype=bool)
    return np.asarray(_equal(house, sub) & ~decimal)


def _plausible(pairs: pd.DataFrame, declared: Floats) -> pd.DataFrame:
    """The pairs named outright, and those of loose readings that the notes of `find_doors` admit.

    declared: number of buildings of each entry; nan: not known.
    """
    outright = pairs["likeness"].eq(1.0)
    taken = pairs["home"][outright].unique()
    loose = pairs[~outright]
    size = pairs.groupby("row")["home"].nunique()
    counted, said = loose["row"].map(size), pd.Series(declared[loose["row"]], index=loose.index)
    agrees = said.isna() | counted.between(said / 2, said * 2)
    confirmed = counted.eq(said) & counted.ge(TELLING_COUNT)
    free = ~loose["home"].isin(taken)
    return pd.concat([pairs[outright], loose[free & (agrees & loose["likeness"].ge(REWORDED) | confirmed)]])


def _doubts(pieces: pd.DataFrame, pairs: pd.DataFrame, ids: pd.Series, asked: Mask) -> pd.DataFrame:
    """`Doors.doubts`, of the entries that are asked for."""
    used = pieces.index.isin(pairs["piece"])
    number = pieces.index.isin(pairs["piece"][pairs["number"]])
    read_as = (pieces["read_as"] + pieces["first"].astype("str") + "号").where(number, pieces["read_as"])
    pieces = pieces.assign(
        read_as=read_as, likeness=pieces["likeness"].mask(number, pieces["likeness"] * NUMBER_ONLY)
    )
    why = pieces["unread"].mask(used & pieces["likeness"].lt(1.0), "loose")
    lost = ~used & why.isna()
    why = why.mask(lost, "no_such_door").mask(lost & pieces["likeness"].ne(1.0), "unknown_road")
    out = pieces.assign(entry_id=ids.iloc[pieces["row"]].to_numpy(), doubt=why)[asked[pieces["row"]]].dropna(
        subset="doubt"
    )
    out["read_as"] = out["read_as"].where(out["likeness"].lt(1.0))
    return out[["entry_id", "piece", "doubt", "read_as", "likeness"]].sort_values(
        ["entry_id", "piece"], ignore_index=True
    )
