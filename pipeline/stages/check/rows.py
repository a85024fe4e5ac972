"""Rows of CHECKS."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np
import pandas as pd

Row = dict[str, str | None]

NAMED = 5
"""Number of faults that are named in a row; all are counted."""
COMPARED = 20_000
"""Among more names than this no similar one is looked for."""


def row(
    name: str,
    ok: bool | np.bool_,
    measured: object,
    expected: object,
    note: str = "",
    otherwise: str = "fail",
) -> Row:
    """One row of CHECKS.

    Parameters
    ----------
    name : str
        Of the check.
    ok : bool
    measured, expected : object
        Written as text.
    note : str, default ""
        What would mend it; left out where it is ok.
    otherwise : {"fail", "warn"}
        The verdict where it is not ok.

    Returns
    -------
    Row
    """
    return {
        "check": name,
        "verdict": "pass" if ok else otherwise,
        "measured": str(measured),
        "expected": str(expected),
        "note": None if ok else note,
    }


def said_of_entries(intakes: pd.DataFrame, column: str, check: str, note: str) -> list[Row]:
    """A warning for each entry of the configuration of which its log says something in one column.

    Parameters
    ----------
    intakes : DataFrame
        One row an entry of the configuration, with its title.
    column : str
        Of the log; null: nothing to say.
    check : str
        First part of the name of the check.
    note : str
        What would mend it.

    Returns
    -------
    list of Row
    """
    return [
        row(f"{check}:{file.input}:{file.title}", False, getattr(file, column), "none", note, "warn")
        for file in intakes.dropna(subset=[column]).itertuples()
    ]


def few(names: Sequence[str]) -> str:
    """The first names, and how many they all are where that is more.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    str
        The first NAMED.
    """
    more = f"; and {len(names) - NAMED} more, {len(names)} in all" if len(names) > NAMED else ""
    return "; ".join(names[:NAMED]) + more


def near(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant.

    Parameters
    ----------
    name : str
    known : sequence of str
        Not compared, but for capitals, where there are more than COMPARED.

    Returns
    -------
    str
        "" for none.
    """
    alike = [one for one in known if one.lower() == name.lower()]
    alike = alike or (difflib.get_close_matches(name, known, n=1) if len(known) <= COMPARED else [])
    return alike[0] if alike else ""


def named(name: str, unknown: pd.Series, known: list[str], remedy: str, otherwise: str = "fail") -> Row:
    """A row that names what is unknown, and what was probably meant by the first.

    Parameters
    ----------
    name : str
        Of the check.
    unknown : Series of str
        The check is ok if it is empty.
    known : list of str
        What could have been meant.
    remedy : str
    otherwise : {"fail", "warn"}
        The verdict where it is not ok.

    Returns
    -------
    Row
    """
    names = sorted(set(unknown))
    meant = near(names[0], known) if names else ""
    note = f"{names[0]}: did you mean {meant}? Else {remedy}" if meant else remedy
    return row(
        name,
        not names,
        ", ".join(names[:5]) + (", …" if len(names) > 5 else "") or "none unknown",
        "none unknown",
        note,
        otherwise,
    )


def building_names(buildings: pd.DataFrame) -> pd.Series:
    """What each building is called, and where it is from.

    Parameters
    ----------
    buildings : DataFrame
        building_id, source_file, source_row.

    Returns
    -------
    Series of str
    """
    return (
        buildings["building_id"]
        + " ("
        + buildings["source_file"]
        + ", row "
        + buildings["source_row"].astype("str")
        + ")"
    )


def first_names(names: pd.Series) -> str:
    """The first five names, and how many more there are.

    Parameters
    ----------
    names : Series of str

    Returns
    -------
    str
        "none" for none.
    """
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(sorted(names)[:5]) + more or "none"
