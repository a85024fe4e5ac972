"""Text in tables that a spreadsheet would take for something else: an apostrophe goes before it, and is taken off when it is read.

So is what other programs put around ids to keep their digits: ="210203001001002", '210203001001002.
"""

from __future__ import annotations

import re

import pandas as pd

#: A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection), in full width too, or would lose an apostrophe before a
#: digit; apostrophes before it are counted, so that what is guarded and read again is what it was, whatever it was. js/handing_in.js
#: has the same.
FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]|'+\d|'*[\u2018\u2019`＇]\d"
_GUARDED = re.compile(rf"'(?={FORMULA}|\d)")
#: A text as a formula; digits behind another apostrophe, as some programs export them.
_AS_FORMULA = re.compile(r'^=\s*"((?:[^"]|"")*)"$')
_OTHER_APOSTROPHE = re.compile(r"^[\u2018\u2019`＇](?=\d[\dA-Za-z._-]*$)")
#: What a wrapped cell can begin with.
FIRST = frozenset("'=\u2018\u2019`＇")


def guarded(texts: pd.Series) -> pd.Series:
    """The texts, those that begin like a formula with one apostrophe more."""
    risky = texts.str.match(FORMULA).fillna(False).astype(bool)
    return texts.where(~risky, "'" + texts)


def read_back(cell: str) -> str:
    """The text that was guarded, or wrapped to keep its digits; any other as it is."""
    if cell[:1] not in FIRST:
        return cell
    if _GUARDED.match(cell):
        return cell[1:]
    if found := _AS_FORMULA.match(cell):
        return found[1].replace('""', '"')
    return _OTHER_APOSTROPHE.sub("", cell)
