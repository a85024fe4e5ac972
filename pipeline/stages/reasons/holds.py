"""What holds an area together."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.config import GroupRules
from pipeline.stages.reasons.facts import MAJORITY, principal
from pipeline.stages.reasons.wording import said, some_of

QUARTER_M2 = 30_000.0
"""The least floor area that provinces set for a whole quarter."""
BY_REGISTER = {
    "building_id": ("楼栋编号", "building id"),
    "address": ("地址", "address"),
    "point": ("点位", "register point"),
}


def holds(
    of: pd.DataFrame, homes: gpd.GeoDataFrame, inside: pd.DataFrame, *, charted: bool, rules: GroupRules
) -> pd.DataFrame:
    """What holds each area together.

    Parameters
    ----------
    of : DataFrame
        From `facts.per_area`.
    homes : GeoDataFrame
        From `facts.members`.
    inside : DataFrame
        From `facts.pairs`, those inside one area and within reach.
    charted : bool
        Roads and walls are known, so that it means something to find none.
    rules : GroupRules
        floor_area_min_m2 and floor_area_max_m2.

    Returns
    -------
    DataFrame
        Rows of AREA_REASONS, with the position of the area instead of its id.
    """
    every = of.assign(
        area=of.index, subject=of.index, part="holds", place=0, confidence=of["sure"].fillna(0.0)
    )
    there = every[every["total"] > 0]
    linked = there[there["n_links"] > 0]
    # reindexed: a frame without rows takes on those of a column that is set
    divided = inside["what_zh"].notna().groupby(inside["i"]).mean().reindex(linked.index)
    linked = linked.assign(divided=divided, open=1 - divided, aligned=1 - linked["misaligned_share"])
    rows = [
        *_placed(there, homes),
        *_without_buildings(every[every["total"] == 0]),
        *(_undivided(linked, inside) if charted else ()),
        *_near(linked),
        *_shared(there[there["total"] > 1]),
        *_alike(linked),
        *_size(there, rules),
    ]
    return pd.concat(rows, ignore_index=True)


def _undivided(linked: pd.DataFrame, inside: pd.DataFrame) -> list[pd.DataFrame]:
    linked = linked.join(principal(inside, ["i"])[["what", "what_zh", "what_en"]])
    clear, mostly = linked["divided"].eq(0), linked["open"].ge(MAJORITY)
    return [
        said(
            linked[clear],
            "barrier",
            "楼栋之间没有道路、围墙相隔",
            "no road or wall runs between its buildings",
            value="open",
        ),
        said(
            linked[mostly & ~clear],
            "barrier",
            "{open:.0%} 的相邻楼栋之间没有道路、围墙相隔，其余多隔着{what_zh}",
            "no road or wall between {open:.0%} of its neighbouring buildings; between the rest mostly"
            " {what_en}",
            name="what",
            value="open",
        ),
        said(
            linked[~mostly],
            "barrier",
            "注意：{divided:.0%} 的相邻楼栋之间有道路或围墙，多为{what_zh}",
            "note: a road or wall lies between {divided:.0%} of its neighbouring buildings, mostly {what_en}",
            name="what",
            value="open",
        ),
    ]


def _near(linked: pd.DataFrame) -> list[pd.DataFrame]:
    touch = linked["distance_m"].lt(0.5)
    zh, en = (
        "相邻楼栋一般相距 {distance_m:.0f} m",
        "neighbouring buildings stand about {distance_m:.0f} m apart",
    )
    return [
        said(
            linked[touch], "distance", "相邻楼栋彼此相接", "neighbouring buildings touch", value="distance_m"
        ),
        said(linked[~touch], "distance", zh, en, value="distance_m"),
    ]


def _shared(several: pd.DataFrame) -> list[pd.DataFrame]:
    rows = []
    for column, zh, en in (
        ("owner_unit", "{some_zh}原属{owner_unit}", "original owner unit of {some_en}: {owner_unit}"),
        ("community", "{some_zh}在{community}", "{some_en} in the community {community}"),
        ("road", "{some_zh}的地址在{road}", "address of {some_en}: {road}"),
    ):
        having = several.dropna(subset=column)
        n, total = having[f"{column}_n"], having["total"]
        rows.append(
            said(
                having.assign(share=n / total, **some_of(n, total)),
                column,
                zh,
                en,
                name=column,
                value="share",
            )
        )
    return rows


def _alike(linked: pd.DataFrame) -> list[pd.DataFrame]:
    every = linked["aligned"].eq(1)
    linked = linked.assign(
        most_zh=linked["aligned"].map("{:.0%} 的相邻楼栋".format).where(~every, "楼栋"),
        most_en=linked["aligned"]
        .map("{:.0%} of neighbouring buildings".format)
        .where(~every, "all neighbouring buildings"),
    )
    likeness = (
        ("alignment", "aligned", "{most_zh}朝向一致", "{most_en} are parallel or square to each other"),
        (
            "floors",
            "floors_share",
            "层数相近，一般 {floors:.0f} 层",
            "of like height, about {floors:.0f} storeys",
        ),
        ("year", "year_share", "年代相近，一般建于 {year:.0f} 年前后", "of like age, built about {year:.0f}"),
    )
    return [
        said(linked[linked[share].ge(MAJORITY)], reason, zh, en, value=share)
        for reason, share, zh, en in likeness
    ]


def _placed(there: pd.DataFrame, homes: gpd.GeoDataFrame) -> list[pd.DataFrame]:
    """How many buildings are there by decision, by a drawn boundary, by the register."""
    how = homes.groupby(["area", "method"])["confidence"].agg(["size", "mean"]).reset_index()
    by = {method: rows.set_index("area") for method, rows in how.groupby("method")}
    rows = []
    for method, zh, en in (
        ("decision", "人工决定归入：{some_zh}", "by a person's decision: {some_en}"),
        ("boundary", "在划定的边界内：{some_zh}", "inside the boundary drawn: {some_en}"),
    ):
        if method in by:
            found = there.join(by[method], how="inner")
            found = found.assign(
                share=found["size"] / found["total"],
                confidence=found["mean"],
                **some_of(found["size"], found["total"]),
            )
            rows.append(said(found, method, zh, en, value="share"))
    listed = how[how["method"].isin(list(BY_REGISTER))]
    if len(listed):
        listed = listed.assign(sure=listed["mean"] * listed["size"]).sort_values(
            ["area", "size", "method"], ascending=[True, False, True]
        )
        for i, language in enumerate(("zh", "en")):
            word = listed["method"].map({m: words[i] for m, words in BY_REGISTER.items()}).astype("str")
            alone = ~listed.duplicated("area", keep=False)
            listed[language] = word.where(alone, word + " " + listed["size"].astype("str"))
        sums = listed.groupby("area").agg(
            size=("size", "sum"), weight=("sure", "sum"), zh=("zh", "、".join), en=("en", ", ".join)
        )
        found = there.join(sums, how="inner")
        found = found.assign(
            share=found["size"] / found["total"],
            confidence=found["weight"] / found["size"],
            **some_of(found["size"], found["total"]),
        )
        rows.append(
            said(
                found,
                "register",
                "登记册列入：{some_zh}（按{zh}）",
                "in the register: {some_en}, by {en}",
                value="share",
            )
        )
    return rows


def _without_buildings(without: pd.DataFrame) -> list[pd.DataFrame]:
    """The reason for an area without buildings: it is registered or was drawn."""
    drawn = without["origin"].eq("boundary")
    return [
        said(
            without[drawn],
            "boundary",
            "划定的边界内没有住宅楼",
            "no residential building inside the boundary drawn",
        ),
        said(
            without[~drawn],
            "register",
            "登记在册，未找到楼栋",
            "in the register; none of its buildings was found",
        ),
    ]


def _size(there: pd.DataFrame, rules: GroupRules) -> list[pd.DataFrame]:
    """The floor area against the least and the most that an area should have."""
    least, most = rules.floor_area_min_m2, rules.floor_area_max_m2
    known = there[there["floor_area_m2"].notna()]
    size = known["floor_area_m2"]
    usual_zh, usual_en = f"{QUARTER_M2:,.0f}–{most:,.0f} m²", f"{QUARTER_M2:,.0f} to {most:,.0f} m²"
    cases = (
        (
            size < least,
            f"，不足 {least:,.0f} m²：宜并入同一街坊内的相邻区域",
            f", under {least:,.0f} m²: better merged with a neighbour inside the same roads",
        ),
        (
            (size >= least) & (size < QUARTER_M2),
            f"，小于一般的 {usual_zh}",
            f", less than the usual {usual_en}",
        ),
        (
            (size >= QUARTER_M2) & (size <= most),
            f"，在一般的 {usual_zh} 之内",
            f", within the usual {usual_en}",
        ),
        (size > most, f"，超过 {most:,.0f} m²", f", over {most:,.0f} m²"),
    )
    known = known.assign(
        known_zh=np.where(known["all_known"], "", "已知"), known_en=np.where(known["all_known"], "", "known ")
    )
    zh, en = "{known_zh}建筑面积 {floor_area_m2:,.0f} m²", "{known_en}floor area {floor_area_m2:,.0f} m²"
    rows = [
        said(known[case], "size", zh + more_zh, en + more_en, value="floor_area_m2")
        for case, more_zh, more_en in cases
    ]
    single = there[there["floor_area_m2"].isna() & there["total"].eq(1)]
    return [*rows, said(single, "size", "只有一栋楼", "a single building")]
