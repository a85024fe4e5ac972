"""Contract against delivery: what each area was promised, what it gets, and the mode it is eligible for."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import ServiceRules
from pipeline.tables import SERVICE, SERVICES, conform


def assess_service(
    areas: pd.DataFrame,
    register: pd.DataFrame,
    contracts: pd.DataFrame,
    assessments: pd.DataFrame,
    *,
    as_of: date,
    rules: ServiceRules,
) -> pd.DataFrame:
    """Set contract against delivery, and find the mode each area is eligible for.

    The contract is the one in force on `as_of`, else the last that began. The score is the sum of the points
    of the last quarter in which the area was assessed; a service with no points there is missing.

    status: `proposed` for an area that is only a proposal; `registered` where no contract of any area is
    known; `unsigned` without a contract in force; `paper_only` (失管) with one, but with no points for
    cleaning, or none at all; else `served`.

    mode_eligible: `market` where boundary, service room, maintenance fund and facilities are all there; else
    `self_management` where the privatised share is above `rules.privatised_share_min`; else `basic_guarantee`
    (市场化, 业主自治, 基础保障: the three modes of the district's scheme).

    Parameters
    ----------
    areas, register : GeoDataFrame
        Tables of those schemas; of the areas' geometry only whether there is any.
    contracts, assessments : DataFrame
        Tables of those schemas.
    as_of : date
        The day the data speak of.
    rules : ServiceRules
        `privatised_share_min`: share of the floor area, 0 to 1.

    Returns
    -------
    DataFrame
        SERVICE, one row an area.
    """
    out = areas[["area_id", "origin"]].copy()
    out["has_ground"] = ~(areas.geometry.isna() | areas.geometry.is_empty)
    registered = register[
        [
            "area_id",
            "manager",
            "manager_kind",
            "mode",
            "service_room",
            "maintenance_fund",
            "facilities_complete",
            "privatised_share",
        ]
    ]
    out = out.merge(registered, on="area_id", how="left")
    out = out.merge(_contract_of(contracts, as_of), on="area_id", how="left", suffixes=("", "_contract"))
    out = out.merge(_assessment_of(assessments), on="area_id", how="left")
    out["manager"] = out["manager_contract"].fillna(out["manager"])
    out["status"] = _status(out, known=not contracts.empty)
    return conform(_with_mode(out, rules), SERVICE)


def _contract_of(contracts: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One contract an area: one in force before one that is over, a later before an earlier one."""
    day = as_of.isoformat()
    ordered = contracts.assign(
        in_force=(contracts["starts_on"].fillna("") <= day) & (contracts["ends_on"].fillna("9999") >= day),
        contract_kind=contracts["kind"],
    ).sort_values(["area_id", "in_force", "starts_on", "contract_id"], na_position="first")
    last = ordered.drop_duplicates("area_id", keep="last")
    return last[["area_id", "manager", "contract_id", "contract_kind", "starts_on", "ends_on", "in_force"]]


def _assessment_of(assessments: pd.DataFrame) -> pd.DataFrame:
    services = list(SERVICES)
    filled = assessments.dropna(subset=services, how="all")
    last = filled.sort_values(["area_id", "quarter"]).drop_duplicates("area_id", keep="last")
    points = last[services]
    missing = points.fillna(0).le(0).to_numpy()
    names = np.array(services)
    return pd.DataFrame(
        {
            "area_id": last["area_id"],
            "quarter": last["quarter"],
            "score": points.sum(axis=1, min_count=1),
            "missing_services": pd.Series(
                [";".join(names[row]) for row in missing], index=last.index, dtype="str"
            ).replace("", pd.NA),
            "no_cleaning": last["cleaning"].fillna(0).le(0),
        }
    )


def _status(out: pd.DataFrame, *, known: bool) -> NDArray[np.str_]:
    in_force = out["in_force"].astype("boolean").fillna(False)
    undelivered = out["no_cleaning"].astype("boolean").fillna(False) | out["score"].le(0)
    cases = [out["origin"] == "proposal", np.full(len(out), not known), ~in_force, undelivered]
    return np.select(cases, ["proposed", "registered", "unsigned", "paper_only"], "served")


#: What the market needs, in the words of the page: column → (Chinese, English).
MARKET_NEEDS = {
    "has_ground": ("边界", "a clear boundary"),
    "service_room": ("物业用房", "a service room"),
    "fund_paid": ("维修资金", "a paid-in maintenance fund"),
    "facilities_complete": ("配套设施", "complete facilities"),
}


def _with_mode(out: pd.DataFrame, rules: ServiceRules) -> pd.DataFrame:
    out = out.assign(fund_paid=out["maintenance_fund"].eq("paid"))
    needs = out[list(MARKET_NEEDS)].astype("boolean").fillna(False).to_numpy(dtype=bool)
    market = needs.all(axis=1)
    self_managed = out["privatised_share"].gt(rules.privatised_share_min).to_numpy(dtype=bool)
    lacks_zh = _lacking(needs, [zh for zh, _ in MARKET_NEEDS.values()], "、")
    lacks_en = _lacking(needs, [en for _, en in MARKET_NEEDS.values()], ", ")
    share = (
        np.round(100 * out["privatised_share"].fillna(0).to_numpy()).astype(int).astype(str).astype(object)
    )
    return out.assign(
        mode_eligible=np.select([market, self_managed], ["market", "self_management"], "basic_guarantee"),
        mode_reason_zh=np.select(
            [market, self_managed],
            ["市场化条件齐备", "缺" + lacks_zh + "；私有产权占 " + share + "%"],
            "缺" + lacks_zh,
        ),
        mode_reason_en=np.select(
            [market, self_managed],
            ["everything the market needs is there", "lacks " + lacks_en + "; " + share + " % privatised"],
            "lacks " + lacks_en,
        ),
    )


def _lacking(needs: NDArray[np.bool_], names: list[str], separator: str) -> NDArray[np.object_]:
    """Each row's missing names joined. There are only 2^n different rows, so each is worded once."""
    patterns, inverse = np.unique(needs, axis=0, return_inverse=True)
    worded = [
        separator.join(name for name, there in zip(names, pattern, strict=True) if not there)
        for pattern in patterns
    ]
    return np.array(worded, dtype=object)[inverse.ravel()] if worded else np.array([], dtype=object)


def summary(service: pd.DataFrame) -> str:
    """The table in a line."""
    return ", ".join(f"{count} {status}" for status, count in service["status"].value_counts().items())
