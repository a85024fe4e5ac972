"""Roads and door numbers that stand in columns of their own, in any script."""

from __future__ import annotations

import pandas as pd

from pipeline.parsing.addresses import PIECE_COLUMNS, no_pieces, read_pieces
from pipeline.parsing.door_number_lists import DASH
from pipeline.parsing.numerals import NUMERAL, to_digits

#: "5", "№ 5", "5 a", "5/2", "12-14", "5号甲", "甲5号": the number, what is before it and what behind.
PLATE = r"^(?:No\.?)?\s*(?P<before>[甲乙丙丁戊])?\s*(?P<number>\d{1,5})(?!\d)\s*(?P<behind>.*)$"
SEPARATORS = "[,;]"
HAN = "[\u2e80-\u9fff]"


def door_number(series: pd.Series) -> pd.Series:
    """The number that door numbers such as "5", "5号", "12a", "甲5号" or "5/7" begin with.

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    Series of Int64, index of series
        Null where there is none.
    """
    place, distinct = pd.factorize(series)
    number = _plates(pd.Series(distinct))["number"]
    return pd.to_numeric(number, errors="coerce").astype("Int64").reindex(place).set_axis(series.index)


def door_suffix(series: pd.Series) -> pd.Series:
    """What a door number has beside its number: "a" of "5 a", "/2" of "5/2", "-14" of "12-14".

    Parameters
    ----------
    series : Series of any dtype

    Returns
    -------
    Series of str, index of series
        Null where there is nothing.
    """
    place, distinct = pd.factorize(series)
    words = pd.Series(distinct)
    plates = _plates(words)
    left = (plates["before"].fillna("") + plates["behind"]).fillna(_folded(words))
    return left.where(~left.isin(["", "号"])).astype("str").reindex(place).set_axis(series.index)


def read_columns(roads: pd.Series, numbers: pd.Series) -> pd.DataFrame:
    """Pieces as `read_pieces` has them, of a column of roads and one of door numbers.

    Parameters
    ----------
    roads : Series of str
    numbers : Series of str
        With the same index.

    Returns
    -------
    DataFrame
        PIECE_COLUMNS, where both are given.

    Notes
    -----
    A door number in Chinese is read as behind a road ("12-38号(双)", "12号甲"). Another may be several ("5,
    7") and a run ("12-14"); what else is behind the number is which door of it, and compares equal in any
    case and spacing ("5 a", "5A").
    """
    given = roads.notna() & numbers.notna()
    if not given.any():
        return no_pieces()
    plain = _folded(numbers[given])
    chinese = plain.str.contains(HAN, regex=True)
    read = read_pieces("路" + plain[chinese])
    items = plain[~chinese].str.split(SEPARATORS, regex=True).explode().str.strip()
    items = items[items.ne("")]
    plates = _plates(items)
    first = pd.to_numeric(plates["number"], errors="coerce").astype("Int64")
    second = plates["behind"].str.extract(rf"^{DASH}(\d{{1,5}})$", expand=False)
    last = pd.to_numeric(second, errors="coerce").astype("Int64")
    run = (last > first).fillna(value=False)
    sub = second.fillna(plates["behind"].str.replace(r"\s+", "", regex=True).str.casefold().str.upper())
    other = pd.DataFrame(
        {
            "row": items.index,
            "piece": items.to_numpy(),
            "first": first.to_numpy(),
            "last": last.where(run, first).to_numpy(),
            "parity": "all",
            "sub": sub.mask(run).where(sub.ne("")).astype("str").to_numpy(),
            "own": False,
            "unread": first.isna().map({True: "no_number", False: None}).astype("str").to_numpy(),
        }
    )
    found = pd.concat([read, other], ignore_index=True)
    named = found["row"].map(roads).astype("str")
    found["piece"] = named + " " + found["piece"].astype("str").str.removeprefix("路")
    found["own"] = found["own"].astype("bool")
    return (
        found.assign(road=named)
        .reindex(columns=list(PIECE_COLUMNS))
        .astype({"first": "Int64", "last": "Int64", "house": "str"})
    )


def _plates(words: pd.Series) -> pd.DataFrame:
    return _folded(words).str.extract(PLATE)


def _folded(words: pd.Series) -> pd.Series:
    plain = words.astype("str").str.normalize("NFKC").str.strip()
    return plain.str.replace(rf"^{NUMERAL}+(?=$|[号#附之-])", lambda found: to_digits(found[0]), regex=True)
