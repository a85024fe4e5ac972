"""Chinese in simplified characters, so that 長春路 and 长春路 compare equal."""

from __future__ import annotations

from functools import cache

import pandas as pd
from opencc import OpenCC

HAN = "\u2e80"
"""No character before it is Chinese."""


def simplified(series: pd.Series) -> pd.Series:
    """The texts with every traditional character as its simplified one.

    Parameters
    ----------
    series : Series of str

    Returns
    -------
    Series of str, index of series
        Each character is converted by itself, whatever stands beside it.
    """
    characters = {character for text in series.dropna().unique() for character in text if character >= HAN}
    return series.str.translate({ord(character): _one(character) for character in characters})


@cache
def _one(character: str) -> str:
    return _converter().convert(character)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
