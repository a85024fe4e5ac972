"""Pinyin of the characters that a page holds, so that its search finds 胜利街 by `shengli` and by `slj`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import pandas as pd
from pypinyin import Style, pinyin


def readings(columns: Iterable[pd.Series]) -> dict[str, str]:
    """Each reading, without its tone, with the characters of these texts that can be read so, both in order.

    Parameters
    ----------
    columns : iterable of Series of text
        Null holds no character.

    Returns
    -------
    dict of str to str
        Reading → its characters. A character of several readings (长: chang, zhang) stands at each; ü is
        written v, as people type it.

    Notes
    -----
    Characters are those of the search: compatibility forms become the usual ones (NFKC).
    """
    found: set[str] = set()
    for texts in columns:
        found.update("".join(texts.dropna().to_numpy(object)))
    read: dict[str, list[str]] = {}
    for character in sorted(set(unicodedata.normalize("NFKC", "".join(sorted(found))))):
        spoken = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
        for reading in dict.fromkeys(spoken[0] if spoken else []):
            if reading.isascii() and reading.isalpha():
                read.setdefault(reading, []).append(character)
    return {reading: "".join(characters) for reading, characters in sorted(read.items())}
