"""Columns of a raw file as the columns of a table: mapped, translated, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
    """The same in words, with the value."""
    notes: tuple[str, ...]
    """What was done to the values that the file's owner should know."""


def meant(rows: pd.DataFrame, file: InputFile) -> pd.Series:
    """Which rows `file.where` means.

    Parameters
    ----------
    rows : DataFrame
    file : InputFile
        Its `where`: column to wanted values, which compare as text; "*" is any.

    Returns
    -------
    Series of bool, index of rows

    Raises
    ------
    SourceError
        For a column that is not there.
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
    defaults: Mapping[str, object],
) -> Typed:
    """The rows' attributes as the table's columns.

    Parameters
    ----------
    rows : DataFrame
        Of a raw file, index: source row.
    file : InputFile
        Its entry in the configuration: columns, constants and values.
    table : Table
    made : tuple of str
        Columns that are filled later, so that being empty is no fault.
    defaults : mapping of str to value
        What fills required columns that are empty.

    Returns
    -------
    Typed
        In a required column a value that can't be read or is not the table's is a fault of the row; in any
        other it becomes null, and a note says how often.

    Raises
    ------
    SourceError
        For a mapped column that the file does not have, or a required column that nothing gives.
    """
    for name, source in file.columns.items():
        _check_present(source, rows, name)
    frame = pd.DataFrame(index=rows.index)
    work = _Typing(rows)
    for column in (c for c in table.columns if c not in PROVENANCE and c.kind != "geometry"):
        name, default = column.name, defaults.get(column.name)
        required = column.required and name not in made
        source = _source(name, rows, file)
        if name in file.constants:
            frame[name] = _constant(file.constants[name], column, rows.index)
        elif source:
            values, unparsed = work.read(source, column, file.values.get(name, {}))
            work.report_unparsed(source, column, unparsed, fault=required or name == table.key[0])
            nothing = values.isna() & ~unparsed
            frame[name] = work.filled(source, column, values, nothing, default, required=required)
        elif default is not None:
            frame[name] = _constant(default, column, rows.index)
        elif required:
            raise SourceError(
                f"nothing gives {name} ({column.meaning}); map it under columns or set it under"
                f" constants; {near(name, _attributes(rows))}"
            )
    return Typed(frame, work.reason, work.detail, tuple(work.notes))


def _source(name: str, rows: pd.DataFrame, file: InputFile) -> str:
    """The file's column that a column of the table is read from; "": none."""
    source = file.columns.get(name, name if name in rows.columns else "")
    if name == "door_suffix" and not source:  # the column of door numbers has both
        return file.columns.get("door_number", "door_number" if "door_number" in rows.columns else "")
    return source


class _Typing:
    """What `typed` has found so far: faults of rows, of which the first counts, and notes."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.reason = pd.Series("", index=rows.index, dtype=object)
        self.detail = pd.Series("", index=rows.index, dtype=object)
        self.notes: list[str] = []

    def read(self, source: str, column: Column, mapping: Mapping[str, object]) -> tuple[pd.Series, pd.Series]:
        """The values of a column of the file, and a mask of those that can't be read."""
        given = self.rows[source]
        unit = quantities.header_unit(source) if column.kind in ("integer", "number") else ""
        if unit:
            given = quantities.with_unit(given, unit)
            self.notes.append(
                f"{column.name}: plain numbers taken as {unit}, as the header {source!r} has it"
            )
        values, unparsed, remarks = _read(given, column, mapping)
        self.notes += _doubts(remarks, self.rows[source], values, column.name)
        return values, unparsed

    def report_unparsed(self, source: str, column: Column, unparsed: pd.Series, *, fault: bool) -> None:
        """Say of values that can't be read that they are faults of their rows, or else that they are left
        out.
        """
        if not unparsed.any():
            return
        words, expected = quantities.text(self.rows[source]), _expected(column)
        if fault:
            free = unparsed & (self.reason == "")
            self.reason[free], self.detail[free] = (
                "bad_value",
                f"{source}: " + words[free].astype(object).map(repr) + f" is not {expected}",
            )
            return
        first = words[unparsed].iloc[0]
        left_out = (
            f"{column.name}: values of {rows_text(self.rows.index[unparsed])} left out, such as {first!r}:"
            f" not {expected}"
        )
        self.notes.append(Doubt(left_out))

    def filled(
        self,
        source: str,
        column: Column,
        values: pd.Series,
        nothing: pd.Series,
        default: object,
        *,
        required: bool,
    ) -> pd.Series:
        """The values, the default where there is nothing; without a default that is a fault of a required
        column.
        """
        if default is not None and nothing.any():
            self.notes.append(f"{column.name}: {int(nothing.sum())} empty, taken as {default}")
            return values.mask(nothing, default)
        if required:
            free = nothing & (self.reason == "")
            self.reason[free], self.detail[free] = "missing_value", f"{source} is empty"
        return values


def _expected(column: Column) -> str:
    return f"one of {', '.join(column.values)}" if column.values else EXPECTED[column.kind]


def _doubts(remarks: pd.Series, given: pd.Series, values: pd.Series, name: str) -> list[str]:
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


def _read(series: pd.Series, column: Column, mapping: Mapping[str, object]) -> Said:
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


def _translated(series: pd.Series, column: Column, mapping: Mapping[str, object]) -> pd.Series:
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


def listed(values: object) -> list[str]:
    """The words that the configuration lists, or the one that it gives.

    Parameters
    ----------
    values : one value, or a list, tuple or set of them
        Of text, numbers or flags.

    Returns
    -------
    list of str
        Flags as true and false.
    """
    several = list(values) if isinstance(values, list | tuple | set | frozenset) else [values]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in several]


def most_frequent(values: pd.Series) -> str:
    """The values that a column has most often, for people.

    Parameters
    ----------
    values : Series

    Returns
    -------
    str
        Five of them, each cut to 30 columns of a terminal; "nothing" where there is none.
    """
    counts = quantities.text(values).value_counts()
    return (
        ", ".join(display.cut(str(v), 30) for v in counts.index[:5]) + (", …" if len(counts) > 5 else "")
    ) or "nothing"


def _constant(value: object, column: Column, index: pd.Index) -> pd.Series:
    dtypes = {"integer": "Int64", "number": "float64", "flag": "boolean"}
    return pd.Series(np.full(len(index), value, dtype=object), index=index).astype(
        dtypes.get(column.kind, "str")
    )


def _attributes(rows: pd.DataFrame) -> list[str]:
    return [str(c) for c in rows.columns if c != "geometry"]


def _check_present(column: str, rows: pd.DataFrame, use: str) -> None:
    if column not in _attributes(rows):
        raise SourceError(f"no column {column!r} (for {use}); {near(column, _attributes(rows))}")
