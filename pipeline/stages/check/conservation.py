"""Nothing is lost and nothing is there twice: rows, buildings, areas."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import pandas as pd

from pipeline.raw import intake_log
from pipeline.stages.check.rows import Row, few, row


def rows_conserved(intakes: pd.DataFrame, rejects: pd.DataFrame) -> list[Row]:
    """Of each entry, rows read = taken + merged + rejected + not meant; and whether any was rejected.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.
    rejects : DataFrame
        REJECTS of all inputs.

    Returns
    -------
    list of Row
        One an entry, and a warning for each with rejected rows.
    """
    rows, had = [], Counter[tuple[str, str, str]]()
    for file in intakes.itertuples():
        own = file.rows_taken + file.rows_merged + file.rows_rejected
        listed = int((intake_log.of_entry(rejects, file) & rejects["input"].eq(file.input)).sum())
        parts = (
            f"{file.rows_taken} taken, {file.rows_merged} merged, {file.rows_rejected} rejected,"
            f" {file.rows_not_meant} not meant"
        )
        parts += f" ({file.rows_before} of them an earlier entry's)" if file.rows_before else ""
        name = f"rows_conserved:{file.input}:{file.title}"
        # No more rows can be an earlier entry's than earlier entries for the same layer have.
        layer = (file.input, file.file, "" if pd.isna(file.layer) else file.layer)
        ok = own + file.rows_not_meant == file.rows_read and listed == file.rows_rejected + file.rows_merged
        ok &= file.rows_before <= had[layer] <= file.rows_read - own
        had[layer] += own
        rows.append(
            row(
                name,
                ok,
                f"{parts}; {listed} in rejects",
                f"{file.rows_read} read",
                "rows were lost: report this as a defect",
            )
        )
        if ok and file.rows_rejected:
            rows.append(
                row(
                    f"rows_rejected:{file.input}:{file.title}",
                    False,
                    f"{file.rows_rejected}",
                    "0",
                    "see rejects.csv",
                    otherwise="warn",
                )
            )
    return rows


def buildings_conserved(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> Row:
    """Each residential building is in the membership, once, and nothing else is.

    Parameters
    ----------
    buildings : GeoDataFrame
        BUILDINGS.
    membership : DataFrame
        MEMBERSHIP.

    Returns
    -------
    Row
    """
    residential = set(buildings["building_id"][buildings["use"].eq("residential")])
    placed = set(membership["building_id"])
    lost, added = len(residential - placed), len(placed - residential)
    doubled = len(membership) - len(placed)
    measured = f"{lost} lost, {added} too many, {doubled} doubled"
    return row(
        "buildings_conserved",
        not (lost or added or doubled),
        measured,
        f"each of {len(residential)} residential buildings once",
    )


def one_holder(membership: pd.DataFrame) -> Row:
    """Each building has one of: an area, a compound, a gap reason.

    Parameters
    ----------
    membership : DataFrame
        MEMBERSHIP.

    Returns
    -------
    Row
    """
    holders = membership[["area_id", "compound_id", "gap"]].notna().sum(axis=1)
    return row(
        "one_holder",
        holders.eq(1).all(),
        f"{int(holders.ne(1).sum())} otherwise",
        "an area, another manager, or a gap reason",
    )


def areas_conserved(
    membership: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
) -> list[Row]:
    """Each area of a building, of the register or drawn is there, and has ground if it has buildings.

    Parameters
    ----------
    membership : DataFrame
        MEMBERSHIP.
    areas, register, boundaries : GeoDataFrame
        Tables of those schemas.

    Returns
    -------
    list of Row
        An area without ground is only a warning where boundaries are drawn: these may have it all.
    """
    there = set(areas["area_id"])
    unknown = sorted(set(membership["area_id"].dropna()) - there)
    lost = sorted({*register["area_id"], *boundaries["area_id"]} - there)
    bare = areas["area_id"][
        (areas.geometry.isna() | areas.geometry.is_empty) & areas["area_id"].isin(membership["area_id"])
    ]
    by_hand = "warn" if len(boundaries) else "fail"
    return [
        row(
            "areas_known",
            not unknown,
            ", ".join(unknown[:5]) or "none",
            "no building in an area that is not there",
        ),
        row(
            "areas_conserved",
            not lost,
            f"{len(lost)} lost: {few(lost)}" if lost else "0 lost",
            "every area that is registered or drawn",
        ),
        row(
            "areas_have_ground",
            bare.empty,
            f"{len(bare)} without: {few(bare.tolist())}" if len(bare) else "0 without",
            "ground for every area with buildings",
            "all of it is within another area's boundary" if len(boundaries) else "report this as a defect",
            by_hand,
        ),
    ]


def areas_counted(
    areas: gpd.GeoDataFrame, membership: pd.DataFrame, register: gpd.GeoDataFrame, target: int | None
) -> Row:
    """There are as many areas as the target says, unless people settled more or buildings are too few.

    Parameters
    ----------
    areas : GeoDataFrame
        AREAS.
    membership : DataFrame
        MEMBERSHIP.
    register : GeoDataFrame
        REGISTER.
    target : int or None
        None: no number is set, and any passes.

    Returns
    -------
    Row
    """
    if target is None:
        return row("areas_counted", True, len(areas), "no target set")
    proposed = areas["origin"].eq("proposal")
    if len(areas) > target:
        # what is registered, or settled by people with buildings in it, counts before anything is proposed
        settled = ~proposed & (
            areas["area_id"].isin(register["area_id"]) | areas["area_id"].isin(membership["area_id"])
        )
        by_people = proposed.sum() <= max(0, target - settled.sum())
        note = (
            "more areas are registered or drawn than the target"
            if by_people
            else "more are proposed than wanted: report this as a defect"
        )
        return row("areas_counted", False, len(areas), target, note, "warn" if by_people else "fail")
    wanted = target - int((~proposed).sum())
    few_left = "warn" if membership["method"].isin(["group", "none"]).sum() < wanted else "fail"
    return row(
        "areas_counted",
        len(areas) == target,
        len(areas),
        target,
        "too few buildings are left to make so many areas",
        few_left,
    )
