"""Text in tables that a spreadsheet would take for something else: an apostrophe goes before it, and is taken
off when it is read.

So is what other programs put around ids to keep their digits: ="210203001001002", '210203001001002.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

#: A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection), in full width too, or would
#: lose an apostrophe before a digit; apostrophes before it are counted, so that what is guarded and read
#: again is what it was, whatever it was. js/handing_in.js has the same.
FORMULA = r"'*[=+\-@\t\r\n＝＋－＠]|'+\d|'*[\u2018\u2019`＇]\d"
_GUARDED = re.compile(rf"'(?={FORMULA}|\d)")
#: A text as a formula; digits behind another apostrophe, as some programs export them.
_AS_FORMULA = re.compile(r'^=\s*"((?:[^"]|"")*)"$')
_OTHER_APOSTROPHE = re.compile(r"^[\u2018\u2019`＇](?=\d[\dA-Za-z._-]*$)")
_ANY_APOSTROPHE = re.compile(r"^['\u2018\u2019`＇](?=\d[\dA-Za-z._-]*\s*$)")
#: What a wrapped cell can begin with.
FIRST = frozenset("'=\u2018\u2019`＇")


def guarded(texts: pd.Series) -> pd.Series:
    """The texts, those that begin like a formula with one apostrophe more.

    Parameters
    ----------
    texts : Series of str

    Returns
    -------
    Series of str, index of texts
        `read_back` gives what they were.
    """
    risky = texts.str.match(FORMULA).fillna(False).astype(bool)
    return texts.where(~risky, "'" + texts)


def read_back(cell: str) -> str:
    """The text that was guarded, or wrapped to keep its digits.

    Parameters
    ----------
    cell : str

    Returns
    -------
    str
        Any other text as it is.
    """
    if cell[:1] not in FIRST:
        return cell
    if _GUARDED.match(cell):
        return cell[1:]
    if found := _AS_FORMULA.match(cell):
        return found[1].replace('""', '"')
    return _OTHER_APOSTROPHE.sub("", cell)


def ids_unwrapped(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The rows, what keeps the digits of ids taken off: a layer that was joined to a spreadsheet has it too.

    Parameters
    ----------
    rows : DataFrame
    names : iterable of str
        Columns of ids.

    Returns
    -------
    DataFrame
        An apostrophe before a formula stays: a layer guards nothing, so it is the id's own.
    """
    texts = {name: rows[name] for name in names if pd.api.types.is_string_dtype(rows[name].dtype)}
    wrapped = {name: text for name, text in texts.items() if text.str[:1].isin(FIRST).any()}
    return rows.assign(
        **{name: text.map(_unwrapped, na_action="ignore").astype("str") for name, text in wrapped.items()}
    )


def _unwrapped(cell: str) -> str:
    found = _AS_FORMULA.match(cell)
    return found[1].replace('""', '"') if found else _ANY_APOSTROPHE.sub("", cell)
