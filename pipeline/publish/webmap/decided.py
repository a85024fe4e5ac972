"""What people have decided so far, as the page is given it: whole, so that what the page hands in replaces
the files there were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import pandas as pd

from pipeline.publish.files.handoff import to_wgs84

DECISIONS = ["building_id", "area_id", "kind", "decided_by", "decided_on", "note"]
BOUNDARIES = ["area_id", "kind", "decided_by", "decided_on"]
#: Tables whose codes of areas, those of retired ones among them, are never given to another area.
CODED = ("areas", "register", "boundaries", "decisions", "released_areas", "released_membership")


def decided(tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """What has been decided so far, as JSON values.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The tables of CODED by name; boundaries in the district's CRS.

    Returns
    -------
    dict
        decisions: DECISIONS as columns. boundaries: GeoJSON features in WGS 84, 7 decimals, as they were
        handed in, with BOUNDARIES as properties. highest: the highest sequence, the last three digits, by
        what codes have before it.
    """
    decisions, boundaries = tables["decisions"], tables["boundaries"]
    return {
        "decisions": {
            name: decisions[name].astype(object).where(decisions[name].notna(), None).tolist()
            for name in DECISIONS
        },
        "boundaries": json.loads(
            to_wgs84(boundaries)[[*BOUNDARIES, "geometry"]].to_json(drop_id=True, to_wgs84=False)
        )["features"],
        "highest": _highest(pd.concat([tables[name]["area_id"] for name in CODED])),
    }


def _highest(codes: pd.Series) -> dict[str, int]:
    parts = codes.dropna().drop_duplicates().str.extract(r"^(?P<head>.*)(?P<sequence>[0-9]{3})$").dropna()
    highest = parts["sequence"].astype(int).groupby(parts["head"]).max()
    return {str(head): int(sequence) for head, sequence in highest.items()}
