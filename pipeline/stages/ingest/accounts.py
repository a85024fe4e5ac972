"""What became of every row: rejects, repairs, the log, and files that are wrong as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.config import InputFile
from pipeline.parsing import columns
from pipeline.raw import intake_log, records
from pipeline.raw.errors import SourceError, about, rows_text
from pipeline.raw.file import Doubt
from pipeline.raw.reasons import MERGED, REASONS, REMEDIES
from pipeline.stages.ingest.entry import Entry
from pipeline.tables import Table

#: A file with at least this many rows rejected for one reason, and more than half of its rows, is wrong as a
#: whole.
SUSPICIOUS_ROWS = 3
#: Rows that are no damage but other things: only a file of nothing else is wrong.
OTHER_THINGS = ("outside_district", "wrong_geometry_type")


def repairs(mended: pd.DataFrame, taken: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The repairs of rows that were taken, as the repairs table has them.

    Parameters
    ----------
    mended : DataFrame
        Columns `georeference.MENDED`, and entry: what was mended in any row.
    taken : DataFrame
        The rows that were taken, of all entries.
    table : Table
        Of the input.

    Returns
    -------
    DataFrame
        Columns of REPAIRS; areas in m².
    """
    rows = taken.loc[
        taken["source_row"].isin(mended["source_row"]),
        ["entry", "source_row", "source_file", "source_layer", table.key[0]],
    ]
    rows = rows.rename(columns={table.key[0]: "record_id"}).assign(input=table.name)
    return mended.astype({"entry": int, "source_row": int}).merge(rows, on=["entry", "source_row"])


def rejects(frame: pd.DataFrame, table: Table, entry: Entry) -> pd.DataFrame:
    """The file's rejected rows, those the reader refused included, as the rejects table has them.

    Parameters
    ----------
    frame : DataFrame
        Rows of this entry that have a reason.
    table : Table
        Of the input.
    entry : Entry

    Returns
    -------
    DataFrame
        Columns of REJECTS; `raw` is the record as it was read, as JSON.
    """
    source = entry.raw.rows.loc[frame["source_row"]] if len(frame) else entry.raw.rows[:0]
    of_stage = pd.DataFrame({name: frame[name].to_numpy() for name in ("source_row", "reason", "detail")})
    of_stage["record_id"] = frame["given_id"].to_numpy()
    of_stage["raw"] = records.as_json(source, with_geometry=not entry.file.x)
    of_reader = entry.refused.assign(
        record_id=[_id_of(text, table, entry.file) for text in entry.refused["raw"]]
    )
    out = pd.concat([part for part in (of_stage, of_reader) if len(part)] or [of_stage], ignore_index=True)
    return out.assign(input=table.name, source_file=entry.raw.name, source_layer=entry.raw.layer or None)


def _id_of(record: str, table: Table, file: InputFile) -> str | None:
    """The id in a record that the reader refused."""
    fields = json.loads(record)
    value = fields.get(file.columns.get(table.key[0], table.key[0])) if isinstance(fields, Mapping) else None
    return None if value is None else str(value)


def check_whole(
    table: Table, read: Sequence[Entry], rejects: Sequence[pd.DataFrame], *, nothing_taken: bool
) -> None:
    """Raise SourceError for a file most of whose rows are rejected, and for buildings of which none is left.

    Parameters
    ----------
    table : Table
        Of the input.
    read : sequence of Entry
    rejects : sequence of DataFrame
        The rejected rows of each entry.
    nothing_taken : bool
        No row of any of them is taken.

    Raises
    ------
    SourceError
        It says how many rows, for which reason, the first in full, and what to do.
    """
    for entry, rejected in zip(read, rejects, strict=True):
        with about(entry.raw.title):
            _refuse_whole(table, entry, rejected)
    if table.name == "buildings" and nothing_taken:
        left = (_none_left(entry, rejected, table) for entry, rejected in zip(read, rejects, strict=True))
        raise SourceError("; ".join(left))


def _refuse_whole(table: Table, entry: Entry, rejected: pd.DataFrame) -> None:
    """Raise SourceError where one reason takes more than half of the file.

    Then the file or its mapping is wrong, not the rows.
    """
    everything = len(entry.rows)
    of_its_kinds = everything - int(rejected["reason"].eq("wrong_geometry_type").sum())
    for reason, part in rejected.groupby("reason"):
        rows = everything if reason in OTHER_THINGS else of_its_kinds
        most = rows - 1 if reason in OTHER_THINGS else rows // 2
        if reason in (*MERGED, "replaced") or len(part) < SUSPICIOUS_ROWS or len(part) <= most:
            continue
        numbers = part["source_row"].sort_values()
        raise SourceError(
            f"{rows_text(numbers)} of {rows} rejected as {reason} for {table.name}, the"
            f" first because: {part.loc[numbers.index[0], 'detail']}; {_remedy(str(reason), table)}"
        )


def _remedy(reason: str, table: Table) -> str:
    return REMEDIES.get(reason, f"{REASONS[reason].rpartition(': ')[2]}").format(key=table.key[0])


def _none_left(entry: Entry, rejected: pd.DataFrame, table: Table) -> str:
    """Why nothing of a file is taken: for each reason which rows, the first in full, and what to do."""
    said = []
    for reason, part in rejected.groupby("reason"):
        numbers = part["source_row"].sort_values()
        first = part.loc[numbers.index[0], "detail"]
        said.append(
            f"{rows_text(numbers)} rejected as {reason}, the first because: {first};"
            f" {_remedy(str(reason), table)}"
        )
    if not said:
        wanted = " and ".join(
            f"{column} = {', '.join(map(str, columns.listed(words)))}"
            for column, words in entry.file.where.items()
        )
        there = [
            f"{column} has {columns.most_frequent(entry.raw.rows[column])}"
            for column in entry.file.where
            if len(entry.raw.rows)
        ]
        said.append(
            f"where asks for {wanted}, and none of its {entry.raw.rows_read:,} rows is so; {'; '.join(there)}"
        )
    return f"{entry.raw.title}: no building is left: {'; '.join(said)}"


def log(read: Sequence[Entry], rejects: Sequence[pd.DataFrame]) -> list[dict[str, Any]]:
    """What became of the rows of each entry, in numbers.

    Parameters
    ----------
    read : sequence of Entry
    rejects : sequence of DataFrame
        The rejected rows of each entry.

    Returns
    -------
    list of dict
        As `Intake.log`, but for overlaps and beside.
    """
    layers = [entry.layer for entry in read]
    return [
        _log(entry, rejected, shared=layers.count(entry.layer) > 1)
        for entry, rejected in zip(read, rejects, strict=True)
    ]


def _log(entry: Entry, rejected: pd.DataFrame, *, shared: bool) -> dict[str, Any]:
    merged = int(rejected["reason"].isin(MERGED).sum())
    read = entry.raw.rows_read
    not_meant = read - len(entry.frame) - len(entry.refused)
    return {
        "file": entry.raw.name,
        "layer": entry.raw.layer or None,
        "entry": entry.number,
        "rows": intake_log.spans(entry.rows) if shared else None,
        "rows_read": read,
        "rows_taken": read - not_meant - len(rejected),
        "rows_rejected": len(rejected) - merged,
        "rows_merged": merged,
        "rows_not_meant": not_meant,
        "rows_before": entry.before,
        "encoding": entry.raw.encoding,
        "crs": entry.raw.crs,
        "datum": entry.placed.datum if entry.placed else None,
        "datum_doubt": entry.placed.doubt if entry.placed else "",
        "notes": [*entry.raw.notes, *entry.notes],
        "doubts": (
            "; ".join(note for note in (*entry.raw.notes, *entry.notes) if isinstance(note, Doubt)) or None
        ),
    }
