"""Which column of a file is which of a table, by the names of columns and by what stands in them."""

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
#: A column of so many different values classifies nothing.
CLASSES_MOST = 80
EXACT, LATIN_PART = 3, 5
#: A name as short as a Shapefile cuts it, its signs taken out.
CUT_FROM = 9
#: An id may be had twice by so few rows: pieces of one building.
ID_TWICE_MOST = 0.03
#: A column of which so many values fall into classes of the table is taken for the one that classifies,
#: whatever its name.
CLASSIFIED = 0.5
#: Areas that are so near those of the shapes are these, and no floor areas.
SAME_AREA = 0.15
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


def normal(name: str) -> str:
    """A column's name as `guesses` has them."""
    folded = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", name.lower())
    return re.sub(r"[\s_\-./:：*#%@]+", "", folded)


def mapped(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> dict[str, str]:
    """Table column → column of the file, each used once, the best fitting first."""
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
            and _suits(table, column, rows, seen)
        ):
            out[column.name] = seen.name
    _by_values(table, rows, columns, out)
    _road_or_address(out)
    return {column.name: out[column.name] for column in wanted if column.name in out}


def worded(column: Column, values: pd.Series) -> tuple[dict[str, list[str]], list[str]]:
    """Value of the table → words of the file that probably mean it; and the words that mean none."""
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
    """Each pair of columns that hold x and y, with the datum that their names state ("": none), the best
    first.
    """
    named = {normal(c.name): c.name for c in reversed(columns)}
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
    """Whether a column tells all rows apart, but for a few."""
    filled = rows - seen.empty
    return 2 * filled > rows and seen.distinct >= filled - (ID_TWICE_MOST * filled if filled > 30 else 0)


def named_so(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> str:
    """The column whose values are names of such things, 街道 for subdistricts; "": none."""
    for seen in columns:
        if seen.kind == "text":
            words = quantities.text(rows[seen.name]).dropna().head(VALUES_TRIED)
            if len(words) and words.str.contains(vocabulary.NAMED_SO[table], regex=True).mean() > 0.6:
                return seen.name
    return ""


def coded(table: str, rows: pd.DataFrame, columns: Sequence[Seen]) -> str:
    """The column whose values are statistics codes of the table's length, and all different; "": none."""
    for seen in columns:
        words = quantities.text(rows[seen.name]).dropna().head(VALUES_TRIED)
        if is_id(len(rows), seen) and words.str.fullmatch(rf"\d{{{vocabulary.DIGITS[table]}}}").mean() > 0.5:
            return seen.name
    return ""


def _are_numbers(rows: pd.DataFrame, pair: Sequence[str]) -> bool:
    return all(bool(quantities.number(rows[one].head(VALUES_TRIED))[0].isna().mean() < 0.5) for one in pair)


def _fitness(seen: Seen, column: Column, key: str) -> float:
    """How well a column's name fits: exactly, as part of a longer one, or cut as Shapefiles cut names."""
    plain = normal(seen.name)
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


def _suits(table: str, column: Column, rows: pd.DataFrame, seen: Seen) -> bool:
    """Whether the values of a column could be those of the table."""
    key = INPUTS[table].key[0]
    values = rows[seen.name].dropna()
    if seen.empty == len(rows):
        return False
    tried = values.drop_duplicates().head(VALUES_TRIED)
    if column.name in ("subdistrict_code", "community_code"):
        digits = vocabulary.DIGITS["subdistricts" if column.name == "subdistrict_code" else "communities"]
        text = quantities.text(tried).dropna()
        is_code = text.str.fullmatch(rf"\d{{{digits}}}").fillna(False)
        if column.name == key:
            return is_id(len(rows), seen)
        return bool(not text.str.fullmatch(r"\d+").fillna(False).any() or is_code.any())
    if column.name == key and INPUTS[table].key == (key,) and table != "boundaries":
        return is_id(len(rows), seen) and not (seen.kind == "number" and (values % 1 != 0).any())
    if column.values:
        return seen.distinct <= CLASSES_MOST and bool(worded(column, tried)[0])
    if column.name == "year":
        return not bool(quantities.year(tried)[1].mean() > 0.5)
    if column.kind in ("integer", "number"):
        number, unparsed = quantities.number(tried)
        could = not bool(unparsed.mean() > 0.5) and not bool((number < 0).any())
        if column.name == "floors":
            could = could and bool((number.notna() & ~out_of_range(number, column)).mean() > 0.5)
        return could and not (column.name == "floor_area_m2" and _of_the_shapes(rows, seen))
    if column.name == "door_number":
        return True
    if column.name == "name":
        return not pd.api.types.is_numeric_dtype(rows[seen.name].dtype)
    return True


def _of_the_shapes(rows: pd.DataFrame, seen: Seen) -> bool:
    """Whether a column of areas is only what the shapes themselves measure."""
    if not isinstance(rows, gpd.GeoDataFrame):
        return False
    if re.fullmatch(vocabulary.MEASURES, normal(seen.name)):
        return True
    head = rows.head(VALUES_TRIED)
    ground, said = (
        shape_profile.areas_m2(head.geometry.to_numpy(), shape_profile.unit_m(head.crs)),
        quantities.number(head[seen.name])[0].to_numpy(),
    )
    there = (ground > 0) & (said > 0)
    return bool(there.any()) and abs(float(np.median(said[there] / ground[there])) - 1) < SAME_AREA


def _by_values(table: str, rows: pd.DataFrame, columns: Sequence[Seen], out: dict[str, str]) -> None:
    """Sets, in place, the columns that classify by what stands in the file's, where another column says more
    than the one named so.
    """
    for column in INPUTS[table].columns:
        if column.name not in vocabulary.REST:
            continue
        free = [c for c in columns if c.name not in out.values() or out.get(column.name) == c.name]
        told = {
            c.name: _told(column, rows[c.name])
            for c in free
            if 1 <= c.distinct <= CLASSES_MOST and c.kind in ("text", "flag")
        }
        if of_the_table(column, rows, out.get(column.name, "")):
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


def of_the_table(column: Column, rows: pd.DataFrame, name: str) -> bool:
    """Whether a column has the table's own values and no other."""
    return bool(name) and bool(quantities.text(rows[name]).dropna().isin(column.values).all())


def _told(column: Column, values: pd.Series) -> tuple[int, float]:
    """How many classes of the table a column tells apart, and of how large a share of the rows that are
    filled.
    """
    counts = quantities.text(values).value_counts()
    classes, _ = worded(column, pd.Series(counts.index, dtype="str"))
    known = sum(int(counts[word]) for words in classes.values() for word in words)
    return len(classes), known / max(int(counts.sum()), 1)


def _road_or_address(out: dict[str, str]) -> None:
    """Keeps, in place, street and number where both have a column of their own, else the address that holds
    both.
    """
    if "road" in out and "door_number" in out:
        return
    street = out.pop("road", "")
    out.pop("door_number", None)
    if street and "address" not in out:
        out["address"] = street


def repeated(rows: pd.DataFrame, mapping: Mapping[str, str]) -> int:
    """How many rows have the name and the address of one above them."""
    parts = [quantities.text(rows[mapping[one]]).fillna("") for one in ("name", "address") if one in mapping]
    return int(pd.concat(parts, axis=1).duplicated().sum()) if parts else 0


def has_shapes(rows: pd.DataFrame) -> bool:
    """Whether any row has a shape."""
    return isinstance(rows, gpd.GeoDataFrame) and bool((~shapely.is_missing(rows.geometry.to_numpy())).any())
