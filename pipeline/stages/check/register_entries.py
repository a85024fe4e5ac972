"""What the register's entries, and other inputs about areas, say against what there is."""

from __future__ import annotations

import json
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from pipeline.stages.check.rows import Row, named, row
from pipeline.tables import ADDRESS_DOUBTS, LIST_SEPARATORS


def entries_known(
    entries: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
) -> list[Row]:
    """Entries name areas that are registered or drawn, and buildings that are there.

    Parameters
    ----------
    entries, register, boundaries, buildings : GeoDataFrame
        Tables of those schemas.

    Returns
    -------
    list of Row
        Two warnings, or passes.
    """
    known = [*register["area_id"], *boundaries["area_id"]]
    listed = entries["building_ids"].dropna().str.split(LIST_SEPARATORS, regex=True).explode()
    listed, ids = listed[listed.ne("")], buildings["building_id"].tolist()
    return [
        named(
            "entries_of_known_areas",
            entries["area_id"][~entries["area_id"].isin(known)],
            known,
            "correct the area_id",
            "warn",
        ),
        named(
            "entries_on_known_buildings",
            listed[~listed.isin(buildings["building_id"])],
            ids,
            "correct the building_ids",
            "warn",
        ),
    ]


def areas_named(of_areas: Mapping[str, pd.DataFrame], areas: gpd.GeoDataFrame) -> list[Row]:
    """Inputs with rows about areas that are not there: they say nothing of any area.

    Parameters
    ----------
    of_areas : mapping of str to DataFrame
        Inputs by name, with area_id.
    areas : GeoDataFrame
        AREAS.

    Returns
    -------
    list of Row
        One an input.
    """
    known = areas["area_id"].tolist()
    return [
        named(
            f"{name}_of_known_areas",
            table["area_id"][~table["area_id"].isin(known)],
            known,
            "correct the area_id",
            "warn",
        )
        for name, table in of_areas.items()
    ]


def entries_overruled(entries: gpd.GeoDataFrame, matched: pd.DataFrame, membership: pd.DataFrame) -> Row:
    """Entries that lead to buildings, all of which another area or a compound holds with a better right.

    Parameters
    ----------
    entries : GeoDataFrame
        ENTRIES.
    matched : DataFrame
        MATCHED; named_by: the entries that lead to a building, as JSON.
    membership : DataFrame
        MEMBERSHIP.

    Returns
    -------
    Row
        A warning: it is no gap, but worth a look.
    """
    holder = (
        membership.set_index("building_id")["area_id"].reindex(matched["building_id"]).fillna("").to_numpy()
    )
    led = [
        (entry, now)
        for listed, now in zip(matched["named_by"].fillna("[]"), holder, strict=True)
        for entry in json.loads(listed)
    ]
    area = dict(zip(entries["entry_id"], entries["area_id"], strict=True))
    own = {entry for entry, now in led if now == area.get(entry)}
    lost = pd.Series([entry for entry, _ in led if entry not in own], dtype="str")
    remedy = (
        "look at the buildings it leads to: another area or a compound has them all; correct the entry, or"
        " decide"
    )
    return named("entries_overruled", lost, [], remedy, "warn")


def addresses_read(addresses: pd.DataFrame) -> list[Row]:
    """Entries with an address, or a piece of one, that was read loosely or not at all.

    Parameters
    ----------
    addresses : DataFrame
        ADDRESSES.

    Returns
    -------
    list of Row
        One row for those read loosely and one for those not read, each with the first five and what it is
        about.
    """
    rows = []
    doubts = addresses[addresses["doubt"].notna()]
    alike = doubts["read_as"] + " (" + doubts["likeness"].map("{:.2f}".format).astype("str") + ")"
    loose = doubts["doubt"].eq("loose")
    said = (
        doubts["piece"].str.slice(0, 40)
        + ": "
        + doubts["doubt"].map(ADDRESS_DOUBTS).astype("str")
        + (", perhaps " + alike).fillna("")
    )
    said = said.mask(loose, doubts["piece"].str.slice(0, 40) + " read as " + alike)
    for name, chosen, remedy in (
        ("addresses_read_loosely", loose, "look at them, and correct the address or give building_ids"),
        (
            "addresses_unread",
            ~loose,
            "correct the address, or give road and door_number, building_ids or a point (docs/addresses.md)",
        ),
    ):
        entries = doubts["entry_id"][chosen].nunique()
        first = "; ".join((doubts["entry_id"] + " " + said)[chosen].drop_duplicates().head(5))
        rows.append(row(name, not entries, f"{entries} entries", "0", f"{first}: {remedy}", "warn"))
    return rows
