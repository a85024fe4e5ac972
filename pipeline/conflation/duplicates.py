"""Rows that are there twice: which one stays does not depend on their order."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.tables.schema import rises

#: Columns that say where a row stands, and nothing about how good it is.
PLACE = ("geometry", "source_file", "source_layer", "source_row")


def superseded(frame: gpd.GeoDataFrame | pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """For each row that has the same key as a better one, that better row.

    Parameters
    ----------
    frame : GeoDataFrame or DataFrame
        Candidates of one table, with their source_file and source_row.
    key : sequence of str
        Columns that are the same in rows of one thing.

    Returns
    -------
    Series of Int64, index of frame
        The index label of the best row with this key (`best_first`); null for rows that stay.
    """
    out = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    if rises(frame[key[0]]) or not (doubled := frame.duplicated(list(key), keep=False)).any():
        return out
    group = frame.loc[best_first(frame[doubled])]
    best = group.groupby(list(key), sort=False)["source_row"].transform(lambda column: column.index[0])
    loser = best.index[best.to_numpy() != best.index.to_numpy()]
    out[loser] = best[loser].astype("Int64")
    return out


def best_first(frame: gpd.GeoDataFrame | pd.DataFrame) -> pd.Index:
    """The index labels, the best row first.

    Parameters
    ----------
    frame : GeoDataFrame or DataFrame
        With source_file and source_row; decided_on, source_layer and geometry where it has them.

    Returns
    -------
    Index
        First the row decided last, where that is known (a person who changes his mind adds a line); then the
        one with most values; then by content, shape, file, layer and row, so that the order of the rows makes
        no difference.
    """
    attributes = pd.DataFrame(frame.drop(columns=list(PLACE), errors="ignore"))
    order = pd.DataFrame(
        {
            "_decided": frame.get("decided_on", ""),
            "_empty": attributes.isna().sum(axis=1),
            **{name: attributes[name].astype("string").fillna("") for name in sorted(attributes)},
            "_shape": _hex(frame["geometry"]) if "geometry" in frame else "",
            "_file": frame["source_file"],
            "_layer": frame["source_layer"].astype("str").fillna("") if "source_layer" in frame else "",
            "_row": frame["source_row"],
        }
    )
    return order.sort_values(list(order), ascending=[name != "_decided" for name in order]).index


def _hex(geometry: pd.Series) -> pd.Series:
    return pd.Series(
        shapely.to_wkb(shapely.normalize(np.asarray(geometry, dtype=object)), hex=True), index=geometry.index
    ).fillna("")
