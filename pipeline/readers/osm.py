"""OpenStreetMap extracts: the tags that GDAL leaves in `other_tags` as columns, and one id for what it gives
two columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

#: What the rows of GDAL's layers are; a multipolygon is a way where `osm_way_id` says so.
ELEMENTS = {
    "points": "node",
    "lines": "way",
    "multilinestrings": "relation",
    "multipolygons": "relation",
    "other_relations": "relation",
}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
KEY = r'(?:^|,)"((?:[^"\\]|\\.)*)"=>'


def with_tags(attributes: pd.DataFrame, wanted: Iterable[str], layer: str) -> pd.DataFrame:
    """The attributes with a column for each wanted tag that GDAL gives none, and `osm`.

    Parameters
    ----------
    attributes : DataFrame
        As GDAL gives them.
    wanted : iterable of str
        Keys of tags.
    layer : str
        One of ELEMENTS.

    Returns
    -------
    DataFrame
        osm: way/123, relation/45 or node/6.

    Notes
    -----
    `other_tags` is GDAL's text of the other tags: "key"=>"value" with commas between, quotes and backslashes
    escaped.
    """
    out = attributes.copy()
    tags = (
        out["other_tags"].astype("str")
        if "other_tags" in out
        else pd.Series(None, index=out.index, dtype="str")
    )
    for key in sorted(set(wanted) - set(out.columns) - {"osm"}):
        pattern = r'(?:^|,)"' + re.escape(_escape(key)) + r'"=>"((?:[^"\\]|\\.)*)"'
        found = tags.str.extract(pattern, flags=re.DOTALL, expand=False)
        out[key] = found.str.replace(ESCAPED, r"\1", regex=True).astype("str")
    ids = (ELEMENTS[layer] + "/") + out["osm_id"].astype("str")
    if "osm_way_id" in out:
        ids = ids.fillna("way/" + out["osm_way_id"].astype("str"))
    return out.assign(osm=ids.astype("str"))


def keys(attributes: pd.DataFrame, most: int) -> list[str]:
    """The tags that most rows have among those that GDAL leaves in `other_tags`.

    Parameters
    ----------
    attributes : DataFrame
        As GDAL gives them.
    most : int
        So many at most.

    Returns
    -------
    list of str
        The most frequent first.
    """
    if "other_tags" not in attributes:
        return []
    found = attributes["other_tags"].dropna().astype("str").str.findall(KEY).explode().dropna()
    return [ESCAPED.sub(r"\1", str(key)) for key in found.value_counts().index[:most]]


def _escape(key: str) -> str:
    return key.replace("\\", "\\\\").replace('"', '\\"')
