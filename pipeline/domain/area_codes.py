"""Codes of proposed areas: 15 digits where the district has the codes for it, and never one code for two
things.

District 6 + subdistrict 3 + community 3 + sequence 3, numbered west to east, then north to south, as the unit
grids of Chinese cities are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from pipeline.geometry.arrays import Integers


def proposal_codes(
    homes: gpd.GeoDataFrame,
    cluster: Integers,
    *,
    released: pd.DataFrame,
    taken: Collection[str],
    settled: Collection[str] = (),
    district_code: str,
) -> NDArray[np.object_]:
    """One code for each cluster 0 … k − 1.

    Parameters
    ----------
    homes : GeoDataFrame
        BUILDINGS, in a projected CRS, metres.
    cluster : integer array, shape (n,)
        The cluster of each building.
    released : DataFrame
        RELEASED_MEMBERSHIP of the last release.
    taken : collection of str
        Codes that are never given.
    settled : collection of str, default ()
        Neither are these, which were proposals until a person accepted or drew them. They are left out of the
        count, so that settling one proposal does not renumber the others.
    district_code : str
        What every code begins with.

    Returns
    -------
    object array of str, shape (k,)

    Notes
    -----
    A cluster that holds most of the buildings that one released area still has, or is mostly made of them,
    keeps that area's code, the largest share first; the others are numbered above every code in `released`
    and `taken`.
    """
    k = int(cluster.max()) + 1 if len(cluster) else 0
    prefix = _prefixes(homes, cluster, k, district_code)
    codes = _kept(homes, cluster, k, released, {*taken, *settled})
    counted = set(taken) | set(released["area_id"].dropna())
    used = counted | set(settled)
    highest: Counter[str] = Counter()
    for code in counted:
        head, sequence = code[:-3], code[-3:]
        if sequence.isdecimal() and sequence.isascii():
            highest[head] = max(highest[head], int(sequence))
    xy = shapely.get_coordinates(shapely.centroid(np.asarray(homes.geometry.array, dtype=object)))
    centre = pd.DataFrame(xy).groupby(cluster).mean().round(1)
    for i in np.lexsort((np.arange(k), -centre[1], centre[0])):
        if codes[i] is None:
            highest[prefix[i]] += 1
            # a longer sequence than three digits
            while (code := f"{prefix[i]}{highest[prefix[i]]:03d}") in used:
                highest[prefix[i]] += 1
            codes[i] = code
    return codes


def _prefixes(homes: gpd.GeoDataFrame, cluster: Integers, k: int, district_code: str) -> list[str]:
    subdistrict = most_common(homes["subdistrict_code"], cluster, k)
    community = most_common(homes["community_code"], cluster, k)
    return [
        district_code + ((s or "")[6:9] or "000") + ((c or "")[9:12] or "000")
        for s, c in zip(subdistrict, community, strict=True)
    ]


def most_common(values: pd.Series, cluster: Integers, k: int) -> list[str | None]:
    """The value that most rows of each cluster have.

    Parameters
    ----------
    values : Series, shape (n,)
        Nulls are left out.
    cluster : integer array, shape (n,)
        Cluster of each row, 0 … k − 1.
    k : int

    Returns
    -------
    list of k str or None
        The smallest of equally common ones; None where no row has a value.

    Examples
    --------
    >>> most_common(pd.Series(["b", "a", None]), np.array([0, 0, 1]), 2)
    ['a', None]
    """
    frame = pd.DataFrame({"cluster": np.asarray(cluster), "value": values.to_numpy(dtype=object)}).dropna()
    counts = (
        frame.groupby(["cluster", "value"])
        .size()
        .reset_index(name="n")
        .sort_values(["cluster", "n", "value"], ascending=[True, False, True])
    )
    best = counts.drop_duplicates("cluster").set_index("cluster")["value"]
    return [best.get(i) for i in range(k)]


def _kept(
    homes: gpd.GeoDataFrame, cluster: Integers, k: int, released: pd.DataFrame, taken: Collection[str]
) -> NDArray[np.object_]:
    codes = np.full(k, None, dtype=object)
    before = homes["building_id"].map(
        released.dropna(subset="area_id").drop_duplicates("building_id").set_index("building_id")["area_id"]
    )
    frame = pd.DataFrame({"cluster": cluster, "area_id": before.to_numpy(dtype=object)})
    sizes = frame["cluster"].value_counts()
    frame = frame.dropna()
    frame = frame[~frame["area_id"].isin(set(taken))]
    shared = (
        frame.groupby(["cluster", "area_id"])
        .size()
        .reset_index(name="n")
        .sort_values(["n", "area_id", "cluster"], ascending=[False, True, True])
    )
    still = frame["area_id"].value_counts()
    given: set[str] = set()
    for i, code, n in zip(shared["cluster"], shared["area_id"], shared["n"], strict=True):
        if codes[i] is None and code not in given and (2 * n > sizes[i] or 2 * n > still[code]):
            codes[i] = code
            given.add(code)
    return codes
