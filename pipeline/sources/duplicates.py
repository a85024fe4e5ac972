"""Rows that are there twice: which one stays does not depend on their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


def superseded(frame: gpd.GeoDataFrame | pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """For each row that has the same key as a better one, the index label of that one; null for rows that stay.

    Of rows with one key the best is the one decided last, where that is known (a person who changes his mind adds a
    line), then the one with most values, then the first by content, file and row.
    """
    out = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    doubled = frame.duplicated(list(key), keep=False)
    if not doubled.any():
        return out
    group = frame[doubled]
    attributes = pd.DataFrame(group.drop(columns=["geometry", "source_file", "source_row"], errors="ignore"))
    order = pd.DataFrame(
        {
            **{name: group[name] for name in key},
            "_decided": group.get("decided_on", ""),
            "_empty": attributes.isna().sum(axis=1),
            "_content": attributes.astype("string").fillna("").agg("\x1f".join, axis=1),
            "_shape": _hex(group["geometry"]) if "geometry" in group else "",
            "_file": group["source_file"],
            "_row": group["source_row"],
        }
    )
    by = [*key, "_decided", "_empty", "_content", "_shape", "_file", "_row"]
    order = order.sort_values(by, ascending=[name != "_decided" for name in by])
    best = order.groupby(list(key), sort=False).transform(lambda column: column.index[0])["_row"]
    loser = best.index[best.to_numpy() != best.index.to_numpy()]
    out[loser] = best[loser].astype("Int64")
    return out


def _hex(geometry: Any) -> Any:
    return pd.Series(shapely.to_wkb(shapely.normalize(np.asarray(geometry, dtype=object)), hex=True), index=geometry.index).fillna("")
