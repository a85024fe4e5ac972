"""Names of roads read against the roads there are: the same name, a region in front, another word for street,
or one letter off.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.parsing.addresses import normalise_road
from pipeline.parsing.simplified_chinese import simplified

#: Words that are taken for each other; a lane (巷, 弄) off a street is another place.
STREET = "(?:大街|大道|大路|马路|街|路|道)$"
#: All but the characters that tell roads of one family apart (香一街, 香三街; 石道街, 北石道街; 智勇巷,
#: 智勇西巷): a difference in these is never taken for a spelling mistake.
TELLING = r"[^\d零〇一二三四五六七八九十东南西北中前后左右上下内外新老大小甲乙丙丁第]"
PREFIXED = 0.95
"""Likeness of a known road behind words that are no region known from other addresses (胜利桥北上海路)."""
REWORDED = 0.9
"""Likeness of the only road of that name with another word for street (胜利街, 胜利大街, 胜利 for 胜利路)."""
REGION_ROADS = 3
"""Words before at least so many known roads are the name of a region (西岗八一路, 西岗长江路, 西岗香周路)."""


def road_keys(names: pd.Series) -> pd.Series:
    """What names of roads are compared by.

    Parameters
    ----------
    names : Series of str

    Returns
    -------
    Series of str, index of names
        As `normalise_road` has them, simplified, without spaces, in small letters.
    """
    return simplified(
        normalise_road(names).str.replace(r"\s+", "", regex=True).str.casefold().str.normalize("NFKC")
    )


def read_roads(names: pd.Series, known: pd.Series, *, margin: float) -> pd.DataFrame:
    """For each name of a road, which known one it means.

    Parameters
    ----------
    names, known : Series of str
        Distinct keys, as `road_keys` makes them.
    margin : float
        By so much the next known name must be less like a name than the one that is most like it.

    Returns
    -------
    DataFrame
        One row a name: name, read_as (null: not told), likeness (1: the same name). The caller says how like
        is enough.

    Notes
    -----
    A name that is known is itself; else words in front of a known road are left out (PREFIXED, REGION_ROADS);
    else another word for street (REWORDED); else the known name most like it: 1 − edits ÷ length.
    """
    names, known = names.reset_index(drop=True), known.sort_values(ignore_index=True)
    read = names.where(names.isin(known))
    likeness = pd.Series(1.0, index=names.index).where(read.notna())
    for how in (_behind_words, _reworded, _alike):
        left = names[read.isna()]
        if len(left) and len(known):
            found = how(left, known, margin).dropna(subset="read_as")
            read.loc[found.index], likeness.loc[found.index] = found["read_as"], found["likeness"]
    return pd.DataFrame({"name": names, "read_as": read.astype("str"), "likeness": likeness})


def _behind_words(names: pd.Series, known: pd.Series, _: float) -> pd.DataFrame:
    """The longest known name at the end of each, after two characters or more."""
    out = pd.DataFrame({"read_as": pd.Series(None, index=names.index, dtype="str"), "words": ""})
    for cut in range(int(names.str.len().max()) - 2, 1, -1):
        end = names.str.slice(cut)
        hit = end.isin(known) & (end.str.len() >= 3)
        out.loc[hit, "read_as"], out.loc[hit, "words"] = end[hit], names[hit].str.slice(0, cut)
    roads_behind = out.dropna().drop_duplicates().groupby("words")["read_as"].nunique()
    region = out["words"].map(roads_behind).ge(REGION_ROADS)
    return out.assign(likeness=region.map({True: 1.0, False: PREFIXED}))


def _reworded(names: pd.Series, known: pd.Series, _: float) -> pd.DataFrame:
    """The only known street of the same name, whatever it calls a street."""
    streets = known[known.str.contains(STREET, regex=True)]
    by_stem = streets.groupby(streets.str.replace(STREET, "", regex=True)).agg(["first", "size"])
    stem = names.str.replace(STREET, "", regex=True)
    only = by_stem["first"][by_stem["size"].eq(1) & (by_stem.index.str.len() >= 2)]
    return pd.DataFrame({"read_as": stem.map(only), "likeness": REWORDED})


def _alike(names: pd.Series, known: pd.Series, margin: float) -> pd.DataFrame:
    """The known name most alike, of those with the same numerals and directions and the same word for
    street.
    """
    alike = process.cdist(
        names.to_numpy(),
        known.to_numpy(),
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=0.5,
        dtype=np.float32,
    )
    left, right = np.nonzero(alike)
    told = (
        names.str.replace(TELLING, "", regex=True).to_numpy(),
        known.str.replace(TELLING, "", regex=True).to_numpy(),
    )
    ends = names.str.slice(-1).to_numpy(), known.str.slice(-1).to_numpy()
    pairs = pd.DataFrame(
        {"name": left, "known": right, "likeness": alike[left, right].astype("float64").round(2)}
    )
    # a name that differs in what tells roads apart is no reading, but it may be the one that was meant
    pairs["same"] = (told[0][left] == told[1][right]) & (ends[0][left] == ends[1][right])
    pairs = pairs.sort_values(["name", "likeness", "same", "known"], ascending=[True, False, False, True])
    best = pairs.drop_duplicates("name").set_index("name")
    second = (
        pairs[pairs["name"].duplicated()]
        .drop_duplicates("name")
        .set_index("name")["likeness"]
        .reindex(best.index, fill_value=0.0)
    )
    best = best[best["same"] & (best["likeness"] - second >= margin)]
    return pd.DataFrame(
        {"read_as": known.iloc[best["known"]].to_numpy(), "likeness": best["likeness"].to_numpy()},
        index=names.index[best.index],
    )
