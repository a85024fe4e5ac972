"""Checks of the result: conservation of rows and buildings, topology of the areas, decisions carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import geopandas as gpd
import pandas as pd

from pipeline.config import GroupRules, InputFile
from pipeline.raw import intake_log
from pipeline.stages.check import (
    conservation,
    hard_barriers,
    place,
    raw_files,
    register_entries,
    topology,
)
from pipeline.stages.check.decided import decided
from pipeline.tables import CHECKS, conform


def check(
    intakes: pd.DataFrame,
    rejects: pd.DataFrame,
    buildings: gpd.GeoDataFrame,
    membership: pd.DataFrame,
    matched: pd.DataFrame,
    blocks: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    register: gpd.GeoDataFrame,
    entries: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    decisions: pd.DataFrame,
    subdistricts: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    addresses: pd.DataFrame,
    target_count: int | None,
    group_rules: GroupRules,
    placed: Mapping[str, gpd.GeoDataFrame] | None = None,
    of_areas: Mapping[str, pd.DataFrame] | None = None,
    files: Mapping[str, Sequence[InputFile]] | None = None,
    as_of: date | None = None,
) -> pd.DataFrame:
    """Check conservation, topology, place, decisions and what rows name.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration: input, and what Intake.log says of it.
    rejects : DataFrame
        REJECTS.
    buildings, blocks, areas, register, entries, boundaries, subdistricts, barriers : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    membership, matched, decisions, addresses : DataFrame
        Tables of those schemas.
    target_count : int or None
        So many areas there have to be; None: no number is set.
    group_rules : GroupRules
        The rules that the areas were made by.
    placed : mapping of str to GeoDataFrame, optional
        Inputs by name whose datum is held against the buildings.
    of_areas : mapping of str to DataFrame, optional
        Inputs by name whose rows are about areas (area_id).
    files : mapping of str to sequence of InputFile, optional
        The entries of the configuration by input.
    as_of : date, optional
        The day of the data; None: not known.

    Returns
    -------
    DataFrame
        CHECKS, each with what was measured and what had to be. `fail` stops the hand-off, `warn` wants a
        look.
    """
    intakes = intakes.assign(title=intake_log.titles(intakes))
    rows = [
        *conservation.rows_conserved(intakes, rejects),
        *place.datums_doubted(intakes, placed or {}, buildings),
        *raw_files.footprints_overlap(intakes),
        *raw_files.read_with_doubt(intakes),
        *raw_files.without_rows(intakes),
        *raw_files.none_meant(intakes),
        *place.stands_beside(intakes),
        *place.outlines_fit("subdistricts", subdistricts, "subdistrict_code"),
        *place.outlines_fit("communities", (placed or {}).get("communities"), "community_code"),
        conservation.buildings_conserved(buildings, membership),
        conservation.one_holder(membership),
        *conservation.areas_conserved(membership, areas, register, boundaries),
        conservation.areas_counted(areas, membership, register, target_count),
        *topology.areas_fit(areas, blocks, buildings, membership, boundaries, subdistricts),
        *hard_barriers.on_one_side(areas, buildings, membership, barriers, group_rules),
        *decided(
            decisions,
            boundaries,
            rejects,
            files or {},
            register=register,
            membership=membership,
            areas=areas,
            buildings=buildings,
            as_of=as_of,
        ),
        *register_entries.entries_known(entries, register, boundaries, buildings),
        *register_entries.areas_named(of_areas or {}, areas),
        register_entries.entries_overruled(entries, matched, membership),
        *register_entries.addresses_read(addresses),
    ]
    return conform(pd.DataFrame(rows), CHECKS)


def check_district(
    intakes: pd.DataFrame,
    rejects: pd.DataFrame,
    *,
    communities: gpd.GeoDataFrame,
    land: gpd.GeoDataFrame,
    compounds: gpd.GeoDataFrame,
    contracts: pd.DataFrame,
    assessments: pd.DataFrame,
    target_count: int | None,
    group_rules: GroupRules,
    files: Mapping[str, Sequence[InputFile]],
    as_of: date,
    **tables: pd.DataFrame,
) -> pd.DataFrame:
    """Check conservation, topology and decisions; the report is written whatever it says.

    Parameters
    ----------
    intakes, rejects : DataFrame
        The logs of all inputs, and REJECTS.
    communities, land, compounds : GeoDataFrame
        Tables of those schemas, in the district's CRS, metres.
    contracts, assessments : DataFrame
        Tables of those schemas.
    target_count : int or None
        So many areas there have to be; None: no number is set.
    group_rules : GroupRules
    files : mapping of str to sequence of InputFile
        The entries of the configuration by input.
    as_of : date
        The day of the data.
    **tables : DataFrame
        All others that `check` takes, under their own names.

    Returns
    -------
    DataFrame
        CHECKS.
    """
    own = ("register", "entries", "boundaries")
    return check(
        intakes,
        rejects,
        **tables,
        placed={
            "communities": communities,
            "barriers": tables["barriers"],
            "land": land,
            "compounds": compounds,
            **{name: tables[name] for name in own},
        },
        of_areas={"contracts": contracts, "assessments": assessments},
        target_count=target_count,
        group_rules=group_rules,
        files=files,
        as_of=as_of,
    )


def summary(checks: pd.DataFrame) -> str:
    """The table in a line."""
    return ", ".join(f"{count} {verdict}" for verdict, count in checks["verdict"].value_counts().items())
