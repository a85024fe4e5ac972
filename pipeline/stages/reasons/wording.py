"""Wording: rows of AREA_REASONS out of a sentence in each language and the values of each row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

KEPT = ("area", "subject", "lo", "hi", "place", "part", "confidence")
"""What a row of facts hands on to the row of the reason."""


def said(frame: pd.DataFrame, reason: str, zh: str, en: str, *, name: Any = None, value: Any = None) -> pd.DataFrame:
    """Rows of one reason: the two sentences filled in with the values of each row. A value is never read as a sentence."""
    records = frame.to_dict("records")
    columns = [c for c in KEPT if c in frame]
    return frame[columns].assign(
        reason=reason,
        name=frame[name].astype(object) if name else None,
        value=frame[value].astype(float) if value else np.nan,
        text_zh=[zh.format_map(record) for record in records],
        text_en=[en.format_map(record) for record in records],
    )


def some_of(n: Any, total: Any) -> dict[str, Any]:
    """So many of so many buildings, in words."""
    n, total = n.astype("Int64").astype("str"), total.astype("Int64").astype("str")
    return {
        "some_zh": (total + " 栋中 " + n + " 栋").where(n.ne(total), "全部 " + n + " 栋"),
        "some_en": (n + " of its " + total + " buildings").where(n.ne(total), "all its buildings (" + n + ")"),
    }
