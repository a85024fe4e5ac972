"""What cuts an area off from each neighbour."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.config import GroupRules
from pipeline.domain.confidence import CONFIDENCE_MAX
from pipeline.stages.reasons.facts import MAJORITY, principal
from pipeline.stages.reasons.wording import said

SINGLE_COST_M = 10.0
"""The cost inside two areas of one building each, which have no links inside; metres."""
NAMED_SHARE_MIN = 0.1
"""What lies between second most is named if it does along at least this share of the border."""
DISTANCE_RATIO = 1.5
"""Distance is a reason where facades are this many times as far apart as inside the areas."""
STOREYS, YEARS = 3, 10
"""Areas whose usual building differs by this much are of different height or age."""


def cuts(of: pd.DataFrame, across: pd.DataFrame, rules: GroupRules) -> pd.DataFrame:
    """What cuts an area off from each neighbour: worded once a border, told of both areas.

    Parameters
    ----------
    of : DataFrame
        From `facts.per_area`.
    across : DataFrame
        From `facts.border`.
    rules : GroupRules
        floor_area_max_m2: the largest area that two could be merged into.

    Returns
    -------
    DataFrame
        Rows of AREA_REASONS, with the positions of the two areas (area, subject) instead of their ids.
    """
    keys = ["lo", "hi"]
    border = _borders(of, across)
    rows = [
        *_by_person(border),
        *_by_what_lies_between(border, across),
        *_by_distance(border),
        *_by_difference(border),
        *_by_size(border, rules),
    ]
    told = pd.concat(rows, ignore_index=True)
    ways = [told.rename(columns={one: "area", other: "subject"}) for one, other in (keys, keys[::-1])]
    return pd.concat(ways, ignore_index=True).assign(part="cuts")


def _borders(of: pd.DataFrame, across: pd.DataFrame) -> pd.DataFrame:
    """One row a border, with the facts of the areas on either side as …_lo and …_hi."""
    grouped = across.groupby(["lo", "hi"])
    out = grouped.agg(
        n=("cost_m", "size"),
        view=("view", "sum"),
        cross_m=("cost_m", "mean"),
        decided=("decided", "mean"),
        sure=("sure", "mean"),
        near=("near", "any"),
    )
    out = out.assign(misaligned=grouped["misaligned"].mean(), least_m=grouped["distance_m"].min())
    plain = across[across["what_zh"].isna()].groupby(["lo", "hi"])["distance_m"]
    out["open"] = (plain.size() / out["n"]).reindex(out.index, fill_value=0.0)
    out["open_m"] = plain.median()
    out = out.reset_index().join(of.add_suffix("_lo"), on="lo").join(of.add_suffix("_hi"), on="hi")
    inside = _inside(out, "cost_m").fillna(SINGLE_COST_M)
    return out.assign(
        confidence=(out["cross_m"] / (out["cross_m"] + inside)).clip(1 - CONFIDENCE_MAX, CONFIDENCE_MAX),
        inside_m=_inside(out, "distance_m"),
        misaligned_inside=_inside(out, "misaligned_share").fillna(0.0),
        floor_area_m2=out["floor_area_m2_lo"] + out["floor_area_m2_hi"],
        place=-out["view"],  # the neighbour that fills most of the view first
    )


def _inside(border: pd.DataFrame, column: str) -> pd.Series:
    """The mean over the pairs inside the two areas; null where there are none."""
    lo, hi = border["n_links_lo"], border["n_links_hi"]
    total = border[f"{column}_lo"].fillna(0.0) * lo + border[f"{column}_hi"].fillna(0.0) * hi
    return total / (lo + hi).where(lo + hi > 0)


def _by_person(border: pd.DataFrame) -> list[pd.DataFrame]:
    """What a person decided or drew, and what the register says.

    The register is as sure as it placed the buildings at this border.
    """
    drawn = border["origin_lo"].eq("boundary") | border["origin_hi"].eq("boundary")
    listed = (border["origin_lo"] != "proposal").astype(int) + (border["origin_hi"] != "proposal").astype(int)
    decided = border["decided"]
    surely, register = border.assign(confidence=1.0), border.assign(confidence=border["sure"])
    return [
        said(surely[drawn], "boundary", "边界由人工划定", "a person drew the boundary"),
        said(
            surely[decided.eq(1)],
            "decision",
            "交界处的楼栋由人工决定归属",
            "a person decided where the line runs",
            value="decided",
        ),
        said(
            border[decided.between(0, 1, inclusive="neither")],
            "decision",
            "交界处部分楼栋由人工决定归属",
            "a person decided on some of the buildings at this border",
            value="decided",
        ),
        said(register[listed == 2], "register", "登记为两个区域", "two areas in the register"),
        said(
            register[listed == 1],
            "register",
            "其中一个区域按登记册确定",
            "one of the two is as the register has it",
        ),
    ]


def _by_what_lies_between(border: pd.DataFrame, across: pd.DataFrame) -> list[pd.DataFrame]:
    found = border.join(principal(across, ["lo", "hi"]), on=["lo", "hi"]).dropna(subset="what_zh")
    rows = []
    for by in ("barrier", "public_land", "compound"):
        mine = found[found["by"].eq(by)]
        if by != "barrier":  # ground that no area may have is as sure a cut as it is long
            mine = mine.assign(confidence=np.fmax(mine["confidence"], CONFIDENCE_MAX * mine["share"]))
        whole, more = mine["share"].eq(1), mine["share_2"].ge(NAMED_SHARE_MIN)
        zh, en = "{what_zh}隔开 {share:.0%}", "separated by {what_en} along {share:.0%} of their border"
        more_zh, more_en = "，{what_zh_2} {share_2:.0%}", ", by {what_en_2} along {share_2:.0%}"
        rows += [
            said(
                mine[whole], by, "以{what_zh}相隔", "{what_en} lies between them", name="what", value="share"
            ),
            said(mine[~whole & ~more], by, zh, en, name="what", value="share"),
            said(mine[more], by, zh + more_zh, en + more_en, name="what", value="share"),
        ]
    return rows


def _by_distance(border: pd.DataFrame) -> list[pd.DataFrame]:
    """How far apart they are where nothing else lies between, also where it is no farther than inside."""
    far = ~border["near"]
    plain = border[~far & border["open"].gt(0)]
    tells = plain["open_m"] > DISTANCE_RATIO * plain["inside_m"]
    weak = plain["open_m"] <= DISTANCE_RATIO * plain["inside_m"]
    part = plain["open"].lt(1)
    where_zh, where_en = np.where(part, "其余", ""), np.where(part, "elsewhere ", "")
    plain = plain.assign(where_zh=where_zh, where_en=where_en, about_m=plain["open_m"].clip(lower=1))
    zh, en = "{where_zh}相距约 {about_m:.0f} m", "{where_en}about {about_m:.0f} m apart"
    weak_zh, weak_en = (
        "{where_zh}仅隔约 {about_m:.0f} m，与两区内部相近",
        "{where_en}only about {about_m:.0f} m apart, much as inside the two areas",
    )
    return [
        said(
            border[far],
            "distance",
            "相距 {least_m:.0f} m，互不相邻",
            "{least_m:.0f} m apart, not side by side",
            value="least_m",
        ),
        said(
            plain[tells],
            "distance",
            zh + "，两区内部约 {inside_m:.0f} m",
            en + ", against {inside_m:.0f} m inside the two areas",
            value="open_m",
        ),
        said(plain[weak], "distance", weak_zh, weak_en, value="open_m"),
        said(plain[~tells & ~weak], "distance", zh, en, value="open_m"),
    ]


def _by_difference(border: pd.DataFrame) -> list[pd.DataFrame]:
    rows = []
    for column, zh, en in (
        ("subdistrict", "分属不同街道：{0}、{1}", "in different subdistricts: {0}, {1}"),
        ("community", "分属不同社区：{0}、{1}", "in different communities: {0}, {1}"),
        ("owner_unit", "原产权单位不同：{0}、{1}", "different original owner units: {0}, {1}"),
        ("road", "地址在不同的路：{0}、{1}", "addresses on different roads: {0}, {1}"),
    ):
        one, other = f"{column}_lo", f"{column}_hi"
        differ = border[border[one].notna() & border[other].notna() & (border[one] != border[other])]
        if column == "subdistrict":  # no area crosses this line, whatever lies on the ground
            differ = differ.assign(confidence=CONFIDENCE_MAX)
        slots = (f"{{{one}}}", f"{{{other}}}")
        rows.append(said(differ, column, zh.format(*slots), en.format(*slots)))
    misaligned = border["misaligned"].ge(MAJORITY) & border["misaligned_inside"].le(border["misaligned"] / 2)
    heights = (border["floors_lo"] - border["floors_hi"]).abs().ge(STOREYS)
    ages = (border["year_lo"] - border["year_hi"]).abs().ge(YEARS)
    rows += [
        said(
            border[misaligned],
            "alignment",
            "楼栋朝向不同",
            "their buildings face different ways",
            value="misaligned",
        ),
        said(
            border[heights],
            "floors",
            "层数不同：{floors_lo:.0f} 层、{floors_hi:.0f} 层",
            "of different height: {floors_lo:.0f} and {floors_hi:.0f} storeys",
        ),
        said(
            border[ages],
            "year",
            "年代不同：{year_lo:.0f} 年、{year_hi:.0f} 年前后",
            "of different age: about {year_lo:.0f} and {year_hi:.0f}",
        ),
    ]
    return rows


def _by_size(border: pd.DataFrame, rules: GroupRules) -> list[pd.DataFrame]:
    most = rules.floor_area_max_m2
    over = border[border["floor_area_m2"] > most]
    zh, en = (
        "合并后建筑面积 {floor_area_m2:,.0f} m²，超过 ",
        "together {floor_area_m2:,.0f} m² of floor area, over ",
    )
    return [said(over, "size", zh + f"{most:,.0f} m²", en + f"{most:,.0f} m²", value="floor_area_m2")]
