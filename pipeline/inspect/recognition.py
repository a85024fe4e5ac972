"""Which column of a file is which of a table, by the names of columns and by their values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.inspect import shape_profile, vocabulary
from pipeline.parsing import quantities
from pipeline.tables import INPUTS, PROVENANCE, Column, out_of_range

VALUES_TRIED = 500
#: A column with more different values than this does not classify.
CLASSES_MOST = 80
EXACT, LATIN_PART = 3, 5
#: A Shapefile cuts names to ten bytes: from so many characters on, signs taken out, a name may be a cut one.
CUT_FROM = 9
#: So large a share of the rows may repeat an id: pieces of one building.
ID_TWICE_MOST = 0.03
#: A column is taken for the one that classifies, whatever its name, if this share of its filled rows fall
#: into classes of the table.
CLASSIFIED = 0.5
#: Areas within this share of those of the shapes are ground areas, and no floor areas.
SAME_AREA = 0.15
#: Columns that hold codes of another table.
CODES = {"subdistrict_code": "subdistricts", "community_code": "communities"}
BY_SHAPE = ("building_id", "barrier_id", "land_id", "compound_id")
"""Ids that are made from the shape where the file has none."""


@dataclass(frozen=True)
class Seen:
    """One column of a file."""

    name: str
    kind: str
    empty: int
    distinct: int
    examples: tuple[str, ...]
    """Its most frequent values, as they are: not fit to be printed."""


def normalised(name: str) -> str:
    """A column's name as `vocabulary` has it: in lower case, without blanks, signs and brackets.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    folded = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", name.lower())
    return re.sub(r"[\s_\-./:：*#%@]+", "", folded)


def map_columns(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> dict[str, str]:
    """Which column of the file is which of the table, each used once, the best fitting first.

    Parameters
    ----------
    table : str
    rows : DataFrame
        Of the file.
    columns : sequence of Seen
        Its columns.

    Returns
    -------
    dict of str to str
        Column of the table → column of the file, in the order of the table.
    """
    wanted = [
        c
        for c in INPUTS[table].columns
        if c not in PROVENANCE and c.kind != "geometry" and c.name in vocabulary.COLUMNS
    ]
    if table != "buildings":
        wanted = [c for c in wanted if c.name not in ("road", "door_number")]
    key = INPUTS[table].key[0]
    found = [(_fitness(seen, column, key), column, seen) for column in wanted for seen in columns]
    out: dict[str, str] = {}
    for fitness, column, seen in sorted(found, key=lambda one: -one[0]):
        if (
            fitness > 0
            and column.name not in out
            and seen.name not in out.values()
            and _values_fit(table, column, rows, seen)
        ):
            out[column.name] = seen.name
    _choose_by_values(table, rows, columns, out)
    _road_or_address(out)
    return {column.name: out[column.name] for column in wanted if column.name in out}


def match_values(column: Column, values: pd.Series) -> tuple[dict[str, list[str]], list[str]]:
    """Which words of a file probably mean which value of a column.

    Parameters
    ----------
    column : Column
        Of the table.
    values : Series
        Of the file; null means nothing.

    Returns
    -------
    known : dict of str to list of str
        Value of the table → words of the file that probably mean it.
    rest : list of str
        Words that mean none.
    """
    out: dict[str, list[str]] = {}
    rest: list[str] = []
    patterns = {
        value: pattern
        for value, pattern in vocabulary.VALUES.get(column.name, {}).items()
        if value in column.values
    }
    for word in quantities.text(values).dropna().drop_duplicates():
        meant = str(word) if word in column.values else None
        meant = meant or next(
            (value for value, pattern in patterns.items() if re.search(pattern, str(word), re.IGNORECASE)),
            None,
        )
        out.setdefault(meant, []).append(str(word)) if meant else rest.append(str(word))
    return out, rest


def coordinates(rows: pd.DataFrame, columns: Sequence[Seen]) -> list[tuple[str, str, str]]:
    """Each pair of columns that hold x and y.

    Parameters
    ----------
    rows : DataFrame
        Of the file.
    columns : sequence of Seen
        Its columns.

    Returns
    -------
    list of (str, str, str)
        Column of x, column of y, the datum that their names state ("": none); the best first.
    """
    named = {normalised(c.name): c.name for c in reversed(columns)}
    out: list[tuple[str, str, str]] = []
    for datum, signs in vocabulary.DATUMS.items():
        for x, y in vocabulary.AXES:
            for sign in signs:
                for place in dict.fromkeys(((sign + x, sign + y), (x + sign, y + sign))):
                    pair = named.get(place[0], ""), named.get(place[1], "")
                    if all(pair) and _are_numbers(rows, pair) and not any(pair == other[:2] for other in out):
                        out.append((*pair, datum))
    return out


def is_id(rows: int, seen: Seen) -> bool:
    """Whether a column tells all rows apart, but for a few.

    Parameters
    ----------
    rows : int
        How many the file has.
    seen : Seen

    Returns
    -------
    bool
        Whether more than half are filled and, of more than 30 filled ones, at most ID_TWICE_MOST are no new
        value; of fewer none.
    """
    filled = rows - seen.empty
    return 2 * filled > rows and seen.distinct >= filled - (ID_TWICE_MOST * filled if filled > 30 else 0)


def name_column(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> str:
    """The column whose values are names of such things, 街道 for subdistricts.

    Parameters
    ----------
    table : str
        One of vocabulary.NAME_PATTERNS.
    rows : DataFrame
        Of the file.
    columns : sequence of Seen
        Its columns.

    Returns
    -------
    str
        The first with more than six in ten such names; "": none.
    """
    for seen in columns:
        if seen.kind == "text":
            words = quantities.text(rows[seen.name]).dropna().head(VALUES_TRIED)
            if len(words) and words.str.contains(vocabulary.NAME_PATTERNS[table], regex=True).mean() > 0.6:
                return seen.name
    return ""


def code_column(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> str:
    """The column whose values are statistics codes of the table's length, and all different.

    Parameters
    ----------
    table : str
        One of vocabulary.DIGITS.
    rows : DataFrame
        Of the file.
    columns : sequence of Seen
        Its columns.

    Returns
    -------
    str
        The first with more than half such codes; "": none.
    """
    for seen in columns:
        words = quantities.text(rows[seen.name]).dropna().head(VALUES_TRIED)
        if is_id(len(rows), seen) and words.str.fullmatch(rf"\d{{{vocabulary.DIGITS[table]}}}").mean() > 0.5:
            return seen.name
    return ""


def _are_numbers(rows: pd.DataFrame, pair: Sequence[str]) -> bool:
    return all(bool(quantities.number(rows[one].head(VALUES_TRIED))[0].isna().mean() < 0.5) for one in pair)


def _fitness(seen: Seen, column: Column, key: str) -> float:
    """How well a column's name fits: exactly, as part of a longer one, or cut as Shapefiles cut names."""
    plain = normalised(seen.name)
    best = _by_words(plain, vocabulary.COLUMNS[column.name])
    if column.name == key and not best:
        best = 0.95 * _by_words(plain, vocabulary.IDS)
        if not best and re.search(vocabulary.ID_ENDINGS, plain):
            best = 0.5
        if re.fullmatch(vocabulary.COUNTERS, plain):
            best = 0.1 if key in BY_SHAPE and plain != "no" else 0.0
    return best


def _by_words(plain: str, words: Sequence[str]) -> float:
    best = 0.0
    for place, word in enumerate(words):
        rank = 1 - place / 100
        if plain == word:
            best = max(best, EXACT * rank)
        elif (
            len(word) > 1
            and (not word.isascii() or len(word) >= LATIN_PART)
            and word in plain
            and len(plain) <= 3 * len(word)
        ):
            best = max(best, (1 + len(word) / len(plain)) * rank)
        elif CUT_FROM <= len(plain) < len(word) and word.startswith(plain):
            best = max(best, rank)
    return best


def _values_fit(table: str, column: Column, rows: pd.DataFrame, seen: Seen) -> bool:
    """Whether the values of a column could be those of the table."""
    key = INPUTS[table].key[0]
    values = rows[seen.name].dropna()
    if seen.empty == len(rows):
        return False
    tried = values.drop_duplicates().head(VALUES_TRIED)
    if column.name in CODES:
        return is_id(len(rows), seen) if column.name == key else _codes_fit(CODES[column.name], tried)
    if column.name == key and INPUTS[table].key == (key,) and table != "boundaries":
        return is_id(len(rows), seen) and not (seen.kind == "number" and (values % 1 != 0).any())
    if column.values:
        return seen.distinct <= CLASSES_MOST and bool(match_values(column, tried)[0])
    if column.name == "year":
        return not bool(quantities.year(tried)[1].mean() > 0.5)
    if column.kind in ("integer", "number"):
        return _numbers_fit(column, tried) and not (
            column.name == "floor_area_m2" and _measures_shapes(rows, seen)
        )
    return column.name != "name" or not pd.api.types.is_numeric_dtype(rows[seen.name].dtype)


def _codes_fit(table: str, tried: pd.Series) -> bool:
    """Whether values could be codes of subdistricts or communities, or names of them."""
    text = quantities.text(tried).dropna()
    is_code = text.str.fullmatch(rf"\d{{{vocabulary.DIGITS[table]}}}").fillna(False)
    return bool(not text.str.fullmatch(r"\d+").fillna(False).any() or is_code.any())


def _numbers_fit(column: Column, tried: pd.Series) -> bool:
    """Whether values are numbers, none below 0; of floors, mostly within the column's range."""
    number, unparsed = quantities.number(tried)
    could = not bool(unparsed.mean() > 0.5) and not bool((number < 0).any())
    if column.name == "floors":
        could = could and bool((number.notna() & ~out_of_range(number, column)).mean() > 0.5)
    return could


def _measures_shapes(rows: pd.DataFrame, seen: Seen) -> bool:
    """Whether a column of areas is only what the shapes themselves measure."""
    if not isinstance(rows, gpd.GeoDataFrame):
        return False
    if re.fullmatch(vocabulary.MEASURES, normalised(seen.name)):
        return True
    head = rows.head(VALUES_TRIED)
    ground, said = (
        shape_profile.areas_m2(head.geometry.to_numpy(), shape_profile.unit_m(head.crs)),
        quantities.number(head[seen.name])[0].to_numpy(),
    )
    there = (ground > 0) & (said > 0)
    return bool(there.any()) and abs(float(np.median(said[there] / ground[there])) - 1) < SAME_AREA


def _choose_by_values(table: str, rows: pd.DataFrame, columns: Sequence[Seen], out: dict[str, str]) -> None:
    """Set, in place, the columns that classify, by their values: where another column tells apart more
    classes than the one of that name.
    """
    for column in INPUTS[table].columns:
        if column.name not in vocabulary.DEFAULT_VALUES:
            continue
        free = [c for c in columns if c.name not in out.values() or out.get(column.name) == c.name]
        told = {
            c.name: _classification(column, rows[c.name])
            for c in free
            if 1 <= c.distinct <= CLASSES_MOST and c.kind in ("text", "flag")
        }
        if has_own_values(column, rows, out.get(column.name, "")):
            continue
        best = max(
            told,
            key=lambda name: (told[name][0] * (told[name][1] > 0), name == out.get(column.name)),
            default="",
        )
        if (
            best
            and told[best][1] >= CLASSIFIED
            and told[best][0] > told.get(out.get(column.name, ""), (0, 0.0))[0]
        ):
            out[column.name] = best


def has_own_values(column: Column, rows: pd.DataFrame, name: str) -> bool:
    """Whether a column has the table's own values and no other.

    Parameters
    ----------
    column : Column
        Of the table.
    rows : DataFrame
        Of the file.
    name : str
        Its column; "": there is none.

    Returns
    -------
    bool
    """
    return bool(name) and bool(quantities.text(rows[name]).dropna().isin(column.values).all())


def _classification(column: Column, values: pd.Series) -> tuple[int, float]:
    """How many classes of the table a column tells apart, and for which share of the filled rows."""
    counts = quantities.text(values).value_counts()
    classes, _ = match_values(column, pd.Series(counts.index, dtype="str"))
    known = sum(int(counts[word]) for words in classes.values() for word in words)
    return len(classes), known / max(int(counts.sum()), 1)


def _road_or_address(out: dict[str, str]) -> None:
    """Keep, in place, street and number where both have a column of their own, else the address that holds
    both.
    """
    if "road" in out and "door_number" in out:
        return
    street = out.pop("road", "")
    out.pop("door_number", None)
    if street and "address" not in out:
        out["address"] = street


def repeated(rows: pd.DataFrame, mapping: Mapping[str, str]) -> int:
    """How many rows have the name and the address of one above them.

    Parameters
    ----------
    rows : DataFrame
        Of the file.
    mapping : mapping of str to str
        Column of the table → column of the file; of name and address those count that it has.

    Returns
    -------
    int
    """
    parts = [quantities.text(rows[mapping[one]]).fillna("") for one in ("name", "address") if one in mapping]
    return int(pd.concat(parts, axis=1).duplicated().sum()) if parts else 0


def has_shapes(rows: pd.DataFrame) -> bool:
    """Whether any row has a shape.

    Parameters
    ----------
    rows : DataFrame

    Returns
    -------
    bool
    """
    return isinstance(rows, gpd.GeoDataFrame) and bool((~shapely.is_missing(rows.geometry.to_numpy())).any())
