"""Rows that are not taken stay in the frame, with a reason: they are told apart only in the end."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def refuse(
    frame: pd.DataFrame, mask: pd.Series | NDArray[np.bool_], reason: str, detail: str | pd.Series
) -> None:
    """Set, in place, the reason and detail of those rows of a mask that have none.

    Parameters
    ----------
    frame : DataFrame
        Columns reason and detail; "" while a row stands.
    mask : Series or boolean array, shape (n,)
    reason : str
        One of `pipeline.raw.reasons.REASONS`.
    detail : str or Series of str
        One for all rows, or a Series with theirs.
    """
    free = mask & (frame["reason"] == "")
    if free.any():
        frame.loc[free, "reason"], frame.loc[free, "detail"] = reason, detail
