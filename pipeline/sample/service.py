"""Service: contracts and assessments, with the planted shortcomings among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

QUARTERS = ("2026Q2", "2026Q3")
MAXIMA = {"repair": 30, "order": 25, "cleaning": 20, "greening": 10, "records": 15}
PLANTED = {
    "paper_no_cleaning": 31,
    "paper_nothing": 4,
    "unassessed": 6,
    "failing": 8,
    "expired": 5,
    "emergency": 3,
}
N_THREE_NOS = 5


@dataclass
class Service:
    """Contracts, assessments, and which areas were made to fall short."""

    contracts: pd.DataFrame
    assessments: pd.DataFrame
    truth: dict[str, list[str]]


def serve(areas: pd.DataFrame, rng: np.random.Generator) -> Service:
    """Contracts and assessments of the register's areas.

    Parameters
    ----------
    areas : DataFrame
        The register; N_THREE_NOS of its areas are made to have no owner unit, committee or fee, in place.
    rng : Generator

    Returns
    -------
    Service
    """
    order = [areas.area_id[i] for i in rng.permutation(len(areas))]
    truth: dict[str, list[str]] = {}
    for kind, count in PLANTED.items():
        truth[kind], order = sorted(order[:count]), order[count:]
    truth["running_emergency"] = sorted(order[:2])
    offices = areas[(areas.manager_kind == "subdistrict") & areas.area_id.isin(order)]
    three = offices.iloc[np.sort(rng.choice(len(offices), N_THREE_NOS, replace=False))]
    areas.loc[three.index, "owner_unit"] = None
    areas.loc[three.index, ["owners_committee", "mode"]] = [False, "basic_guarantee"]
    areas.loc[three.index, "fee_yuan_m2_month"] = np.nan
    truth["three_nos"] = sorted(three.area_id)
    return Service(_contracts(areas, truth, rng), _assessments(areas, truth, rng), truth)


def _contracts(areas: pd.DataFrame, truth: dict[str, list[str]], rng: np.random.Generator) -> pd.DataFrame:
    small = set(areas.sort_values(["floor_area_m2", "area_id"]).area_id[:58])
    rows: list[tuple[str, str, str, str, str, str]] = []
    for area, manager in zip(areas.area_id, areas.manager, strict=True):
        day = int(rng.integers(1, 28))
        first = 2019 if area in small else 2020
        kind = "repairs_only" if area in truth["paper_no_cleaning"] and rng.random() < 0.75 else "full"
        if rng.random() < 0.45:
            rows.append(
                (area, manager, kind, f"{first}-10-{day:02d}", f"{first}-11-01", f"{first + 3}-10-31")
            )
        if area in truth["expired"]:
            rows.append(
                (area, manager, kind, f"2023-{day % 6 + 1:02d}-{day:02d}", "2023-07-01", "2026-06-30")
            )
        elif area in truth["emergency"]:
            rows.append((area, manager, "emergency", f"2025-11-{day:02d}", "2025-12-01", "2026-12-31"))
        elif area in truth["running_emergency"]:
            rows.append((area, manager, "emergency", f"2026-07-{day:02d}", "2026-08-01", "2026-12-31"))
        else:
            year = int(rng.choice([2024, 2025]))
            rows.append(
                (
                    area,
                    manager,
                    kind,
                    f"{year}-{int(rng.integers(1, 12)):02d}-{day:02d}",
                    f"{year}-12-01",
                    f"{year + 3}-11-30",
                )
            )
    frame = pd.DataFrame(rows, columns=["area_id", "manager", "kind", "signed_on", "starts_on", "ends_on"])
    frame.insert(
        0, "contract_id", [f"HT-{signed[:4]}-{n:04d}" for n, signed in enumerate(frame.signed_on, start=1)]
    )
    return frame


def _assessments(areas: pd.DataFrame, truth: dict[str, list[str]], rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for area in areas.area_id:
        for quarter in QUARTERS:
            level = rng.uniform(0.74, 0.96)
            points = {
                s: round(float(np.clip(level + rng.normal(0, 0.05), 0.7, 1) * most) * 2) / 2
                for s, most in MAXIMA.items()
            }
            last = quarter == QUARTERS[-1]
            if area in truth["unassessed"] and (last or rng.random() < 0.5):
                continue
            if area in truth["failing"] and last:
                points = {s: round(p * 0.55 * 2) / 2 for s, p in points.items()}
            if area in truth["paper_no_cleaning"]:
                points |= {"cleaning": 0.0} | {
                    s: max(points[s], 0.8 * MAXIMA[s]) for s in ("repair", "order", "records")
                }
            if area in truth["paper_nothing"] and last:
                points = dict.fromkeys(MAXIMA, 0.0)
            rows.append({"area_id": area, "quarter": quarter, **points})
    return pd.DataFrame(rows)
