"""Wording: rows of AREA_REASONS out of a sentence in each language and the values of each row."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter

import numpy as np
import pandas as pd

from pipeline.parsing.romanisation import in_english

KEPT = ("area", "subject", "lo", "hi", "place", "part", "confidence")
"""What a row of facts hands on to the row of the reason."""
NAMES = ("owner_unit", "road", "community", "subdistrict")
"""Names, which readers of English need in both scripts; on either side of a border with _lo and _hi."""


def said(
    frame: pd.DataFrame, reason: str, zh: str, en: str, *, name: str | None = None, value: str | None = None
) -> pd.DataFrame:
    """Rows of one reason: the two sentences filled in with the values of each row.

    Parameters
    ----------
    frame : DataFrame
        Its columns fill the slots; those in KEPT are handed on.
    reason : str
        One of REASONS.
    zh, en : str
        A sentence in each language, with slots as for `str.format`. A value is never read as a sentence.
    name, value : str, optional
        Columns to hand on as name and value; None: null.

    Returns
    -------
    DataFrame
    """
    columns = [c for c in KEPT if c in frame]
    return frame[columns].assign(
        reason=reason,
        name=frame[name].astype(object) if name else None,
        value=frame[value].astype(float) if value else np.nan,
        text_zh=_filled_in(zh, frame, str),
        text_en=_filled_in(en, frame, in_english),
    )


def _filled_in(sentence: str, frame: pd.DataFrame, called: Callable[[str], str]) -> list[str]:
    """The sentence with the values of each row; `called` gives names in the language of the sentence."""
    slots = sorted({slot for _, slot, _, _ in Formatter().parse(sentence) if slot})
    named = [slot for slot in slots if slot.removesuffix("_lo").removesuffix("_hi") in NAMES]
    values = frame[slots].assign(**{slot: frame[slot].map(called, na_action="ignore") for slot in named})
    return (
        [sentence.format_map(record) for record in values.to_dict("records")]
        if slots
        else [sentence.format()] * len(frame)
    )


def some_of(n: pd.Series, total: pd.Series) -> dict[str, pd.Series]:
    """The words for n of the total number of buildings.

    Parameters
    ----------
    n, total : Series of numbers

    Returns
    -------
    dict of str to Series of str
        some_zh and some_en.
    """
    n, total = n.astype("Int64").astype("str"), total.astype("Int64").astype("str")
    return {
        "some_zh": (total + " 栋中 " + n + " 栋").where(n.ne(total), "全部 " + n + " 栋"),
        "some_en": (n + " of its " + total + " buildings").where(
            n.ne(total), "all its buildings (" + n + ")"
        ),
    }
