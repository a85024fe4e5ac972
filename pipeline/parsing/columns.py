"""Columns of a raw file as the columns of a table: mapped, translated, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import InputFile
from pipeline.parsing import dates, door_columns, quantities, storeys
from pipeline.parsing.quantities import Said
from pipeline.raw import display
from pipeline.raw.errors import SourceError, near, rows_text
from pipeline.raw.file import Doubt
from pipeline.tables import PROVENANCE, Column, Table, out_of_range

OTHERS = "*"
#: What a value has to be, by the kind of its column.
EXPECTED = {
    "text": "a whole code: a spreadsheet has shortened it, and its last digits are lost",
    "integer": "a whole number that can be",
    "number": "a number that can be",
    "flag": "yes or no",
    "date": "a day such as 2026-11-30",
}
#: In columns with names that end so, what a spreadsheet makes of a long number is no text: 2.10203E+14 has
#: lost its last digits.
IDENTIFYING, SHORTENED = ("_id", "_code"), r"\d(?:\.\d+)?[Ee]\+\d+"


@dataclass(frozen=True)
class Typed:
    """The attributes of one file as its table types them."""

    frame: pd.DataFrame
    """The table's columns that the file or the configuration gives, index: source row."""
    reason: pd.Series
    """A code of docs/rejects.md, or "": what is wrong with a required column."""
    detail: pd.Series
    notes: tuple[str, ...]


def meant(rows: pd.DataFrame, file: InputFile) -> pd.Series:
    """A mask of the rows that `file.where` means; values compare as text, "*" is any. Raises SourceError for
    a column that is not there.
    """
    mask = pd.Series(True, index=rows.index)
    for column, wanted in file.where.items():
        _check_present(column, rows, "where")
        words, text = listed(wanted), quantities.text(rows[column]).fillna("")
        mask &= text.isin(words) | ((text != "") if OTHERS in words else False)
    return mask


def typed(
    rows: pd.DataFrame,
    file: InputFile,
    table: Table,
    *,
    made: tuple[str, ...],
    defaults: Mapping[str, Any],
) -> Typed:
    """The rows' attributes as the table's columns.

    `made` are columns that are filled later, so that being empty is no fault; `defaults` fill required
    columns that are empty. In a required column a value that can't be read or is not the table's is a fault
    of the row; in any other it becomes null, and a note says how often. Raises SourceError for a mapped
    column that the file does not have, or a required column that nothing gives.
    """
    for name, source in file.columns.items():
        _check_present(source, rows, name)
    frame = pd.DataFrame(index=rows.index)
    reason = pd.Series("", index=rows.index, dtype=object)
    detail = pd.Series("", index=rows.index, dtype=object)
    notes: list[str] = []
    for column in (c for c in table.columns if c not in PROVENANCE and c.kind != "geometry"):
        name, default = column.name, defaults.get(column.name)
        required = column.required and name not in made
        source = file.columns.get(name, name if name in rows.columns else "")
        if name == "door_suffix" and not source:  # the column of door numbers has both
            source = file.columns.get("door_number", "door_number" if "door_number" in rows.columns else "")
        if name in file.constants:
            frame[name] = _constant(file.constants[name], column, rows.index)
        elif source:
            given, unit = (
                rows[source],
                quantities.header_unit(source) if column.kind in ("integer", "number") else "",
            )
            if unit:
                given = quantities.with_unit(given, unit)
                notes.append(f"{name}: plain numbers taken as {unit}, as the header {source!r} has it")
            values, unparsed, remarks = _read(given, column, file.values.get(name, {}))
            notes += _said(remarks, rows[source], values, name)
            if unparsed.any():
                words, expected = quantities.text(rows[source]), _expected(column)
                if required or name == table.key[0]:
                    free = unparsed & (reason == "")
                    reason[free], detail[free] = (
                        "bad_value",
                        f"{source}: " + words[free].astype(object).map(repr) + f" is not {expected}",
                    )
                else:
                    first = words[unparsed].iloc[0]
                    left_out = (
                        f"{name}: values of {rows_text(rows.index[unparsed])} left out, such as {first!r}:"
                        f" not {expected}"
                    )
                    notes.append(Doubt(left_out))
            nothing = values.isna() & ~unparsed
            if default is not None and nothing.any():
                notes.append(f"{name}: {int(nothing.sum())} empty, taken as {default}")
                values = values.mask(nothing, default)
            elif required:
                free = nothing & (reason == "")
                reason[free], detail[free] = "missing_value", f"{source} is empty"
            frame[name] = values
        elif default is not None:
            frame[name] = _constant(default, column, rows.index)
        elif required:
            raise SourceError(
                f"nothing gives {name} ({column.meaning}); map it under columns or set it under"
                f" constants; {near(name, _attributes(rows))}"
            )
    return Typed(frame, reason, detail, tuple(notes))


def _expected(column: Column) -> str:
    return f"one of {', '.join(column.values)}" if column.values else EXPECTED[column.kind]


def _said(remarks: pd.Series, given: pd.Series, values: pd.Series, name: str) -> list[str]:
    """Notes on values that were read, but in a way that is open to doubt."""
    notes: list[str] = []
    for remark in sorted(set(remarks) - {""}):
        rows = values.index[(remarks == remark) & values.notna()]
        if len(rows):
            first = quantities.text(given.loc[rows[:1]]).iloc[0]
            notes.append(
                Doubt(f"{name}: {rows_text(rows)}, such as {first!r} taken as {values[rows[0]]}: {remark}")
            )
    return notes


def _read(series: pd.Series, column: Column, mapping: Mapping[str, Any]) -> Said:
    if mapping or column.values:
        series = _translated(series, column, mapping)
    if column.kind == "date":
        return dates.date(series, month_ends=column.name == "ends_on")
    if column.name == "floors":
        values, unparsed, remarks = storeys.storeys(series)
        beyond = out_of_range(values, column)
        return Said(values.mask(beyond), unparsed | beyond, remarks)
    values, unparsed = _parsed(series, column)
    remarks = pd.Series("", index=series.index).astype("str")
    if column.kind == "integer" and column.name not in ("year", "door_number"):
        remarks = remarks.mask(storeys.rounded(series, values), storeys.ROUNDED)
    return Said(values, unparsed, remarks)


def _parsed(series: pd.Series, column: Column) -> quantities.Parsed:
    if column.values:
        return series.where(series.isin(column.values)).astype("str"), series.notna() & ~series.isin(
            column.values
        )
    if column.name == "year":
        return quantities.year(series)
    if column.name == "door_suffix":
        return door_columns.door_suffix(series), pd.Series(False, index=series.index)
    if column.name == "door_number" and column.kind == "integer":
        return door_columns.door_number(series), pd.Series(False, index=series.index)
    if column.kind in ("integer", "number"):
        values, unparsed = (
            quantities.integer(series) if column.kind == "integer" else quantities.number(series)
        )
        beyond = out_of_range(values, column)
        return values.mask(beyond), unparsed | beyond
    if column.kind == "flag":
        return quantities.flag(series)
    if column.name == "quarter":
        return quantities.quarter(series)
    plain = quantities.text(series)
    nothing = plain.isin((*quantities.UNKNOWN, "NULL", "null", "<Null>"))
    shortened = pd.Series(False, index=series.index)
    if column.name.endswith(IDENTIFYING):
        shortened = plain.str.fullmatch(SHORTENED).eq(True)
    return plain.mask(nothing | shortened).astype("str"), shortened


def _translated(series: pd.Series, column: Column, mapping: Mapping[str, Any]) -> pd.Series:
    """Values of the file as values of the table: named ones, then the table's own, then the catch-all for the
    rest and for nothing.
    """
    plain = quantities.text(series)
    if not mapping:
        return plain
    words = {word: value for value, sources in mapping.items() for word in listed(sources) if word != OTHERS}
    others = next((value for value, sources in mapping.items() if OTHERS in listed(sources)), None)
    out = plain.map(words).astype("str")
    own = out.isna() & plain.isin(column.values)
    out = out.mask(own, plain)
    return out.fillna(others if others is not None else plain)


def listed(values: Any) -> list[str]:
    """The words that the configuration lists, or the one that it gives."""
    several = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in several]


def most_frequent(values: pd.Series) -> str:
    """The values that a column has most often, for people."""
    counts = quantities.text(values).value_counts()
    return (
        ", ".join(display.cut(str(v), 30) for v in counts.index[:5]) + (", …" if len(counts) > 5 else "")
    ) or "nothing"


def _constant(value: Any, column: Column, index: pd.Index) -> pd.Series:
    dtypes = {"integer": "Int64", "number": "float64", "flag": "boolean"}
    return pd.Series(np.full(len(index), value, dtype=object), index=index).astype(
        dtypes.get(column.kind, "str")
    )


def _attributes(rows: pd.DataFrame) -> list[str]:
    return [str(c) for c in rows.columns if c != "geometry"]


def _check_present(column: str, rows: pd.DataFrame, use: str) -> None:
    if column not in _attributes(rows):
        raise SourceError(f"no column {column!r} (for {use}); {near(column, _attributes(rows))}")
