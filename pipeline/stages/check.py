"""Does it all add up? Conservation of rows and buildings, topology of the areas, and decisions kept."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.tables import CHECKS, conform

OVERLAP_M2 = 0.01
"""Areas that share less ground than this do not overlap: it is rounding (1 cm over a metre of line)."""


def check(
    intakes: pd.DataFrame,
    rejects: pd.DataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    blocks: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    decisions: pd.DataFrame,
    target_count: int | None,
) -> pd.DataFrame:
    """CHECKS rows, each with what was measured and what had to be. `fail` stops the hand-off; `warn` wants a look.

    intakes: one row a raw file (input, file, rows_read, rows_taken, rows_merged, rows_rejected, rows_not_meant).
    """
    rows = [
        *_rows_conserved(intakes, rejects),
        _buildings_conserved(buildings, membership),
        _one_holder(membership),
        _areas_known(membership, areas),
        _count(areas, target_count),
        *_topology(areas, blocks, buildings, membership, boundaries),
        *_decisions_kept(decisions, boundaries, membership, areas, buildings),
        _entries_known(entries, register),
    ]
    return conform(pd.DataFrame(rows), CHECKS)


def _row(name: str, ok: Any, measured: Any, expected: Any, note: str = "", otherwise: str = "fail") -> dict[str, str | None]:
    return {
        "check": name,
        "verdict": "pass" if ok else otherwise,
        "measured": str(measured),
        "expected": str(expected),
        "note": None if ok else note,
    }


def _rows_conserved(intakes: pd.DataFrame, rejects: pd.DataFrame) -> list[dict[str, str | None]]:
    rows = []
    for file in intakes.itertuples():
        ended = file.rows_taken + file.rows_merged + file.rows_rejected + file.rows_not_meant
        listed = int((rejects["source_file"].eq(file.file) & rejects["input"].eq(file.input)).sum())
        parts = f"{file.rows_taken} taken, {file.rows_merged} merged, {file.rows_rejected} rejected, {file.rows_not_meant} not meant"
        name = f"rows_conserved:{file.input}:{file.file}"
        ok = ended == file.rows_read and listed == file.rows_rejected + file.rows_merged
        rows.append(_row(name, ok, f"{parts}; {listed} in rejects", f"{file.rows_read} read", "rows were lost: report this as a defect"))
        if ok and file.rows_rejected:
            rows.append(
                _row(f"rows_rejected:{file.input}:{file.file}", False, f"{file.rows_rejected}", "0", "see rejects.csv", otherwise="warn")
            )
    return rows


def _buildings_conserved(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> dict[str, str | None]:
    residential = set(buildings["building_id"][buildings["use"].eq("residential")])
    placed = set(membership["building_id"])
    lost, added = len(residential - placed), len(placed - residential)
    doubled = len(membership) - len(placed)
    measured = f"{lost} lost, {added} too many, {doubled} doubled"
    return _row("buildings_conserved", not (lost or added or doubled), measured, f"each of {len(residential)} residential buildings once")


def _one_holder(membership: pd.DataFrame) -> dict[str, str | None]:
    holders = membership[["area_id", "compound_id", "gap"]].notna().sum(axis=1)
    return _row("one_holder", holders.eq(1).all(), f"{int(holders.ne(1).sum())} otherwise", "an area, another manager, or a gap reason")


def _areas_known(membership: pd.DataFrame, areas: gpd.GeoDataFrame) -> dict[str, str | None]:
    unknown = sorted(set(membership["area_id"].dropna()) - set(areas["area_id"]))
    return _row("areas_known", not unknown, ", ".join(unknown[:5]) or "none", "no building in an area that is not there")


def _count(areas: gpd.GeoDataFrame, target: int | None) -> dict[str, str | None]:
    if target is None:
        return _row("areas_counted", True, len(areas), "no target set")
    return _row("areas_counted", len(areas) == target, len(areas), target, "more areas are registered or drawn than the target", "warn")


def _topology(
    areas: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, membership: pd.DataFrame, boundaries: gpd.GeoDataFrame
) -> list[dict[str, str | None]]:
    located = areas[~(areas.geometry.isna() | areas.geometry.is_empty)]
    ground = located.geometry.to_numpy()
    invalid = int((~shapely.is_valid(ground)).sum())
    left, right = shapely.STRtree(ground).query(ground, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared = shapely.area(shapely.intersection(ground[left], ground[right])) if invalid == 0 else np.array([])
    overlapping = int((shared > OVERLAP_M2).sum())
    total, union = float(shapely.area(ground).sum()), float(shapely.area(shapely.union_all(ground)))
    drawn = located["area_id"].isin(boundaries["area_id"]).to_numpy()
    unmatched = int(
        (~shapely.is_missing(shapely.coverage_invalid_edges(ground)) & ~shapely.is_empty(shapely.coverage_invalid_edges(ground))).sum()
    )
    outside = _outside_members(located, buildings, membership)
    strayed = _outside_blocks(ground[~drawn], blocks, buildings)
    return [
        _row("areas_valid", invalid == 0, f"{invalid} invalid", "every area a valid polygon"),
        _row(
            "areas_disjoint",
            overlapping == 0,
            f"{overlapping} pairs overlap",
            "none",
            "two drawn boundaries overlap: see gaps",
            "fail" if not drawn.any() else "warn",
        ),
        _row(
            "areas_sum",
            abs(total - union) <= OVERLAP_M2 * max(len(ground), 1),
            f"parts {total:.2f} m², union {union:.2f} m²",
            "the same",
            "areas overlap",
            "fail" if not drawn.any() else "warn",
        ),
        _row(
            "areas_coverage",
            unmatched == 0,
            f"{unmatched} areas with unmatched edges",
            "shared edges identical vertex by vertex",
            "slivers between areas",
            "warn",
        ),
        _row(
            "members_inside",
            outside == 0,
            f"{outside} footprints reach out of their area",
            "0",
            "a drawn boundary cuts a building" if drawn.any() else "",
            "warn",
        ),
        _row(
            "areas_off_public_ground",
            strayed <= 1.0,
            f"{strayed:.1f} m² on public ground",
            "0, but for footprints that stand there",
            "",
            "fail",
        ),
    ]


def _outside_members(areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> int:
    members = membership.dropna(subset="area_id").merge(pd.DataFrame(buildings[["building_id", "geometry"]]), on="building_id")
    members = members.merge(pd.DataFrame(areas[["area_id", "geometry"]]), on="area_id", suffixes=("", "_area"))
    # Footprints that stand wall to wall share a line on the grid of the areas: it may be off by that grid's 5 cm.
    whole = shapely.buffer(members["geometry"].to_numpy(), -0.05, join_style="mitre")
    cut = shapely.difference(whole, members["geometry_area"].to_numpy())
    return int((shapely.area(cut) > OVERLAP_M2).sum())


def _outside_blocks(ground: np.ndarray, blocks: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> float:
    """Computed ground on neither a block nor a footprint (and the 20 cm its wall may need), in m²."""
    allowed = np.concatenate([blocks.geometry.to_numpy(), shapely.buffer(buildings.geometry.to_numpy(), 0.2, join_style="mitre")])
    owner, other = shapely.STRtree(allowed).query(ground, predicate="intersects")
    covered = [shapely.union_all(allowed[other[owner == i]]) for i in range(len(ground))]
    return float(shapely.area(shapely.buffer(shapely.difference(ground, np.array(covered, dtype=object)), -0.05)).sum())


def _decisions_kept(
    decisions: pd.DataFrame, boundaries: gpd.GeoDataFrame, membership: pd.DataFrame, areas: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame
) -> list[dict[str, str | None]]:
    decided = decisions.merge(membership[["building_id", "area_id"]], on="building_id", how="left", suffixes=("", "_now"))
    unknown = int((~decided["building_id"].isin(buildings["building_id"])).sum())
    known = decided[decided["building_id"].isin(membership["building_id"])]
    broken = int((known["area_id"].replace("none", pd.NA).fillna("") != known["area_id_now"].fillna("")).sum())
    drawn = boundaries[["area_id", "geometry"]].merge(areas[["area_id", "geometry"]], on="area_id", how="left", suffixes=("", "_now"))
    redrawn = int((~shapely.equals_exact(drawn["geometry"].to_numpy(), drawn["geometry_now"].to_numpy(), normalize=True)).sum())
    return [
        _row("decisions_kept", broken == 0, f"{broken} not kept", f"all {len(decisions)} decisions"),
        _row(
            "decisions_on_known_buildings",
            unknown == 0,
            f"{unknown} on unknown buildings",
            "0",
            "correct the building_id in the decisions",
            "warn",
        ),
        _row("boundaries_kept", redrawn == 0, f"{redrawn} changed", f"all {len(boundaries)} drawn boundaries as drawn"),
    ]


def _entries_known(entries: gpd.GeoDataFrame, register: gpd.GeoDataFrame) -> dict[str, str | None]:
    unknown = int((~entries["area_id"].isin(register["area_id"])).sum())
    return _row(
        "entries_in_register", unknown == 0, f"{unknown} entries of unknown areas", "0", "correct the area_id in the entries", "warn"
    )
