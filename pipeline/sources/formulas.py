"""Text in CSV files that a spreadsheet would take for a formula: an apostrophe goes before it, and is taken off when it is read."""

from __future__ import annotations

import re

import pandas as pd

#: A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection), in full width too; apostrophes before it are counted, so that
#: what is guarded and read again is what it was, whatever it was. js/handing_in.js has the same.
FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]"
_GUARDED = re.compile(rf"'(?={FORMULA})")


def guarded(texts: pd.Series) -> pd.Series:
    """The texts, those that begin like a formula with one apostrophe more."""
    risky = texts.str.match(FORMULA).fillna(False).astype(bool)
    return texts.where(~risky, "'" + texts)


def read_back(cell: str) -> str:
    """The text that was guarded; any other as it is."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
