"""Declared totals against computed ones: differences are reported, no result is fitted to them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from pipeline.config import Declared
from pipeline.tables import RECONCILIATION, conform

UNITS = {
    "subdistricts": "subdistricts",
    "areas": "areas",
    "register_entries": "entries",
    "floor_area_m2": "m²",
    "contracts_signed_share": "share",
    "management_units": "units",
    "assessed_quarters": "quarters",
    "service_rooms": "rooms",
    "office_rooms": "rooms",
    "first_batch_projects": "projects",
    "first_batch_buildings": "entries",
    "first_batch_floor_area_m2": "m²",
    "survey_households": "households",
    "survey_agree": "households",
    "survey_refuse": "households",
    "survey_no_opinion": "households",
    "survey_agree_share": "share",
}

MEASURED = ("m²", "share")
"""Units of what is measured or rounded; everything else is counted, and a count is right or wrong."""


def reconcile(
    areas: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    contracts: pd.DataFrame,
    assessments: pd.DataFrame,
    subdistricts: gpd.GeoDataFrame,
    *,
    declared: Declared,
) -> pd.DataFrame:
    """Set the declared totals against the computed ones.

    verdict: `pass` if equal, a floor area or a share within `declared.tolerance_share`; else `fail`; `warn`
    where nothing here can confirm the figure. Contradictions between two declared figures are noted on the
    row of the one they put in doubt.

    Parameters
    ----------
    areas, register, entries, subdistricts : GeoDataFrame
        Tables of those schemas; an empty input gives no figure.
    contracts, assessments : DataFrame
        Tables of those schemas; an empty input gives no figure.
    declared : Declared
        What somebody signed for, each figure in its own unit (UNITS).

    Returns
    -------
    DataFrame
        RECONCILIATION: one row a declared figure, with the computed one where these inputs give one.
    """
    computed = _computed(areas, register, entries, contracts, assessments, subdistricts, declared)
    notes = _contradictions(declared)
    rows = []
    for figure, unit in UNITS.items():
        stated = getattr(declared, figure)
        if stated is None:
            continue
        found = computed.get(figure)
        difference = None if found is None else found - stated
        share = None if difference is None or not stated else difference / stated
        if difference is None:
            verdict, note = "warn", "nothing in these inputs confirms it"
        else:
            allowed = declared.tolerance_share * abs(stated) if unit in MEASURED else 0
            verdict, note = (
                ("pass", "") if abs(difference) <= allowed else ("fail", "differs by more than the tolerance")
            )
        rows.append(
            {
                "figure": figure,
                "unit": unit,
                "declared": stated,
                "computed": found,
                "difference": difference,
                "difference_share": share,
                "verdict": verdict,
                "note": "; ".join(filter(None, [note, notes.get(figure)])) or None,
            }
        )
    return conform(pd.DataFrame(rows, columns=RECONCILIATION.column_names), RECONCILIATION)


def _computed(
    areas: gpd.GeoDataFrame,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    contracts: pd.DataFrame,
    assessments: pd.DataFrame,
    subdistricts: gpd.GeoDataFrame,
    declared: Declared,
) -> dict[str, float]:
    """The computed figures; one whose input is absent is left out rather than called 0."""
    found: dict[str, float] = {"areas": len(areas), "floor_area_m2": float(areas["floor_area_m2"].sum())}
    if len(subdistricts):
        found["subdistricts"] = len(subdistricts)
    if len(entries):
        found["register_entries"] = len(entries)
    if len(contracts):
        found["contracts_signed_share"] = float(areas["area_id"].isin(contracts["area_id"]).mean())
        found["management_units"] = contracts["manager"].nunique()
    if len(assessments):
        found["assessed_quarters"] = assessments["quarter"].nunique()
    if register["service_room"].notna().any():
        found["service_rooms"] = int(register["service_room"].sum())
    survey = (declared.survey_agree, declared.survey_refuse, declared.survey_no_opinion)
    if all(part is not None for part in survey):
        total = sum(part for part in survey if part is not None)
        found["survey_households"] = total
        if total:
            found["survey_agree_share"] = (declared.survey_agree or 0) / total
    return found


def _contradictions(declared: Declared) -> dict[str, str]:
    notes: dict[str, str] = {}
    d = declared
    if d.floor_area_m2 and d.register_entries and d.first_batch_floor_area_m2 and d.first_batch_buildings:
        all_of_them = d.floor_area_m2 / d.register_entries
        first_batch = d.first_batch_floor_area_m2 / d.first_batch_buildings
        if max(all_of_them, first_batch) > 2 * min(all_of_them, first_batch):
            notes["register_entries"] = (
                f"declared figures contradict each other: {all_of_them:,.0f} m² a building over all,"
                f" {first_batch:,.0f} m² in the first batch; they agree only if an entry stands for several"
                " footprints"
            )
    if d.survey_agree and d.survey_households and d.survey_agree_share:
        exact = d.survey_agree / d.survey_households
        if round(exact, 4) != d.survey_agree_share:
            notes["survey_agree_share"] = (
                f"printed {d.survey_agree_share:.2%}, but {d.survey_agree:,}/{d.survey_households:,} is"
                f" {exact:.3%}: cut off, not rounded"
            )
    return notes


def summary(reconciliation: pd.DataFrame) -> str:
    """The table in a line."""
    verdicts = reconciliation["verdict"].value_counts().items()
    return ", ".join(f"{count} {verdict}" for verdict, count in verdicts) or "nothing declared"
