"""What nobody owns, what two own, and what is owned on paper only: one function a kind of gap."""

from __future__ import annotations

import json
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.config import GapRules
from pipeline.geometry.overlay import difference_of, polygons_of
from pipeline.tables import GAP_KINDS, GAPS, SERVICES, conform

PRIORITY = {kind: declared.priority for kind, declared in GAP_KINDS.items()}


def find_gaps(
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    matched: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    service: pd.DataFrame,
    *,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    blocks: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    assessments: pd.DataFrame,
    as_of: date,
    rules: GapRules,
) -> gpd.GeoDataFrame:
    """Find what nobody owns, what two own, and what is owned on paper only.

    An area is `unassessed` if it lacks the last quarter that anybody was assessed in; without assessments
    nobody is. Uncovered ground needs residential `land`: without it none is found. An entry is `unlocated` if
    it leads to no building and there is none in its area that a person placed and no entry names; where these
    are fewer than such entries of the area, nobody knows whose they are, and all the entries are listed. A
    gap's id is its kind and its subject, so the same gap has the same id in every run.

    Parameters
    ----------
    buildings, areas, register, entries, land, blocks, boundaries : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    membership, matched, service, assessments : DataFrame
        Tables of those schemas.
    as_of : date
        The day the data speak of: contracts that ended before it have expired.
    rules : GapRules
        contested_ground_min_m2, uncovered_ground_min_m2, emergency_months and pass_mark.

    Returns
    -------
    GeoDataFrame
        GAPS: every gap, its geometry being the building, ground, area or register point concerned, in the CRS
        of the buildings.
    """
    quarter = None if assessments.empty else str(assessments["quarter"].max())
    registered = register[["area_id", "owner_unit", "owners_committee"]]
    facts = areas.merge(service, on="area_id", how="left").merge(registered, on="area_id", how="left")
    found = [
        _uncovered_buildings(buildings, membership),
        _contested_buildings(buildings, membership),
        _contested_ground(boundaries, rules.contested_ground_min_m2),
        _uncovered_ground(
            land,
            blocks,
            areas,
            buildings,
            membership["building_id"][membership["gap"].notna()],
            rules.uncovered_ground_min_m2,
        ),
        _three_nos(facts),
        _paper_only(facts),
        _expired(facts, as_of, rules.emergency_months),
        _unassessed(facts, quarter),
        _failing(facts, rules.pass_mark),
        _unlocated(entries, membership, matched, register, boundaries),
    ]
    rows = pd.concat(
        [f for f in found if len(f)] or [pd.DataFrame(columns=GAPS.column_names)], ignore_index=True
    )
    return conform(rows.assign(priority=rows["kind"].map(PRIORITY)), GAPS, buildings.crs)


def _rows(
    kind: str,
    subject: pd.Series,
    frame: pd.DataFrame,
    note_zh: pd.Series | NDArray[np.object_] | str,
    note_en: pd.Series | NDArray[np.object_] | str,
) -> pd.DataFrame:
    """GAPS rows of one kind; columns that the frame does not have are null."""
    columns = (
        "area_id",
        "building_id",
        "entry_id",
        "subdistrict_code",
        "households",
        "floor_area_m2",
        "ground_area_m2",
        "geometry",
    )
    given = {name: frame[name] for name in columns if name in frame.columns}
    return pd.DataFrame(
        {
            **given,
            "gap_id": kind + ":" + subject.astype("str"),
            "kind": kind,
            "note_zh": note_zh,
            "note_en": note_en,
        }
    )


def _with_building(membership: pd.DataFrame, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    wanted = ["building_id", "address", "households", "floor_area_m2", "geometry"]
    return membership.merge(pd.DataFrame(buildings[wanted]), on="building_id")


def _uncovered_buildings(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    found = _with_building(membership[membership["gap"].eq("uncovered_building")], buildings)
    where = found["address"].fillna(found["building_id"])
    near = found["runner_up_area_id"]
    zh = where + "：不在任何物业管理区域内" + ("；相邻区域 " + near).fillna("")
    en = where + ": in no area" + ("; next to " + near).fillna("")
    return _rows("uncovered_building", found["building_id"], found.drop(columns="area_id"), zh, en)


def _contested_buildings(buildings: gpd.GeoDataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    found = _with_building(membership[membership["contested"]], buildings)
    where = found["address"].fillna(found["building_id"])
    zh = where + "：" + found["area_id"] + " 与 " + found["runner_up_area_id"] + " 同时登记"
    en = where + ": claimed by " + found["area_id"] + " and " + found["runner_up_area_id"]
    return _rows("contested", found["building_id"], found, zh, en)


def _contested_ground(boundaries: gpd.GeoDataFrame, min_m2: float) -> pd.DataFrame:
    geometry = boundaries.geometry.to_numpy()
    left, right = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    left, right = left[left < right], right[left < right]
    overlap = polygons_of(shapely.intersection(geometry[left], geometry[right]))
    size = shapely.area(overlap)
    keep = size >= min_m2
    ids = boundaries["area_id"].to_numpy()
    a, b = pd.Series(ids[left[keep]], dtype="str"), pd.Series(ids[right[keep]], dtype="str")
    found = pd.DataFrame({"area_id": a, "ground_area_m2": size[keep], "geometry": overlap[keep]})
    zh, en = "划定边界重叠：" + a + " 与 " + b, "drawn boundaries overlap: " + a + " and " + b
    return _rows("contested", a + "+" + b, found, zh, en)


def _uncovered_ground(
    land: gpd.GeoDataFrame,
    blocks: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    uncovered: pd.Series,
    min_m2: float,
) -> pd.DataFrame:
    """Residential land inside blocks, less the areas and the footprints of other uses.

    uncovered: ids of the buildings that nobody manages.
    """
    residential = land.geometry[land["kind"].eq("residential")].to_numpy()
    inside, block = shapely.STRtree(blocks.geometry.to_numpy()).query(residential, predicate="intersects")
    pieces = shapely.intersection(residential[inside], blocks.geometry.to_numpy()[block])
    other = buildings.geometry[buildings["use"].ne("residential")].to_numpy()
    free = difference_of(pieces, np.concatenate([areas.geometry.dropna().to_numpy(), other]))
    # Opening by two metres drops strips along kerbs and walls, too narrow to be managed.
    opened = shapely.buffer(shapely.buffer(free, -2, join_style="mitre"), 2, join_style="mitre")
    parts, piece = shapely.get_parts(opened, return_index=True)
    large = shapely.area(parts) >= min_m2
    parts, piece = parts[large], piece[large]
    centres = shapely.point_on_surface(parts)
    subject = (
        pd.Series(shapely.get_x(centres).round(), dtype="Int64").astype("str")
        + ","
        + pd.Series(shapely.get_y(centres).round(), dtype="Int64").astype("str")
    )
    office = pd.Series(blocks["subdistrict_code"].to_numpy()[block[piece]], dtype="str")
    found = pd.DataFrame(
        {"ground_area_m2": shapely.area(parts), "geometry": parts, "subdistrict_code": office}
    )
    size = found["ground_area_m2"].round().map("{:,.0f} m²".format).astype("str")
    zh, en = "居住用地 " + size + " 不属于任何区域", size + " of residential ground in no area"
    homes = buildings.geometry[buildings["building_id"].isin(uncovered)].to_numpy()
    patch, _ = shapely.STRtree(shapely.point_on_surface(homes)).query(parts, predicate="contains")
    standing = pd.Series(np.bincount(patch, minlength=len(parts)), index=found.index)
    some, number = standing.gt(0), standing.astype("str")
    zh = zh.where(~some, zh + "，其上无人管理楼栋 " + number + " 栋")
    en = en.where(~some, en + "; unmanaged buildings on it: " + number)
    return _rows("uncovered_ground", subject, found, zh, en)


def _three_nos(facts: pd.DataFrame) -> pd.DataFrame:
    """Areas without professional company, original owner unit and owners' committee (三不管).

    An area of which company or committee are not known is not listed.
    """
    no_company = facts["manager_kind"].isin(["none", "subdistrict"])
    no_committee = facts["owners_committee"].eq(False).fillna(False)
    found = facts[(no_company & facts["owner_unit"].isna() & no_committee).astype(bool)]
    en = "no professional company, no owner unit, no owners' committee"
    return _rows("three_nos", found["area_id"], found, "无专业物业、无原产权单位、无业主委员会", en)


def _paper_only(facts: pd.DataFrame) -> pd.DataFrame:
    found = facts[facts["status"].eq("paper_only")]
    missing = found["missing_services"].fillna("").str.split(";")
    zh = pd.Series(
        ["、".join(SERVICES[m].zh for m in names if m) for names in missing], index=found.index, dtype="str"
    )
    en = missing.str.join(", ")
    return _rows(
        "paper_only", found["area_id"], found, "已签约，未提供：" + zh, "signed, not delivered: " + en
    )


def _expired(facts: pd.DataFrame, as_of: date, emergency_months: int) -> pd.DataFrame:
    over = facts["ends_on"].fillna("9999") < as_of.isoformat()
    limit = pd.to_datetime(facts["starts_on"]) + pd.DateOffset(months=emergency_months)
    overdue = facts["contract_kind"].eq("emergency") & (limit < pd.Timestamp(as_of))
    found = facts[over | overdue]
    ended = over[over | overdue]
    zh = np.where(
        ended, "合同已于 " + found["ends_on"].fillna("") + " 到期", f"应急托管超过 {emergency_months} 个月"
    )
    en = np.where(
        ended,
        "contract ended on " + found["ends_on"].fillna(""),
        f"emergency arrangement older than {emergency_months} months",
    )
    return _rows("expired", found["area_id"], found, zh, en)


def _unassessed(facts: pd.DataFrame, quarter: str | None) -> pd.DataFrame:
    if quarter is None:
        return pd.DataFrame()
    found = facts[facts["origin"].ne("proposal") & facts["quarter"].fillna("").ne(quarter)]
    return _rows("unassessed", found["area_id"], found, quarter + " 未考核", "not assessed in " + quarter)


def _failing(facts: pd.DataFrame, pass_mark: float) -> pd.DataFrame:
    found = facts[facts["score"].lt(pass_mark)]
    score = found["score"].map("{:g}".format).astype("str")
    return _rows(
        "failing",
        found["area_id"],
        found,
        "考核 " + score + f" 分，合格线 {pass_mark:g}",
        "scored " + score + f", pass mark {pass_mark:g}",
    )


def _unlocated(
    entries: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    matched: pd.DataFrame,
    register: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
) -> pd.DataFrame:
    named = {entry for listed in matched["named_by"].dropna() for entry in json.loads(listed)} | set(
        membership["entry_id"].dropna()
    )
    found = pd.DataFrame(entries[~entries["entry_id"].isin(named)])
    by_hand = (
        membership["area_id"][membership["entry_id"].isna()]
        .value_counts()
        .reindex(found["area_id"], fill_value=0)
        .to_numpy()
    )
    fewer = by_hand < found["area_id"].map(found["area_id"].value_counts()).to_numpy(dtype=np.int64)
    found, placed = found[fewer], pd.Series(by_hand[fewer], dtype="int64").astype("str")
    found = found.merge(register[["area_id", "subdistrict_code"]], on="area_id", how="left")
    where = found["address"].fillna(found["entry_id"])
    zh, en = where + "：未找到对应楼栋", where + ": no footprint found"
    some, drawn = placed.ne("0"), found["area_id"].isin(boundaries["area_id"])
    zh = zh.mask(drawn & ~some, where + "：划定边界内无住宅楼").mask(
        some, zh + "；其区域内人工划入楼栋 " + placed + " 栋，不知属何条目"
    )
    en = en.mask(drawn & ~some, where + ": no home of its own inside the boundary drawn for its area")
    en = en.mask(some, en + "; buildings placed in its area by hand, of which entry is not known: " + placed)
    return _rows("unlocated", found["entry_id"], found, zh, en)


def summary(gaps: pd.DataFrame) -> str:
    """The table in a line."""
    kinds = sorted(gaps["kind"].value_counts().items())
    return ", ".join(f"{count} {kind}" for kind, count in kinds) or "no gaps"
